"""What colleagues do in the community: answer for the desk, and look after what is written there."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Final

from helpdesk.community import rules
from helpdesk.community.model import (
    Answer,
    Author,
    AuthorKind,
    Found,
    Member,
    Order,
    Post,
    PostState,
    Question,
    Queued,
    Report,
    Revision,
    Thread,
)
from helpdesk.community.ports import Writing
from helpdesk.community.service import accept
from helpdesk.community.writing import NO_QUESTION, Writer, agent_author
from helpdesk.kernel.audit import Told
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, NotFound, StaleVersion, Unavailable
from helpdesk.kernel.ids import derived_id, is_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.shelves import AlreadyThere
from helpdesk.people.model import Agent
from helpdesk.tickets.model import ActorKind, Message, Ticket

_TRIES: Final = 5
_LONGEST_NUMBER: Final = 12
_POST: Final = "community_post"
_MEMBER: Final = "community_member"


class PostAct(StrEnum):
    """What a moderator does to a post."""

    RELEASE = "release"
    """All see it; what was reported is settled."""
    HIDE = "hide"
    DELETE = "delete"


class QuestionAct(StrEnum):
    """What a moderator does to a question."""

    LOCK = "lock"
    UNLOCK = "unlock"
    MOVE = "move"
    """To another topic."""


class Moderation:
    """The community as colleagues see it.

    Args:
        writer: changes it.
        ticket: a ticket as far as whoever is calling may see it; None: there is none for them.
        message: one of its messages.
        asked: the id of the question that a ticket was; None: it was none.
    """

    def __init__(
        self,
        writer: Writer,
        ticket: Callable[[str], Ticket | None],
        message: Callable[[str, str], Message | None],
        asked: Callable[[str], str | None],
    ) -> None:
        self._writer = writer
        self._store = writer.store
        self._ticket = ticket
        self._message = message
        self._asked = asked

    # --- reading ---

    def queue(self, *, limit: int, position: dict[str, str] | None) -> Page[Queued]:
        """Posts to look at, the longest waiting first."""
        return self._store.queue(limit=limit, position=position)

    def listed(
        self, order: Order, place: str, topic: str | None, *, limit: int, position: dict[str, str] | None
    ) -> Page[Question]:
        """A page of questions that all see."""
        return self._store.listed(order, place, topic, limit=limit, position=position)

    def names(self, authors: Iterable[Author]) -> dict[str, str]:
        """What some who wrote are called here, by id."""
        return self._writer.names(authors)

    def numbered(self, name: str) -> str:
        """The id of a question, of which the id or the number is given.

        Raises:
            NotFound: no question has this number.
        """
        if not (name.isascii() and name.isdecimal() and len(name) <= _LONGEST_NUMBER):
            return name
        question_id = self._store.by_number(int(name))
        if question_id is None:
            raise NotFound(NO_QUESTION)
        return question_id

    def thread(self, question_id: str, *, moderates: bool = True) -> Thread:
        """A question with its answers; moderators see those that are held or hidden, too.

        Raises:
            NotFound: there is none.
        """
        question = self._store.get(question_id)
        if question is None or not rules.sees(question.post, (), moderates=moderates):
            raise NotFound(NO_QUESTION)
        answers = [one for one in self._store.answers(question_id) if rules.sees(one.post, (), moderates=moderates)]
        return self._writer.named(Thread(question, rules.sorted_answers(question, answers)))

    def revisions(self, question_id: str, post_id: str) -> tuple[Found, list[Revision]]:
        """A post, and what it said before, newest first.

        Raises:
            NotFound: there is no such post.
        """
        found = self._writer.find(question_id, post_id)
        return found, self._store.revisions(question_id, found.post_id)

    def reports(self, question_id: str, post_id: str) -> list[Report]:
        """What was found wrong with a post."""
        return self._store.reports(question_id, post_id)

    # --- answering ---

    def answer(self, question_id: str, body: str, agent: Agent, *, key: str | None) -> Answer:
        """Answers for the desk.

        Raises:
            NotFound: there is no such question.
            Conflict: it is locked, hidden, or has too many answers.
            Invalid: it cannot be kept.
            KeyReused: the key came with another answer before.
        """
        now = self._writer.clock()
        question = self.thread(question_id).question
        answer_id = derived_id(question.post.at, "answer", agent.id, key) if key else new_id(now)
        wanted = Answer(answer_id, question_id, _by(agent, body, self._writer))
        made = self._official(question_id, wanted)
        rules.refuse_reused_key(made.post, wanted.post.body)
        return made

    def answer_from(self, ticket_id: str, message_id: str, agent: Agent, body: str | None = None) -> Answer:
        """Posts an agent's answer on the ticket that a question has become as an answer for all; again, it is there.

        Args:
            ticket_id: of the ticket.
            message_id: an agent's public message on it.
            agent: who posts it.
            body: other words than the message's.

        Raises:
            NotFound: there is no such ticket that they see, or it has no such message.
            Conflict: the ticket was no question; the message has not left yet, or is not for the requester.
        """
        question_id = self.question_of(ticket_id)
        if question_id is None:
            raise Conflict("This ticket was no question of the community.")
        ticket, message = self._ticket(ticket_id), self._message(ticket_id, message_id)
        if ticket is None or message is None:
            raise NotFound("There is no such message.")
        if not message.public or message.author.kind is not ActorKind.AGENT or message.withdrawn_at is not None:
            raise Conflict("Only an agent's answer to the requester can be posted.")
        if ticket.holds(message_id):
            raise Conflict("This answer has not left yet; it can still be taken back.")
        answer_id = derived_id(message.at, "community-answer", message.id)
        post = _by(agent, message.text if body is None else body, self._writer)
        return self._official(question_id, Answer(answer_id, question_id, post, message_id=message.id))

    def question_of(self, ticket_id: str) -> str | None:
        """The id of the question that a ticket was; None: it was none.

        Raises:
            NotFound: there is no such ticket that whoever is calling sees.
        """
        if not is_id(ticket_id) or self._ticket(ticket_id) is None:
            raise NotFound("There is no such ticket.")
        return self._asked(ticket_id)

    def _official(self, question_id: str, answer: Answer) -> Answer:
        try:
            return self._writer.add_answer(question_id, replace(answer, official=True), None, follow=False)
        except AlreadyThere:
            before = self._store.answer(question_id, answer.id)
            if before is None:
                raise
            return before

    # --- looking after ---

    def act(self, question_id: str, post_id: str, act: PostAct) -> Found:
        """Lets a post out, hides it, or takes its words away.

        Raises:
            NotFound: there is no such post.
            Unavailable: others kept changing it.
        """

        def decide(found: Found) -> Writing | None:
            if found.post.state is PostState.DELETED:
                raise NotFound("This was deleted.")
            told = Told(_POST, found.post_id, after={"question": question_id}, action=_TOLD[act])
            match act:
                case PostAct.RELEASE:
                    return self._released(found, told)
                case PostAct.HIDE:
                    after = rules.hidden(found.post)
                    return self._writer.rewrite(found, after, told=told) if after != found.post else None
                case PostAct.DELETE:
                    forget = ((found.post_id, found.post.revisions),)
                    title = "" if found.answer is None else None
                    return self._writer.rewrite(found, rules.deleted(found.post), title=title, forget=forget, told=told)

        return self._writer.change(question_id, post_id, decide)

    def _released(self, found: Found, told: Told) -> Writing | None:
        after = rules.released(found.post)
        if after == found.post:
            return None
        author = found.post.author
        member = self._store.member(author.id) if author.kind is AuthorKind.PERSON else None
        member = member if member is not None and member.version else None
        writing = self._writer.rewrite(found, after, member=member, told=told)
        first = found.answer is None and found.post.state is not PostState.VISIBLE
        if not first or writing.question is None or found.question.ticket_id is not None:
            return writing
        before, question = writing.question  # it waits for an answer from when others can see it
        question = replace(self._writer.due_of(question), active_at=self._writer.clock())
        return replace(writing, question=(before, question))

    def edit(self, question_id: str, post_id: str, title: str, body: str, agent: Agent) -> Found:
        """Changes somebody's words; what they were is kept, and who changed them.

        Raises:
            NotFound: there is no such post.
            Invalid: it cannot be kept.
            Conflict: it was changed too often.
        """

        def decide(found: Found) -> Writing | None:
            if found.post.state is PostState.DELETED:
                raise NotFound("This was deleted.")
            told = Told(_POST, found.post_id, after={"question": question_id}, action="edited")
            return self._writer.edited(found, title, body, agent_author(agent), member=None, told=told)

        return self._writer.change(question_id, post_id, decide)

    def change(self, question_id: str, act: QuestionAct, *, topic: str | None, topics: frozenset[str]) -> Question:
        """Locks a question, opens it again, or moves it.

        Args:
            question_id: which.
            act: what is done.
            topic: where it goes, if it is moved; None: nowhere.
            topics: that there are.

        Raises:
            NotFound: there is no such question.
            Invalid: there is no such topic.
        """
        if act is QuestionAct.MOVE and topic is not None and topic not in topics:
            raise Invalid("The question cannot be moved.", [FieldError("/topic", "is not a topic here")])

        def decide(found: Found) -> Writing | None:
            before = found.question
            match act:
                case QuestionAct.MOVE:
                    after = replace(before, topic=topic)
                case _:
                    after = replace(before, locked=act is QuestionAct.LOCK)
            if after == before:
                return None
            told = Told(
                _POST, before.id, after={"topic": topic} if act is QuestionAct.MOVE else None, action=_CHANGED[act]
            )
            return Writing((before, replace(after, version=before.version + 1)), told=told)

        return self._writer.change(question_id, None, decide).question

    def accept(self, question_id: str, answer_id: str | None, agent: Agent) -> Question:
        """Says which answer solved a question, for who asked it.

        Raises:
            NotFound: there is no such question, or answer.
            Conflict: the answer is not for all to see.
        """
        return accept(self._writer, question_id, answer_id, agent_author(agent))

    def block(self, person_id: str, *, blocked: bool) -> Member:
        """Keeps somebody from writing here, or lets them again.

        Raises:
            NotFound: they take no part here.
            Unavailable: they kept changing.
        """
        for _ in range(_TRIES):
            before = self._store.member(person_id) if is_id(person_id) else Member("")
            if not before.version:
                raise NotFound("There is no such member of the community.")
            if before.blocked is blocked:
                return before
            after = replace(before, blocked=blocked, version=before.version + 1)
            told = Told(_MEMBER, person_id, action="blocked" if blocked else "unblocked")
            try:
                self._store.write(Writing(member=(before, after), told=told))
            except (StaleVersion, Unavailable):
                continue
            return after
        raise Unavailable("This is being changed elsewhere; try again in a moment.")

    def member(self, person_id: str) -> Member:
        """What somebody is in the community."""
        return self._store.member(person_id)


_TOLD: Final = {PostAct.RELEASE: "released", PostAct.HIDE: "hidden", PostAct.DELETE: "removed"}
_CHANGED: Final = {QuestionAct.LOCK: "locked", QuestionAct.UNLOCK: "unlocked", QuestionAct.MOVE: "moved"}


def _by(agent: Agent, body: str, writer: Writer) -> Post:
    return rules.begun(agent_author(agent), rules.checked_body(body), writer.clock(), None)
