"""What customers do in the community: read, ask, answer, vote, accept, report, follow; each as far as they may."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Protocol

from helpdesk.community import rules
from helpdesk.community.finding import QuestionFinder
from helpdesk.community.model import (
    Answer,
    Author,
    AuthorKind,
    CommunitySettings,
    Found,
    Member,
    Order,
    PostState,
    Question,
    Report,
    ReportReason,
    Revision,
    Signpost,
    Thread,
)
from helpdesk.community.ports import CommunityStore, NameNeeded, Writing
from helpdesk.community.writing import NO_QUESTION, Writer, counted
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    KeyReused,
    NotFound,
    StaleVersion,
    TooMany,
    Unavailable,
)
from helpdesk.kernel.ids import derived_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.shelves import AlreadyThere
from helpdesk.kernel.text import clean, supported_language
from helpdesk.people.service import PeopleStore, newcomer
from helpdesk.portal.brands import Brand
from helpdesk.portal.model import Visitor

QUESTIONS_AN_HOUR: Final = 5
ANSWERS_AN_HOUR: Final = 20
VOTES_AN_HOUR: Final = 100
REPORTS_AN_HOUR: Final = 20
CHANGES_AN_HOUR: Final = 40
FROM_A_NETWORK: Final = 5
"""So many times as much may come from one network address: whole companies have one."""
_HOUR: Final = 3600
_BUSY: Final = "Others are writing here at the same time; try again in a moment."
_TRIES: Final = 5
_SIGNPOSTS: Final = 1000
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


class RateLimiter(Protocol):
    """Counts what somebody does in a window of time."""

    def count(self, scope: str, who: str, window_seconds: int, now: datetime) -> int:
        """Counts one more, and says how many there are in this window."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the service stands on."""

    store: CommunityStore
    people: PeopleStore
    finder: QuestionFinder
    limiter: RateLimiter
    desk: Callable[[], Desk]
    clock: Clock
    pause: Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to ask.

    Attributes:
        follow: they are told of answers.
        key: the caller's, so that the same call asks once.
    """

    title: str
    body: str
    language: str
    topic: str | None = None
    follow: bool = True
    key: str | None = None


class Community:
    """The community as customers see it.

    Args:
        ports: what it stands on.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self.writer = Writer(ports.store, ports.desk, ports.clock, ports.pause)

    # --- reading ---

    def opened(self, brand: Brand | None, *, signed_in: bool) -> CommunitySettings:
        """How the community is set, at a brand's pages.

        Raises:
            NotFound: there is none for who reads.
        """
        settings = self._ports.desk().general.community
        there = settings.enabled and not (brand is not None and brand.without_community)
        if not there or (settings.signed_in_only and not signed_in):
            raise NotFound("There is no community here.")
        return settings

    def listed(
        self, order: Order, place: str, topic: str | None, *, limit: int, position: dict[str, str] | None
    ) -> Page[Question]:
        """A page of questions that all see."""
        return self._ports.store.listed(order, place, topic, limit=limit, position=position)

    def signposts(self, place: str, *, most: int) -> list[Signpost]:
        """Where questions that all see and somebody answered stand, those where somebody wrote last first."""
        found: list[Signpost] = []
        position: dict[str, str] | None = None
        while len(found) < most:
            page = self._ports.store.signposts(place, limit=_SIGNPOSTS, position=position)
            found += [one for one in page.items if one.answers]
            position = page.next_position
            if position is None:
                break
        return found[:most]

    def search(self, query: str, place: str, language: str, *, limit: int) -> list[Question]:
        """What fits some words best."""
        return self._ports.finder.search(query, place, supported_language(language), limit=limit)

    def like(self, text: str, place: str, language: str, *, limit: int) -> list[Question]:
        """What somebody who writes this is likely to want to read."""
        return self._ports.finder.like(text, place, supported_language(language), limit=limit)

    def numbered(self, number: int) -> str:
        """The id of the question of a number.

        Raises:
            NotFound: there is none.
        """
        found = self._ports.store.by_number(number)
        if found is None:
            raise NotFound(NO_QUESTION)
        return found

    def thread(self, question_id: str, place: str, visitor: Visitor | None) -> Thread:
        """A question with its answers, as somebody sees them.

        Raises:
            NotFound: there is none that they may see.
        """
        store, ids = self._ports.store, visitor.ids if visitor is not None else ()
        question = store.get(question_id)
        if question is None or question.place != place or not rules.sees(question.post, ids):
            raise NotFound(NO_QUESTION)
        seen = [one for one in store.answers(question.id) if rules.sees(one.post, ids)]
        thread = Thread(question, rules.sorted_answers(question, seen))
        if ids:
            votes = {post: value for one in ids for post, value in store.votes(question.id, one).items()}
            following = any(store.follows(question.id, one) for one in ids)
            thread = replace(thread, votes=votes, following=following)
        return self.writer.named(thread)

    def revisions(self, question_id: str, post_id: str, place: str, visitor: Visitor | None) -> list[Revision]:
        """What a post said before, newest first, for all who see it; what a moderator replaced, only for its author.

        Raises:
            NotFound: there is no such post that they may see.
        """
        found = self._seen(question_id, post_id, place, visitor)
        kept = self._ports.store.revisions(question_id, found.post_id)
        own = visitor is not None and rules.is_own(found.post, visitor.ids)
        return kept if own else rules.since_moderated(kept)

    # --- who takes part ---

    def me(self, visitor: Visitor) -> Member:
        """What a visitor is in the community."""
        found = [self._ports.store.member(one) for one in visitor.ids]
        return next((one for one in found if one.version), found[0] if found else Member(""))

    def name(self, visitor: Visitor, name: str, *, quiet: bool) -> Member:
        """Says what a visitor wants to be called, and whether they want mail from here.

        Raises:
            Invalid: it cannot be a name.
            NameTaken: somebody else is called so.
            TooMany: it was changed too often.
            Unavailable: they kept changing.
        """
        ports, desk, now = self._ports, self._ports.desk(), self._ports.clock()
        taken = rules.tell_names(desk.brands, [one.name for one in desk.agents.values()], desk.general.name)
        for _ in range(_TRIES):
            person = visitor.person or ports.people.by_address(visitor.address)
            fresh = newcomer(ports.people, visitor.address, None, desk.general.language, now) if not person else None
            before = Member(fresh.id) if fresh is not None else self.me(Visitor(visitor.address, person))
            checked = before.name if name == before.name else rules.checked_name(name, taken)
            if (before.name, before.quiet) == (checked, quiet):
                return before
            self._haste("names", before.id, CHANGES_AN_HOUR)
            after = replace(before, name=checked, quiet=quiet, version=before.version + 1)
            try:
                ports.store.name(before, after, fresh)
            except (StaleVersion, Unavailable):
                continue
            return after
        raise Unavailable("This is being changed elsewhere; try again in a moment.")

    # --- writing ---

    def ask(self, visitor: Visitor, asked: Asked, brand: Brand | None, ip: str) -> Question:
        """Asks a question.

        Raises:
            Invalid: something is wrong with it.
            NameNeeded: they have not said what they want to be called.
            Forbidden: they may not write here.
            TooMany: they, or their network, ask too much.
            KeyReused: the key came with another question before.
        """
        title, body = rules.checked_question(asked.title, asked.body)
        desk, now = self._ports.desk(), self._ports.clock()
        if asked.topic is not None and asked.topic not in desk.sections:
            raise Invalid("The question is not valid.", [FieldError("/topic", "is not a topic here")])
        for attempt in range(_TRIES):
            member = self._writing(visitor)
            question_id = derived_id(_EPOCH, "question", member.id, asked.key) if asked.key else new_id(now)
            before = self._ports.store.get(question_id) if asked.key else None
            if before is not None:
                return _same(before, title, body)
            if not attempt:  # who has to try again is not in more haste
                self._haste("questions", member.id, QUESTIONS_AN_HOUR, ip)
            held = rules.reason_to_hold(f"{title}\n{body}", member, desk.general.community)
            post = rules.begun(Author(AuthorKind.PERSON, member.id), body, now, held)
            question = Question(
                id=question_id,
                number=self._ports.store.next_number(),
                place=rules.place_of(brand),
                language=supported_language(asked.language),
                title=title,
                post=post,
                active_at=now,
                topic=asked.topic,
                made_from=_digest(title, body) if asked.key else "",
            )
            question = self.writer.due_of(question) if question.visible else question
            counts = counted(member) if question.visible else None
            writing = Writing((None, question), member=counts, follow=member.id if asked.follow else None)
            try:
                self._ports.store.write(writing)
            except (AlreadyThere, StaleVersion, Unavailable):
                continue  # the same call twice at once, or another post of theirs: look again
            return question
        raise Unavailable(_BUSY)

    def answer(
        self, visitor: Visitor, question_id: str, body: str, place: str, ip: str, *, follow: bool, key: str | None
    ) -> Answer:
        """Answers a question.

        Raises:
            NotFound: there is no such question that they may see.
            Conflict: it is locked, or has too many answers.
            Invalid, NameNeeded, Forbidden, TooMany, KeyReused: as `ask`.
        """
        checked = rules.checked_body(body)
        self._seen(question_id, None, place, visitor)
        now = self._ports.clock()
        for attempt in range(_TRIES):
            member = self._writing(visitor)
            answer_id = derived_id(_EPOCH, "answer", member.id, question_id, key) if key else new_id(now)
            before = self._ports.store.answer(question_id, answer_id) if key else None
            if before is not None:
                rules.refuse_reused_key(before.post, checked)
                return before
            if not attempt:
                self._haste("answers", member.id, ANSWERS_AN_HOUR, ip)
            held = rules.reason_to_hold(checked, member, self.writer.settings)
            post = rules.begun(Author(AuthorKind.PERSON, member.id), checked, now, held)
            try:
                return self.writer.add_answer(question_id, Answer(answer_id, question_id, post), member, follow=follow)
            except AlreadyThere:
                continue
        raise Unavailable(_BUSY)

    def edit(self, visitor: Visitor, question_id: str, post_id: str, title: str, body: str, place: str) -> Found:
        """Changes one's own words; what they were is kept.

        Raises:
            NotFound: there is no such post that they may see.
            Forbidden: it is somebody else's, or they may not write here.
            Conflict: the question is locked, or it was changed too often.
            Invalid, TooMany: as `ask`.
        """
        member = self._writing(visitor)
        self._seen(question_id, post_id, place, visitor)
        self._haste("edits", member.id, CHANGES_AN_HOUR)

        def decide(found: Found) -> Writing | None:
            rules.refuse_unless_own(found.post, visitor.ids)
            if found.question.locked or found.post.state is PostState.HIDDEN:
                raise Conflict("This cannot be changed any more.")
            return self.writer.edited(found, title, body, found.post.author, member=member)

        return self.writer.change(question_id, post_id, decide)

    def delete(self, visitor: Visitor, question_id: str, post_id: str, place: str) -> None:
        """Takes one's own words away, for good.

        Raises:
            NotFound: there is no such post that they may see.
            Forbidden: it is somebody else's.
            Conflict: it is a question that somebody answered.
        """
        self._seen(question_id, post_id, place, visitor)

        def decide(found: Found) -> Writing:
            rules.refuse_unless_own(found.post, visitor.ids)
            if found.answer is None and found.question.answers:
                raise Conflict("Others have answered: the question stays, so that their answers can be read.")
            forget = ((found.post_id, found.post.revisions),)
            title = "" if found.answer is None else None
            return self.writer.rewrite(found, rules.deleted(found.post), title=title, forget=forget)

        self.writer.change(question_id, post_id, decide)

    def vote(self, visitor: Visitor, question_id: str, post_id: str, value: int, place: str, ip: str) -> int:
        """Says that a post is good (1) or not (-1), or nothing of it any more (0); gives the votes that it has.

        Raises:
            NotFound: there is no such post that all see.
            Forbidden: it is their own, or they may not write here.
            NameNeeded, TooMany, Unavailable: as `ask`.
        """
        member = self._writing(visitor)
        found = self._seen(question_id, post_id, place, visitor)
        if found.post.state is not PostState.VISIBLE:
            raise NotFound("There is nothing here to vote on.")
        if rules.is_own(found.post, visitor.ids):
            raise Forbidden("Others vote on what you wrote.")
        self._haste("votes", member.id, VOTES_AN_HOUR, ip)
        store = self._ports.store
        for attempt in range(1, _TRIES + 1):
            before = store.votes(question_id, member.id).get(post_id, 0)
            if before == value:
                break
            try:
                store.vote(question_id, post_id, member.id, before=before, value=value, at=self._ports.clock())
            except (StaleVersion, Unavailable):
                self._ports.pause(attempt)
                continue
            break
        else:
            raise Unavailable(_BUSY)
        now = self.writer.find(question_id, post_id)
        return now.answer.score if now.answer is not None else now.question.score

    def report(
        self, visitor: Visitor, question_id: str, post_id: str, reason: ReportReason, words: str, place: str
    ) -> None:
        """Says that something is wrong with a post; said again, it stays what it was.

        Raises:
            NotFound: there is no such post that they may see.
            Forbidden: it is their own, or they may not write here.
            Invalid: it is said in too many words.
            NameNeeded, TooMany: as `ask`.
        """
        member, words = self._writing(visitor), clean(words).strip()
        if len(words) > rules.LONGEST_REPORT:
            raise Invalid("The report is not valid.", [FieldError("/words", f"has more than {rules.LONGEST_REPORT}")])
        found = self._seen(question_id, post_id, place, visitor)
        if rules.is_own(found.post, visitor.ids):
            raise Forbidden("Delete what you wrote yourself.")
        self._haste("reports", member.id, REPORTS_AN_HOUR)
        report = Report(found.post_id, member.id, reason, self._ports.clock(), words)

        def decide(found: Found) -> Writing:
            post = rules.reported(found.post, self.writer.settings)
            return replace(self.writer.rewrite(found, post), report=report)

        try:
            self.writer.change(question_id, post_id, decide)
        except AlreadyThere:
            return

    def accept(self, visitor: Visitor, question_id: str, answer_id: str | None, place: str) -> Question:
        """Says which answer solved one's question; None: none did after all.

        Raises:
            NotFound: there is no such question, or answer, that they may see.
            Forbidden: somebody else asked.
            Conflict: the answer is not for all to see.
        """
        found = self._seen(question_id, None, place, visitor)
        rules.refuse_unless_own(found.post, visitor.ids)
        return accept(self.writer, question_id, answer_id, found.post.author)

    def follow(self, visitor: Visitor, question_id: str, place: str, *, wanted: bool) -> None:
        """Has a visitor told of answers by mail, or no more.

        Raises:
            NotFound: there is no such question that they may see.
            NameNeeded: they have not said what they want to be called.
        """
        member = self._writing(visitor)
        self._seen(question_id, None, place, visitor)
        self._ports.store.follow(question_id, member.id, wanted=wanted)

    def leave(self, person_id: str, question_id: str | None) -> None:
        """Ends the mails to somebody who followed a mail's link: of one question, or of all (None)."""
        if question_id is not None:
            self._ports.store.follow(question_id, person_id, wanted=False)
            return
        for _ in range(_TRIES):
            before = self._ports.store.member(person_id)
            if before.quiet or not before.version:
                return
            try:
                self._ports.store.name(before, replace(before, quiet=True, version=before.version + 1), None)
            except (StaleVersion, Unavailable):
                continue
            return
        raise Unavailable("This is being changed elsewhere; try again in a moment.")

    # --- parts ---

    def _seen(self, question_id: str, post_id: str | None, place: str, visitor: Visitor | None) -> Found:
        ids = visitor.ids if visitor is not None else ()
        found = self.writer.find(question_id, post_id)
        shown = rules.sees(found.question.post, ids) and rules.sees(found.post, ids)
        if found.question.place != place or not shown:
            raise NotFound(NO_QUESTION)
        return found

    def _writing(self, visitor: Visitor) -> Member:
        """Who wants to write.

        Raises:
            NameNeeded: they have not said what they want to be called.
            Forbidden: they were told to stop.
        """
        member = self.me(visitor)
        rules.refuse_blocked(member)
        if not member.name:
            raise NameNeeded("Say first what you want to be called here.")
        return member

    def _haste(self, scope: str, who: str, most: int, ip: str | None = None) -> None:
        now, counted = self._ports.clock(), self._ports.limiter.count
        over = counted(f"community-{scope}", who, _HOUR, now) > most
        network = ip is not None and counted(f"community-{scope}-ip", ip, _HOUR, now) > most * FROM_A_NETWORK
        if over or network:
            raise TooMany("That is a lot in an hour; try again later.", retry_after_seconds=_HOUR)


def accept(writer: Writer, question_id: str, answer_id: str | None, by: Author) -> Question:
    """Says which answer solved a question. Raises what `Community.accept` raises."""

    def decide(found: Found) -> Writing | None:
        if found.question.accepted == answer_id:
            return None
        answer = writer.find(question_id, answer_id).answer if answer_id is not None else None
        if answer_id is not None and answer is None:
            raise NotFound("There is no such answer.")
        after = rules.accepted(found.question, answer, by)
        return Writing((found.question, replace(after, version=found.question.version + 1)))

    return writer.change(question_id, None, decide).question


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


def _same(before: Question, title: str, body: str) -> Question:
    if before.made_from != _digest(title, body):
        raise KeyReused("The Idempotency-Key was used with another question before.")
    return before
