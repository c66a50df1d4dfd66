"""What the demo desk lived through last month: the same lives every time, for reports and for trying promises out.

Decided by the desk's own rules, on a clock that is moved, and written as they would have been stored. Nobody is told of
it: it is long ago, and its customers had their answers then.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from helpdesk.kernel.ids import derived_id
from helpdesk.people.model import Agent, Person
from helpdesk.sla.calendars import CompiledCalendar, add_business_time
from helpdesk.tickets.commands import AddMessage, ChangeTicket, Command, OpenTicket, RouteTicket, Tick
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import (
    ROUTER,
    SWEEPER,
    Actor,
    ActorKind,
    Channel,
    Message,
    Priority,
    Reason,
    Status,
    Ticket,
    Visibility,
)
from helpdesk.tickets.rules import decide, next_due
from local.demo_desk import AGENT, AGENT2

TICKETS: Final = 140
DAYS: Final = 31
_HOUR: Final = 3600
_FIRST_ANSWER: Final = {
    Priority.URGENT: _HOUR * 0.45,
    Priority.HIGH: _HOUR * 1.1,
    Priority.NORMAL: _HOUR * 2.2,
    Priority.LOW: _HOUR * 5,
}
"""Business seconds until the usual first answer; half of them come sooner."""
_ABROAD: Final = 0.25
"""Share of requests that come in while the office is closed."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody writes about, and what is said of it, in one language."""

    language: str
    category: str
    subject: str
    body: str
    answer: str
    thanks: str


TOPICS: Final = (
    Topic(
        "ko",
        "delivery",
        "배송 예정일을 알고 싶어요",
        "지난주에 주문한 책상이 아직 오지 않았어요. 언제 받을 수 있을까요?",
        "택배사에 확인해 보니 내일 도착할 예정이에요. 늦어져서 죄송해요.",
        "네, 잘 받았어요. 고맙습니다.",
    ),
    Topic(
        "ko",
        "billing",
        "결제가 두 번 됐어요",
        "같은 주문이 카드 명세서에 두 번 나와요. 확인 부탁드려요.",
        "한 건은 오늘 취소했어요. 2~3일 안에 카드사에 반영돼요.",
        "취소된 것 확인했어요.",
    ),
    Topic(
        "ko",
        "technical",
        "프린터에 용지가 자꾸 걸려요",
        "HB-300에서 두 장에 한 번꼴로 용지가 걸려요.",
        "급지 롤러를 닦는 방법을 보내 드려요. 그래도 걸리면 알려 주세요.",
        "닦으니 괜찮아졌어요.",
    ),
    Topic(
        "ko",
        "account",
        "담당자를 바꾸고 싶어요",
        "구매 담당자가 바뀌었어요. 로그인 주소를 새 담당자로 바꿔 주세요.",
        "바꿔 두었어요. 새 담당자분께 초대 메일이 갔을 거예요.",
        "네, 들어가져요. 감사해요.",
    ),
    Topic(
        "en",
        "billing",
        "The invoice has our old address",
        "Our offices moved in spring, but the invoice still names the old street. Could you issue it again?",
        "Here is the corrected invoice. The new address is on file from now on.",
        "Perfect, thank you.",
    ),
    Topic(
        "en",
        "delivery",
        "One box of three is missing",
        "We ordered three boxes of paper and two arrived. The carrier says that all were delivered.",
        "The third box is on its way again; it should be with you on Friday.",
        "It came this morning.",
    ),
    Topic(
        "en",
        "technical",
        "The desk lamp flickers",
        "Since yesterday the lamp flickers on its lowest setting. Another bulb did not help.",
        "That is a known fault of the dimmer. We are sending you a new one, no need to return the old.",
        "The new one works.",
    ),
    Topic(
        "en",
        "account",
        "Cannot sign in since the weekend",
        "The page says that my account does not exist. I ordered last week without trouble.",
        "The account was merged with your colleague's by mistake. It is yours again.",
        "I am in. Thanks!",
    ),
    Topic(
        "ja",
        "billing",
        "領収書の再発行をお願いします",
        "先月分の領収書を紛失してしまいました。再発行をお願いできますでしょうか。",
        "再発行いたしました。添付をご確認ください。",
        "確認いたしました。ありがとうございます。",
    ),
    Topic(
        "ja",
        "delivery",
        "届いた椅子の色が違います",
        "グレーを注文しましたが、ブルーが届きました。交換をお願いします。",
        "申し訳ございません。グレーの椅子を本日発送いたしました。",
        "本日届きました。助かりました。",
    ),
    Topic(
        "ja",
        "technical",
        "シュレッダーが途中で止まります",
        "数枚入れると途中で止まってしまいます。",
        "連続使用で保護機能が働いている可能性がございます。三十分ほど冷ましてからお試しください。",
        "冷ましたところ動きました。",
    ),
)
_CUSTOMERS: Final = {
    "ko": ("박서연", "최준호", "정하은", "윤도현", "한지민", "오세훈", "강예린", "임태윤"),
    "en": ("Laura Bennett", "Carlos Díaz", "Ingrid Olsen", "Peter Novák", "Amara Okafor", "Liam Walsh"),
    "ja": ("田中 美咲", "小林 大輔", "高橋 綾", "渡辺 誠", "中村 彩花"),
}


