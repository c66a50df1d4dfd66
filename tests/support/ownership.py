"""A desk with tickets that are everybody's and somebody's, and one good call of each route to each of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import boto3

from helpdesk import bootstrap
from helpdesk.desk.model import Desk
from helpdesk.drafts.model import DraftKind, Writing
from helpdesk.knowledge.gaps import Unanswered
from helpdesk.notifications.model import Notification, NotificationKind
from helpdesk.people.model import Agent, Group, Role
from helpdesk.people.roles import BUILT_IN, RoleDefinition, Sees
from helpdesk.tickets.model import Actor, ActorKind
from tests.support.desk import desk_for_tests
from tests.support.world import FILES_BUCKET, Answered, World

PERMISSIONS: Final = tuple(BUILT_IN[Role.AGENT])
ROLES: Final = (
    RoleDefinition("grouped", {"en": "Own groups"}, PERMISSIONS, Sees.GROUPS),
    RoleDefinition("assigned", {"en": "Assigned only"}, PERMISSIONS, Sees.ASSIGNED),
)
CALLERS: Final = {
    "light": Agent("lina", "Lina", "lina@desk.test", Role.LIGHT, ("support",)),
    "agent": Agent("jiwoo", "Jiwoo", "jiwoo@desk.test", Role.AGENT, ("support",)),
    "grouped": Agent("gina", "Gina", "gina@desk.test", Role.AGENT, ("support",), custom_role="grouped"),
    "assigned": Agent("amir", "Amir", "amir@desk.test", Role.AGENT, ("support",), custom_role="assigned"),
    "supervisor": Agent("suki", "Suki", "suki@desk.test", Role.SUPERVISOR, ("support",)),
    "admin": Agent("ada", "Ada", "ada@desk.test", Role.ADMIN),
}
ADMIN: Final = CALLERS["admin"].id
WHOSE: Final = ("own", "group", "other", "private")
_OTHERS: Final = (
    Agent("daniel", "Daniel", "daniel@desk.test", Role.AGENT, ("support",)),
    Agent("bill", "Bill", "bill@desk.test", Role.AGENT, ("billing",)),
    Agent("hana", "Hana", "hana@desk.test", Role.AGENT, ("hr",)),
)
_PLACES: Final = {"group": ("support", "daniel"), "other": ("billing", "bill"), "private": ("hr", "hana")}


def a_desk() -> Desk:
    """The desk: a group of the callers, another one, and a private one."""
    desk = desk_for_tests()
    groups = (Group("support", "Support"), Group("billing", "Billing"), Group("hr", "HR", private=True))
    return replace(
        desk,
        agents={one.id: one for one in (*CALLERS.values(), *_OTHERS)},
        groups={one.id: one for one in groups},
        roles={one.id: one for one in ROLES},
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A ticket with one of everything that a ticket can have."""

    ticket_id: str
    person_id: str
    params: dict[str, str]


