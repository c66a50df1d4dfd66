"""The community as colleagues see it: what to look at, answers of the desk, tickets that were questions, settings."""

import msgspec

from functions.desk.schemas import community as schemas
from helpdesk import bootstrap
from helpdesk.community.model import AuthorKind, CommunitySettings, Queued
from helpdesk.community.rules import place_of
from helpdesk.kernel.errors import NotFound
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, idempotency_header, seen_header

TAG = "Community"


# --- looking after ---------------------------------------------------------------------------------------------------


def queue(call: Call) -> Reply:
    """Posts to look at."""
    query: schemas.QueueQuery = call.query
    moderation, signer = bootstrap.moderation(), bootstrap.signer()
    position = signer.read_cursor("community/queue", query.cursor, call.now)
    page = moderation.queue(limit=query.limit, position=position)
    items = [_queued(one) for one in page.items]
    return Reply(schemas.QueueOut(items, signer.sign_cursor("community/queue", page.next_position)))


def _queued(queued: Queued) -> schemas.QueuedPostOut:
    moderation, author = bootstrap.moderation(), queued.post.author
    names = moderation.names((author, queued.question.post.author))
    known = (0, False)
    if author.kind is AuthorKind.PERSON:
        member = moderation.member(author.id)
        known = (member.approved, member.blocked)
    title = queued.question.title if queued.answer is None else ""
    spam = bootstrap.spam_likelihood(f"{title}\n{queued.post.body}")
    return schemas.QueuedPostOut.of(queued, names, known, spam)


def listed(call: Call) -> Reply:
    """A page of questions."""
    query: schemas.QuestionListQuery = call.query
    moderation, signer = bootstrap.moderation(), bootstrap.signer()
    place = place_of(bootstrap.desk().brands.get(query.brand or ""))
    name = f"community/{place}/{query.order}/{query.topic or '-'}"
    position = signer.read_cursor(name, query.cursor, call.now)
    page = moderation.listed(query.order, place, query.topic, limit=query.limit, position=position)
    names = moderation.names(one.post.author for one in page.items)
    items = [schemas.CommunityQuestionRowOut.of(one, names) for one in page.items]
    return Reply(schemas.CommunityQuestionListOut(items, signer.sign_cursor(name, page.next_position)))


def read(call: Call) -> Reply:
    """A question with its answers, by its id or by the number in its page's address."""
    return _thread(call, bootstrap.moderation().numbered(call.params["id"]))


def act_on_post(call: Call) -> Reply:
    """Lets a post out, hides it, or takes its words away."""
    body: schemas.PostActIn = call.body
    bootstrap.moderation().act(call.params["id"], call.params["post_id"], body.act)
    return Reply()


def edit_post(call: Call) -> Reply:
    """Changes somebody's words."""
    body: schemas.PostEditIn = call.body
    bootstrap.moderation().edit(call.params["id"], call.params["post_id"], body.title, body.body, call.agent)
    return _thread(call, call.params["id"])


def revisions(call: Call) -> Reply:
    """What a post said before."""
    moderation = bootstrap.moderation()
    found, earlier = moderation.revisions(call.params["id"], call.params["post_id"])
    names = moderation.names(one.by for one in earlier)
    return Reply(schemas.PostRevisionsOut.of(found, earlier, names))


def act_on_question(call: Call) -> Reply:
    """Locks a question, opens it again, or moves it."""
    body: schemas.QuestionActIn = call.body
    topics = frozenset(bootstrap.desk().sections)
    bootstrap.moderation().change(call.params["id"], body.act, topic=body.topic, topics=topics)
    return _thread(call, call.params["id"])


def accept(call: Call) -> Reply:
    """Says which answer solved a question."""
    body: schemas.AcceptIn = call.body
    bootstrap.moderation().accept(call.params["id"], body.answer_id, call.agent)
    return _thread(call, call.params["id"])


def block(call: Call) -> Reply:
    """Keeps somebody from writing, or lets them again."""
    body: schemas.BlockIn = call.body
    bootstrap.moderation().block(call.params["person_id"], blocked=body.blocked)
    return Reply()


# --- answering -------------------------------------------------------------------------------------------------------


def answer(call: Call) -> Reply:
    """Answers for the desk."""
    body: schemas.OfficialAnswerIn = call.body
    made = bootstrap.moderation().answer(call.params["id"], body.body, call.agent, key=idempotency_header(call))
    return Reply(schemas.PostedAnswerOut(made.question_id, made.id))


def question_of_ticket(call: Call) -> Reply:
    """The question that a ticket was."""
    moderation, moderates = bootstrap.moderation(), Permission.MODERATE in call.permissions
    question_id = moderation.question_of(call.params["id"])
    if question_id is None:
        return Reply(schemas.TicketQuestionOut(None))
    try:
        thread = moderation.thread(question_id, moderates=moderates)
    except NotFound:  # it was taken away, or is hidden from who asks
        return Reply(schemas.TicketQuestionOut(None))
    return Reply(schemas.TicketQuestionOut(schemas.CommunityThreadOut.of(thread)))


def answer_from_ticket(call: Call) -> Reply:
    """Posts an answer on a ticket as an answer for all."""
    body: schemas.TicketAnswerIn = call.body
    made = bootstrap.moderation().answer_from(call.params["id"], body.message_id, call.agent, body.body)
    return Reply(schemas.PostedAnswerOut(made.question_id, made.id))


def _thread(call: Call, question_id: str) -> Reply:
    moderates = Permission.MODERATE in call.permissions
    return Reply(schemas.CommunityThreadOut.of(bootstrap.moderation().thread(question_id, moderates=moderates)))


