"""A crowd of open tickets, to try how the desk feels with twenty thousand of them: `POST /_local/crowd {"tickets": 20000}`.

Some hundreds of them live by the desk's own rules; each of the others is one of those under another number, name and address
and with a chain of its own, so that all of them cost seconds and every one is as the desk would have written it.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from helpdesk.contracts import table as keys
from helpdesk.kernel.codec import canonical_json, from_document, to_document
from helpdesk.kernel.ids import derived_id
from helpdesk.people.model import Agent, Group, Person, Role
from helpdesk.platform.table import DocumentAttribute
from helpdesk.search.segment import Text
from helpdesk.search.tickets import ITSELF, words_of_ticket
from helpdesk.search.tokens import count_terms
from helpdesk.tickets.chain import event_document, hash_of
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import Status
from helpdesk.tickets.store import event_item, ticket_item
from helpdesk.tickets.views import TicketRow
from local.demo_desk import AGENT, AGENT2, MAIL_DOMAIN
from local.demo_past import TOPICS, Life, Past, Topic
from local.restore import Kept, kept_of, line_of

GROUP: Final = Group("field", "Field service")
"""Whose most of the tickets are: what else comes in goes to the demo desk's own agents, as before."""
COLLEAGUES: Final = 12
PATTERNS: Final = 200
DAYS: Final = 21
OWN_SHARE: Final = 0.03
"""Share of the tickets that the demo desk's agents have."""
_HOUR: Final = 3600
_FOUNDED: Final = datetime(2026, 1, 5, tzinfo=UTC)
_FAMILY: Final = {
    "ko": ("김", "이", "박", "최", "정", "강", "조", "윤", "장", "임"),
    "en": ("Adams", "Brown", "Clarke", "Davies", "Evans", "Foster", "Green", "Hughes", "Irving", "Jones"),
    "ja": ("佐藤", "鈴木", "伊藤", "山本", "加藤", "吉田", "山田", "佐々木", "松本", "井上"),
}
_GIVEN: Final = {
    "ko": ("민준", "서윤", "도윤", "하준", "지우", "수아", "예은", "시우", "지호", "채원"),
    "en": ("Alice", "Ben", "Chloe", "David", "Emma", "Frank", "Grace", "Harry", "Isla", "Jack"),
    "ja": ("蓮", "葵", "湊", "陽菜", "樹", "凛", "悠真", "結衣", "大翔", "紬"),
}
_NUMBER: Final = 987_654_321
"""Stands in a pattern for a ticket's own number; names and addresses of the kind likewise."""
_NAME: Final = "requester-of-the-pattern"
_ADDRESS: Final = "requester-of-the-pattern@customers.example"
_COLLEAGUE: Final = "colleague-of-the-pattern"
_EVENT: Final = "event-of-the-pattern"
_NOBODYS, _UNANSWERED, _ON_HOLD, _ANSWERED = 0.05, 0.2, 0.35, 0.8
"""Up to which share of the tickets nobody has them, nobody answered, a third party is waited for; from which on the requester replied."""


def colleagues() -> tuple[Agent, ...]:
    """Who works on the crowd. They have all they can take, so that nothing new goes to them."""
    names = [f"{_GIVEN['en'][at % 10]} {_FAMILY['en'][(at * 3 + 1) % 10]}" for at in range(COLLEAGUES)]
    return tuple(
        Agent(
            derived_id(_FOUNDED, "crowd", str(at)),
            name,
            f"field{at + 1}@{MAIL_DOMAIN}",
            Role.AGENT,
            (GROUP.id,),
            capacity=1,
        )
        for at, name in enumerate(names)
    )


