"""An agent's day through the API alone: every capability once, in the order in which a day brings them.

It reads as documentation: each step is what a page, a script or an integration would call.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.desk import RunningDesk


@dataclass
class Colleague:
    """Somebody signed in."""

    desk: RunningDesk
    address: str

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        return self._ask("POST", path, body, headers)

    def put(self, path: str, body: object, **headers: str) -> Any:
        return self._ask("PUT", path, body, headers)

    def delete(self, path: str) -> Any:
        return self._ask("DELETE", path, None, {})

    def patch(self, path: str, body: object) -> Any:
        """Changes something as it now stands."""
        return self._ask("PATCH", path, body, {})

    def change(self, ticket_id: str, **what: object) -> Any:
        """Changes a ticket; its version says what was seen."""
        seen = self.get(f"/v1/tickets/{ticket_id}")
        return self._ask("PATCH", f"/v1/tickets/{ticket_id}", what, {"if_match": f'"{seen["version"]}"'})

    def refused(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """What the desk says to something that cannot be done."""
        answer = self.desk.as_agent(self.address, method, path, body, **headers)
        assert 400 <= answer.status < 500, answer
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.body

    def _ask(self, method: str, path: str, body: object, headers: dict[str, str]) -> Any:
        answer = self.desk.as_agent(self.address, method, path, body, **headers)
        assert answer.status < 300, (method, path, answer)
        return answer.body

    @property
    def id(self) -> str:
        return str(self.get("/v1/me")["id"])

    def said(self, ticket_id: str) -> list[str]:
        """A ticket's conversation, oldest first."""
        items = self.get(f"/v1/tickets/{ticket_id}/messages?limit=100")["items"]
        return [item["body_text"] for item in reversed(items)]

    def happened(self, ticket_id: str) -> list[str]:
        """A ticket's history, oldest first."""
        return [one["type"] for one in reversed(self.get(f"/v1/tickets/{ticket_id}/history?limit=100")["items"])]


