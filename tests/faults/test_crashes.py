"""A function may die at any call it makes, before it or after. Done again, everything ends as if nothing had happened.

Each scenario is lived once undisturbed, then once for every AWS call of its function that changes anything. The process
dies for good (its memory is gone), and what started it starts it again, as AWS does.
"""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from helpdesk import bootstrap
from helpdesk.contracts.topology import AUTOMATION, AUTOMATION_CLOCK, INTAKE_MAIL, SLA_SWEEPER
from helpdesk.tickets.chain import verify
from tests.support.desk import ADMIN, AGENT, AGENT2, FIRST_RESPONSE_SECONDS, SURVEY_DELAY_SECONDS
from tests.support.raw_mails import a_mail, an_answer
from tests.support.wire import AwsCall, Crash, Dying, counting, deaths, observing
from tests.support.world import VISIBILITY, World, handler_of

ANN, BOB = "ann@example.com", "bob@example.com"
KEY = {"Idempotency-Key": "one"}

type Act = Callable[[], object]


def end_state(world: World) -> dict[str, Any]:
    """All that people could see, without ids that chance makes."""
    tickets = []
    for ticket_id in world.ticket_ids:
        ticket, events = world.ticket(ticket_id), world.events(ticket_id)
        assert verify(events, ticket.chain) is None
        published = {envelope["detail"]["id"] for envelope in world.published}
        assert {event.id for event in events} <= published, "no event is lost"
        tickets.append(
            {
                "subject": ticket.copies.subject,
                "requester": ticket.copies.requester_address,
                "status": ticket.status,
                "group": ticket.group,
                "assigned": ticket.assignee is not None,
                "rating": ticket.rating,
                "facts": [event.type for event in events],
                "messages": [(message.text, len(message.attachments)) for message in world.messages(ticket_id)],
                "asides": [
                    (one.closed, one.messages, one.last_by, aside(world, ticket_id, one.id)) for one in ticket.side
                ],
            }
        )
    items = world.items
    return {
        "tickets": tickets,
        "people": sorted(sort for _, sort in items if sort in {"PERSON", "ADDRESS"}),
        "load": sum(int(item["tally"]["N"]) for (_, sort), item in items.items() if sort == "LOAD"),
        "mails": sorted(json.loads(item["row"]["S"])["outcome"] for (_, sort), item in items.items() if sort == "MAIL"),
        "hits": {rule: hits.count for rule, hits in bootstrap.rule_traces().hits().items()},
        "dead": len(world.dead),
    }


def aside(world: World, ticket_id: str, side_id: str) -> list[tuple[str, int]]:
    """What was said in a side conversation."""
    found = bootstrap.ticket_store().side_messages(ticket_id, side_id, limit=100, position=None).items
    return [(message.text, len(message.attachments)) for message in found]


def letters(world: World) -> Counter[tuple[str, str]]:
    """Mails that left: to whom, and what kind."""
    kinds = {"/portal/survey/": "survey", "/portal/requests/": "request", "/tickets/": "notice"}
    found: Counter[tuple[str, str]] = Counter()
    for mail in world.sent:
        to = "an agent" if mail.to in {AGENT.address, AGENT2.address} else mail.to
        kind = next((name for part, name in kinds.items() if part in mail.text), "to third parties")
        found[to, "answer" if "An answer." in mail.text else kind] += 1
    return found


