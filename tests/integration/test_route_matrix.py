"""Every route, called by everybody there is: what route_matrix.txt says is what happens, and it names every route."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import boto3
import pytest

from helpdesk import bootstrap
from helpdesk.contracts.topology import FUNCTIONS, UPLOADS_PREFIX, Auth
from helpdesk.kernel.ids import new_id
from helpdesk.people.model import Agent, Role
from helpdesk.routing.alike import Cluster, Seen
from helpdesk.routing.store import DynamoClusters
from helpdesk.surveys.plans import Asks, SurveyPlan
from helpdesk.webhooks.model import Cause, CauseKind, Delivery, DeliveryState
from tests.support.community import OPEN, Customer, open_community
from tests.support.desk import ADMIN, AGENT, AGENT2, SUPERVISOR, SURVEY_DELAY_SECONDS, desk_for_tests
from tests.support.raw_mails import a_mail
from tests.support.world import FILES_BUCKET, Answered, World, a_world, api_event, find_route, handler_of

MATRIX = Path(__file__).with_name("route_matrix.txt")
UNSEEN = tuple(
    f"/v1/{name}"
    for name in (
        *(
            "fields",
            "forms",
            "statuses",
            "products",
            "categories",
            "roles",
            "plans",
            "survey-plans",
            "brands",
            "settings",
            "mailboxes",
            "calendars",
            "assignments",
            "retention-rules",
            "kept-addresses",
            "sections",
        ),
        "sla-policies",
    )
)
"""Settings, which are written whatever they are now unless `If-Match` says otherwise."""
LIGHT = Agent("lina", "Lina", "lina@desk.test", Role.LIGHT, ("support",))
SIGN_ON = {"issuer": "http://127.0.0.1:1", "client_id": "desk", "client_secret": "s", "domains": ["acme.test"]}
PULSE = SurveyPlan("pulse", {"en": "How was your week?"}, asks=Asks.TEAM, every_days=7)
A_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (64).to_bytes(4) + (32).to_bytes(4)
SIGNED_IN = {
    "customer": "no-colleague",
    "light": LIGHT.id,
    "agent": AGENT.id,
    "supervisor": SUPERVISOR.id,
    "admin": ADMIN.id,
}
SHARED = {
    "/v1/canned-responses": {"title": "Hello", "scope": "shared", "bodies": {"en": {"text": "Hello"}}},
    "/v1/articles": {"title": "Refunds", "body": "Send it back.", "language": "ko"},
    "/v1/checklists": {"title": "Returns", "items": [{"titles": {"en": "Refund"}}]},
    "/v1/views": {"title": "Urgent", "scope": "shared", "conditions": {"field": "priority", "is": "urgent"}},
    "/v1/macros": {"title": "Urgent", "scope": "shared", "changes": {"priority": "urgent"}},
}
GENERAL = {
    "name": "Desk",
    "language": "en",
    "time_zone": "UTC",
    "default_group": None,
    "hold_seconds": 0,
    "close_after_seconds": None,
    "survey_delay_seconds": None,
    "survey_valid_seconds": 86_400,
    "link_valid_seconds": 86_400,
    "organization_may_join": False,
    "tasks_before_solving": False,
    "articles_in_acknowledgement": True,
    "limits": {
        "requests_per_address_per_hour": 1000,
        "requests_per_ip_per_minute": 1000,
        "notices_per_address_per_hour": 1000,
    },
}
A_POLICY = {"name": "Spare", "calendar_id": "seoul", "targets": {}}
A_RETENTION_RULE = {"name": "Spare", "after_days": 365, "removes": ["files"]}
CONFIGURED = {
    "sla-policies": A_POLICY,
    "calendars": {"name": "Spare", "zone": "Asia/Seoul", "weekly": [[]] * 7, "feed_url": "https://127.0.0.1:9/a.ics"},
    "fields": {"type": "text", "names": {"en": "Spare"}},
    "forms": {"names": {"en": "Spare"}, "category": "billing"},
    "statuses": {"base": "open", "names": {"en": "Spare"}},
    "products": {"names": {"en": "Spare"}},
    "mailboxes": {"address": "spare@desk.test", "name": "Spare"},
    "roles": {"names": {"en": "Spare"}},
    "categories": {"names": {"en": "Spare"}},
    "plans": {"names": {"en": "Spare"}},
    "sections": {"names": {"en": "Spare"}},
    "brands": {"names": {"en": "Spare"}},
    "survey-plans": {"names": {"en": "Spare"}},
    "agents": {"name": "Spare", "email": "spare@desk.test", "role": "agent"},
    "groups": {"name": "Spare"},
    "rules": {"name": "Spare", "on": ["opened"], "actions": {"changes": {"priority": "high"}}},
    "assignments": {"method": "round_robin"},
    "webhooks": {"name": "Spare", "url": "http://127.0.0.1:9/"},
    "retention-rules": A_RETENTION_RULE,
}
MATRIX_ROW = {"low": "low", "medium": "normal", "high": "high"}
_numbers = itertools.count(1)
A_JWT = "eyJhbGciOiJSUzI1NiJ9.eyJ1c2VybmFtZSI6IngifQ.c2lnbmF0dXJl"


def rows() -> Iterator[tuple[str, dict[str, str]]]:
    """Routes with what becomes of each caller."""
    lines = MATRIX.read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("route"))
    callers = lines[start].split()[1:]
    for line in lines[start + 2 :]:
        method, path, *cells = line.split()
        yield f"{method} {path}", dict(zip(callers, cells, strict=True))


class Visit:
    """One call of each route as it should be made, to things that are there."""

    def __init__(self, world: World) -> None:
        self.world = world
        upload = world.api("POST", "/v1/uploads", {"filename": "a.txt", "content_type": "text/plain", "size": 3}).ok()
        boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=upload["fields"]["key"], Body=b"abc")
        assert upload["fields"]["key"].startswith(UPLOADS_PREFIX)
        mine = world.open("ann@example.com", attachments=[upload["id"]])
        other = world.open("eve@example.com")
        self.ticket_id = mine["ticket"]["id"]
        self.tokens = {"requester": mine["access_token"], "other": other["access_token"]}
        self.attachment_id = world.messages(self.ticket_id)[0].attachments[0].id
        world.patch(self.ticket_id, AGENT.id, status="solved").ok()
        world.pass_time(seconds=SURVEY_DELAY_SECONDS)
        invitation = next(mail for mail in world.sent_to("ann@example.com") if "/portal/survey/" in mail.text)
        self.survey = invitation.link("/portal/survey/").rpartition("/")[2]
        open_community(world)
        self.question_id = Customer(world, "cora@example.com", "Cora").ask("How do I pay?")

    def mail_id(self) -> str:
        return self.world.mail(a_mail("spam@example.com", "Win", "Win!"), verdicts={"spam": "FAIL"})

    def picture(self, content: bytes = b"GIF89a...") -> str:
        """A picture that was uploaded."""
        named = {"filename": "a.gif", "content_type": "image/gif", "size": 9}
        upload = self.world.api("POST", "/v1/uploads", named).ok()
        boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=upload["fields"]["key"], Body=content)
        return str(upload["id"])

    @property
    def file(self) -> str:
        opening = self.world.messages(self.ticket_id)[0]
        return bootstrap.links().file(opening, self.attachment_id, self.person_id).rpartition("/")[2]

    def held_message_id(self, caller: str) -> str:
        """An answer that can still be taken back by whoever wrote it."""
        who = SIGNED_IN[caller] if caller in {"agent", "supervisor", "admin"} else AGENT.id
        return str(self.world.answer(self.ticket_id, who, "Wait", hold_seconds=30).ok()["id"])

    def task_id(self) -> str:
        """A task that is there."""
        path = f"/v1/tickets/{self.ticket_id}/tasks"
        return str(self.world.api("POST", path, {"title": "Call"}, agent=AGENT.id).ok()["id"])

    def entry_id(self, caller: str) -> str:
        """Time that whoever calls has logged."""
        who = SIGNED_IN[caller] if caller in {"agent", "supervisor", "admin"} else AGENT.id
        path = f"/v1/tickets/{self.ticket_id}/time"
        return str(self.world.api("POST", path, {"seconds": 60}, agent=who).ok()["id"])

    def aside(self, path: str, caller: str) -> str:
        """A path into a side conversation whose first message, with a file, can still be taken back."""
        who = SIGNED_IN[caller] if caller in {"agent", "supervisor", "admin"} else AGENT.id
        upload = self.world.api("POST", "/v1/uploads", {"filename": "a.txt", "content_type": "text/plain", "size": 3})
        boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=upload.ok()["fields"]["key"], Body=b"abc")
        asked = {"to": [{"email": "kim@example.com"}], "subject": "Hi", "body": "Hello", "hold_seconds": 30}
        target = f"/v1/tickets/{self.ticket_id}/side-conversations"
        made = self.world.api("POST", target, asked | {"attachments": [upload["id"]]}, agent=who).ok()
        message = made["message"]
        path = path.replace("{side_id}", made["conversation"]["id"]).replace("{message_id}", message["id"])
        return path.replace("{attachment_id}", message["attachments"][0]["id"])

    def elsewhere(self, path: str, caller: str) -> str:
        """A path into what lies apart from the ticket: a side conversation, the community."""
        if "{side_id}" in path:
            return self.aside(path, caller)
        return self.question(path) if "/question" in path or path.startswith("/v1/community") else path

    def approval_id(self, caller: str, *, asker: str = AGENT.id) -> str:
        """An approval that whoever calls is asked for, if they are a colleague."""
        who = SIGNED_IN[caller] if caller in {"light", "agent", "supervisor", "admin"} else "cfo@example.com"
        named = who if who != asker else "cfo@example.com"
        body = {"approvers": ["boss@example.com", named], "question": "May we?"}
        path = f"/v1/tickets/{self.ticket_id}/approvals"
        return str(self.world.api("POST", path, body, agent=asker).ok()["id"])

    def approval(self) -> str:
        """The token of somebody outside who is asked for their approval."""
        self.approval_id("nobody")
        self.world.settle()
        return self.world.sent_to("boss@example.com")[-1].link("/portal/approvals/").rpartition("/")[2]

    def sign_in_link(self) -> str:
        """What a link in a mail signs in with."""
        address = f"p{next(_numbers)}@example.com"
        self.world.api("POST", "/v1/portal/sign-in", {"email": address}, ip=f"192.0.2.{next(_numbers) % 250}").ok()
        return self.world.sent_to(address)[-1].link("/portal/sign-in#").rpartition("#")[2]

    @property
    def person_id(self) -> str:
        return self.world.ticket(self.ticket_id).requester_id

    def bulk_action(self, caller: str) -> str:
        """An action of whoever calls; an agent's where nobody is known."""
        who = SIGNED_IN[caller] if caller in {"agent", "supervisor", "admin"} else AGENT.id
        return str(self.world.api("POST", "/v1/bulk", self.body("POST /v1/bulk"), agent=who).ok()["id"])

    def thing(self, path: str) -> str:  # noqa: PLR0911 - one a kind of thing
        """Something that is there, for a route's `{id}`; what can be deleted is new each time."""
        if "{id}" not in path:
            return ""
        kind = path.split("/")[2]
        if kind in CONFIGURED:
            return self.setting(kind)
        if path.startswith("/v1/me/pulses/"):
            return f"{PULSE.id}.2026-11-23"
        if path.startswith(tuple(SHARED)):
            collection = "/".join(path.split("/")[:3])
            return self.world.api("POST", collection, SHARED[collection], agent=SUPERVISOR.id).ok()["id"]
        if kind == "suspected-incidents":
            return self.suspected()
        if "mail" in path:
            return self.mail_id()
        if "blocked-senders" in path:
            return bootstrap.mail_registry().block("eve@example.org", AGENT.id).id
        if path.endswith("/snooze"):
            self.world.patch(self.ticket_id, AGENT.id, status="open").ok()  # what is done cannot be put aside
        if "/organizations/" in path:
            return self.organization(connected="/single-sign-on" in path)
        return self.person_id if path.startswith("/v1/people/") else self.ticket_id

    def organization(self, *, connected: bool) -> str:
        """A new one, or the one whose people sign in by its own provider."""
        if not connected:
            return str(self.world.api("POST", "/v1/organizations", {"name": "Acme"}, agent=AGENT.id).ok()["id"])
        acme = {"name": "Acme", "domains": ["acme.test"]}
        found = [
            one for one in self.world.api("GET", "/v1/organizations", agent=AGENT.id).ok()["items"] if one["domains"]
        ]
        made = found[0] if found else self.world.api("POST", "/v1/organizations", acme, agent=AGENT.id).ok()
        self.world.api("PUT", f"/v1/organizations/{made['id']}/single-sign-on", SIGN_ON, agent=ADMIN.id).ok()
        return str(made["id"])

    def suspected(self) -> str:
        """A possible incident that nobody has decided on, of one ticket."""
        store, now = DynamoClusters(), self.world.clock()
        cluster = Cluster(new_id(now), now, 4)
        store.note(Seen(self.ticket_id, self.person_id, now, ()), now + timedelta(days=1))
        store.settle(cluster, now + timedelta(days=1))
        store.gather([self.ticket_id], cluster.id)
        return cluster.id

    def somebody(self) -> str:
        """A person whom nobody else is."""
        body = self.body("POST /v1/people")
        return str(self.world.api("POST", "/v1/people", body, agent=AGENT.id).ok()["id"])

    def delivery_id(self) -> str:
        """A delivery that was given up."""
        made = bootstrap.deliveries()
        given_up = Delivery(new_id(self.world.clock.now), "spare", Cause(CauseKind.TEST), self.world.clock.now)
        made.create(replace(given_up, state=DeliveryState.FAILED))
        return given_up.id

    def setting(self, kind: str) -> str:
        """A setting that nothing else needs."""
        spare = "billing" if kind == "assignments" else "spare"  # its id is a group's
        self.world.api("PUT", f"/v1/{kind}/{spare}", CONFIGURED[kind], agent=ADMIN.id).ok()
        return spare

    def call(self, route: str, caller: str) -> Answered:
        method, path = route.split()
        prepared = self.together(route)
        if path == "$default":
            method, path = "GET", "/nothing"
        token = self.file if path.startswith("/v1/files/") else self.survey
        path = self.elsewhere(path, caller)
        token = self.approval() if path.startswith("/v1/approvals/") else token
        path = path.replace("{attachment_id}", self.attachment_id).replace("{token}", token)
        path = path.replace("{relation}", "relates_to").replace("{other_id}", self.ticket_id)
        if prepared is not None:
            path = path.replace("{id}", prepared[0])
        path = path.replace("/v1/triage-settings/{id}", "/v1/triage-settings/category")
        if path == "/v1/settings/versions":
            path += "?part=categories&id=billing"
        path = f"{path}?q=printer" if path in {"/v1/search", "/v1/help/suggestions"} else path
        path = f"{path}?before=1&after=1" if path.endswith("/difference") else path
        path = path.replace("{feedback_id}", "0" * 26)
        path = path.replace("{kind}", "acknowledgement").replace("{language}", "ko")
        if "{message_id}" in path:
            path = path.replace("{message_id}", self.held_message_id(caller))
        if "{delivery_id}" in path:
            path = path.replace("{delivery_id}", self.delivery_id())
        if "{approval_id}" in path:
            asker = AGENT2.id if path.endswith("/answer") else AGENT.id
            path = path.replace("{approval_id}", self.approval_id(caller, asker=asker))
        if "{task_id}" in path:
            path = path.replace("{task_id}", self.task_id())
        if "{entry_id}" in path:
            path = path.replace("{entry_id}", self.entry_id(caller))
        thing = self.bulk_action(caller) if path.startswith("/v1/bulk/") else self.thing(path)
        path = path.replace("{agent_id}", "me").replace("{person_id}", self.person_id).replace("{id}", thing)
        return self.world.api(
            method,
            path,
            prepared[1] if prepared is not None else self.body(route),
            token=self.tokens.get(caller, A_JWT if caller in SIGNED_IN else None),
            agent=SIGNED_IN.get(caller),
            headers={} if path.startswith(UNSEEN) else {"If-Match": f'"{self.version(path)}"'},
        )

    def version(self, path: str) -> int:
        """The version of what a call changes; drafts are new, and so is what stands on a shelf."""
        if path.startswith("/v1/organizations/") and path.endswith("/single-sign-on"):
            return bootstrap.connections().get(path.split("/")[3]).version
        if path.endswith("/draft") or path.startswith(("/v1/mail-templates", "/v1/organizations")):
            return 0
        if path.startswith("/v1/webhooks/"):
            return bootstrap.desk_store().load().versions.get(("webhook", "spare"), 0)
        if path.startswith("/v1/rules/"):
            rule = bootstrap.desk_store().load().rules.get("spare")
            return bootstrap.desk_store().load().versions.get(("rule", "spare"), 0) if rule is not None else 0
        if path.startswith("/v1/people/"):
            return int(self.world.api("GET", f"/v1/people/{self.person_id}", agent=AGENT.id).ok()["version"])
        return 1 if path.startswith(tuple(SHARED)) else self.world.ticket(self.ticket_id).version

    def words(self) -> object:
        return self.world.api("GET", "/v1/mail-templates/acknowledgement/ko", agent=ADMIN.id).ok()["words"]

    def macro_id(self) -> str:
        return self.thing("/v1/macros/{id}")

    def another(self) -> str:
        """A second ticket of the same requester."""
        return str(self.world.open("ann@example.com")["ticket"]["id"])

    def question(self, path: str) -> str:
        """A path to the question that was asked, to who asked it, or to the ticket that it becomes."""
        asked = bootstrap.community_store().get(self.question_id)
        assert asked is not None
        if path.startswith("/v1/tickets/"):
            path = path.replace("{id}", self.asked_ticket())
        path = path.replace("{person_id}", asked.post.author.id)
        return path.replace("{id}", self.question_id).replace("{post_id}", self.question_id)

    def asked_ticket(self) -> str:
        """The ticket that the question becomes."""
        asked = bootstrap.community_store().get(self.question_id)
        if asked is not None and asked.ticket_id is None:
            self.world.clock.advance(hours=49)
            bootstrap.unanswered(lambda *_: None).look()
            self.world.settle()
            asked = bootstrap.community_store().get(self.question_id)
        return str(asked.ticket_id) if asked is not None else ""

    def answered(self) -> str:
        """An agent's answer on it that was sent."""
        return str(self.world.answer(self.asked_ticket(), AGENT.id, "Like this.").ok()["id"])

    def together(self, route: str) -> tuple[str, object] | None:  # noqa: C901, PLR0911 - one a kind of route
        """A ticket, and the body, for routes over several tickets."""
        as_agent = {"agent": AGENT.id}
        if route == "POST /v1/tickets/{id}/unmerge":
            other = self.another()
            self.world.api("POST", f"/v1/tickets/{other}/merge", {"into": self.another()}, **as_agent).ok()
            return other, None
        if route.endswith(("/split", "/undo-split")):
            other = self.another()
            self.world.answer(other, AGENT.id, "Two things").ok()
            split = {"messages": [self.world.messages(other)[-1].id]}
            if route.endswith("/undo-split"):
                made = self.world.api("POST", f"/v1/tickets/{other}/split", split, **as_agent).ok()
                return str(made["id"]), None
            return other, split
        if route == "POST /v1/people/{id}/export":
            return self.person_id, None
        if route == "POST /v1/people/{id}/erasure":
            about = self.world.api("GET", f"/v1/people/{self.person_id}/erasure", agent=ADMIN.id).ok()
            return self.person_id, {"tickets": about["tickets"]}
        if route.startswith("POST /v1/people/{id}/"):
            merge = {"person": self.somebody()}
            if route.endswith("/unmerge"):
                self.world.api("POST", f"/v1/people/{self.person_id}/merge", merge, **as_agent).ok()
            return self.person_id, merge
        if route.endswith("/merge"):
            return self.another(), {"into": self.ticket_id}
        if route.startswith("DELETE /v1/tickets/{id}/links"):
            return self.another(), None
        if route == "POST /v1/tickets/{id}/links":
            return self.another(), {"relation": "relates_to", "ticket": self.ticket_id}
        return None

    def body(self, route: str) -> object:  # noqa: PLR0911 - one a kind of route
        if route == "POST /v1/portal/session":
            return {"token": self.sign_in_link()}
        if route == "POST /v1/tickets/{id}/macros":
            return {"macro_id": self.macro_id()}
        if route == "PUT /v1/tickets/{id}/tasks/order":
            return {"task_ids": [task.id for task in self.world.ticket(self.ticket_id).tasks]}
        if route == "POST /v1/tickets/{id}/checklists":
            return {"checklist_id": self.thing("/v1/checklists/{id}")}
        if route == "PUT /v1/mail-templates/{kind}/{language}":
            return self.words()
        if route.startswith("PUT ") and route.endswith("/{id}") and route.split("/")[2] in CONFIGURED:
            return CONFIGURED[route.split("/")[2]]
        return {
            "POST /v1/settings/import": {"file": "format: helpdesk-settings\nversion: 1\n"},
            "POST /v1/settings/restore": {"part": "categories", "id": "billing", "version": 1},
            "PUT /v1/settings/priority-matrix": dict.fromkeys(("low", "medium", "high"), MATRIX_ROW),
            "PUT /v1/settings/unknown-fields": {"unknown": "refuse"},
            "PUT /v1/triage-settings/{id}": {"mode": "suggest"},
            "POST /v1/suspected-incidents/{id}/ticket": {"subject": "All is down"},
            "POST /v1/requests": {"requester": {"email": "a@example.com"}, "subject": "Hi", "body": "Hello"},
            "POST /v1/requests/{id}/messages": {"body": "Hello"},
            "PATCH /v1/me": {"status": "online"},
            "PATCH /v1/agents/{id}": {"status": "away"},
            "POST /v1/people": {"emails": [f"p{next(_numbers)}@example.com"]},
            "POST /v1/organizations": {"name": "Acme"},
            "PATCH /v1/organizations/{id}": {"notes": "Renews in May."},
            "PUT /v1/organizations/{id}/single-sign-on": SIGN_ON,
            "POST /v1/organizations/{id}/single-sign-on/check": SIGN_ON,
            "POST /v1/portal/single-sign-on": {"email": "ann@acme.test"},
            "POST /v1/portal/single-sign-on/session": {"code": "c", "state": "s"},
            "POST /v1/uploads": {"filename": "b.txt", "content_type": "text/plain", "size": 1},
            "POST /v1/surveys/{token}": {"rating": 5},
            "POST /v1/portal/sign-in": {"email": f"p{next(_numbers)}@example.com"},
            "POST /v1/requests/{id}/settle": {"solved": False},
            "POST /v1/requests/{id}/people": {"email": "cleo@example.com"},
            "PATCH /v1/tickets/{id}": {"tags": ["seen"]},
            "POST /v1/tickets/{id}/messages": {"body": "Hello"},
            "POST /v1/rules/preview": {"rule": CONFIGURED["rules"]},
            "POST /v1/retention-rules/preview": {"rule": A_RETENTION_RULE},
            "PUT /v1/kept-addresses": {"days": 60},
            "POST /v1/mail-templates/{kind}/{language}/preview": {},
            "POST /v1/mail-templates/{kind}/{language}/test": {},
            "PUT /v1/mailboxes/{id}/letterhead": {},
            "PUT /v1/tickets/{id}/presence": {"state": "viewing"},
            "PUT /v1/tickets/{id}/draft": {"body": "Dear"},
            "PUT /v1/me/signature": {"text": "Bye"},
            "POST /v1/me/pulses/{id}": {"rating": 4},
            "POST /v1/canned-responses": SHARED["/v1/canned-responses"],
            "PUT /v1/canned-responses/{id}": SHARED["/v1/canned-responses"],
            "POST /v1/canned-responses/{id}/preview": {"ticket_id": self.ticket_id},
            "POST /v1/tickets/{id}/tasks": {"title": "Call"},
            "POST /v1/tickets/{id}/approvals": {"approvers": ["boss@example.com"], "question": "May we?"},
            "POST /v1/tickets/{id}/approvals/{approval_id}/answer": {"verdict": "approved"},
            "POST /v1/approvals/{token}": {"verdict": "approved"},
            "PATCH /v1/tickets/{id}/tasks/{task_id}": {"done": True},
            "POST /v1/articles": SHARED["/v1/articles"],
            "POST /v1/articles/preview": {"body": "Hello"},
            "POST /v1/tickets/{id}/answers": {
                "article_id": self.thing("/v1/articles/{id}") if route.endswith("/answers") else ""
            },
            "POST /v1/tickets/{id}/solutions": {"title": "Turn it off", "body": "And on again."},
            "PATCH /v1/articles/{id}": {"keywords": ["money"]},
            "PUT /v1/articles/{id}/texts/{language}": {"title": "Refunds", "body": "Keep it."},
            "POST /v1/articles/{id}/texts/{language}/step": {"step": "publish"},
            "POST /v1/articles/{id}/texts/{language}/restore": {"revision": 1},
            "POST /v1/articles/{id}/images": {"upload": self.picture() if route.endswith("/images") else ""},
            "PUT /v1/settings/community": OPEN,
            "POST /v1/tickets/{id}/question/answers": {
                "message_id": self.answered() if route.endswith("/question/answers") else ""
            },
            "POST /v1/community-questions/{id}/answers": {"body": "So."},
            "PUT /v1/community-questions/{id}/accepted": {"answer_id": None},
            "POST /v1/community-questions/{id}/act": {"act": "lock"},
            "POST /v1/community-questions/{id}/posts/{post_id}/act": {"act": "hide"},
            "PATCH /v1/community-questions/{id}/posts/{post_id}": {"title": "Paying", "body": "How?"},
            "PUT /v1/community-members/{person_id}/blocked": {"blocked": False},
            "PUT /v1/community/me": {"name": "Nobody"},
            "POST /v1/community/questions": {"title": "Paying", "body": "How?"},
            "POST /v1/community/questions/{id}/answers": {"body": "So."},
            "PUT /v1/community/questions/{id}/accepted": {"answer_id": None},
            "PUT /v1/community/questions/{id}/following": {"following": True},
            "PATCH /v1/community/questions/{id}/posts/{post_id}": {"title": "Paying", "body": "How?"},
            "PUT /v1/community/questions/{id}/posts/{post_id}/vote": {"value": 1},
            "POST /v1/community/questions/{id}/posts/{post_id}/reports": {"reason": "spam"},
            "POST /v1/logos": {"upload": self.picture(A_PNG) if route.endswith("/logos") else ""},
            "POST /v1/checklists": SHARED["/v1/checklists"],
            "PUT /v1/checklists/{id}": SHARED["/v1/checklists"],
            "POST /v1/webhooks/{id}/secret": {},
            "POST /v1/calendars/{id}/import": {"file": "BEGIN:VCALENDAR\nEND:VCALENDAR"},
            "PUT /v1/settings/general": GENERAL,
            "POST /v1/sla/preview": {
                "since": "2026-11-01T00:00:00Z",
                "until": "2026-12-01T00:00:00Z",
                "policies": [{**A_POLICY, "id": "draft"}],
            },
            "POST /v1/brands/{id}/help-preview": CONFIGURED["brands"],
            "POST /v1/views": SHARED["/v1/views"],
            "PUT /v1/views/{id}": SHARED["/v1/views"],
            "POST /v1/views/preview": {"conditions": {}},
            "POST /v1/macros": SHARED["/v1/macros"],
            "PUT /v1/macros/{id}": SHARED["/v1/macros"],
            "POST /v1/macros/{id}/preview": {"ticket_id": self.ticket_id},
            "POST /v1/tickets": {"requester": {"email": "kim@example.com"}, "subject": "Call", "body": "They say"},
            "PATCH /v1/tickets/{id}/messages/{message_id}": {"body": "Other words"},
            "PUT /v1/tickets/{id}/requester": {"email": "kim@example.com", "keep_former": True},
            "POST /v1/tickets/{id}/snooze": {"until": None},
            "POST /v1/notifications/read": {"all": True},
            "PUT /v1/me/notification-preferences": {"items": []},
            "POST /v1/tickets/{id}/time": {"seconds": 60},
            "PATCH /v1/tickets/{id}/time/{entry_id}": {"note": "A call"},
            "POST /v1/tickets/{id}/side-conversations": {
                "to": [{"email": "kim@example.com"}],
                "subject": "Hi",
                "body": "Hello",
            },
            "POST /v1/tickets/{id}/side-conversations/{side_id}/messages": {"body": "Hello"},
            "POST /v1/tickets/{id}/side-conversations/{side_id}/participants": {"email": "lee@example.com"},
            "POST /v1/tickets/{id}/participants": {"email": "kim@example.com"},
            "POST /v1/bulk": {"tickets": [self.ticket_id], "action": {"change": {"priority": "high"}}},
            "PATCH /v1/people/{id}": {"undeliverable": False},
            "POST /v1/suspended-mails/{id}/block": {"scope": "address"},
            "POST /v1/blocked-senders": {"pattern": "spam.example"},
        }.get(route)


