"""What may become of an article, and who sees what of it. Pure: the instant is handed in."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from helpdesk.kernel.errors import Conflict, FieldError, Invalid
from helpdesk.kernel.text import LANGUAGES, clean, clean_line
from helpdesk.knowledge.model import (
    ANYBODY,
    Article,
    ArticleKind,
    ArticleState,
    ArticleText,
    Audience,
    Place,
    Reader,
    Review,
    Section,
    TextRef,
    Translation,
    Words,
)

LONGEST_TITLE: Final = 200
LONGEST_SUMMARY: Final = 400
LONGEST_BODY: Final = 60_000
"""Letters: with three bytes each they still fit an item of the table."""
MOST_KEYWORDS: Final = 30
MOST_RELATED: Final = 10
MOST_ORGANIZATIONS: Final = 100
LONGEST_KEYWORD: Final = 60
LONGEST_REASON: Final = 1000
_LONGEST_SLUG: Final = 80
_NO_WORD: Final = re.compile(r"[^\w]+", re.UNICODE)


# --- what is seen ----------------------------------------------------------------------------------------------------


def shown(translation: Translation, now: datetime) -> TextRef | None:
    """The text that readers of a language see at an instant: what was planned counts from its instant on by itself."""
    if translation.coming is not None and translation.publish_at is not None and translation.publish_at <= now:
        return translation.coming
    return translation.live


def is_coming(translation: Translation, now: datetime) -> bool:
    """Whether something is planned that readers do not see yet."""
    return translation.coming is not None and translation.publish_at is not None and translation.publish_at > now


def newest(translation: Translation) -> TextRef | None:
    """The text that an author goes on with."""
    return translation.draft or translation.coming or translation.live


def title_of(article: Article, language: str, now: datetime) -> str:
    """What an article is called in a list of colleagues: in a language, or the nearest there is."""
    for one in (language, article.language, *article.texts):
        translation = article.texts.get(one)
        text = (shown(translation, now) or newest(translation)) if translation is not None else None
        if text is not None:
            return text.title
    return f"#{article.number}"


def state_of(article: Article, language: str, now: datetime) -> ArticleState:
    """How far a language of an article is: the furthest that its newest text has come."""
    translation = article.texts.get(language, Translation())
    if article.archived_at is not None:
        return ArticleState.ARCHIVED
    if translation.draft is not None:
        return ArticleState.REVIEW if translation.review.asked_by is not None else ArticleState.DRAFT
    if is_coming(translation, now):
        return ArticleState.SCHEDULED
    return ArticleState.PUBLISHED if shown(translation, now) is not None else ArticleState.DRAFT


def is_stale(article: Article, language: str, now: datetime) -> bool:
    """Whether a translation says what the article's own language said before."""
    own, other = article.texts.get(article.language), article.texts.get(language)
    if language == article.language or own is None or other is None:
        return False
    source, made = shown(own, now), newest(other)
    return source is not None and made is not None and made.made_of < source.revision


def languages_shown(article: Article, now: datetime) -> tuple[str, ...]:
    """The languages in which readers can read it, in the desk's order."""
    if article.archived_at is not None:
        return ()
    return tuple(one for one in LANGUAGES if one in article.texts and shown(article.texts[one], now) is not None)


def text_for(article: Article, language: str, now: datetime) -> tuple[str, TextRef] | None:
    """The language and text that serve a reader best: their own, the article's own, any other."""
    there = languages_shown(article, now)
    chosen = next((one for one in (language, article.language, *there) if one in there), None)
    if chosen is None:
        return None
    text = shown(article.texts[chosen], now)
    return (chosen, text) if text is not None else None


def may_read(article: Article, reader: Reader, now: datetime) -> bool:
    """Whether somebody may read an article as it is published. Drafts are for colleagues, by other ways."""
    if not languages_shown(article, now) or not (reader.colleague or _is_shown_at(article, reader)):
        return False
    if reader.colleague:
        return True
    match article.audience:
        case Audience.PUBLIC:
            return True
        case Audience.SIGNED_IN:
            return reader.person_id is not None
        case Audience.ORGANIZATIONS:
            return reader.organization_id is not None and reader.organization_id in article.organizations
        case Audience.INTERNAL:
            return False


def _is_shown_at(article: Article, reader: Reader) -> bool:
    """Whether the help centre that somebody reads at shows an article at all."""
    if reader.any_brand:
        return True
    return article.section not in reader.closed and (not article.brands or reader.brand in article.brands)


