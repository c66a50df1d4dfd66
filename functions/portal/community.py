"""The community by HTTP: anybody reads, as far as the desk lets them; who has signed in writes."""

from functions.portal import community_schemas as schemas
from helpdesk import bootstrap
from helpdesk.community.model import Member, Question
from helpdesk.community.rules import place_of
from helpdesk.community.service import Asked
from helpdesk.kernel.errors import Gone, NotFound, Unauthenticated
from helpdesk.kernel.text import supported_language
from helpdesk.platform.access import COOKIES, session_of
from helpdesk.platform.http import Call, Endpoint, Reply, idempotency_header
from helpdesk.portal.brands import Brand
from helpdesk.portal.model import Visitor

TAG = "Community"


def is_there(brand: Brand | None, *, signed_in: bool) -> bool:
    """Whether a brand's pages have a community for who reads."""
    if not bootstrap.desk().general.community.enabled:
        return False
    try:
        bootstrap.community().opened(brand, signed_in=signed_in)
    except NotFound:
        return False
    return True


def suggested(call: Call, query: str, language: str, *, limit: int) -> list[Question]:
    """Questions that somebody has answered, and that fit what somebody is typing."""
    brand = bootstrap.brand_at(call, call.query.brand)
    if not is_there(brand, signed_in=visitor_of(call) is not None):
        return []
    found = bootstrap.community().like(query, place_of(brand), language, limit=limit)
    return [one for one in found if one.answers]


def community(call: Call) -> Reply:
    """What the community is."""
    query: schemas.PlaceQuery = call.query
    visitor = visitor_of(call)
    _opened(call, visitor)
    language = supported_language(query.locale)
    desk = bootstrap.desk()
    sections = sorted(
        (one for one in desk.sections.values() if one.parent is None), key=lambda one: (one.order, one.id)
    )
    topics = [schemas.TopicOut(one.id, one.name(language)) for one in sections]
    me = schemas.MemberOut.of(bootstrap.community().me(visitor)) if visitor is not None else None
    return Reply(schemas.CommunityOut(topics, me))


def save_me(call: Call) -> Reply:
    """What you want to be called."""
    body: schemas.MemberIn = call.body
    visitor = _visitor(call)
    _opened(call, visitor)
    member: Member = bootstrap.community().name(visitor, body.name, quiet=body.quiet)
    return Reply(schemas.MemberOut.of(member))


def questions(call: Call) -> Reply:
    """A page of questions, or what fits some words."""
    query: schemas.QuestionsQuery = call.query
    place, service = place_of(_opened(call, visitor_of(call))), bootstrap.community()
    language, next_cursor = supported_language(query.locale), None
    if query.q.strip():
        found = tuple(service.search(query.q, place, language, limit=query.limit))
    else:
        name = f"community/{place}/{query.order}/{query.topic or '-'}"
        position = bootstrap.signer().read_cursor(name, query.cursor, call.now)
        page = service.listed(query.order, place, query.topic, limit=query.limit, position=position)
        found, next_cursor = page.items, bootstrap.signer().sign_cursor(name, page.next_position)
    names = service.writer.names_of(found)
    return Reply(schemas.QuestionsOut([schemas.QuestionRowOut.of(one, names, language) for one in found], next_cursor))


def read(call: Call) -> Reply:
    """A question with its answers."""
    query: schemas.PlaceQuery = call.query
    visitor = visitor_of(call)
    place = place_of(_opened(call, visitor))
    thread = bootstrap.community().thread(call.params["id"], place, visitor)
    ids = visitor.ids if visitor is not None else ()
    return Reply(schemas.QuestionOut.of(thread, ids, supported_language(query.locale)))


def revisions(call: Call) -> Reply:
    """What a post said before."""
    visitor = visitor_of(call)
    place = place_of(_opened(call, visitor))
    found = bootstrap.community().revisions(call.params["id"], call.params["post_id"], place, visitor)
    return Reply(schemas.RevisionsOut([schemas.RevisionOut.of(one) for one in found]))