_GOODBYES: Final = {
    "ko": "다행이에요. 또 궁금한 점이 있으면 언제든 알려 주세요.",
    "en": "Glad to hear it. Write to us any time.",
    "ja": "よかったです。またいつでもご連絡ください。",
}


@dataclass(slots=True)
class Past:
    """One ticket's life: how it stands now, and what led there."""

    ticket: Ticket
    events: list[Event] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


def customers(now: datetime) -> dict[str, tuple[Person, ...]]:
    """Who wrote, by language."""
    since = now - timedelta(days=DAYS + 60)
    return {
        language: tuple(
            Person(derived_id(since, name), f"{language}{number}@customers.example", language, since, name)
            for number, name in enumerate(names, start=1)
        )
        for language, names in _CUSTOMERS.items()
    }


def lives(rules: DeskRules, now: datetime, first_number: int) -> Iterator[Past]:
    """The lives of the month before now, oldest first; all of them are over.

    Args:
        rules: the demo desk's.
        now: the present.
        first_number: of the first ticket; the others follow.
    """
    chance = random.Random(20)
    known, office = customers(now), rules.newest_calendar("seoul")
    begin = now - timedelta(days=DAYS)
    began = sorted(
        _asked(begin + timedelta(seconds=chance.randrange((DAYS - 3) * 86_400)), office, chance) for _ in range(TICKETS)
    )
    number = first_number
    for at in began:
        topic = chance.choice(TOPICS)
        life = Life(rules, office, chance, chance.choice(known[topic.language]), topic)
        life.live(at, number)
        if life.at < now - timedelta(hours=2):
            life.settle(now)
            yield life.past
            number += 1


def _asked(at: datetime, office: CompiledCalendar, chance: random.Random) -> datetime:
    """Most ask while the office is open: others are moved to its next hours."""
    return at if chance.random() < _ABROAD else add_business_time(office, at, chance.randrange(60, 4 * _HOUR))


