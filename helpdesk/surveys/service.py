"""Asks a requester once how it went, and takes one answer, which may be changed for a while. Every step can be done again after a crash."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock, seconds
from helpdesk.kernel.errors import NotFound, Unavailable
from helpdesk.mail.delivery import DeliveryState, Outbox, Slot
from helpdesk.mail.letters import Kind, Party, SurveyAsked
from helpdesk.mail.stationery import Stationery, is_own
from helpdesk.people.model import Person
from helpdesk.surveys.model import Answer, Rated, Survey, SurveyView
from helpdesk.surveys.plans import Answers, plan_of, sampled
from helpdesk.surveys.rules import admit, new_answer, new_survey, rated, survey_id_of, view_of
from helpdesk.tickets.commands import Command, RecordRating, RecordSurvey
from helpdesk.tickets.facts import Event, SurveyDue
from helpdesk.tickets.model import SURVEYOR, Actor, ActorKind, Ticket
from helpdesk.tickets.service import Outcome

_TRIES: Final = 5


class SurveyStore(Protocol):
    """Where surveys are kept."""

    def find(self, survey_id: str) -> Survey | None:
        """A survey, read consistently."""
        ...

    def create(self, survey: Survey) -> bool:
        """Keeps a new one; False when it is there already."""
        ...

    def answer(self, survey_id: str, answer: Answer, row: Rated, before: Answer | None = None) -> bool:
        """Keeps an answer in place of another, and counts it so; False when it is not `before`, or others are at it."""
        ...

    def may_ask(self, person_id: str, survey_id: str, now: datetime, since: datetime) -> bool:
        """Notes that somebody is asked, unless they were asked something else after an instant; says whether it did."""
        ...


class Tickets(Protocol):
    """What surveys do with tickets: `tickets.service.TicketService`."""

    def get(self, ticket_id: str) -> Ticket:
        """A ticket.

        Raises:
            NotFound: there is none.
        """
        ...

    def run(self, ticket_id: str, command: Command, *, actor: Actor) -> Outcome:
        """Carries out a command."""
        ...


class People(Protocol):
    """Who is asked."""

    def by_id(self, person_id: str) -> Person | None:
        """A person."""
        ...


class SurveyLinks(Protocol):
    """Makes and reads survey links."""

    def survey(self, survey_id: str, ticket: Ticket) -> str:
        """A survey's link."""
        ...

    def read_survey(self, token: str, now: datetime) -> tuple[str, str]:
        """The survey and the ticket that a token names.

        Raises:
            Unauthenticated: it was not made here.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the service stands on.

    Attributes:
        desk: the settings as they stand.
    """

    store: SurveyStore
    tickets: Tickets
    people: People
    desk: Callable[[], Desk]
    links: SurveyLinks
    clock: Clock


