"""The community's pages: readable and usable without script. Whoever has signed in writes by plain forms.

A form is taken only from a page of ours: the browser says where it comes from, and the session's cookie goes along with
nothing that another site's page sends.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from markupsafe import Markup

from functions.portal.community import is_there, visitor_of
from functions.portal.help.words import date_in, say
from helpdesk import bootstrap
from helpdesk.community.model import (
    AuthorKind,
    Found,
    Member,
    Order,
    Post,
    PostState,
    Question,
    ReportReason,
    Signpost,
    Thread,
)
from helpdesk.community.ports import NameNeeded, NameTaken
from helpdesk.community.rules import LONGEST_BODY, LONGEST_NAME, LONGEST_TITLE, is_own, place_of, question_path
from helpdesk.community.schemas import html_of
from helpdesk.community.service import Asked, Community
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import Conflict, Forbidden, HelpdeskError, Invalid, NotFound, TooMany, Unauthenticated
from helpdesk.kernel.ids import new_id
from helpdesk.kernel.text import LANGUAGES, clean_line
from helpdesk.knowledge.finding import LONGEST_QUERY, FoundArticle
from helpdesk.knowledge.model import Section
from helpdesk.knowledge.plain import summary_of, to_plain
from helpdesk.platform.http import Reply
from helpdesk.platform.problems import status_of
from helpdesk.platform.signing import Purpose
from helpdesk.portal.brands import Brand
from helpdesk.portal.model import Visitor

if TYPE_CHECKING:
    from functions.portal.help.pages import Page, Visit

SHOWN: Final = 20
FOUND: Final = 10
OF_TOPIC: Final = 5
MOST_FIELDS: Final = 20
ALIKE: Final = 3
"""Questions, and articles, that are shown before somebody asks."""
_OWN: Final = "private, no-store"
_NOTHING: Final = "There is nothing at this address."


@dataclass(frozen=True, slots=True)
class Press:
    """What makes pages.

    Attributes:
        html: a template as a page of a visit.
        articles: articles that were found, as rows for who reads in a language.
        page: what a page tells of itself.
        url: a path of ours as an address.
        at_home: a path of ours below the brand's own.
        portal: where the brand's portal is, as a path.
        name: what the desk calls itself here.
        brand: whose pages these are.
    """

    html: "Callable[..., Reply]"
    articles: Callable[[Iterable[FoundArticle], str], Sequence[object]]
    page: "type[Page]"
    url: Callable[[str], str]
    at_home: Callable[[str], str]
    portal: str
    name: Callable[[], str]
    brand: Brand | None


class _Spot:
    """Somebody at the community of some pages."""

    def __init__(self, visit: "Visit", press: Press) -> None:
        self.visit = visit
        self.press = press
        self.language = visit.language
        self.t = say(visit.language)
        self.service: Community = bootstrap.community()
        self.place = place_of(press.brand)
        self.home = f"/help/{visit.language}/community"

    @cached_property
    def visitor(self) -> Visitor | None:
        """Who has signed in."""
        return visitor_of(self.visit.call)

    @cached_property
    def me(self) -> Member | None:
        """What they are in the community."""
        return self.service.me(self.visitor) if self.visitor is not None else None

    @cached_property
    def form(self) -> Mapping[str, str]:
        """What was sent by a form."""
        try:
            fields = parse_qs(self.visit.call.raw.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise NotFound("No form here has so many fields.") from error
        return {name: values[0] for name, values in fields.items()}

    @property
    def sends(self) -> bool:
        """Whether a form was sent."""
        return self.visit.call.method == "POST"

    def sign_in(self, path: str) -> str:
        """Where one signs in, to come back to a path."""
        return f"{self.press.portal}/sign-in?{urlencode({'next': self.press.at_home(path), 'lang': self.language})}"

    def let_in(self, path: str) -> Reply:
        """Has somebody sign in, and come back."""
        return Reply(status=303, headers={"location": self.sign_in(path), "cache-control": _OWN})

    def writer(self) -> Visitor:
        """Who sends a form.

        Raises:
            Unauthenticated: nobody has signed in.
            NotFound: it comes from another site's page.
        """
        headers = self.visit.call.headers
        origin = urlsplit(headers.get("origin", "")).netloc
        here = {urlsplit(self.press.url("/")).netloc, *(self.press.brand.hosts if self.press.brand is not None else ())}
        fallback = "same-origin" if not origin or origin in here else "cross-site"
        if headers.get("sec-fetch-site", fallback) != "same-origin":
            raise NotFound("This can only be done from the community's own pages.")
        if self.visitor is None:
            raise Unauthenticated("Sign in first.")
        return self.visitor

    def named(self) -> Visitor:
        """Who sends a form, by the name that stood in it, where they had none. Raises what `writer` raises."""
        visitor = self.writer()
        if self.me is None or self.me.name or "name" not in self.form:
            return visitor
        self.service.name(visitor, self.form["name"], quiet=False)
        return visitor_of(self.visit.call) or visitor  # who was nobody to the desk before is somebody now

    def page(self, title: str, **more: object) -> "Page":
        """What a page tells of itself."""
        return self.press.page(f"{title} · {self.press.name()}", **more)  # type: ignore[arg-type]

    def show(self, template: str, page: "Page", *, status: int = 200, **values: object) -> Reply:
        """A page."""
        shared = {
            "home": self.home,
            "me": self.me,
            "sign_in": self.sign_in(self.home),
            "topics": [{"id": one.id, "name": one.name(self.language)} for one in _topics()],
            "most": {"title": LONGEST_TITLE, "body": LONGEST_BODY, "name": LONGEST_NAME},
            "fault": None,
        }
        return self.press.html(self.visit, template, page, status=status, **(shared | values))

    def go(self, path: str) -> Reply:
        """Leads somewhere after a form was taken."""
        return Reply(
            status=303, headers={"location": self.press.at_home(quote(path, safe="/?=&#-_")), "cache-control": _OWN}
        )


def answer(visit: "Visit", rest: Sequence[str], press: Press) -> Reply:
    """Answers whatever is below `/help/{language}/community`.

    Raises:
        NotFound: there is no such page, or no community for who reads.
    """
    spot = _Spot(visit, press)
    if rest[:1] == ["leave"] and len(rest) == 2:  # whoever holds the link may, signed in or not
        return _leave(spot, rest[1])
    if spot.visitor is None and not spot.sends and _only_members() and is_there(press.brand, signed_in=True):
        known = [one if one in _FORMS else one.partition("-")[0] for one in rest[:1]]
        return spot.let_in("/".join((spot.home, *known)))
    spot.service.opened(press.brand, signed_in=spot.visitor is not None)
    return _page(spot, rest)


def _page(spot: _Spot, rest: Sequence[str]) -> Reply:
    match rest:
        case []:
            return _list(spot)
        case [name] if name in _FORMS:
            return _FORMS[name](spot)
        case [name]:
            return _question(spot, _number(name), name)
        case [name, "edit", post_id]:
            return _edit(spot, _number(name), post_id)
        case [name, "history", post_id]:
            return _history(spot, _number(name), post_id)
        case _:
            raise NotFound(_NOTHING)


# --- reading ---------------------------------------------------------------------------------------------------------


def _list(spot: _Spot) -> Reply:
    query = spot.visit.query
    words = clean_line(query.get("q", ""))[:LONGEST_QUERY]
    order = Order.UNANSWERED if query.get("order") == Order.UNANSWERED else Order.ACTIVE
    topic = query.get("topic") if query.get("topic") in bootstrap.desk().sections else None
    onward = None
    if words:
        found = tuple(spot.service.search(words, spot.place, spot.language, limit=SHOWN))
    else:
        name = f"community-page/{spot.place}/{order}/{topic or '-'}"
        position = bootstrap.signer().read_cursor(name, query.get("after"), spot.visit.call.now)
        listed = spot.service.listed(order, spot.place, topic, limit=SHOWN, position=position)
        found = listed.items
        onward = bootstrap.signer().sign_cursor(name, listed.next_position)
    chosen = {"order": order.value} if order is Order.UNANSWERED else {}
    chosen |= {"topic": topic} if topic is not None else {}
    plain = not query
    title = spot.t("community")
    page = spot.page(
        title,
        description=spot.t("community_lead"),
        canonical=spot.press.url(spot.home) if plain and not _only_members() else "",
        elsewhere={one: f"/help/{one}/community" for one in LANGUAGES},
    )
    return spot.show(
        "community",
        page,
        rows=_rows(spot, found),
        query=words,
        order=order.value,
        topic=topic,
        more=f"{spot.home}?{urlencode(chosen | {'after': onward})}" if onward is not None else None,
    )


def rows_found(visit: "Visit", press: Press, words: str) -> list[dict[str, object]]:
    """Questions that fit some words, for the help centre's search."""
    spot = _Spot(visit, press)
    if not is_there(press.brand, signed_in=spot.visitor is not None):
        return []
    return _rows(spot, tuple(spot.service.search(words, spot.place, spot.language, limit=FOUND)))


