"""Surveys in the table: the port of `surveys.service` on DynamoDB. They stay as long as the desk does."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from helpdesk.contracts import table as keys
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import Document, from_document, to_document
from helpdesk.kernel.pagination import Page
from helpdesk.platform.table import (
    Contended,
    DocumentAttribute,
    IndexedItem,
    Item,
    Refused,
    Transaction,
    last_key_of,
    position_of,
    table_errors,
)
from helpdesk.surveys.model import BEST_RATING, Answer, Rated, Survey
from helpdesk.surveys.reports import AnswersOf, Bucket, By, Sums, day_of, difference, months_between, week_of

_BEHIND = "behind"
"""A position among answers of several people: when the last one was given, and which."""
_CONDITION_FAILED = "ConditionalCheckFailedException"


class SurveyItem(IndexedItem):
    """A survey, and its answer beside it, so that the first one is kept by a condition."""

    survey = DocumentAttribute()
    answer = DocumentAttribute(null=True)


class RatedItem(Item):
    """The sums of one bucket of answers."""

    rating1 = NumberAttribute(null=True)
    rating2 = NumberAttribute(null=True)
    rating3 = NumberAttribute(null=True)
    rating4 = NumberAttribute(null=True)
    rating5 = NumberAttribute(null=True)
    promoters = NumberAttribute(null=True)
    passives = NumberAttribute(null=True)
    detractors = NumberAttribute(null=True)


class AskedItem(Item):
    """When somebody was asked last, and by which survey."""

    survey_id = UnicodeAttribute()
    asked_at = UnicodeAttribute()


_LISTS = {
    AnswersOf.WEEK: (IndexedItem.by_group, keys.ratings_list),
    AnswersOf.AGENT: (IndexedItem.by_assignee, keys.ratings_of_agent),
}


class DynamoSurveyStore:
    """See `surveys.service.SurveyStore`."""

    def find(self, survey_id: str) -> Survey | None:
        """A survey."""
        try:
            with table_errors():
                item = SurveyItem.get(*Item.at(keys.survey_key(survey_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return _survey(item)

    def create(self, survey: Survey) -> bool:
        """Keeps a new one."""
        item = SurveyItem(*Item.at(keys.survey_key(survey.id)), survey=to_document(survey))
        with table_errors():
            try:
                item.save(condition=SurveyItem.pk.does_not_exist())
            except PutError as error:
                if error.cause_response_code != _CONDITION_FAILED:
                    raise
                return False
        return True

    def answer(self, survey_id: str, answer: Answer, row: Rated, before: Answer | None = None) -> bool:
        """Keeps an answer in place of another, in the lists where it is read, and in the buckets of reports; all or nothing."""
        item = SurveyItem(*Item.at(keys.survey_key(survey_id)))
        as_seen: Condition = SurveyItem.answer.does_not_exist()
        counted = None
        if before is not None:
            as_seen = SurveyItem.answer == to_document(before)
            counted = self._row(survey_id)
        place = f"{format_instant(row.at)}#{survey_id}"
        actions: list[Action] = [
            SurveyItem.answer.set(to_document(answer)),
            SurveyItem.group_pk.set(keys.ratings_list(week_of(date.fromisoformat(day_of(row))))),
            SurveyItem.group_sk.set(place),
            SurveyItem.row.set(to_document(row)),
        ]
        if row.agent is not None:
            agents = keys.ratings_of_agent(row.agent)
            actions += [SurveyItem.assignee_pk.set(agents), SurveyItem.assignee_sk.set(place)]
        else:
            actions += [SurveyItem.assignee_pk.remove(), SurveyItem.assignee_sk.remove()]
        if row.person is not None:
            actions += [SurveyItem.state_pk.set(keys.ratings_by_person(row.person)), SurveyItem.state_sk.set(place)]
        writes = Transaction()
        writes.update(item, actions, condition=SurveyItem.pk.exists() & as_seen, label="survey")
        for bucket, sums in difference(counted, row).items():
            writes.update(_bucket_item(bucket), _added(sums))
        try:
            with table_errors():
                writes.commit()
        except (Refused, Contended):  # many answers are counted in the same buckets
            return False
        return True

    def _row(self, survey_id: str) -> Rated | None:
        """What of a survey is in the buckets."""
        with table_errors():
            item = SurveyItem.get(*Item.at(keys.survey_key(survey_id)), consistent_read=True)
        row: Document | None = item.row
        return from_document(Rated, row) if row is not None else None

    def may_ask(self, person_id: str, survey_id: str, now: datetime, since: datetime) -> bool:
        """Notes that somebody is asked, unless they were asked something else after an instant."""
        item = AskedItem(*Item.at(keys.last_asked_key(person_id)), survey_id=survey_id, asked_at=format_instant(now))
        rested = AskedItem.pk.does_not_exist() | (AskedItem.asked_at <= format_instant(since))
        with table_errors():
            try:
                item.save(condition=rested | (AskedItem.survey_id == survey_id))
            except PutError as error:
                if error.cause_response_code != _CONDITION_FAILED:
                    raise
                return False
        return True

    # --- reports ---

    def sums(self, by: By, since: date, until: date) -> Iterator[tuple[Bucket, Sums]]:
        """The buckets from one day to another, both included: a query for each month."""
        for month in months_between(since, until):
            with table_errors():
                for item in RatedItem.query(
                    keys.rated_month(month),
                    RatedItem.sk.between(f"{by}#{since.isoformat()}", f"{by}#{until.isoformat()}~"),
                ):
                    yield _bucket(item), _sums(item)

    def rated(self, of: AnswersOf, key: str, *, limit: int, position: dict[str, str] | None) -> Page[Rated]:
        """A page of answers, newest first: of a week, or about an agent."""
        index, partition = _LISTS[of]
        with table_errors():
            items = index.query(
                partition(key), limit=limit, scan_index_forward=False, last_evaluated_key=last_key_of(position)
            )
            found = tuple(from_document(Rated, cast("IndexedItem", item).row) for item in items)
        return Page(found, position_of(items.last_evaluated_key))

    def rated_by(self, people: Sequence[str], *, limit: int, position: dict[str, str] | None) -> Page[Rated]:
        """A page of what somebody answered, newest first: under their own id, and those of people merged into them."""
        behind = (position or {}).get(_BEHIND)
        older: Condition | None = IndexedItem.state_sk < behind if behind is not None else None
        items: list[IndexedItem] = []
        with table_errors():
            for one in people:
                partition = keys.ratings_by_person(one)
                found = IndexedItem.by_state.query(partition, older, limit=limit + 1, scan_index_forward=False)
                items += [cast("IndexedItem", item) for item in found]
        items.sort(key=lambda item: str(item.state_sk), reverse=True)
        page = items[:limit]
        more = {_BEHIND: str(page[-1].state_sk)} if len(items) > limit else None
        return Page(tuple(from_document(Rated, item.row) for item in page), more)

    def find_all(self, survey_ids: Sequence[str]) -> dict[str, Survey]:
        """Some surveys, by id."""
        wanted = [Item.at(keys.survey_key(one)) for one in dict.fromkeys(survey_ids)]
        found: dict[str, Survey] = {}
        with table_errors():
            for item in SurveyItem.batch_get(wanted):
                survey = _survey(item)
                found[survey.id] = survey
        return found


def _survey(item: SurveyItem) -> Survey:
    document = dict(item.survey)
    if item.answer is not None:
        document["answer"] = item.answer
    return from_document(Survey, document)


def _bucket_item(bucket: Bucket) -> RatedItem:
    return RatedItem(*Item.at(keys.rated_key(bucket.by.value, bucket.day, bucket.group, bucket.key)))


def _bucket(item: RatedItem) -> Bucket:
    by, day, group, key = keys.rated_parts(item.sk)
    return Bucket(day, By(by), key, group)


def _added(sums: Sums) -> list[Action]:
    said = {"promoters": sums.promoters, "passives": sums.passives, "detractors": sums.detractors}
    said |= {f"rating{rating}": many for rating, many in enumerate(sums.ratings, 1)}
    return [getattr(RatedItem, name).add(many) for name, many in said.items() if many]


def _sums(item: RatedItem) -> Sums:
    ratings = tuple(int(getattr(item, f"rating{rating}") or 0) for rating in range(1, BEST_RATING + 1))
    return Sums(ratings, int(item.promoters or 0), int(item.passives or 0), int(item.detractors or 0))
