"""A desk with a past: solved tickets about two things, with words that tell the two apart."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from helpdesk import bootstrap
from helpdesk.desk.rules import rules_of
from helpdesk.kernel.ids import derived_id
from helpdesk.tickets.commands import ChangeTicket, OpenTicket
from helpdesk.tickets.model import Actor, ActorKind, Channel, Message, Status, Ticket, Visibility
from helpdesk.tickets.rules import decide
from helpdesk.tickets.store import ticket_item
from tests.support.desk import AGENT, desk_for_tests
from tests.support.world import World

ABOUT = {
    "billing": ("invoice", "refund", "charge", "payment", "receipt", "card", "amount", "청구서", "환불", "請求書"),
    "technical": ("error", "screen", "printer", "crash", "login", "slow", "install", "오류", "화면", "エラー"),
}
COMMON = ("hello", "please", "could", "you", "the", "my", "our", "still", "since", "monday", "thanks", "안녕하세요")


def words_about(category: str, chance: random.Random) -> str:
    """What somebody might write: three words of the category among common ones."""
    said = chance.sample(ABOUT[category], 3) + chance.sample(COMMON, 4)
    chance.shuffle(said)
    return " ".join(said)


def solved_ticket(number: int, category: str, text: str, at: datetime) -> tuple[Ticket, Message]:
    """A ticket that was opened, sorted by an agent and solved."""
    person = Actor(ActorKind.REQUESTER, derived_id(at, "person", str(number)))
    ticket_id, message_id = derived_id(at, "ticket", str(number)), derived_id(at, "message", str(number))
    message = Message(message_id, ticket_id, at, person, Visibility.PUBLIC, Channel.WEB, text)
    command = OpenTicket(
        ticket_id=ticket_id,
        number=number,
        requester_id=person.id,
        subject="Hello",
        message_id=message_id,
        preview=text[:80],
        channel=Channel.WEB,
        language="en",
    )
    rules = rules_of(desk_for_tests())
    opened = decide(None, command, rules, actor=person, now=at).ticket
    change = ChangeTicket(category=category, group="billing" if category == "billing" else "support")
    sorted_ = decide(opened, change, rules, actor=Actor(ActorKind.AGENT, AGENT.id), now=at).ticket
    done = ChangeTicket(status=Status.SOLVED)
    later = at + timedelta(hours=1)
    return decide(sorted_, done, rules, actor=Actor(ActorKind.AGENT, AGENT.id), now=later).ticket, message


def plant_past(world: World, count: int, seed: int = 1) -> None:
    """Puts solved tickets of the last days into the table, past all that would count them or tell of them."""
    chance = random.Random(seed)
    store = bootstrap.ticket_store()
    for number in range(count):
        category = ("billing", "technical")[number % 2]
        at = world.clock.now - timedelta(days=9, minutes=-number)
        ticket, message = solved_ticket(10_000 + number, category, words_about(category, chance), at)
        world.plant(ticket_item(replace(ticket)).to_dynamodb_dict())
        world.plant(store._message_item(message).to_dynamodb_dict())
