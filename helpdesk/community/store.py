"""The community in the table: a partition for each question, lists by sparse indexes, what is found in one transaction."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from helpdesk.community.finding import answer_text, question_text
from helpdesk.community.model import (
    Answer,
    AuthorKind,
    Member,
    Order,
    Post,
    Question,
    Queued,
    Report,
    Revision,
    Signpost,
)
from helpdesk.community.ports import NameTaken, Writing
from helpdesk.community.rules import answered_event, name_key, queued_at
from helpdesk.contracts import table as keys
from helpdesk.contracts.events import DeskEventType
from helpdesk.kernel.clock import Clock, format_instant
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.errors import NotFound, StaleVersion
from helpdesk.kernel.ids import derived_id, is_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.shelves import AlreadyThere
from helpdesk.people.model import Person
from helpdesk.people.store import make_known
from helpdesk.platform.audit import tell
from helpdesk.platform.table import (
    CounterItem,
    DocumentAttribute,
    IndexedItem,
    Item,
    Refused,
    Transaction,
    last_key_of,
    position_of,
    table_errors,
)
from helpdesk.search.model import QUESTIONS
from helpdesk.search.segment import Text, build
from helpdesk.search.store import SegmentItem

_MOST_OF_A_BATCH: Final = 100
_REPORTS_SHOWN: Final = 20
_NEW: Final = frozenset({"question-new", "answer-new", "report"})


class CommunityItem(IndexedItem):
    """A question, an answer, or what somebody left beside them."""

    document = DocumentAttribute(null=True)
    score = NumberAttribute(null=True)
    value = NumberAttribute(null=True)


class CommunityEventItem(Item):
    """What is published of the community, by the way that ticket events go."""

    event = DocumentAttribute()


class PublicNameItem(Item):
    """Whose a name is."""

    person = UnicodeAttribute()


class DynamoCommunity:
    """See `community.ports.CommunityStore`.

    Args:
        clock: the desk's time; names of what is found sort by it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    # --- reading ---

    def get(self, question_id: str) -> Question | None:
        """A question as it stands."""
        item = _read(keys.question_key(question_id)) if is_id(question_id) else None
        return _question(item) if item is not None else None

    def some(self, question_ids: Sequence[str]) -> dict[str, Question]:
        """Some questions as they stand."""
        found = (_question(item) for item in _batch([keys.question_key(one) for one in question_ids]))
        return {one.id: one for one in found}

    def by_number(self, number: int) -> str | None:
        """The id of the question of a number."""
        with table_errors():
            found = list(IndexedItem.by_reference.query(keys.question_reference(number), limit=1))
        return found[0].pk.removeprefix(keys.question_partition("")) if found else None

    def next_number(self) -> int:
        """A number that no question has."""
        item = CounterItem(*Item.at(keys.counter_key("questions")))
        with table_errors():
            item.update(actions=[CounterItem.tally.add(1)])
        return int(item.tally)

    def answers(self, question_id: str) -> list[Answer]:
        """All answers of a question, oldest first."""
        return [_answer(one) for one in _under(question_id, keys.COMMUNITY_ANSWER_PREFIX)]

    def answer(self, question_id: str, answer_id: str) -> Answer | None:
        """One of them as it stands."""
        named = is_id(question_id) and is_id(answer_id)
        item = _read(keys.community_answer_key(question_id, answer_id)) if named else None
        return _answer(item) if item is not None else None

    def listed(
        self, order: Order, place: str, topic: str | None, *, limit: int, position: dict[str, str] | None
    ) -> Page[Question]:
        """A page of questions that all see: one query and one batch read."""
        index, partition, forward = IndexedItem.by_assignee, keys.community_list(place), False
        if order is Order.UNANSWERED:
            index, partition, forward = IndexedItem.by_change, keys.community_waiting_list(place), True
        elif topic is not None:
            index, partition, forward = IndexedItem.by_group, keys.community_topic_list(place, topic), False
        with table_errors():
            result = index.query(
                partition, scan_index_forward=forward, limit=limit, last_evaluated_key=last_key_of(position)
            )
            ids = [item.pk.removeprefix(keys.question_partition("")) for item in result]
        found = self.some(ids)
        wanted = [found[one] for one in ids if one in found and found[one].visible]
        if order is Order.UNANSWERED and topic is not None:
            wanted = [one for one in wanted if one.topic == topic]
        return Page(tuple(wanted), position_of(result.last_evaluated_key))

    def signposts(self, place: str, *, limit: int, position: dict[str, str] | None) -> Page[Signpost]:
        """A page of where questions that all see stand: one query of what the list itself holds.

        A question that was last written before the list held any of it is read whole, until somebody writes to it again.
        """
        with table_errors():
            result = IndexedItem.by_assignee.query(
                keys.community_list(place),
                scan_index_forward=False,
                limit=limit,
                last_evaluated_key=last_key_of(position),
            )
            listed = [(item.pk.removeprefix(keys.question_partition("")), _held(item)) for item in result]
        whole = self.some([one for one, row in listed if row is None])
        found = (
            from_document(Signpost, row) if row is not None else _signpost(whole[one])
            for one, row in listed
            if row is not None or (one in whole and whole[one].visible)
        )
        return Page(tuple(found), position_of(result.last_evaluated_key))

    def votes(self, question_id: str, person_id: str) -> dict[str, int]:
        """What somebody thinks of a question's posts."""
        prefix = keys.community_votes_prefix(person_id)
        return {one.sk.removeprefix(prefix): int(one.value) for one in _under(question_id, prefix)}

    def follows(self, question_id: str, person_id: str) -> bool:
        """Whether somebody is told of answers."""
        return _read(keys.community_follower_key(question_id, person_id)) is not None

    def followers(self, question_id: str, *, after: str, limit: int) -> list[str]:
        """Ids of some who are told of answers, in order."""
        prefix = keys.COMMUNITY_FOLLOWER_PREFIX
        behind: Condition = CommunityItem.sk.between(f"{prefix}{after}!", f"{prefix}~")  # before and behind all ids
        with table_errors():
            found = CommunityItem.query(
                keys.question_partition(question_id), behind, consistent_read=True, limit=limit, page_size=limit
            )
            return [one.sk.removeprefix(prefix) for one in found]

    def tell_on(self, answer: Answer, after: str) -> None:
        """Has followers whose ids come after one told of an answer, too: what is there already starts nothing again."""
        with table_errors():
            _event(answer, after).save()

    def member(self, person_id: str) -> Member:
        """What somebody is in the community."""
        item = _read(keys.member_key(person_id))
        return from_document(Member, item.document or {}) if item is not None else Member(person_id)

    def members(self, person_ids: Sequence[str]) -> dict[str, Member]:
        """The same of some people."""
        found = _batch([keys.member_key(one) for one in dict.fromkeys(person_ids)])
        members = (from_document(Member, item.document or {}) for item in found)
        return {one.id: one for one in members}

    def revisions(self, question_id: str, post_id: str) -> list[Revision]:
        """What a post said before, newest first."""
        found = _under(question_id, keys.community_revisions_prefix(post_id))
        return [from_document(Revision, one.document or {}) for one in reversed(found)]

    def queue(self, *, limit: int, position: dict[str, str] | None) -> Page[Queued]:
        """Posts that a moderator shall look at, the longest waiting first."""
        with table_errors():
            result = IndexedItem.by_state.query(
                keys.community_queue(), limit=limit, last_evaluated_key=last_key_of(position)
            )
            places = [(item.pk.removeprefix(keys.question_partition("")), item.sk) for item in result]
        questions = self.some(list(dict.fromkeys(question_id for question_id, _ in places)))
        queued = (self._queued(questions[one], sk) for one, sk in places if one in questions)
        return Page(tuple(one for one in queued if one is not None), position_of(result.last_evaluated_key))

    def _queued(self, question: Question, sort_key: str) -> Queued | None:
        answer = None
        if sort_key != keys.QUESTION_SORT_KEY:
            answer = self.answer(question.id, sort_key.removeprefix(keys.COMMUNITY_ANSWER_PREFIX))
            if answer is None:
                return None
        queued = Queued(question, answer)
        if queued_at(queued.post) is None:
            return None
        return Queued(question, answer, tuple(self.reports(question.id, queued.post_id)))

    def reports(self, question_id: str, post_id: str) -> list[Report]:
        """What was found wrong with a post, newest first."""
        found = _under(question_id, keys.community_reports_prefix(post_id))
        reports = [from_document(Report, one.document or {}) for one in found]
        return sorted(reports, key=lambda one: one.at, reverse=True)[:_REPORTS_SHOWN]

    def due(self, until: datetime, *, limit: int) -> list[str]:
        """Ids of questions that have become due, the longest first."""
        last = f"{format_instant(until)}~"  # sorts behind all of this instant
        until_then: Condition = IndexedItem.due_sk < last
        with table_errors():
            found = IndexedItem.by_due.query(keys.community_due(), until_then, limit=limit)
            return [item.pk.removeprefix(keys.question_partition("")) for item in found]

    # --- writing ---

    def write(self, writing: Writing) -> None:
        """Writes what belongs together."""
        transaction = Transaction()
        texts: list[Text] = []
        if writing.question is not None:
            before, after = writing.question
            _put(transaction, keys.question_key(after.id), before, after, "question")
            texts += question_text(before, after)
        if writing.answer is not None:
            was, answer = writing.answer
            _put(transaction, keys.community_answer_key(answer.question_id, answer.id), was, answer, "answer")
            texts += answer_text(was, answer)
            if writing.tell is not None:
                transaction.put(_event(answer))
        if writing.member is not None:
            _put_member(transaction, *writing.member)
        self._put_beside(transaction, writing)
        if texts:
            key = keys.fresh_key(QUESTIONS, new_id(self._clock()))
            transaction.put(SegmentItem(*Item.at(key), data=zlib.compress(build(texts), 6)))
        if writing.told is not None:
            tell(transaction, writing.told)
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            if refused.labels & _NEW:
                raise AlreadyThere("This is there already.") from refused
            raise StaleVersion("Somebody else wrote here first.") from refused

    def _put_beside(self, transaction: Transaction, writing: Writing) -> None:
        question_id = _question_id_of(writing)
        if writing.revision is not None:
            post_id, revision = writing.revision
            key = keys.community_revision_key(question_id, post_id, revision.number)
            transaction.put(CommunityItem(*Item.at(key), document=to_document(revision)))
        for post_id, count in writing.forget:
            for number in range(1, count + 1):
                key = keys.community_revision_key(question_id, post_id, number)
                transaction.delete(CommunityItem(*Item.at(key)))
        if writing.report is not None:
            report = writing.report
            key = keys.community_report_key(question_id, report.post_id, report.person_id)
            item = _theirs(key, report.person_id, report.at)
            item.document = to_document(report)
            transaction.create(item, label="report")
        if writing.follow is not None:
            transaction.put(_follower(question_id, writing.follow, self._clock()))

    def vote(self, question_id: str, post_id: str, person_id: str, *, before: int, value: int, at: datetime) -> None:
        """Keeps what somebody thinks of a post in place of what they thought, and counts it."""
        key = keys.community_vote_key(question_id, person_id, post_id)
        item = _theirs(key, person_id, at)
        as_seen: Condition = CommunityItem.value == before if before else Item.pk.does_not_exist()
        transaction = Transaction()
        if value:
            item.value = value
            transaction.put(item, condition=as_seen, label="vote")
        else:
            transaction.delete(item, condition=as_seen, label="vote")
        named = keys.question_key(question_id) if post_id == question_id else None
        post = CommunityItem(*Item.at(named or keys.community_answer_key(question_id, post_id)))
        there: Condition = CommunityItem.document.exists()
        transaction.update(post, [CommunityItem.score.add(value - before)], condition=there, label="post")
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            if "post" in refused.labels:
                raise NotFound("There is nothing here to vote on.") from refused
            raise StaleVersion("You voted elsewhere at the same time.") from refused

    def follow(self, question_id: str, person_id: str, *, wanted: bool) -> None:
        """Has somebody told of answers, or no more."""
        item = _follower(question_id, person_id, self._clock())
        with table_errors():
            if wanted:
                item.save()
            else:
                item.delete()

    def name(self, before: Member, after: Member, newcomer: Person | None) -> None:
        """Writes what somebody is, with their name."""
        transaction = Transaction()
        _put_member(transaction, before, after)
        old, new = name_key(before.name), name_key(after.name)
        if old != new:
            key = Item.at(keys.public_name_key(new))
            transaction.create(PublicNameItem(*key, person=after.id), label="name")
            if old:
                transaction.delete(PublicNameItem(*Item.at(keys.public_name_key(old))))
        if newcomer is not None:
            make_known(transaction, newcomer, label="person")
        try:
            with table_errors():
                transaction.commit()
        except Refused as refused:
            if refused.labels == {"name"}:
                raise NameTaken("Somebody else is called so. Choose another name.") from refused
            raise StaleVersion("This was changed elsewhere at the same time.") from refused


