"""The ports of mail out and surveys in memory, and a power cut that can be put at any of their calls."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from helpdesk.contracts.table import Key
from helpdesk.desk.model import Desk, General, Mailbox
from helpdesk.kernel.errors import NotFound
from helpdesk.kernel.pagination import Page
from helpdesk.mail.delivery import Claim, Delivery, DeliveryState, Envelope, Feedback, Outbox, Slot
from helpdesk.mail.links import SignedLinks
from helpdesk.mail.notices import NoticeService
from helpdesk.mail.notices import Ports as NoticePorts
from helpdesk.mail.stationery import Stationery
from helpdesk.notifications.announcer import Announcer, Telling
from helpdesk.notifications.announcer import Ports as AnnouncerPorts
from helpdesk.notifications.model import Notification, Preferences
from helpdesk.people.model import Agent, Group, Person, Role
from helpdesk.platform.signing import Purpose, Signer
from helpdesk.surveys.model import Answer, Rated, Survey
from helpdesk.surveys.service import Ports as SurveyPorts
from helpdesk.surveys.service import SurveyService
from helpdesk.tickets.commands import Command
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import Actor, Message, Ticket
from helpdesk.tickets.rules import decide
from helpdesk.tickets.service import NOTHING, AlreadyDone, Extras, Outcome
from tests.conftest import StandingClock

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TICKET_ID = "01KAQM10M00000000000000001"
REQUESTER = "01KAQM10M00000000000000002"


class PowerCut(BaseException):
    """The process dies: no handler of the product runs, as none would."""


class Power:
    """Goes off before or after the n-th call of any port."""

    def __init__(self) -> None:
        self.calls = 0
        self.off_at: int | None = None

    @contextlib.contextmanager
    def call(self) -> Iterator[None]:
        self._tick()
        yield
        self._tick()

    def _tick(self) -> None:
        self.calls += 1
        if self.calls == self.off_at:
            raise PowerCut


class FakeNoticeLog:
    def __init__(self, power: Power | None = None) -> None:
        self.items: dict[tuple[str, str, str], tuple[Delivery, datetime]] = {}
        self.heard: dict[tuple[str, str, str], Feedback] = {}
        self.power = power or Power()

    @staticmethod
    def _key(slot: Slot) -> tuple[str, str, str]:
        return slot.cause, slot.kind.value, slot.recipient

    def claim(self, slot: Slot, *, now: datetime, lease: timedelta, again: bool) -> Claim:
        with self.power.call():
            held = self.items.get(self._key(slot))
            if held is not None:
                delivery, until = held
                if delivery.state is not DeliveryState.SENDING:
                    return Claim.SETTLED
                if until > now:
                    return Claim.BUSY
                if not again:
                    return Claim.UNKNOWN
            self.items[self._key(slot)] = Delivery(DeliveryState.SENDING, now), now + lease
            return Claim.MINE

    def settle(self, slot: Slot, delivery: Delivery) -> None:
        with self.power.call():
            held = self.items.get(self._key(slot))
            if delivery.state is DeliveryState.SENT or held is None or held[0].state is not DeliveryState.SENT:
                self.items[self._key(slot)] = delivery, delivery.at

    def release(self, slot: Slot) -> None:
        with self.power.call():
            held = self.items.get(self._key(slot))
            if held is not None and held[0].state is DeliveryState.SENDING:
                del self.items[self._key(slot)]

    def hear(self, slot: Slot, feedback: Feedback) -> None:
        with self.power.call():
            known = self.heard.get(self._key(slot))
            self.heard[self._key(slot)] = known.or_(feedback) if known is not None else feedback

    def find_all(self, slots: Iterable[Slot]) -> dict[Slot, Delivery]:
        found = {}
        for slot in slots:
            (held, feedback) = (self.items.get(self._key(slot)), self.heard.get(self._key(slot)))
            if held is not None:
                found[slot] = replace(held[0], feedback=feedback)
            elif feedback is not None:
                found[slot] = Delivery(DeliveryState.SENT, feedback.at, feedback=feedback)
        return found

    def find(self, slot: Slot) -> Delivery | None:
        with self.power.call():
            held = self.items.get(self._key(slot))
            return held[0] if held is not None else None


@dataclass
class Sent:
    raw: bytes
    recipient: str
    mail: EmailMessage
    envelope: Envelope


class FakeSender:
    """Takes mails; raises `refusal` instead as long as one is set."""

    def __init__(self, power: Power | None = None) -> None:
        self.sent: list[Sent] = []
        self.refusal: Exception | None = None
        self.power = power or Power()

    def send(self, raw: bytes, envelope: Envelope) -> str:
        with self.power.call():
            if self.refusal is not None:
                raise self.refusal
            mail = message_from_bytes(raw, policy=default)
            assert isinstance(mail, EmailMessage)
            self.sent.append(Sent(raw, envelope.to, mail, envelope))
            return f"ses-{len(self.sent)}"


@dataclass
class FakeTickets:
    """Both faces of tickets: the store's reading one, and the service's `run`."""

    power: Power = field(default_factory=Power)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    written: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def get(self, ticket_id: str) -> Ticket | None:
        with self.power.call():
            return self.tickets.get(ticket_id)

    def message(self, ticket_id: str, message_id: str, side_id: str | None = None) -> Message | None:
        with self.power.call():
            return self.written.get(message_id)

    def messages(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Message]:
        with self.power.call():
            return self._page(ticket_id, None, limit)

    def side_messages(
        self, ticket_id: str, side_id: str, *, limit: int, position: dict[str, str] | None
    ) -> Page[Message]:
        with self.power.call():
            return self._page(ticket_id, side_id, limit)

    def _page(self, ticket_id: str, side_id: str | None, limit: int) -> Page[Message]:
        mine = (one for one in self.written.values() if (one.ticket_id, one.side_id) == (ticket_id, side_id))
        return Page(tuple(sorted(mine, key=lambda one: one.id, reverse=True))[:limit])

    def remember_thread(self, message_id: str, ticket_id: str, side_id: str | None = None) -> None:
        with self.power.call():
            self.threads[message_id] = ticket_id


class FakeTicketService:
    def __init__(self, tickets: FakeTickets, clock: StandingClock) -> None:
        self.tickets = tickets
        self.clock = clock
        self.done: set[Key] = set()

    def get(self, ticket_id: str) -> Ticket:
        ticket = self.tickets.get(ticket_id)
        if ticket is None:
            raise NotFound("There is no such ticket.")
        return ticket

    def run(self, ticket_id: str, command: Command, *, actor: Actor, extras: Extras = NOTHING) -> Outcome:
        with self.tickets.power.call():
            for guard in extras.guards:
                if guard.key in self.done:
                    raise AlreadyDone(guard.name)
                self.done.add(guard.key)
            decision = decide(self.tickets.tickets[ticket_id], command, DeskRules(), actor=actor, now=self.clock())
            self.tickets.tickets[ticket_id] = decision.ticket
            self.tickets.events += decision.events
            return Outcome(decision.ticket, decision.events)


@dataclass
class FakePeople:
    power: Power = field(default_factory=Power)
    people: dict[str, Person] = field(default_factory=dict)

    def by_id(self, person_id: str) -> Person | None:
        with self.power.call():
            return self.people.get(person_id)

    def by_ids(self, person_ids: Iterable[str]) -> dict[str, Person]:
        with self.power.call():
            return {one: self.people[one] for one in person_ids if one in self.people}


@dataclass
class FakeNotifications:
    """See `notifications.service.NotificationStore`."""

    power: Power = field(default_factory=Power)
    lists: dict[str, dict[str, Notification]] = field(default_factory=dict)
    liked: dict[str, Preferences] = field(default_factory=dict)

    def add(self, notification: Notification) -> bool:
        with self.power.call():
            kept = self.lists.setdefault(notification.agent_id, {})
            return kept.setdefault(notification.id, notification) is notification

    def page(self, agent_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Notification]:
        found = [one for _, one in sorted(self.lists.get(agent_id, {}).items(), reverse=True)]
        start = int(position["start"]) if position is not None else 0
        end = start + limit
        return Page(tuple(found[start:end]), {"start": str(end)} if end < len(found) else None)

    def mark(self, agent_id: str, ids: Sequence[str], read_at: datetime) -> None:
        kept = self.lists.get(agent_id, {})
        for one in ids:
            if one in kept and kept[one].read_at is None:
                kept[one] = replace(kept[one], read_at=read_at)

    def preferences(self, agent_ids: Iterable[str]) -> dict[str, Preferences]:
        with self.power.call():
            return {one: self.liked[one] for one in agent_ids if one in self.liked}

    def prefer(self, agent_id: str, preferences: Preferences) -> None:
        self.liked[agent_id] = preferences


@dataclass
class FakeFiles:
    power: Power = field(default_factory=Power)
    files: dict[str, bytes] = field(default_factory=dict)

    def read(self, object_key: str) -> bytes | None:
        with self.power.call():
            return self.files.get(object_key)


@dataclass
class FakeLimiter:
    power: Power = field(default_factory=Power)
    counts: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def count(self, scope: str, who: str, window_seconds: int, now: datetime) -> int:
        with self.power.call():
            key = scope, who, int(now.timestamp()) // window_seconds
            self.counts[key] = self.counts.get(key, 0) + 1
            return self.counts[key]


@dataclass
class FakeSurveyStore:
    power: Power = field(default_factory=Power)
    surveys: dict[str, Survey] = field(default_factory=dict)
    rows: dict[str, Rated] = field(default_factory=dict)
    asked: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def may_ask(self, person_id: str, survey_id: str, now: datetime, since: datetime) -> bool:
        with self.power.call():
            last = self.asked.get(person_id)
            if last is not None and last[0] != survey_id and last[1] > since:
                return False
            self.asked[person_id] = survey_id, now
            return True

    def find(self, survey_id: str) -> Survey | None:
        with self.power.call():
            return self.surveys.get(survey_id)

    def create(self, survey: Survey) -> bool:
        with self.power.call():
            return self.surveys.setdefault(survey.id, survey) is survey

    def answer(self, survey_id: str, answer: Answer, row: Rated, before: Answer | None = None) -> bool:
        with self.power.call():
            survey = self.surveys.get(survey_id)
            if survey is None or survey.answer != before:
                return False
            self.rows[survey_id] = row
            self.surveys[survey_id] = replace(survey, answer=answer)
            return True


MAILBOX = Mailbox("support", "support@desk.test", "Acme Support", group="billing")
AGENT = Agent("agent", "Alex Weber", "agent@desk.test", Role.AGENT, ("billing",))
COLLEAGUE = Agent("agent2", "Kim Lee", "agent2@desk.test", Role.AGENT, ("billing",), language="ko")
NEAR = Agent("near", "Sam Near", "near@desk.test", Role.SUPERVISOR, ("billing",), language="ja")
FAR = Agent("far", "Fern Far", "far@desk.test", Role.SUPERVISOR, ("other",))


def desk_of(**general: int) -> Desk:
    return Desk(
        general=General(name="Acme", **general),
        agents={agent.id: agent for agent in (AGENT, COLLEAGUE, NEAR, FAR)},
        groups={"billing": Group("billing", "Billing"), "other": Group("other", "Other")},
        mailboxes={MAILBOX.id: MAILBOX},
    )


class MailDesk:
    """A desk in memory whose mails can be counted and whose power can fail."""

    def __init__(self, clock: StandingClock) -> None:
        self.clock = clock
        self.power = Power()
        self.desk = desk_of()
        self.tickets = FakeTickets(self.power)
        self.people = FakePeople(self.power)
        self.files = FakeFiles(self.power)
        self.limiter = FakeLimiter(self.power)
        self.log = FakeNoticeLog(self.power)
        self.sender = FakeSender(self.power)
        self.store = FakeSurveyStore(self.power)
        self.signer = Signer(lambda: ["a secret"])
        self.links = SignedLinks(self.signer, "https://desk.test", self._grant, lambda: NOW + timedelta(days=90))
        outbox = Outbox(self.log, self.sender, clock)
        stationery = Stationery(lambda: self.desk, self.signer.thread_tag, clock)
        self.outside = NoticeService(
            NoticePorts(
                self.tickets, self.people, lambda: self.desk, self.files, self.limiter, self.links, clock, "us-east-1"
            ),
            stationery,
            outbox,
        )
        self.told = FakeNotifications(self.power)
        announcer = Announcer(
            AnnouncerPorts(self.tickets, self.told, lambda: self.desk, self.links, lambda _: ""), stationery, outbox
        )
        self.notices = Telling(self.outside, announcer)
        service = FakeTicketService(self.tickets, clock)
        self.surveys = SurveyService(
            SurveyPorts(self.store, service, self.people, lambda: self.desk, self.links, clock), stationery, outbox
        )

    def _grant(self, ticket: Ticket, *, shared: bool) -> str:
        return self.signer.sign(Purpose.REQUEST, {"t": ticket.id, "shared": shared})

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that went to an address."""
        return [sent.mail for sent in self.sender.sent if sent.recipient == address]
