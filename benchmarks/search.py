"""What searching costs: processor time at a thousand and at a hundred thousand texts, and what a message's index costs."""

import random
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Final

from benchmarks.meter import Reading, metering
from benchmarks.tables import table
from helpdesk import bootstrap
from helpdesk.contracts import topology
from helpdesk.search.fit import LEAST_FOUND, Fit
from helpdesk.search.index import Index
from helpdesk.search.segment import Segment, Text, build, merge
from helpdesk.search.tokens import count_terms
from helpdesk.search.upkeep import FOLD_AFTER_SECONDS, FOLD_FROM
from helpdesk.search.wanted import wanted
from tests.support.desk import AGENT
from tests.support.world import World, a_world

QUERIES: Final = 400
_WORDS: Final = 4000
"""Of each language. Their frequencies fall as those of natural languages do (Zipf)."""
_TITLES: Final = (
    "Change the delivery address",
    "프린터에 종이가 걸렸어요",
    "請求書を受け取る",
    "How long is the warranty?",
)
_ENDS: Final = {
    "ko": ("가", "를", "은", "에서", "으로", "이", "도", "하고", "입니다", "했어요", " 안 돼요", " 해 주세요", ""),
    "ja": ("が", "を", "は", "の", "に", "で", "できません", "してください", "について", "ですか", "しました"),
    "en": ("", "", "", " the", " to", " is", " of", " not", "s", " my", " and"),
}


def _vocabulary(language: str, chance: random.Random) -> list[str]:
    """Words of a language's letters, frequent letters more often: one to four syllables, or characters."""
    if language == "ko":
        letters = [chr(0xAC00 + chance.randrange(11_172)) for _ in range(900)]
    elif language == "ja":
        letters = [chr(0x4E00 + chance.randrange(6000)) for _ in range(900)]
        letters += [chr(code) for code in range(0x30A2, 0x30F4)]
    else:
        letters = [c + v + e for c in "bcdfghjklmnprstvw" for v in "aeiou" for e in ("", "n", "r", "s", "t", "l")]
    chance.shuffle(letters)
    weights = [1 / (place + 20) for place in range(len(letters))]
    return ["".join(chance.choices(letters, weights, k=chance.choice((1, 2, 2, 2, 3, 3, 4)))) for _ in range(_WORDS)]


def texts(count: int, words: tuple[int, int], seed: int = 7) -> Iterator[str]:
    """Texts as a help desk gets them, in Korean, Japanese and English, with codes that few others have."""
    made = random.Random(3)
    pools = {language: _vocabulary(language, made) for language in _ENDS}
    weights = list(accumulate(1 / (place + 3) for place in range(_WORDS)))
    chance = random.Random(seed)
    for number in range(count):
        language = chance.choice(("ko", "ja", "en"))
        picked = chance.choices(pools[language], cum_weights=weights, k=chance.randint(*words))
        ends = _ENDS[language]
        said = ("" if language == "ja" else " ").join(word + chance.choice(ends) for word in picked)
        own = f"{chance.choice('ABCDEFG')}{chance.choice('HJKLMN')}-{number % 40_000:05d}" if number % 3 == 0 else ""
        yield f"{said} {own}".strip()


def queries(count: int = QUERIES) -> list[str]:
    """What people type: one word, a few, a whole question, a code, a misspelt word."""
    chance = random.Random(11)
    found = []
    for text in texts(count, (3, 9), seed=13):
        kind = chance.random()
        if kind < 0.3:
            found.append(text.split()[0][:8])
        elif kind < 0.6:
            found.append(text[: chance.randint(6, 16)])
        elif kind < 0.9:
            found.append(text)
        else:
            word = text.split()[0]
            found.append(word[:2] + word[3:] if len(word) > 4 else word)
    return found


