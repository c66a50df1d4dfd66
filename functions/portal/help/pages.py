"""The help centre's addresses: which page answers which, with what search engines and caches want to know of it."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from functions.portal.community import is_there
from functions.portal.help import community
from functions.portal.help.words import LOCALES, NAMES, date_in, preferred, say
from helpdesk import bootstrap
from helpdesk.community.rules import question_path
from helpdesk.forms.model import name_in
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import HelpdeskError, NotFound, TooMany, Unauthenticated
from helpdesk.kernel.text import LANGUAGES, clean_line
from helpdesk.knowledge.finding import LONGEST_QUERY, FoundArticle
from helpdesk.knowledge.markup import Step, render
from helpdesk.knowledge.model import ANYBODY, ArticleKind, Audience, Reader, Section, TextRef
from helpdesk.knowledge.plain import summary_of
from helpdesk.knowledge.reading import HelpCenter, Listed, Opened, Shelf
from helpdesk.knowledge.rules import article_path, languages_shown, shown
from helpdesk.mail.brand import palette
from helpdesk.platform.http import Call, Reply
from helpdesk.platform.problems import status_of
from helpdesk.platform.settings import settings
from helpdesk.platform.signing import Purpose
from helpdesk.portal.brands import UNDER, Brand, help_of, portal_of

FOUND: Final = 20
RECENT: Final = 8
FEWEST_HEADINGS: Final = 3
"""A table of contents is worth its place from so many headings on."""
MOST_QUESTIONS: Final = 5000
"""Of the community that the site map names: search engines have met the older ones."""
SITEMAP_ENTRIES: Final = 1500
"""Of one file: a function answers 6 MB at most."""
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No script at all: nothing an author writes could ever run, whatever else failed."""
_NOTHING: Final = "There is nothing at this address."
_XML: Final = "application/xml; charset=utf-8"
_FOLDER: Final = Path(__file__).parent
_FRESH: Final = "public, max-age=0, s-maxage=60, stale-while-revalidate=300"
_OWN: Final = "private, no-store"
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_BRAND: Final[ContextVar[Brand | None]] = ContextVar("brand", default=None)
"""Under which name the page is shown that is being made."""
_LANGUAGE: Final[ContextVar[str]] = ContextVar("language", default="en")
_BESIDE: Final = ("images/", "logos/", "style-", "brand-")
"""What lies below `/help/` and belongs to no brand."""
_OWN_ADDRESS: Final = re.compile(rf'(?<=["\'])/(help(?!/(?:{"|".join(_BESIDE)}))|portal)(?=[/?"\'#])')


@dataclass(frozen=True, slots=True)
class Page:
    """What a page tells of itself.

    Attributes:
        canonical: its one address; empty: it is not to be found by search engines.
        alternates: its addresses in all languages that it exists in.
        elsewhere: where who reads in another language finds the same, which is in its own language there, too.
        data: structured data.
    """

    title: str
    description: str = ""
    canonical: str = ""
    alternates: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    kind: str = "website"
    data: Mapping[str, object] | None = None

    @property
    def indexed(self) -> bool:
        """Whether search engines shall know it."""
        return bool(self.canonical)


