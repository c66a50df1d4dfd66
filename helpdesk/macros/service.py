"""What agents do with macros: list, write, preview for a ticket, run on it; and finding them beside canned responses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from helpdesk.canned.library import Library
from helpdesk.canned.model import Begun, Body, CannedResponse, Scope, Template, body_in
from helpdesk.canned.rules import ToText, checked_bodies, folder_of, sharing_of, title_of
from helpdesk.canned.service import CannedService, Filter, Pen, Preview, SearchIndex, folders_of, length_of, page_of
from helpdesk.kernel.clock import seconds
from helpdesk.kernel.errors import (
    FieldError,
    HelpdeskError,
    Invalid,
    KeyReused,
    NewerMessage,
    NotFound,
    StaleVersion,
    Unavailable,
)
from helpdesk.kernel.ids import new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import clean_line, preview
from helpdesk.macros.model import Macro, MacroChanges, MacroReply
from helpdesk.macros.rules import (
    change_of,
    checked_changes,
    decide_together,
    differences,
    refuse_if_idle,
    unknown_in,
)
from helpdesk.people.model import Agent
from helpdesk.tickets.attention import mentioned
from helpdesk.tickets.commands import AddMessage, ChangeTicket, Command
from helpdesk.tickets.core import Decision, DeskRules
from helpdesk.tickets.model import Actor, ActorKind, Channel, Message, Reason, Ticket, Visibility
from helpdesk.tickets.service import AlreadyDone, Extras, Guard, TicketService, TicketStore
from helpdesk.tickets.visibility import scope_of
from helpdesk.tickets.working import AgentDesk, refuse_if_newer

_TOLD_AT_MOST: Final = 20
"""Facts named where somebody else was first."""


@dataclass(frozen=True, slots=True)
class MacroWish:
    """What a macro shall be."""

    title: str
    folder: str
    scope: Scope
    group: str | None
    description: str
    reply: MacroReply | None
    changes: MacroChanges


@dataclass(frozen=True, slots=True)
class Plan:
    """What running a macro on a ticket would do.

    Attributes:
        differences: name of a property, its value now, its value then.
        reply: what would be written, filled; None: nothing.
        visibility: of that.
        problem: why it cannot be run as things stand.
    """

    version: int
    differences: list[tuple[str, object, object]]
    reply: Preview | None = None
    visibility: Visibility | None = None
    problem: HelpdeskError | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A wish to run a macro.

    Attributes:
        version: of the ticket, as the agent saw it.
        text: what the agent made of the reply before sending it; None: as the macro has it.
        hold_seconds: how long a public answer may be taken back; no longer than the desk allows.
        seen: the newest message the agent had read; None: they answer whatever came since.
        guard: lets it happen once.
    """

    version: int
    text: str | None = None
    hold_seconds: int = 0
    seen: str | None = None
    guard: Guard | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """What running a macro led to.

    Attributes:
        differences: what it changed; empty for a repetition.
    """

    ticket: Ticket
    message: Message | None
    differences: list[tuple[str, object, object]]


@dataclass(frozen=True, slots=True)
class Tickets:
    """What a macro needs of tickets."""

    service: TicketService
    store: TicketStore
    desk: AgentDesk
    rules: Callable[[], DeskRules]


