"""Ranks texts: BM25 over segments, bounded in what a search may cost however large the index is.

Terms that tell something are counted rare ones first, text by text; what is too frequent to be worth that, and single
letters of longer words, are only looked up for the best candidates. What is found is an owner (a ticket, an article);
of several texts of one owner each term counts where it weighs most.
"""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log
from operator import itemgetter
from typing import Final

from helpdesk.search.lookalikes import lookalikes
from helpdesk.search.segment import Postings, Segment
from helpdesk.search.wanted import WantedTerm

K1: Final = 0.5
"""How soon repetition stops to count. Low: a question's words rarely occur twice in what answers it."""
B: Final = 0.75
"""How much long texts are held back."""
COUNTED_AT_MOST: Final = 20_000
"""Occurrences that one search counts text by text."""
CANDIDATES: Final = 300
"""Owners for which what was too frequent is looked up."""
LOOKALIKES_OF: Final = 8
"""Words of a search that others may stand in for: looking for those costs more than the words themselves."""
_LOOKALIKES_REMEMBERED: Final = 500
"""Words whose lookalikes are known until the index changes: who types on asks for the same ones again and again."""
_WORTH_REMEMBERING: Final = 250
_REMEMBERED_AT_MOST: Final = 500_000
"""Occurrences of a segment's terms that are kept as they were read: four bytes each."""
LEAST_SHARE: Final = 0.12
"""Of the weight of all that was asked for: who has less is not shown."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An owner that was found."""

    owner: str
    score: float


class _Shelf:
    """A segment with what searching it needs: its owners' numbers in the whole index, and how much each text weighs."""

    def __init__(self, segment: Segment, owners: dict[str, int]) -> None:
        self.segment = segment
        numbers = [owners.setdefault(owner, len(owners)) for owner in segment.owners]
        self.owner_of = array("I", [numbers[owner] for owner in segment.owner_of])
        self.first: dict[int, int] = {}
        for text in range(len(segment) - 1, -1, -1):
            self.first[self.owner_of[text]] = text
        self.places = {key: text for text, key in enumerate(segment.keys)}
        self.dead: set[int] = set()
        self.weights: list[float] = []
        self._average = 0.0
        self._read: dict[int, Postings] = {}
        self._remembered = 0

    def weigh(self, average: float) -> None:
        """Works out what a term's first occurrence in each text counts, unless that is nearly as it was."""
        if self.weights and abs(average - self._average) <= 0.02 * self._average:
            return
        self._average = average
        base, slope, top = 1 + K1 * (1 - B), K1 * B / average, K1 + 1
        self.weights = [top / (base + slope * length) for length in self.segment.lengths]
        for text in self.dead:
            self.weights[text] = 0.0

    def bury(self, text: int) -> None:
        """Hides a text: there is a newer one of its owner and part."""
        self.dead.add(text)
        if self.weights:
            self.weights[text] = 0.0

    def postings(self, term: int) -> Postings:
        """Where a term occurs. What is long and was read lately is remembered."""
        known = self._read.pop(term, None)
        if known is None:
            known = self.segment.postings(term)
            if len(known.texts) < _WORTH_REMEMBERING:
                return known
            self._remembered += len(known.texts)
        self._read[term] = known  # the last is the newest
        while self._remembered > _REMEMBERED_AT_MOST:
            oldest = next(iter(self._read))
            self._remembered -= len(self._read.pop(oldest).texts)
        return known

    def weights_in(self, term: int, texts: Collection[int]) -> list[tuple[int, float]]:
        """Those of some texts that have a term, and what it weighs there."""
        weights, top = self.weights, K1 + 1
        if self.segment.is_dense(term):
            counts = self.segment.counts(term)
            there = [(text, counts[text]) for text in texts if counts[text]]
        else:
            postings = self.postings(term)
            found, repeated = postings.texts, postings.repeated
            if len(found) < len(texts):
                known = {*texts}
                there = [(text, repeated.get(text, 1)) for text in found if text in known]
            else:
                end, there = len(found), []
                for text in texts:
                    at = bisect_left(found, text)
                    if at < end and found[at] == text:
                        there.append((text, repeated.get(text, 1)))
        # Of several occurrences each counts less; a text that is hidden weighs nothing.
        return [
            (text, one if count == 1 or not one else count * top / (count - 1 + top / one))
            for text, count in there
            for one in (weights[text],)
        ]

    def texts_of(self, owner: int) -> Iterator[int]:
        """An owner's texts."""
        text = self.first.get(owner)
        if text is None:
            return
        while text < len(self.owner_of) and self.owner_of[text] == owner:
            if text not in self.dead:
                yield text
            text += 1