class SurveyService:
    """Surveys from the invitation to the answer.

    Args:
        ports: what it stands on.
        stationery: makes letters.
        outbox: sends each once.
    """

    def __init__(self, ports: Ports, stationery: Stationery, outbox: Outbox) -> None:
        self._ports = ports
        self._stationery = stationery
        self._outbox = outbox

    def handle(self, event: Event) -> None:
        """Deals with an event of the bus; only `SurveyDue` means anything here."""
        if isinstance(event.fact, SurveyDue):
            self.invite(event)

    def invite(self, event: Event) -> None:
        """Asks the requester of a ticket how it went: one survey, one mail, one record, however often it is called.

        A ticket that was reopened meanwhile is left alone: it is asked about when it is solved again.

        Raises:
            Unavailable: something did not answer; trying again is safe.
        """
        try:
            ticket = self._ports.tickets.get(event.ticket_id)
        except NotFound:
            return
        person = self._ports.people.by_id(ticket.requester_id)
        survey = self._ports.store.find(survey_id_of(ticket))
        if survey is None:
            survey = self._create(ticket, person) if ticket.done else None
        if survey is None:
            return
        if person is None or not self._may_be_asked(ticket, person) or not self._send(ticket, survey, person):
            return
        self._record_invitation(survey, ticket)

    def look(self, token: str) -> SurveyView:
        """What a link's holder may see. Records nothing: mail programs and scanners open links, too.

        Raises:
            Unauthenticated: the token was not made here.
            NotFound: there is no such survey.
        """
        return view_of(self._survey_of(token), self._ports.clock())

    def answer(self, token: str, rating: int, comment: str | None = None, answers: Answers | None = None) -> SurveyView:
        """Takes the one answer, or another in its place. The same again succeeds, and finishes what a crash left undone.

        Raises:
            Unauthenticated, NotFound: see `look`.
            Invalid: the rating is not 1..5, the comment is too long, or an answer does not fit its question.
            AlreadyAnswered: it was answered otherwise, too long ago to change that.
            Gone: it takes no answers any more.
            Unavailable: others answer it at the same moment; trying again is safe.
        """
        for _ in range(_TRIES):
            survey = self._survey_of(token)
            given = new_answer(survey, rating, comment, answers or {}, self._ports.clock())
            zone = ZoneInfo(self._ports.desk().general.time_zone)
            row = rated(survey, given, self._ports.tickets.get(survey.ticket_id), zone)
            if not admit(survey, given) or self._ports.store.answer(survey.id, given, row, survey.answer):
                self._record_rating(survey)
                return view_of(self._survey_of(token), self._ports.clock())
        raise Unavailable("This survey is being answered at this moment; try again.")

    # --- parts ---

    def _create(self, ticket: Ticket, person: Person | None) -> Survey | None:
        """A ticket's survey; None: it is not among those asked about, or its requester is to be left in peace."""
        desk, now = self._ports.desk(), self._ports.clock()
        plan = plan_of(ticket, desk.surveys)
        if not sampled(ticket.id, plan.sample_percent):
            return None
        rested = now - timedelta(days=plan.pause_days)
        # Who was merged into somebody is left in peace with them.
        asked = person.id if person is not None else ticket.requester_id
        if not self._ports.store.may_ask(asked, survey_id_of(ticket), now, rested):
            return None
        survey = new_survey(ticket, plan, now, seconds(desk.general.survey_valid_seconds))
        if self._ports.store.create(survey):
            return survey
        return self._ports.store.find(survey.id) or survey

    def _may_be_asked(self, ticket: Ticket, person: Person) -> bool:
        away = ticket.automatic or person.undeliverable or person.complained
        return not away and not is_own(self._ports.desk(), person.address)

    def _send(self, ticket: Ticket, survey: Survey, person: Person) -> bool:
        """Whether the invitation went out, now or earlier, or may have."""
        slot = Slot(survey.id, Kind.SURVEY, person.id, ticket.id)
        details = SurveyAsked(self._ports.links.survey(survey.id, ticket), survey.expires_at)
        recipient = Party(person.name, person.address)
        letter = self._stationery.letter(ticket, slot, recipient, survey.language, details)
        if letter is None:
            return False
        delivery = self._outbox.deliver(slot, letter)
        return delivery is None or delivery.state is DeliveryState.SENT

    def _survey_of(self, token: str) -> Survey:
        survey_id, ticket_id = self._ports.links.read_survey(token, self._ports.clock())
        survey = self._ports.store.find(survey_id)
        if survey is None or survey.ticket_id != ticket_id:
            raise NotFound("There is no such survey.")
        if self._ports.tickets.get(ticket_id).requester_id != survey.requester_id:  # somebody else asks by now
            raise NotFound("There is no such survey.")
        return survey

    def _record_invitation(self, survey: Survey, ticket: Ticket) -> None:
        if ticket.survey_id is None:
            self._ports.tickets.run(ticket.id, RecordSurvey(survey.id), actor=SURVEYOR)

    def _record_rating(self, survey: Survey) -> None:
        """Lets the ticket have what the survey says. Looks again afterwards: the answer may have been changed meanwhile."""
        actor = Actor(ActorKind.REQUESTER, survey.requester_id)
        for _ in range(_TRIES):
            kept = self._ports.store.find(survey.id)
            ticket = self._ports.tickets.get(survey.ticket_id)
            self._record_invitation(survey, ticket)  # the answer can be quicker than the record of the question
            if kept is None or kept.answer is None or ticket.rating == kept.answer.rating:
                return
            self._ports.tickets.run(ticket.id, RecordRating(survey.id, kept.answer.rating), actor=actor)
        raise Unavailable("This survey is being answered at this moment; try again.")
