"""Who of a group gets a ticket: by turns, load, skill and acquaintance; and ten thousand tickets among forty people."""

import heapq
import random
from collections import Counter
from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.routing.assignment import Candidate, choose
from helpdesk.routing.model import AssignmentMethod, GroupAssignment
from helpdesk.tickets.model import Reason

LEAST_BUSY = GroupAssignment("support", AssignmentMethod.LEAST_BUSY)
BY_TURNS = GroupAssignment("support", AssignmentMethod.ROUND_ROBIN)
SKILLED = GroupAssignment("support", AssignmentMethod.SKILLS)

people = st.lists(
    st.builds(
        Candidate,
        st.sampled_from("abcdefgh"),
        st.integers(0, 5),
        st.integers(0, 6),
        st.booleans(),
        st.dictionaries(st.sampled_from(["language:ko", "language:en", "category:billing"]), st.integers(1, 5)),
    ),
    unique_by=lambda one: one.id,
    max_size=8,
)


@given(
    people,
    st.sampled_from(AssignmentMethod),
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from(["language:ko", "category:billing"]), unique=True),
    st.sampled_from([None, *"abcdefgh"]),
    st.integers(0, 1000),
)
def test_whoever_is_chosen_works_and_has_room_and_somebody_is_chosen_if_anybody_may_be(
    candidates: list[Candidate],
    method: AssignmentMethod,
    keep: bool,  # noqa: FBT001 - drawn
    anyone: bool,  # noqa: FBT001 - drawn
    needs: list[str],
    knows: str | None,
    turn: int,
) -> None:
    setting = GroupAssignment("support", method, keep, anyone)
    chosen, why = choose(setting, candidates, "ticket", needs=needs, knows=knows, turn=turn)
    free = {one.id: one for one in candidates if one.ready and one.open < one.capacity}
    if chosen is not None:
        assert chosen in free
        assert method is not AssignmentMethod.MANUAL
        if keep and knows in free:
            assert (chosen, why.code) == (knows, "knows_requester")
    elif method is AssignmentMethod.SKILLS and not anyone:
        known = {skill for one in candidates for skill in one.skills}
        asked = [skill for skill in needs if skill in known]
        assert not any(all(skill in one.skills for skill in asked) for one in free.values())
    else:
        assert method is AssignmentMethod.MANUAL or not free
    assert choose(setting, candidates, "ticket", needs=needs, knows=knows, turn=turn) == (chosen, why)


def test_a_group_that_gives_tickets_out_by_hand_gives_none() -> None:
    manual = GroupAssignment("support", AssignmentMethod.MANUAL)
    assert choose(manual, [Candidate("a", 5, 0)], "t")[1].code == "assigned_by_hand"


def test_turns_go_round() -> None:
    three = [Candidate(name, 100, 0) for name in "abc"]
    assert [choose(BY_TURNS, three, "t", turn=turn)[0] for turn in range(6)] == [*"abcabc"]


def test_equally_busy_people_get_equally_many() -> None:
    idle = [Candidate(name, 10, 0) for name in "abcd"]
    given_to = Counter(choose(LEAST_BUSY, idle, f"ticket {number}")[0] for number in range(2000))
    assert min(given_to.values()) > 430


@given(people)
def test_nobody_is_less_busy_than_who_is_chosen_whatever_the_order_they_are_read_in(
    candidates: list[Candidate],
) -> None:
    chosen, why = choose(LEAST_BUSY, candidates, "t")
    assert choose(LEAST_BUSY, candidates[::-1], "t") == (chosen, why)
    free = {one.id: one for one in candidates if one.ready and one.open < one.capacity}
    assert (chosen is None) == (not free)
    if chosen is not None:
        assert all(free[chosen].share <= one.share for one in free.values())


def test_who_stands_in_for_an_absent_owner_comes_first_if_they_can_take_it() -> None:
    busy, idle = Candidate("busy", 4, 3), Candidate("idle", 4, 0)
    assert choose(LEAST_BUSY, [busy, idle], "t", stands_in="busy") == ("busy", Reason("stands_in"))
    assert choose(LEAST_BUSY, [replace(busy, open=4), idle], "t", stands_in="busy")[0] == "idle"
    assert choose(LEAST_BUSY, [replace(busy, ready=False), idle], "t", stands_in="busy")[0] == "idle"


def test_load_is_measured_by_what_somebody_can_carry() -> None:
    assert choose(LEAST_BUSY, [Candidate("part time", 4, 2), Candidate("full time", 20, 9)], "t")[0] == "full time"


def test_the_skilled_are_asked_and_the_more_skilled_before_the_less() -> None:
    novice = Candidate("novice", 10, 0, skills={"language:ja": 1})
    expert = Candidate("expert", 10, 0, skills={"language:ja": 5})
    stranger = Candidate("stranger", 10, 0)
    chosen, why = choose(SKILLED, [novice, expert, stranger], "t", needs=["language:ja"])
    assert (chosen, why.code, why.params["level"]) == ("expert", "skilled", 5)
    busy = replace(expert, open=3)
    assert choose(SKILLED, [novice, busy, stranger], "t", needs=["language:ja"])[0] == "novice"


