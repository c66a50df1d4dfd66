"""Erasing a person: nothing that tells of them is left anywhere, while history holds and reports keep their numbers."""

import io
import json
import zipfile
from email.message import EmailMessage

import boto3
import pytest

from helpdesk import bootstrap
from helpdesk.contracts import topology
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import Event, PersonErased
from helpdesk.tickets.rules import fold
from tests.support.community import Customer, open_community
from tests.support.desk import ADMIN, AGENT, AGENT2, SUPERVISOR, SUPPORT_ADDRESS, SURVEY_DELAY_SECONDS
from tests.support.raw_mails import a_mail
from tests.support.traces import places_of
from tests.support.world import FILES_BUCKET, Answered, World, a_world, handler_of

NAME, ADDRESS = "Xylophina Quuxberg", "xylophina@quuxmail.example"
WORDS = ("xylophina", "quuxberg", "quuxmail", "zebrafisch", "plumbata", "kumquattig", "wombatpost", "narwaling")
"""Unmistakable: in their name and address, in what they write, and in what others write back to them."""


def history(world: World, ticket_id: str) -> list[Event]:
    return list(bootstrap.agent_desk().whole_history(ticket_id))


def traces(world: World, words: tuple[str, ...] = WORDS) -> dict[str, list[str]]:
    """Where which of the words still stand."""
    return places_of(world, words)


def live(world: World) -> tuple[str, str, str]:
    """A person's life at the desk by every channel: their ticket by mail, another by the page, one they joined."""
    mail = a_mail(
        ADDRESS, "Zebrafisch is ill", "The zebrafisch does not swim.", name=NAME, message_id="<z1@quuxmail.example>"
    )
    mail.add_attachment(b"plumbata: all of it", maintype="application", subtype="pdf", filename="plumbata.pdf")
    world.mail(mail)
    world.settle()
    mine = world.ticket_ids[-1]
    world.patch(mine, AGENT.id, assignee=AGENT.id, fields={"animal": "zebrafisch"}).ok()
    world.answer(mine, AGENT.id, f"Dear {NAME}, is the kumquattig food fresh?").ok()
    world.answer(mine, AGENT2.id, "She sounds kumquattig.", visibility="internal").ok()
    path = f"/v1/tickets/{mine}"
    aside = {"to": [{"email": "vet@third.example"}], "subject": "Zebrafisch", "body": "What does a zebrafisch eat?"}
    world.api("POST", f"{path}/side-conversations", aside, agent=AGENT.id).ok()
    world.api("POST", f"{path}/tasks", {"tasks": [{"title": "Call Xylophina", "assignee": AGENT.id}]}, agent=AGENT.id)
    world.api("POST", f"{path}/time", {"seconds": 60, "note": "zebrafisch, twice"}, agent=AGENT.id)
    world.pass_time(minutes=1)
    for to in ({"kind": "reply"}, {"kind": "side", "to": f"{NAME} <{ADDRESS}>", "subject": "Zebrafisch"}):
        draft = {"body": "Dear Xylophina", **to}
        world.api("PUT", f"{path}/draft", draft, agent=AGENT2.id, headers={"If-Match": '"0"'}).ok()
    page = world.open(ADDRESS, name=NAME, subject="Wombatpost", body="wombatpost " * 6000)
    world.settle()
    world.patch(mine, AGENT.id, status="solved").ok()
    world.settle()
    world.pass_time(seconds=SURVEY_DELAY_SECONDS + 60)
    invitations = [one for one in world.sent_to(ADDRESS) if "/portal/survey/" in one.text]
    survey = "/v1/surveys/" + invitations[-1].link("/portal/survey/").rpartition("/")[2]
    world.api("POST", survey, {"rating": 5, "comment": "Narwaling good"}).ok()
    world.settle()
    other = a_mail("ann@example.com", "It stops", "It stops.", name="Ann", message_id="<a1@example.com>")
    other["Cc"] = f"{NAME} <{ADDRESS}>"
    world.mail(other)
    world.settle()
    theirs = world.ticket_ids[-1]
    answer = EmailMessage()
    answer["From"], answer["To"] = f"{NAME} <{ADDRESS}>", SUPPORT_ADDRESS
    answer["Subject"], answer["Message-ID"] = "Re: It stops", "<z2@quuxmail.example>"
    answer["In-Reply-To"] = "<a1@example.com>"
    answer.set_content("Mine stops as well, says the zebrafisch.")
    world.mail(answer)
    world.settle()
    take_part(world)
    spam = a_mail(ADDRESS, "Wombatpost for you", "wombatpost", name=NAME, message_id="<z3@quuxmail.example>")
    world.mail(spam, verdicts={"spam": "FAIL"})
    world.settle()
    return mine, str(page["ticket"]["id"]), theirs


