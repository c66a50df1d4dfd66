"""What canned responses, macros and checklists have in common: five routes over a shelf of things that agents share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypedDict

import msgspec

from functions.desk.schemas import canned as schemas
from helpdesk import bootstrap
from helpdesk.canned.library import Library
from helpdesk.canned.model import Scope, Template
from helpdesk.canned.rules import may_edit
from helpdesk.canned.service import Filter
from helpdesk.channels.service import body_hash
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.pagination import Page
from helpdesk.people.model import Agent
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, idempotency_header, version_header

IF_MATCH = {"If-Match": 'The version that was seen, as `"7"`; it is in `ETag` and `version`.'}
KEY = {"Idempotency-Key": "Makes a repetition of the call give what the first one made."}
_STALE = {409: "It has a newer version than If-Match names."}
_REFUSED = {409: "There are too many.", 422: "The Idempotency-Key came with another body before."}


class Service[W, T: Template](Protocol):
    """The use cases behind the routes."""

    @property
    def library(self) -> Library[T]:
        """All of them."""
        ...

    def page(self, wanted: Filter, agent: Agent, *, limit: int, position: dict[str, str] | None) -> Page[T]:
        """A page of those that an agent may use."""
        ...

    def folders(self, agent: Agent) -> list[str]:
        """The folders that an agent sees."""
        ...

    def create(self, wish: W, agent: Agent, *, key: str | None = None, made_from: str = "") -> T:
        """Adds one."""
        ...

    def change(self, item_id: str, wish: W, agent: Agent, *, version: int) -> T:
        """Changes one."""
        ...


class Told(TypedDict):
    """What is told of each of them, whatever it is."""

    id: str
    version: int
    title: str
    folder: str
    scope: Scope
    group: str | None
    uses: int
    editable: bool
    created_by: str
    created_at: str
    updated_by: str
    updated_at: str


def told[T: Template](item: T, library: Library[T], call: Call) -> Told:
    """What is told of one, whatever it is."""
    return {
        "id": item.id,
        "version": item.version,
        "title": item.title,
        "folder": item.folder,
        "scope": item.sharing.scope,
        "group": item.sharing.owner if item.sharing.scope == "group" else None,
        "uses": library.uses(item.id),
        "editable": may_edit(item.sharing, call.agent),
        "created_by": item.created_by,
        "created_at": format_instant(item.created_at),
        "updated_by": item.updated_by,
        "updated_at": format_instant(item.updated_at),
    }


@dataclass(frozen=True, slots=True)
class Names:
    """What a shelf is called, and what the reference says of it.

    Attributes:
        path: of all of them.
        many: in names of operations, `Macros`.
        one: `Macro`.
        noun: in sentences, `macro`; more than one are `nouns`.
        tag: section of the reference.
        use: what agents may do with those they find: use, run.
        aftermath: what changing and removing do not do.
    """

    path: str
    many: str
    one: str
    noun: str
    nouns: str
    tag: str
    use: Literal["use", "run"] = "use"
    aftermath: str = ""


@dataclass(frozen=True, slots=True)
class Shelf[In: msgspec.Struct, Out: msgspec.Struct, W, T: Template]:
    """The five routes of a shelf.

    Attributes:
        names: what it is called.
        service: the use cases.
        wish: a body as the service takes it.
        out: how one is told.
        body: struct that one is written by.
        one: struct that one is told by.
        page: makes a page of items, the next cursor and all folders.
        pages: struct of that page.
    """

    names: Names
    service: Callable[[], Service[W, T]]
    wish: Callable[[In], W]
    out: Callable[[T, Call], Out]
    body: type[In]
    one: type[Out]
    page: Callable[[list[Out], str | None, list[str]], msgspec.Struct]
    pages: type[msgspec.Struct]

    def list(self, call: Call) -> Reply:
        """A page of them."""
        query: schemas.TemplatesQuery = call.query
        signer, scope, service = bootstrap.signer(), self.names.path, self.service()
        position = signer.read_cursor(scope, query.cursor, call.now)
        wanted = Filter(query.scope, query.group, query.folder, query.q or "")
        page = service.page(wanted, call.agent, limit=query.limit, position=position)
        items = [self.out(item, call) for item in page.items]
        return Reply(self.page(items, signer.sign_cursor(scope, page.next_position), service.folders(call.agent)))

    def get(self, call: Call) -> Reply:
        """One of them."""
        return self._reply(self.service().library.get(call.params["id"], call.agent), call)

    def create(self, call: Call) -> Reply:
        """Adds one."""
        key = idempotency_header(call)
        made_from = body_hash(call.raw) if key is not None else ""
        return self._reply(self.service().create(self.wish(call.body), call.agent, key=key, made_from=made_from), call)

    def replace(self, call: Call) -> Reply:
        """Changes one."""
        version = version_header(call)
        changed = self.service().change(call.params["id"], self.wish(call.body), call.agent, version=version)
        return self._reply(changed, call)

    def delete(self, call: Call) -> Reply:
        """Removes one."""
        self.service().library.delete(call.params["id"], call.agent, version=version_header(call))
        return Reply()

    def _reply(self, item: T, call: Call) -> Reply:
        return Reply(self.out(item, call), headers={"etag": f'"{item.version}"'})

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The routes' declarations."""
        names = self.names
        first = names.noun[0].upper() + names.nouns[1:]
        after = f"; {names.aftermath}" if names.aftermath else ""
        return (
            Endpoint(
                f"GET {names.path}",
                name=f"list{names.many}",
                summary=f"{first} that you may {names.use}, by folder and title or best fit first",
                handle=self.list,
                needs=Permission.READ,
                query=schemas.TemplatesQuery,
                response=self.pages,
                tag=names.tag,
            ),
            Endpoint(
                f"POST {names.path}",
                name=f"create{names.one}",
                summary=f"Add a {names.noun}",
                handle=self.create,
                needs=Permission.TEMPLATES,
                body=self.body,
                response=self.one,
                status=201,
                errors=_REFUSED,
                headers=KEY,
                tag=names.tag,
            ),
            Endpoint(
                f"GET {names.path}/{{id}}",
                name=f"get{names.one}",
                summary=f"A {names.noun}",
                handle=self.get,
                needs=Permission.READ,
                response=self.one,
                tag=names.tag,
            ),
            Endpoint(
                f"PUT {names.path}/{{id}}",
                name=f"replace{names.one}",
                summary=f"Change a {names.noun}{after}",
                handle=self.replace,
                needs=Permission.TEMPLATES,
                body=self.body,
                response=self.one,
                errors=_STALE,
                headers=IF_MATCH,
                tag=names.tag,
            ),
            Endpoint(
                f"DELETE {names.path}/{{id}}",
                name=f"delete{names.one}",
                summary=f"Remove a {names.noun}{after}",
                handle=self.delete,
                needs=Permission.TEMPLATES,
                status=204,
                errors=_STALE,
                headers=IF_MATCH,
                tag=names.tag,
            ),
        )