@dataclass(frozen=True, slots=True)
class Row:
    """An article in a list of a page."""

    number: int
    title: str
    summary: str
    language: str
    wanted: str

    @property
    def spoken(self) -> str:
        """The name of its language, where that is not the reader's."""
        return NAMES[self.language] if self.language != self.wanted else ""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at the help centre.

    Attributes:
        words: the address behind `/help/`, part by part.
        language: in which they read: the address says so, or else their browser.
    """

    call: Call
    reader: Reader
    words: tuple[str, ...]
    query: Mapping[str, str]
    language: str


def answer(call: Call) -> Reply:
    """Answers whatever is below `/help`, and `/robots.txt`."""
    if call.path == "/robots.txt":
        return _text(_robots(), "text/plain; charset=utf-8", _FRESH)
    words = tuple(word for word in call.path.removeprefix("/help").split("/") if word)
    named, words = (words[1], words[2:]) if words[:1] == (UNDER,) and len(words) > 1 else (None, words)
    _BRAND.set(bootstrap.brand_at(call, named))
    language = words[0] if words and words[0] in LANGUAGES else _liked(call)
    visit = Visit(call, bootstrap.reader_of(call, _BRAND.get()), words, call.all_query, language)
    _LANGUAGE.set(visit.language)
    try:
        reply = _answer(visit)
    except TooMany:
        reply = _notice(visit, "too_many", 429)
    except (NotFound, Unauthenticated):
        reply = _notice(visit, "missing", 404)
    except HelpdeskError as error:
        reply = _notice(visit, "trouble", status_of(error))
    return _as_asked(reply, call)


def home_of(call: Call, brand: Brand, language: str) -> str:
    """The first page under a brand that need not be there, as anybody would see it who has not signed in."""
    before = _BRAND.set(brand), _LANGUAGE.set(language)
    try:
        page = _home(Visit(call, bootstrap.reader_at(brand), (language,), {}, language))
    finally:
        _BRAND.reset(before[0])
        _LANGUAGE.reset(before[1])
    return str(page.value)


def _answer(visit: Visit) -> Reply:
    match visit.words:
        case ():
            return _first(visit)
        case ("images", article_id, image_id):
            return _image(visit, article_id, image_id)
        case ("logos", image_id):
            return _logo(image_id)
        case ("embed",) | ("embed", _):
            return _framed(visit)
        case (name,) if name not in LANGUAGES:
            return _file(visit, name)
        case (language, *rest) if language in LANGUAGES:
            return _page(visit, rest)
        case _:
            raise NotFound(_NOTHING)


def _first(visit: Visit) -> Reply:
    """Leads to the language that a browser likes best."""
    headers = {"location": _at_home(f"/help/{visit.language}"), "vary": "accept-language", "cache-control": _OWN}
    return Reply(status=302, headers=headers)


def _liked(call: Call) -> str:
    """The language that a browser likes best, of those that the brand speaks."""
    language = preferred(call.headers.get("accept-language", ""), bootstrap.desk().general.language)
    brand = _BRAND.get()
    return brand.spoken[0] if brand is not None and language not in brand.spoken else language


def _file(visit: Visit, name: str) -> Reply:
    """What is no page: the site map, the style sheet."""
    anybody = visit.reader.anybody
    if name == "sitemap.xml":
        return _text(_sitemap_index(anybody), _XML, _FRESH)
    if name == "sitemap-questions.xml":
        return _text(_sitemap_questions(), _XML, _FRESH)
    if name.startswith("sitemap-") and name.endswith(".xml"):
        return _text(_sitemap(name.removeprefix("sitemap-").removesuffix(".xml"), anybody), _XML, _FRESH)
    if name == style_name():
        return _text(_style(), "text/css; charset=utf-8", _FOR_GOOD)
    if name.startswith("brand-") and name.endswith(".css"):
        return _text(
            brand_style(name.removeprefix("brand-").removesuffix(".css")), "text/css; charset=utf-8", _FOR_GOOD
        )
    raise NotFound(_NOTHING)


def _page(visit: Visit, rest: Sequence[str]) -> Reply:
    match rest:
        case []:
            return _home(visit)
        case ["search"]:
            return _search(visit)
        case ["sections", section_id]:
            return _section(visit, section_id)
        case ["solved", token]:
            return _solved(visit, token)
        case ["community", *below]:
            return community.answer(visit, below, _press())
        case ["articles", name]:
            return _vote(visit, name) if visit.call.method == "POST" else _article(visit, name)
        case _:
            raise NotFound(_NOTHING)


# --- pages -----------------------------------------------------------------------------------------------------------


def _home(visit: Visit) -> Reply:
    center, language = bootstrap.help_center(), visit.language
    shelves = center.shelves(visit.reader, language)
    recent = center.popular(visit.reader, language, limit=RECENT)
    t = say(language)
    page = Page(
        t("title", brand=_brand()),
        t("lead"),
        canonical=_url(f"/help/{language}"),
        alternates={one: _url(f"/help/{one}") for one in LANGUAGES} | {"x-default": _url("/help")},
        data={
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": t("title", brand=_brand()),
            "url": _url(f"/help/{language}"),
            "inLanguage": language,
            "potentialAction": {
                "@type": "SearchAction",
                "target": _url(f"/help/{language}/search?q={{words}}"),
                "query-input": "required name=words",
            },
        },
    )
    shown = [_shelf(one, language) for one in shelves]
    return _html(visit, "home", page, shelves=shown, recent=_rows(recent, language))


def _section(visit: Visit, section_id: str) -> Reply:
    language = visit.language
    shelf = bootstrap.help_center().shelf(section_id, visit.reader, language)
    shown = _shelf(shelf, language)
    path = f"/sections/{quote(section_id)}"
    page = Page(
        f"{shown['name']} · {_brand()}",
        str(shown["description"]),
        canonical=_url(f"/help/{language}{path}"),
        alternates={one: _url(f"/help/{one}{path}") for one in LANGUAGES},
        data=_trail_data([*_above(shelf.section), shelf.section], language),
    )
    trail = [_crumb(one, language) for one in _above(shelf.section)]
    asked = community.rows_of_topic(visit, _press(), section_id)
    more = f"/help/{language}/community?{urlencode({'topic': section_id})}"
    return _html(visit, "section", page, shelf=shown, trail=trail, asked=asked, asked_more=more)


def _article(visit: Visit, name: str) -> Reply:
    center, language = bootstrap.help_center(), visit.language
    opened = center.open(_number(name), visit.reader, language)
    own = article_path(language, opened.article.number, opened.ref.title)
    if name != own.rpartition("/")[2]:
        asked = f"?{urlencode(visit.query)}" if visit.query else ""
        return Reply(status=301, headers={"location": _at_home(quote(own, safe="/-")) + asked, "cache-control": _FRESH})
    if visit.call.method == "GET" and not visit.query.get("voted"):
        center.was_read(opened.article)
    if words := visit.query.get("q"):
        center.opened(words, language)
    return _article_page(visit, opened)


def _article_page(visit: Visit, opened: Opened) -> Reply:
    language, text, t = visit.language, opened.text, say(visit.language)
    rendered = render(text.body)
    summary = text.summary or summary_of(text.body)
    addresses = {
        one: _url(article_path(one, opened.article.number, ref.title)) for one, ref in opened.languages.items()
    }
    section = bootstrap.desk().sections.get(opened.article.section or "")
    trail = [*_above(section), section] if section is not None else []
    canonical = addresses[opened.language]
    guide = opened.article.kind is ArticleKind.GUIDE and bool(rendered.steps)
    page = Page(
        f"{text.title} · {_brand()}",
        summary,
        # Only what everybody may read, in the language that it is in, is for search engines.
        canonical=canonical if opened.article.audience is Audience.PUBLIC else "",
        alternates=addresses | ({"x-default": addresses[own]} if (own := opened.article.language) in addresses else {}),
        kind="article",
        data=_article_data(opened, summary, canonical, trail, rendered.steps if guide else ()),
    )
    when = opened.ref.at
    return _html(
        visit,
        "article",
        page,
        article={"title": text.title, "day": f"{when:%Y-%m-%d}", "date": date_in(when, language)},
        spoken=opened.language,
        html=Markup(rendered.html),  # noqa: S704 - `render` has sanitised it
        intro=Markup(rendered.intro) if guide else "",  # noqa: S704
        steps=[{"heading": one.heading, "html": Markup(one.html)} for one in rendered.steps] if guide else [],  # noqa: S704
        contents=rendered.headings if len(rendered.headings) >= FEWEST_HEADINGS and not guide else (),
        trail=[_crumb(one, language) for one in trail],
        related=_rows(opened.related, language),
        action=article_path(language, opened.article.number, opened.ref.title),
        voted=visit.query.get("voted", ""),
        vote=visit.query.get("vote", ""),
        t=t,
    )


def _search(visit: Visit) -> Reply:
    language = visit.language
    query = clean_line(visit.query.get("q", ""))[:LONGEST_QUERY]
    found = bootstrap.help_center().search(query, visit.reader, language, limit=FOUND) if query else []
    t = say(language)
    page = Page(f"{t('search')} · {_brand()}")
    questions = community.rows_found(visit, _press(), query) if query else []
    return _html(visit, "search", page, query=query, found=_found(found, language), questions=questions)


def _press() -> community.Press:
    brand = _BRAND.get()
    portal = urlsplit(portal_of(brand, settings().base_url)).path
    return community.Press(_html, _found, Page, _url, _at_home, portal, _brand, brand)


def _vote(visit: Visit, name: str) -> Reply:
    """Takes a vote, or the words to one, and leads back to the article."""
    if visit.call.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise NotFound("Votes come from the article's own page.")
    form = {key: values[0] for key, values in parse_qs(visit.call.raw.decode("utf-8", "replace")).items()}
    center, number, language = bootstrap.help_center(), _number(name), visit.language
    if "vote" in form:
        center.add_comment(number, visit.reader, form["vote"], form.get("comment", ""))
        came = {"voted": "comment"}
    else:
        helpful = form.get("helpful") == "yes"
        vote = center.vote(number, visit.reader, language, helpful=helpful, comment="", who=visit.call.ip)
        came = {"voted": "yes" if helpful else "no"} | ({"vote": vote} if vote is not None and not helpful else {})
    address = f"{quote(visit.call.path, safe='/-')}?{urlencode(came)}#vote"
    return Reply(status=303, headers={"location": address, "cache-control": _OWN})


def _solved(visit: Visit, token: str) -> Reply:
    """Asks whether an article solved a request; only its button does anything, so that who follows links does nothing."""
    ticket_id, person_id, article_ids = bootstrap.links().read_solved(token, visit.call.now)
    ticket = bootstrap.ticket_store().get(ticket_id)
    if ticket is None:
        raise NotFound("There is no such request.")
    listed = {
        one.article.id: one.text.title
        for one in bootstrap.help_center().listed(article_ids, visit.reader.anybody, visit.language)
    }
    done = {"1": "solved_done", "0": "solved_not"}.get(visit.query.get("done", ""))
    if visit.call.method == "POST":
        form = parse_qs(visit.call.raw.decode("utf-8", "replace"))
        helped = form.get("helped", ["yes"])[0] == "yes"
        bootstrap.requests().settle(ticket_id, person_id, solved=helped, unanswered=not helped)
        if helped and (chosen := form.get("article", [""])[0]) in article_ids:
            bootstrap.answers().solved(ticket_id, chosen)
        told = f"{quote(visit.call.path, safe='/-')}?done={1 if helped else 0}"
        return Reply(status=303, headers={"location": told, "cache-control": _OWN})
    choices = [{"id": one, "title": title} for one, title in listed.items()]
    page = Page(f"{say(visit.language)('solved')} · {_brand()}")
    return _html(
        visit,
        "solved",
        page,
        done=done,
        number=ticket.number,
        choices=choices,
        action=quote(visit.call.path, safe="/-"),
    )


def _image(visit: Visit, article_id: str, image_id: str) -> Reply:
    """A picture: for whoever may read its article, or holds a link that was made for them."""
    named = visit.query.get("t")
    center = bootstrap.help_center()
    if named is not None:
        claims = bootstrap.signer().read(Purpose.FILE, named, visit.call.now)
        allowed = claims.get("article") == article_id
    else:
        # The address of a picture belongs to no brand: who may read its article anywhere may see it.
        allowed = center.may_show_image(article_id, replace(visit.reader, any_brand=True))
    if not allowed:
        raise NotFound("There is no such picture.")
    image, content = bootstrap.gallery().get(article_id, image_id)
    everybodys = named is None and center.may_show_image(article_id, replace(ANYBODY, any_brand=True))
    headers = {
        "content-type": image.content_type,
        "cache-control": _FOR_GOOD if everybodys else "private, max-age=3600",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'",
    }
    return Reply(content, headers=headers)


def _logo(image_id: str) -> Reply:
    """A logo: anybody's to see, and never another at its address."""
    image, content = bootstrap.logos().get(image_id)
    headers = {
        "content-type": image.content_type,
        "cache-control": _FOR_GOOD,
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'",
    }
    return Reply(content, headers=headers)


