"""What somebody left in the community: told in an export, and taken out of it when they are erased.

What they wrote stays, as others answered it, but nobody's: their name, votes, reports and wishes are gone, and words that
tell of them by name or address are blotted out wherever they stand in their posts and in the answers to their questions.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from helpdesk.community.finding import answer_text, owner_of, question_text
from helpdesk.community.model import NOBODY, Answer, Author, Post, Question, Report, Revision
from helpdesk.community.ports import Writing
from helpdesk.community.rules import name_key
from helpdesk.community.store import CommunityItem, DynamoCommunity, PublicNameItem
from helpdesk.contracts import table as keys
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import Document, Plain, from_document, to_document
from helpdesk.kernel.errors import StaleVersion, Unavailable
from helpdesk.platform.table import IndexedItem, Item, table_errors
from helpdesk.search.segment import Text

_PAGE = 25
_TRIES = 8
BLOT = "…"

type Blot = Callable[[str], str]
"""A text without what tells of somebody."""


class CommunityTraces:
    """Finds what somebody left.

    Args:
        store: the community.
        renew: lets the search forget all of an owner but some texts, which are read when it is asked to.
    """

    def __init__(self, store: DynamoCommunity, renew: Callable[[str, Callable[[], Sequence[Text]]], None]) -> None:
        self._store = store
        self._renew = renew

    # --- taken out ---

    def forget(self, ids: Collection[str], blot: Blot) -> bool:
        """Takes a page of what somebody left out; says whether there may be more.

        Args:
            ids: all that they are known by.
            blot: takes out of a text what tells of them.
        """
        for one in sorted(ids):
            places = self._places(one)
            for pk, sk in places:
                self._forget_at(pk.removeprefix(keys.question_partition("")), sk, ids, blot)
            if places:
                return True
            self._forget_member(one)
        return False

    def _places(self, person_id: str) -> list[tuple[str, str]]:
        with table_errors():
            found = IndexedItem.by_requester.query(keys.community_person_list(person_id), limit=_PAGE)
            return [(item.pk, item.sk) for item in found]

    def _forget_at(self, question_id: str, sort_key: str, ids: Collection[str], blot: Blot) -> None:
        if sort_key == keys.QUESTION_SORT_KEY:
            self._forget_question(question_id, ids, blot)
        elif sort_key.startswith(keys.COMMUNITY_ANSWER_PREFIX):
            self._forget_answer(question_id, sort_key.removeprefix(keys.COMMUNITY_ANSWER_PREFIX), ids, blot)
        else:  # a vote, which counts on; a report; that they are told of answers
            with table_errors():
                CommunityItem(keys.question_partition(question_id), sort_key).delete()

    def _forget_question(self, question_id: str, ids: Collection[str], blot: Blot) -> None:
        for answer in self._store.answers(question_id):
            self._forget_answer(question_id, answer.id, ids, blot)

        def write() -> Question | None:
            before = self._store.get(question_id)
            if before is None:
                return None
            by = before.accepted_by
            after = replace(
                before,
                title=blot(before.title),
                post=_nobodys(before.post, ids, blot),
                accepted_by=_without(by, ids) if by is not None else None,
                made_from="",
                version=before.version + 1,
            )
            self._store.write(Writing(question=(before, after)))
            return after

        question = _again(write)
        self._forget_revisions(question_id, question_id, ids, blot)
        if question is not None:
            self._renew(owner_of(question_id), lambda: question_text(None, question))

    def _forget_answer(self, question_id: str, answer_id: str, ids: Collection[str], blot: Blot) -> None:
        def write() -> Answer | None:
            before = self._store.answer(question_id, answer_id)
            if before is None:
                return None
            after = replace(before, post=_nobodys(before.post, ids, blot), version=before.version + 1)
            if after.post == before.post:
                return None
            self._store.write(Writing(answer=(before, after)))
            return after

        answer = _again(write)
        self._forget_revisions(question_id, answer_id, ids, blot)
        if answer is not None:
            self._renew(owner_of(question_id, answer_id), lambda: answer_text(None, answer))

    def _forget_revisions(self, question_id: str, post_id: str, ids: Collection[str], blot: Blot) -> None:
        for one in self._store.revisions(question_id, post_id):
            after = replace(one, title=blot(one.title), body=blot(one.body), by=_without(one.by, ids))
            if after != one:
                key = keys.community_revision_key(question_id, post_id, one.number)
                with table_errors():
                    CommunityItem(*Item.at(key), document=to_document(after)).save()

    def _forget_member(self, person_id: str) -> None:
        member = self._store.member(person_id)
        if not member.version:
            return
        with table_errors():
            if member.name:
                PublicNameItem(*Item.at(keys.public_name_key(name_key(member.name)))).delete()
            CommunityItem(*Item.at(keys.member_key(person_id))).delete()

    # --- told ---

    def told(self, ids: Collection[str]) -> Document:
        """All that somebody left, for an export."""
        posts: list[Plain] = []
        reports: list[Plain] = []
        follows: list[Plain] = []
        votes: list[Plain] = []
        for one in sorted(ids):
            for item in self._all(one):
                at = item.sk
                if at == keys.QUESTION_SORT_KEY or at.startswith(keys.COMMUNITY_ANSWER_PREFIX):
                    posts.append(self._post(item))
                elif at.startswith("REPORT#"):
                    report = from_document(Report, item.document or {})
                    reports.append(
                        {"at": format_instant(report.at), "reason": report.reason.value, "words": report.words}
                    )
                elif at.startswith(keys.COMMUNITY_FOLLOWER_PREFIX):
                    follows.append(item.pk.removeprefix(keys.question_partition("")))
                else:
                    votes.append({"post": at.rpartition("#")[2], "value": int(item.value or 0)})
        members = [member for member in map(self._store.member, sorted(ids)) if member.version]
        return {
            "names": [member.name for member in members],
            "posts": posts,
            "votes": votes,
            "reports": reports,
            "follows": follows,
        }

    def _all(self, person_id: str) -> Iterator[CommunityItem]:
        with table_errors():
            places = [
                (item.pk, item.sk) for item in IndexedItem.by_requester.query(keys.community_person_list(person_id))
            ]
        for start in range(0, len(places), 100):
            with table_errors():
                yield from CommunityItem.batch_get(places[start : start + 100], consistent_read=True)

    def _post(self, item: CommunityItem) -> Plain:
        document = item.document or {}
        post = from_document(Post, document["post"])  # type: ignore[arg-type]
        post_id = str(document["id"])
        question_id = item.pk.removeprefix(keys.question_partition(""))
        earlier: list[Plain] = [_revision(one) for one in self._store.revisions(question_id, post_id)]
        return {
            "question": question_id,
            "title": document.get("title", ""),
            "at": format_instant(post.at),
            "state": post.state.value,
            "text": post.body,
            "earlier": earlier,
        }


def blotting(tells: Callable[[str], bool]) -> Blot:
    """What takes words out of texts that tell of somebody.

    Args:
        tells: whether a text does.
    """

    def blot(text: str) -> str:
        if not tells(text):
            return text
        lines = [" ".join(BLOT if tells(word) else word for word in line.split(" ")) for line in text.split("\n")]
        blotted = "\n".join(lines)
        return BLOT if tells(blotted) else blotted

    return blot


def _nobodys(post: Post, ids: Collection[str], blot: Blot) -> Post:
    return replace(post, author=_without(post.author, ids), body=blot(post.body))


def _without(author: Author, ids: Collection[str]) -> Author:
    return NOBODY if author.id in ids else author


def _again[T](write: Callable[[], T]) -> T:
    for _ in range(_TRIES):
        try:
            return write()
        except (StaleVersion, Unavailable):
            continue
    raise Unavailable("Others are writing in the same place.")


def _revision(one: Revision) -> Plain:
    return {"title": one.title, "text": one.body, "until": format_instant(one.at)}
