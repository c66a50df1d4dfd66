"""What business time and living a past once more cost in CPU: single calculations, and a replay of many tickets."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from benchmarks.tables import table
from helpdesk.desk.rules import rules_of
from helpdesk.kernel.ids import derived_id
from helpdesk.sla.calendars import compile_calendar, to_ms
from helpdesk.sla.compliance import Period, compare
from helpdesk.sla.model import BusinessCalendar, Window
from helpdesk.tickets.chain import event_document, event_from_json
from helpdesk.tickets.commands import AddMessage, ChangeTicket, OpenTicket, RouteTicket, Tick
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import ROUTER, SWEEPER, Actor, ActorKind, Channel, Priority, Reason, Status, Visibility
from helpdesk.tickets.rules import decide
from tests.support.desk import desk_for_tests

TICKETS = 1_000
CALCULATIONS = 20_000
_LUNCH = ((Window(540, 720), Window(780, 1080)),) * 5 + ((), ())
_BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
_PERSON, _AGENT = Actor(ActorKind.REQUESTER, "person"), Actor(ActorKind.AGENT, "jiwoo")


def _history(number: int, chance: random.Random) -> list[Event]:
    """A usual life: opened, routed, answered twice with a pause, perhaps raised, solved, closed: some twenty events."""
    rules = rules_of(desk_for_tests())
    now = _BEGIN + timedelta(minutes=chance.randrange(43_000))
    ticket_id = derived_id(now, "ticket", str(number))
    priority = chance.choice(list(Priority))
    opening = OpenTicket(
        ticket_id, number, "person", "A subject", f"m{number}", "Text", Channel.WEB, "en", priority=priority
    )
    decision = decide(None, opening, rules, actor=_PERSON, now=now)
    events = list(decision.events)
    answer = AddMessage("a", _AGENT, Visibility.PUBLIC, Channel.WEB, "Text", status=Status.PENDING)
    reply = AddMessage("b", _PERSON, Visibility.PUBLIC, Channel.WEB, "Text")
    steps = [
        (RouteTicket("support", "jiwoo", (Reason("least_busy"),)), ROUTER, 0.02),
        (answer, _AGENT, 5),
        (reply, _PERSON, 20),
        (ChangeTicket(priority=chance.choice(list(Priority))), _AGENT, 1),
        (answer, _AGENT, 8),
        (reply, _PERSON, 10),
        (ChangeTicket(status=Status.SOLVED), _AGENT, 12),
        (Tick(), SWEEPER, 120),
    ]
    for command, actor, hours in steps:
        now += timedelta(hours=hours * chance.uniform(0.2, 2))
        for wish, who in ((Tick(), SWEEPER), (command, actor)):
            decision = decide(decision.ticket, wish, rules, actor=who, now=now)
            events += decision.events
    return events


def _microseconds(count: int, work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) / count * 1e6


def clocks() -> str:
    """The table of clocks."""
    chance = random.Random(1)
    seoul = compile_calendar(BusinessCalendar("s", "Seoul", "Asia/Seoul", _LUNCH, holiday_country="KR"))
    start, ten_years = to_ms(datetime(2020, 1, 1, tzinfo=UTC)), 3650 * 86_400_000
    pairs = [(start + chance.randrange(ten_years), start + chance.randrange(ten_years)) for _ in range(CALCULATIONS)]
    for year in range(2019, 2042):  # laid out once a container
        seoul.open_ms_between(to_ms(datetime(year, 1, 1, tzinfo=UTC)), to_ms(datetime(year, 12, 1, tzinfo=UTC)))
    between = _microseconds(CALCULATIONS, lambda: [seoul.open_ms_between(min(pair), max(pair)) for pair in pairs])
    after = _microseconds(CALCULATIONS, lambda: [seoul.instant_after(a, abs(b - a) // 5) for a, b in pairs])
    histories = [_history(number, chance) for number in range(TICKETS)]
    stored = [[msgspec.json.encode(event_document(event)) for event in events] for events in histories]
    count = sum(map(len, stored))
    rules, period = rules_of(desk_for_tests()), Period(_BEGIN, _BEGIN + timedelta(days=60))

    def replay() -> None:
        read = ([event_from_json(line) for line in lines] for lines in stored)
        compare(read, rules, rules, period)

    a_ticket = _microseconds(TICKETS, replay)
    rows: list[list[object]] = [
        ["business time between two instants up to ten years apart", f"{between:.1f} µs"],
        ["the instant after an amount of business time, up to two years of it", f"{after:.1f} µs"],
        [f"replay of a ticket ({count / TICKETS:.0f} events): read, as recorded, as drafted", f"{a_ticket:.0f} µs"],
        ["100,000 such tickets on one core", f"{a_ticket / 10:.0f} s"],
    ]
    note = "The aims: 20 µs a calculation, two minutes for the replay."
    return table("Clocks", ["what", "CPU"], rows, note)
