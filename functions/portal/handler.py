"""What customers see, by HTTP: their requests, categories, surveys, approvals, the API reference; and an answer to all else."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from functions.portal import community, previews, sign_on, site, visitors
from functions.portal.schemas import (
    ApprovalReplyIn,
    ApprovalViewOut,
    QuestionSuggestionOut,
    SuggestionOut,
    SuggestionsOut,
    SuggestionsQuery,
    SurveyAnswerIn,
    SurveyOut,
)
from helpdesk import bootstrap
from helpdesk.channels import schemas
from helpdesk.channels.store import LINK_SECONDS
from helpdesk.desk.rules import catalogue_of
from helpdesk.forms.shown import for_customers, told
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import NotFound
from helpdesk.kernel.text import supported_language
from helpdesk.mail.display import with_pictures
from helpdesk.platform.addresses import no_such_address
from helpdesk.platform.http import Answer, Api, Call, Endpoint, Event, Reply
from helpdesk.platform.signing import after
from helpdesk.surveys.model import SurveyView
from helpdesk.tickets.model import Ticket

OPENAPI_FILE = Path(__file__).with_name("openapi.json")


def openapi(call: Call) -> Reply:
    """The API's description, as committed."""
    del call
    return Reply(OPENAPI_FILE.read_text(encoding="utf-8"), headers={"cache-control": "public, max-age=300"})


def categories(call: Call) -> Reply:
    """What requests can be about."""
    query: schemas.CategoriesQuery = call.query
    language = supported_language(query.locale)
    brand = bootstrap.brand_at(call, query.brand)
    among = brand.categories if brand is not None else ()
    public = [category for category in bootstrap.desk().categories.values() if category.public]
    found = [category for category in public if not among or category.id in among]
    items = [schemas.CategoryOut(c.id, c.name(language), c.description(language)) for c in found]
    return Reply(schemas.CategoriesOut(items))


def request_form(call: Call) -> Reply:
    """What is asked about a request."""
    query: schemas.FormQuery = call.query
    desk = bootstrap.desk()
    category = desk.categories.get(query.category or "")
    if query.category is not None and (category is None or not category.public):
        raise NotFound("There is no such category.")
    language = supported_language(query.locale)
    elements = for_customers(catalogue_of(desk), query.category, language)
    return Reply(schemas.request_form_out(query.category, elements, language))


def read_request(call: Call) -> Reply:
    """A requester's request."""
    asking = bootstrap.asking(call)
    view = bootstrap.requests().read(asking.ticket_id, asking.owner_id)
    if view.ticket.id != asking.ticket_id and asking.speaker is not None:
        raise NotFound("There is no such request.")  # it goes on in another, where they may not be
    expected = format_instant(view.expected_reply_by) if view.expected_reply_by is not None else None
    messages = [
        schemas.request_message_out(m, with_pictures(m, bootstrap.files().link), asking.person_id)
        for m in view.messages
    ]
    language = view.ticket.language
    found = told(catalogue_of(bootstrap.desk()), view.ticket.copies.fields, language)
    fields = [schemas.request_field_out(one, language) for one in found]
    return Reply(
        schemas.RequestViewOut(
            schemas.request_out(view.ticket, bootstrap.desk().statuses, expected),
            messages,
            fields,
            [] if asking.only_reads else schemas.request_people_out(view.ticket, asking.person_id),
            may_write=not asking.only_reads,
            goes_on=not asking.only_reads and _goes_on(view.ticket, asking.person_id),
        )
    )


def _goes_on(ticket: Ticket, person_id: str) -> bool:
    merged = ticket.merged is not None
    return merged and bootstrap.requests().goes_on_in(ticket.id, person_id) is not None


def attachment(call: Call) -> Reply:
    """A link to a file."""
    asking = bootstrap.asking(call)
    url = bootstrap.requests().attachment_link(asking.ticket_id, asking.owner_id, call.params["attachment_id"])
    return Reply(schemas.LinkOut(url, format_instant(after(call.now, LINK_SECONDS))))


def follow_file_link(call: Call) -> Reply:
    """Leads from a link in a mail to the file."""
    named = bootstrap.links().read_file(call.params["token"], call.now)
    return Reply(headers={"location": bootstrap.requests().file_link(named), "referrer-policy": "no-referrer"})


def look_at_survey(call: Call) -> Reply:
    """A survey, without recording anything."""
    return _survey_reply(call, bootstrap.surveys().look(call.params["token"]))


def answer_survey(call: Call) -> Reply:
    """Records the answer."""
    body: SurveyAnswerIn = call.body
    return _survey_reply(
        call, bootstrap.surveys().answer(call.params["token"], body.rating, body.comment, body.answers)
    )


def _survey_reply(call: Call, view: SurveyView) -> Reply:
    _, ticket_id = bootstrap.links().read_survey(call.params["token"], call.now)
    return Reply(SurveyOut.of(view, bootstrap.ticket_store().get(ticket_id)))


def look_at_approval(call: Call) -> Reply:
    """An approval, without recording anything."""
    return Reply(ApprovalViewOut.of(bootstrap.approvals().look(call.params["token"])))


def answer_approval(call: Call) -> Reply:
    """Takes the answer of who holds the link."""
    body: ApprovalReplyIn = call.body
    return Reply(ApprovalViewOut.of(bootstrap.approvals().say(call.params["token"], body.verdict, body.comment)))


