"""Tickets tied, merged and split through the front door: by page, by mail, and as customers see it."""

import pytest

from tests.support.desk import AGENT, SUPPORT_ADDRESS
from tests.support.raw_mails import a_mail
from tests.support.world import World

ANN, BOB = "ann@example.com", "bob@example.com"


def mailed(world: World, sender: str, subject: str, message_id: str, body: str = "Please help.") -> str:
    world.mail(a_mail(sender, subject, body, message_id=message_id))
    world.settle()
    return world.ticket_ids[-1]


def shown(world: World, ticket_id: str) -> list[str]:
    """What agents read, oldest first."""
    items = world.api("GET", f"/v1/tickets/{ticket_id}/messages?limit=100", agent=AGENT.id).ok()["items"]
    return [item["body_text"] for item in reversed(items)]


def post(world: World, ticket_id: str, what: str, body: object = None) -> dict:
    return world.api("POST", f"/v1/tickets/{ticket_id}/{what}", body, agent=AGENT.id).ok()


@pytest.fixture
def pair(world: World) -> tuple[str, str]:
    """Two of Ann's tickets."""
    return mailed(world, ANN, "Printer", "<1@example.com>", "One"), mailed(
        world, ANN, "Again", "<2@example.com>", "Two"
    )


def test_a_mail_in_the_thread_of_a_merged_ticket_lands_in_the_one_it_goes_on_in(
    world: World, pair: tuple[str, str]
) -> None:
    first, second = pair
    number = world.ticket(second).number
    merged = post(world, first, "merge", {"into": f"#{number}"})
    assert (merged["status"], merged["merged_into"]) == ("closed", {"id": second, "number": number})
    world.mail(a_mail(ANN, "Re: Printer", "Still broken", headers={"In-Reply-To": "<1@example.com>"}))
    assert shown(world, second) == ["One", "Two", "Still broken"]
    assert len(world.ticket_ids) == 2
    seen = world.api("GET", f"/v1/tickets/{second}", agent=AGENT.id).ok()
    assert seen["merged_from"] == [{"id": first, "number": world.ticket(first).number}]
    items = world.api("GET", f"/v1/tickets/{second}/messages", agent=AGENT.id).ok()["items"]
    assert [item["from_ticket"] is not None for item in reversed(items)] == [True, False, False]
    post(world, first, "unmerge")
    world.mail(a_mail(ANN, "Re: Printer", "And again", headers={"In-Reply-To": "<1@example.com>"}))
    assert shown(world, first) == ["One", "And again"]


def test_an_answer_in_a_merged_ticket_reaches_everybody_who_asked(world: World) -> None:
    first, second = mailed(world, ANN, "Down", "<1@example.com>"), mailed(world, BOB, "Down too", "<2@example.com>")
    post(world, first, "merge", {"into": second})
    world.answer(second, AGENT.id, "It is up again.").ok()
    world.settle()
    (mail,) = [one for one in world.sent if "It is up again." in one.text]
    assert mail.to == BOB
    assert ANN in str(mail.mail["Cc"])


def test_somebody_elses_ticket_shows_nothing_to_whose_ticket_was_merged_into_it(world: World) -> None:
    mine = world.open(ANN, subject="My salary", body="Anns secret")
    theirs = world.open(BOB, subject="Bobs secret subject", body="Bobs secret")
    ann, bob = mine["ticket"]["id"], theirs["ticket"]["id"]
    post(world, ann, "merge", {"into": bob})
    seen_by_ann = world.api("GET", f"/v1/requests/{ann}", token=mine["access_token"]).ok()
    seen_by_bob = world.api("GET", f"/v1/requests/{bob}", token=theirs["access_token"]).ok()
    assert "Bobs secret" not in str(seen_by_ann)
    assert "Anns secret" not in str(seen_by_bob)
    target = f"/v1/requests/{ann}/messages"
    for _ in range(2):  # a repetition is told the same
        said = world.api(
            "POST", target, {"body": "More"}, token=mine["access_token"], headers={"Idempotency-Key": "k"}
        ).ok()
        assert "Bobs secret" not in str(said)
        assert said["ticket"]["id"] == ann
        assert said["access_token"] is None
    assert shown(world, bob)[-1] == "More"
    world.api("GET", f"/v1/requests/{bob}", token=mine["access_token"]).refused(404)


def test_a_requesters_own_tickets_are_one_conversation_to_them_once_merged(world: World) -> None:
    one, other = world.open(ANN, body="First words"), world.open(ANN, body="Other words")
    first, second = one["ticket"]["id"], other["ticket"]["id"]
    post(world, first, "merge", {"into": second})
    for ticket_id, opened in ((first, one), (second, other)):
        seen = world.api("GET", f"/v1/requests/{ticket_id}", token=opened["access_token"]).ok()
        assert seen["ticket"]["id"] == second
        assert [message["body_text"] for message in seen["messages"]] == ["First words", "Other words"]