def rows_of_topic(visit: "Visit", press: Press, topic: str) -> list[dict[str, object]]:
    """Questions of a topic where somebody wrote last, for its section's page: as far as everybody sees them."""
    if not is_there(press.brand, signed_in=False):
        return []
    spot = _Spot(visit, press)
    return _rows(spot, spot.service.listed(Order.ACTIVE, spot.place, topic, limit=OF_TOPIC, position=None).items)


def newest(brand: Brand | None, most: int) -> list[Signpost]:
    """Where answered questions that everybody sees stand, those where somebody wrote last first."""
    return bootstrap.community().signposts(place_of(brand), most=most)


def _rows(spot: _Spot, questions: tuple[Question, ...]) -> list[dict[str, object]]:
    names = spot.service.writer.names_of(questions)
    return [
        {
            "address": quote(question_path(spot.language, one.number, one.title), safe="/-"),
            "title": one.title,
            "summary": summary_of(one.post.body),
            "language": one.language,
            "foreign": one.language != spot.language,
            "answers": one.answers,
            "solved": one.accepted is not None,
            "score": one.score,
            "author": names.get(one.post.author.id) or spot.t("somebody"),
            "day": f"{one.active_at:%Y-%m-%d}",
            "date": date_in(one.active_at, spot.language),
        }
        for one in questions
    ]


