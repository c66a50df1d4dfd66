"""Surveys in the table: the port of `surveys.service` on DynamoDB. They stay as long as the desk does."""

from pynamodb.exceptions import DoesNotExist, PutError, UpdateError

from helpdesk.contracts import table as keys
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.platform.table import DocumentAttribute, Item, table_errors
from helpdesk.surveys.model import Answer, Survey

_CONDITION_FAILED = "ConditionalCheckFailedException"


class SurveyItem(Item):
    """A survey, and its answer beside it, so that the first one is kept by a condition."""

    survey = DocumentAttribute()
    answer = DocumentAttribute(null=True)


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

    def answer(self, survey_id: str, answer: Answer) -> bool:
        """Keeps the first answer."""
        item = SurveyItem(*Item.at(keys.survey_key(survey_id)))
        unanswered = SurveyItem.pk.exists() & SurveyItem.answer.does_not_exist()
        with table_errors():
            try:
                item.update(actions=[SurveyItem.answer.set(to_document(answer))], condition=unanswered)
            except UpdateError as error:
                if error.cause_response_code != _CONDITION_FAILED:
                    raise
                return False
        return True