def take_part(world: World) -> None:
    """What they do in the community: ask by their name, edit, answer, vote, report, follow; and are answered by theirs."""
    open_community(world)
    mine, bob = Customer(world, ADDRESS, "Xylophina Q"), Customer(world, "bob@example.com", "Bob")
    asked = mine.ask("Is anybody else called Quuxberg?", f"Write to {ADDRESS}, says Xylophina.")
    path = f"/v1/community/questions/{asked}"
    mine.do(
        "PATCH", f"{path}/posts/{asked}", {"title": "Who is called Quuxberg?", "body": "I am, says Xylophina."}
    ).ok()
    answer = bob.answer(asked, "Dear Xylophina, nobody is.")
    mine.vote(asked, answer, 1).ok()
    theirs = bob.ask("How do bears sleep?", "In winter?")
    own = mine.answer(theirs, "Ask xylophina@quuxmail.example about bears.")
    bob.vote(theirs, own, 1).ok()
    mine.do(
        "POST", f"/v1/community/questions/{theirs}/posts/{theirs}/reports", {"reason": "other", "words": "Zebrafisch"}
    ).ok()
    world.settle()


def erase(world: World, person_id: str) -> Answered:
    path = f"/v1/people/{person_id}/erasure"
    count = world.api("GET", path, agent=ADMIN.id).ok()["tickets"]
    world.api("POST", path, {"tickets": count + 1}, agent=ADMIN.id).refused(400)
    world.api("POST", path, {"tickets": count}, agent=ADMIN.id).ok()
    world.settle()
    return world.api("GET", path, agent=ADMIN.id).ok()


def test_nothing_that_tells_of_a_person_is_left_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    from helpdesk.routing import trainer  # noqa: PLC0415

    lessons: list[str] = []
    monkeypatch.setattr(trainer, "lesson_of", lambda _field, solved, _desk: lessons.extend(one.text for one in solved))
    with a_world() as world:
        mine, page, theirs = live(world)
        person_id = world.ticket(mine).requester_id
        world.pass_time(hours=2)  # what the search keeps in the bucket has the words as well
        handler_of(topology.INDEX_KEEPER)({}, None)  # what lists begin with has the words as well
        handler_of(topology.TRAINER)({}, None)
        assert "zebrafisch" in " ".join(lessons)
        lessons.clear()
        before = traces(world)
        assert any(topology.BOARD_PREFIX in place for place in before)
        assert world.api("GET", "/v1/search?q=zebrafisch", agent=AGENT.id).ok()["items"]
        assert {word for hits in before.values() for word in hits} == set(WORDS)
        facts = {one: [event.fact for event in history(world, one)] for one in (mine, page, theirs)}

        done = erase(world, person_id)
        assert (done["phase"], done["by"]) == ("done", ADMIN.id)
        for function in topology.FUNCTIONS:
            if function.name == "index-keeper":
                handler_of(function)({}, None)
        assert traces(world) == {}
        bears = world.api("GET", "/v1/community/questions?q=bears").ok()["items"]
        assert [one["title"] for one in bears] == ["How do bears sleep?"], (
            "what they answered is still found, and nobody's"
        )
        shown = world.api("GET", f"/v1/community/questions/{bears[0]['id']}").ok()["answers"]
        assert [(one["author"], one["html"], one["score"]) for one in shown] == [
            ({"kind": "nobody", "name": ""}, "<p>Ask … about bears.</p>\n", 1)
        ]
        assert not any(word in world.log.getvalue().lower() for word in WORDS)
        handler_of(topology.TRAINER)({}, None)  # models hold hashes of words: the next ones, of none of theirs
        assert len(lessons) > 0
        assert not any(word in " ".join(lessons).lower() for word in WORDS)

        for one in (mine, page, theirs):
            events, ticket = history(world, one), world.ticket(one)
            assert verify(events, ticket.chain) is None
            assert fold(events).chain == ticket.chain
            assert [event.fact for event in events if not isinstance(event.fact, PersonErased)] == facts[one]
        assert world.ticket(theirs).copies.subject == "It stops"
        assert world.ticket(theirs).copies.requester_name == "Ann"
        found = world.api("GET", "/v1/search?q=zebrafisch", agent=AGENT.id).ok()
        assert found["items"] == []
        shown = world.api("GET", f"/v1/tickets/{mine}/messages", agent=AGENT.id).ok()["items"]
        assert {one["body_text"] for one in shown} == {""}


