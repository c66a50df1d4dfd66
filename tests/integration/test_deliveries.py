"""Queues deliver in any order, late and more than once. The desk ends as it would have, and nobody is written to twice."""

import random
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.tickets.chain import verify
from tests.support.desk import AGENTS, CLOSE_AFTER_SECONDS, SURVEY_DELAY_SECONDS
from tests.support.raw_mails import a_mail, an_answer
from tests.support.world import Mischief, World, a_world

COLLEAGUES = {agent.address: f"a {agent.role}" for agent in AGENTS}


def some_weeks(world: World, mischief: Mischief | None) -> None:
    """Two tickets live side by side."""
    first = world.open("ann@example.com", subject="One", body="One body")["ticket"]["id"]
    world.mail(a_mail("bob@example.com", "Two", "Two body"))
    second = next(found for found in world.ticket_ids if found != first)
    world.settle(mischief)
    for ticket_id in (first, second):
        world.answer(ticket_id, "daniel", "An answer").ok()
    world.settle(mischief)
    world.mail(an_answer(world.sent_to("bob@example.com")[0], "bob@example.com", "A reply"))
    world.patch(first, "daniel", category="billing").ok()
    world.settle(mischief)
    world.advance(days=9)
    world.sweep()
    world.settle(mischief)
    for ticket_id in (first, second):
        world.patch(ticket_id, "daniel", status="solved").ok()
    world.advance(seconds=SURVEY_DELAY_SECONDS)
    world.sweep()
    world.settle(mischief)
    world.advance(seconds=CLOSE_AFTER_SECONDS)
    world.sweep()
    world.settle(mischief)


def end_state(world: World) -> dict[str, Any]:
    """How things stand, told without the ids that chance makes and without who of two equals got a ticket."""
    tickets = []
    for ticket_id in world.ticket_ids:
        ticket = world.ticket(ticket_id)
        events = world.events(ticket_id)
        assert verify(events, ticket.chain) is None
        tickets.append(
            {
                "number": ticket.number,
                "status": ticket.status,
                "group": ticket.group,
                "assigned": ticket.assignee is not None,
                "facts": Counter(event.type for event in events),
                "messages": [message.text for message in world.messages(ticket_id)],
                "surveyed": ticket.survey_id is not None,
            }
        )
    loads = [int(item["tally"]["N"]) for (_, sort), item in world.items.items() if sort == "LOAD"]
    return {
        "tickets": sorted(tickets, key=lambda ticket: ticket["number"]),
        "mails": Counter((COLLEAGUES.get(mail.to, mail.to), mail.subject) for mail in world.sent),
        "load": sum(loads),
        "lightest": min(loads, default=0),
        "dead": len(world.dead),
    }


def calm() -> dict[str, Any]:
    with a_world() as world:
        some_weeks(world, None)
        return end_state(world)


def test_any_order_and_repetition_of_deliveries_ends_in_the_same_state() -> None:
    expected = calm()
    assert expected["dead"] == expected["load"] == 0
    assert sum(expected["mails"].values()) > 8

    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(seed=st.integers(0, 2**32), repeats=st.sampled_from([0.0, 0.3, 0.6]))
    def same(seed: int, repeats: float) -> None:
        with a_world() as world:
            some_weeks(world, Mischief(random.Random(seed), repeats))
            assert end_state(world) == expected

    same()


def kept(world: World) -> dict[tuple[str, str], object]:
    """All items but the search's newest texts: they lie there again until the next merge finds them known."""
    return {key: item for key, item in world.items.items() if not key[0].startswith("SEARCH#")}


def test_playing_all_events_again_changes_nothing_and_writes_to_nobody(world: World) -> None:
    some_weeks(world, None)
    items, letters = kept(world), len(world.sent)
    events = list(world.published)
    random.Random(7).shuffle(events)
    world.restart()
    world.replay(events)
    world.settle(Mischief(random.Random(8)))
    assert len(world.sent) == letters
    assert kept(world) == items
