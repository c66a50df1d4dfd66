"""Random lives of a ticket: wishes at odd hours, each decided by the product's own rules."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from helpdesk.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from helpdesk.kernel.ids import derived_id
from helpdesk.tickets.commands import (
    UNSET,
    AddMessage,
    AddParticipant,
    AddSidePerson,
    AddTasks,
    AnswerApproval,
    AskApproval,
    ChangeFollowers,
    ChangeRequester,
    ChangeTask,
    ChangeTicket,
    CloseSide,
    Command,
    CorrectTime,
    EditMessage,
    LinkTicket,
    LogTime,
    NoteDeliveryFailure,
    OpenTicket,
    OrderTasks,
    RecordRating,
    RecordSurvey,
    ReleaseMessage,
    RemoveParticipant,
    RemoveSidePerson,
    RemoveTask,
    RemoveTime,
    ReopenSide,
    RouteTicket,
    SnoozeTicket,
    StartSide,
    Tick,
    WakeTicket,
    WithdrawApproval,
    WithdrawMessage,
    WriteAside,
)
from helpdesk.tickets.core import Decision, DeskRules
from helpdesk.tickets.facts import Event, TimeCorrected, TimeLogged, TimeRemoved
from helpdesk.tickets.model import (
    ROUTER,
    SURVEYOR,
    SWEEPER,
    Actor,
    ActorKind,
    Channel,
    Level,
    Link,
    Participant,
    Priority,
    Reason,
    Relation,
    Status,
    Ticket,
    TicketType,
    Visibility,
)
from helpdesk.tickets.rules import decide
from helpdesk.tickets.todo import (
    ApprovalMode,
    ApprovalWords,
    Approver,
    ApproverKind,
    Asked,
    TaskPlan,
    Verdict,
)

MONDAY_TEN_IN_SEOUL = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
REQUESTER = Actor(ActorKind.REQUESTER, "01JD0000000000000000PERS0N")
MINA = Actor(ActorKind.AGENT, "mina")
MACHINE = Actor(ActorKind.SYSTEM, "mail")
SUPPLIER = Actor(ActorKind.THIRD_PARTY, "q1")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants, so long after the wish before it; an answer may be held for a moment."""

    after: timedelta
    actor: Actor
    command: Command
    hold: timedelta | None = None


def opening(ticket_id: str = "01JD00000000000000000T1CKT", **changes: object) -> OpenTicket:
    """A wish to open a ticket."""
    parts: dict[str, object] = {
        "ticket_id": ticket_id,
        "number": 1001,
        "requester_id": REQUESTER.id,
        "subject": "Invoice 4711",
        "message_id": derived_id(MONDAY_TEN_IN_SEOUL, ticket_id, "first"),
        "preview": "It says 90,000 won",
        "channel": Channel.WEB,
        "language": "ko",
        "requester_name": "김민수",
        "requester_address": "minsu@example.com",
    }
    return OpenTicket(**(parts | changes))


