"""Whole mail desks in memory that write to one another: real parsing, real letters, and a postman between them."""

import re
from collections import deque
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Protocol

from helpdesk.desk.model import Desk, General, Limits, Mailbox
from helpdesk.mail.ledger import Arrival, LedgerEntry
from helpdesk.mail.notices import NoticeService
from helpdesk.mail.parse import parse_mail
from helpdesk.mail.rules import Verdicts
from helpdesk.mail.service import InboundMailService
from helpdesk.mail.threads import ses_message_id
from helpdesk.people.model import Agent, Role
from helpdesk.tickets.commands import AddMessage
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.model import Actor, ActorKind, Channel, Message, Visibility
from helpdesk.tickets.service import TicketService
from tests.conftest import StandingClock
from tests.fakes.files import FakeFiles
from tests.fakes.limits import FakeLimiter
from tests.fakes.mail import FakeLedger, FakeRawMails
from tests.fakes.mail_out import MailDesk
from tests.fakes.people import FakePeople
from tests.fakes.tickets import FakeTickets

VOUCHED_FOR = Verdicts(*["PASS"] * 5)
REGION = "eu-central-1"


@dataclass(frozen=True)
class Posted:
    """A mail on its way."""

    raw: bytes
    to: str


class Correspondent(Protocol):
    """Whoever has an address."""

    def get(self, posted: Posted) -> list[Posted]:
        """A mail arrives; what is written because of it."""
        ...