# --- items -----------------------------------------------------------------------------------------------------------


def _read(key: keys.Key) -> CommunityItem | None:
    try:
        with table_errors():
            return CommunityItem.get(*Item.at(key), consistent_read=True)
    except DoesNotExist:
        return None


def _held(item: Item) -> Document | None:
    """What a list holds of a question."""
    row: Document | None = cast("IndexedItem", item).row
    return row


def _batch(wanted: Sequence[keys.Key]) -> list[CommunityItem]:
    found: list[CommunityItem] = []
    for start in range(0, len(wanted), _MOST_OF_A_BATCH):
        some = [Item.at(key) for key in wanted[start : start + _MOST_OF_A_BATCH]]
        with table_errors():
            found += CommunityItem.batch_get(some, consistent_read=True)
    return found


def _under(question_id: str, prefix: str) -> list[CommunityItem]:
    begins: Condition = CommunityItem.sk.startswith(prefix)
    with table_errors():
        return list(CommunityItem.query(keys.question_partition(question_id), begins, consistent_read=True))


def _question(item: CommunityItem) -> Question:
    return from_document(Question, {**(item.document or {}), "score": int(item.score or 0)})


def _answer(item: CommunityItem) -> Answer:
    return from_document(Answer, {**(item.document or {}), "score": int(item.score or 0)})