@dataclass
class Life:
    """A ticket and all that became of it."""

    rules: DeskRules
    now: datetime = MONDAY_TEN_IN_SEOUL
    ticket: Ticket | None = None
    events: list[Event] = field(default_factory=list)
    loads: dict[str, int] = field(default_factory=dict)

    @property
    def stands(self) -> Ticket:
        """The ticket, which is there by now."""
        assert self.ticket is not None
        return self.ticket

    def do(self, command: Command, actor: Actor, *, after: timedelta = timedelta(0)) -> Decision | None:
        """Decides a wish; None if it was refused."""
        self.now += after
        try:
            decision = decide(self.ticket, command, self.rules, actor=actor, now=self.now)
        except (Conflict, Forbidden, Invalid, NotFound):
            return None
        self.ticket = decision.ticket
        self.events += decision.events
        return decision

    def grant(self, wish: Wish) -> Decision | None:
        """Decides one of a story's wishes."""
        command = wish.command
        then = self.now + wish.after + (wish.hold or timedelta(0))
        if isinstance(command, AddMessage | EditMessage | WriteAside) and wish.hold is not None:
            command = replace(command, send_at=then)
        elif isinstance(command, StartSide) and wish.hold is not None:
            command = replace(command, first=replace(command.first, send_at=then))
        elif isinstance(command, SnoozeTicket) and wish.hold is not None:
            command = replace(command, until=then)
        elif isinstance(command, ChangeTicket) and wish.hold is not None and command.due_at is UNSET:
            command = replace(command, due_at=then)
        elif isinstance(command, LogTime) and command.entry_id in self.entries():
            command = Tick()  # ids are given once
        elif isinstance(command, CorrectTime | RemoveTime):
            return self._on_entry(command, wish)
        return self.do(command, wish.actor, after=wish.after)

    def _on_entry(self, command: CorrectTime | RemoveTime, wish: Wish) -> Decision | None:
        """Time is corrected as its record has it: the one of this id, if there is one."""
        stands = self.entries().get(command.entry_id)
        if stands is None:
            return self.do(Tick(), SWEEPER, after=wish.after)
        if isinstance(command, RemoveTime):
            return self.do(replace(command, seconds=stands[0], billable=stands[1]), wish.actor, after=wish.after)
        command = replace(command, old_seconds=stands[0], old_billable=stands[1])
        return self.do(command, wish.actor, after=wish.after)

    def entries(self) -> dict[str, tuple[int, bool]]:
        """What each time entry says, by id, as its events have it."""
        found: dict[str, tuple[int, bool]] = {}
        for event in self.events:
            match event.fact:
                case (
                    TimeLogged(entry_id=entry, seconds=spent, billable=billed)
                    | TimeCorrected(entry_id=entry, seconds=spent, billable=billed)
                ):
                    found[entry] = spent, billed
                case TimeRemoved(entry_id=entry):
                    del found[entry]
                case _:
                    pass
        return found

    def open(self, **changes: object) -> "Life":
        """Opens the ticket."""
        assert self.do(opening(**changes), REQUESTER) is not None
        return self

    def says(self, who: Actor, visibility: Visibility = Visibility.PUBLIC, **rest: object) -> Decision | None:
        """Somebody writes."""
        return self.do(message(f"m{len(self.events)}", who, visibility, **rest), who)

    def change(self, **what: object) -> Decision | None:
        """Mina changes something."""
        return self.do(ChangeTicket(**what), MINA)

    def tick(self, **after: float) -> Decision | None:
        """The sweep comes by."""
        return self.do(Tick(), SWEEPER, after=timedelta(**after))

    def facts(self, kind: type) -> list:
        """The facts of a kind, in order."""
        return [event.fact for event in self.events if isinstance(event.fact, kind)]


def message(
    message_id: str,
    author: Actor,
    visibility: Visibility = Visibility.PUBLIC,
    *,
    automatic: bool = False,
    status: Status | None = None,
    participants: tuple[Participant, ...] = (),
    mentions: tuple[str, ...] = (),
    unless_replied: bool = False,
    custom_status: str | None = None,
) -> AddMessage:
    """A wish to add a message."""
    return AddMessage(
        message_id,
        author,
        visibility,
        Channel.EMAIL,
        f"text of {message_id}",
        automatic,
        status,
        participants,
        mentions=mentions,
        unless_replied=unless_replied,
        custom_status=custom_status,
    )


def aside(
    side_id: str,
    message_id: str,
    author: Actor = MINA,
    *,
    automatic: bool = False,
    status: Status | None = None,
    people: tuple[Participant, ...] = (),
) -> WriteAside:
    """A wish to write in a side conversation."""
    return WriteAside(side_id, message_id, author, Channel.EMAIL, automatic, status, people=people)


def asking(side_id: str, message_id: str, *to: Participant, reopen: bool = True, **rest: object) -> StartSide:
    """A wish to ask third parties."""
    return StartSide("Can you?", to, aside(side_id, message_id, MINA, **rest), reopen_on_answer=reopen)


gaps = st.one_of(
    st.just(timedelta(0)),
    st.integers(1, 7200).map(lambda count: timedelta(seconds=count)),
    st.integers(1, 100_000_000).map(lambda count: timedelta(milliseconds=count)),
    st.integers(1, 21).map(lambda count: timedelta(days=count)),
)
_ids = st.integers(0, 9).map(str)
_perhaps = st.booleans()


def _maybe[T](values: st.SearchStrategy[T]) -> st.SearchStrategy[object]:
    return st.one_of(st.just(UNSET), st.just(UNSET), values)