class Estate:
    """All tickets. Each caller has two of their own; the second one is where others are tied to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._places = {whose: self._furnished(*place) for whose, place in _PLACES.items()}
        self._own = {name: self._own_ticket(agent) for name, agent in CALLERS.items()}
        self._second = {name: self._own_ticket(agent).ticket_id for name, agent in CALLERS.items()}
        for name, agent in CALLERS.items():
            for whose in WHOSE:
                self._remind(agent, self.place(name, whose).ticket_id)
        macro = {"title": "Urgent", "scope": "shared", "changes": {"priority": "urgent"}}
        self.macro_id = self._do("POST", "/v1/macros", macro)["id"]
        canned = {"title": "Hello", "scope": "shared", "bodies": {"en": {"text": "Hello"}}}
        self.canned_id = self._do("POST", "/v1/canned-responses", canned)["id"]
        article = {"language": "en", "title": "Refunds", "body": "Send it back."}
        self.article_id = self._do("POST", "/v1/articles", article)["id"]
        checklist = {"title": "Returns", "items": [{"titles": {"en": "Refund"}}]}
        self.checklist_id = self._do("POST", "/v1/checklists", checklist)["id"]
        world.settle()

    def place(self, caller: str, whose: str) -> Place:
        """A ticket by whose it is, as seen from a caller."""
        return self._own[caller] if whose == "own" else self._places[whose]

    def second(self, caller: str) -> str:
        """The caller's other ticket."""
        return self._second[caller]

    def _do(self, method: str, path: str, body: object = None) -> Answered:
        return self.world.api(method, path, body, agent=ADMIN).ok()

    def _own_ticket(self, agent: Agent) -> Place:
        """In another's group, and theirs nevertheless: assigned to them, or followed where they take no tickets."""
        light = agent.role is Role.LIGHT
        place = self._furnished("billing", None if light else agent.id)
        if light:
            self._do("PUT", f"/v1/tickets/{place.ticket_id}/followers/{agent.id}")
        return place

    def _file(self) -> str:
        asked = {"filename": "a.txt", "content_type": "text/plain", "size": 3}
        upload = self.world.api("POST", "/v1/uploads", asked).ok()
        boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=upload["fields"]["key"], Body=b"abc")
        return str(upload["id"])

    def _furnished(self, group: str, assignee: str | None) -> Place:
        opened = self.world.open("ann@example.com", attachments=[self._file()])
        ticket_id = opened["ticket"]["id"]
        path = f"/v1/tickets/{ticket_id}"
        self.world.patch(ticket_id, ADMIN, group=group, assignee=assignee).ok()
        self.world.answer(ticket_id, ADMIN, "Two things").ok()
        held = self.world.answer(ticket_id, ADMIN, "Wait", hold_seconds=30).ok()
        task = self._do("POST", f"{path}/tasks", {"title": "Call", "assignee": "daniel"})
        entry = self._do("POST", f"{path}/time", {"seconds": 60})
        asked = {"approvers": ["boss@example.com"], "question": "May we?"}
        approval = self._do("POST", f"{path}/approvals", asked)
        side = self._do(
            "POST",
            f"{path}/side-conversations",
            {"to": [{"email": "kim@example.com"}], "subject": "Hi", "body": "Hello", "attachments": [self._file()]},
        )
        first = self.world.messages(ticket_id)[0]
        person = self.world.ticket(ticket_id).requester_id
        params = {
            "id": ticket_id,
            "message_id": held["id"],
            "attachment_id": first.attachments[0].id,
            "person_id": person,
            "task_id": task["id"],
            "entry_id": entry["id"],
            "approval_id": approval["id"],
            "side_id": side["conversation"]["id"],
            "side_message_id": side["message"]["id"],
            "side_attachment_id": side["message"]["attachments"][0]["id"],
            "agent_id": "me",
            "relation": "relates_to",
        }
        return Place(ticket_id, person, params)

    def _remind(self, agent: Agent, ticket_id: str) -> None:
        """What an agent once wrote there and was told of, when they still saw it."""
        bootstrap.drafts().put(ticket_id, Writing(DraftKind.NOTE, "Dear"), agent, version=0)
        actor = Actor(ActorKind.AGENT, ADMIN)
        kind = NotificationKind.FOLLOWED_CHANGE
        number = self.world.ticket(ticket_id).number
        told = Notification(ticket_id, agent.id, kind, self.world.clock.now, ticket_id, number, "Secret", actor)
        bootstrap.notification_store().add(told)

    # --- calls ---

    def call(self, route: str, caller: str, whose: str) -> Answered:
        """Calls a route that names a ticket, with what belongs to that ticket. A route with `>` names it at its other end."""
        method, path, *other_end = route.split()
        place = self.place(caller, whose)
        params = {**place.params, "other_id": self.second(caller)}
        if other_end:
            params |= {"id": self.second(caller), "other_id": place.ticket_id}
        if "{side_id}" in path:
            params |= {"message_id": params["side_message_id"], "attachment_id": params["side_attachment_id"]}
        if path.startswith(("/v1/canned", "/v1/macros")):
            params["id"] = self.canned_id if "canned" in path else self.macro_id
        target = path.format(**params)
        body = self._body(f"{method} {path}", place, caller, other_end=bool(other_end))
        if path == "/v1/quick":
            target = f"{path}?q=urg&ticket={place.ticket_id}"
        version = 1 if path.endswith("/draft") else self.world.ticket(place.ticket_id).version
        return self.world.api(method, target, body, agent=CALLERS[caller].id, headers={"If-Match": f'"{version}"'})

    def _body(self, route: str, place: Place, caller: str, *, other_end: bool) -> object:
        other = place.ticket_id if other_end else self.second(caller)
        made: dict[str, Callable[[], Any]] = {
            "PATCH /v1/tickets/{id}": lambda: {"tags": ["seen"]},
            "POST /v1/tickets/{id}/messages": lambda: {"body": "Hello", "visibility": "internal"},
            "PATCH /v1/tickets/{id}/messages/{message_id}": lambda: {"body": "Other words"},
            "POST /v1/tickets/{id}/participants": lambda: {"email": "lee@example.com"},
            "POST /v1/tickets/{id}/links": lambda: {"relation": "relates_to", "ticket": other},
            "POST /v1/tickets/{id}/merge": lambda: {"into": other},
            "POST /v1/tickets/{id}/split": lambda: {"messages": [self.world.messages(place.ticket_id)[1].id]},
            "POST /v1/tickets/{id}/tasks": lambda: {"title": "Call"},
            "PATCH /v1/tickets/{id}/tasks/{task_id}": lambda: {"done": True},
            "PUT /v1/tickets/{id}/tasks/order": lambda: {"task_ids": [place.params["task_id"]]},
            "POST /v1/tickets/{id}/checklists": lambda: {"checklist_id": self.checklist_id},
            "POST /v1/tickets/{id}/approvals": lambda: {"approvers": ["cfo@example.com"], "question": "May we?"},
            "POST /v1/tickets/{id}/approvals/{approval_id}/answer": lambda: {"verdict": "approved"},
            "PUT /v1/tickets/{id}/requester": lambda: {"email": "kim@example.org", "keep_former": True},
            "POST /v1/tickets/{id}/snooze": lambda: {"until": None},
            "POST /v1/tickets/{id}/time": lambda: {"seconds": 60},
            "PATCH /v1/tickets/{id}/time/{entry_id}": lambda: {"note": "A call"},
            "POST /v1/tickets/{id}/side-conversations": lambda: {
                "to": [{"email": "lee@example.com"}],
                "subject": "Hi",
                "body": "Hello",
            },
            "POST /v1/tickets/{id}/side-conversations/{side_id}/messages": lambda: {"body": "Hello"},
            "POST /v1/tickets/{id}/side-conversations/{side_id}/participants": lambda: {"email": "lee@example.com"},
            "PUT /v1/tickets/{id}/presence": lambda: {"state": "viewing"},
            "PUT /v1/tickets/{id}/draft": lambda: {"body": "Dear", "kind": "note"},
            "POST /v1/tickets/{id}/macros": lambda: {"macro_id": self.macro_id},
            "POST /v1/tickets/{id}/answers": lambda: {"article_id": self.article_id},
            "POST /v1/tickets/{id}/question/answers": lambda: {"message_id": "0" * 26},
            "POST /v1/tickets/{id}/solutions": lambda: {"title": "Turn it off", "body": "And on again."},
            "POST /v1/canned-responses/{id}/preview": lambda: {"ticket_id": place.ticket_id},
            "POST /v1/macros/{id}/preview": lambda: {"ticket_id": place.ticket_id},
        }
        return made[route]() if route in made else None

    # --- lists ---

    def shown(self, route: str, caller: str) -> str | None:
        """What a list shows of the tickets, a letter each; None: the caller may not have it."""
        method, path = route.split()
        agent = CALLERS[caller].id
        if route == "POST /v1/bulk":
            return self._bulk(caller)
        if route == "GET /v1/changes":
            return self._changes(caller)
        if path.endswith("/overview"):
            return self._overview(path, caller)
        if route == "POST /v1/rules/preview":
            return self._previewed(caller)
        self._prepare(route, caller)
        queries = {
            "GET /v1/tickets": "?limit=100",
            "GET /v1/articles/gaps": "?limit=100",
            "GET /v1/search": "?q=print&limit=100",
            "GET /v1/tasks": "?assignee=daniel&limit=100",
            "GET /v1/drafts": "?limit=100",
            "GET /v1/notifications": "?limit=100",
            "GET /v1/views/{id}/tickets": "?limit=100",
        }
        others = {"GET /v1/views/{id}/tickets": "all-open", "GET /v1/articles/{id}/tickets": self.article_id}
        target = path.replace("{id}", others.get(route) or self.second(caller)) + queries.get(route, "")
        body = {"conditions": {}, "limit": 100} if route == "POST /v1/views/preview" else None
        answer = self.world.api(method, target, body, agent=agent)
        return None if answer.status == 403 else self._letters(caller, lambda one: one in answer.ok().raw)

    def _prepare(self, route: str, caller: str) -> None:
        """Puts tickets of all kinds where a list looks for them."""
        tickets = [self.place(caller, whose).ticket_id for whose in WHOSE]
        for ticket_id in tickets:
            if route == "GET /v1/articles/gaps":
                bootstrap.gap_watch().unanswered(Unanswered(ticket_id, "en", self.world.clock.now))
            if route == "GET /v1/articles/{id}/tickets":
                self._do("POST", f"/v1/tickets/{ticket_id}/answers", {"article_id": self.article_id})
            if route == "GET /v1/tickets/{id}/links":
                body = {"relation": "relates_to", "ticket": ticket_id}
                self._do("POST", f"/v1/tickets/{self.second(caller)}/links", body)
            if route == "GET /v1/tickets/{id}/parts":
                self._do(
                    "POST", f"/v1/tickets/{ticket_id}/links", {"relation": "part_of", "ticket": self.second(caller)}
                )

    def _previewed(self, caller: str) -> str | None:
        """The tickets that the preview of a rule tells of."""
        rule = {"name": "All", "on": ["opened"], "actions": {"note": "Seen"}}
        answer = self.world.api("POST", "/v1/rules/preview", {"rule": rule, "limit": 200}, agent=CALLERS[caller].id)
        return None if answer.status == 403 else self._letters(caller, lambda one: one in answer.ok().raw)

    def _bulk(self, caller: str) -> str | None:
        """The tickets that a bulk action over everything changes."""
        action = {"change": {"add_tags": ["bulk"]}}
        answer = self.world.api(
            "POST", "/v1/bulk", {"view": {"status": "active"}, "action": action}, agent=CALLERS[caller].id
        )
        if answer.status == 403:
            return None
        self.world.settle()
        return self._letters(caller, lambda one: "bulk" in self.world.ticket(one).tags)

    def _changes(self, caller: str) -> str:
        """The tickets that a page hears of, all of which were changed."""
        agent = CALLERS[caller].id
        cursor = self.world.api("GET", "/v1/changes", agent=agent).ok()["next_cursor"]
        self.world.advance(seconds=5)
        for whose in WHOSE:
            self.world.patch(self.place(caller, whose).ticket_id, ADMIN, tags=["changed"]).ok()
        self.world.settle()
        self.world.advance(seconds=5)
        heard = self.world.api("GET", f"/v1/changes?limit=100&cursor={cursor}", agent=agent).ok()
        return self._letters(caller, lambda one: one in heard.raw)

    def _overview(self, path: str, caller: str) -> str:
        """The tickets that somebody, or their organization, shows at a glance, where all of them are theirs."""
        company = self._do("POST", "/v1/organizations", {"name": "Acme"})["id"]
        person = self._do("POST", "/v1/people", {"emails": ["zoe@example.com"], "organization": company})["id"]
        for whose in WHOSE:
            asks = {"id": person, "keep_former": False}
            self._do("PUT", f"/v1/tickets/{self.place(caller, whose).ticket_id}/requester", asks)
        self.world.settle()
        target = path.replace("{id}", person if "people" in path else company)
        glance = self.world.api("GET", target, agent=CALLERS[caller].id).ok()
        return self._letters(caller, lambda one: one in glance.raw)

    def _letters(self, caller: str, there: Callable[[str], bool]) -> str:
        return "".join("Y" if there(self.place(caller, whose).ticket_id) else "-" for whose in WHOSE)