class _Asked:
    """A term of a search, where it occurs, and what it is worth."""

    def __init__(self, shelves: Collection[_Shelf], term: WantedTerm, size: int) -> None:
        self.telling = term.telling
        self.places: list[tuple[_Shelf, int]] = []
        self.frequency = 0
        for shelf in shelves:
            number = shelf.segment.find(term.text)
            if number is not None:
                self.places.append((shelf, number))
                self.frequency += shelf.segment.frequencies[number]
        self.value = term.weight * rarity(self.frequency, size)

    def count(self, scores: dict[int, float], scattered: Collection[int]) -> None:
        """Adds what it weighs for each owner: in the text where that is most.

        Args:
            scores: by owner.
            scattered: owners that may have texts in several segments; all others are done with the first that has any.
        """
        value, top, so_far = self.value, K1 + 1, scores.get
        most_of: dict[int, float] = {}
        for shelf, number in self.places:
            postings = shelf.postings(number)
            owner_of, weights, repeated = shelf.owner_of, shelf.weights, postings.repeated
            last, most = -1, 0.0
            for text in postings.texts:  # an owner's texts follow one another
                weight = weights[text]
                if text in repeated and weight:  # of several occurrences each counts less
                    count = repeated[text]
                    weight = count * top / (count - 1 + top / weight)
                owner = owner_of[text]
                if owner in scattered:
                    if weight > most_of.get(owner, 0.0):
                        most_of[owner] = weight
                elif owner != last:
                    last, most = owner, weight
                    scores[owner] = so_far(owner, 0.0) + value * weight
                elif weight > most:
                    scores[owner] += value * (weight - most)
                    most = weight
        for owner, weight in most_of.items():
            scores[owner] = so_far(owner, 0.0) + value * weight

    def best_of(self, candidates: Mapping[_Shelf, Mapping[int, int]]) -> dict[int, float]:
        """The same for some owners, whose texts are given: numbers of texts by shelf, each with its owner's."""
        found: dict[int, float] = {}
        for shelf, number in self.places:
            owners = candidates.get(shelf)
            if not owners:
                continue
            for text, weight in shelf.weights_in(number, owners):
                owner = owners[text]
                if owner not in found or weight > found[owner]:
                    found[owner] = weight
        return found


def rarity(frequency: int, size: int) -> float:
    """What a term is worth that occurs in so many of so many texts (BM25's inverse frequency)."""
    return log(1 + (size - frequency + 0.5) / (frequency + 0.5)) if frequency <= size else 0.0


class Ranking:
    """What a search found, best first; of equally good ones the newest, by their ids."""

    def __init__(self, hits: Sequence[Hit], asked: Sequence[_Asked], numbers: Mapping[str, int]) -> None:
        self.hits = tuple(hits)
        self._asked = asked
        self._numbers = numbers

    def parts(self, owner: str) -> list[str]:
        """The texts of an owner that fit, the best first."""
        number = self._numbers.get(owner)
        scores: dict[str, float] = {}
        for asked in self._asked:
            for shelf, term in asked.places:
                texts = list(shelf.texts_of(number)) if number is not None else []
                for text, weight in shelf.weights_in(term, texts):
                    part = shelf.segment.parts[text]
                    scores[part] = scores.get(part, 0.0) + asked.value * weight
        return sorted(scores, key=lambda part: (scores[part], part), reverse=True)