_values = st.one_of(
    st.text(max_size=8), st.integers(-9, 9), st.booleans(), st.lists(st.just("x"), max_size=2), st.none()
)
_statuses = st.sampled_from([Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED, Status.SOLVED])
_people = st.integers(1, 4).map(lambda n: Participant(f"p{n}", f"p{n}@example.com", None))
_agents = st.sampled_from(["mina", "jun", "sora"])
_readers = st.sampled_from([Visibility.PUBLIC, Visibility.INTERNAL])
_messages = st.one_of(
    st.builds(message, _ids, st.just(REQUESTER), participants=st.lists(_people, max_size=2).map(tuple)),
    st.builds(
        message,
        _ids,
        st.just(MINA),
        _readers,
        status=st.none() | _statuses,
        mentions=st.lists(_agents, max_size=2).map(tuple),
        unless_replied=_perhaps,
    ),
    st.builds(
        message,
        _ids,
        st.just(MINA),
        _readers,
        custom_status=st.sampled_from(["working", "in_repair", "done_for_now"]),
    ),
    st.builds(message, _ids, st.just(MACHINE), _readers, automatic=st.just(True)),
)
_changes = st.builds(
    ChangeTicket,
    status=_maybe(_statuses),
    custom_status=_maybe(st.sampled_from(["working", "in_repair", "done_for_now", None])),
    type=_maybe(st.sampled_from(list(TicketType))),
    impact=_maybe(st.sampled_from([*Level, None])),
    urgency=_maybe(st.sampled_from([*Level, None])),
    product=_maybe(st.sampled_from(["chair", "lamp", None])),
    priority=_maybe(st.sampled_from(list(Priority))),
    category=_maybe(st.sampled_from(["billing", "other", None])),
    group=_maybe(st.sampled_from(["support", "billing", None])),
    assignee=_maybe(st.sampled_from(["mina", "jun", None])),
    tags=_maybe(st.lists(st.sampled_from(["vip", "refund", "한글"]), max_size=3).map(tuple)),
    fields=_maybe(st.dictionaries(st.sampled_from(["order", "shop"]), _values, max_size=2)),
    organization=_maybe(st.sampled_from(["acme", None])),
    due_at=_maybe(st.none()),
)
_solving = st.builds(ChangeTicket, status=st.sampled_from([Status.SOLVED] * 4 + [Status.CLOSED]))
_routes = st.builds(
    RouteTicket,
    st.sampled_from(["support", "billing", None]),
    st.sampled_from(["mina", "jun", None]),
    st.just((Reason("least_busy", {"open": 1, "among": 2}),)),
)
_links = st.integers(1002, 1004).map(lambda n: LinkTicket(Link(Relation.MENTIONS, f"other-{n}", n)))
_joining = st.one_of(
    _people.map(AddParticipant),
    _people.map(lambda one: RemoveParticipant(one.id)),
    _people.map(lambda one: RemoveParticipant(one.id)),
)
_undoing = st.builds(
    lambda kind, message_id: kind(message_id), st.sampled_from([ReleaseMessage, WithdrawMessage]), _ids
)
_rescheduling = st.builds(EditMessage, _ids, preview=st.none() | st.just("said otherwise"))
_asking = st.builds(ChangeRequester, _people, st.sampled_from(["acme", None]), _perhaps)
_following = st.builds(
    ChangeFollowers, st.lists(_agents, max_size=2).map(tuple), st.lists(_agents, max_size=1).map(tuple)
)
_snoozing = st.sampled_from([SnoozeTicket(), SnoozeTicket(), WakeTicket()])
_spent = st.integers(1, 7200)
_timing = st.one_of(
    st.builds(LogTime, st.uuids().map(str), _agents, _spent, _perhaps),
    st.builds(LogTime, st.just("t1"), _agents, _spent, _perhaps),
    st.builds(CorrectTime, st.just("t1"), st.just(0), _perhaps, _spent, _perhaps),
    st.builds(RemoveTime, st.just("t1"), st.just(0), _perhaps),
)
_sides = st.sampled_from(["s1", "s2", "s3"])
_third_parties = st.one_of(
    st.integers(1, 4).map(lambda n: Participant(f"q{n}", f"q{n}@example.org", None)),
    st.integers(1, 2).map(lambda n: Participant(f"p{n}", f"p{n}@example.com", None)),
    st.just(Participant(REQUESTER.id, "minsu@example.com", None)),
)
_several = st.lists(_third_parties, max_size=2).map(tuple)
_asked = st.one_of(
    st.builds(
        lambda side, message_id, to, reopen, status: asking(side, message_id, *to, reopen=reopen, status=status),
        _sides,
        _ids,
        st.lists(_third_parties, min_size=1, max_size=3),
        _perhaps,
        st.sampled_from([None, Status.ON_HOLD, Status.PENDING]),
    ),
    st.builds(aside, _sides, _ids, st.just(MINA), status=st.sampled_from([None, Status.ON_HOLD]), people=_several),
    st.builds(aside, _sides, _ids, st.just(SUPPLIER), people=_several),
    st.builds(aside, _sides, _ids, st.just(MACHINE), automatic=st.just(True)),
    st.builds(CloseSide, _sides),
    st.builds(ReopenSide, _sides),
    st.builds(AddSidePerson, _sides, _third_parties, _perhaps),
    st.builds(RemoveSidePerson, _sides, _third_parties.map(lambda one: one.id)),
)
_undelivered = st.just(NoteDeliveryFailure("reply", "bounced", "5.1.1", REQUESTER.id))
_surveys = st.sampled_from([RecordSurvey("s1"), RecordSurvey("s2")])
_ratings = st.builds(RecordRating, st.sampled_from(["s1", "s2"]), st.integers(1, 5))


