"""Tickets and conditions at random, so that each way of testing conditions can be held to the others."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from helpdesk.conditions.fields import CUSTOM, FIELDS, Field, Kind
from helpdesk.kernel.codec import Document, Plain
from helpdesk.sla.model import Metric
from helpdesk.tickets.model import (
    ActorKind,
    Channel,
    Content,
    LastMessage,
    Level,
    Priority,
    Snooze,
    Status,
    StatusCategory,
    TicketType,
    Visibility,
)
from helpdesk.tickets.views import ClockRow, TicketRow

NOW: Final = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
GROUPS: Final = ("support", "billing", "shipping")
AGENTS: Final = ("jiwoo", "daniel", "suki", "ada")
TAGS: Final = ("vip", "VIP", "outage", "환불", "beta")
WORDS: Final = ("Printer", "printer stops", "환불 요청", "請求書", "kim@example.com", "0x8007", "straße", "i")
IDS: Final[dict[str, tuple[str, ...]]] = {
    "custom_status": ("waiting_parts", "escalated"),
    "category": ("technical", "billing"),
    "product": ("p1", "p2"),
    "group": GROUPS,
    "assignee": AGENTS,
    "requester": tuple(f"r{number}" for number in range(5)),
    "organization": ("acme", "globex"),
    "sla_policy": ("standard", "gold"),
}


def a_row(chance: random.Random, number: int, now: datetime = NOW) -> TicketRow:
    """A ticket as lists show it; `number` is what it is known by."""

    def some[T](*values: T) -> T:
        return chance.choice(values)

    def moment(days: float = 20) -> datetime:
        whole = int(chance.uniform(-days, 0) * 86_400)
        return now + timedelta(seconds=whole) if chance.random() < 0.9 else now - timedelta(hours=2)

    status = some(*Status)
    done = status.category is StatusCategory.DONE
    last = LastMessage(moment(), some(*ActorKind), some(*Visibility), some(*WORDS)) if chance.random() < 0.9 else None
    fields: dict[str, Any] = {
        "order": some(None, "HB-1", "hb-2", 42, 42.0),
        "colours": some(None, [], ["red"], ["red", "Blue"]),
        "paid": some(None, True, False),
        "amount": some(None, 0, 9.5, 10, 11),
        "day": some(None, "2026-11-22", "2026-11-23", "2026-11-24"),
    }
    snooze = Snooze("jiwoo", some(None, now + timedelta(hours=1))) if chance.random() < 0.2 else None
    return TicketRow(
        id=f"01{number:024d}",
        number=number,
        subject=some(*WORDS),
        status=status,
        priority=some(*Priority),
        type=some(*TicketType),
        channel=some(*Channel),
        requester_id=some(*IDS["requester"]),
        created_at=moment(),
        updated_at=moment(),
        version=chance.randint(1, 9),
        category=some(None, *IDS["category"]),
        group=some(None, *GROUPS),
        assignee=some(None, *AGENTS),
        organization_id=some(None, *IDS["organization"]),
        requester_name=some(None, "Kim Minsu", "Straße"),
        requester_address=some(None, "kim@example.com"),
        tags=tuple(chance.sample(TAGS, chance.choice((0, 0, 1, 2)))),
        last_message=last,
        custom_status=some(None, *IDS["custom_status"]),
        impact=some(None, *Level),
        urgency=some(None, *Level),
        product=some(None, *IDS["product"]),
        fields={name: value for name, value in fields.items() if value is not None},
        policy_id=some(None, *IDS["sla_policy"]),
        clocks=tuple(_a_clock(chance, metric, now) for metric in Metric if chance.random() < 0.5),
        due_at=some(None, now + timedelta(hours=chance.randint(-50, 50))),
        snooze=snooze,
        solved_at=moment() if done else None,
        cleared=tuple(one for one in Content if done and chance.random() < 0.3),
        legal_hold=some(None, None, True),
    )


def _a_clock(chance: random.Random, metric: Metric, now: datetime) -> ClockRow:
    due = now + timedelta(minutes=chance.choice((-600, -1, 0, 1, 30, 60, 120, 121, 3000)))
    match chance.randrange(5):
        case 0:
            return ClockRow(metric, remaining_seconds=60)
        case 1:
            return ClockRow(metric, due_at=due, met_at=now)
        case 2:
            return ClockRow(metric, due_at=due, breached_at=due)
        case _:
            return ClockRow(metric, due_at=due)


def a_tree(chance: random.Random, depth: int = 3) -> Document:
    """Conditions as somebody might write them, over any field."""
    kind = chance.random()
    if depth == 0 or kind < 0.4:
        return a_leaf(chance)
    if kind < 0.5:
        return {"not": a_tree(chance, depth - 1)}
    inside: list[Plain] = [a_tree(chance, depth - 1) for _ in range(chance.choice((0, 1, 2, 2, 3)))]
    return {chance.choice(("all", "any")): inside}


def a_leaf(chance: random.Random) -> Document:
    """One comparison."""
    name = chance.choice([*FIELDS, *(f"{CUSTOM}{one}" for one in ("order", "colours", "paid", "amount", "day"))])
    if name.startswith(CUSTOM):
        return {"field": name, **_of_a_custom_field(chance)}
    field = FIELDS[name]
    if field.optional and chance.random() < 0.15:
        return {"field": name, "empty": chance.random() < 0.5}
    return {"field": name, **_of_a_field(chance, name, field)}


def _of_a_field(chance: random.Random, name: str, field: Field) -> Document:
    match field.kind:
        case Kind.FLAG:
            found: Document = {"is": chance.random() < 0.5}
        case Kind.TEXT:
            found = {"contains": _some(chance, ("printer", "환불", "STRASSE", "kim@", "x", "i"))}
        case Kind.PAST | Kind.FUTURE:
            length = chance.choice(("30m", "2h", "3d", "1w"))
            compared: tuple[Document, ...] = (
                {"within": length},
                {"older_than": length},
                {"before": chance.choice(("now", "now-3d", "now+2h", "2026-11-20T00:00:00Z"))},
                {"after": chance.choice(("now", "now-2h", "2026-11-23T10:00:00+09:00"))},
            )
            found = chance.choice(compared)
        case Kind.CLOCK if chance.random() < 0.4:
            found = {"breaches_within": chance.choice(("1m", "2h", "1d"))}
        case Kind.LABELS if chance.random() < 0.3:
            found = {"contains": _some(chance, ("v", "불", "zzz"))}
        case _:
            words = field.choices or (*IDS.get(name, ("vip", "Outage", "환불")), *field.stands_for, "nothing here")
            if field.optional:
                words = (*words, "none")
            found = {chance.choice(("is", "is", "is_not")): _some(chance, words)}
    return found


def _of_a_custom_field(chance: random.Random) -> Document:
    values: tuple[Plain, ...] = ("HB-1", "hb-2", 42, 42.0, "red", "blue", True, False, 10, "2026-11-23")
    compared: tuple[Document, ...] = (
        {"is": [*chance.sample(values, 2)]},
        {"is_not": [chance.choice(values)]},
        {"contains": ["b"]},
        {"empty": chance.random() < 0.5},
        {"before": "2026-11-23"},
        {"after": "2026-11-22"},
        {"at_least": 10},
        {"at_most": 9.5},
    )
    return chance.choice(compared)


def _some(chance: random.Random, words: tuple[str, ...]) -> list[Plain]:
    return [*chance.sample(words, chance.randint(1, min(3, len(words))))]