class Life:
    """Lets one ticket live.

    Args:
        rules: the desk's.
        office: its hours.
        chance: makes each life another one.
        person: who asks.
        topic: what they ask.
        colleague: who answers; None: one of the demo desk's agents.
    """

    def __init__(
        self,
        rules: DeskRules,
        office: CompiledCalendar,
        chance: random.Random,
        person: Person,
        topic: Topic,
        colleague: Agent | None = None,
    ) -> None:
        self._rules, self._office, self._chance = rules, office, chance
        self._person, self._topic = person, topic
        self._requester = Actor(ActorKind.REQUESTER, person.id)
        colleague = colleague or (AGENT if topic.category == "billing" else chance.choice((AGENT, AGENT2)))
        self._agent, self._agent_name = Actor(ActorKind.AGENT, colleague.id), colleague.name
        self.at = person.created_at
        self.past: Past

    def live(self, began: datetime, number: int) -> None:
        """From the request to its end."""
        topic, chance = self._topic, self._chance
        priority = self.open(began, number)
        self.route("billing" if topic.category == "billing" else "support")
        self.work(_FIRST_ANSWER[priority] * chance.lognormvariate(0, 0.75))
        if chance.random() < 0.6:
            self.say(topic.answer, Status.PENDING)
            self.at += timedelta(seconds=chance.randrange(_HOUR, 30 * _HOUR))
            self.hear(topic.thanks)
            self.work(_HOUR * chance.lognormvariate(0, 0.9))
            if chance.random() < 0.8:
                self.say(_GOODBYES[topic.language], Status.SOLVED)
                return
        else:
            self.say(topic.answer)
            self.work(3 * _HOUR * chance.lognormvariate(0, 0.9))
        self.do(ChangeTicket(status=Status.SOLVED), self._agent)

    def settle(self, now: datetime) -> None:
        """What time alone has done since, each thing when it fell due."""
        while (due := next_due(self.past.ticket)) is not None and due <= now:
            self.at = max(self.at, due)
            self.do(Tick(), SWEEPER)

    def work(self, seconds: float) -> None:
        """Lets business time pass."""
        self.at = add_business_time(self._office, self.at, max(60, round(seconds)))

    def open(self, began: datetime, number: int) -> Priority:
        """The request; gives its priority."""
        topic, person = self._topic, self._person
        priority = self._chance.choices(tuple(_FIRST_ANSWER), weights=(18, 22, 45, 15))[0]
        self.at = began
        ticket_id = derived_id(self.at, "past", str(number))
        channel = self._chance.choice((Channel.EMAIL, Channel.WEB))
        opening = OpenTicket(
            ticket_id=ticket_id,
            number=number,
            requester_id=person.id,
            subject=topic.subject,
            message_id=derived_id(self.at, ticket_id),
            preview=topic.body,
            channel=channel,
            language=topic.language,
            requester_name=person.name,
            requester_address=person.address,
            priority=priority,
            category=topic.category,
        )
        decision = decide(None, opening, self._rules, actor=self._requester, now=self.at)
        self.past = Past(decision.ticket, list(decision.events))
        self._keep(opening.message_id, self._requester, topic.body)
        return priority

    def route(self, group: str, *, to_nobody: bool = False) -> None:
        """What the router makes of it, some seconds later."""
        self.at += timedelta(seconds=self._chance.randrange(2, 20))
        assignee, why = (None, "everybody_full") if to_nobody else (self._agent.id, "least_busy")
        self.do(RouteTicket(group, assignee, (Reason(why),)), ROUTER)

    def say(self, text: str, status: Status | None = None) -> None:
        """The agent answers."""
        self._add(text, self._agent, status)

    def hear(self, text: str) -> None:
        """The requester replies."""
        self._add(text, self._requester, None)

    def _add(self, text: str, author: Actor, status: Status | None) -> None:
        ticket = self.past.ticket
        message_id = derived_id(self.at, ticket.id, str(ticket.version))
        self.do(AddMessage(message_id, author, Visibility.PUBLIC, Channel.WEB, text, status=status), author)
        self._keep(message_id, author, text)

    def do(self, command: Command, actor: Actor) -> None:
        """Whatever else happens."""
        decision = decide(self.past.ticket, command, self._rules, actor=actor, now=self.at)
        self.past.ticket = decision.ticket
        self.past.events += decision.events

    def _keep(self, message_id: str, author: Actor, text: str) -> None:
        name = self._agent_name if author is self._agent else self._person.name
        self.past.messages.append(
            Message(
                id=message_id,
                ticket_id=self.past.ticket.id,
                at=self.at,
                author=author,
                author_name=name,
                visibility=Visibility.PUBLIC,
                channel=Channel.WEB,
                text=text,
            )
        )