_instants = st.none() | st.integers(0, 40).map(lambda days: MONDAY_TEN_IN_SEOUL + timedelta(days=days))
_task_ids = st.integers(1, 4).map(lambda n: f"t{n}")
_plans = st.builds(TaskPlan, _task_ids, st.sampled_from(["mina", "jun", None]), _instants)
_tasks = st.one_of(
    _plans.map(lambda plan: AddTasks((plan,), (f"Do {plan.id}",))),
    st.lists(_plans, max_size=4, unique_by=lambda plan: plan.id).map(
        lambda plans: AddTasks(tuple(plans), tuple(f"Item {plan.id}" for plan in plans), "checklist")
    ),
    st.builds(
        ChangeTask,
        _task_ids,
        title=_maybe(st.sampled_from(["Call", "Ring"])),
        assignee=_maybe(st.sampled_from(["mina", "jun", None])),
        due_at=_maybe(_instants),
        done=_maybe(_perhaps),
    ),
    _task_ids.map(RemoveTask),
    st.permutations(["t1", "t2", "t3", "t4"]).flatmap(
        lambda ids: st.integers(1, 4).map(lambda count: OrderTasks(tuple(ids[:count])))
    ),
)
_approvers = st.sampled_from(
    [Approver(ApproverKind.AGENT, "jun"), Approver(ApproverKind.PERSON, "p1"), Approver(ApproverKind.PERSON, "p2")]
)
_approval_ids = st.sampled_from(["a1", "a2"])
_approvals = st.one_of(
    st.builds(
        AskApproval,
        _approval_ids,
        st.sampled_from(ApprovalMode),
        st.lists(_approvers, min_size=1, max_size=3, unique=True).map(tuple),
        st.just(ApprovalWords("May we?", people=(Asked("p1", "p1@example.com"), Asked("p2", "p2@example.com")))),
        _instants,
    ),
    st.builds(AnswerApproval, _approval_ids, _approvers, st.sampled_from(Verdict), st.sampled_from(["", "Yes, do."])),
    st.builds(AnswerApproval, _approval_ids, _approvers, st.sampled_from(Verdict)),
    _approval_ids.map(WithdrawApproval),
)


def _actor_of(command: Command) -> Actor:
    if isinstance(command, AddMessage | WriteAside):
        return command.author
    by_kind: dict[type, Actor] = {RouteTicket: ROUTER, Tick: SWEEPER, RecordSurvey: SURVEYOR, RecordRating: REQUESTER}
    return by_kind.get(type(command), MINA)


_ticks = st.just(Tick())
commands = st.one_of(
    _messages,
    _messages,
    _changes,
    _solving,
    _ticks,
    _ticks,
    _ticks,
    _routes,
    _links,
    _joining,
    _asked,
    _asked,
    _undoing,
    _rescheduling,
    _asking,
    _following,
    _snoozing,
    _timing,
    _undelivered,
    _surveys,
    _ratings,
    _tasks,
    _approvals,
)
holds = st.none() | st.sampled_from([timedelta(seconds=1), timedelta(seconds=10), timedelta(days=2)])
wishes = st.builds(lambda after, command, hold: Wish(after, _actor_of(command), command, hold), gaps, commands, holds)
openings = st.builds(
    opening,
    priority=st.sampled_from(list(Priority)),
    category=st.sampled_from([None, "billing"]),
    automatic=_perhaps,
    fields=st.dictionaries(st.sampled_from(["order", "shop"]), _values, max_size=2),
    links=st.sampled_from([(), (Link(Relation.FOLLOWS, "earlier", 7),)]),
    participants=st.lists(_people, max_size=3).map(tuple),
)
