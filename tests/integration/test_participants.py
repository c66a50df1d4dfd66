"""People beside the requester: who comes to take part, what they may do, and whom the desk does not take for one."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from helpdesk import bootstrap
from helpdesk.desk.model import Mailbox
from helpdesk.people.store import person_items
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import ParticipantAdded
from helpdesk.tickets.model import ActorKind, Relation, Status, Visibility
from helpdesk.tickets.parts.participants import MAX_PARTICIPANTS
from helpdesk.tickets.rules import fold
from tests.support.desk import AGENT, AGENT2, CLOSE_AFTER_SECONDS, SUPPORT_ADDRESS, desk_for_tests
from tests.support.raw_mails import a_mail
from tests.support.world import World, a_world

ANN, BOB, CAROL, EVE = "ann@example.com", "bob@example.com", "carol@example.com", "eve@example.org"


def with_cc(mail: EmailMessage, *people: str) -> EmailMessage:
    mail["Cc"] = ", ".join(people)
    return mail


def addresses(world: World, ticket_id: str) -> list[str]:
    """Who takes part, as agents see it."""
    seen = world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT.id).ok()
    assert [one["id"] for one in seen["participants"]] == list(world.ticket(ticket_id).participants)
    return [one["email"] for one in seen["participants"]]


def opened(world: World, *cc: str) -> str:
    mail = a_mail(ANN, "It stops", "It stops with an error.", name="Ann", message_id="<first@example.com>")
    world.mail(with_cc(mail, *cc) if cc else mail)
    return world.ticket_ids[-1]


def a_reply(sender: str, body: str, headers: dict[str, str] | None = None) -> EmailMessage:
    return a_mail(sender, "Re: It stops", body, headers={"In-Reply-To": "<first@example.com>", **(headers or {})})


def test_whom_a_mail_names_in_cc_takes_part_and_history_holds_no_address(world: World) -> None:
    ticket_id = opened(world, "Bob Lee <Bob@Example.com>", CAROL)
    assert addresses(world, ticket_id) == [BOB, CAROL]
    ticket, events = world.ticket(ticket_id), world.events(ticket_id)
    assert [event.fact.person_id for event in world.facts(ticket_id, ParticipantAdded)] == list(ticket.participants)
    assert fold(events).participants == ticket.participants
    assert verify(events, ticket.chain) is None
    world.settle()
    assert not any(name in str(world.published) for name in (BOB, "Bob", CAROL))
    person = bootstrap.people_store().by_address(BOB)
    assert person is not None
    assert (person.id, person.name) == (ticket.participants[0], "Bob Lee")


def test_a_participant_writes_to_the_ticket_in_their_own_name_and_reopens_it(world: World) -> None:
    ticket_id = opened(world, BOB)
    world.settle()
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    world.mail(a_reply(BOB, "It stops here, too."))
    message = world.messages(ticket_id)[-1]
    assert message.author.kind is ActorKind.REQUESTER
    assert message.author.id == world.ticket(ticket_id).participants[0]
    assert message.visibility is Visibility.PUBLIC
    assert world.ticket(ticket_id).status is Status.OPEN
    assert len(world.ticket_ids) == 1


def test_who_is_named_in_a_later_mail_joins_then(world: World) -> None:
    ticket_id = opened(world)
    world.mail(a_reply(EVE, "Let me in."))
    assert len(world.ticket_ids) == 2, "nobody named Eve yet"
    world.mail(with_cc(a_reply(ANN, "Carol knows more."), CAROL))
    assert addresses(world, ticket_id) == [CAROL]
    world.mail(with_cc(a_reply(CAROL, "I do, and so does Bob."), BOB))
    assert addresses(world, ticket_id) == [CAROL, BOB]
    assert len(world.messages(ticket_id)) == 3


def test_neither_we_nor_colleagues_nor_machines_take_part(world: World) -> None:
    names = [f"Support <{SUPPORT_ADDRESS}>", "support+tag@desk.test", AGENT.address, "no-reply@shop.example", ANN, "x"]
    ticket_id = opened(world, *names)
    assert addresses(world, ticket_id) == []
    assert world.ticket(ticket_id).participants == ()


def test_a_machines_mail_names_nobody(world: World) -> None:
    world.mail(with_cc(a_mail(ANN, "Report", "All is well.", headers={"Auto-Submitted": "auto-generated"}), BOB))
    assert addresses(world, world.ticket_ids[0]) == []


def test_an_address_that_forwards_to_us_takes_no_part(world: World) -> None:
    world.mail(a_mail(ANN, "Hello", "It stops.", to="help@company.example"), recipients=[SUPPORT_ADDRESS])
    assert addresses(world, world.ticket_ids[0]) == []
    mail = a_mail(ANN, "Hello again", "It still does.", headers={"Delivered-To": "help@company.example"})
    world.mail(with_cc(mail, "help@company.example", BOB))
    assert addresses(world, world.ticket_ids[1]) == [BOB]


def test_there_is_room_for_so_many_and_no_more(world: World) -> None:
    ticket_id = opened(world, *(f"p{n}@example.com" for n in range(MAX_PARTICIPANTS + 5)))
    assert len(addresses(world, ticket_id)) == MAX_PARTICIPANTS
    world.mail(with_cc(a_reply(ANN, "One more."), "late@example.com"))
    assert len(addresses(world, ticket_id)) == MAX_PARTICIPANTS
    body = {"email": "later@example.com"}
    world.api("POST", f"/v1/tickets/{ticket_id}/participants", body, agent=AGENT.id).refused(409)


def test_a_colleague_adds_and_removes_people_and_a_cc_does_not_bring_them_back(world: World) -> None:
    ticket_id = opened(world)
    path = f"/v1/tickets/{ticket_id}/participants"
    added = world.api("POST", path, {"email": " Bob@example.com", "name": "Bob"}, agent=AGENT.id)
    (shown,) = added.ok()["participants"]
    assert (shown["email"], shown["name"], shown["undeliverable"]) == (BOB, "Bob", False)
    assert world.api("POST", path, {"email": BOB}, agent=AGENT.id).ok()["version"] == added["version"]
    world.mail(a_reply(BOB, "Thank you."))
    assert len(world.messages(ticket_id)) == 2
    assert world.api("DELETE", f"{path}/{shown['id']}", agent=AGENT2.id).ok()["participants"] == []
    world.mail(with_cc(a_reply(ANN, "Bob?"), BOB))
    assert addresses(world, ticket_id) == []
    world.mail(a_reply(BOB, "Am I out?"))
    assert world.ticket(world.ticket_ids[-1]).links[0].relation is Relation.MENTIONS
    world.api("POST", path, {"email": BOB}, agent=AGENT.id).ok()
    assert addresses(world, ticket_id) == [BOB]


@pytest.mark.parametrize("email", ["nonsense", SUPPORT_ADDRESS, "support+x@desk.test", AGENT.address])
def test_a_colleague_cannot_add_what_takes_no_part(world: World, email: str) -> None:
    ticket_id = opened(world)
    answer = world.api("POST", f"/v1/tickets/{ticket_id}/participants", {"email": email}, agent=AGENT.id)
    assert answer.refused(400).pointers == {"/email"}


def test_a_participants_answer_to_a_closed_ticket_opens_their_own_that_follows_it(world: World) -> None:
    ticket_id = opened(world, BOB)
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    world.pass_time(seconds=CLOSE_AFTER_SECONDS + 3600)
    world.mail(a_reply(BOB, "It is back."))
    follower = world.ticket(world.ticket_ids[-1])
    assert [(link.relation, link.ticket_id) for link in follower.links] == [(Relation.FOLLOWS, ticket_id)]
    assert follower.copies.requester_address == BOB
    world.mail(a_reply(ANN, "Here as well."))
    second = world.ticket(world.ticket_ids[-1])
    assert (second.copies.requester_address, len(second.participants)) == (ANN, 1), "who took part still does"


@pytest.mark.parametrize("allowed", [True, False])
def test_people_of_the_requesters_organization_join_where_the_desk_lets_them(allowed: bool) -> None:  # noqa: FBT001
    desk = desk_for_tests()
    desk = replace(desk, general=replace(desk.general, organization_may_join=allowed))
    with a_world(desk) as world:
        for address in (ANN, BOB):
            world.open(address)
            person = bootstrap.people_store().by_address(address)
            assert person is not None
            member = replace(person, organization_id="acme")
            for item in person_items(member):
                item.save()
        world.mail(a_mail(ANN, "It stops", "It stops.", message_id="<first@example.com>"))
        ticket_id, before = world.ticket_ids[-1], len(world.ticket_ids)
        world.mail(a_reply(BOB, "I am of the same company."))
        assert (len(world.ticket_ids) == before) is allowed
        assert addresses(world, ticket_id) == ([BOB] if allowed else [])
        world.mail(a_reply(EVE, "I am of another."))
        assert len(world.messages(ticket_id)) == 1 + allowed


def test_several_mailboxes_each_stay_out_and_lead_to_their_own_group() -> None:
    desk = desk_for_tests()
    billing = Mailbox("billing", "billing@desk.test", "Billing", "billing", "ja")
    with a_world(replace(desk, mailboxes={**desk.mailboxes, "billing": billing})) as world:
        world.mail(with_cc(a_mail(ANN, "Invoice", "12345", to="billing@desk.test"), SUPPORT_ADDRESS, BOB))
        world.settle()
        (ticket_id,) = world.ticket_ids
        ticket = world.ticket(ticket_id)
        assert addresses(world, ticket_id) == [BOB]
        assert (ticket.mailbox_id, ticket.group, ticket.language) == ("billing", "billing", "ja")