def _index(count: int, words: tuple[int, int]) -> tuple[Index, int, int]:
    """An index in segments as the desk's merges leave them, its bytes and the letters in it."""
    made, size, letters = Index(), 0, 0
    some: list[Text] = []
    segments = []
    for number, text in enumerate(texts(count, words)):
        letters += len(text)
        some.append(Text(f"{number:026d}", "m", 1, count_terms(text)))
        if len(some) == max(500, count // 8):
            segments.append(Segment(build(some)))
            some = []
    rest = [Segment(build(some))] if some else []
    half = len(segments) // 2
    first = merge(segments[:half], alive=[[True] * len(one) for one in segments[:half]]) if half > 1 else None
    parts = ([Segment(first), *segments[half:]] if first else segments) + rest
    made.update({f"{at:04d}": part for at, part in enumerate(parts)}, ())
    for part in parts:
        size += part.size
    return made, size, letters


def _percentiles(spent: list[float]) -> tuple[float, float]:
    spent.sort()
    return spent[len(spent) // 2], spent[len(spent) * 95 // 100]


def find_article(index: Index, query: str) -> None:
    """What an article search does beside reading the articles it names: ranks texts, and holds the question against them."""
    hits = index.rank(wanted((query,)), most=80, least_share=0.0).hits
    fit = Fit(index, query, [hit.owner for hit in hits], LEAST_FOUND)
    for place, owner in enumerate(fit.candidates):
        fit.of(owner, _TITLES[place % len(_TITLES)])


def find_ticket(index: Index, query: str) -> None:
    """What a ticket search does beside reading tickets."""
    index.rank(wanted((query,)), most=50)


def _speed(title: str, find: Callable[[Index, str], None], count: int, words: tuple[int, int]) -> list[object]:
    began = time.process_time()
    index, size, letters = _index(count, words)
    built = time.process_time() - began
    segments = index.segments
    began = time.process_time()
    Index(segments)
    loaded = 1000 * (time.process_time() - began)
    spent = []
    for query in queries():
        began = time.process_time()
        find(index, query)
        spent.append(1000 * (time.process_time() - began))
    p50, p95 = _percentiles(spent)
    return [title, count, letters // count, p50, p95, size / count, size / 1e6, loaded, 1000 * built / count]


def search() -> str:
    """The tables of search."""
    rows = [
        _speed("tickets", find_ticket, 1_000, (4, 12)),
        _speed("tickets", find_ticket, 100_000, (4, 12)),
        _speed("articles", find_article, 5_000, (60, 200)),
    ]
    head = ["texts", "number", "letters each", "p50 ms", "p95 ms", "bytes each", "MB", "load ms", "write ms each"]
    return (
        table("Search: processor time of a query", head, rows)
        + "\n"
        + table(
            "Search: what it asks of AWS", ["what", "table calls", "S3", "read units", "write units", "bytes"], _calls()
        )
    )


def _calls() -> list[list[object]]:
    with a_world() as world:
        first = world.open(subject="The printer stops", body=_LETTER)["ticket"]["id"]
        world.settle()
        world.api("GET", "/v1/search?q=printer", agent=AGENT.id).ok()
        opened = _indexing(world, lambda: world.open(subject="The printer stops", body=_LETTER))
        answered = _indexing(world, lambda: world.answer(first, AGENT.id, _LETTER))
        tagged = _indexing(world, lambda: world.patch(first, AGENT.id, tags=["vip"]))
        rows = [
            ["index a new ticket", *opened],
            ["index a message", *answered],
            ["index other tags", *tagged],
        ]
        for name, query in (
            ("search", "printer"),
            ("search with filters", "printer status:open"),
            ("search for a phrase", "%22the%20printer%22"),
        ):
            target = "/v1/search?q=" + query.replace(" ", "%20")
            with metering(world) as reading:
                world.api("GET", target, agent=AGENT.id).ok()
            rows.append([name, *_row(reading), None])
        with metering(world) as reading:
            world.api("GET", f"/v1/tickets/{first}/similar", agent=AGENT.id).ok()
        rows.append(["similar tickets", *_row(reading), None])
        with metering(world) as reading:
            world.invoke(topology.INDEX_KEEPER, {})
        rows.append(["upkeep, nothing to do", *_row(reading), None])
        indexer = bootstrap.ticket_indexer()
        while len(bootstrap.search_upkeep().segments.state().fresh) < FOLD_FROM:
            indexer.handle(world.events(first)[-1])
        world.advance(seconds=FOLD_AFTER_SECONDS)
        with metering(world) as reading:
            world.invoke(topology.INDEX_KEEPER, {})
        rows.append([f"upkeep of {FOLD_FROM} messages", *_row(reading), None])
        return rows


_LETTER: Final = (
    "Since this morning the printer on the third floor stops after every page and says 0x8007. 드라이버를 다시 설치했지만 "
    "같은 오류가 나옵니다. Could somebody have a look before noon? We have to print the invoices of October."
)


def _indexing(world: World, act: Callable[[], object]) -> list[object]:
    """What the indexer asks for, and the bytes it adds."""
    before = _bytes(world)
    act()
    world.publish()
    waiting = world.queues["indexer"]
    with metering(world) as reading:
        while waiting.messages:
            world.deliver("indexer")
    row = [*_row(reading), _bytes(world) - before]
    world.settle()
    return row


def _row(reading: Reading) -> list[object]:
    return [reading.table_calls, reading.others["s3"], reading.cost.reads, reading.cost.writes]


def _bytes(world: World) -> int:
    """Bytes of the index in the table."""
    del world
    return sum(len(one.data) for one in bootstrap.search_upkeep().segments.state().fresh)
