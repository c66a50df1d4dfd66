"""The demo desk's community: what customers asked one another over the last weeks, in three languages."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from helpdesk.community.model import NO_PLACE, CommunitySettings, ReportReason
from helpdesk.community.moderation import Moderation
from helpdesk.community.service import Asked, Community, Ports
from helpdesk.people.model import Agent
from helpdesk.portal.model import Visitor

if TYPE_CHECKING:
    from helpdesk.desk.model import Desk

FILE: Final = Path(__file__).with_name("demo_community.txt")
SETTINGS: Final = CommunitySettings(enabled=True, ticket_calendar="seoul")
_HERE: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class DemoAnswer:
    """An answer, or what becomes of the question.

    Attributes:
        by: whose, by the name they have in the community; of a colleague, what their address begins with.
        after_hours: since the question.
        solved: it solved the question.
        praise: who found it good.
        at_first: what it said for an hour, where it was edited.
    """

    by: str
    after_hours: float
    body: str
    solved: bool = False
    praise: tuple[str, ...] = ()
    at_first: str = ""


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """A question.

    Attributes:
        hours_ago: when it was asked.
        waits: it is of somebody new, and a moderator has not looked at it yet.
        wrong: who reported it as advertising.
        followed: whoever asked is told of answers.
    """

    by: str
    hours_ago: float
    language: str
    topic: str
    title: str
    body: str
    praise: tuple[str, ...] = ()
    waits: bool = False
    wrong: str = ""
    followed: bool = False
    answers: list[DemoAnswer] = field(default_factory=list)


def demo_questions() -> list[DemoQuestion]:
    """All of them, oldest first."""
    return sorted(read_questions(FILE.read_text(encoding="utf-8")), key=lambda one: -one.hours_ago)


def read_questions(text: str) -> list[DemoQuestion]:
    """Questions of a file.

    `=== name | hours ago | language | topic | who praised it | marks`, the title and the body; then
    `--- name | hours after | marks | who praised it` and its body for each answer; above a line `~~~` stands what it said at first.

    Raises:
        ValueError: the file is not of that form.
    """
    found: list[DemoQuestion] = []
    for block in text.split("\n=== ")[1:]:
        asked, *answered = block.split("\n--- ")
        head, title, body = asked.split("\n", 2)
        by, hours, language, topic, praise, marks = (part.strip() for part in head.split("|"))
        question = DemoQuestion(
            by, float(hours), language, topic, title, body.strip(), _names(praise), "waits" in marks, _wrong(marks),
            "followed" in marks,
        )  # fmt: skip
        found.append(replace(question, answers=[_answer(one) for one in answered]))
    return found


def _answer(block: str) -> DemoAnswer:
    head, _, body = block.partition("\n")
    by, hours, marks, praise = (part.strip() for part in head.split("|"))
    at_first, _, body = body.rpartition("\n~~~\n")
    return DemoAnswer(by, float(hours), body.strip(), "solved" in marks, _names(praise), at_first.strip())


def _names(given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())


def _wrong(marks: str) -> str:
    return marks.partition("wrong:")[2].strip()


def furnish_community(colleagues: tuple[Agent, ...]) -> None:
    """Has it all happen, through the community's own service; only who follows a question is told of it, as it is long ago.

    Args:
        colleagues: who answer for the desk.
    """
    from helpdesk import bootstrap  # noqa: PLC0415 - needs the environment to be set

    bootstrap.begin()
    now = bootstrap.now()
    story = _Story(now, {one.address.partition("@")[0]: one for one in colleagues})
    for question in demo_questions():
        story.happens(question, now - timedelta(hours=question.hours_ago))


class _Unhurried:
    """Counts nothing: weeks pass in a moment here."""

    def count(self, _scope: str, _who: str, _window_seconds: int, _now: datetime) -> int:
        """Says that it is the first."""
        return 1


class _Story:
    """What customers and colleagues do, on a clock that goes from one instant to the next."""

    def __init__(self, at: datetime, colleagues: dict[str, Agent]) -> None:
        from helpdesk import bootstrap  # noqa: PLC0415 - needs the environment to be set

        self._at, self._first, self._colleagues = at, 0, colleagues
        self._visitors: dict[str, Visitor] = {}
        self._people, self._store = bootstrap.people_store(), bootstrap.community_store()
        tickets, limiter = bootstrap.ticket_store(), _Unhurried()

        def desk() -> "Desk":
            found = bootstrap.desk()
            held = replace(SETTINGS, hold_first_posts=self._first)
            return replace(found, general=replace(found.general, community=held))

        finder = bootstrap.question_finder()
        self._community = Community(
            Ports(self._store, self._people, finder, limiter, desk, lambda: self._at, bootstrap.pause)
        )
        self._moderation = Moderation(self._community.writer, tickets.get, tickets.message, lambda _: None)

    def happens(self, question: DemoQuestion, at: datetime) -> None:
        """Asks a question, and has it answered."""
        service, self._at, self._first = self._community, at, int(question.waits)
        asker = self._visitor(question.by)
        if question.followed:
            service.name(asker, question.by, quiet=False)
        asked = Asked(question.title, question.body, question.language, question.topic or None, question.followed)
        question_id = service.ask(asker, asked, None, _HERE).id
        self._praise(question_id, question_id, question.praise)
        for answer in question.answers:
            self._at = at + timedelta(hours=answer.after_hours)
            posted = self._answer(question_id, answer)
            self._praise(question_id, posted, answer.praise)
            if answer.solved:
                service.accept(asker, question_id, posted, NO_PLACE)
        if question.wrong:
            who = self._visitor(question.wrong)
            service.report(who, question_id, question_id, ReportReason.SPAM, "", NO_PLACE)

    def _answer(self, question_id: str, answer: DemoAnswer) -> str:
        colleague = self._colleagues.get(answer.by)
        if colleague is not None:
            return self._moderation.answer(question_id, answer.body, colleague, key=None).id
        who, said = self._visitor(answer.by), answer.at_first or answer.body
        posted = self._community.answer(who, question_id, said, NO_PLACE, _HERE, follow=False, key=None).id
        if answer.at_first:
            self._at += timedelta(hours=1)
            self._community.edit(who, question_id, posted, "", answer.body, NO_PLACE)
        return posted

    def _praise(self, question_id: str, post_id: str, names: tuple[str, ...]) -> None:
        for name in names:
            person = self._visitor(name).ids[0]
            self._store.vote(question_id, post_id, person, before=0, value=1, at=self._at)

    def _visitor(self, name: str) -> Visitor:
        """Somebody who goes by a name here; they join when they are first met."""
        if name not in self._visitors:
            latin = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
            address = f"{latin or f'member{len(self._visitors) + 1}'}@community.example"
            self._community.name(Visitor(address), name, quiet=True)
            self._visitors[name] = Visitor(address, self._people.by_address(address))
        return self._visitors[name]
