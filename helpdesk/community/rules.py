"""What may become of questions and answers, and who sees and changes what of them. Pure: the instant is handed in."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

from helpdesk.community.model import (
    NO_PLACE,
    NOBODY,
    Answer,
    Author,
    AuthorKind,
    CommunitySettings,
    Member,
    Post,
    PostState,
    Question,
    Revision,
    Why,
)
from helpdesk.kernel.errors import Conflict, FieldError, Forbidden, Invalid, KeyReused
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.text import clean, clean_line
from helpdesk.knowledge.rules import slug
from helpdesk.portal.brands import Brand
from helpdesk.search.text import fold
from helpdesk.sla.calendars import CompiledCalendar, add_business_time

LONGEST_TITLE: Final = 160
SHORTEST_TITLE: Final = 6
LONGEST_BODY: Final = 10_000
LONGEST_NAME: Final = 30
SHORTEST_NAME: Final = 2
LONGEST_REPORT: Final = 500
MOST_ANSWERS: Final = 100
"""Of one question. They are read together."""
MOST_REVISIONS: Final = 50
MOST_WORDS: Final = 200
LONGEST_WORD: Final = 60
MOST_HOURS: Final = 24 * 90
LINKS_OF_A_NEWCOMER: Final = 2
"""More links in a post of somebody of whom little was seen make it wait: that is how advertising looks."""
KNOWN_FROM: Final = 5
"""So many posts that all have seen make somebody known."""
_LINK: Final = re.compile(r"https?://|www\.", re.IGNORECASE)
_NAME_TELLS: Final = re.compile(r"@|://|www\.|[<>\[\](){}`*_#|\\]|\d{6,}", re.IGNORECASE)


# --- what is written -------------------------------------------------------------------------------------------------


def checked_question(title: str, body: str) -> tuple[str, str]:
    """A question's title and body as they are kept.

    Raises:
        Invalid: all that is wrong with them.
    """
    title, body = clean_line(title), clean(body).strip()
    faults = _body_faults(body)
    if not SHORTEST_TITLE <= len(title) <= LONGEST_TITLE:
        faults.append(FieldError("/title", f"must have {SHORTEST_TITLE} to {LONGEST_TITLE} characters"))
    if faults:
        raise Invalid("The question is not valid.", faults)
    return title, body


def checked_body(body: str) -> str:
    """An answer's body as it is kept.

    Raises:
        Invalid: it is empty, or too long.
    """
    body = clean(body).strip()
    if faults := _body_faults(body):
        raise Invalid("The answer is not valid.", faults)
    return body


def _body_faults(body: str) -> list[FieldError]:
    if not body:
        return [FieldError("/body", "is empty")]
    return [FieldError("/body", f"has more than {LONGEST_BODY} characters")] if len(body) > LONGEST_BODY else []


def checked_name(name: str, taken: Iterable[str]) -> str:
    """A public name as it is kept: no address, no link, and nobody else's.

    Args:
        name: as it was typed.
        taken: names of the desk itself: its brands' and agents'.

    Raises:
        Invalid: it cannot be one.
    """
    name = clean_line(name)
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME:
        raise _name_fault(f"must have {SHORTEST_NAME} to {LONGEST_NAME} characters")
    if _NAME_TELLS.search(name) or not any(letter.isalpha() for letter in name):
        raise _name_fault("must be a name: no address, no link, no signs, no long number")
    if name_key(name) in {name_key(one) for one in taken}:
        raise _name_fault("is the desk's own")
    return name


def _name_fault(message: str) -> Invalid:
    return Invalid("This name cannot be used.", [FieldError("/name", message)])


def name_key(name: str) -> str:
    """The form in which names are compared: alike to the eye is the same."""
    return "".join(fold(name).split())


# --- what is held ----------------------------------------------------------------------------------------------------


def reason_to_hold(words: str, member: Member, settings: CommunitySettings) -> Why | None:
    """Why a post waits for a moderator before others see it; None: it does not.

    Args:
        words: all of it, title and body.
        member: whose.
        settings: of the community.
    """
    folded = fold(words)
    if any(fold(word) in folded for word in settings.held_words):
        return Why.WORDS
    if member.approved < settings.hold_first_posts:
        return Why.NEWCOMER
    if member.approved < KNOWN_FROM and len(_LINK.findall(words)) > LINKS_OF_A_NEWCOMER:
        return Why.LINKS
    return None


def begun(author: Author, body: str, at: datetime, held: Why | None) -> Post:
    """A new post."""
    state = PostState.VISIBLE if held is None else PostState.HELD
    return Post(author, at, body, state, held)


def reported(post: Post, settings: CommunitySettings) -> Post:
    """A post that one more found something wrong with."""
    post = replace(post, reports=post.reports + 1)
    if settings.reports_hide and post.reports >= settings.reports_hide and post.state is PostState.VISIBLE:
        return replace(post, state=PostState.HIDDEN, why=Why.REPORTED)
    return post


def queued_at(post: Post) -> datetime | None:
    """Since when a moderator should look at a post; None: none needs to."""
    waits = post.state is PostState.HELD or (post.state is PostState.HIDDEN and post.why is Why.REPORTED)
    return post.at if waits or (post.reports and post.state is PostState.VISIBLE) else None


def released(post: Post) -> Post:
    """A post that a moderator found to be well."""
    return replace(post, state=PostState.VISIBLE, why=None, reports=0)


def hidden(post: Post) -> Post:
    """A post that a moderator took out of sight."""
    return replace(post, state=PostState.HIDDEN, why=Why.MODERATOR, reports=0)


def deleted(post: Post) -> Post:
    """A post without its words."""
    return Post(NOBODY, post.at, "", PostState.DELETED)


def edited(post: Post, body: str, at: datetime, held: Why | None) -> Post:
    """A post that says something else; if that makes it wait, it waits."""
    post = replace(post, body=body, edited_at=at, revisions=post.revisions + 1)
    if held is None or post.state is not PostState.VISIBLE:
        return post
    return replace(post, state=PostState.HELD, why=held)


# --- who sees and does what ------------------------------------------------------------------------------------------


def sees(post: Post, ids: Collection[str], *, moderates: bool = False) -> bool:
    """Whether somebody sees a post: what is not visible, its author and moderators do."""
    if post.state is PostState.VISIBLE:
        return True
    if post.state is PostState.DELETED:
        return False
    return moderates or is_own(post, ids)


def is_own(post: Post, ids: Collection[str]) -> bool:
    """Whether a post is of the person with some ids."""
    return post.author.kind is AuthorKind.PERSON and post.author.id in ids


def refuse_unless_open(question: Question) -> None:
    """Refuses to write to a question that is closed to it.

    Raises:
        Conflict: it is locked, or not for all to see.
    """
    if question.locked:
        raise Conflict("This question is locked: nobody can write to it any more.")
    if not question.visible:
        raise Conflict("Only questions that all can see can be answered.")


def refuse_unless_own(post: Post, ids: Collection[str]) -> None:
    """Refuses to change somebody else's words.

    Raises:
        Forbidden: they are.
    """
    if not is_own(post, ids):
        raise Forbidden("Only who wrote it can change it.")


def refuse_reused_key(before: Post, body: str) -> None:
    """Refuses other words under the key of an answer that is there.

    Raises:
        KeyReused: they are, and the answer says what it said at first.
    """
    if before.body != body and not before.revisions:
        raise KeyReused("The Idempotency-Key was used with another answer before.")


def refuse_blocked(member: Member) -> None:
    """Refuses those who were told to stop.

    Raises:
        Forbidden: they were.
    """
    if member.blocked:
        raise Forbidden("You cannot write here any more. Send us a request if you think that this is a mistake.")


def is_gone(post: Post) -> bool:
    """Whether nothing but its place is left of a post."""
    return post.state is PostState.DELETED


def since_moderated(revisions: Sequence[Revision]) -> list[Revision]:
    """What a post said since a moderator changed it last: what they took out of it is not for all to see.

    Args:
        revisions: of the post, newest first.
    """
    return list(takewhile(lambda one: one.by.kind is not AuthorKind.AGENT, revisions))


# --- a question as its answers come and go -----------------------------------------------------------------------------


def with_answer(question: Question, before: Answer | None, after: Answer, at: datetime | None) -> Question:
    """A question as one of its answers makes it.

    Args:
        question: as it is.
        before: the answer as it was; None: it is new.
        after: as it is now.
        at: when it was written, where that brings the question up again.
    """
    was = before is not None and before.visible
    change = int(after.visible) - int(was)
    question = replace(question, answers=question.answers + change)
    if not after.visible and question.accepted == after.id:
        question = replace(question, accepted=None, accepted_by=None)
    if after.visible and not was and at is not None:
        question = replace(question, active_at=max(question.active_at, at))
    return question


def accepted(question: Question, answer: Answer | None, by: Author) -> Question:
    """A question that an answer solved; None: none did after all.

    Raises:
        Conflict: the answer is not for all to see.
    """
    if answer is None:
        return replace(question, accepted=None, accepted_by=None)
    if not answer.visible:
        raise Conflict("Only answers that all can see can be accepted.")
    return replace(question, accepted=answer.id, accepted_by=by)


def sorted_answers(question: Question, answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Answers as they are shown: what solved it, what is official, what most find good, what came first."""
    return tuple(
        sorted(answers, key=lambda one: (one.id != question.accepted, not one.official, -one.score, one.post.at))
    )