class MacroService:
    """Macros.

    Args:
        library: keeps them.
        canned: the responses they may use.
        pen: fills texts.
        to_text: HTML as plain text.
        tickets: what they are run on.
    """

    def __init__(
        self, library: Library[Macro], canned: CannedService, pen: Pen, to_text: ToText, tickets: Tickets
    ) -> None:
        self.library = library
        self._canned = canned
        self._pen = pen
        self._to_text = to_text
        self._tickets = tickets
        self._index = SearchIndex[Macro](_texts)

    # --- keeping them ---

    def page(self, wanted: Filter, agent: Agent, *, limit: int, position: dict[str, str] | None) -> Page[Macro]:
        """A page, best fit first where words were given, else by folder and title."""
        found = [item for item in self.library.readable(agent) if wanted.matches(item)]
        return page_of(self._index.ranked(found, wanted.query, self.library.uses), limit, position, _size)

    def search(self, query: str, agent: Agent) -> list[tuple[int, Macro]]:
        """All that fit some words, with how well; not sorted."""
        return self._index.scored(self.library.readable(agent), query)

    def folders(self, agent: Agent) -> list[str]:
        """All folders that a colleague may look into, in order."""
        return folders_of(self.library.readable(agent))

    def create(self, wish: MacroWish, agent: Agent, *, key: str | None = None, made_from: str = "") -> Macro:
        """Adds one. Raises what `Library.create` raises, and Invalid."""

        def make(begun: Begun) -> Macro:
            blank = Macro(**begun, title="", sharing=sharing_of(wish.scope, wish.group, agent, self._pen.desk()))
            return self._made(blank, wish, agent)

        return self.library.create(make, agent, key=key, made_from=made_from)

    def change(self, item_id: str, wish: MacroWish, agent: Agent, *, version: int) -> Macro:
        """Makes one what is wished. Raises what `Library.change` raises, and Invalid."""
        return self.library.change(item_id, lambda before: self._made(before, wish, agent), agent, version=version)

    def _made(self, before: Macro, wish: MacroWish, agent: Agent) -> Macro:
        after = replace(
            before,
            title=title_of(wish.title),
            folder=folder_of(wish.folder),
            sharing=sharing_of(wish.scope, wish.group, agent, self._pen.desk()),
            description=clean_line(wish.description),
            reply=self._checked_reply(wish.reply, agent) if wish.reply is not None else None,
            changes=checked_changes(wish.changes, "/changes"),
        )
        refuse_if_idle(after)
        self._refuse_unknown(after.changes)
        return after

    def _checked_reply(self, reply: MacroReply, agent: Agent) -> MacroReply:
        if reply.canned_response_id is None:
            bodies = checked_bodies(reply.bodies, "/reply/bodies", sanitize=self._pen.sanitize, to_text=self._to_text)
            return replace(reply, bodies=bodies)
        faults: list[FieldError] = []
        if reply.bodies:
            faults.append(FieldError("/reply/bodies", "cannot be given beside canned_response_id"))
        try:
            self._canned.library.get(reply.canned_response_id, agent)
        except NotFound:
            faults.append(FieldError("/reply/canned_response_id", "is not a canned response that you may read"))
        if faults:
            raise Invalid("Some fields are not valid.", faults)
        return reply

    def _refuse_unknown(self, changes: MacroChanges) -> None:
        faults = unknown_in(changes, self._pen.desk())
        if faults:
            raise Invalid("Some fields are not valid.", faults)

    # --- using them ---

    def glance(self, item: CannedResponse | Macro, ticket: Ticket | None, agent: Agent) -> str:
        """What something found would write, filled if a ticket is given; its description where it writes nothing."""
        bodies = item.bodies if isinstance(item, CannedResponse) else {}
        if isinstance(item, Macro) and item.reply is not None:
            try:
                response = item.reply.canned_response_id
                bodies = item.reply.bodies if response is None else self._bodies_of(response, agent)
            except Invalid:
                bodies = {}
        if not bodies:
            return item.description if isinstance(item, Macro) else ""
        if ticket is None:
            return body_in(bodies, agent.language)[1].text
        plain = {language: Body(body.text) for language, body in bodies.items()}
        return self._pen.write(plain, ticket, agent, signed=False).body.text

    def preview(self, item_id: str, ticket: Ticket, agent: Agent) -> Plan:
        """What running one on a ticket would do, without doing it.

        Raises:
            NotFound: there is none of this id that the colleague may read.
        """
        macro = self.library.peek(item_id, agent)
        try:
            reply = self._written(macro, ticket, agent)
        except Invalid as problem:
            return Plan(ticket.version, [], problem=problem)
        visibility = macro.reply.visibility if macro.reply is not None else None
        message = self._message(macro, ticket.id, agent, Run(ticket.version), reply)
        try:
            decision = self._decision(macro, message, ticket, agent, self._tickets.rules(), self._pen.clock())
        except HelpdeskError as problem:
            return Plan(ticket.version, [], reply, visibility, problem)
        return Plan(ticket.version, differences(ticket, decision.ticket), reply, visibility)

    def run(self, item_id: str, ticket_id: str, agent: Agent, wish: Run) -> Ran:
        """Runs one on a ticket: answer and changes are written together, or not at all.

        Raises:
            NotFound: no such ticket, or no macro of this id that the colleague may read.
            StaleVersion: the ticket is not as the agent saw it any more; it says what happened since.
            NewerMessage: somebody else wrote since, and the macro answers.
            KeyReused: the guard's key came with another wish before.
            Conflict, Invalid: it cannot be done (any more): the ticket is closed, a group is gone.
            Unavailable: contention that did not end.
        """
        if wish.guard is not None and (before := self._done_before(wish.guard)) is not None:
            return before
        macro = self.library.peek(item_id, agent)
        seen = self._tickets.service.get(ticket_id)
        if seen.version != wish.version:
            raise self._overtaken(seen, wish.version)
        reply = self._written(macro, seen, agent)
        message = self._message(macro, ticket_id, agent, wish, reply)
        changed: list[tuple[str, object, object]] = []

        def decision_on(ticket: Ticket, rules: DeskRules, now: datetime) -> Decision:
            decision = self._decision(macro, message, ticket, agent, rules, now)
            changed[:] = differences(ticket, decision.ticket)
            return decision

        try:
            outcome = self._tickets.service.carry_out(
                ticket_id,
                decision_on,
                expected_version=wish.version,
                extras=Extras(message=message, guards=(wish.guard,) if wish.guard is not None else ()),
                allowed=lambda ticket: self._refuse_if_newer(ticket, message, agent, wish),
            )
        except (AlreadyDone, NewerMessage, StaleVersion) as refusal:
            before = self._done_before(wish.guard) if wish.guard is not None else None
            if before is not None:
                return before
            if isinstance(refusal, StaleVersion):
                raise self._overtaken(self._tickets.service.get(ticket_id), wish.version) from refusal
            raise
        self.library.count_use(item_id)
        if macro.reply is not None and macro.reply.canned_response_id is not None:
            self._canned.library.count_use(macro.reply.canned_response_id)
        return Ran(outcome.ticket, message, changed)

    def doing(
        self, item_id: str, ticket: Ticket, agent: Agent, send_at: datetime
    ) -> tuple[list[Command], Message | None]:
        """What running one on a ticket would wish, for whoever decides it together with more.

        Args:
            item_id: of the macro.
            ticket: the ticket.
            agent: who runs it.
            send_at: until when a public answer is held.

        Raises:
            NotFound: there is none of this id that the colleague may read.
            Invalid: a group, agent, category or response that it names is gone.
        """
        macro = self.library.peek(item_id, agent)
        message = self._message(macro, ticket.id, agent, Run(ticket.version), self._written(macro, ticket, agent))
        if message is not None and message.public:
            message = replace(message, send_at=send_at)
        return self._commands(macro, message, ticket, agent), message

    def _decision(
        self, macro: Macro, message: Message | None, ticket: Ticket, agent: Agent, rules: DeskRules, now: datetime
    ) -> Decision:
        actor = Actor(ActorKind.AGENT, agent.id)
        because = Reason("macro", {"macro": macro.id})
        commands = self._commands(macro, message, ticket, agent)
        return decide_together(ticket, commands, because, rules, actor=actor, now=now)

    def _commands(self, macro: Macro, message: Message | None, ticket: Ticket, agent: Agent) -> list[Command]:
        """Changes first, then the answer, which takes the status along: it is sent under the new group and policy."""
        change = change_of(macro.changes, ticket, agent, status=message is None)
        commands: list[Command] = []
        if change != ChangeTicket():
            commands.append(self._tickets.desk.fitted(change, ticket))
        if message is not None:
            commands.append(
                AddMessage(
                    message.id,
                    message.author,
                    message.visibility,
                    message.channel,
                    preview(message.text),
                    status=macro.changes.status,
                    custom_status=macro.changes.custom_status,
                    send_at=message.send_at,
                    mentions=self._mentions(message, ticket, agent),
                )
            )
        return commands

    def _mentions(self, message: Message, ticket: Ticket, agent: Agent) -> tuple[str, ...]:
        """Whom a note calls; who may not see the ticket is not called, as who is called follows it."""
        if message.visibility is not Visibility.INTERNAL:
            return ()
        desk = self._pen.desk()
        called = [one for one in mentioned(message.text, desk.agents) if one != agent.id]
        scopes = {one: scope_of(desk.agents[one], desk.roles, desk.groups) for one in called}
        return tuple(one for one in called if scopes[one].allows(ticket))

    def _written(self, macro: Macro, ticket: Ticket, agent: Agent) -> Preview | None:
        reply = macro.reply
        if reply is None:
            return None
        bodies = reply.bodies
        if reply.canned_response_id is not None:
            bodies = self._bodies_of(reply.canned_response_id, agent)
        return self._pen.write(bodies, ticket, agent)

    def _bodies_of(self, canned_response_id: str, agent: Agent) -> Mapping[str, Body]:
        try:
            return self._canned.library.peek(canned_response_id, agent).bodies
        except NotFound as error:
            raise Invalid(
                "The macro answers with a canned response that is gone, or that you may not read.",
                [FieldError("/reply/canned_response_id", "is not a canned response that you may read")],
            ) from error

    def _message(self, macro: Macro, ticket_id: str, agent: Agent, wish: Run, reply: Preview | None) -> Message | None:
        if reply is None or macro.reply is None:
            return None
        now = self._pen.clock()
        public = macro.reply.visibility is Visibility.PUBLIC
        held = min(wish.hold_seconds, self._pen.desk().general.hold_seconds) if public else 0
        body = reply.body if wish.text is None else Body(wish.text)
        return Message(
            id=new_id(now),
            ticket_id=ticket_id,
            at=now,
            author=Actor(ActorKind.AGENT, agent.id),
            author_name=agent.name,
            visibility=macro.reply.visibility,
            channel=Channel.WEB,
            text=body.text,
            html=body.html,
            send_at=now + seconds(held) if held > 0 else None,
        )

    def _refuse_if_newer(self, ticket: Ticket, message: Message | None, agent: Agent, wish: Run) -> None:
        if message is not None and message.public and wish.seen is not None:
            refuse_if_newer(self._tickets.store, ticket.id, wish.seen, by=agent.id)

    def _done_before(self, guard: Guard) -> Ran | None:
        done = self._tickets.store.done_before(guard.key)
        if done is None:
            return None
        if done.note != guard.note:
            raise KeyReused("The Idempotency-Key was used with another body before.")
        message = None
        if done.message_id is not None:
            message = self._tickets.store.message(done.ticket_id, done.message_id)
            if message is None:
                raise Unavailable("The message is still being written.")
        return Ran(self._tickets.service.get(done.ticket_id), message, [])

    def _overtaken(self, ticket: Ticket, version: int) -> StaleVersion:
        """Says what happened since the agent looked, so that they need not guess why it was refused."""
        since = ticket.version - version
        page = self._tickets.store.events(ticket.id, limit=min(max(since, 1), _TOLD_AT_MOST), position=None)
        names = [
            f"{event.type.value} by {self._who(event.actor)}" for event in reversed(page.items) if event.seq > version
        ]
        told = f" Since then: {', '.join(dict.fromkeys(names))}." if names else ""
        return StaleVersion(
            f"You saw version {version}; it is at {ticket.version} now.{told} Nothing was done.", current=ticket.version
        )

    def _who(self, actor: Actor) -> str:
        colleague = self._pen.desk().agents.get(actor.id)
        if actor.kind is ActorKind.AGENT and colleague is not None:
            return colleague.name
        return "the requester" if actor.kind is ActorKind.REQUESTER else actor.id


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found by its words."""

    item: CannedResponse | Macro
    points: int
    uses: int


class QuickSearch:
    """Finds canned responses and macros at once, best first.

    Args:
        canned: the responses.
        macros: the macros.
    """

    def __init__(self, canned: CannedService, macros: MacroService) -> None:
        self._canned = canned
        self._macros = macros

    def find(self, query: str, agent: Agent, ticket: Ticket | None, *, limit: int) -> list[Hit]:
        """What fits, best first; at equal fit, what is nearer to the ticket and the agent, then what is used more.

        Args:
            query: words; empty: what is used most.
            agent: who looks.
            ticket: on which they work; None: any.
            limit: how many at most.
        """
        found = [
            *(
                Hit(item, points, self._canned.library.uses(item.id))
                for points, item in self._canned.search(query, agent)
            ),
            *(
                Hit(item, points, self._macros.library.uses(item.id))
                for points, item in self._macros.search(query, agent)
            ),
        ]
        return sorted(
            found,
            key=lambda hit: (
                -hit.points,
                -_nearness(hit.item, ticket),
                -hit.uses,
                hit.item.title.casefold(),
                hit.item.id,
            ),
        )[:limit]


def _nearness(item: Template, ticket: Ticket | None) -> int:
    """2: one's own; 1: of the ticket's group, or of any where there is no ticket; 0: everybody's."""
    if item.sharing.scope is Scope.PERSONAL:
        return 2
    of_group = item.sharing.scope is Scope.GROUP and (ticket is None or item.sharing.owner == ticket.group)
    return 1 if of_group else 0


def _size(macro: Macro) -> int:
    return length_of(macro.reply.bodies) if macro.reply is not None else 0


def _texts(macro: Macro) -> list[str]:
    bodies = macro.reply.bodies.values() if macro.reply is not None else ()
    return [macro.description, *(body.text for body in bodies)]