class Index:
    """All segments of what is searched, by name. They come and go; what was read of the others stays."""

    def __init__(self, segments: Mapping[str, Segment] | None = None) -> None:
        self._shelves: dict[str, _Shelf] = {}
        self._owners: dict[str, int] = {}
        self._names: list[str] = []
        self._scattered: set[int] = set()
        self._alike: dict[str, tuple[tuple[str, float], ...]] = {}
        self.update(segments or {}, ())

    @property
    def size(self) -> int:
        """Texts in it, hidden ones included."""
        return sum(len(shelf.segment) for shelf in self._shelves.values())

    @property
    def segments(self) -> dict[str, Segment]:
        """What it consists of."""
        return {name: shelf.segment for name, shelf in self._shelves.items()}

    def update(self, added: Mapping[str, Segment], removed: Iterable[str]) -> None:
        """Takes segments in and out."""
        self._alike = {}
        for name in removed:
            self._shelves.pop(name, None)
        for name, segment in added.items():
            shelf = _Shelf(segment, self._owners)
            for other in self._shelves.values():
                _hide_older(other, shelf)
                self._scattered |= other.first.keys() & shelf.first.keys()
            self._shelves[name] = shelf
        self._names = list(self._owners)
        tokens = sum(shelf.segment.tokens for shelf in self._shelves.values())
        average = max(1.0, tokens / max(1, self.size))
        for shelf in self._shelves.values():
            shelf.weigh(average)

    def alive(self, name: str) -> list[bool]:
        """Which texts of a segment nothing newer hides."""
        shelf = self._shelves[name]
        return [text not in shelf.dead for text in range(len(shelf.segment))]

    def rank(
        self,
        wanted: Iterable[WantedTerm],
        *,
        most: int,
        among: Collection[str] | None = None,
        without: Collection[str] = (),
        least_share: float = LEAST_SHARE,
    ) -> Ranking:
        """The best `most` owners for what is wanted.

        Args:
            wanted: terms.
            most: how many at most.
            among: only these; None: all.
            without: not these.
            least_share: of the weight of all that is wanted; an owner with less is left out.
        """
        size = self.size
        asked = [_Asked(self._shelves.values(), term, size) for term in self._with_lookalikes(list(wanted))]
        allowed = None if among is None else {self._owners[owner] for owner in among if owner in self._owners}
        barred = {self._owners[owner] for owner in without if owner in self._owners}
        scores, late = _count(asked, allowed, self._scattered)
        for owner in barred:
            scores.pop(owner, None)
        kept = _highest(scores, max(CANDIDATES, most))
        texts = self._texts_of(kept) if late else {}
        for one in late:
            for owner, weight in one.best_of(texts).items():
                kept[owner] += one.value * weight
        floor = least_share * sum(one.value for one in asked if one.telling)
        found = [Hit(self._names[owner], score) for owner, score in kept.items() if score >= floor]
        found.sort(key=lambda hit: hit.owner, reverse=True)
        found.sort(key=lambda hit: hit.score, reverse=True)
        return Ranking(found[:most], [one for one in asked if one.places], self._owners)

    def having_all(self, terms: Collection[str]) -> dict[str, list[str]]:
        """Owners of texts that have all of some terms, each with the parts that do."""
        found: dict[str, list[str]] = {}
        for shelf in self._shelves.values():
            numbers = [shelf.segment.find(term) for term in terms]
            known = sorted((n for n in numbers if n is not None), key=lambda n: shelf.segment.frequencies[n])
            if len(known) < len(numbers) or not known:
                continue
            texts = [text for text in shelf.segment.postings(known[0]).texts if text not in shelf.dead]
            for number in known[1:]:
                texts = [text for text, _ in shelf.weights_in(number, texts)]
            for text in texts:
                found.setdefault(self._names[shelf.owner_of[text]], []).append(shelf.segment.parts[text])
        return found

    def parts_of(self, owner: str) -> list[str]:
        """The parts of an owner that can be found."""
        number = self._owners.get(owner)
        if number is None:
            return []
        return sorted({s.segment.parts[text] for s in self._shelves.values() for text in s.texts_of(number)})

    def frequency(self, term: str) -> int:
        """In how many texts a term is, hidden ones included."""
        return sum(
            shelf.segment.frequencies[number]
            for shelf in self._shelves.values()
            if (number := shelf.segment.find(term)) is not None
        )

    def worth(self, term: str) -> float:
        """What a term is worth by its rarity; one that no text has, as one that a single text has."""
        return rarity(max(1, self.frequency(term)), self.size)

    def lookalikes(self, word: str) -> tuple[tuple[str, float], ...]:
        """Words of the index that may stand in for a word, each with what it counts beside it; see `search.lookalikes`."""
        found = self._alike.get(word)
        if found is None:
            found = tuple(lookalikes(word, [shelf.segment for shelf in self._shelves.values()]))
            if len(self._alike) < _LOOKALIKES_REMEMBERED:
                self._alike[word] = found
        return found

    def weights_of(self, terms: Iterable[str], owners: Iterable[str]) -> dict[str, dict[str, float]]:
        """What some terms weigh in the texts of some owners, where they are: in an owner's text where that is most.

        One that stands once in a text of usual length weighs 1, in a long one less, said again and again at most 1.5.
        """
        numbers = [self._owners[owner] for owner in owners if owner in self._owners]
        texts = self._texts_of(numbers)
        found: dict[str, dict[str, float]] = {self._names[number]: {} for number in numbers}
        for term in terms:
            asked = _Asked(self._shelves.values(), WantedTerm(term, 1.0, telling=True), self.size)
            for owner, weight in asked.best_of(texts).items():
                if weight:
                    found[self._names[owner]][term] = weight
        return found

    def rarest(self, terms: Mapping[str, int], most: int, *, least: int = 2) -> list[str]:
        """The `most` terms of a text that tell it from others, by how often they occur in it and how rarely elsewhere.

        Args:
            terms: of the text, with how often.
            most: how many are wanted.
            least: in how many texts of the index a term must be; 2 where the text is one of them: what nobody else has
                leads to nobody.
        """
        size = self.size
        values = []
        for term, count in terms.items():
            frequency = self.frequency(term)
            if frequency >= least:
                values.append((count / (count + K1) * rarity(frequency, size), term))
        return [term for _, term in nlargest(most, values, key=itemgetter(0, 1))]

    def _texts_of(self, owners: Iterable[int]) -> dict[_Shelf, dict[int, int]]:
        """The texts of some owners: their numbers by shelf, each with its owner's."""
        ordered = sorted(owners)
        return {
            shelf: {text: owner for owner in ordered for text in shelf.texts_of(owner)}
            for shelf in self._shelves.values()
        }

    def _with_lookalikes(self, wanted: Sequence[WantedTerm]) -> list[WantedTerm]:
        """What is wanted; for words that nobody wrote, those that look like them."""
        words = [term.text for term in wanted if term.word][:LOOKALIKES_OF]
        alike = [one for word in words for one in self.lookalikes(word)]
        return [*wanted, *(WantedTerm(text, weight, telling=True) for text, weight in alike)]