class Story:
    """One scenario: everything that leads up to the function's work, and the work itself, which can be begun again."""

    wait = timedelta(seconds=60)
    """Until AWS, or the caller, tries again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.act: Act = self.prepare()

    def prepare(self) -> Act:
        raise NotImplementedError


class OpeningByApi(Story):
    def prepare(self) -> Act:
        body = {"requester": {"email": ANN, "name": "Ann"}, "subject": "It stops", "body": "Since today."}
        return lambda: self.world.api("POST", "/v1/requests", body, headers=KEY).ok()


class OpeningAgainByApi(Story):
    """By somebody who is known."""

    def prepare(self) -> Act:
        self.world.open(ANN)
        self.world.settle()
        body = {"requester": {"email": ANN}, "subject": "Another", "body": "Since today."}
        return lambda: self.world.api("POST", "/v1/requests", body, headers=KEY).ok()


class ReplyingByApi(Story):
    def prepare(self) -> Act:
        opened = self.world.open(ANN)
        self.world.settle()
        path = f"/v1/requests/{opened['ticket']['id']}/messages"
        return lambda: self.world.api("POST", path, {"body": "More."}, token=opened["access_token"], headers=KEY).ok()


class AnsweringByApi(Story):
    def prepare(self) -> Act:
        ticket_id = self.world.open(ANN)["ticket"]["id"]
        self.world.settle()
        path = f"/v1/tickets/{ticket_id}/messages"
        body = {"body": "An answer.", "status": "pending"}
        return lambda: self.world.api("POST", path, body, agent=AGENT.id, headers=KEY).ok()


class MailFromSomebodyNew(Story):
    def prepare(self) -> Act:
        mail = a_mail(BOB, "It stops", "Since today.", name="Bob")
        for number in range(2):
            mail.add_attachment(b"abc", maintype="text", subtype="csv", filename=f"log{number}.csv")
        event = self.world.mail_event(self.world.store_mail(mail.as_bytes()))
        return lambda: handler_of(INTAKE_MAIL)(event, None)


class MailInAThread(Story):
    def prepare(self) -> Act:
        self.world.mail(a_mail(BOB, "It stops", "Since today.", name="Bob"))
        self.world.settle()
        mail = an_answer(self.world.sent_to(BOB)[0], BOB, "More.")
        event = self.world.mail_event(self.world.store_mail(mail.as_bytes()))
        return lambda: handler_of(INTAKE_MAIL)(event, None)


class AskingAside(Story):
    def prepare(self) -> Act:
        ticket_id = self.world.open(ANN)["ticket"]["id"]
        self.world.settle()
        path = f"/v1/tickets/{ticket_id}/side-conversations"
        body = {"to": [{"email": BOB}], "subject": "Delivery", "body": "An answer.", "status": "on_hold"}
        return lambda: self.world.api("POST", path, body, agent=AGENT.id, headers=KEY).ok()


class MailAside(Story):
    """A third party's answer, which brings in somebody new and opens what waits for it."""

    def prepare(self) -> Act:
        AskingAside(self.world).act()
        self.world.settle()
        mail = an_answer(self.world.sent_to(BOB)[-1], BOB, "On Tuesday.")
        mail["Cc"] = "kim@elsewhere.example"
        event = self.world.mail_event(self.world.store_mail(mail.as_bytes()))
        return lambda: handler_of(INTAKE_MAIL)(event, None)


class Publishing(Story):
    def prepare(self) -> Act:
        for number in range(6):
            self.world.open(f"a{number}@example.com")
        return self.world.publish


class Routing(Story):
    wait = VISIBILITY

    def prepare(self) -> Act:
        self.world.open(ANN)
        self.world.open(BOB)
        self.world.publish()
        return lambda: self.world.deliver("router")


class Acting(Story):
    """Rules that react to one event: two act on it, one of them by a note, an answer and a call."""

    wait = VISIBILITY

    def prepare(self) -> Act:
        write_rule(self.world, "tag", {"changes": {"tags": {"add": ["hot"]}}}, on=["opened"])
        write_rule(self.world, "answer", {"note": "Seen.", "reply": {"en": "We are at it."}}, on=["opened"], order=1)
        self.world.open(ANN)
        self.world.open(BOB)
        self.world.publish()
        return lambda: self.world.deliver(AUTOMATION.name)


class ActingInTime(Story):
    """Rules whose time has come for two tickets."""

    def prepare(self) -> Act:
        waiting = {"field": "created_at", "older_than": "1h"}
        actions = {"changes": {"priority": "urgent"}, "note": "An hour has passed."}
        write_rule(self.world, "hour", actions, kind="automation", conditions=waiting)
        self.world.open(ANN)
        self.world.open(BOB)
        self.world.settle()
        self.world.advance(minutes=61)
        return lambda: handler_of(AUTOMATION_CLOCK)({}, None)


def write_rule(world: World, rule_id: str, actions: dict[str, Any], **more: Any) -> None:
    """Switches a rule on."""
    rule = {"name": rule_id, "actions": actions, "enabled": True, **more}
    world.api("PUT", f"/v1/rules/{rule_id}", rule, agent=ADMIN.id).ok()
    world.restart()


class Sweeping(Story):
    def prepare(self) -> Act:
        self.world.open(ANN)
        self.world.open(BOB)
        self.world.settle()
        self.world.patch(self.world.ticket_ids[0], AGENT.id, status="solved").ok()
        self.world.settle()
        self.world.advance(days=6)
        return lambda: handler_of(SLA_SWEEPER)({}, None)


class Ticking(Story):
    """What the queue held back until its second."""

    wait = VISIBILITY

    def prepare(self) -> Act:
        self.world.open(ANN)
        self.world.settle()
        self.world.pass_time(seconds=FIRST_RESPONSE_SECONDS * 3 / 4)
        self.world.advance(seconds=FIRST_RESPONSE_SECONDS / 4 - 30)
        self.world.sweep()
        self.world.advance(seconds=31)
        return lambda: self.world.deliver("sla-ticker")


class Rating(Story):
    def prepare(self) -> Act:
        ticket_id = self.world.open(ANN)["ticket"]["id"]
        self.world.settle()
        self.world.patch(ticket_id, AGENT.id, status="solved").ok()
        self.world.pass_time(seconds=SURVEY_DELAY_SECONDS)
        path = "/v1/surveys/" + self.world.sent[-1].link("/portal/survey/").rpartition("/")[2]
        return lambda: self.world.api("POST", path, {"rating": 4, "comment": "Good."}).ok()