@dataclass
class House:
    """A desk with one mailbox and one agent.

    Attributes:
        sent: mails it wrote, oldest first.
        entries: what the ledger says of the mails it got, in order.
    """

    domain: str
    clock: StandingClock
    store: FakeTickets = field(default_factory=FakeTickets)
    sent: list[Posted] = field(default_factory=list)
    entries: list[LedgerEntry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.address = f"support@{self.domain}"
        self.agent = Agent("mina", "Mina Park", f"mina@{self.domain}", Role.AGENT)
        self.desk = Desk(
            general=General(name=self.domain, limits=Limits(notices_per_address_per_hour=1000), hold_seconds=0),
            agents={self.agent.id: self.agent},
            mailboxes={"support": Mailbox("support", self.address, "Support")},
        )
        self._letters = MailDesk(self.clock)
        self._letters.desk, self.signer = self.desk, self._letters.signer
        self.signer._secrets = lambda: [f"the secret of {self.domain}"]
        self.people: FakePeople = self.store.people
        self.ledger, self.raw_mails, self.sender = FakeLedger(), FakeRawMails(), self._letters.sender
        self.limiter, self.files = FakeLimiter(), FakeFiles()
        self.tickets = TicketService(self.store, self.clock, DeskRules, lambda attempt: None)
        self._told: dict[str, int] = {}

    def _desk(self) -> Desk:
        return self.desk

    def inbound(self) -> InboundMailService:
        """A process that takes mail in."""
        return InboundMailService(
            parse=parse_mail,
            raw_mails=self.raw_mails,
            ledger=self.ledger,
            threads=self.store,
            prove=self.signer.thread_of_tag,
            tickets=self.tickets,
            store=self.store,
            people=self.people,
            files=self.files,
            desk=self._desk,
            clock=self.clock,
        )

    def notices(self) -> NoticeService:
        """A process that writes mails: another desk's, over this one's stores."""
        service = self._letters.outside
        ports = replace(
            service._ports, tickets=self.store, people=self.people, desk=self._desk, limiter=self.limiter, region=REGION
        )
        return NoticeService(ports, service._stationery, service._outbox)

    def store_mail(self, posted: Posted) -> Arrival:
        """The mail lies in the bucket; what SES hands over."""
        mail_id = f"{self.domain}-{len(self.raw_mails.raw) + 1}"
        self.raw_mails.raw[mail_id] = posted.raw
        return Arrival(mail_id, self.clock.advance(seconds=1), (posted.to,), VOUCHED_FOR)

    def get(self, posted: Posted) -> list[Posted]:
        """A mail arrives; what the desk writes because of it."""
        self.entries.append(self.inbound().receive(self.store_mail(posted)))
        return self.write()

    def answer(self, ticket_id: str, text: str) -> list[Posted]:
        """The agent answers."""
        now = self.clock.advance(seconds=1)
        actor = Actor(ActorKind.AGENT, self.agent.id)
        message = Message(
            id=f"01ANSWER{now:%m%d%H%M%S}", ticket_id=ticket_id, at=now, author=actor, author_name=self.agent.name,
            visibility=Visibility.PUBLIC, channel=Channel.WEB, text=text,
        )  # fmt: skip
        command = AddMessage(message.id, actor, Visibility.PUBLIC, Channel.WEB, text)
        self.tickets.add_message(message, command)
        return self.write()

    def write(self) -> list[Posted]:
        """Every event that was not told yet is told to who writes mails; gives what left."""
        notices, before = self.notices(), len(self.sender.sent)
        for ticket_id, events in self.store.history.items():
            told = self._told.get(ticket_id, 0)
            self._told[ticket_id] = len(events)
            for event in events[told:]:
                notices.handle(event)
        new = [
            Posted(as_ses_sends(one.raw, f"ses-{number + 1}"), one.recipient)
            for number, one in enumerate(self.sender.sent)
            if number >= before and not one.recipient.endswith(f"mina@{self.domain}")
        ]
        self.sent += new
        return new


def as_ses_sends(raw: bytes, mail_id: str) -> bytes:
    """SES puts a Message-ID of its own in place of ours."""
    own = f"Message-ID: <{ses_message_id(mail_id, REGION)}>\r\n".encode()
    return re.sub(rb"(?mi)^Message-ID:.*?\r?\n(?:[ \t].*\r?\n)*", lambda _: own, raw, count=1)


def carry(first: list[Posted], houses: dict[str, Correspondent], rounds: int = 100) -> int:
    """Carries mails to and fro until nobody writes any more; gives the number of rounds that took, at most `rounds`."""
    waiting = deque(first)
    for turn in range(rounds):
        if not waiting:
            return turn
        for _ in range(len(waiting)):
            posted = waiting.popleft()
            address = posted.to.lower()
            plain = f"{address.partition('@')[0].partition('+')[0]}@{address.rpartition('@')[2]}"
            if plain in houses:
                waiting.extend(houses[plain].get(posted))
    return rounds


@dataclass
class Responder:
    """A machine that answers every mail it gets.

    Attributes:
        headers: by which it says to be one; perhaps none.
        subject: of its answers, `{}` being the subject answered.
        threaded: whether it names the mail it answers.
        got: mails it got.
    """

    address: str
    headers: dict[str, str] = field(default_factory=dict)
    subject: str = "Re: {}"
    body: str = "I am away until Monday and read your mail then."
    threaded: bool = True
    got: list[EmailMessage] = field(default_factory=list)

    def get(self, posted: Posted) -> list[Posted]:
        mail = message_from_bytes(posted.raw, policy=default)
        assert isinstance(mail, EmailMessage)
        self.got.append(mail)
        number = len(self.got)
        answer = written(
            self.address,
            str(mail["Reply-To"] or mail["From"]),
            self.subject.format(mail["Subject"]),
            self.body,
            f"<auto-{number}@{self.address.rpartition('@')[2]}>",
            self.headers,
        )
        if self.threaded:
            answer["In-Reply-To"] = str(mail["Message-ID"])
            answer["References"] = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
        return [posted_of(answer)]


def written(
    sender: str, to: str, subject: str, body: str, message_id: str, headers: dict[str, str] | None = None
) -> EmailMessage:
    """A mail as a person's program writes it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, to, subject, message_id
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(body)
    return mail


def posted_of(mail: EmailMessage) -> Posted:
    """A mail in its envelope."""
    (box,) = mail["To"].addresses
    return Posted(mail.as_bytes(), box.addr_spec)


def stripped(raw: bytes, *names: str) -> bytes:
    """A mail that came through a gateway which drops some headers."""
    for name in names:
        raw = re.sub(rb"(?mi)^" + name.encode() + rb":.*?\r?\n(?:[ \t].*\r?\n)*", b"", raw)
    return raw


@dataclass
class Gateway:
    """Stands before somebody and drops headers from all that they get."""

    behind: Correspondent
    drops: tuple[str, ...]

    def get(self, posted: Posted) -> list[Posted]:
        return self.behind.get(Posted(stripped(posted.raw, *self.drops), posted.to))