def closed_sections(sections: Mapping[str, Section], brand: str | None) -> frozenset[str]:
    """The sections that a brand's help centre does not show: others' own, and those in them."""
    closed = {one.id for one in sections.values() if one.brands and brand not in one.brands}
    return frozenset(closed | {one.id for one in sections.values() if one.parent in closed})


def reader_at(sections: Mapping[str, Section], brand: str | None, reader: Reader = ANYBODY) -> Reader:
    """Somebody at a brand's help centre."""
    return replace(reader, brand=brand, closed=closed_sections(sections, brand))


def slug(title: str) -> str:
    """A title as a part of an address.

    >>> slug("Reset your password?")
    'reset-your-password'
    >>> slug("비밀번호를 잊었어요")
    '비밀번호를-잊었어요'
    """
    words = _NO_WORD.sub("-", title.lower()).strip("-_")
    if len(words) <= _LONGEST_SLUG:
        return words
    return words[:_LONGEST_SLUG].rpartition("-")[0] or words[:_LONGEST_SLUG]


def article_path(language: str, number: int, title: str) -> str:
    """An article's address: its number leads there, its title is for people."""
    words = slug(title)
    return f"/help/{language}/articles/{number}{'-' if words else ''}{words}"


# --- what is written -------------------------------------------------------------------------------------------------


def checked_words(words: Words) -> Words:
    """Words as they are kept.

    Raises:
        Invalid: all that is wrong with them.
    """
    title, summary = clean_line(words.title), clean_line(words.summary)
    body = clean(words.body).strip()
    faults = []
    if not title:
        faults.append(FieldError("/title", "is empty"))
    limits = (("title", title, LONGEST_TITLE), ("summary", summary, LONGEST_SUMMARY), ("body", body, LONGEST_BODY))
    faults += [
        FieldError(f"/{name}", f"has more than {most} characters") for name, text, most in limits if len(text) > most
    ]
    if faults:
        raise Invalid("The text is not valid.", faults)
    return Words(title, summary, body)


def checked_language(language: str) -> str:
    """A language that articles can stand in.

    Raises:
        Invalid: it is none.
    """
    if language not in LANGUAGES:
        raise Invalid("There is no such language.", [FieldError("/language", f"must be one of {', '.join(LANGUAGES)}")])
    return language


def checked_article(
    article: Article, sections: Mapping[str, object], known: Mapping[str, object], brands: Collection[str] = ()
) -> Article:
    """An article's place and readers as they are kept.

    Args:
        article: as it is wished.
        sections: of the desk, by id.
        known: articles by id.
        brands: ids of the desk's.

    Raises:
        Invalid: all that is wrong with it.
    """
    keywords = tuple(dict.fromkeys(word for word in map(clean_line, article.keywords) if word))
    related = tuple(dict.fromkeys(one for one in article.related if one != article.id))
    organizations = tuple(dict.fromkeys(article.organizations)) if article.audience is Audience.ORGANIZATIONS else ()
    faults = []
    if article.section is not None and article.section not in sections:
        faults.append(FieldError("/section", "is not a section of this desk"))
    if article.audience is Audience.ORGANIZATIONS and not organizations:
        faults.append(FieldError("/organizations", "must name at least one"))
    if len(organizations) > MOST_ORGANIZATIONS:
        faults.append(FieldError("/organizations", f"has more than {MOST_ORGANIZATIONS}"))
    if len(keywords) > MOST_KEYWORDS or any(len(word) > LONGEST_KEYWORD for word in keywords):
        faults.append(
            FieldError("/keywords", f"has more than {MOST_KEYWORDS}, or one with over {LONGEST_KEYWORD} characters")
        )
    if len(related) > MOST_RELATED:
        faults.append(FieldError("/related", f"has more than {MOST_RELATED}"))
    faults += [
        FieldError(f"/brands/{place}", "is not a brand of this desk")
        for place, one in enumerate(article.brands)
        if one not in brands
    ]
    faults += [
        FieldError(f"/related/{place}", "is not an article of this desk")
        for place, one in enumerate(related)
        if one not in known
    ]
    if faults:
        raise Invalid("The article is not valid.", faults)
    shown_at = tuple(dict.fromkeys(article.brands))
    return replace(article, keywords=keywords, related=related, organizations=organizations, brands=shown_at)


