"""Who may read and change canned responses and macros, and what may stand in them. Pure."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from helpdesk.canned.model import Body, Scope, Sharing
from helpdesk.canned.placeholders import Filled, fill, unknown_names
from helpdesk.desk.model import Desk
from helpdesk.kernel.errors import FieldError, Forbidden, Invalid
from helpdesk.kernel.text import clean, clean_line
from helpdesk.people.model import Agent, Role

type Sanitize = Callable[[str], str]
type ToText = Callable[[str], str]

MAX_BYTES: Final = 150_000
"""Of all bodies of one template together, as UTF-8: with all else it stays well under what an item holds."""
MAX_LANGUAGES: Final = 20
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def may_read(sharing: Sharing, agent: Agent) -> bool:
    """Whether a colleague may read and use what is shared so. Admins see every group's; nobody sees another's own."""
    match sharing.scope:
        case Scope.PERSONAL:
            return sharing.owner == agent.id
        case Scope.GROUP:
            return sharing.owner in agent.groups or agent.role is Role.ADMIN
        case Scope.SHARED:
            return True


def may_edit(sharing: Sharing, agent: Agent) -> bool:
    """Whether a colleague may create, change and delete what is shared so."""
    match sharing.scope:
        case Scope.PERSONAL:
            return sharing.owner == agent.id
        case Scope.GROUP:
            return agent.role is Role.ADMIN or (agent.role is Role.SUPERVISOR and sharing.owner in agent.groups)
        case Scope.SHARED:
            return agent.role.includes(Role.SUPERVISOR)


def refuse_unless_editable(sharing: Sharing, agent: Agent) -> None:
    """Refuses a change of what is shared so.

    Raises:
        Forbidden: with who may.
    """
    if not may_edit(sharing, agent):
        who = {
            Scope.PERSONAL: "only who it belongs to",
            Scope.GROUP: "supervisors in the group and admins",
            Scope.SHARED: "supervisors and admins",
        }
        raise Forbidden(f"What is {sharing.scope.value} can be changed by {who[sharing.scope]}.")


def sharing_of(scope: Scope, group: str | None, agent: Agent, desk: Desk) -> Sharing:
    """A wish to share as what it means.

    Raises:
        Invalid: a group is missing, too many, or not of this desk.
    """
    if scope is Scope.GROUP and group not in desk.groups:
        raise Invalid("Some fields are not valid.", [FieldError("/group", "must be a group of this desk")])
    if scope is not Scope.GROUP and group is not None:
        raise Invalid("Some fields are not valid.", [FieldError("/group", "goes with the scope group only")])
    owner = {Scope.PERSONAL: agent.id, Scope.GROUP: group, Scope.SHARED: None}
    return Sharing(scope, owner[scope])


def is_language(tag: str) -> bool:
    """Whether a text has the form of a language tag such as `en` or `pt-BR`."""
    return _LANGUAGE.fullmatch(tag) is not None


def folder_of(path: str) -> str:
    """A folder's path with each name tidied.

    >>> folder_of(" Billing /  Refunds/")
    'Billing/Refunds'
    """
    return "/".join(name for part in path.split("/") if (name := clean_line(part)))


def title_of(title: str) -> str:
    """A title tidied.

    Raises:
        Invalid: nothing is left of it.
    """
    tidied = clean_line(title)
    if not tidied:
        raise Invalid("Some fields are not valid.", [FieldError("/title", "is empty")])
    return tidied


def checked_bodies(bodies: Mapping[str, Body], pointer: str, *, sanitize: Sanitize, to_text: ToText) -> dict[str, Body]:
    """Bodies as they are kept: tidied, HTML sanitised and with plain text beside it.

    Raises:
        Invalid: no language, one that is none, an empty body, an unknown placeholder, or too much of it all.
    """
    faults: list[FieldError] = []
    found: dict[str, Body] = {}
    if not 0 < len(bodies) <= MAX_LANGUAGES:
        faults.append(FieldError(pointer, f"must hold 1 to {MAX_LANGUAGES} languages"))
    for language, body in bodies.items():
        at = f"{pointer}/{language.replace('~', '~0').replace('/', '~1')}"
        if not is_language(language):
            faults.append(FieldError(at, "is not a language tag such as en or pt-BR"))
            continue
        found[language], wrong = _checked(body, at, sanitize, to_text)
        faults += wrong
    size = sum(len(body.text.encode()) + len((body.html or "").encode()) for body in found.values())
    if size > MAX_BYTES:
        faults.append(FieldError(pointer, f"is too long: {MAX_BYTES} bytes at most in all languages together"))
    if faults:
        raise Invalid("Some fields are not valid.", faults)
    return found


def _checked(body: Body, at: str, sanitize: Sanitize, to_text: ToText) -> tuple[Body, list[FieldError]]:
    markup = sanitize(clean(body.html)) if body.html is not None else None
    text = clean(body.text).strip() or (to_text(markup).strip() if markup is not None else "")
    unknown = dict.fromkeys(unknown_names(text) + (unknown_names(markup, markup=True) if markup is not None else ()))
    faults = [
        FieldError(at, f"{{{{{name}}}}} is no placeholder; write \\{{{{{name}}}}} if it shall stand there as it is")
        for name in unknown
    ]
    if not text:
        faults.append(FieldError(at, "is empty"))
    return Body(text, markup or None), faults


def filled_body(body: Body, values: Mapping[str, str], *, sanitize: Sanitize) -> tuple[Body, Filled]:
    """A body for one ticket, and how its plain text was filled.

    HTML is sanitised once more: a value inside a link's address could make it another kind of link.
    """
    text = fill(body.text, values)
    if body.html is None:
        return Body(text.text), text
    markup = fill(body.html, values, markup=True)
    empty = tuple(dict.fromkeys(text.empty + markup.empty))
    fallbacks = tuple(dict.fromkeys(text.fallbacks + markup.fallbacks))
    return Body(text.text, sanitize(markup.text)), Filled(text.text, empty, fallbacks)