def _question(spot: _Spot, number: int, name: str) -> Reply:
    question_id = spot.service.numbered(number)
    fault, status = None, 200
    if spot.sends:
        try:
            return _act(spot, question_id, number)
        except Unauthenticated:
            return spot.let_in(f"{spot.home}/{number}")
        except HelpdeskError as error:
            if isinstance(error, NotFound):
                raise
            fault, status = _fault(spot, error), status_of(error)
    thread = spot.service.thread(question_id, spot.place, spot.visitor)
    own = question_path(spot.language, number, thread.question.title)
    if not spot.sends and name != own.rpartition("/")[2]:
        asked = f"?{urlencode(spot.visit.query)}" if spot.visit.query else ""
        return Reply(
            status=301, headers={"location": spot.press.at_home(quote(own, safe="/-")) + asked, "cache-control": _OWN}
        )
    return _thread_page(spot, thread, fault, status)


def _thread_page(spot: _Spot, thread: Thread, fault: str | None, status: int) -> Reply:
    question = thread.question
    address = spot.press.url(question_path(question.language, question.number, question.title))
    public = question.visible and not _only_members()
    posts = [_post(spot, thread, one) for one in thread.posts]
    section = bootstrap.desk().sections.get(question.topic or "")
    page = spot.page(
        question.title,
        description=summary_of(question.post.body),
        canonical=address if public and question.answers else "",  # a page without an answer helps nobody who searches
        elsewhere={one: question_path(one, question.number, question.title) for one in LANGUAGES},
        kind="article",
        data=_data(spot, thread, address) if public and question.answers else None,
    )
    path = quote(question_path(spot.language, question.number, question.title), safe="/-")
    return spot.show(
        "question",
        page,
        status=status,
        thread=thread,
        question=posts[0],
        answers=posts[1:],
        title=question.title,
        spoken=question.language,
        topic=section.name(spot.language) if section is not None else "",
        topic_address=f"{spot.home}?topic={quote(section.id)}" if section is not None else "",
        action=path,
        address=f"{spot.home}/{question.number}",
        writes=question.visible and not question.locked,
        asker=is_own(question.post, spot.visitor.ids if spot.visitor is not None else ()),
        sign_in=spot.sign_in(f"{spot.home}/{question.number}"),
        said=spot.visit.query.get("said", ""),
        fault=fault,
        typed=spot.form.get("body", "") if fault is not None else "",
        called=spot.form.get("name", "") if fault is not None else "",
        reasons=[(one.value, spot.t(f"reason_{one.value}")) for one in ReportReason],
        key=new_id(spot.visit.call.now),
    )


