"""Finding questions: the index of their texts and of their answers' proposes, what a question is now decides.

A question and each of its answers are owners of their own in the index, so that an answer that is hidden or deleted
leads nobody to its question by its words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from helpdesk.community.model import Answer, Order, Question
from helpdesk.community.ports import CommunityStore
from helpdesk.knowledge.finding import LONGEST_QUERY, TITLE_COUNTS
from helpdesk.knowledge.plain import to_plain
from helpdesk.search.fit import LEAST_FOUND, LEAST_SUGGESTED, Fit
from helpdesk.search.index import Index
from helpdesk.search.segment import Text
from helpdesk.search.tokens import count_terms
from helpdesk.search.wanted import wanted

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
        return self._found(query, LEAST_FOUND, place, language, limit=limit)

    def like(self, text: str, place: str, language: str, *, limit: int) -> list[Question]:
        """What somebody who writes this is likely to want: nothing rather than what has a word or two of it. Arguments as above."""
        return self._found(text, LEAST_SUGGESTED, place, language, limit=limit)

    def _found(self, query: str, least: float, place: str, language: str, *, limit: int) -> list[Question]:
        index, query = self._index(), query[:LONGEST_QUERY]
        terms = wanted((query,))
        if not terms or not limit:
            return []
        owners = [hit.owner for hit in index.rank(terms, most=PROPOSED, least_share=0.0).hits]
        fit = Fit(index, query, owners, least)
        posts: dict[str, list[str]] = {}
        for owner in fit.candidates:
            posts.setdefault(owner.partition(_BETWEEN)[0], []).append(owner)
        found = self._questions.some(list(posts))
        fits = {
            one.id: max(fit.of(owner, one.title) for owner in posts[one.id])
            for one in found.values()
            if one.visible and one.place == place
        }
        fitting = [found[question_id] for question_id, share in fits.items() if share]
        return sorted(fitting, key=lambda one: (-_worth(one, fits, language), -one.number))[:limit]


def _worth(question: Question, scores: Mapping[str, float], language: str) -> float:
    return scores[question.id] * (_OWN_LANGUAGE if question.language == language else 1.0)
