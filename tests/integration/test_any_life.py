"""Whatever somebody does at the desk, all of it in one life: their export holds all that is theirs, their erasure leaves nothing of it."""

import io
import itertools
import json
import os
import random
import re
import zipfile
from collections.abc import Callable
from typing import Final

import boto3
import pytest

from helpdesk import bootstrap
from helpdesk.contracts import topology
from helpdesk.tickets.chain import verify
from helpdesk.tickets.rules import fold
from tests.support.desk import ADMIN, AGENT, AGENT2, SUPERVISOR, SURVEY_DELAY_SECONDS
from tests.support.raw_mails import a_mail, an_answer
from tests.support.receiver import a_receiver
from tests.support.traces import places_of
from tests.support.world import FILES_BUCKET, World, handler_of

_marks: Final = itertools.count(1)


class Life:
    """One person's life at the desk, and which of the words in it are whose.

    Attributes:
        theirs: must be in the export, and go with an erasure.
        told: others' words that were for them, in tickets that are not theirs: in the export, and stay.
        ours: colleagues' words on their tickets: not in the export, and go.
        others: others' words on others' tickets: not in the export, and stay.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.theirs: set[str] = set()
        self.told: set[str] = set()
        self.ours: set[str] = set()
        self.others: set[str] = set()
        self.name, self.address = self.mark(self.theirs), f"{self.mark(self.theirs)}@quux.example"
        self.tickets: list[str] = []
        self.writes_a_mail()

    def mark(self, whose: set[str]) -> str:
        """A word that nobody else says."""
        number, letters = next(_marks), ""
        while number:
            number, place = divmod(number, 26)
            letters += chr(ord("a") + place)
        whose.add(f"zq{letters}qz")
        return f"zq{letters}qz"

    @property
    def person_id(self) -> str:
        person = bootstrap.people_store().by_address(self.address)
        assert person is not None
        return person.id

    def other_ticket(self) -> str:
        """A ticket of somebody else."""
        said = {"subject": self.mark(self.others), "body": self.mark(self.others)}
        ticket_id = str(self.world.open("ann@example.com", name="Ann", **said)["ticket"]["id"])
        self.world.settle()
        return ticket_id

    # --- what can happen ---

    def writes_a_mail(self) -> None:
        mail = a_mail(self.address, self.mark(self.theirs), self.mark(self.theirs), name=self.name)
        file = self.mark(self.theirs)
        mail.add_attachment(file.encode(), maintype="text", subtype="plain", filename=f"{self.mark(self.theirs)}.txt")
        self.world.mail(mail)
        self.world.settle()
        self.tickets.append(self.world.ticket_ids[-1])

    def asks_on_the_page(self) -> None:
        body = f"{self.mark(self.theirs)} " * 9000  # so long that it lies in the bucket
        asked = {"subject": self.mark(self.theirs), "body": body, "name": self.name}
        self.tickets.append(str(self.world.open(self.address, **asked)["ticket"]["id"]))
        self.world.settle()

    def is_answered_and_answers(self) -> None:
        self.world.answer(self.tickets[-1], AGENT.id, f"Dear {self.name}, {self.mark(self.theirs)}").ok()
        self.world.settle()
        sent = self.world.sent_to(self.address)[-1]
        self.world.mail(an_answer(sent, self.address, self.mark(self.theirs)))
        self.world.settle()

    def is_talked_about(self) -> None:
        ticket_id, agent = self.tickets[0], AGENT2.id
        self.world.answer(ticket_id, agent, self.mark(self.ours), visibility="internal").ok()
        path = f"/v1/tickets/{ticket_id}"
        self.world.api("POST", f"{path}/tasks", {"title": self.mark(self.ours), "assignee": agent}, agent=agent).ok()
        self.world.api("POST", f"{path}/time", {"seconds": 60, "note": self.mark(self.ours)}, agent=agent).ok()
        draft = {"place": "reply", "body": self.mark(self.ours)}
        self.world.api("PUT", f"{path}/draft", draft, agent=agent, headers={"If-Match": '"0"'})
        aside = {"to": [{"email": "vet@third.example"}], "subject": self.mark(self.ours), "body": self.mark(self.ours)}
        self.world.api("POST", f"{path}/side-conversations", aside, agent=agent).ok()
        self.world.settle()

    def is_described(self) -> None:
        path = f"/v1/people/{self.person_id}"
        version = self.world.api("GET", path, agent=AGENT.id).ok()["version"]
        known = {"notes": self.mark(self.theirs), "tags": [self.mark(self.theirs)], "phones": ["+82 10 1234 5678"]}
        self.world.api("PATCH", path, known, agent=AGENT.id, headers={"If-Match": f'"{version}"'}).ok()

    def has_fields_changed_together(self) -> None:
        for whose in (self.ours, self.theirs):  # what the first wrote only the second knows by then
            change = {"fields": {"animal": self.mark(whose)}}
            wish = {"tickets": [self.tickets[0]], "action": {"change": change}}
            self.world.api("POST", "/v1/bulk", wish, agent=AGENT.id).ok()
            self.world.settle()

    def is_changed_by_somebody_who_leaves(self) -> None:
        self.asks_on_the_page()
        leaver = {"name": "Leaver", "email": "leaver@desk.example", "role": "agent", "groups": ["support"]}
        self.world.api("PUT", "/v1/agents/leaver", leaver, agent=ADMIN.id).ok()
        bootstrap.kept_desk().forget()
        for whose in (self.ours, self.theirs):
            change = {"fields": {"animal": self.mark(whose)}}
            wish = {"tickets": [self.tickets[-1]], "action": {"change": change}}
            self.world.api("POST", "/v1/bulk", wish, agent="leaver").ok()
            self.world.settle()
        self.world.api("DELETE", "/v1/agents/leaver", agent=ADMIN.id).ok()

    def is_told_of_outside(self) -> None:
        with a_receiver() as receiver:  # which answers with what it was told
            receiver.body = self.mark(self.ours).encode()
            hook = {"name": "Pager", "url": receiver.url, "active": True}
            self.world.api("PUT", "/v1/webhooks/pager", hook, agent=ADMIN.id).ok()
            rule = {"name": "Calls", "on": ["opened"], "actions": {"webhooks": ["pager"]}, "enabled": True}
            self.world.api("PUT", "/v1/rules/calls", rule, agent=ADMIN.id).ok()
            bootstrap.kept_desk().forget()
            self.asks_on_the_page()
            self.world.api("DELETE", "/v1/rules/calls", agent=ADMIN.id).ok()
            self.world.api("DELETE", "/v1/webhooks/pager", agent=ADMIN.id).ok()
        assert receiver.calls

    def reads_in_the_help_centre(self) -> None:
        wish = {"language": "en", "title": "Scan to mail", "body": "Press scan."}
        draft = self.world.api("POST", "/v1/articles", wish, agent=SUPERVISOR.id).ok()
        step, headers = f"/v1/articles/{draft['id']}/texts/en/step", {"If-Match": f'"{draft["version"]}"'}
        live = self.world.api("POST", step, {"step": "publish"}, agent=SUPERVISOR.id, headers=headers).ok()
        address = live["languages"]["en"]["address"]
        asked = self.world.page(self.world.page(address, form={"helpful": "no"}).headers["location"])
        vote = re.search(r'name="vote" value="(\w+)"', asked.raw)
        assert vote is not None
        self.world.page(address, form={"vote": vote[1], "comment": f"Tell {self.name} more"})
        self.world.page(f"/help/en/search?q=where+is+{self.name}")
        gone = {word for hits in places_of(self.world, (self.name,)).values() for word in hits}
        assert gone == {self.name}

    def signs_in_at_the_portal(self) -> None:
        self.world.api("POST", "/v1/portal/sign-in", {"email": self.address}).ok()
        self.world.settle()
        link = self.world.sent_to(self.address)[-1].link("/portal/sign-in#").rpartition("#")[2]
        self.world.api("POST", "/v1/portal/session", {"token": link}).ok()

    def answers_questions(self) -> None:
        plan = {
            "names": {"en": "After all"},
            "questions": [{"id": "why", "kind": "text", "texts": {"en": "Why?"}}],
            "active": True,
        }
        self.world.api("PUT", "/v1/survey-plans/all", plan, agent=ADMIN.id).ok()
        bootstrap.kept_desk().forget()
        self.rates({"why": self.mark(self.theirs)})
        self.world.api("DELETE", "/v1/survey-plans/all", agent=ADMIN.id).ok()

    def is_mentioned_and_edited(self) -> None:
        body = f"@{AGENT.id} {self.mark(self.ours)}"
        self.world.answer(self.tickets[0], AGENT2.id, body, visibility="internal").ok()
        self.world.settle()

    def writes_in_anothers_ticket(self) -> None:
        ticket_id = self.other_ticket()
        self.world.api("POST", f"/v1/tickets/{ticket_id}/participants", {"email": self.address}, agent=AGENT.id).ok()
        self.world.answer(ticket_id, AGENT.id, self.mark(self.others)).ok()
        self.world.settle()
        self.world.mail(an_answer(self.world.sent_to(self.address)[-1], self.address, self.mark(self.theirs)))
        self.world.settle()

    def only_takes_part(self) -> None:
        ticket_id = self.other_ticket()
        self.world.api("POST", f"/v1/tickets/{ticket_id}/participants", {"email": self.address}, agent=AGENT.id).ok()
        self.world.settle()

    def is_asked_aside(self) -> None:
        ticket_id = self.other_ticket()
        asked = {"to": [{"email": self.address}], "subject": self.mark(self.told), "body": self.mark(self.told)}
        self.world.api("POST", f"/v1/tickets/{ticket_id}/side-conversations", asked, agent=AGENT.id).ok()
        self.world.settle()
        self.world.mail(an_answer(self.world.sent_to(self.address)[-1], self.address, self.mark(self.theirs)))
        self.world.settle()

    def is_asked_for_approval(self) -> None:
        ticket_id = self.other_ticket()
        asked = {"approvers": [self.address], "question": self.mark(self.told)}
        self.world.api("POST", f"/v1/tickets/{ticket_id}/approvals", asked, agent=AGENT.id).ok()
        self.world.settle()
        token = self.world.sent_to(self.address)[-1].link("/portal/approvals/").rpartition("/")[2]
        said = {"verdict": "approved", "comment": self.mark(self.theirs)}
        self.world.api("POST", f"/v1/approvals/{token}", said).ok()
        self.world.settle()

    def turns_out_to_be_two(self) -> None:
        address, name = f"{self.mark(self.theirs)}@quux.example", self.mark(self.theirs)
        opened = self.world.open(address, name=name, subject=self.mark(self.theirs), body=self.mark(self.theirs))
        self.world.settle()
        path = f"/v1/people/{self.person_id}"
        version = self.world.api("GET", path, agent=AGENT.id).ok()["version"]
        other = self.world.ticket(opened["ticket"]["id"]).requester_id
        headers = {"If-Match": f'"{version}"'}
        self.world.api("POST", f"{path}/merge", {"person": other}, agent=AGENT.id, headers=headers).ok()
        self.world.settle()

    def hands_a_ticket_over(self) -> None:
        self.asks_on_the_page()
        body = {"email": "ann@example.com", "keep_former": False}
        self.world.api("PUT", f"/v1/tickets/{self.tickets.pop()}/requester", body, agent=AGENT.id).ok()
        self.world.settle()

    def has_two_tickets_merged(self) -> None:
        self.asks_on_the_page()
        body = {"into": self.tickets[0]}
        self.world.api("POST", f"/v1/tickets/{self.tickets.pop()}/merge", body, agent=AGENT.id).ok()
        self.world.settle()

    def has_a_ticket_merged_into_anothers(self) -> None:
        self.asks_on_the_page()
        body = {"into": self.other_ticket()}
        self.world.api("POST", f"/v1/tickets/{self.tickets.pop()}/merge", body, agent=AGENT.id).ok()
        self.world.settle()

    def has_a_ticket_split(self) -> None:
        self.asks_on_the_page()
        self.is_answered_and_answers()
        moved = {"messages": [self.world.messages(self.tickets[-1])[-1].id]}
        self.world.api("POST", f"/v1/tickets/{self.tickets[-1]}/split", moved, agent=AGENT.id).ok()
        self.world.settle()

    def sends_what_is_held_back(self) -> None:
        spam = a_mail(self.address, self.mark(self.theirs), self.mark(self.theirs), name=self.name)
        self.world.mail(spam, verdicts={"spam": "FAIL"})
        self.world.settle()

    def rates(self, answers: dict[str, str] | None = None) -> None:
        self.asks_on_the_page()
        self.world.patch(self.tickets[-1], AGENT.id, status="solved").ok()
        self.world.settle()
        self.world.pass_time(seconds=SURVEY_DELAY_SECONDS + 60)
        asked = [one for one in self.world.sent_to(self.address) if "/portal/survey/" in one.text]
        survey = asked[-1].link("/portal/survey/").rpartition("/")[2]
        said = {"rating": 4, "comment": self.mark(self.theirs), **({"answers": answers} if answers else {})}
        self.world.api("POST", f"/v1/surveys/{survey}", said).ok()
        self.world.settle()


ACTS: Final[tuple[Callable[[Life], None], ...]] = tuple(
    act
    for name, act in vars(Life).items()
    if not name.startswith("_") and callable(act) and name not in {"mark", "other_ticket"}
)


@pytest.mark.parametrize("order", range(5, 5 + int(os.environ.get("LIVES", "1"))))
def test_an_export_holds_all_of_a_life_with_everything_in_it_and_an_erasure_leaves_nothing_of_it(
    world: World, order: int
) -> None:
    life = Life(world)
    for act in random.Random(order).sample(ACTS, len(ACTS)):  # one life of everything finds more than many of some
        act(life)
    person_id = life.person_id
    exported = export(world, person_id)
    assert {word for word in life.theirs | life.told if word not in exported} == set()
    assert {word for word in life.ours | life.others if word in exported} == set()
    facts = {one: (fold(world.events(one)), len(world.events(one))) for one in world.ticket_ids}

    path = f"/v1/people/{person_id}/erasure"
    count = world.api("GET", path, agent=ADMIN.id).ok()["tickets"]
    world.api("POST", path, {"tickets": count}, agent=ADMIN.id).ok()
    world.settle()
    handler_of(topology.INDEX_KEEPER)({}, None)
    assert world.api("GET", path, agent=ADMIN.id).ok()["phase"] == "done"
    assert places_of(world, (*life.theirs, *life.ours)) == {}
    left = {word for hits in places_of(world, (*life.told, *life.others)).values() for word in hits}
    assert left == life.told | life.others
    assert not any(word in world.log.getvalue().lower() for word in life.theirs | life.ours)
    for one, (before, length) in facts.items():
        events, ticket = world.events(one), world.ticket(one)
        assert verify(events, ticket.chain) is None
        assert (ticket.rating, ticket.sla, ticket.time_seconds) == (before.rating, before.sla, before.time_seconds)
        assert {type(event.fact).__name__ for event in events[length:]} <= {"PersonErased"}


def export(world: World, person_id: str) -> str:
    """All that an export holds, packed mails and files among it, in small letters."""
    path = f"/v1/people/{person_id}/export"
    world.api("POST", path, agent=ADMIN.id).ok()
    world.settle()
    assert world.api("GET", path, agent=ADMIN.id).ok()["ready_at"] is not None
    raw = boto3.client("s3").get_object(Bucket=FILES_BUCKET, Key=f"uploads/exports/{person_id}.zip")["Body"].read()
    archive = zipfile.ZipFile(io.BytesIO(raw))
    texts = [
        json.dumps(archive.namelist()),
        *(archive.read(name).decode(errors="ignore") for name in archive.namelist()),
    ]
    return "\n".join(texts).lower()