def suggest_articles(call: Call) -> Reply:
    """Articles that fit what somebody is typing."""
    query: SuggestionsQuery = call.query
    reader = bootstrap.reader_of(call, bootstrap.brand_at(call, query.brand))
    found = bootstrap.help_center().suggest(query.q, reader, query.locale or "en", limit=query.limit)
    language = supported_language(query.locale)
    questions = community.suggested(call, query.q, language, limit=query.limit)
    return Reply(
        SuggestionsOut(
            [SuggestionOut.of(one, language) for one in found],
            [QuestionSuggestionOut.of(one, language) for one in questions],
        )
    )


def anything_else(call: Call) -> Reply:
    """Whatever no route takes: the help centre's pages, which a gateway's routes would only repeat.

    Raises:
        MethodNotAllowed: the path is one of ours, the method is not.
        NotFound: the path is none of ours.
    """
    if call.method in {"GET", "HEAD", "POST"} and (call.path == "/robots.txt" or f"{call.path}/".startswith("/help/")):
        from functions.portal.help.pages import answer  # noqa: PLC0415 - templates: only who reads pages needs them

        return answer(call)
    raise no_such_address(call.method, call.path)


class OpenApiDocument(msgspec.Struct, frozen=True):
    """An OpenAPI 3.1 document."""

    openapi: str


ENDPOINTS = (
    Endpoint(
        "GET /v1/openapi.json",
        name="getOpenApi",
        summary="This description",
        handle=openapi,
        response=OpenApiDocument,
        tag="Reference",
    ),
    Endpoint(
        "GET /v1/categories",
        name="listCategories",
        summary="What requests can be about",
        handle=categories,
        query=schemas.CategoriesQuery,
        response=schemas.CategoriesOut,
    ),
    Endpoint(
        "GET /v1/request-forms",
        name="getRequestForm",
        summary="What is asked about a request of a category",
        handle=request_form,
        query=schemas.FormQuery,
        response=schemas.RequestFormOut,
        errors={404: "There is no such category."},
    ),
    Endpoint(
        "GET /v1/requests/{id}",
        name="getRequest",
        summary="A request and its messages",
        handle=read_request,
        response=schemas.RequestViewOut,
        token=True,
    ),
    Endpoint(
        "GET /v1/requests/{id}/attachments/{attachment_id}",
        name="getRequestAttachment",
        summary="A link to a file of a request",
        handle=attachment,
        response=schemas.LinkOut,
        token=True,
        tag="Files",
    ),
    Endpoint(
        "GET /v1/files/{token}",
        name="followFileLink",
        summary="Follow a link to a file that was too large for a mail",
        handle=follow_file_link,
        status=302,
        errors={401: "The token is not one of this desk.", 404: "There is no such file.", 410: "It has expired."},
        tag="Files",
    ),
    Endpoint(
        "GET /v1/surveys/{token}",
        name="getSurvey",
        summary="Look at a survey",
        description="Never records anything, whoever follows the link.",
        handle=look_at_survey,
        response=SurveyOut,
        errors={401: "The token is not one of this desk.", 404: "There is no such survey."},
        tag="Surveys",
    ),
    Endpoint(
        "POST /v1/surveys/{token}",
        name="answerSurvey",
        summary="Answer a survey; again, while it can be changed",
        handle=answer_survey,
        body=SurveyAnswerIn,
        response=SurveyOut,
        errors={
            401: "The token is not one of this desk.",
            404: "There is no such survey.",
            409: "It was answered otherwise, too long ago to change that.",
            410: "It has expired.",
        },
        tag="Surveys",
    ),
    Endpoint(
        "GET /v1/approvals/{token}",
        name="getApproval",
        summary="Look at what you are asked to approve",
        description="Never records anything, whoever follows the link.",
        handle=look_at_approval,
        response=ApprovalViewOut,
        errors={401: "The token is not one of this desk.", 404: "There is no such approval.", 410: "It has expired."},
        tag="Approvals",
    ),
    Endpoint(
        "POST /v1/approvals/{token}",
        name="replyToApproval",
        summary="Approve or decline; again, until it is settled",
        handle=answer_approval,
        body=ApprovalReplyIn,
        response=ApprovalViewOut,
        errors={
            401: "The token is not one of this desk.",
            404: "There is no such approval.",
            409: "It is settled or withdrawn already.",
            410: "It has expired.",
        },
        tag="Approvals",
    ),
    *visitors.ENDPOINTS,
    *sign_on.ENDPOINTS,
    *site.ENDPOINTS,
    *community.ENDPOINTS,
    *previews.ENDPOINTS,
    Endpoint(
        "GET /v1/help/suggestions",
        name="suggestArticles",
        summary="Articles that fit what somebody is typing, best first; only what they may read",
        handle=suggest_articles,
        query=SuggestionsQuery,
        response=SuggestionsOut,
        errors={
            401: "A link or token came along, and it is not one of ours.",
            410: "A link or token came along, and it is over.",
        },
        tag="Articles",
    ),
    Endpoint("ANY $default", name="anythingElse", summary="Whatever no route takes", handle=anything_else),
)


@cache
def _api() -> Api:
    return Api(
        ENDPOINTS,
        begin=bootstrap.begin,
        now=bootstrap.now,
        agents=bootstrap.signed_in,
        permissions=bootstrap.permissions,
        notice=bootstrap.sign_ins().notice,
    )


def handler(event: Event, context: Any) -> Answer:  # noqa: ANN401 - Lambda's context is not used
    """Answers API Gateway."""
    del context
    return _api().answer(event)
