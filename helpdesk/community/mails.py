"""Tells those who follow a question of an answer: each once, with a way out that takes one click."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from helpdesk.community.model import Answer, AuthorKind, Question, Thread
from helpdesk.community.ports import CommunityStore
from helpdesk.community.rules import answered_event
from helpdesk.community.writing import Writer
from helpdesk.desk.model import Desk
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.text import normal_address
from helpdesk.knowledge.plain import to_plain
from helpdesk.mail.delivery import Outbox, Slot
from helpdesk.mail.enclosing import excerpt
from helpdesk.mail.letters import CommunityAnswered, Kind, Party
from helpdesk.mail.stationery import Stationery, is_own
from helpdesk.people.model import Person

AT_ONCE: Final = 100
"""Followers that are told for one event; for those after them there is another, so that a call has time for all of its own."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What it stands on.

    Attributes:
        person: a person by id.
        address: of a question's page.
        leave: where somebody ends the mails about a question, in a language.
        may_send: counts a mail to an address, and says whether it is not one too many.
    """

    store: CommunityStore
    writer: Writer
    person: Callable[[str], Person | None]
    address: Callable[[Question], str]
    leave: Callable[[Question, str, str], str]
    may_send: Callable[[str], bool]
    desk: Callable[[], Desk]


class CommunityMails:
    """Sends what the community's events call for. Bears them in any order and any number of times.

    Args:
        ports: what it stands on.
        stationery: makes letters.
        outbox: sends each once.
    """

    def __init__(self, ports: Ports, stationery: Stationery, outbox: Outbox) -> None:
        self._ports = ports
        self._stationery = stationery
        self._outbox = outbox

    def handle(self, detail: Mapping[str, object]) -> None:
        """Tells of an answer, while all can see it.

        Args:
            detail: of the event: `question_id`, `answer_id`, and `after`: the follower behind whom it begins.

        Raises:
            Unavailable: something did not answer; handling the event again is safe.
        """
        store, question_id = self._ports.store, str(detail["question_id"])
        question, answer = store.get(question_id), store.answer(question_id, str(detail["answer_id"]))
        if question is None or answer is None or not question.visible or not answer.visible:
            return
        if not self._ports.desk().general.community.enabled:
            return
        who = self._ports.writer.named(Thread(question, (answer,))).names.get(answer.post.author.id, "")
        some = store.followers(question_id, after=str(detail.get("after", "")), limit=AT_ONCE)
        if len(some) == AT_ONCE:  # before these are told: what fails with one of them shall not keep the others waiting
            store.tell_on(answer, some[-1])
        for person_id in some:
            person = self._ports.person(person_id)
            if person is not None and self._wants(person, question, answer):
                self._tell(person, answered_event(answer), question, answer, who)

    def _wants(self, person: Person, question: Question, answer: Answer) -> bool:
        """Whether somebody is told: not of their own answer, nor of what they got by mail as the answer to their request."""
        author = answer.post.author
        if author.kind is AuthorKind.PERSON and author.id in person.ids:
            return False
        if answer.message_id is not None and question.post.author.id in person.ids:
            return False
        if person.erased or person.undeliverable or person.complained or is_own(self._ports.desk(), person.address):
            return False
        return not any(self._ports.store.member(one).quiet for one in person.ids)

    def _tell(self, person: Person, event_id: str, question: Question, answer: Answer, who: str) -> None:
        details = CommunityAnswered(
            link=f"{self._ports.address(question)}#answer-{answer.id}",
            question=question.title,
            who=who or self._ports.desk().general.name,
            text=excerpt(to_plain(answer.post.body)),
            leave=self._ports.leave(question, person.id, person.language),
        )
        slot = Slot(event_id, Kind.COMMUNITY, person.id, question.id)
        recipient = Party(person.name, person.address)
        brand = self._ports.desk().brands.get(question.place)
        letter_id = derived_id(answer.post.at, event_id, person.id)
        letter = self._stationery.notice(
            Kind.COMMUNITY, letter_id, recipient, person.language, details, brand=brand, subject=question.title
        )
        if letter is not None:
            self._outbox.deliver(slot, letter, may=lambda: self._ports.may_send(normal_address(person.address)))