@dataclass
class Day:
    """Who is in today."""

    desk: RunningDesk
    mina: Colleague
    jun: Colleague
    supervisor: Colleague
    admin: Colleague

    def asks(self, subject: str, body: str = "Please help.", email: str = "minsu@example.com", **more: object) -> str:
        """A customer sends a request; the router has dealt with it when this returns."""
        request = {"requester": {"email": email, "name": "김민수"}, "subject": subject, "body": body, **more}
        answer = self.desk.call("POST", "/v1/requests", request)
        assert answer.status == 201, answer
        self.desk.settle()
        return str(answer.body["ticket"]["id"])

    def now(self) -> datetime:
        return datetime.fromisoformat(self.desk.call("GET", "/_local/clock").body["now"])

    def later(self, **length: float) -> str:
        return (self.now() + timedelta(**length)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.fixture
def day(desk: RunningDesk) -> Iterator[Day]:
    people = [f"{name}@desk.test" for name in ("agent", "agent2", "supervisor", "admin")]
    yield Day(desk, *(Colleague(desk, address) for address in people))
    desk.settle()
    assert desk.dead_letters() == []


def test_before_work_an_admin_says_what_tickets_are_described_by(day: Day) -> None:
    """Fields by type, statuses of one's own, a form with conditions, a question screen, products, the matrix."""
    admin, mina = day.admin, day.mina
    admin.put("/v1/fields/serial", {"type": "text", "names": {"en": "Serial number"}, "customer": "editable"})
    admin.put(
        "/v1/fields/root-cause",
        {
            "type": "choice",
            "names": {"en": "Cause", "ko": "원인"},
            "choices": [{"id": "wear", "names": {"en": "Wear"}}, {"id": "accident", "names": {"en": "Accident"}}],
            "required_to_solve": True,
            "customer": "hidden",
        },
    )
    admin.put("/v1/statuses/at-the-workshop", {"base": "on_hold", "names": {"en": "At the workshop"}})
    admin.put("/v1/products/lamp", {"names": {"en": "Lamp", "ko": "램프"}})
    ticket_id = day.asks("The lamp flickers", fields={"serial": "L-1001"})
    seen = mina.change(
        ticket_id, type="incident", product="lamp", impact="high", urgency="high", custom_status="at-the-workshop"
    )
    assert (seen["status"], seen["custom_status"], seen["product"]) == ("on_hold", "at-the-workshop", "lamp")
    assert seen["priority"] == "urgent"
    refused = mina.refused("PATCH", f"/v1/tickets/{ticket_id}", {"status": "solved"}, if_match=f'"{seen["version"]}"')
    assert [error["pointer"] for error in refused["errors"]] == ["/fields/root-cause"]
    wrong = mina.refused(
        "PATCH", f"/v1/tickets/{ticket_id}", {"fields": {"root-cause": "magic"}}, if_match=f'"{seen["version"]}"'
    )
    assert [error["pointer"] for error in wrong["errors"]] == ["/fields/root-cause"]
    solved = mina.change(ticket_id, fields={"root-cause": "wear"}, status="solved", tags=["lamp"])
    assert (solved["status"], solved["tags"]) == ("solved", ["lamp"])
    admin.delete("/v1/fields/root-cause")
    assert day.mina.get(f"/v1/tickets/{ticket_id}")["fields"]["root-cause"] == "wear"


def test_a_call_comes_in_and_is_written_down_for_who_calls(day: Day) -> None:
    """On behalf of somebody, by phone; then it turns out to be for somebody else, who works for somebody."""
    mina, jun = day.mina, day.jun
    made = mina.post(
        "/v1/tickets",
        {
            "requester": {"email": "caller@example.com", "name": "이지은"},
            "subject": "Order 4711 is late",
            "body": "She calls because her order has not come.",
            "channel": "phone",
            "category": "orders" if _has_category(mina, "orders") else None,
            "participants": [{"email": "husband@example.com"}],
            "due_at": day.later(days=2),
        },
        idempotency_key=day.later(seconds=0),
    )
    ticket_id = made["id"]
    assert (made["channel"], made["requester"]["email"]) == ("phone", "caller@example.com")
    assert [one["email"] for one in made["participants"]] == ["husband@example.com"]
    moved = mina.put(
        f"/v1/tickets/{ticket_id}/requester", {"email": "mother@example.com", "name": "박", "keep_former": True}
    )
    assert moved["requester"]["email"] == "mother@example.com"
    assert "caller@example.com" in [one["email"] for one in moved["participants"]]
    with_cc = mina.post(f"/v1/tickets/{ticket_id}/participants", {"email": "shop@example.com"})
    shop = next(one["id"] for one in with_cc["participants"] if one["email"] == "shop@example.com")
    mina.delete(f"/v1/tickets/{ticket_id}/participants/{shop}")
    mina.put(f"/v1/tickets/{ticket_id}/followers/{jun.id}", None)
    assert jun.id in mina.get(f"/v1/tickets/{ticket_id}")["followers"]
    jun.delete(f"/v1/tickets/{ticket_id}/followers/me")
    assert {"TicketOpened", "TicketRequesterChanged"} <= set(mina.happened(ticket_id))


def test_an_answer_is_drafted_from_a_canned_response_held_taken_back_and_sent(day: Day) -> None:
    """Canned responses, quick search, a server-side draft, presence, the stale-reply guard, undo, scheduling."""
    mina, jun = day.mina, day.jun
    ticket_id = day.asks("Where is my parcel?")
    canned = mina.post(
        "/v1/canned-responses",
        {
            "title": "Parcel is on its way",
            "scope": "personal",
            "folder": "Shipping",
            "bodies": {"en": {"text": "Dear {{ requester.name | default('customer') }}, it is on its way."}},
        },
    )
    found = mina.get("/v1/quick?q=parcel")["items"]
    assert canned["id"] in [one["id"] for one in found]
    text = mina.post(f"/v1/canned-responses/{canned['id']}/preview", {"ticket_id": ticket_id})["text"]
    assert "김민수" in text
    draft = mina.put(f"/v1/tickets/{ticket_id}/draft", {"body": text, "kind": "reply"}, if_match='"0"')
    assert mina.get(f"/v1/tickets/{ticket_id}/draft")["reply"]["body"] == draft["body"]
    jun.put(f"/v1/tickets/{ticket_id}/presence", {"state": "writing"})
    here = mina.put(f"/v1/tickets/{ticket_id}/presence", {"state": "viewing"})
    assert [(one["agent_id"], one["state"]) for one in here["items"]] == [(jun.id, "writing")]

    read = mina.get(f"/v1/tickets/{ticket_id}/messages?limit=1")["items"][0]["id"]
    jun.post(f"/v1/tickets/{ticket_id}/messages", {"body": "I have asked the carrier."})
    late = {"body": text, "seen_message_id": read}
    assert mina.refused("POST", f"/v1/tickets/{ticket_id}/messages", late)["code"] == "newer_message"
    sent = mina.post(
        f"/v1/tickets/{ticket_id}/messages", {**late, "confirm": True, "hold_seconds": 10, "status": "pending"}
    )
    assert sent["send_at"] is not None
    mina.post(f"/v1/tickets/{ticket_id}/messages/{sent['id']}/undo")
    assert mina.get(f"/v1/tickets/{ticket_id}")["status"] != "pending"
    mina.delete(f"/v1/tickets/{ticket_id}/draft?kind=reply")

    planned = mina.post(
        f"/v1/tickets/{ticket_id}/messages",
        {"body": "Has it come?", "send_at": day.later(days=1), "unless_requester_replies": True},
    )
    mina.patch(f"/v1/tickets/{ticket_id}/messages/{planned['id']}", {"body": "Has it come by now?"})
    assert [one["message_id"] for one in mina.get(f"/v1/tickets/{ticket_id}")["held"]] == [planned["id"]]
    mina.post(f"/v1/tickets/{ticket_id}/messages/{planned['id']}/send")
    day.desk.settle()
    assert "Has it come by now?" in mina.said(ticket_id)


def test_colleagues_are_asked_in_notes_and_told(day: Day) -> None:
    """An internal note with a mention that notifies; preferences of what to be told by mail."""
    mina, jun = day.mina, day.jun
    ticket_id = day.asks("Do you deliver to Jeju?")
    jun.put("/v1/me/notification-preferences", {"items": jun.get("/v1/me/notification-preferences")["items"]})
    note = {"body": "Do you know, Jun?", "visibility": "internal", "mentions": [jun.id]}
    mina.post(f"/v1/tickets/{ticket_id}/messages", note)
    day.desk.settle()
    told = jun.get("/v1/notifications")
    assert ("mentioned", ticket_id) in [(one["kind"], one["ticket_id"]) for one in told["items"]]
    assert told["unread"] > 0
    jun.post("/v1/notifications/read", {"ids": [one["id"] for one in told["items"]]})
    assert jun.get("/v1/notifications")["unread"] == 0


def test_work_is_divided_into_tasks_and_somebody_must_approve(day: Day) -> None:
    """Tasks in an order, a checklist from a template, an approval by a colleague and one by mail."""
    mina, jun = day.mina, day.jun
    ticket_id = day.asks("New laptop, please")
    checklist = day.supervisor.post(
        "/v1/checklists",
        {
            "title": "New laptop",
            "scope": "shared",
            "items": [{"titles": {"en": "Order it"}}, {"titles": {"en": "Set it up"}}],
        },
    )
    mina.post(f"/v1/tickets/{ticket_id}/checklists", {"checklist_id": checklist["id"]})
    mine = mina.post(f"/v1/tickets/{ticket_id}/tasks", {"title": "Ask for the size", "assignee": mina.id})
    tasks = mina.get(f"/v1/tickets/{ticket_id}/tasks")["items"]
    assert [one["title"] for one in tasks] == ["Order it", "Set it up", "Ask for the size"]
    order = [tasks[2]["id"], tasks[0]["id"], tasks[1]["id"]]
    mina.put(f"/v1/tickets/{ticket_id}/tasks/order", {"task_ids": order})
    assert [one["id"] for one in mina.get(f"/v1/tickets/{ticket_id}")["tasks"]] == order
    assert tasks[2]["id"] in str(mina.get("/v1/tasks?assignee=me"))
    mina.patch(f"/v1/tickets/{ticket_id}/tasks/{order[0]}", {"done": True})
    mina.delete(f"/v1/tickets/{ticket_id}/tasks/{order[2]}")
    assert mine is not None

    asked = mina.post(
        f"/v1/tickets/{ticket_id}/approvals",
        {"approvers": [jun.id, "boss@example.com"], "mode": "any", "question": "May we spend 1,200,000 won?"},
    )
    day.desk.settle()
    assert day.desk.mails("boss@example.com")
    answer = {"verdict": "approved", "comment": "Fine"}
    jun.post(f"/v1/tickets/{ticket_id}/approvals/{asked['id']}/answer", answer)
    (settled,) = mina.get(f"/v1/tickets/{ticket_id}")["approvals"]
    assert settled["state"] == "approved"


def test_a_supplier_is_asked_beside_the_ticket_and_the_customer_sees_nothing_of_it(day: Day) -> None:
    """A side conversation by mail."""
    mina = day.mina
    ticket_id = day.asks("Is it in stock?", email="curious@example.com")
    side = mina.post(
        f"/v1/tickets/{ticket_id}/side-conversations",
        {"to": [{"email": "supplier@example.org"}], "subject": "Stock of L-1001", "body": "How many do you have?"},
    )
    day.desk.settle()
    assert day.desk.mails("supplier@example.org")[0]["subject"].endswith("Stock of L-1001")
    assert side["conversation"]["id"] in [
        one["id"] for one in mina.get(f"/v1/tickets/{ticket_id}/side-conversations")["items"]
    ]
    assert not [mail for mail in day.desk.mails("curious@example.com") if "L-1001" in mail["subject"]]


def test_tickets_are_tied_merged_and_split_and_each_is_taken_back(day: Day) -> None:
    """Parent and child, links, merge and un-merge, split and un-split."""
    mina = day.mina
    first, second = day.asks("The lamp is dark"), day.asks("Again: the lamp is dark", "And my bill is wrong.")
    number = mina.get(f"/v1/tickets/{second}")["number"]
    mina.post(f"/v1/tickets/{first}/links", {"relation": "child_of", "ticket": f"#{number}"})
    tied = mina.get(f"/v1/tickets/{second}/links")["items"]
    assert [(one["relation"], one["ticket"]["id"]) for one in tied] == [("parent_of", first)]
    mina.delete(f"/v1/tickets/{second}/links/parent_of/{first}")

    before = mina.get(f"/v1/tickets/{first}")
    merged = mina.post(f"/v1/tickets/{first}/merge", {"into": second})
    assert merged["merged_into"]["id"] == second
    assert "Please help." in mina.said(second)
    back = mina.post(f"/v1/tickets/{first}/unmerge")
    assert {**back, "version": 0, "updated_at": ""} == {**before, "version": 0, "updated_at": ""}

    note = mina.post(f"/v1/tickets/{second}/messages", {"body": "Two matters in one", "visibility": "internal"})
    split = mina.post(f"/v1/tickets/{second}/split", {"messages": [note["id"]], "subject": "The bill"})
    assert mina.said(split["id"]) == ["Two matters in one"]
    mina.post(f"/v1/tickets/{split['id']}/undo-split")
    assert mina.said(second)[-1] == "Two matters in one"
    assert {"TicketMerged", "TicketUnmerged"} <= set(mina.happened(first))
    assert {"TicketAbsorbed", "TicketReturned", "TicketSplit", "TicketSplitUndone"} <= set(mina.happened(second))


def test_an_outage_is_one_incident_with_many_reports_that_are_answered_at_once(day: Day) -> None:
    """Reports are tied to an incident, and one message and status goes to all of them."""
    mina = day.mina
    incident = day.asks("The shop is down", email="watch@example.com")
    reports = [day.asks(f"I cannot pay ({n})", email=f"payer{n}@example.com") for n in range(3)]
    for report in reports:
        mina.post(f"/v1/tickets/{report}/links", {"relation": "part_of", "ticket": incident})
    assert [row["id"] for row in mina.get(f"/v1/tickets/{incident}/parts")["items"]] == reports
    job = mina.post(
        "/v1/bulk",
        {"incident": incident, "action": {"message": {"body": "The shop is up again.", "status": "solved"}}},
    )
    day.desk.settle()
    day.desk.advance(minutes=2)
    assert mina.get(f"/v1/bulk/{job['id']}")["tally"]["changed"] == len(reports)
    for report in reports:
        assert mina.said(report)[-1] == "The shop is up again."
        assert mina.get(f"/v1/tickets/{report}")["status"] == "solved"


def test_many_tickets_are_changed_at_once_and_given_back(day: Day) -> None:
    """A bulk action over a selection, another over a view, progress, undo; a macro on one ticket."""
    mina = day.mina
    sender = f"spam-{day.now().timestamp()}@example.net"
    spam = [day.asks(f"Buy now {n}", email=sender) for n in range(4)]
    before = [mina.get(f"/v1/tickets/{one}") for one in spam]
    job = mina.post("/v1/bulk", {"tickets": spam, "action": {"change": {"status": "solved", "add_tags": ["spam"]}}})
    day.desk.settle()
    progress = mina.get(f"/v1/bulk/{job['id']}?after=0")
    assert (progress["state"], progress["tally"]["changed"]) == ("done", 4)
    assert {one["ticket_id"] for one in progress["results"]} == set(spam)
    mina.post(f"/v1/bulk/{job['id']}/undo")
    day.desk.settle()
    undone = [mina.get(f"/v1/tickets/{one}") for one in spam]
    assert [(one["status"], one["tags"], one["sla"]) for one in undone] == [
        (one["status"], one["tags"], one["sla"]) for one in before
    ]
    view = mina.post(
        "/v1/bulk", {"view": {"requester": before[0]["requester"]["id"]}, "action": {"change": {"priority": "low"}}}
    )
    day.desk.settle()
    assert mina.get(f"/v1/bulk/{view['id']}")["total"] == 4

    macro = mina.post(
        "/v1/macros",
        {
            "title": "Not for us",
            "scope": "personal",
            "reply": {"bodies": {"en": {"text": "We sell lamps."}}},
            "changes": {"tags": {"add": ["not-for-us"]}, "status": "solved"},
        },
    )
    seen = mina.get(f"/v1/tickets/{spam[0]}")
    mina.post(f"/v1/tickets/{spam[0]}/macros", {"macro_id": macro["id"]}, if_match=f'"{seen["version"]}"')
    assert "not-for-us" in mina.get(f"/v1/tickets/{spam[0]}")["tags"]


def test_what_must_wait_is_put_aside_and_time_is_counted(day: Day) -> None:
    """Snooze until a time or the requester's answer; time entries with what is billed; a due date that is told."""
    mina = day.mina
    ticket_id = day.asks("Call me after the holidays")
    put_aside = mina.post(f"/v1/tickets/{ticket_id}/snooze", {"until": day.later(days=3)})
    assert put_aside["snoozed_until"] is not None
    assert ticket_id not in [
        row["id"] for row in mina.get("/v1/tickets?status=active&snoozed=exclude&limit=100")["items"]
    ]
    mina.delete(f"/v1/tickets/{ticket_id}/snooze")
    mina.post(f"/v1/tickets/{ticket_id}/snooze", {"until": None})
    mina.change(ticket_id, due_at=day.later(hours=1))
    entry = mina.post(f"/v1/tickets/{ticket_id}/time", {"seconds": 900, "billable": True, "note": "Read the contract"})
    mina.post(f"/v1/tickets/{ticket_id}/time", {"seconds": 300})
    mina.patch(f"/v1/tickets/{ticket_id}/time/{entry['id']}", {"seconds": 1200})
    seen = mina.get(f"/v1/tickets/{ticket_id}")
    assert (seen["time_seconds"], seen["billable_seconds"]) == (1500, 1200)
    mina.delete(f"/v1/tickets/{ticket_id}/time/{entry['id']}")
    assert [one["seconds"] for one in mina.get(f"/v1/tickets/{ticket_id}/time")["items"]] == [300]
    day.desk.advance(hours=2)
    assert "TicketDue" in mina.happened(ticket_id)


def _has_category(agent: Colleague, category: str) -> bool:
    return category in str(agent.get("/v1/categories"))