def test_where_the_skilled_are_full_the_ticket_waits_or_goes_to_anyone_as_is_wished() -> None:
    full = Candidate("expert", 1, 1, skills={"language:ja": 5})
    anyone = Candidate("anyone", 5, 0)
    strict = replace(SKILLED, otherwise_anyone=False)
    assert choose(SKILLED, [full, anyone], "t", needs=["language:ja"])[0] == "anyone"
    assert choose(strict, [full, anyone], "t", needs=["language:ja"])[1].code == "nobody_skilled"


def test_a_skill_that_nobody_has_holds_nothing_up() -> None:
    strict = replace(SKILLED, otherwise_anyone=False)
    assert choose(strict, [Candidate("a", 5, 0)], "t", needs=["product:new"])[0] == "a"


# --- ten thousand tickets --------------------------------------------------------------------------------------------

HOUR = 60
DAY = 24 * HOUR
LANGUAGES = ("ko", "ja", "en")


@dataclass
class Colleague:
    """Somebody of the simulation: eight hours a day from `begins` on, away on some days."""

    id: str
    capacity: int
    begins: int
    away: frozenset[int]
    skills: dict[str, int]
    open: int = 0
    taken: int = 0
    minutes: int = 0

    def works(self, minute: int) -> bool:
        day, of_day = divmod(minute, DAY)
        return day not in self.away and 0 <= (of_day - self.begins) % DAY < 8 * HOUR


@dataclass
class Office:
    """Forty people and a queue, minute by minute."""

    chance: random.Random
    setting: GroupAssignment
    staff: list[Colleague] = field(default_factory=list)
    queue: list[tuple[int, int, str]] = field(default_factory=list)
    running: list[tuple[int, int, Colleague]] = field(default_factory=list)
    longest: int = 0

    def hire(self) -> None:
        for number in range(40):
            first, second = LANGUAGES[number % 3], LANGUAGES[(number + 1 + number % 2) % 3]
            skills = {f"language:{first}": 5, f"language:{second}": 1 + number % 4}
            away = frozenset(self.chance.sample(range(14), 2))
            self.staff.append(
                Colleague(f"agent{number:02d}", 4 + 2 * (number % 3), (number % 8) * 3 * HOUR, away, skills)
            )

    def candidates(self, minute: int) -> list[Candidate]:
        return [Candidate(one.id, one.capacity, one.open, one.works(minute), one.skills) for one in self.staff]

    def drain(self, minute: int, numbers: random.Random) -> None:
        """Gives out what can be given, most urgent first: urgency, then age."""
        now = self.candidates(minute)
        places = {one.id: place for place, one in enumerate(now)}
        waiting: list[tuple[int, int, str]] = []
        for urgency, came, language in sorted(self.queue):
            chosen, _ = choose(self.setting, now, f"t{came}-{urgency}", needs=[f"language:{language}"])
            if chosen is None:
                waiting.append((urgency, came, language))
                fit = [
                    one for one in now if one.ready and one.open < one.capacity and f"language:{language}" in one.skills
                ]
                assert not fit, "nothing waits while a fit person is free"
                continue
            agent = self.staff[places[chosen]]
            assert agent.works(minute)
            agent.open, agent.taken = agent.open + 1, agent.taken + 1
            assert agent.open <= agent.capacity, "nobody is over capacity"
            now[places[chosen]] = replace(now[places[chosen]], open=agent.open)
            self.longest = max(self.longest, minute - came)
            heapq.heappush(self.running, (minute + numbers.randint(20, 160), agent.taken * 100 + places[chosen], agent))
        self.queue = waiting

    def finish(self, minute: int) -> None:
        while self.running and self.running[0][0] <= minute:
            heapq.heappop(self.running)[2].open -= 1


def test_ten_thousand_tickets_among_forty_people_are_spread_fairly_and_none_is_stuck() -> None:
    chance = random.Random(20)
    office = Office(chance, replace(SKILLED, otherwise_anyone=False))
    office.hire()
    days, tickets = 14, 10_000
    arrivals = sorted(chance.randrange(days * DAY) for _ in range(tickets))
    came = iter(arrivals)
    following = next(came, None)
    for minute in range(0, days * DAY + 2 * HOUR, 5):
        office.finish(minute)
        for one in office.staff:
            one.minutes += 5 * one.works(minute)
        while following is not None and following <= minute:
            office.queue.append((chance.randint(0, 3), following, chance.choices(LANGUAGES, (5, 3, 2))[0]))
            following = next(came, None)
        if office.queue:
            office.drain(minute, chance)

    assert sum(one.taken for one in office.staff) + len(office.queue) == tickets
    assert office.queue == []
    assert office.longest <= 2 * HOUR
    for first in LANGUAGES:  # what can be compared: people with the same first language
        peers = [one for one in office.staff if one.skills.get(f"language:{first}") == 5]
        rates = [one.taken / (one.minutes * one.capacity) for one in peers]
        mean = sum(rates) / len(rates)
        assert all(abs(rate - mean) <= 0.35 * mean for rate in rates), (
            first,
            [round(rate / mean, 2) for rate in rates],
        )