def test_erasing_twice_or_in_pieces_ends_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from helpdesk.privacy import service  # noqa: PLC0415

    with a_world() as world:
        mine, _, _ = live(world)
        person_id = world.ticket(mine).requester_id
        monkeypatch.setattr(service, "STEP_SECONDS", -1.0)  # a step for every piece
        assert erase(world, person_id)["phase"] == "done"
        version = world.ticket(mine).version
        world.replay([one for one in world.published if one["detail-type"].startswith("Erasure")])
        world.settle()
        assert world.ticket(mine).version == version
        assert traces(world) == {}


def test_who_writes_again_after_being_erased_is_somebody_new() -> None:
    with a_world() as world:
        ticket_id = world.open(ADDRESS)["ticket"]["id"]
        world.settle()
        person_id = world.ticket(ticket_id).requester_id
        erase(world, person_id)
        again = world.open(ADDRESS)["ticket"]["id"]
        assert world.ticket(again).requester_id != person_id
        listed = world.api("GET", "/v1/people", agent=AGENT.id).ok()["items"]
        assert person_id not in {one["id"] for one in listed}  # nobody is nobody to be found


def test_only_who_may_erase_does(caplog: pytest.LogCaptureFixture) -> None:
    with a_world() as world:
        person_id = world.ticket(world.open(ADDRESS)["ticket"]["id"]).requester_id
        path = f"/v1/people/{person_id}/erasure"
        for agent in (AGENT.id, SUPERVISOR.id):
            world.api("POST", path, {"tickets": 1}, agent=agent).refused(403)
            world.api("GET", path, agent=agent).refused(403)
        world.api("POST", "/v1/people/01JD0000000000000000000000/erasure", {"tickets": 0}, agent=ADMIN.id).refused(404)
        world.api("POST", path, {"tickets": 1}, agent=ADMIN.id).ok()
        world.settle()
        assert "xylophina" not in json.dumps([one["detail"] for one in world.published])


def test_an_export_holds_all_that_a_person_wrote_and_was_told_and_no_internal_note() -> None:
    with a_world() as world:
        mine, page, theirs = live(world)
        person_id = world.ticket(mine).requester_id
        path = f"/v1/people/{person_id}/export"
        world.api("POST", path, agent=AGENT.id).refused(403)
        world.api("POST", path, agent=ADMIN.id).ok()
        assert world.api("GET", path, agent=ADMIN.id).ok()["url"] is None
        world.settle()
        assert "X-Amz-Expires=900" in world.api("GET", path, agent=ADMIN.id).ok()["url"]
        key = f"uploads/exports/{person_id}.zip"
        raw = boto3.client("s3").get_object(Bucket=FILES_BUCKET, Key=key)["Body"].read()
        archive = zipfile.ZipFile(io.BytesIO(raw))
        assert json.loads(archive.read("person.json"))["address"] == ADDRESS
        for ticket_id in (mine, page, theirs):
            number = world.ticket(ticket_id).number
            told = json.loads(archive.read(f"tickets/{number}/ticket.json"))
            wanted = {
                one.text
                for one in world.messages(ticket_id)
                if one.author.id == person_id or (one.public and ticket_id != theirs)
            }
            assert {one["text"] for one in told["messages"]} == wanted
            for message in world.messages(ticket_id):
                for file in message.attachments:
                    name = f"tickets/{number}/files/{file.id}-{file.filename}"
                    assert (name in archive.namelist()) == (message.author.id == person_id or ticket_id != theirs)
        community = json.loads(archive.read("community.json"))
        assert community["names"] == ["Xylophina Q"]
        assert {one["text"] for one in community["posts"]} == {
            "I am, says Xylophina.",
            "Ask xylophina@quuxmail.example about bears.",
        }
        assert (len(community["votes"]), len(community["follows"]), community["reports"][0]["words"]) == (
            1,
            2,
            "Zebrafisch",
        )
        text = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".json")).decode()
        assert "Narwaling good" in text
        assert "sounds kumquattig" not in text
        assert "vet@third.example" not in text

        hold = f"/v1/tickets/{theirs}/legal-hold"  # somebody else's, in which they wrote
        world.api("PUT", hold, agent=ADMIN.id).ok()
        erasure = f"/v1/people/{person_id}/erasure"
        assert world.api("GET", erasure, agent=ADMIN.id).ok()["held"] == [world.ticket(theirs).number]
        world.api("POST", erasure, {"tickets": 2}, agent=ADMIN.id).refused(409)
        world.api("DELETE", hold, agent=ADMIN.id).ok()
        erase(world, person_id)
        assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket=FILES_BUCKET, Prefix=key)
