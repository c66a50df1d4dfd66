"""Surveys in the table: the port of `surveys.service` on DynamoDB. They stay as long as the desk does."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from helpdesk.contracts import table as keys
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.platform.table import DocumentAttribute, IndexedItem, Item, table_errors
from helpdesk.surveys.model import Answer, Rated, Survey
from helpdesk.surveys.reports import week_of

_CONDITION_FAILED = "ConditionalCheckFailedException"


class SurveyItem(IndexedItem):
    """A survey, and its answer beside it, so that the first one is kept by a condition."""

    survey = DocumentAttribute()
    answer = DocumentAttribute(null=True)


class AskedItem(Item):
    """When somebody was asked last, and by which survey."""

    survey_id = UnicodeAttribute()
    asked_at = UnicodeAttribute()


class DynamoSurveyStore:
    """See `surveys.service.SurveyStore`."""

    def find(self, survey_id: str) -> Survey | None:
        """A survey."""
        try:
            with table_errors():
                item = SurveyItem.get(*Item.at(keys.survey_key(survey_id)), consistent_read=True)
        except DoesNotExist:
            return None
        document = dict(item.survey)
        if item.answer is not None:
            document["answer"] = item.answer
        return from_document(Survey, document)

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
        """Keeps an answer in place of another, and what reports need of it in the list of its week."""
        item = SurveyItem(*Item.at(keys.survey_key(survey_id)))
        as_seen: Condition = SurveyItem.answer.does_not_exist()
        if before is not None:
            as_seen = SurveyItem.answer == to_document(before)
        actions: list[Action] = [
            SurveyItem.answer.set(to_document(answer)),
            SurveyItem.group_pk.set(keys.ratings_list(week_of(row.at))),
            SurveyItem.group_sk.set(f"{format_instant(row.at)}#{survey_id}"),
            SurveyItem.row.set(to_document(row)),
        ]
        with table_errors():
            try:
                item.update(actions=actions, condition=SurveyItem.pk.exists() & as_seen)
            except UpdateError as error:
                if error.cause_response_code != _CONDITION_FAILED:
                    raise
                return False
        return True

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

    def ratings(self, week: str) -> Iterator[Rated]:
        """What was answered in a week, given as `2026-W47`: one query."""
        with table_errors():
            for item in IndexedItem.by_group.query(keys.ratings_list(week)):
                yield from_document(Rated, cast("IndexedItem", item).row)
