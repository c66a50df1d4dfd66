"""The desk learns from what it solved: trained once a day, asked when a ticket comes in, corrected by hand, counted."""

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3
import pytest

from helpdesk import bootstrap
from helpdesk.contracts import topology
from helpdesk.contracts.table import triage_models_key
from helpdesk.tickets.facts import TicketCategoryChanged, TriageSuggested
from helpdesk.tickets.model import ROUTER
from tests.support.desk import ADMIN, AGENT, SUPERVISOR
from tests.support.solved import plant_past, words_about
from tests.support.world import FILES_BUCKET, World, a_world

A_BILL = "please could you refund the charge on my card since the invoice amount"


@cache
def _one_night() -> tuple[dict[str, Any], dict[str, bytes]]:
    """What training on 160 solved tickets writes: the models' item and files. Done once for all tests."""
    with a_world() as world:
        plant_past(world, 160)
        assert world.invoke(topology.TRAINER, {}) == {"model": 1, "fields": 4}  # all had one priority
        s3 = boto3.client("s3")
        names = [one["Key"] for one in s3.list_objects_v2(Bucket=FILES_BUCKET, Prefix="triage/")["Contents"]]
        files = {name: s3.get_object(Bucket=FILES_BUCKET, Key=name)["Body"].read() for name in names}
        key = triage_models_key()
        item = world.item(key.pk, key.sk)
        assert item is not None
        return item, files


@pytest.fixture
def learned() -> Iterator[World]:
    """A desk that has trained on 160 solved tickets."""
    item, files = _one_night()
    with a_world() as world:
        world.plant(item)
        for name, data in files.items():
            boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=name, Body=data)
        yield world
        assert world.dead == []


def _set(world: World, field: str, mode: str) -> None:
    world.api("PUT", f"/v1/triage-settings/{field}", {"mode": mode}, agent=ADMIN.id).ok()
    world.restart()  # other containers take it up within seconds


def _opened(world: World, body: str) -> str:
    ticket_id = world.open(subject="Hello", body=body)["ticket"]["id"]
    world.settle()
    return ticket_id


def test_a_new_ticket_is_taken_for_what_its_like_was_with_the_words_that_decided(learned: World) -> None:
    ticket_id = _opened(learned, A_BILL)
    shown = learned.api("GET", f"/v1/tickets/{ticket_id}/triage", agent=AGENT.id).ok()
    said = {one["field"]: one for one in shown["suggestions"]}
    assert said["category"]["value"] == "billing"
    assert said["category"]["confidence"] >= 0.9
    assert said["category"]["now"] is None
    assert not said["category"]["acted"]
    assert {"refund", "invoice"} & set(said["category"]["words"])
    assert said["group"]["value"] == "billing"
    assert learned.ticket(ticket_id).category is None


def test_history_says_what_was_suggested_without_a_word_of_it(learned: World) -> None:
    ticket_id = _opened(learned, A_BILL)
    (event,) = learned.facts(ticket_id, TriageSuggested)
    assert event.actor == ROUTER
    published = next(one for one in learned.published if one["detail-type"] == "TriageSuggested")
    assert "refund" not in str(published)


def test_where_it_may_act_it_sorts_and_routes_and_says_why(learned: World) -> None:
    _set(learned, "category", "act")
    ticket = learned.ticket(_opened(learned, A_BILL))
    assert (ticket.category, ticket.group, ticket.assignee) == ("billing", "billing", AGENT.id)
    (changed,) = learned.facts(ticket.id, TicketCategoryChanged)
    assert changed.fact.because[0].code == "triage"


def test_what_the_requester_chose_stands_whatever_the_words_say(learned: World) -> None:
    _set(learned, "category", "act")
    _set(learned, "group", "act")
    ticket_id = learned.open(subject="Hello", body=A_BILL, category="technical")["ticket"]["id"]
    learned.settle()
    ticket = learned.ticket(ticket_id)
    assert (ticket.category, ticket.group) == ("technical", "support")
    assert not any(one.acted for one in ticket.triage.suggestions)