def _post(spot: _Spot, thread: Thread, found: Found) -> dict[str, object]:
    post: Post = found.post
    return {
        "id": found.post_id,
        "name": _name(spot, thread, post),
        "desk": post.author.kind is AuthorKind.AGENT,
        "day": f"{post.at:%Y-%m-%d}",
        "date": date_in(post.at, spot.language),
        "edited": post.edited_at is not None,
        "html": Markup(html_of(post.body)),  # noqa: S704 - it is sanitised
        "state": post.state.value,
        "score": found.score,
        "vote": thread.votes.get(found.post_id, 0),
        "mine": is_own(post, spot.visitor.ids if spot.visitor is not None else ()),
        "official": found.official,
        "accepted": found.accepted,
    }


def _name(spot: _Spot, thread: Thread, post: Post) -> str:
    return thread.names.get(post.author.id) or spot.t("somebody")


def _data(spot: _Spot, thread: Thread, address: str) -> dict[str, object]:
    """What search engines are told: a question and its answers."""
    question, *answers = [one for one in thread.posts if one.post.state is PostState.VISIBLE]
    entity: dict[str, object] = {
        "@type": "Question",
        "name": thread.question.title,
        **_post_data(spot, thread, question, address),
        "answerCount": thread.question.answers,
        "inLanguage": thread.question.language,
        "suggestedAnswer": [_answer_data(spot, thread, one, address) for one in answers if not one.accepted],
    }
    for one in answers:
        if one.accepted:
            entity["acceptedAnswer"] = _answer_data(spot, thread, one, address)
    return {"@context": "https://schema.org", "@type": "QAPage", "mainEntity": entity}


def _answer_data(spot: _Spot, thread: Thread, found: Found, address: str) -> dict[str, object]:
    return {"@type": "Answer", **_post_data(spot, thread, found, f"{address}#answer-{found.post_id}")}


def _post_data(spot: _Spot, thread: Thread, found: Found, address: str) -> dict[str, object]:
    post = found.post
    kind = "Organization" if post.author.kind is AuthorKind.AGENT else "Person"
    return {
        "text": to_plain(post.body),
        "upvoteCount": max(0, found.score),
        "datePublished": format_instant(post.at),
        **({"dateModified": format_instant(post.edited_at)} if post.edited_at is not None else {}),
        "url": address,
        "author": {"@type": kind, "name": _name(spot, thread, post)},
    }


def _history(spot: _Spot, number: int, post_id: str) -> Reply:
    question_id = spot.service.numbered(number)
    found = spot.service.revisions(question_id, post_id, spot.place, spot.visitor)
    rows = [
        {
            "title": one.title,
            "html": Markup(html_of(one.body)),  # noqa: S704 - it is sanitised
            "date": date_in(one.at, spot.language),
            "by_moderator": one.by.kind is AuthorKind.AGENT,
        }
        for one in found
    ]
    return spot.show("history", spot.page(spot.t("history")), revisions=rows, address=f"{spot.home}/{number}")


# --- writing ---------------------------------------------------------------------------------------------------------


