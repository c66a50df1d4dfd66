"""Rules through the front door: what admins write happens by itself, once, and each ticket tells why."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest

from helpdesk import bootstrap
from helpdesk.automation.model import Actions, Happening, Outcome, Rule, RuleKind
from helpdesk.contracts import topology
from helpdesk.desk.model import Plan
from helpdesk.macros.model import MacroChanges, TagChange
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import MessageAdded, SlaPolicyChosen, TicketPriorityChanged, TicketTagsChanged
from helpdesk.tickets.model import AUTOMATION, Priority, Status
from tests.support.desk import ADMIN, AGENT, SURVEY_DELAY_SECONDS, desk_for_tests
from tests.support.world import World, a_world

URGENT = Actions(changes=MacroChanges(priority=Priority.URGENT))
SAYS_URGENT = {"any": [{"field": "subject", "contains": ["urgent"]}, {"field": "message_text", "contains": ["urgent"]}]}


def a_rule(rule_id: str, actions: Actions, conditions: dict[str, Any] | None = None, **rest: Any) -> Rule:
    """A trigger on new tickets that is switched on."""
    made = Rule(rule_id, rule_id, on=(Happening.OPENED,), conditions=conditions or {}, actions=actions, enabled=True)
    return replace(made, **rest)


def tagging(*tags: str) -> Actions:
    return Actions(changes=MacroChanges(tags=TagChange(add=tags)))


def with_rules(*rules: Rule) -> AbstractContextManager[World]:
    """A desk that has them."""
    return a_world(replace(desk_for_tests(), rules={one.id: one for one in rules}))


def opened(world: World, email: str = "minsu@example.com", **fields: Any) -> str:
    """A ticket at rest."""
    ticket_id: str = world.open(email, **fields)["ticket"]["id"]
    world.settle()
    return ticket_id


def outcomes(ticket_id: str) -> list[dict[str, Outcome]]:
    """What became of rules on a ticket, event by event, oldest first."""
    traces = bootstrap.rule_traces().recent(ticket_id, limit=50)
    return [{one.rule: one.outcome for one in trace.verdicts} for trace in reversed(traces)]


def automatic(world: World, ticket_id: str) -> Sequence[str]:
    """Texts that rules wrote on a ticket, oldest first."""
    return [one.text for one in reversed(world.messages(ticket_id)) if one.author == AUTOMATION]


def test_a_trigger_changes_what_it_matches_and_history_names_it() -> None:
    with with_rules(a_rule("urgent-words", URGENT, SAYS_URGENT)) as world:
        ticket = opened(world, subject="Printer", body="This is URGENT, please.")
        other = opened(world, "other@example.com", subject="Printer", body="No hurry.")
        assert world.ticket(ticket).priority is Priority.URGENT
        assert world.ticket(other).priority is Priority.NORMAL
        (event,) = world.facts(ticket, TicketPriorityChanged)
        assert event.actor == AUTOMATION
        assert isinstance(event.fact, TicketPriorityChanged)
        assert [(one.code, one.params) for one in event.fact.because] == [("rule", {"rule": "urgent-words"})]
        assert verify(world.events(ticket), world.ticket(ticket).chain) is None
        (trace,) = bootstrap.rule_traces().recent(other, limit=5)
        assert [(one.outcome, one.where) for one in trace.verdicts] == [(Outcome.NOT_MATCHED, "/any")]


def test_a_bad_rating_opens_the_ticket_again_and_puts_a_task_on_it_once() -> None:
    actions = Actions(changes=MacroChanges(status=Status.OPEN), task="Call them back")
    bad = {"field": "rating", "is": ["1", "2"]}
    with with_rules(a_rule("sorry", actions, bad, on=(Happening.RATED,))) as world:
        ticket = opened(world)
        world.patch(ticket, AGENT.id, status="solved").ok()
        world.pass_time(seconds=SURVEY_DELAY_SECONDS)
        path = "/v1/surveys/" + world.sent[-1].link("/portal/survey/").rpartition("/")[2]
        for rating in (1, 2):
            world.api("POST", path, {"rating": rating}).ok()
            world.settle()
            assert world.ticket(ticket).status is Status.OPEN
        assert list(world.ticket(ticket).copies.tasks.values()) == ["Call them back"]


def test_events_that_come_again_in_any_order_are_answered_once() -> None:
    noting = a_rule("note", Actions(note="Seen for {{requester.name|them}}"), on=(Happening.OPENED, Happening.RATED))
    with with_rules(noting, a_rule("urgent-words", URGENT)) as world:
        ticket = opened(world)
        told = list(world.events(ticket))
        before = len(told)
        for event in [*reversed(told), *told]:
            bootstrap.automation(_raise).handle(event)
        world.settle()
        assert len(world.events(ticket)) == before
        assert len(automatic(world, ticket)) == 1
        assert bootstrap.rule_traces().hits()["note"].count == 1


def _raise(about: str, error: Exception) -> None:
    raise AssertionError(about) from error


def test_rules_that_undo_one_another_end_after_one_pass() -> None:
    both = (Happening.OPENED, Happening.SOLVED)
    up = a_rule("a-up", URGENT, {"field": "priority", "is_not": ["urgent"]}, on=both)
    down = a_rule(
        "b-down",
        Actions(changes=MacroChanges(priority=Priority.LOW)),
        {"field": "priority", "is": ["urgent"]},
        on=both,
    )
    with with_rules(up, down) as world:
        ticket = opened(world)
        assert world.ticket(ticket).priority is Priority.LOW
        assert len(world.facts(ticket, TicketPriorityChanged)) == 2
        world.settle()
        assert len(world.facts(ticket, TicketPriorityChanged)) == 2


def test_what_an_earlier_rule_did_is_there_for_a_later_one_and_stop_ends_it() -> None:
    first = a_rule("z-first", URGENT, order=1)
    second = a_rule("m-second", tagging("hot"), {"field": "priority", "is": ["urgent"]}, order=2, stop=True)
    third = a_rule("a-third", tagging("never"), order=3)
    with with_rules(third, second, first) as world:
        ticket = opened(world)
        assert world.ticket(ticket).tags == ("hot",)
        assert outcomes(ticket)[0] == {
            "z-first": Outcome.ACTED,
            "m-second": Outcome.ACTED,
            "a-third": Outcome.STOPPED,
        }


def test_a_reply_reaches_the_requester_with_its_places_filled_and_no_machine_is_answered() -> None:
    thanks = a_rule(
        "thanks", Actions(reply={"en": "Hello {{requester.first_name|there}}, #{{ticket.number}} is here."})
    )
    with with_rules(thanks) as world:
        ticket = opened(world, "ann@example.com", name="Ann Lee", locale="en")
        number = world.ticket(ticket).number
        assert automatic(world, ticket) == [f"Hello Ann, #{number} is here."]
        (mail,) = [one for one in world.sent_to("ann@example.com") if f"#{number} is here." in one.text]
        assert mail.mail["Auto-Submitted"] == "auto-replied"
        assert world.ticket(ticket).sla is not None
        assert world.ticket(ticket).status is Status.NEW
        world.mail(
            b"From: robot@example.org\r\nTo: support@desk.test\r\nSubject: Out of office\r\n"
            b"Message-ID: <1@example.org>\r\nAuto-Submitted: auto-generated\r\n\r\nI am a machine.\r\n"
        )
        world.settle()
        machines = [one for one in world.ticket_ids if world.ticket(one).automatic]
        assert all(automatic(world, one) == [] for one in machines)


def test_a_rule_that_names_what_is_gone_is_refused_and_says_so() -> None:
    with with_rules(a_rule("lost", Actions(changes=MacroChanges(group="gone")))) as world:
        ticket = opened(world)
        (trace,) = bootstrap.rule_traces().recent(ticket, limit=5)
        assert [(one.outcome, one.problem) for one in trace.verdicts] == [(Outcome.REFUSED, "invalid")]


def test_a_rules_group_wins_over_the_routers_and_the_router_finds_the_agent_in_it() -> None:
    with with_rules(a_rule("to-billing", Actions(changes=MacroChanges(group="billing")))) as world:
        ticket = world.ticket(opened(world))
        assert (ticket.group, ticket.assignee) == ("billing", AGENT.id)


def test_a_rule_chooses_an_sla_policy_until_another_lets_the_conditions_choose_again() -> None:
    desk = desk_for_tests()
    vip = replace(desk.policies[0], id="vip", conditions=replace(desk.policies[0].conditions, tags=("never",)))
    chosen = a_rule("vip", Actions(policy="vip"), {"field": "subject", "contains": ["vip"]})
    freed = a_rule("free", Actions(policy="none"), {"field": "tags", "is": ["plain"]}, on=(Happening.CHANGED,))
    desk = replace(desk, policies=(*desk.policies, vip), rules={"vip": chosen, "free": freed})
    with a_world(desk) as world:
        ticket, other = opened(world, subject="vip"), opened(world, "other@example.com")
        assert (world.ticket(ticket).sla.policy_id, world.ticket(other).sla.policy_id) == ("vip", desk.policies[0].id)
        (event,) = world.facts(ticket, SlaPolicyChosen)
        assert event.fact.because[0].params == {"rule": "vip"}
        world.patch(ticket, AGENT.id, priority="urgent").ok()
        world.settle()
        assert world.ticket(ticket).sla.policy_id == "vip"
        world.patch(ticket, AGENT.id, tags=["plain"]).ok()
        world.settle()
        assert world.ticket(ticket).sla.policy_id == desk.policies[0].id
        draft = {**DRAFT, "conditions": {}, "actions": {"sla_policy": "vip"}}
        tried = world.api("POST", "/v1/rules/preview", {"rule": draft}, agent=ADMIN.id).ok()
        assert all({"name": "sla_policy", "old": None, "new": "vip"} in one["changes"] for one in tried["items"])


def test_an_agents_doing_starts_triggers_and_a_rules_own_does_not() -> None:
    rule = a_rule("mark", tagging("moved"), {"field": "changed", "is": ["priority"]}, on=(Happening.CHANGED,))
    with with_rules(rule) as world:
        ticket = opened(world)
        assert world.ticket(ticket).tags == ()
        world.patch(ticket, AGENT.id, priority="high").ok()
        world.settle()
        assert world.ticket(ticket).tags == ("moved",)
        assert len(world.facts(ticket, TicketTagsChanged)) == 1


WAITING = {"all": [{"field": "waiting_on", "is": ["requester"]}, {"field": "last_message_at", "older_than": "3d"}]}


def test_an_automation_acts_when_its_time_has_come_and_again_only_after_somebody_wrote() -> None:
    reminder = Rule(
        "remind", "remind", RuleKind.AUTOMATION, (), WAITING, Actions(note="Three days of silence."), enabled=True
    )
    with with_rules(reminder) as world:
        ticket = opened(world)
        idle = opened(world, "other@example.com")
        world.answer(ticket, AGENT.id, "Which printer?", status="pending").ok()
        world.settle()
        assert world.invoke(topology.AUTOMATION_CLOCK, {})["acted"] == 0
        world.pass_time(days=3, minutes=1)
        assert world.invoke(topology.AUTOMATION_CLOCK, {})["acted"] == 1
        world.pass_time(days=4)
        assert world.invoke(topology.AUTOMATION_CLOCK, {})["acted"] == 0
        assert automatic(world, ticket) == ["Three days of silence."]
        assert automatic(world, idle) == []
        world.answer(ticket, AGENT.id, "Hello?").ok()
        world.settle()
        world.pass_time(days=3, minutes=1)
        assert world.invoke(topology.AUTOMATION_CLOCK, {})["acted"] == 1


def test_without_rules_nothing_is_read_of_a_ticket_and_nothing_is_written() -> None:
    with with_rules() as world:
        ticket = opened(world)
        assert outcomes(ticket) == []
        assert not world.facts(ticket, MessageAdded)
        assert world.invoke(topology.AUTOMATION_CLOCK, {}) == {"tickets": 0, "acted": 0}


DRAFT = {
    "name": "Urgent words",
    "on": ["opened"],
    "conditions": SAYS_URGENT,
    "actions": {"changes": {"priority": "urgent"}, "note": "{{requester.name|Somebody}} is in a hurry."},
}


def test_an_admin_writes_a_rule_tries_it_switches_it_on_and_an_agent_sees_why() -> None:
    with with_rules() as world:
        before = opened(world, subject="Urgent: no paper")
        opened(world, "other@example.com")
        tried = world.api("POST", "/v1/rules/preview", {"rule": DRAFT}, agent=ADMIN.id).ok()
        assert (tried["looked"], tried["matched"]) == (2, 1)
        (effect,) = tried["items"]
        assert effect["ticket_id"] == before
        assert {"name": "priority", "old": "normal", "new": "urgent"} in effect["changes"]
        assert effect["notes"] == ["Somebody is in a hurry."]
        assert tried["misses"] == [{"where": "/any", "field": None, "tickets": 1}]
        assert world.ticket(before).priority is Priority.NORMAL

        saved = world.api("PUT", "/v1/rules/urgent-words", {**DRAFT, "enabled": True}, agent=ADMIN.id).ok()
        assert (saved["version"], saved["hits"], saved["conditions"]) == (1, 0, SAYS_URGENT)
        ticket = opened(world, "third@example.com", subject="URGENT")
        bootstrap.kept_desk()._kept = (time.monotonic(), desk_for_tests())  # has not heard of it
        traces = world.api("GET", f"/v1/tickets/{ticket}/rules", agent=AGENT.id).ok()
        (verdict,) = traces["items"][-1]["rules"]
        assert (verdict["rule_id"], verdict["name"], verdict["outcome"]) == ("urgent-words", "Urgent words", "acted")
        (listed,) = world.api("GET", "/v1/rules", agent=AGENT.id).ok()["items"]
        assert (listed["hits"], listed["last_hit_at"] is not None) == (1, True)


GOLD = {"name": "Hanbit", "domains": ["hanbit.example"], "plan": "gold", "tags": ["VIP"], "fields": {"seats": 500}}
OF_GOLD = {
    "all": [
        {"field": "organization_plan", "is": ["gold"]},
        {"field": "organization_domains", "contains": ["hanbit"]},
        {"field": "organization_tags", "is": ["vip"]},
        {"field": "organization_fields/seats", "at_least": 100},
        {"field": "organization_name", "contains": ["hanbit"]},
        {"field": "organization_group", "empty": True},
        {"not": {"field": "requester_tags", "is": ["test"]}},
        {"field": "requester_language", "is": ["en", "ko"]},
        {"field": "requester_fields/seat", "empty": True},
    ]
}


def test_a_rule_asks_for_the_organizations_plan_domains_tags_and_fields_and_so_does_its_preview() -> None:
    plans = {"gold": Plan("gold", {"en": "Gold"})}
    late = Rule("late", "late", RuleKind.AUTOMATION, (), OF_GOLD, tagging("waited"), enabled=True)
    rules = {one.id: one for one in (a_rule("gold", URGENT, OF_GOLD), late)}
    with a_world(replace(desk_for_tests(), plans=plans, rules=rules)) as world:
        organization = world.api("POST", "/v1/organizations", GOLD, agent=ADMIN.id).ok()
        theirs, other = opened(world, "minsu@hanbit.example"), opened(world, "ann@example.com")
        assert [world.ticket(one).priority for one in (theirs, other)] == [Priority.URGENT, Priority.NORMAL]
        tried = world.api("POST", "/v1/rules/preview", {"rule": {**DRAFT, "conditions": OF_GOLD}}, agent=ADMIN.id).ok()
        assert [one["ticket_id"] for one in tried["items"]] == [theirs]
        assert tried["misses"] == [{"where": "/all/0", "field": "organization_plan", "tickets": 1}]
        assert world.invoke(topology.AUTOMATION_CLOCK, {})["acted"] == 1
        assert (world.ticket(theirs).tags, world.ticket(other).tags) == (("waited",), ())
        seen = {"If-Match": f'"{organization["version"]}"'}
        at = f"/v1/organizations/{organization['id']}"
        world.api("PATCH", at, {"plan": ""}, agent=ADMIN.id, headers=seen).ok()
        world.restart()
        assert world.ticket(opened(world, "minsu@hanbit.example")).priority is Priority.NORMAL


def test_two_admins_do_not_overwrite_one_another() -> None:
    with with_rules() as world:
        world.api("PUT", "/v1/rules/one", DRAFT, agent=ADMIN.id).ok()
        seen = {"If-Match": '"1"'}
        world.api("PUT", "/v1/rules/one", {**DRAFT, "name": "Mine"}, agent=ADMIN.id, headers=seen).ok()
        world.api("PUT", "/v1/rules/one", {**DRAFT, "name": "Yours"}, agent=ADMIN.id, headers=seen).refused(409)
        world.api("DELETE", "/v1/rules/one", agent=ADMIN.id, headers=seen).refused(409)
        world.api("DELETE", "/v1/rules/one", agent=ADMIN.id, headers={"If-Match": '"2"'}).ok()
        assert world.api("GET", "/v1/rules", agent=AGENT.id).ok()["items"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"on": []}, "/on"),
        ({"on": ["time"]}, "/on"),
        ({"kind": "automation"}, "/on"),
        ({"kind": "automation", "on": [], "conditions": {}}, "/conditions"),
        ({"conditions": {"all": [{"field": "colour", "is": ["red"]}]}}, "/conditions/all/0/field"),
        ({"conditions": {"field": "group", "is": ["gone"]}}, "/conditions/is/0"),
        ({"conditions": {"field": "organization_plan", "is": ["gone"]}}, "/conditions/is/0"),
        ({"conditions": {"field": "organization_fields/", "is": ["x"]}}, "/conditions/field"),
        ({"conditions": {"not": {"any": []}}}, "/conditions/not/any"),
        ({"conditions": {"field": "assignee", "is": ["me"]}}, "/conditions"),
        ({"actions": {}}, "/actions"),
        ({"actions": {"changes": {"group": "gone"}}}, "/actions/changes/group"),
        ({"actions": {"changes": {"assignee": "me"}}}, "/actions/changes/assignee"),
        ({"actions": {"reply": {"en": "{{nobody}}"}}}, "/actions/reply/en"),
        ({"actions": {"sla_policy": "gone"}}, "/actions/sla_policy"),
        ({"actions": {"macro_id": "01M82YNFM03T0VEHTT71HEQEM0"}}, "/actions/macro_id"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_with_its_place(world: World, change: dict[str, Any], pointer: str) -> None:
    answer = world.api("PUT", "/v1/rules/bad", {**DRAFT, **change}, agent=ADMIN.id).refused(400)
    assert pointer in answer.pointers, answer.raw


def test_a_preview_names_conflicts_and_loops() -> None:
    calm = a_rule(
        "calm",
        Actions(changes=MacroChanges(priority=Priority.NORMAL)),
        {"field": "priority", "is": ["urgent"]},
        on=(Happening.OPENED, Happening.CHANGED),
        order=9,
    )
    draft = {**DRAFT, "conditions": {"field": "priority", "is_not": ["urgent"]}, "on": ["opened", "changed"]}
    with with_rules(calm) as world:
        opened(world)
        (effect,) = world.api("POST", "/v1/rules/preview", {"rule": draft, "id": "hurry"}, agent=ADMIN.id).ok()["items"]
        assert effect["conflicts"] == [{"rule_id": "calm", "name": "priority"}]
        assert sorted(effect["loop"]) == ["calm", "hurry"]