class Noticing(Story):
    """Acknowledging, and passing an agent's answer on."""

    wait = VISIBILITY

    def prepare(self) -> Act:
        ticket_id = self.world.open(ANN)["ticket"]["id"]
        self.world.settle()
        self.world.answer(
            ticket_id, AGENT2.id if self.world.ticket(ticket_id).assignee == AGENT.id else AGENT.id, "An answer."
        ).ok()
        self.world.open(BOB)
        self.world.publish()
        return lambda: self.world.deliver("notifier")


class NoticingAside(Story):
    """Passing on what third parties are asked, and telling of what they answered."""

    wait = VISIBILITY

    def prepare(self) -> Act:
        AskingAside(self.world).act()
        self.world.settle()
        self.world.mail(an_answer(self.world.sent_to(BOB)[-1], BOB, "On Tuesday."))
        ticket_id = self.world.ticket_ids[0]
        path = f"/v1/tickets/{ticket_id}/side-conversations/{self.world.ticket(ticket_id).side[0].id}/messages"
        self.world.api("POST", path, {"body": "An answer. Fine."}, agent=AGENT.id).ok()
        self.world.publish()
        return lambda: self.world.deliver("notifier")


class Asking(Story):
    wait = VISIBILITY

    def prepare(self) -> Act:
        ticket_id = self.world.open(ANN)["ticket"]["id"]
        self.world.settle()
        self.world.patch(ticket_id, AGENT.id, status="solved").ok()
        self.world.settle()
        self.world.advance(seconds=SURVEY_DELAY_SECONDS)
        self.world.sweep()
        self.world.publish()
        return lambda: self.world.deliver("survey")


def crashes(story: Story) -> list[tuple[str, Callable[[], None]]]:
    """Every crash there can be: where, and what lives through it."""
    world, go_back = story.world, story.world.checkpoint()
    with counting() as calls:
        story.act()
    go_back()

    def live_through(dying: Dying) -> Callable[[], None]:
        def run() -> None:
            go_back()
            with pytest.raises(Crash), observing(dying):
                story.act()
            world.restart()
            world.clock.now += story.wait
            story.act()
            world.settle()

        return run

    return [(where, live_through(dying)) for where, dying in deaths(calls)]


def undisturbed(story: Story) -> tuple[dict[str, Any], Counter[tuple[str, str]]]:
    go_back = story.world.checkpoint()
    story.act()
    story.world.settle()
    found = end_state(story.world), letters(story.world)
    go_back()
    return found


@pytest.mark.parametrize(
    "kind",
    [
        OpeningByApi,
        OpeningAgainByApi,
        ReplyingByApi,
        AnsweringByApi,
        MailFromSomebodyNew,
        MailInAThread,
        AskingAside,
        MailAside,
        Publishing,
        Routing,
        Acting,
        ActingInTime,
        Sweeping,
        Ticking,
        Rating,
    ],
)
def test_a_crash_at_any_call_leaves_nothing_undone_and_nothing_done_twice(world: World, kind: type[Story]) -> None:
    story = kind(world)
    expected = undisturbed(story)
    places = crashes(story)
    assert len(places) >= 2
    for where, live_through in places:
        live_through()
        assert (end_state(world), letters(world)) == expected, where


@pytest.mark.parametrize("kind", [Noticing, NoticingAside, Asking])
def test_a_crash_while_writing_mails_loses_no_answer_and_doubles_no_notice(world: World, kind: type[Story]) -> None:
    """Whether a mail left cannot be known after a crash: an agent's answer goes again, what the desk says itself does not."""
    story = kind(world)
    state, mails = undisturbed(story)
    for where, live_through in crashes(story):
        live_through()
        found = letters(world)
        for letter, count in mails.items():
            if letter[1] == "answer":
                assert count <= found[letter] <= count + 1, where
            else:
                assert count - 1 <= found[letter] <= count, where
        assert sum(mails.values()) - sum(found.values()) in {-1, 0, 1}, where
        if sum(found.values()) == sum(mails.values()):
            assert end_state(world) == state, where


def test_a_mail_that_can_never_be_dealt_with_waits_in_the_ledger(world: World) -> None:
    """Even if every attempt dies, the mail is in its bucket and its entry says that it came."""
    event = world.mail_event(world.store_mail(a_mail(BOB, "It stops", "Since today.").as_bytes()))

    def die(call: AwsCall, proceed: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        if call.name == "dynamodb.TransactWriteItems":
            raise Crash
        return proceed()

    for _ in range(3):
        with pytest.raises(Crash), observing(die):
            handler_of(INTAKE_MAIL)(event, None)
        world.restart()
    assert end_state(world)["mails"] == ["received"]
    handler_of(INTAKE_MAIL)(event, None)
    assert len(world.ticket_ids) == 1