def ask(call: Call) -> Reply:
    """Asks a question."""
    body: schemas.QuestionIn = call.body
    visitor = _visitor(call)
    brand = _opened(call, visitor)
    asked = Asked(body.title, body.body, body.locale, body.topic, body.follow, idempotency_header(call))
    made = bootstrap.community().ask(visitor, asked, brand, call.ip)
    return Reply(schemas.WrittenOut(made.id, made.id, made.post.state, made.post.why))


def answer(call: Call) -> Reply:
    """Answers one."""
    body: schemas.AnswerIn = call.body
    visitor = _visitor(call)
    place, key = place_of(_opened(call, visitor)), idempotency_header(call)
    made = bootstrap.community().answer(
        visitor, call.params["id"], body.body, place, call.ip, follow=body.follow, key=key
    )
    return Reply(schemas.WrittenOut(made.question_id, made.id, made.post.state, made.post.why))


def edit(call: Call) -> Reply:
    """Changes what you wrote."""
    body: schemas.PostIn = call.body
    visitor = _visitor(call)
    place = place_of(_opened(call, visitor))
    found = bootstrap.community().edit(visitor, call.params["id"], call.params["post_id"], body.title, body.body, place)
    return Reply(schemas.WrittenOut(found.question.id, found.post_id, found.post.state, found.post.why))


def delete(call: Call) -> Reply:
    """Takes away what you wrote."""
    visitor = _visitor(call)
    place = place_of(_opened(call, visitor))
    bootstrap.community().delete(visitor, call.params["id"], call.params["post_id"], place)
    return Reply()


def vote(call: Call) -> Reply:
    """Says what you think of a post."""
    body: schemas.VoteIn = call.body
    visitor = _visitor(call)
    place = place_of(_opened(call, visitor))
    score = bootstrap.community().vote(visitor, call.params["id"], call.params["post_id"], body.value, place, call.ip)
    return Reply(schemas.VoteOut(score))


def report(call: Call) -> Reply:
    """Says what is wrong with a post."""
    body: schemas.ReportIn = call.body
    visitor = _visitor(call)
    place = place_of(_opened(call, visitor))
    bootstrap.community().report(visitor, call.params["id"], call.params["post_id"], body.reason, body.words, place)
    return Reply()


def accept(call: Call) -> Reply:
    """Says which answer solved it."""
    body: schemas.AcceptedIn = call.body
    visitor = _visitor(call)
    place = place_of(_opened(call, visitor))
    bootstrap.community().accept(visitor, call.params["id"], body.answer_id, place)
    return Reply()


def follow(call: Call) -> Reply:
    """Has you told of answers, or no more."""
    body: schemas.FollowingIn = call.body
    visitor = _visitor(call)
    place = place_of(_opened(call, visitor))
    bootstrap.community().follow(visitor, call.params["id"], place, wanted=body.following)
    return Reply()


def visitor_of(call: Call) -> Visitor | None:
    """Who reads, if they have signed in; a session that is over is none."""
    held = next((call.cookies[name] for name in COOKIES if name in call.cookies), None)
    if held is None:
        return None
    try:
        return bootstrap.portal_access().who(held)
    except (Unauthenticated, Gone):
        return None


def _visitor(call: Call) -> Visitor:
    """Who writes.

    Raises:
        Unauthenticated: nobody has signed in.
        OpenToNobodyElse: the call came from no page of ours.
    """
    return bootstrap.portal_access().who(session_of(call))


def _opened(call: Call, visitor: Visitor | None) -> Brand | None:
    """The brand whose community it is.

    Raises:
        NotFound: it has none, or none for who calls.
    """
    brand = bootstrap.brand_at(call, call.query.brand)
    bootstrap.community().opened(brand, signed_in=visitor is not None)
    return brand


_HEADERS = {"Idempotency-Key": "Sent again with the same key, it is written once."}
_OFF = {404: "There is no community here, or no such question that you may see."}
_SIGNED_IN = _OFF | {
    401: "Nobody is signed in.",
    403: "It is not yours to do, or the call came from no page of the portal.",
}
_WRITES = _SIGNED_IN | {
    409: "Say first what you want to be called; or the question is locked.",
    429: "That is a lot in an hour.",
}
_REUSED = {422: "The Idempotency-Key came with another body before."}
_POST = "/v1/community/questions/{id}/posts/{post_id}"