def _framed(visit: Visit) -> Reply:
    """The portal's form for a frame on other websites: on those that its brand allows, and nowhere else.

    Raises:
        NotFound: there is no such brand.
    """
    named = visit.words[1] if len(visit.words) > 1 else None
    brand = bootstrap.brand_at(visit.call, named)
    if brand is None or named not in {None, brand.id}:
        raise NotFound(_NOTHING)
    text = _templates().get_template("framed.html.j2").render(title=brand.name(visit.language), language=visit.language)
    stores = "https:" if settings().base_url.startswith("https:") else "https: http:"
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https:; "
        f"connect-src 'self' {stores}; font-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {' '.join(brand.sites) or "'none'"}"
    )
    headers = {"content-security-policy": policy, "x-robots-tag": "noindex"}
    return _text(text, "text/html; charset=utf-8", _OWN, headers=headers)


def _notice(visit: Visit, kind: str, status: int) -> Reply:
    t = say(visit.language)
    page = Page(f"{t(kind)} · {_brand()}")
    return _html(visit, "notice", page, status=status, heading=t(kind), text=t(f"{kind}_text"))


# --- what they are made of -------------------------------------------------------------------------------------------


def _number(name: str) -> int:
    digits = name.partition("-")[0]
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise NotFound("There is no such article.")
    return int(digits)


