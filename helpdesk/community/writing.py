"""How the community is changed: decided on what is there, written if it still is, decided anew if it is not."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from helpdesk.community import rules
from helpdesk.community.model import (
    Answer,
    Author,
    AuthorKind,
    CommunitySettings,
    Found,
    Member,
    Post,
    Question,
    Revision,
    Thread,
)
from helpdesk.community.ports import CommunityStore, Writing
from helpdesk.desk.model import Desk
from helpdesk.desk.rules import compiled_calendar
from helpdesk.kernel.audit import Told
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Conflict, NotFound, StaleVersion, Unavailable
from helpdesk.people.model import Agent

_ATTEMPTS: Final = 8
NO_QUESTION: Final = "There is no such question."
NO_ANSWER: Final = "There is no such answer."


class Writer:
    """Changes questions and answers.

    Args:
        store: where they are kept.
        desk: the configuration.
        clock: the desk's time.
        pause: waits a little before trying again.
    """

    def __init__(
        self, store: CommunityStore, desk: Callable[[], Desk], clock: Clock, pause: Callable[[int], None]
    ) -> None:
        self.store = store
        self._desk = desk
        self.clock = clock
        self._pause = pause

    @property
    def settings(self) -> CommunitySettings:
        """How the community is set."""
        return self._desk().general.community

    def find(self, question_id: str, post_id: str | None = None) -> Found:
        """A post as it stands; without one: the question itself.

        Raises:
            NotFound: it is not there.
        """
        question = self.store.get(question_id)
        if question is None:
            raise NotFound(NO_QUESTION)
        if post_id is None or post_id == question.id:
            return Found(question)
        answer = self.store.answer(question_id, post_id)
        if answer is None:
            raise NotFound(NO_ANSWER)
        return Found(question, answer)

    def change(self, question_id: str, post_id: str | None, decide: Callable[[Found], Writing | None]) -> Found:
        """Writes what is decided on a post, deciding anew if somebody else was quicker; None: nothing is to be done.

        Raises:
            NotFound: it is not there.
            Unavailable: others kept changing it.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            found = self.find(question_id, post_id)
            writing = decide(found)
            if writing is None:
                return found
            try:
                self.store.write(writing)
            except (StaleVersion, Unavailable):
                self._pause(attempt)
                continue
            question = writing.question[1] if writing.question is not None else found.question
            answer = writing.answer[1] if writing.answer is not None else found.answer
            return Found(question, answer)
        raise Unavailable("Others are writing here at the same time; try again in a moment.")

    def add_answer(self, question_id: str, answer: Answer, member: Member | None, *, follow: bool) -> Answer:
        """Adds an answer; one that all see brings its question up, ends its waiting, and is told of.

        Raises:
            NotFound: there is no such question.
            Conflict: it is locked, hidden, or has too many answers.
            AlreadyThere: the answer is there.
            Unavailable: others kept changing it.
        """

        def decide(found: Found) -> Writing:
            rules.refuse_unless_open(found.question)
            if sum(not rules.is_gone(one.post) for one in self.store.answers(question_id)) >= rules.MOST_ANSWERS:
                raise Conflict(f"This question has {rules.MOST_ANSWERS} answers already.")
            after = rules.with_answer(found.question, None, answer, answer.post.at)
            return Writing(
                question=(found.question, replace(after, version=found.question.version + 1)),
                answer=(None, answer),
                member=counted(member) if member is not None and answer.visible else None,
                follow=member.id if member is not None and follow else None,
                tell=answer.id if answer.visible else None,
            )

        self.change(question_id, None, decide)
        return answer

    def rewrite(
        self,
        found: Found,
        post: Post,
        *,
        title: str | None = None,
        member: Member | None = None,
        revision: Revision | None = None,
        forget: tuple[tuple[str, int], ...] = (),
        told: Told | None = None,
    ) -> Writing:
        """What is written when a post becomes another: the question follows its answers.

        Args:
            found: the post as it stands.
            post: as it shall be.
            title: the question's, if it changes.
            member: whose first sight it may be: they are counted if it becomes visible.
            revision: what it said before.
            forget: texts that go.
            told: what the trail tells of it.
        """
        question, answer = found.question, found.answer
        shown = not rules.sees(found.post, ()) and rules.sees(post, ())
        both = counted(member) if member is not None and shown else None
        kept = (found.post_id, revision) if revision is not None else None
        if answer is None:
            after = replace(question, post=post, title=title if title is not None else question.title)
            after = replace(after, version=question.version + 1, made_from="" if title == "" else question.made_from)
            return Writing(question=(question, after), member=both, revision=kept, forget=forget, told=told)
        later = replace(answer, post=post, version=answer.version + 1)
        follows = rules.with_answer(question, answer, later, self.clock() if shown else None)
        return Writing(
            question=(question, replace(follows, version=question.version + 1)),
            answer=(answer, later),
            member=both,
            revision=kept,
            forget=forget,
            tell=later.id if shown else None,
            told=told,
        )

    def edited(
        self, found: Found, title: str, body: str, by: Author, *, member: Member | None, told: Told | None = None
    ) -> Writing | None:
        """What is written when a post says something else; None: it says the same.

        Args:
            found: the post as it stands.
            title: the question's; of an answer it does not matter.
            body: as it shall be.
            by: who changes it.
            member: whose change may have to wait, as if it were a new post; None: a moderator's, which does not.
            told: what the trail tells of it.

        Raises:
            Invalid: the words cannot be kept.
            Conflict: it was edited too often.
        """
        if found.answer is None:
            title, body = rules.checked_question(title, body)
        else:
            title, body = "", rules.checked_body(body)
        if (title, body) == (found.title, found.post.body):
            return None
        if found.post.revisions >= rules.MOST_REVISIONS:
            raise Conflict(f"This was changed {rules.MOST_REVISIONS} times already.")
        now = self.clock()
        why = rules.reason_to_hold(f"{title}\n{body}", member, self.settings) if member is not None else None
        revision = Revision(found.post.revisions + 1, found.title, found.post.body, by, now)
        post = rules.edited(found.post, body, now, why)
        return self.rewrite(found, post, title=title or None, revision=revision, told=told)

    def named(self, thread: Thread) -> Thread:
        """A thread with the names of all who wrote, as they are called now."""
        return replace(thread, names=self.names(one.post.author for one in thread.posts))

    def names_of(self, questions: Iterable[Question]) -> dict[str, str]:
        """What those are called who asked some questions, by id."""
        return self.names(one.post.author for one in questions)

    def names(self, authors: Iterable[Author]) -> dict[str, str]:
        """What some who wrote are called in public, by id."""
        wanted, desk = list(dict.fromkeys(authors)), self._desk()
        members = self.store.members([one.id for one in wanted if one.kind is AuthorKind.PERSON])
        named = {one.id: one.name for one in members.values()}
        return named | {one.id: public_name(desk, one.id) for one in wanted if one.kind is AuthorKind.AGENT}

    def due_of(self, question: Question) -> Question:
        """A question that waits from now on, with when it becomes a ticket."""
        settings, desk = self.settings, self._desk()
        calendar = compiled_calendar(desk, settings.ticket_calendar)
        return replace(question, due_at=rules.due_at(self.clock(), settings, calendar))


def counted(member: Member) -> tuple[Member, Member]:
    """Somebody of whom all have seen one post more."""
    return member, replace(member, approved=member.approved + 1, version=member.version + 1)


def agent_author(agent: Agent) -> Author:
    """A colleague as an author."""
    return Author(AuthorKind.AGENT, agent.id)


def public_name(desk: Desk, agent_id: str) -> str:
    """What a colleague is called in public: their name, where the desk's mails tell it; else the desk's."""
    agent = desk.agents.get(agent_id)
    told = all(mailbox.letterhead.show_agent for mailbox in desk.mailboxes.values())
    return agent.name if agent is not None and told else desk.general.name