def test_it_says_nothing_of_what_it_does_not_know(learned: World) -> None:
    ticket_id = _opened(learned, "우주에서 온 편지")
    shown = learned.api("GET", f"/v1/tickets/{ticket_id}/triage", agent=AGENT.id).ok()
    assert "category" not in {one["field"] for one in shown["suggestions"]}
    assert "category" in shown["abstained"]


def test_a_field_that_is_switched_off_is_not_looked_at(learned: World) -> None:
    for field in ("category", "group", "priority", "language", "sentiment", "spam"):
        _set(learned, field, "off")
    ticket = learned.ticket(_opened(learned, A_BILL))
    assert ticket.triage is None


def test_a_desk_that_has_solved_little_is_never_sure_and_says_what_it_learned_from(world: World) -> None:
    plant_past(world, 20)
    world.invoke(topology.TRAINER, {})
    items = world.api("GET", "/v1/triage-settings", agent=ADMIN.id).ok()["items"]
    category = next(one for one in items if one["field"] == "category")
    assert category["model"]["texts"] == 20
    assert category["model"]["seed"] > 300
    ticket_id = _opened(world, "우주에서 온 편지")
    shown = world.api("GET", f"/v1/tickets/{ticket_id}/triage", agent=AGENT.id).ok()
    said = {one["field"]: one["value"] for one in shown["suggestions"]}
    assert said["language"] == "ko"
    assert "category" in shown["abstained"]
    assert not {"upset", "spam"} & set(said.values())


def test_a_desk_without_models_routes_as_ever(world: World) -> None:
    ticket = world.ticket(_opened(world, A_BILL))
    assert ticket.triage is None
    assert ticket.assignee is not None


def test_a_model_that_is_damaged_or_gone_holds_nothing_up(learned: World) -> None:
    s3 = boto3.client("s3")
    s3.put_object(Bucket=FILES_BUCKET, Key="triage/000001/category.bin", Body=b"nonsense")
    s3.delete_object(Bucket=FILES_BUCKET, Key="triage/000001/group.bin")
    ticket = learned.ticket(_opened(learned, A_BILL))
    assert ticket.assignee is not None


def test_corrections_are_counted_and_learned_from(learned: World) -> None:
    _set(learned, "category", "act")
    plant_past(learned, 60)
    chance = random.Random(7)
    tickets = [_opened(learned, words_about("billing", chance)) for _ in range(3)]
    learned.patch(tickets[0], AGENT.id, category="technical").ok()
    learned.patch(tickets[1], AGENT.id, group="support", assignee=SUPERVISOR.id).ok()
    for ticket_id in tickets:
        learned.patch(ticket_id, AGENT.id, status="solved").ok()
    learned.settle()
    learned.invoke(topology.TRAINER, {})
    bootstrap.training().count_weeks()  # counting again counts nothing twice
    week = learned.api("GET", "/v1/reports/triage", agent=SUPERVISOR.id).ok()["items"][-1]
    figures = next(one for one in week["fields"] if one["field"] == "category")
    assert (week["week"], week["solved"]) == ("2026-W48", 3)
    assert figures["judged"] == 3
    assert (figures["acted"], figures["corrected"]) == (3, 1)
    assert figures["precision"] == pytest.approx(2 / 3)
    assert week["reassigned"] >= 1
    known = bootstrap.triage_models().current()
    assert known.number == 2
    assert known.fields["category"].corrected == 1


def test_what_can_be_wrong_with_a_setting_is_refused(world: World) -> None:
    world.api("PUT", "/v1/triage-settings/mood", {"mode": "act"}, agent=ADMIN.id).refused(404)
    world.api("PUT", "/v1/triage-settings/language", {"mode": "act"}, agent=ADMIN.id).refused(400)
    world.api("PUT", "/v1/triage-settings/category", {"mode": "act", "precision": 10}, agent=ADMIN.id).refused(400)
    world.api("GET", "/v1/tickets/01JDA8Z0W3E6Q1V7N5T9XKRB4C/triage", agent=AGENT.id).refused(404)