ENDPOINTS = (
    Endpoint(
        "GET /v1/community",
        name="getCommunity",
        summary="What the community is about, and who you are in it",
        handle=community,
        query=schemas.PlaceQuery,
        response=schemas.CommunityOut,
        errors=_OFF,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/community/me",
        name="saveCommunityMember",
        summary="Say what you want to be called in the community",
        description="Others see this name and nothing else of you. It is no address, and nobody else's.",
        handle=save_me,
        query=schemas.PlaceQuery,
        body=schemas.MemberIn,
        response=schemas.MemberOut,
        errors=_WRITES,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/community/questions",
        name="listQuestions",
        summary="Questions of customers that all see",
        handle=questions,
        query=schemas.QuestionsQuery,
        response=schemas.QuestionsOut,
        errors=_OFF,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/community/questions",
        name="askQuestion",
        summary="Ask the community",
        description="First questions of somebody new, and what looks like advertising, a moderator looks at first.",
        handle=ask,
        query=schemas.PlaceQuery,
        body=schemas.QuestionIn,
        response=schemas.WrittenOut,
        status=201,
        headers=_HEADERS,
        errors=_WRITES | _REUSED,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/community/questions/{id}",
        name="getQuestion",
        summary="A question with its answers",
        handle=read,
        query=schemas.PlaceQuery,
        response=schemas.QuestionOut,
        errors=_OFF,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/community/questions/{id}/answers",
        name="answerQuestion",
        summary="Answer a question",
        handle=answer,
        query=schemas.PlaceQuery,
        body=schemas.AnswerIn,
        response=schemas.WrittenOut,
        status=201,
        headers=_HEADERS,
        errors=_WRITES | _REUSED,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/community/questions/{id}/accepted",
        name="acceptAnswer",
        summary="Say which answer solved your question",
        handle=accept,
        query=schemas.PlaceQuery,
        body=schemas.AcceptedIn,
        status=204,
        errors=_SIGNED_IN | {409: "The answer is not for all to see."},
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/community/questions/{id}/following",
        name="followQuestion",
        summary="Be told of answers by mail, or no more",
        handle=follow,
        query=schemas.PlaceQuery,
        body=schemas.FollowingIn,
        status=204,
        errors=_WRITES,
        tag=TAG,
    ),
    Endpoint(
        f"PATCH {_POST}",
        name="editPost",
        summary="Change what you wrote; what it said before is kept",
        handle=edit,
        query=schemas.PlaceQuery,
        body=schemas.PostIn,
        response=schemas.WrittenOut,
        errors=_WRITES,
        tag=TAG,
    ),
    Endpoint(
        f"DELETE {_POST}",
        name="deletePost",
        summary="Take away what you wrote, for good",
        handle=delete,
        query=schemas.PlaceQuery,
        status=204,
        errors=_SIGNED_IN | {409: "It is a question that others have answered."},
        tag=TAG,
    ),
    Endpoint(
        f"GET {_POST}/revisions",
        name="listPostRevisions",
        summary="What a post said before it was changed",
        handle=revisions,
        query=schemas.PlaceQuery,
        response=schemas.RevisionsOut,
        errors=_OFF,
        tag=TAG,
    ),
    Endpoint(
        f"PUT {_POST}/vote",
        name="votePost",
        summary="Say that a post is good, or not; your last word counts",
        handle=vote,
        query=schemas.PlaceQuery,
        body=schemas.VoteIn,
        response=schemas.VoteOut,
        errors=_WRITES,
        tag=TAG,
    ),
    Endpoint(
        f"POST {_POST}/reports",
        name="reportPost",
        summary="Say that something is wrong with a post",
        handle=report,
        query=schemas.PlaceQuery,
        body=schemas.ReportIn,
        status=204,
        errors=_WRITES,
        tag=TAG,
    ),
)
