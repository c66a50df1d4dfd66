"""What a sweep asks of the table: nothing due, and fifty clocks due among a thousand and among twenty thousand tickets."""

from dataclasses import replace
from datetime import datetime, timedelta

from benchmarks.meter import Reading, metering
from benchmarks.tables import table
from helpdesk.contracts.table import DUE_SHARDS
from helpdesk.desk.rules import rules_of
from helpdesk.kernel.ids import derived_id
from helpdesk.tickets.commands import OpenTicket
from helpdesk.tickets.model import Actor, ActorKind, Channel, Ticket
from helpdesk.tickets.rules import decide
from helpdesk.tickets.store import ticket_item
from tests.support.desk import FIRST_RESPONSE_SECONDS, desk_for_tests
from tests.support.world import World, a_world

DUE = 50


def opened_at(now: datetime) -> Ticket:
    """An open ticket with running clocks."""
    person = derived_id(now, "person")
    command = OpenTicket(
        ticket_id=derived_id(now, "ticket"),
        number=1,
        requester_id=person,
        subject="The printer stops",
        message_id=derived_id(now, "message"),
        preview="Since this morning it stops with error 0x8007.",
        channel=Channel.API,
        language="en",
    )
    rules = rules_of(desk_for_tests())
    return decide(None, command, rules, actor=Actor(ActorKind.REQUESTER, person), now=now).ticket


def _plant(world: World, ticket: Ticket, count: int, label: str) -> None:
    for number in range(count):
        named = replace(ticket, id=derived_id(ticket.created_at, label, str(number)), number=number)
        world.plant(ticket_item(named).to_dynamodb_dict())


def _swept(open_tickets: int, due: int) -> tuple[Reading, dict[str, int]]:
    with a_world() as world:
        noon = world.clock.now + timedelta(hours=2)
        _plant(world, opened_at(world.clock.now), due, "due")
        _plant(world, opened_at(noon), open_tickets - due, "later")
        world.clock.now += timedelta(seconds=FIRST_RESPONSE_SECONDS * 3 // 4)  # the warning of those that came first
        with metering(world) as reading:
            swept = world.sweep()
        return reading, swept


def sweeps() -> str:
    """The table of sweeps."""
    rows: list[list[object]] = []
    for open_tickets, due in ((0, 0), (1_000, 0), (1_000, DUE), (20_000, DUE)):
        reading, swept = _swept(open_tickets, due)
        operations = {name.partition(".")[2]: count for name, count in sorted(reading.calls.items())}
        shown = ", ".join(f"{name} {count}" for name, count in operations.items())
        cost = reading.cost
        rows.append([open_tickets, due, swept["events"], cost.calls, shown, cost.reads, cost.writes])
    head = ["open tickets", "due", "events", "table calls", "of them", "read units", "write units"]
    note = (
        f"An idle sweep is {DUE_SHARDS} queries, one a shard, and nothing more. With something due, the configuration "
        "is read once, and each due ticket is read and written once."
    )
    return table("A sweep", head, rows, note)
