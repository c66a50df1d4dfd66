"""An answer written before a newer message must be confirmed, so that nobody answers past anybody."""

from tests.support.desk import AGENT, AGENT2
from tests.support.world import Answered, World


def newest(world: World, ticket_id: str) -> str:
    return world.messages(ticket_id)[-1].id


def say(world: World, ticket_id: str, seen: str, key: str | None = None, **fields: object) -> Answered:
    headers = {"Idempotency-Key": key} if key is not None else {}
    body = {"body": "Please restart it.", "seen_message_id": seen, **fields}
    return world.api("POST", f"/v1/tickets/{ticket_id}/messages", body, agent=AGENT.id, headers=headers)


def requester_writes(world: World, opened: Answered, body: str) -> str:
    path = f"/v1/requests/{opened['ticket']['id']}/messages"
    world.api("POST", path, {"body": body}, token=opened["access_token"]).ok()
    return newest(world, opened["ticket"]["id"])


def test_an_answer_to_what_was_seen_is_sent(world: World) -> None:
    ticket_id = world.open()["ticket"]["id"]
    assert say(world, ticket_id, newest(world, ticket_id)).ok().status == 201


def test_an_answer_that_somebody_overtook_is_refused_naming_the_newest_message_and_writes_nothing(world: World) -> None:
    opened = world.open()
    ticket_id = opened["ticket"]["id"]
    seen = newest(world, ticket_id)
    requester_writes(world, opened, "It works again.")
    newer = requester_writes(world, opened, "No, it does not.")
    refusal = say(world, ticket_id, seen).refused(409, "newer_message")
    assert refusal["message_id"] == newer
    assert newest(world, ticket_id) == newer
    assert say(world, ticket_id, newer).ok().status == 201


def test_a_colleagues_public_answer_counts_as_newer_and_ones_own_does_not(world: World) -> None:
    ticket_id = world.open()["ticket"]["id"]
    seen = newest(world, ticket_id)
    say(world, ticket_id, seen).ok()
    say(world, ticket_id, seen).ok()
    world.answer(ticket_id, AGENT2.id, "I have it.").ok()
    say(world, ticket_id, seen).refused(409, "newer_message")


def test_what_is_confirmed_is_sent_whatever_came_since(world: World) -> None:
    opened = world.open()
    ticket_id = opened["ticket"]["id"]
    seen = newest(world, ticket_id)
    requester_writes(world, opened, "It works again.")
    assert say(world, ticket_id, seen, confirm=True).ok().status == 201


def test_neither_notes_of_colleagues_nor_answers_taken_back_nor_changes_hold_an_answer_up(world: World) -> None:
    ticket_id = world.open()["ticket"]["id"]
    seen = newest(world, ticket_id)
    world.answer(ticket_id, AGENT2.id, "Known fault.", visibility="internal").ok()
    world.patch(ticket_id, AGENT2.id, priority="high").ok()
    held = world.answer(ticket_id, AGENT2.id, "Oops", hold_seconds=10).ok()
    say(world, ticket_id, seen).refused(409, "newer_message")
    world.api("POST", f"/v1/tickets/{ticket_id}/messages/{held['id']}/undo", agent=AGENT2.id).ok()
    assert say(world, ticket_id, seen).ok().status == 201


def test_a_note_for_colleagues_is_never_too_late(world: World) -> None:
    opened = world.open()
    ticket_id = opened["ticket"]["id"]
    seen = newest(world, ticket_id)
    requester_writes(world, opened, "Hello?")
    assert say(world, ticket_id, seen, visibility="internal").ok().status == 201


def test_a_repetition_gets_the_first_answer_though_somebody_wrote_meanwhile(world: World) -> None:
    opened = world.open()
    ticket_id = opened["ticket"]["id"]
    seen = newest(world, ticket_id)
    first = say(world, ticket_id, seen, key="k").ok()
    requester_writes(world, opened, "Thanks!")
    assert say(world, ticket_id, seen, key="k").ok()["id"] == first["id"]


def test_a_message_that_is_not_of_the_ticket_is_named(world: World) -> None:
    ticket_id, other = world.open()["ticket"]["id"], world.open()["ticket"]["id"]
    refusal = say(world, ticket_id, newest(world, other)).refused(400, "invalid")
    assert refusal.pointers == {"/seen_message_id"}