def _url(path: str) -> str:
    return settings().base_url + quote(path, safe="/?=&{}-")


def _brand() -> str:
    """What the page that is being made calls the desk."""
    brand = _BRAND.get()
    return brand.name(_LANGUAGE.get()) if brand is not None else bootstrap.desk().general.name


def _at_home(address: str) -> str:
    """An address of ours as it is below the brand's own."""
    brand = _BRAND.get()
    if brand is None:
        return address
    home = urlsplit(help_of(brand, settings().base_url)).path
    return home + address.removeprefix("/help") if address.startswith("/help") else address


def _at_brands(text: str) -> str:
    """A page whose links stay with its brand: those that authors wrote into articles, too."""
    brand, base = _BRAND.get(), settings().base_url
    if brand is None:
        return text
    homes = {"help": help_of(brand, base), "portal": portal_of(brand, base)}
    if brand.hosts:
        own = f"https://{brand.hosts[0]}"
        return text.replace(f'"{base}/', f'"{own}/').replace(f">{base}/", f">{own}/").replace(f" {base}/", f" {own}/")
    return _OWN_ADDRESS.sub(lambda found: urlsplit(homes[found[1]]).path, text)


def brand_style(colour: str) -> str:
    """A style sheet of a brand's colours, each legible where it stands; named by the colour, so that it is kept for good.

    Raises:
        NotFound: it is no colour.
    """
    if re.fullmatch(r"[0-9a-f]{6}", colour) is None:
        raise NotFound(_NOTHING)
    own = palette(f"#{colour}")
    return (
        ":root {\n"
        f"  --accent: light-dark({own.link}, {own.link_dark});\n"
        f"  --accent-fill: {own.button};\n"
        f"  --accent-fill-hover: color-mix(in srgb, {own.button} 88%, black);\n"
        f"  --accent-soft: color-mix(in srgb, {own.button} 12%, var(--surface));\n"
        f"  --on-accent: {own.on_button};\n"
        f"  --focus: light-dark({own.link}, {own.link_dark});\n"
        "}\n"
    )