def _count(
    asked: Sequence[_Asked], allowed: Collection[int] | None, scattered: Collection[int]
) -> tuple[dict[int, float], list[_Asked]]:
    """Counts terms that tell something, rare ones first, while that is bounded; gives also those that are left."""
    scores: dict[int, float] = {}
    late = [one for one in asked if not one.telling and one.places]
    counted = 0
    for one in sorted((one for one in asked if one.telling and one.places), key=lambda one: one.frequency):
        if counted and counted + one.frequency > COUNTED_AT_MOST:
            late.append(one)
            continue
        counted += one.frequency
        one.count(scores, scattered)
    if allowed is not None:
        scores = {owner: score for owner, score in scores.items() if owner in allowed}
    return scores, late


def _highest(scores: Mapping[int, float], most: int) -> dict[int, float]:
    """The `most` with the highest scores; where the last of them are as good as others, the newest."""
    if len(scores) <= most:
        return dict(scores)
    least = sorted(scores.values(), reverse=True)[most - 1]
    better = {owner: score for owner, score in scores.items() if score > least}
    as_good = nlargest(most - len(better), (owner for owner, score in scores.items() if score == least))
    return better | dict.fromkeys(as_good, least)


def _hide_older(one: _Shelf, other: _Shelf) -> None:
    """Of texts that both have, hides the older; of the same age, the first one's."""
    for key in one.places.keys() & other.places.keys():
        mine, theirs = one.places[key], other.places[key]
        if one.segment.versions[mine] <= other.segment.versions[theirs]:
            one.bury(mine)
        else:
            other.bury(theirs)