def _ask(spot: _Spot) -> Reply:
    """Asks first for one line, and shows what was asked and written like it; who finds an answer need not sign in."""
    words = clean_line(spot.visit.query.get("q", ""))[:LONGEST_TITLE]
    alike = _alike(spot, words) if words and not spot.sends else _Alike()
    if not spot.sends and (not words or (spot.visitor is None and alike.any)):
        path = f"{spot.home}/ask?{urlencode({'q': words})}"
        page = spot.page(spot.t("ask_community"))
        return spot.show("ask_first", page, words=words, alike=alike, sign_in=spot.sign_in(path))
    if spot.visitor is None:
        return spot.let_in(f"{spot.home}/ask" + (f"?{urlencode({'q': words})}" if words else ""))
    fault, status = None, 200
    if spot.sends:
        try:
            visitor = spot.named()
            asked = Asked(
                spot.form.get("title", ""),
                spot.form.get("body", ""),
                spot.language,
                spot.form.get("topic") or None,
                "follow" in spot.form,
                spot.form.get("key") or None,
            )
            made = spot.service.ask(visitor, asked, spot.press.brand, spot.visit.call.ip)
        except HelpdeskError as error:
            if isinstance(error, NotFound):
                raise
            fault, status = _fault(spot, error), status_of(error)
        else:
            return spot.go(f"{spot.home}/{made.number}{'' if made.visible else '?said=held'}")
    typed = spot.form if spot.sends else {"title": words, "follow": "1"}
    key = spot.form.get("key") or new_id(spot.visit.call.now)
    page = spot.page(spot.t("ask_community"))
    return spot.show("ask", page, status=status, typed=dict(typed), key=key, fault=fault, alike=alike)


@dataclass(frozen=True, slots=True)
class _Alike:
    """What is like a question that somebody is about to ask."""

    questions: Sequence[Mapping[str, object]] = ()
    articles: Sequence[object] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.questions or self.articles)


def _alike(spot: _Spot, words: str) -> _Alike:
    questions = tuple(spot.service.like(words, spot.place, spot.language, limit=ALIKE))
    articles = bootstrap.help_center().suggest(words, spot.visit.reader, spot.language, limit=ALIKE)
    return _Alike(_rows(spot, questions), spot.press.articles(articles, spot.language))


def _act(spot: _Spot, question_id: str, number: int) -> Reply:
    """Does what a button of a question's page says."""
    visitor, form, service = spot.writer(), spot.form, spot.service
    post_id, back, said = form.get("post") or question_id, f"{spot.home}/{number}", ""
    match form.get("act"):
        case "answer":
            visitor = spot.named()
            made = service.answer(
                visitor, question_id, form.get("body", ""), spot.place, spot.visit.call.ip,
                follow="follow" in form, key=form.get("key") or None,
            )  # fmt: skip
            post_id, said = made.id, "" if made.visible else "held"
        case "vote":
            service.vote(visitor, question_id, post_id, _value(form.get("value")), spot.place, spot.visit.call.ip)
        case "accept":
            service.accept(visitor, question_id, form.get("post") or None, spot.place)
        case "follow":
            service.follow(visitor, question_id, spot.place, wanted=form.get("value") == "1")
            post_id, said = "", "following" if form.get("value") == "1" else "left"
        case "report":
            reason = next((one for one in ReportReason if one == form.get("reason")), ReportReason.OTHER)
            service.report(visitor, question_id, post_id, reason, form.get("words", ""), spot.place)
            said = "reported"
        case "delete":
            service.delete(visitor, question_id, post_id, spot.place)
            if post_id == question_id:
                return spot.go(spot.home)
            post_id = ""
        case _:
            raise NotFound(_NOTHING)
    where = f"#{'question' if post_id == question_id else f'answer-{post_id}'}" if post_id else ""
    return spot.go(f"{back}{f'?said={said}' if said else ''}{where}")


def _value(given: str | None) -> int:
    return {"1": 1, "-1": -1}.get(given or "", 0)


