"""Articles, as colleagues write, review and publish them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypedDict

import msgspec

from functions.desk.differences import differences
from functions.desk.schemas import articles as schemas
from functions.desk.shelf import IF_MATCH, KEY
from helpdesk import bootstrap
from helpdesk.canned.service import page_of
from helpdesk.channels.service import body_hash
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.knowledge import rules
from helpdesk.knowledge.gaps import month_of
from helpdesk.knowledge.images import address_of
from helpdesk.knowledge.model import COLLEAGUE, Article, ArticleKind, ArticleText, Audience, Counts, Words
from helpdesk.knowledge.service import Filter, Wish
from helpdesk.people.roles import Permission
from helpdesk.platform.access import uploads_of
from helpdesk.platform.http import Call, Endpoint, Reply, idempotency_header, version_header
from helpdesk.platform.signing import Purpose

TAG = "Articles"
FOUND = 50
VERSIONS = 100
FEEDBACK = 100
_STALE = {409: "It has a newer version than If-Match names, or there is nothing to do."}
_IMAGES_SEEN = timedelta(hours=1)


def list_articles(call: Call) -> Reply:
    """A page of articles; with words, the best fits."""
    query: schemas.ArticlesQuery = call.query
    wanted = Filter(
        query.state, query.language, query.section, query.kind, query.audience, query.stale, query.provisional
    )
    found = bootstrap.knowledge().listed(wanted)
    if query.q.strip():
        language = query.language or call.agent.language
        hits = bootstrap.article_finder().search(query.q, COLLEAGUE, language, call.now, limit=FOUND, drafts=True)
        fitting = {one.id: one for one in found}
        found = [fitting[one.article.id] for one in hits if one.article.id in fitting]
    signer = bootstrap.signer()
    position = signer.read_cursor("articles", query.cursor, call.now)
    page = page_of(found, query.limit, position, lambda _: 0)
    items = [schemas.ArticleRowOut(**_row(one, call)) for one in page.items]
    return Reply(schemas.ArticlesOut(items, signer.sign_cursor("articles", page.next_position)))


def create_article(call: Call) -> Reply:
    """A new article."""
    body: schemas.ArticleIn = call.body
    wish = Wish(
        body.kind,
        body.audience,
        body.language,
        body.section,
        tuple(body.organizations),
        tuple(body.related),
        tuple(body.keywords),
        tuple(body.brands),
    )
    words = Words(body.title, body.summary, body.body)
    key = idempotency_header(call)
    made_from = body_hash(call.raw) if key is not None else ""
    return _told(bootstrap.knowledge().create(wish, words, call.agent, key=key, made_from=made_from), call)


def get_article(call: Call) -> Reply:
    """One article."""
    return _told(bootstrap.knowledge().get(call.params["id"]), call)


def change_article(call: Call) -> Reply:
    """Changes what an article is."""
    body: schemas.ArticleChangeIn = call.body
    service, version = bootstrap.knowledge(), version_header(call)
    article = service.get(call.params["id"])
    if body.archived is msgspec.UNSET or body != schemas.ArticleChangeIn(archived=body.archived):
        article = service.change(article.id, version, call.agent, lambda before: _changed(before, body))
        version = article.version
    if body.archived is not msgspec.UNSET:
        article = service.archive(article.id, version, call.agent, archived=body.archived)
    return _told(article, call)


def _changed(before: Article, body: schemas.ArticleChangeIn) -> Article:
    def given[T](wished: T | msgspec.UnsetType, there: T) -> T:
        return there if isinstance(wished, msgspec.UnsetType) else wished

    return replace(
        before,
        kind=given(body.kind, before.kind),
        audience=given(body.audience, before.audience),
        section=given(body.section, before.section),
        organizations=tuple(given(body.organizations, list(before.organizations))),
        related=tuple(given(body.related, list(before.related))),
        keywords=tuple(given(body.keywords, list(before.keywords))),
        brands=tuple(given(body.brands, list(before.brands))),
    )


def get_text(call: Call) -> Reply:
    """A text, the newest or one of its versions."""
    query: schemas.TextQuery = call.query
    service, language = bootstrap.knowledge(), call.params["language"]
    article = service.get(call.params["id"])
    revision, text = service.text(article, language, query.revision)
    return Reply(
        schemas.TextOut(
            language=language,
            revision=revision,
            title=text.title,
            summary=text.summary,
            body=text.body,
            html=_shown(text.body, call),
            author=text.author,
            at=format_instant(text.at),
            made_of=text.made_of,
        ),
        headers={"etag": f'"{article.version}"'},
    )


def write_text(call: Call) -> Reply:
    """Writes a draft."""
    body: schemas.TextIn = call.body
    words = Words(body.title, body.summary, body.body)
    params, version = call.params, version_header(call)
    return _told(bootstrap.knowledge().write(params["id"], version, params["language"], words, call.agent), call)


def take_step(call: Call) -> Reply:
    """Lets a text go a step further, or back."""
    body: schemas.StepIn = call.body
    service, version, agent = bootstrap.knowledge(), version_header(call), call.agent
    article_id, language = call.params["id"], rules.checked_language(call.params["language"])
    match body.step:
        case "ask_for_review":
            article = service.ask_for_review(article_id, version, language, agent)
        case "give_back":
            article = service.give_back(article_id, version, language, body.reason, agent)
        case "publish":
            try:
                at = parse_instant(body.publish_at) if body.publish_at is not None else None
            except ValueError as error:
                raise Invalid("It cannot be planned.", [FieldError("/publish_at", "is no instant")]) from error
            article = service.publish(article_id, version, language, agent, at=at)
        case _:
            article = service.take_back(article_id, version, language, agent)
    return _told(article, call)


def list_revisions(call: Call) -> Reply:
    """Versions of a text."""
    service, language = bootstrap.knowledge(), call.params["language"]
    article = service.get(call.params["id"])
    translation = article.texts.get(language)
    seen = rules.shown(translation, call.now) if translation is not None else None
    live = seen.revision if seen is not None else None
    history = service.store.history(article.id, language, limit=VERSIONS)
    return Reply(
        schemas.RevisionsOut(
            [
                schemas.RevisionOut(revision, text.title, text.author, format_instant(text.at), revision == live)
                for revision, text in history
            ]
        )
    )


def compare_texts(call: Call) -> Reply:
    """What differs between two versions."""
    query: schemas.DifferenceQuery = call.query
    service = bootstrap.knowledge()
    article = service.get(call.params["id"])
    texts = [service.text(article, call.params["language"], one)[1] for one in (query.before, query.after)]
    return Reply(schemas.TextDifferenceOut(differences(_lines(texts[0]), _lines(texts[1]))))


def restore_text(call: Call) -> Reply:
    """Makes an old version the draft."""
    body: schemas.RestoreTextIn = call.body
    params, version = call.params, version_header(call)
    service = bootstrap.knowledge()
    return _told(service.restore(params["id"], version, params["language"], body.revision, call.agent), call)


def preview_article(call: Call) -> Reply:
    """A body as pages would show it."""
    body: schemas.PreviewIn = call.body
    return Reply(schemas.PreviewOut(_shown(body.body, call)))


def add_image(call: Call) -> Reply:
    """Takes a picture in."""
    body: schemas.ImageIn = call.body
    (upload,) = uploads_of(call, [body.upload], bootstrap.signer())
    image = bootstrap.gallery().take(call.params["id"], upload)
    return Reply(schemas.ImageOut(image.id, address_of(call.params["id"], image.id)))


def list_feedback(call: Call) -> Reply:
    """What readers said."""
    service = bootstrap.knowledge()
    article = service.get(call.params["id"])
    items = [
        schemas.FeedbackOut(one.id, one.language, one.revision, one.helpful, one.comment, format_instant(one.at))
        for one in service.store.feedback(article.id, limit=FEEDBACK)
    ]
    return Reply(schemas.FeedbacksOut(items))


def delete_feedback(call: Call) -> Reply:
    """Deletes what a reader said."""
    service = bootstrap.knowledge()
    service.store.forget_feedback(service.get(call.params["id"]).id, call.params["feedback_id"])
    return Reply()


def list_gaps(call: Call) -> Reply:
    """What readers look for and do not find."""
    query: schemas.GapsQuery = call.query
    gaps = bootstrap.gap_watch().gaps(query.month or month_of(call.now), limit=query.limit)
    rows = bootstrap.ticket_store().rows_of([one.ticket_id for one in gaps.tickets])
    return Reply(
        schemas.GapsOut(
            [schemas.AskedOut(one.language, one.words, one.asked, one.found) for one in gaps.nothing_found],
            [schemas.AskedOut(one.language, one.words, one.asked, one.found) for one in gaps.nothing_opened],
            [
                schemas.UnansweredOut(
                    one.ticket_id, row.number, row.subject, one.language, one.category, format_instant(one.at)
                )
                for one in gaps.tickets
                if (row := rows.get(one.ticket_id)) is not None
            ],
        )
    )


def likely_answers(call: Call) -> Reply:
    """What is likely to solve a ticket."""
    query: schemas.AnswersQuery = call.query
    beside = bootstrap.answers().beside(call.params["id"], call.agent, limit=query.limit)
    used = {one.article_id for one in beside.used}
    links, reader = bootstrap.links(), bootstrap.answers().reader_of(beside.ticket)
    items = [
        schemas.LikelyArticleOut(
            id=one.article.id,
            number=one.article.number,
            title=one.text.title,
            summary=one.text.summary,
            language=one.language,
            provisional=one.article.provisional,
            link=links.article(one.article.number, one.text.title, one.language, beside.ticket)
            if rules.may_read(one.article, reader, call.now)
            else None,
            used=one.article.id in used,
        )
        for one in beside.articles
    ]
    canned = [schemas.LikelyResponseOut(one.id, one.title) for one in beside.canned]
    return Reply(schemas.AnswersOut(items, canned))


def use_article(call: Call) -> Reply:
    """Notes that a ticket is answered with an article."""
    body: schemas.UseIn = call.body
    use = bootstrap.answers().use(call.params["id"], body.article_id, call.agent)
    return Reply(schemas.UseOut(use.article_id, use.ticket_id, format_instant(use.at)))


def propose_solution(call: Call) -> Reply:
    """Makes a solution of how a ticket was solved."""
    body: schemas.SolutionIn = call.body
    words = Words(body.title, body.summary, body.body)
    return _told(bootstrap.answers().propose(call.params["id"], words, call.agent, language=body.language), call)


def tickets_of_article(call: Call) -> Reply:
    """Tickets that an article was used on."""
    query: schemas.UsesQuery = call.query
    signer, article = bootstrap.signer(), bootstrap.knowledge().get(call.params["id"])
    position = signer.read_cursor("article-uses", query.cursor, call.now)
    page = bootstrap.article_store().uses_of(article.id, limit=query.limit, position=position)
    rows = bootstrap.ticket_store().rows_of([one.ticket_id for one in page.items])
    items = [
        schemas.ArticleUseOut(
            ticket_id=one.ticket_id,
            number=row.number,
            subject=row.subject,
            status=row.status,
            at=format_instant(one.at),
            by=one.by,
            solved_at=format_instant(one.solved_at) if one.solved_at is not None else None,
        )
        for one in page.items
        if (row := rows.get(one.ticket_id)) is not None
    ]
    return Reply(schemas.ArticleUsesOut(items, signer.sign_cursor("article-uses", page.next_position)))


# --- how they are told -----------------------------------------------------------------------------------------------


def _told(article: Article, call: Call) -> Reply:
    counts = bootstrap.article_store().counts([article.id]).get(article.id, Counts())
    told = schemas.ArticleOut(
        **_row(article, call),
        organizations=list(article.organizations),
        related=list(article.related),
        keywords=list(article.keywords),
        brands=list(article.brands),
        from_ticket=article.from_ticket,
        helpful=counts.helpful,
        unhelpful=counts.unhelpful,
        views=counts.views,
        solved=counts.solved,
    )
    return Reply(told, headers={"etag": f'"{article.version}"'})


class _Row(TypedDict):
    id: str
    number: int
    version: int
    title: str
    kind: ArticleKind
    audience: Audience
    language: str
    section: str | None
    provisional: bool
    archived: bool
    languages: dict[str, schemas.TextStateOut]
    created_by: str
    created_at: str
    updated_by: str
    updated_at: str


def _row(article: Article, call: Call) -> _Row:
    return {
        "id": article.id,
        "number": article.number,
        "version": article.version,
        "title": rules.title_of(article, call.agent.language, call.now),
        "kind": article.kind,
        "audience": article.audience,
        "language": article.language,
        "section": article.section,
        "provisional": article.provisional,
        "archived": article.archived_at is not None,
        "languages": {one: out for one in article.texts if (out := _text_state(article, one, call)) is not None},
        "created_by": article.created_by,
        "created_at": format_instant(article.created_at),
        "updated_by": article.updated_by,
        "updated_at": format_instant(article.updated_at),
    }


def _text_state(article: Article, language: str, call: Call) -> schemas.TextStateOut | None:
    translation, now = article.texts[language], call.now
    newest, seen = rules.newest(translation), rules.shown(translation, now)
    if newest is None:
        return None
    readable = seen is not None and article.archived_at is None
    return schemas.TextStateOut(
        title=newest.title,
        summary=newest.summary,
        state=rules.state_of(article, language, now),
        stale=rules.is_stale(article, language, now),
        revision=newest.revision,
        live_revision=seen.revision if seen is not None else None,
        publish_at=format_instant(translation.publish_at)
        if rules.is_coming(translation, now) and translation.publish_at is not None
        else None,
        updated_by=newest.author,
        updated_at=format_instant(newest.at),
        asked_by=translation.review.asked_by,
        returned_by=translation.review.returned_by,
        reason=translation.review.reason,
        address=rules.article_path(language, article.number, seen.title) if readable and seen is not None else None,
    )


def _shown(body: str, call: Call) -> str:
    """A body as pages show it; its pictures by links that work for whoever sees it here."""
    from helpdesk.knowledge.markup import images_in, render  # noqa: PLC0415 - parsers: only who looks needs them

    html = render(body).html
    for address in images_in(body):
        article_id = address.split("/")[3]
        token = bootstrap.signer().sign(Purpose.FILE, {"article": article_id}, call.now + _IMAGES_SEEN)
        html = html.replace(f'src="{address}"', f'src="{address}?t={token}"')
    return html


def _lines(text: ArticleText) -> list[str]:
    return [text.title, text.summary, *text.body.split("\n")]


def _endpoint(
    route: str,
    name: str,
    summary: str,
    handle: Callable[[Call], Reply],
    response: type[msgspec.Struct] | None = schemas.ArticleOut,
    *,
    body: type[msgspec.Struct] | None = None,
    needs: Permission = Permission.WRITE_ARTICLES,
) -> Endpoint:
    """An endpoint that changes an article as its caller saw it."""
    return Endpoint(
        route,
        name=name,
        summary=summary,
        handle=handle,
        needs=needs,
        body=body,
        response=response,
        headers=IF_MATCH,
        errors={404: "There is no such article.", **_STALE},
        tag=TAG,
    )


_NO_TICKET = {404: "There is no such ticket."}
_MISSING = {404: "There is no such article, or text of it."}

ENDPOINTS = (
    Endpoint(
        "GET /v1/articles",
        name="listArticles",
        summary="Articles, last changed first; with words, the best fits first",
        handle=list_articles,
        needs=Permission.READ,
        query=schemas.ArticlesQuery,
        response=schemas.ArticlesOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/articles",
        name="createArticle",
        summary="Begin an article with a draft",
        handle=create_article,
        needs=Permission.WRITE_ARTICLES,
        body=schemas.ArticleIn,
        response=schemas.ArticleOut,
        status=201,
        headers=KEY,
        errors={409: "There are too many.", 422: "The Idempotency-Key came with another body before."},
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/articles/gaps",
        name="listArticleGaps",
        summary="What readers look for and do not find, and tickets without an article",
        handle=list_gaps,
        needs=Permission.READ,
        query=schemas.GapsQuery,
        response=schemas.GapsOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/articles/preview",
        name="previewArticle",
        summary="A body as pages would show it",
        handle=preview_article,
        needs=Permission.WRITE_ARTICLES,
        body=schemas.PreviewIn,
        response=schemas.PreviewOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/articles/{id}",
        name="getArticle",
        summary="An article, its texts aside",
        handle=get_article,
        needs=Permission.READ,
        response=schemas.ArticleOut,
        errors=_MISSING,
        tag=TAG,
    ),
    _endpoint(
        "PATCH /v1/articles/{id}",
        "changeArticle",
        "Change what an article is, put it away or bring it back; one that readers see only with `publish_articles`",
        change_article,
        body=schemas.ArticleChangeIn,
    ),
    Endpoint(
        "GET /v1/articles/{id}/texts/{language}",
        name="getArticleText",
        summary="A text of an article: the newest, or one of its versions",
        handle=get_text,
        needs=Permission.READ,
        query=schemas.TextQuery,
        response=schemas.TextOut,
        errors=_MISSING,
        tag=TAG,
    ),
    _endpoint(
        "PUT /v1/articles/{id}/texts/{language}",
        "writeArticleText",
        "Write a draft; readers go on seeing what is published",
        write_text,
        body=schemas.TextIn,
    ),
    _endpoint(
        "POST /v1/articles/{id}/texts/{language}/step",
        "stepArticleText",
        "Ask for a review, give back with a reason, publish now or later, take back",
        take_step,
        body=schemas.StepIn,
    ),
    Endpoint(
        "GET /v1/articles/{id}/texts/{language}/revisions",
        name="listArticleRevisions",
        summary="Versions of a text",
        handle=list_revisions,
        needs=Permission.READ,
        response=schemas.RevisionsOut,
        errors=_MISSING,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/articles/{id}/texts/{language}/difference",
        name="compareArticleTexts",
        summary="What differs between two versions of a text, line by line",
        handle=compare_texts,
        needs=Permission.READ,
        query=schemas.DifferenceQuery,
        response=schemas.TextDifferenceOut,
        errors=_MISSING,
        tag=TAG,
    ),
    _endpoint(
        "POST /v1/articles/{id}/texts/{language}/restore",
        "restoreArticleText",
        "Make a version of a text the draft again",
        restore_text,
        body=schemas.RestoreTextIn,
    ),
    Endpoint(
        "POST /v1/articles/{id}/images",
        name="addArticleImage",
        summary="Make an uploaded PNG, JPEG, GIF or WebP of 4 MB at most a picture of an article",
        handle=add_image,
        needs=Permission.WRITE_ARTICLES,
        body=schemas.ImageIn,
        response=schemas.ImageOut,
        status=201,
        errors={404: "There is no such article."},
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/articles/{id}/feedback",
        name="listArticleFeedback",
        summary="What readers said of an article, without their names",
        handle=list_feedback,
        needs=Permission.READ,
        response=schemas.FeedbacksOut,
        errors=_MISSING,
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/articles/{id}/feedback/{feedback_id}",
        name="deleteArticleFeedback",
        summary="Delete what a reader said; their vote counts on",
        handle=delete_feedback,
        needs=Permission.PUBLISH_ARTICLES,
        status=204,
        errors=_MISSING,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/articles/{id}/tickets",
        name="listArticleTickets",
        summary="Tickets that an article was used on, and whether it solved them",
        handle=tickets_of_article,
        needs=Permission.READ,
        query=schemas.UsesQuery,
        response=schemas.ArticleUsesOut,
        errors=_MISSING,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/tickets/{id}/answers",
        name="listLikelyAnswers",
        summary="Articles, provisional solutions and canned responses that are likely to solve a ticket",
        handle=likely_answers,
        needs=Permission.READ,
        query=schemas.AnswersQuery,
        response=schemas.AnswersOut,
        errors=_NO_TICKET,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/tickets/{id}/answers",
        name="useArticle",
        summary="Note that a ticket is answered with an article",
        handle=use_article,
        needs=Permission.REPLY,
        body=schemas.UseIn,
        response=schemas.UseOut,
        errors={404: "There is no such ticket, or article."},
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/tickets/{id}/solutions",
        name="proposeSolution",
        summary="Make a provisional solution of how a ticket was solved: colleagues find it at once",
        handle=propose_solution,
        needs=Permission.WRITE_ARTICLES,
        body=schemas.SolutionIn,
        response=schemas.ArticleOut,
        status=201,
        errors=_NO_TICKET,
        tag=TAG,
    ),
)