@pytest.fixture(scope="module")
def visit_and_back() -> Iterator[tuple[Visit, Callable[[], None]]]:
    """One desk for all rows, and the way back to how it was before the last one."""
    desk = desk_for_tests()
    with a_world(replace(desk, agents={**desk.agents, LIGHT.id: LIGHT}, surveys={PULSE.id: PULSE})) as world:
        yield Visit(world), world.checkpoint()


def test_the_matrix_names_every_route_and_no_other() -> None:
    declared = [f"{route.method} {route.path}" for function in FUNCTIONS for route in function.routes]
    assert sorted(name for name, _ in rows()) == sorted(declared)


@pytest.mark.parametrize(("route", "expected"), list(rows()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_route_lets_in_whom_the_matrix_names(
    visit_and_back: tuple[Visit, Callable[[], None]], route: str, expected: dict[str, str]
) -> None:
    visit, go_back = visit_and_back
    go_back()
    found = {caller: visit.call(route, caller) for caller in expected}
    shown = {caller: "yes" if answer.status < 400 else str(answer.status) for caller, answer in found.items()}
    assert shown == expected


@pytest.mark.parametrize(
    "name", [f"{r.method} {r.path}" for function in FUNCTIONS for r in function.routes if r.auth is Auth.AGENT]
)
@pytest.mark.usefixtures("visit_and_back")
def test_a_function_trusts_no_gateway_that_lets_everybody_through(name: str) -> None:
    method, path = name.split()
    function, route, params = find_route(method, path)
    event = api_event(method, path, "", route, params)
    for claims in (None, {}, {"username": AGENT.id}, {"username": AGENT.id, "token_use": "id"}):
        event["requestContext"].pop("authorizer", None)
        if claims is not None:
            event["requestContext"]["authorizer"] = {"jwt": {"claims": claims}}
        assert handler_of(function)(event, None)["statusCode"] == 401