def _put(
    transaction: Transaction,
    key: keys.Key,
    before: Question | Answer | None,
    after: Question | Answer,
    label: str,
) -> None:
    """Writes a post, wherever it is found; votes are counted apart."""
    places = question_places(after) if isinstance(after, Question) else answer_places(after)
    row = _row(after)
    if before is None:
        item = CommunityItem(*Item.at(key), document=to_document(after), row=row, version=after.version)
        for name, value in places.items():
            setattr(item, name, value)
        transaction.create(item, label=f"{label}-new")
        return
    actions: list[Action] = [
        CommunityItem.document.set(to_document(after)),
        CommunityItem.version.set(after.version),
        CommunityItem.row.set(row) if row is not None else CommunityItem.row.remove(),
    ]
    for name in _PLACES:
        attribute = getattr(CommunityItem, name)
        actions.append(attribute.set(places[name]) if name in places else attribute.remove())
    unchanged = cast("Condition", CommunityItem.version == before.version)
    transaction.update(CommunityItem(*Item.at(key)), actions, condition=unchanged, label=label)


def _row(post: Question | Answer) -> Document | None:
    """What a list holds of a question that all see."""
    return to_document(_signpost(post)) if isinstance(post, Question) and post.visible else None


def _signpost(question: Question) -> Signpost:
    return Signpost(question.number, question.language, question.title, question.active_at, question.answers)


