"""One ticket from the first word to the last, by each channel and in each language, through the real handlers."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.kernel.text import language_of
from helpdesk.sla.model import Metric
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import RatingRecorded, SlaBreached, SlaWarned, SurveyDue, SurveySent, TicketAssigned
from helpdesk.tickets.model import ActorKind, Channel, Copies, Status, Ticket
from helpdesk.tickets.rules import fold
from tests.support.desk import AGENT, AGENT2, CLOSE_AFTER_SECONDS, SUPERVISOR, SURVEY_DELAY_SECONDS
from tests.support.raw_mails import a_mail, an_answer
from tests.support.world import World

WARNED_AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 10:00 in Seoul + 3 of 4 business hours
BREACHED_AT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
REQUESTER = "minsu@example.com"


@dataclass(frozen=True)
class Words:
    language: str
    name: str
    subject: str
    body: str
    reply: str
    thanks: str


WORDS = (
    Words("en", "Ann Lee", "The printer stops", "It stops with error 0x8007.", "It is the blue one.", "Thank you!"),
    Words("ko", "김민수", "프린터가 멈춰요", "오류 0x8007이 나고 멈춥니다.", "파란색 프린터예요.", "감사합니다!"),
    Words("ja", "佐藤由紀", "プリンターが止まります", "エラー0x8007で止まります。", "青いほうです。", "ありがとう!"),
)


class Customer:
    """Somebody who writes by one channel and reads mail."""

    def __init__(self, world: World, words: Words) -> None:
        self.world, self.words = world, words

    def open(self) -> str:
        raise NotImplementedError

    def reply(self, text: str) -> None:
        raise NotImplementedError

    def token(self) -> str:
        """From the link in the acknowledgement."""
        return self.world.sent_to(REQUESTER)[0].link("/portal/requests/").partition("#t=")[2]


class ByApi(Customer):
    def open(self) -> str:
        words = self.words
        opened = self.world.open(
            REQUESTER, name=words.name, locale=words.language, subject=words.subject, body=words.body
        )
        return str(opened["ticket"]["id"])

    def reply(self, text: str) -> None:
        ticket_id = self.world.sent_to(REQUESTER)[0].link("/portal/requests/").partition("#")[0].rpartition("/")[2]
        self.world.api("POST", f"/v1/requests/{ticket_id}/messages", {"body": text}, token=self.token()).ok()


class ByMail(Customer):
    def open(self) -> str:
        words = self.words
        self.world.mail(a_mail(REQUESTER, words.subject, words.body, name=words.name))
        return self.world.ticket_ids[-1]

    def reply(self, text: str) -> None:
        newest = self.world.sent_to(REQUESTER)[-1]
        self.world.mail(an_answer(newest, REQUESTER, text))


def says(ticket: Ticket) -> Ticket:
    """A ticket without what folding leaves out."""
    return replace(ticket, copies=Copies())


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.language)
@pytest.mark.parametrize("channel", [ByApi, ByMail])
def test_a_ticket_lives_its_whole_life(world: World, channel: type[Customer], words: Words) -> None:
    customer = channel(world, words)

    # It comes in, is acknowledged in the requester's language, and is given to somebody, who is told.
    ticket_id = customer.open()
    world.settle()
    ticket = world.ticket(ticket_id)
    assert (ticket.number, ticket.language) == (1001, words.language)
    assert ticket.channel is (Channel.API if channel is ByApi else Channel.EMAIL)
    (acknowledgement,) = world.sent_to(REQUESTER)
    assert f"#{ticket.number}" in acknowledgement.subject
    assert words.subject in acknowledgement.subject
    assert language_of(acknowledgement.text.replace(words.subject, "").replace(words.name, "")) == words.language
    assert ticket.group == "support"
    assert ticket.assignee in {AGENT.id, AGENT2.id}
    agent = AGENT if ticket.assignee == AGENT.id else AGENT2
    (assigned,) = world.facts(ticket_id, TicketAssigned)
    assert [reason.code for reason in assigned.fact.because][-1] == "least_busy"
    assert len(world.sent_to(agent.address)) == 1

    # The link in the acknowledgement shows the request to its requester.
    seen = world.api("GET", f"/v1/requests/{ticket_id}", token=customer.token()).ok()
    assert [message["body_text"] for message in seen["messages"]] == [words.body]

    # Nobody answers: the warning and the breach are recorded once, at their computed instants, whenever it is noticed.
    world.clock.now = WARNED_AT + timedelta(seconds=42)
    world.sweep()
    world.clock.now = BREACHED_AT + timedelta(minutes=7)
    for _ in range(2):
        world.sweep()
        world.settle()
    (warned,) = world.facts(ticket_id, SlaWarned)
    assert (warned.fact.metric, warned.fact.warned_at) == (Metric.FIRST_RESPONSE, WARNED_AT)
    (breached,) = world.facts(ticket_id, SlaBreached)
    assert (breached.fact.metric, breached.fact.breached_at) == (Metric.FIRST_RESPONSE, BREACHED_AT)
    assert len(world.sent_to(SUPERVISOR.address)) == 1

    # Two answers each way; what is internal stays inside.
    world.answer(ticket_id, agent.id, "Which printer is it?").ok()
    world.answer(ticket_id, agent.id, "Perhaps the cable again.", visibility="internal").ok()
    world.settle()
    answer = world.sent_to(REQUESTER)[-1]
    assert "Which printer is it?" in answer.text
    customer.reply(words.reply)
    world.settle()
    assert world.ticket(ticket_id).status is Status.OPEN
    assert words.reply in world.sent_to(agent.address)[-1].text
    world.answer(ticket_id, agent.id, "Turn it off and on, please.").ok()
    world.settle()
    customer.reply(words.thanks)
    world.settle()
    conversation = world.api("GET", f"/v1/requests/{ticket_id}", token=customer.token()).ok()["messages"]
    assert [(one["author"]["kind"], one["body_text"]) for one in conversation] == [
        ("requester", words.body),
        ("agent", "Which printer is it?"),
        ("requester", words.reply),
        ("agent", "Turn it off and on, please."),
        ("requester", words.thanks),
    ]
    assert len(world.ticket_ids) == 1

    # Solved, asked an hour later, rated once. Looking at the survey records nothing.
    world.patch(ticket_id, agent.id, status="solved").ok()
    world.settle()
    letters = len(world.sent_to(REQUESTER))
    world.pass_time(seconds=SURVEY_DELAY_SECONDS - 60)
    assert len(world.sent_to(REQUESTER)) == letters
    world.pass_time(seconds=120)
    assert len(world.sent_to(REQUESTER)) == letters + 1
    world.pass_time(seconds=120)
    assert len(world.sent_to(REQUESTER)) == letters + 1
    assert len(world.facts(ticket_id, SurveyDue)) == len(world.facts(ticket_id, SurveySent)) == 1
    invitation = world.sent_to(REQUESTER)[-1]
    assert language_of(invitation.text.replace(words.subject, "").replace(words.name, "")) == words.language
    survey = "/v1/surveys/" + invitation.link("/portal/survey/").rpartition("/")[2]
    before = world.items
    assert world.api("GET", survey).ok()["state"] == "open"
    assert world.items == before
    world.api("POST", survey, {"rating": 4, "comment": words.thanks}).ok()
    assert world.api("GET", survey).ok()["rating"] == 4
    assert [event.fact.rating for event in world.facts(ticket_id, RatingRecorded)] == [4]
    shown = world.api("GET", f"/v1/tickets/{ticket_id}", agent=agent.id).ok()
    assert shown["rating"] == {"rating": 4, "comment": words.thanks}

    # It closes by itself. A later reply opens a ticket that follows it, with the same requester.
    world.pass_time(seconds=CLOSE_AFTER_SECONDS)
    closed = world.ticket(ticket_id)
    assert closed.status is Status.CLOSED
    customer.reply(words.reply)
    world.settle()
    follower = world.ticket(world.ticket_ids[-1])
    assert follower.id != ticket_id
    assert [(link.relation, link.ticket_id) for link in follower.links] == [("follows", ticket_id)]
    assert follower.requester_id == closed.requester_id

    # Its history holds, and is all that it takes to know how it stands.
    events = world.events(ticket_id)
    assert verify(events, closed.chain) is None
    assert says(fold(events)) == says(closed)
    assert {event.actor.kind for event in events} == set(ActorKind) - {ActorKind.THIRD_PARTY}  # nobody else is asked
    assert not re.search("example.com|0x8007|printer", "".join(map(str, world.published)))