def _edit(spot: _Spot, number: int, post_id: str) -> Reply:
    question_id = spot.service.numbered(number)
    thread = spot.service.thread(question_id, spot.place, spot.visitor)
    answer = next((one for one in thread.answers if one.id == post_id), None)
    post = answer.post if answer is not None else thread.question.post
    ids = spot.visitor.ids if spot.visitor is not None else ()
    if not is_own(post, ids) or (answer is None and post_id != question_id):
        raise NotFound(_NOTHING)
    fault, status = None, 200
    if spot.sends:
        try:
            visitor = spot.writer()
            title, body = spot.form.get("title", ""), spot.form.get("body", "")
            found = spot.service.edit(visitor, question_id, post_id, title, body, spot.place)
        except HelpdeskError as error:
            if isinstance(error, NotFound):
                raise
            fault, status = _fault(spot, error), status_of(error)
        else:
            where = "question" if answer is None else f"answer-{post_id}"
            held = "?said=held" if found.post.state.value == "held" else ""
            return spot.go(f"{spot.home}/{number}{held}#{where}")
    typed = {"title": thread.question.title, "body": post.body} | (dict(spot.form) if spot.sends else {})
    return spot.show(
        "edit",
        spot.page(spot.t("edit")),
        status=status,
        typed=typed,
        is_question=answer is None,
        fault=fault,
        address=f"{spot.home}/{number}",
    )


def _me(spot: _Spot) -> Reply:
    if spot.visitor is None:
        return spot.let_in(f"{spot.home}/me")
    fault, status = None, 200
    if spot.sends:
        try:
            spot.service.name(spot.writer(), spot.form.get("name", ""), quiet="mails" not in spot.form)
        except HelpdeskError as error:
            if isinstance(error, NotFound):
                raise
            fault, status = _fault(spot, error), status_of(error)
        else:
            return spot.go(f"{spot.home}/me?said=saved")
    name = spot.form.get("name") if spot.sends else (spot.me.name if spot.me is not None else "")
    return spot.show(
        "me", spot.page(spot.t("my_name")), status=status, name=name, fault=fault, said=spot.visit.query.get("said", "")
    )


def _leave(spot: _Spot, token: str) -> Reply:
    """Ends mails: asked for by a page with a button, or by a mail program with one click (RFC 8058)."""
    claims = bootstrap.signer().read(Purpose.COMMUNITY, token, spot.visit.call.now)
    question_id, person_id = claims.get("q"), claims.get("p")
    if not isinstance(question_id, str) or not isinstance(person_id, str):
        raise NotFound(_NOTHING)
    done = False
    if spot.sends:
        spot.service.leave(person_id, None if "all" in spot.form else question_id)
        done = True
    return spot.show("leave", spot.page(spot.t("leave")), done=done, action=quote(spot.visit.call.path, safe="/-"))


# --- parts -----------------------------------------------------------------------------------------------------------


def _fault(spot: _Spot, error: HelpdeskError) -> str:
    """A refusal in words that somebody can do something with."""
    named = {one.pointer for one in error.errors} if isinstance(error, Invalid) else set()
    for pointer in ("/name", "/title", "/body", "/topic"):
        if pointer in named:
            return spot.t(f"fault_{pointer[1:]}")
    kinds: tuple[tuple[type[HelpdeskError], str], ...] = (
        (NameNeeded, "fault_name"),
        (NameTaken, "fault_taken"),
        (TooMany, "fault_haste"),
        (Forbidden, "fault_forbidden"),
        (Conflict, "fault_locked"),
    )
    return spot.t(next((words for kind, words in kinds if isinstance(error, kind)), "trouble_text"))


def _topics() -> list[Section]:
    sections = (one for one in bootstrap.desk().sections.values() if one.parent is None)
    return sorted(sections, key=lambda one: (one.order, one.id))


def _only_members() -> bool:
    return bootstrap.desk().general.community.signed_in_only


def _number(name: str) -> int:
    digits = name.partition("-")[0]
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise NotFound(_NOTHING)
    return int(digits)


_FORMS: Final[Mapping[str, Callable[[_Spot], Reply]]] = {"ask": _ask, "me": _me}