def _rows(listed: Iterable[Listed], wanted: str) -> list[Row]:
    return [_row(one.article.number, one.text, one.language, wanted) for one in listed]


def _found(found: Iterable[FoundArticle], wanted: str) -> list[Row]:
    return [_row(one.article.number, one.text, one.language, wanted) for one in found]


def _row(number: int, text: TextRef, language: str, wanted: str) -> Row:
    return Row(number, text.title, text.summary, language, wanted)


def _address(row: Row, query: str = "") -> str:
    path = quote(article_path(row.wanted, row.number, row.title), safe="/-")
    return f"{path}?{urlencode({'q': query})}" if query else path


def _shelf(shelf: Shelf, language: str) -> dict[str, object]:
    return {
        "name": shelf.section.name(language),
        "description": shelf.section.description(language),
        "address": f"/help/{language}/sections/{quote(shelf.section.id)}",
        "count": shelf.count,
        "articles": _rows(shelf.articles, language),
        "inside": [_shelf(one, language) for one in shelf.inside],
    }


def _above(section: Section | None) -> list[Section]:
    parent = bootstrap.desk().sections.get(section.parent or "") if section is not None else None
    return [parent] if parent is not None else []


def _crumb(section: Section, language: str) -> dict[str, str]:
    return {"name": section.name(language), "address": f"/help/{language}/sections/{quote(section.id)}"}


