"""A ticket's life in memory: told by the product's own rules, kept where the fakes find it, its events in order."""

from datetime import timedelta

from helpdesk.kernel.ids import derived_id
from helpdesk.people.model import Person
from helpdesk.sla.model import Metric
from helpdesk.tickets.chain import seal
from helpdesk.tickets.commands import AddMessage, ChangeTicket, Command, OpenTicket
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import Event, Fact, SlaBreached, SlaEscalated, SurveyDue
from helpdesk.tickets.model import SWEEPER, Actor, ActorKind, Attachment, Channel, Message, Status, Ticket, Visibility
from helpdesk.tickets.rules import decide
from tests.fakes.mail_out import AGENT, REQUESTER, TICKET_ID, MailDesk


class Story:
    """One ticket of a requester, and what happens to it."""

    def __init__(
        self,
        desk: MailDesk,
        *,
        address: str = "minji@example.com",
        name: str | None = "Min-ji Kim",
        subject: str = "Cannot sign in",
        language: str = "en",
        automatic: bool = False,
        mail_id: str | None = "first@mail.example.com",
        ticket_id: str = TICKET_ID,
        number: int = 1042,
        person_id: str = REQUESTER,
        text: str = "I cannot sign in.",
    ) -> None:
        self.desk = desk
        self.id = ticket_id
        self.person = Person(id=person_id, address=address, name=name, language=language, created_at=desk.clock())
        desk.people.people[person_id] = self.person
        self.requester = Actor(ActorKind.REQUESTER, person_id)
        message = self._write(self.requester, text, name, mail_id=mail_id)
        opening = OpenTicket(
            ticket_id=ticket_id,
            number=number,
            requester_id=person_id,
            subject=subject,
            message_id=message.id,
            preview=message.text,
            channel=Channel.EMAIL,
            language=language,
            requester_name=name,
            requester_address=address,
            mailbox_id="support",
            automatic=automatic,
        )
        self.opened = self._do(opening, self.requester)[0]

    @property
    def ticket(self) -> Ticket:
        return self.desk.tickets.tickets[self.id]

    def says(self, text: str, *, mail_id: str | None = None, automatic: bool = False) -> Event:
        """The requester writes."""
        return self._say(self.requester, text, mail_id=mail_id, automatic=automatic)

    def answered(
        self,
        text: str = "Please try again.",
        *,
        by: str = AGENT.id,
        html: str | None = None,
        visibility: Visibility = Visibility.PUBLIC,
        attachments: tuple[Attachment, ...] = (),
        automatic: bool = False,
    ) -> Event:
        """An agent writes."""
        actor = Actor(ActorKind.AGENT, by)
        return self._say(actor, text, html=html, visibility=visibility, attachments=attachments, automatic=automatic)

    def assigned(self, to: str | None, *, by: str = "far") -> Event:
        """Somebody gives it to somebody."""
        events = self._do(ChangeTicket(assignee=to, group="billing"), Actor(ActorKind.AGENT, by))
        return events[0]

    def solved(self) -> None:
        """An agent solves it."""
        self._do(ChangeTicket(status=Status.SOLVED), Actor(ActorKind.AGENT, AGENT.id))

    def reopened(self) -> None:
        """The requester writes once more."""
        self.says("It is back.")

    def breached(self, metric: Metric = Metric.FIRST_RESPONSE) -> Event:
        """A clock is missed."""
        return self._state(SlaBreached(metric, self.desk.clock()))

    def escalated(self, *notify: str) -> Event:
        """A clock escalates."""
        return self._state(SlaEscalated(Metric.FIRST_RESPONSE, "level", self.desk.clock(), notify))

    def survey_due(self) -> Event:
        """It is time to ask."""
        return self._state(SurveyDue(self.desk.clock()))

    def _state(self, fact: Fact) -> Event:
        ticket = self.ticket
        return seal(self.id, ticket.version + 1, ticket.chain, fact=fact, actor=SWEEPER, at=self.desk.clock())

    def _say(self, actor: Actor, text: str, *, visibility: Visibility = Visibility.PUBLIC, **more: object) -> Event:
        name = AGENT.name if actor.kind is ActorKind.AGENT else self.person.name
        message = self._write(actor, text, name, visibility=visibility, **more)
        command = AddMessage(message.id, actor, visibility, Channel.EMAIL, text[:100], automatic=message.automatic)
        return self._do(command, actor)[0]

    def _write(
        self,
        actor: Actor,
        text: str,
        name: str | None,
        *,
        visibility: Visibility = Visibility.PUBLIC,
        mail_id: str | None = None,
        html: str | None = None,
        attachments: tuple[Attachment, ...] = (),
        automatic: bool = False,
    ) -> Message:
        self.desk.clock.now += timedelta(seconds=1)
        now = self.desk.clock()
        message = Message(
            id=derived_id(now, self.id, text),
            ticket_id=self.id,
            at=now,
            author=actor,
            author_name=name,
            visibility=visibility,
            channel=Channel.EMAIL,
            text=text,
            html=html,
            attachments=attachments,
            automatic=automatic,
            mail_message_id=mail_id,
        )
        self.desk.tickets.written[message.id] = message
        return message

    def _do(self, command: Command, actor: Actor) -> tuple[Event, ...]:
        before = self.desk.tickets.tickets.get(self.id)
        decision = decide(before, command, DeskRules(), actor=actor, now=self.desk.clock())
        self.desk.tickets.tickets[self.id] = decision.ticket
        return decision.events