def test_an_agent_who_read_the_merged_conversation_may_answer_it(world: World, pair: tuple[str, str]) -> None:
    first, second = pair
    world.mail(a_mail(ANN, "Re: Printer", "Newest", headers={"In-Reply-To": "<1@example.com>"}))
    post(world, first, "merge", {"into": second})
    newest = world.api("GET", f"/v1/tickets/{second}/messages?limit=1", agent=AGENT.id).ok()["items"][0]
    assert newest["body_text"] == "Newest"
    world.answer(second, AGENT.id, "Here is how", seen_message_id=newest["id"]).ok()
    world.mail(a_mail(ANN, "Re: Printer", "Wait", headers={"In-Reply-To": "<1@example.com>"}))
    world.answer(second, AGENT.id, "Done", seen_message_id=newest["id"]).refused(409, "newer_message")


def test_a_split_goes_on_by_itself_without_another_acknowledgement(world: World, pair: tuple[str, str]) -> None:
    first, _ = pair
    world.mail(
        a_mail(
            ANN, "Re: Printer", "My invoice is wrong", message_id="<3@example.com>",
            headers={"In-Reply-To": "<1@example.com>"},
        )
    )  # fmt: skip
    world.settle()
    sent = len(world.sent_to(ANN))
    newest = world.messages(first)[-1]
    made = world.api(
        "POST", f"/v1/tickets/{first}/split", {"messages": [newest.id], "subject": "Invoice"}, agent=AGENT.id
    )
    assert made.status == 201
    split = made.ok()
    world.settle()
    assert len(world.sent_to(ANN)) == sent
    assert (split["subject"], split["requester"]["email"]) == ("Invoice", ANN)
    assert shown(world, split["id"]) == ["My invoice is wrong"]
    world.mail(a_mail(ANN, "Re: Printer", "Any news?", headers={"In-Reply-To": "<3@example.com>"}))
    assert shown(world, split["id"]) == ["My invoice is wrong", "Any news?"]
    moved = world.api("GET", f"/v1/tickets/{first}/messages", agent=AGENT.id).ok()["items"][0]
    assert moved["moved_to"] == {"id": split["id"], "number": split["number"]}


def test_customers_do_not_see_in_a_ticket_what_went_on_in_another(world: World) -> None:
    opened = world.open(ANN, body="Stays")
    ticket_id, token = opened["ticket"]["id"], opened["access_token"]
    world.api("POST", f"/v1/requests/{ticket_id}/messages", {"body": "Goes"}, token=token).ok()
    split = post(world, ticket_id, "split", {"messages": [world.messages(ticket_id)[-1].id]})
    seen = world.api("GET", f"/v1/requests/{ticket_id}", token=token).ok()
    assert [message["body_text"] for message in seen["messages"]] == ["Stays"]
    back = post(world, split["id"], "undo-split")
    assert back["id"] == ticket_id
    seen = world.api("GET", f"/v1/requests/{ticket_id}", token=token).ok()
    assert [message["body_text"] for message in seen["messages"]] == ["Stays", "Goes"]


def test_ties_are_made_shown_and_cut(world: World, pair: tuple[str, str]) -> None:
    first, second = pair
    tied = post(world, first, "links", {"relation": "part_of", "ticket": str(world.ticket(second).number)})
    assert [one["relation"] for one in tied["linked_tickets"]] == ["part_of"]
    parts = world.api("GET", f"/v1/tickets/{second}/parts", agent=AGENT.id).ok()
    assert [row["id"] for row in parts["items"]] == [first]
    links = world.api("GET", f"/v1/tickets/{first}/links", agent=AGENT.id).ok()
    assert [(one["relation"], one["ticket"]["id"]) for one in links["items"]] == [("part_of", second)]
    left = world.api("DELETE", f"/v1/tickets/{first}/links/part_of/{second}", agent=AGENT.id).ok()
    assert left["linked_tickets"] == []
    assert world.api("GET", f"/v1/tickets/{second}/parts", agent=AGENT.id).ok()["items"] == []


@pytest.mark.parametrize(
    ("what", "body", "pointer"),
    [
        ("links", {"relation": "follows", "ticket": "1"}, "/relation"),
        ("links", {"relation": "relates_to", "ticket": "99999"}, "/ticket"),
        ("links", {"relation": "relates_to", "ticket": "self"}, "/ticket"),
        ("merge", {"into": "nonsense"}, "/ticket"),
        ("split", {"messages": []}, "/messages"),
        ("split", {"messages": ["01JDA8Z0W3E6Q1V7N5T9XKRB4C"]}, "/messages/0"),
    ],
)
def test_what_cannot_be_tied_is_refused_and_says_where(world: World, what: str, body: dict, pointer: str) -> None:
    ticket_id = mailed(world, ANN, "Alone", "<1@example.com>")
    body = {name: ticket_id if value == "self" else value for name, value in body.items()}
    refused = world.api("POST", f"/v1/tickets/{ticket_id}/{what}", body, agent=AGENT.id)
    assert refused.status == 400
    assert pointer in refused.pointers
    assert SUPPORT_ADDRESS not in refused.raw