def askers(now: datetime, first_number: int, tickets: int) -> dict[str, tuple[Person, ...]]:
    """Who asks, by language: each has ten tickets or so."""
    since = now - timedelta(days=DAYS + 60)
    count = max(1, tickets // 30)
    return {
        language: tuple(
            Person(
                derived_id(since, "crowd", language, str(first_number + at)),
                f"{language}{first_number + at}@crowd.example",
                language,
                since,
                _full_name(language, at),
            )
            for at in range(count)
        )
        for language in _FAMILY
    }


def _full_name(language: str, at: int) -> str:
    family, given = _FAMILY[language][at % 10], _GIVEN[language][at // 10 % 10]
    return {"ko": f"{family}{given}", "ja": f"{family} {given}"}.get(language, f"{given} {family}")


@dataclass(frozen=True, slots=True)
class _Sealed:
    """An event of a pattern, whose id and place in the chain others do not share.

    Attributes:
        line: its item, without the event itself.
        text: the event, as it is hashed.
        event: the same.
    """

    line: str
    text: str
    event: Event


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A life that others are made of.

    Attributes:
        kept: what would be kept of it.
        lines: its items but for events, together.
        row: as JSON.
        words: what the search finds it by, its messages left out.
        ids: those of its ticket and its messages, with the instants they are made of.
        colleague: who has it, if that is to be somebody of the crowd's colleagues.
        head: the end of its chain.
        due_pk: the index partition that it is due in, if it is.
    """

    kept: Kept
    events: tuple[_Sealed, ...]
    lines: str
    row: str
    words: str
    ids: dict[str, datetime]
    language: str
    colleague: str | None
    head: str
    due_pk: str | None


def crowd(rules: DeskRules, now: datetime, first_number: int, tickets: int) -> Iterator[Kept]:
    """Open tickets, the oldest first.

    Args:
        rules: the desk's.
        now: the present.
        first_number: of the first ticket; the others follow.
        tickets: how many.
    """
    known, staff = askers(now, first_number, tickets), colleagues()
    patterns = list(_patterns(rules, now, min(PATTERNS, tickets)))
    for at in range(tickets):
        pattern = patterns[at * len(patterns) // tickets]
        persons = known[pattern.language]
        yield _another(pattern, first_number + at, persons[at % len(persons)], staff[at % len(staff)])


def _patterns(rules: DeskRules, now: datetime, count: int) -> Iterator[_Pattern]:
    chance = random.Random(8)
    office = rules.newest_calendar("seoul")
    began = sorted(now - timedelta(seconds=chance.randrange(_HOUR, DAYS * 86_400)) for _ in range(count))
    for at in began:
        topic, own = chance.choice(TOPICS), chance.random() < OWN_SHARE
        topic = replace(topic, subject=f"{topic.subject} (HB-{_NUMBER})")
        person = Person(derived_id(at, "pattern"), _ADDRESS, topic.language, at, _NAME)
        stranger = Agent(derived_id(at, "colleague"), _COLLEAGUE, f"x@{MAIL_DOMAIN}", Role.AGENT, (GROUP.id,))
        colleague = chance.choice((AGENT, AGENT2)) if own else stranger
        life = Life(rules, office, chance, person, topic, colleague)
        _live(life, at, topic, chance, own=own)
        if life.at < now:
            life.settle(now)
        yield _pattern(life.past, topic.language, rules, None if own else stranger.id)


def _live(life: Life, began: datetime, topic: Topic, chance: random.Random, *, own: bool) -> None:
    """A request that is not over: most wait for the requester or somebody else, some for us, a few for somebody to take them."""
    life.open(began, _NUMBER)
    kind = chance.random()
    life.route("support" if own else GROUP.id, to_nobody=not own and kind < _NOBODYS)
    if kind < _UNANSWERED:
        return
    life.at += timedelta(seconds=chance.randrange(60, _HOUR))
    life.say(topic.answer, Status.ON_HOLD if kind < _ON_HOLD else Status.PENDING)
    if kind > _ANSWERED:
        life.at += timedelta(seconds=chance.randrange(60, _HOUR))
        life.hear(topic.thanks)


def _pattern(past: Past, language: str, rules: DeskRules, colleague: str | None) -> _Pattern:
    kept, ticket = kept_of(past, rules), past.ticket
    events = tuple(
        _Sealed(
            line_of(event_item(event)).replace(json.dumps(_stored(event), ensure_ascii=False), json.dumps(_EVENT)),
            canonical_json(event_document(event)).decode(),
            event,
        )
        for event in past.events
    )
    return _Pattern(
        kept=kept,
        events=events,
        lines="\n".join(kept.lines[: -len(events)]),
        row=msgspec.json.encode(to_document(kept.row)).decode(),
        words=words_of_ticket(ticket),
        ids={ticket.id: ticket.created_at} | {message.id: message.at for message in past.messages},
        language=language,
        colleague=colleague,
        head=ticket.chain,
        due_pk=ticket_item(ticket).due_pk,
    )


def _stored(event: Event) -> str:
    return DocumentAttribute().serialize(event_document(event))


def _another(pattern: _Pattern, number: int, person: Person, colleague: Agent) -> Kept:
    """A ticket like a pattern's, of somebody else."""
    before = pattern.kept
    ids = {one: derived_id(at, "crowd", str(number), str(place)) for place, (one, at) in enumerate(pattern.ids.items())}
    changed = {
        **ids,
        before.share.requester_id: person.id,
        _ADDRESS: person.address,
        _NAME: str(person.name),
        str(_NUMBER): str(number),
    }
    if pattern.colleague is not None:
        changed |= {pattern.colleague: colleague.id, _COLLEAGUE: colleague.name}
    ticket_id = ids[before.row.id]
    events, head = _chained(pattern.events, ticket_id, changed)
    lines = _renamed(pattern.lines, changed).replace(pattern.head, head)
    if pattern.due_pk is not None:
        lines = lines.replace(f'"{pattern.due_pk}"', f'"{keys.due_partition(keys.due_shard(ticket_id))}"')
    itself = Text(ticket_id, ITSELF, before.row.version, count_terms(_renamed(pattern.words, changed)))
    return replace(
        before,
        lines=(*lines.split("\n"), *events),
        row=from_document(TicketRow, msgspec.json.decode(_renamed(pattern.row, changed))),
        share=replace(before.share, requester_id=person.id),
        texts=(itself, *(replace(one, owner=ticket_id, part=ids[one.part]) for one in before.texts[1:])),
    )


def _renamed(text: str, changed: Mapping[str, str]) -> str:
    for old, new in changed.items():
        text = text.replace(old, new)
    return text


def _chained(events: Sequence[_Sealed], ticket_id: str, changed: Mapping[str, str]) -> tuple[list[str], str]:
    """The items of events in the same places, each sealed upon the one before, and the end of their chain."""
    lines = _renamed("\n".join(one.line for one in events), changed).split("\n")
    texts = _renamed("\n".join(one.text for one in events), changed).split("\n")
    made, prev = [], ""
    for line, text, one in zip(lines, texts, events, strict=True):
        event = one.event
        sealed = text.replace(event.id, derived_id(event.at, ticket_id, str(event.seq), prev))
        sealed = sealed.replace(f'"prev":"{event.prev}"', f'"prev":"{prev}"')
        made.append(line.replace(_EVENT, json.dumps(sealed, ensure_ascii=False)[1:-1]))
        prev = hash_of(sealed.encode())
    return made, prev