# --- settings --------------------------------------------------------------------------------------------------------


def get_settings(call: Call) -> Reply:
    """How the community is set."""
    del call
    return _settings()


def save_settings(call: Call) -> Reply:
    """Sets the community."""
    wished = msgspec.convert(msgspec.to_builtins(call.body), CommunitySettings)
    bootstrap.configuration().set_community(wished, seen=seen_header(call))
    return _settings()


def _settings() -> Reply:
    desk = bootstrap.desk_store().load()
    version = desk.versions.get(("general", "desk"), 0)
    told = msgspec.convert(msgspec.to_builtins(desk.general.community), schemas.CommunityIO)
    return Reply(told, headers={"etag": f'"{version}"'})


_MISSING = {404: "There is no such question, or post."}
_POST = "/v1/community-questions/{id}/posts/{post_id}"

ENDPOINTS = (
    Endpoint(
        "GET /v1/community-queue",
        name="listCommunityQueue",
        summary="Posts that a moderator shall look at: held, reported, or hidden because of reports",
        handle=queue,
        needs=Permission.MODERATE,
        query=schemas.QueueQuery,
        response=schemas.QueueOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/community-questions",
        name="listCommunityQuestions",
        summary="Questions of the community, as colleagues see them",
        handle=listed,
        needs=Permission.READ,
        query=schemas.QuestionListQuery,
        response=schemas.CommunityQuestionListOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/community-questions/{id}",
        name="getCommunityQuestion",
        summary="A question, by id or number, with its answers; what is held or hidden only with `moderate_community`",
        handle=read,
        needs=Permission.READ,
        response=schemas.CommunityThreadOut,
        errors=_MISSING,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/community-questions/{id}/answers",
        name="answerCommunityQuestion",
        summary="Answer a question for the desk: all see that it is official",
        handle=answer,
        needs=Permission.REPLY,
        body=schemas.OfficialAnswerIn,
        response=schemas.PostedAnswerOut,
        status=201,
        headers={"Idempotency-Key": "Sent again with the same key, it is written once."},
        errors=_MISSING
        | {
            409: "It is locked, hidden, or has too many answers.",
            422: "The Idempotency-Key came with another body before.",
        },
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/community-questions/{id}/accepted",
        name="acceptCommunityAnswer",
        summary="Say which answer solved a question, for who asked it",
        handle=accept,
        needs=Permission.MODERATE,
        body=schemas.AcceptIn,
        response=schemas.CommunityThreadOut,
        errors=_MISSING | {409: "The answer is not for all to see."},
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/community-questions/{id}/act",
        name="actOnCommunityQuestion",
        summary="Lock a question, open it again, or move it to another topic",
        handle=act_on_question,
        needs=Permission.MODERATE,
        body=schemas.QuestionActIn,
        response=schemas.CommunityThreadOut,
        errors=_MISSING,
        tag=TAG,
    ),
    Endpoint(
        f"POST {_POST}/act",
        name="actOnCommunityPost",
        summary="Let a post out, hide it, or take its words away for good",
        handle=act_on_post,
        needs=Permission.MODERATE,
        body=schemas.PostActIn,
        status=204,
        errors=_MISSING,
        tag=TAG,
    ),
    Endpoint(
        f"PATCH {_POST}",
        name="editCommunityPost",
        summary="Change somebody's words; what they were is kept, and who changed them",
        handle=edit_post,
        needs=Permission.MODERATE,
        body=schemas.PostEditIn,
        response=schemas.CommunityThreadOut,
        errors=_MISSING,
        tag=TAG,
    ),
    Endpoint(
        f"GET {_POST}/revisions",
        name="listCommunityPostRevisions",
        summary="What a post said before, and who changed it",
        handle=revisions,
        needs=Permission.MODERATE,
        response=schemas.PostRevisionsOut,
        errors=_MISSING,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/community-members/{person_id}/blocked",
        name="blockCommunityMember",
        summary="Keep somebody from writing in the community, or let them again",
        handle=block,
        needs=Permission.MODERATE,
        body=schemas.BlockIn,
        status=204,
        errors={404: "They take no part in the community."},
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/tickets/{id}/question",
        name="getTicketQuestion",
        summary="The question of the community that a ticket was",
        handle=question_of_ticket,
        needs=Permission.READ,
        response=schemas.TicketQuestionOut,
        errors={404: "There is no such ticket."},
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/tickets/{id}/question/answers",
        name="postTicketAnswer",
        summary="Post an answer on the ticket that a question has become as an answer for all; again, it is there",
        handle=answer_from_ticket,
        needs=Permission.REPLY,
        body=schemas.TicketAnswerIn,
        response=schemas.PostedAnswerOut,
        errors={
            404: "There is no such ticket or message.",
            409: "It was no question; or the message is none to the requester, or has not left yet.",
        },
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/settings/community",
        name="getCommunitySettings",
        summary="How the community is set",
        handle=get_settings,
        needs=Permission.CONFIGURE,
        response=schemas.CommunityIO,
        tag="Configuration",
    ),
    Endpoint(
        "PUT /v1/settings/community",
        name="saveCommunitySettings",
        summary="Switch the community on or off, and say what waits for a moderator and what becomes a ticket",
        handle=save_settings,
        needs=Permission.CONFIGURE,
        body=schemas.CommunityIO,
        response=schemas.CommunityIO,
        headers={"If-Match": 'The version that was seen, as `"3"`; left out: whatever it is now is replaced.'},
        errors={409: "The desk's own settings are not at the version in `If-Match`."},
        tag="Configuration",
    ),
)