_PLACES: Final = tuple(
    f"{index}_{part}"
    for index in ("assignee", "group", "change", "due", "state", "reference", "requester")
    for part in ("pk", "sk")
)


def question_places(question: Question) -> dict[str, str]:
    """In which lists a question stands, as index attributes with their values."""
    asked = format_instant(question.post.at)
    by_time = keys.community_sort(asked, question.id)
    active = keys.community_sort(format_instant(question.active_at), question.id)
    places = {"reference_pk": keys.question_reference(question.number), "reference_sk": question.id}
    if question.visible:
        places |= {"assignee_pk": keys.community_list(question.place), "assignee_sk": active}
        if question.topic is not None:
            topic = keys.community_topic_list(question.place, question.topic)
            places |= {"group_pk": topic, "group_sk": active}
    if question.waiting:
        places |= {"change_pk": keys.community_waiting_list(question.place), "change_sk": by_time}
    if question.due_at is not None and (question.waiting or question.ticket_id is not None):
        due = keys.due_sort(format_instant(question.due_at), question.id)
        places |= {"due_pk": keys.community_due(), "due_sk": due}
    return places | _post_places(question.post, question.id)


def answer_places(answer: Answer) -> dict[str, str]:
    """The same of an answer."""
    return _post_places(answer.post, answer.id)


def _post_places(post: Post, post_id: str) -> dict[str, str]:
    by_time = keys.community_sort(format_instant(post.at), post_id)
    places: dict[str, str] = {}
    if queued_at(post) is not None:
        places |= {"state_pk": keys.community_queue(), "state_sk": by_time}
    if post.author.kind is AuthorKind.PERSON:
        places |= {"requester_pk": keys.community_person_list(post.author.id), "requester_sk": by_time}
    return places


def _theirs(key: keys.Key, person_id: str, at: datetime) -> CommunityItem:
    """An item that is found when its person is erased."""
    sort = keys.community_sort(format_instant(at), key.sk)
    return CommunityItem(*Item.at(key), requester_pk=keys.community_person_list(person_id), requester_sk=sort)


def _follower(question_id: str, person_id: str, at: datetime) -> CommunityItem:
    return _theirs(keys.community_follower_key(question_id, person_id), person_id, at)


def _put_member(transaction: Transaction, before: Member, after: Member) -> None:
    item = CommunityItem(*Item.at(keys.member_key(after.id)), document=to_document(after), version=after.version)
    unchanged: Condition = (
        cast("Condition", CommunityItem.version == before.version) if before.version else Item.pk.does_not_exist()
    )
    transaction.put(item, condition=unchanged, label="member")


def _event(answer: Answer, after: str = "") -> CommunityEventItem:
    first = answered_event(answer)
    event: Document = {
        "id": derived_id(answer.post.at, first, after) if after else first,
        "type": DeskEventType.COMMUNITY_ANSWERED.value,
        "question_id": answer.question_id,
        "answer_id": answer.id,
    }
    if after:
        event["after"] = after
    key = keys.community_event_key(answer.question_id, str(event["id"]))
    return CommunityEventItem(*Item.at(key), event=event)


def _question_id_of(writing: Writing) -> str:
    if writing.question is not None:
        return writing.question[1].id
    return writing.answer[1].question_id if writing.answer is not None else ""