def answered_event(answer: Answer) -> str:
    """The id of the event that all can see an answer: one for each, whenever it is told."""
    return derived_id(answer.post.at, "community", answer.id)


def due_at(at: datetime, settings: CommunitySettings, calendar: CompiledCalendar | None) -> datetime | None:
    """When a question that was asked at an instant becomes a ticket unless it is answered."""
    if not settings.ticket_after_hours:
        return None
    if calendar is not None:
        return add_business_time(calendar, at, settings.ticket_after_hours * 3600)
    return at + timedelta(hours=settings.ticket_after_hours)


# --- places and addresses ----------------------------------------------------------------------------------------------


def place_of(brand: Brand | None) -> str:
    """Where questions stand that are asked at a brand's pages."""
    return NO_PLACE if brand is None or brand.usual else brand.id


def question_path(language: str, number: int, title: str) -> str:
    """A question's page for everybody: its number leads there, its title is for people."""
    words = slug(title)
    return f"/help/{language}/community/{number}{'-' if words else ''}{words}"


def community_faults(
    settings: CommunitySettings, categories: Mapping[str, object], calendars: Collection[str]
) -> list[FieldError]:
    """All that is wrong with how the community is set."""
    faults: list[FieldError] = []
    numbers = {
        "hold_first_posts": (settings.hold_first_posts, 0, 100),
        "reports_hide": (settings.reports_hide, 0, 100),
        "ticket_after_hours": (settings.ticket_after_hours, 0, MOST_HOURS),
    }
    for name, (number, least, most) in numbers.items():
        if not least <= number <= most:
            faults.append(FieldError(f"/{name}", f"must be {least} to {most}"))
    if len(settings.held_words) > MOST_WORDS:
        faults.append(FieldError("/held_words", f"has more than {MOST_WORDS}"))
    faults += [
        FieldError(f"/held_words/{place}", f"must have 2 to {LONGEST_WORD} characters")
        for place, word in enumerate(settings.held_words)
        if not 2 <= len(clean_line(word)) <= LONGEST_WORD
    ]
    if settings.ticket_calendar is not None and settings.ticket_calendar not in calendars:
        faults.append(FieldError("/ticket_calendar", "is not a calendar of this desk"))
    if settings.ticket_category is not None and settings.ticket_category not in categories:
        faults.append(FieldError("/ticket_category", "is not a category of this desk"))
    return faults


def tidied(settings: CommunitySettings) -> CommunitySettings:
    """Settings as they are kept."""
    words = dict.fromkeys(word for word in map(clean_line, settings.held_words) if word)
    return replace(settings, held_words=tuple(words))


def tell_names(brands: Mapping[str, Brand], agents: Sequence[str], desk: str) -> tuple[str, ...]:
    """Names that nobody outside may call themselves by."""
    return (desk, *agents, *(name for brand in brands.values() for name in brand.names.values()))