def _trail_data(sections: Sequence[Section], language: str) -> dict[str, object]:
    places = [
        (say(language)("home"), f"/help/{language}"),
        *((_crumb(one, language)["name"], _crumb(one, language)["address"]) for one in sections),
    ]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": _url(address)}
        for place, (name, address) in enumerate(places, 1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def _article_data(
    opened: Opened, summary: str, address: str, trail: Sequence[Section], steps: Sequence[Step]
) -> dict[str, object]:
    """What search engines are told: an article, or how something is done step by step, and where it stands."""
    told: dict[str, object] = {
        "@type": "HowTo" if steps else "TechArticle",
        "name" if steps else "headline": opened.text.title[:110],
        "description": summary,
        "inLanguage": opened.language,
        "url": address,
        "mainEntityOfPage": address,
        "dateModified": format_instant(opened.ref.at),
        "publisher": {"@type": "Organization", "name": _brand()},
        "author": {"@type": "Organization", "name": _brand()},
    }
    published = opened.article.texts[opened.language].published_at
    if published is not None:
        told["datePublished"] = format_instant(published)
    if steps:
        told["step"] = [
            {
                "@type": "HowToStep",
                "position": place,
                "name": one.heading.title,
                "url": f"{address}#{one.heading.anchor}",
            }
            for place, one in enumerate(steps, 1)
        ]
    return {"@context": "https://schema.org", "@graph": [told, _trail_data(trail, opened.language)]}


# --- for search engines ----------------------------------------------------------------------------------------------


def _robots() -> str:
    kept_out = (
        "/v1/",
        "/portal/requests",
        "/portal/survey",
        "/portal/approvals",
        *(f"/help/{one}/search" for one in LANGUAGES),
    )
    lines = ["User-agent: *", *(f"Disallow: {one}" for one in kept_out), f"Sitemap: {_url('/help/sitemap.xml')}"]
    return "\n".join(lines) + "\n"


def _entries(center: HelpCenter, anybody: Reader) -> list[tuple[str, Mapping[str, TextRef], int]]:
    """All pages of articles that everybody may read, one for each language, in order."""
    now = bootstrap.now()
    found: list[tuple[str, Mapping[str, TextRef], int]] = []
    for one in center.readable(anybody):
        texts = {language: shown(one.texts[language], now) for language in languages_shown(one, now)}
        listed = {language: text for language, text in texts.items() if text is not None}
        found += [(language, listed, one.number) for language in listed]
    return found


def _sitemap_index(anybody: Reader) -> str:
    count = len(_entries(bootstrap.help_center(), anybody))
    parts = range(max(1, -(-count // SITEMAP_ENTRIES)))
    names = [str(part + 1) for part in parts]
    if is_there(_BRAND.get(), signed_in=False):
        names.append("questions")
    items = "".join(f"<sitemap><loc>{_url(f'/help/sitemap-{name}.xml')}</loc></sitemap>" for name in names)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</sitemapindex>\n'


def _sitemap(part: str, anybody: Reader) -> str:
    if not part.isascii() or not part.isdigit() or not 1 <= int(part) <= 999:
        raise NotFound("There is no such part of the site map.")
    center, start = bootstrap.help_center(), (int(part) - 1) * SITEMAP_ENTRIES
    entries = _entries(center, anybody)[start : start + SITEMAP_ENTRIES]
    if start and not entries:
        raise NotFound("There is no such part of the site map.")
    items = []
    if not start:
        items += [f"<url><loc>{_url(f'/help/{one}')}</loc></url>" for one in LANGUAGES]
        shelves = center.shelves(anybody, "en")
        sections = [one.section.id for out in shelves for one in (out, *out.inside)]
        items += [
            f"<url><loc>{_url(f'/help/{one}/sections/{quote(section)}')}</loc></url>"
            for section in sections
            for one in LANGUAGES
        ]
    items += [_sitemap_entry(language, texts, number) for language, texts, number in entries]
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {names}>{"".join(items)}</urlset>\n'


def _sitemap_questions() -> str:
    """Pages of questions that everybody sees, those where somebody wrote last first; empty where they are for members."""
    there = is_there(_BRAND.get(), signed_in=False)
    found = community.newest(_BRAND.get(), MOST_QUESTIONS) if there else []
    items = [
        f"<url><loc>{_url(question_path(one.language, one.number, one.title))}</loc><lastmod>{one.active_at:%Y-%m-%d}</lastmod></url>"
        for one in found
    ]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(items)}</urlset>\n'


def _sitemap_entry(language: str, texts: Mapping[str, TextRef], number: int) -> str:
    addresses = {one: _url(article_path(one, number, text.title)) for one, text in texts.items()}
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{one}" href="{there}"/>' for one, there in addresses.items()
    )
    return f"<url><loc>{addresses[language]}</loc><lastmod>{texts[language].at:%Y-%m-%d}</lastmod>{others}</url>"


# --- how they are sent -----------------------------------------------------------------------------------------------


@cache
def _templates() -> Environment:
    # Every value is escaped but what `render` has sanitised; a name that is missing is an error, not an empty place.
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return (_FOLDER / "style.css").read_text(encoding="utf-8")


@cache
def style_name() -> str:
    """What the style sheet is called: by what is in it, so that it can be kept for good."""
    return f"style-{hashlib.sha256(_style().encode()).hexdigest()[:12]}.css"


def _html(visit: Visit, template: str, page: Page, *, status: int = 200, **values: object) -> Reply:
    language, brand = visit.language, _BRAND.get()
    shared: dict[str, object] = {
        "language": language,
        "locale": LOCALES[language],
        "names": {one: name for one, name in NAMES.items() if brand is None or one in brand.spoken},
        "brand": brand.name(language) if brand is not None else _brand(),
        "logo": brand.logo_url if brand is not None else None,
        "colours": f"/help/brand-{brand.colour.removeprefix('#')}.css" if brand is not None and brand.colour else None,
        "footer": name_in(brand.footers, language, "") if brand is not None else "",
        "links": [(name_in(one.names, language, one.address), one.address) for one in brand.links]
        if brand is not None
        else [],
        "style": f"/help/{style_name()}",
        "page": page,
        "t": say(language),
        "address": _address,
        "community": is_there(brand, signed_in=visit.reader.person_id is not None),
    }
    text = _templates().get_template(f"{template}.html.j2").render(shared | values)
    everybodys = visit.reader.unknown and status == 200 and page.indexed and not visit.query
    headers = {"content-language": language, "vary": "cookie"}
    if not page.indexed:
        headers["x-robots-tag"] = "noindex"
    return _text(text, "text/html; charset=utf-8", _FRESH if everybodys else _OWN, status=status, headers=headers)


def _text(
    text: str, kind: str, cache_control: str, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Reply:
    text = _at_brands(text)
    tag = hashlib.sha256(text.encode()).hexdigest()[:20]
    sent = {
        "content-type": kind,
        "cache-control": cache_control,
        "etag": f'"{tag}"',
        "content-security-policy": _policy(),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
    }
    return Reply(text, status=status, headers=sent | dict(headers or {}))


def _policy() -> str:
    brand = _BRAND.get()
    logo = urlsplit(brand.logo_url or "").netloc if brand is not None else ""
    return POLICY.replace("img-src 'self'", f"img-src 'self' https://{logo}") if logo else POLICY


def _as_asked(reply: Reply, call: Call) -> Reply:
    """Without its body where the caller has it already, or asked for the head alone."""
    tag = reply.headers.get("etag")
    known = [one.strip().removeprefix("W/") for one in call.headers.get("if-none-match", "").split(",")]
    if tag is not None and reply.status == 200 and tag in known:
        return Reply(
            status=304,
            headers={name: reply.headers[name] for name in ("etag", "cache-control") if name in reply.headers},
        )
    return Reply(status=reply.status, headers=reply.headers) if call.method == "HEAD" else reply