def written(
    article: Article, language: str, words: Words, author: str, now: datetime
) -> tuple[Article, Place, ArticleText]:
    """An article with an author's words in a language, and the text to be kept.

    Words that nobody but their author has seen are written over; all others stay, and a new version begins.
    """
    if article.archived_at is not None:
        raise Conflict("The article is archived: bring it back first.")
    before = settled(article.texts.get(language, Translation()), now)
    goes_on = before.draft is not None and before.draft.author == author and before.review.asked_by is None
    revision = before.draft.revision if goes_on and before.draft is not None else before.last + 1
    own = article.texts.get(article.language)
    source = shown(own, now) if own is not None and language != article.language else None
    made_of = source.revision if source is not None else 0
    draft = TextRef(revision, words.title, words.summary, author, now, made_of)
    # What a reviewer said stays readable until the next time somebody asks; who asked has to ask again for other words.
    review = replace(before.review, asked_by=None, asked_at=None)
    after = replace(before, draft=draft, last=max(before.last, revision), review=review)
    text = ArticleText(words.title, words.summary, words.body, author, now, made_of)
    return _with(article, language, after), Place(article.id, language, revision), text


def settled(translation: Translation, now: datetime) -> Translation:
    """The same with what was planned and has come as what is live."""
    if translation.coming is None or translation.publish_at is None or translation.publish_at > now:
        return translation
    return replace(
        translation,
        live=translation.coming,
        coming=None,
        publish_at=None,
        published_at=translation.published_at or translation.publish_at,
    )


def asked_for_review(article: Article, language: str, author: str, now: datetime) -> Article:
    """An article whose draft somebody shall look at."""
    before = _draft_of(article, language, now)
    return _with(article, language, replace(before, review=Review(asked_by=author, asked_at=now)))


def given_back(article: Article, language: str, reviewer: str, reason: str, now: datetime) -> Article:
    """An article whose draft is not good yet."""
    before = _draft_of(article, language, now)
    said = clean(reason).strip()
    if not said or len(said) > LONGEST_REASON:
        raise Invalid("Say why.", [FieldError("/reason", f"must have 1 to {LONGEST_REASON} characters")])
    return _with(article, language, replace(before, review=Review(returned_by=reviewer, returned_at=now, reason=said)))


def published(article: Article, language: str, at: datetime | None, now: datetime) -> Article:
    """An article whose draft readers see, from now or from an instant on.

    Raises:
        Conflict: there is nothing that they do not see already.
    """
    before = settled(article.texts.get(language, Translation()), now)
    draft = before.draft or before.coming
    if draft is None:
        raise Conflict("There is nothing to publish: readers see the newest text already.")
    later = at is not None and at > now
    after = replace(
        before,
        draft=None,
        live=before.live if later else draft,
        coming=draft if later else None,
        publish_at=at if later else None,
        published_at=before.published_at if later else before.published_at or now,
        review=Review(),
    )
    kind = ArticleKind.ARTICLE if article.kind is ArticleKind.SOLUTION else article.kind
    return replace(_with(article, language, after), kind=kind, provisional=False)


def taken_back(article: Article, language: str, now: datetime) -> Article:
    """An article that readers of a language see no more, and will not; its text is a draft again.

    Raises:
        Conflict: they do not see it.
    """
    before = settled(article.texts.get(language, Translation()), now)
    was = before.coming or before.live
    if was is None:
        raise Conflict("It is not published.")
    # A text that was seen is never written over: the draft is its author's, and another's words begin a new version.
    after = replace(before, draft=before.draft or replace(was, author=""), live=None, coming=None, publish_at=None)
    return _with(article, language, after)


def approved(article: Article) -> bool:
    """Whether anybody with the right to has let it out."""
    return any(one.live is not None or one.coming is not None for one in article.texts.values())


def places(article: Article) -> dict[Place, TextRef]:
    """All texts of an article that somebody may look for: what readers see or will see, and what is being written."""
    return {
        Place(article.id, language, text.revision): text
        for language, one in article.texts.items()
        for text in (one.live, one.coming, one.draft)
        if text is not None
    }


def _draft_of(article: Article, language: str, now: datetime) -> Translation:
    before = settled(article.texts.get(language, Translation()), now)
    if before.draft is None:
        raise Conflict("There is no draft in this language.")
    return before


def _with(article: Article, language: str, translation: Translation) -> Article:
    return replace(article, texts={**article.texts, language: translation})


# --- lists -----------------------------------------------------------------------------------------------------------


def related_to(article: Article, found: Sequence[Article], most: int) -> list[Article]:
    """What else a reader may want: what its authors name, then what stands in its section, the most useful first.

    Args:
        article: which.
        found: all that the reader may read.
        most: how many at most.
    """
    by_id = {one.id: one for one in found}
    named = [by_id[one] for one in article.related if one in by_id]
    beside = [
        one
        for one in found
        if one.section == article.section and article.section is not None and one.id != article.id and one not in named
    ]
    return [*named, *beside][:most]
