"""Finding questions: the index of their texts and of their answers' proposes, what a question is now decides.

A question and each of its answers are owners of their own in the index, so that an answer that is hidden or deleted
leads nobody to its question by its words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from helpdesk.community.model import Answer, Order, Question
from helpdesk.community.ports import CommunityStore
from helpdesk.knowledge.finding import LONGEST_QUERY, TITLE_COUNTS
from helpdesk.knowledge.likeness import Likeness
from helpdesk.knowledge.plain import to_plain
from helpdesk.search.index import LEAST_SHARE, Index
from helpdesk.search.segment import Text
from helpdesk.search.tokens import count_terms
from helpdesk.search.wanted import WantedTerm, wanted

PROPOSED: Final = 60
"""Texts that the index is asked for; of one question there are several."""
_OWN_LANGUAGE: Final = 1.25
_BETWEEN: Final = "."
_AT_ONCE: Final = 100


class Questions(Protocol):
    """Reads questions."""

    def some(self, question_ids: Sequence[str]) -> dict[str, Question]:
        """Some questions as they stand; those that are not there are left out."""
        ...


def owner_of(question_id: str, answer_id: str | None = None) -> str:
    """A post's name in the index."""
    return question_id if answer_id is None else f"{question_id}{_BETWEEN}{answer_id}"


def question_text(before: Question | None, after: Question) -> list[Text]:
    """What the index has to know after a question was written; nothing where nothing changed for it."""
    if not after.visible:
        return [Text(owner_of(after.id), "", after.version, {})] if before is not None and before.visible else []
    if before is not None and before.visible and (before.title, before.post.body) == (after.title, after.post.body):
        return []
    counts = dict(count_terms(to_plain(after.post.body)))
    for term, count in count_terms(after.title).items():
        counts[term] = counts.get(term, 0) + TITLE_COUNTS * count
    return [Text(owner_of(after.id), "", after.version, counts)]


def answer_text(before: Answer | None, after: Answer) -> list[Text]:
    """The same of an answer."""
    owner = owner_of(after.question_id, after.id)
    if not after.visible:
        return [Text(owner, "", after.version, {})] if before is not None and before.visible else []
    if before is not None and before.visible and before.post.body == after.post.body:
        return []
    return [Text(owner, "", after.version, count_terms(to_plain(after.post.body)))]


def thread_texts(question: Question, answers: Iterable[Answer]) -> list[Text]:
    """All that the index has to know of a question, from its truth."""
    return [*question_text(None, question), *(text for one in answers for text in answer_text(None, one))]


def texts_to_find(places: Iterable[str], store: CommunityStore) -> Iterator[Text]:
    """All that the index has to know, from its truth: for writing it anew.

    Args:
        places: where questions are asked; see `Question.place`.
        store: keeps them.
    """
    for place in places:
        position: dict[str, str] | None = None
        while True:
            page = store.listed(Order.ACTIVE, place, None, limit=_AT_ONCE, position=position)
            for question in page.items:
                yield from thread_texts(question, store.answers(question.id))
            position = page.next_position
            if position is None:
                break


class QuestionFinder:
    """Finds questions.

    Args:
        index: gives the index as it stands.
        questions: reads them.
    """

    def __init__(self, index: Callable[[], Index], questions: Questions) -> None:
        self._index = index
        self._questions = questions

    def search(self, query: str, place: str, language: str, *, limit: int) -> list[Question]:
        """What fits some words best, of all that everybody sees at a place.

        Args:
            query: words; cut at 200 letters.
            place: see `Question.place`.
            language: the reader's.
            limit: how many at most.
        """
        return self._found(wanted((query[:LONGEST_QUERY],)), place, language, limit=limit)

    def like(self, text: str, place: str, language: str, *, limit: int) -> list[Question]:
        """What somebody who writes this is likely to want: nothing rather than what has a word or two of it. Arguments as above."""
        like = Likeness(self._index(), text)
        return self._found(like.terms, place, language, limit=limit, like=like)

    def _found(
        self, terms: Sequence[WantedTerm], place: str, language: str, *, limit: int, like: Likeness | None = None
    ) -> list[Question]:
        if not terms or not limit:
            return []
        scores: dict[str, float] = {}
        least = LEAST_SHARE if like is None else 0.0
        for hit in self._index().rank(terms, most=PROPOSED, least_share=least).hits:
            question_id = hit.owner.partition(_BETWEEN)[0]
            scores[question_id] = max(scores.get(question_id, 0.0), hit.score)
        found = self._questions.some(list(scores))
        fit = [
            one
            for one in found.values()
            if one.visible and one.place == place and (like is None or like.fits(scores[one.id], one.title))
        ]
        return sorted(fit, key=lambda one: (-_worth(one, scores, language), -one.number))[:limit]


def _worth(question: Question, scores: Mapping[str, float], language: str) -> float:
    return scores[question.id] * (_OWN_LANGUAGE if question.language == language else 1.0)
