"""Admins describe what tickets are; customers and agents are held to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.desk import ADMIN, AGENT, SUPERVISOR
from tests.support.world import World, a_world

ORDER = {"type": "text", "names": {"en": "Order", "ko": "주문번호"}, "customer": "editable", "pattern": r"HB-\d{5}"}
PROBLEM = {
    "type": "choice",
    "names": {"en": "What is wrong?", "ko": "무엇이 문제인가요?"},
    "customer": "editable",
    "choices": [{"id": "broken", "names": {"en": "Broken", "ko": "고장"}}, {"id": "slow", "names": {"en": "Slow"}}],
}
SERIAL = {"type": "text", "names": {"en": "Serial number"}, "customer": "visible", "required_to_solve": True}
FORM = {
    "names": {"en": "Something does not work"},
    "category": "technical",
    "elements": [
        {"field": "problem", "required": True},
        {"field": "order", "required": True, "when": [{"of": "fields/problem", "equals": "broken"}]},
        {"field": "serial", "when": [{"of": "fields/problem", "equals": "broken"}]},
    ],
}
CALL = {
    "names": {"en": "On the phone"},
    "category": "technical",
    "channel": "phone",
    "elements": [
        {"kind": "question", "texts": {"en": "What does the screen say?"}, "field": "problem"},
        {"kind": "text", "texts": {"en": "Thank them for calling."}},
    ],
}


class Configured:
    """A desk with fields, a form and a few more things."""

    def __init__(self, world: World) -> None:
        self.world = world
        for path, body in {
            "/v1/fields/order": ORDER,
            "/v1/fields/problem": PROBLEM,
            "/v1/fields/serial": SERIAL,
            "/v1/forms/technical": FORM,
            "/v1/forms/call": CALL,
            "/v1/statuses/in_repair": {"base": "on_hold", "names": {"en": "In repair", "ko": "수리 중"}},
            "/v1/products/hb300": {"names": {"en": "Printer HB-300"}, "group": "billing"},
        }.items():
            self.put(path, body).ok()

    def put(self, path: str, body: object, agent: str = ADMIN.id) -> Any:
        return self.world.api("PUT", path, body, agent=agent)

    def get(self, path: str, agent: str = AGENT.id) -> Any:
        return self.world.api("GET", path, agent=agent).ok()

    def delete(self, path: str) -> Any:
        return self.world.api("DELETE", path, agent=ADMIN.id)

    def request(self, **fields: object) -> Any:
        body = {
            "requester": {"email": "ann@example.com", "locale": "ko"},
            "subject": "It does not work",
            "body": "At all.",
            "category": "technical",
            "fields": fields,
        }
        return self.world.api("POST", "/v1/requests", body)

    def ticket_id(self, **fields: object) -> str:
        return str(self.request(**fields).ok()["ticket"]["id"])


@pytest.fixture
def desk() -> Iterator[Configured]:
    with a_world() as world:
        yield Configured(world)


def test_what_an_admin_writes_agents_read_as_it_was_written(desk: Configured) -> None:
    fields = {one["id"]: one for one in desk.get("/v1/fields")["items"]}
    assert set(fields) == {"order", "problem", "serial"}
    assert fields["order"]["pattern"] == r"HB-\d{5}"
    assert fields["problem"]["choices"][0] == {"id": "broken", "names": {"en": "Broken", "ko": "고장"}, "active": True}
    forms = {one["id"]: one for one in desk.get("/v1/forms")["items"]}
    assert forms["call"]["elements"][0]["kind"] == "question"
    assert [one["id"] for one in desk.get("/v1/statuses")["items"]] == [
        "new",
        "open",
        "pending",
        "on_hold",
        "solved",
        "closed",
        "in_repair",
    ]
    assert desk.get("/v1/products")["items"][0]["group"] == "billing"
    assert [one["id"] for one in desk.get("/v1/settings/categories")["items"]] == ["billing", "technical"]


def test_supervisors_read_and_admins_write(desk: Configured) -> None:
    desk.put("/v1/fields/x", ORDER, SUPERVISOR.id).refused(403)
    desk.world.api("DELETE", "/v1/fields/order", agent=AGENT.id).refused(403)


def test_everything_wrong_with_a_setting_is_named(desk: Configured) -> None:
    refused = desk.put("/v1/fields/Bad Id", {"type": "choice", "names": {}, "pattern": "("}).refused(400)
    assert refused.pointers == {"/id", "/names", "/choices", "/pattern"}
    assert desk.put("/v1/fields/order", {**ORDER, "type": "number", "pattern": None}).refused(400).pointers == {"/type"}
    bad = {"names": {"en": "F"}, "category": "nowhere", "elements": [{"field": "gone"}]}
    assert desk.put("/v1/forms/f", bad).refused(400).pointers == {"/category", "/elements/0/field"}
    assert desk.put("/v1/statuses/s", {"base": "closed", "to": []}).refused(400).pointers == {"/names", "/base", "/to"}
    assert desk.put("/v1/statuses/open", {"base": "pending"}).refused(400).pointers == {"/base"}
    assert desk.put("/v1/statuses/in_repair", {"base": "open", "names": {"en": "x"}}).refused(400).pointers == {"/base"}
    assert desk.put("/v1/products/p", {"names": {"en": "P"}, "group": "gone"}).refused(400).pointers == {"/group"}
    assert desk.put("/v1/categories/done", {"names": {"en": "D"}}).refused(400).pointers == {"/id"}


def test_what_is_in_use_cannot_be_taken_away(desk: Configured) -> None:
    assert "form" in desk.delete("/v1/fields/problem").refused(409)["detail"]
    assert "technical" in desk.delete("/v1/categories/technical").refused(409)["detail"]
    fewer = {**PROBLEM, "choices": PROBLEM["choices"][1:]}
    assert "form technical" in desk.put("/v1/fields/problem", fewer).refused(400)["errors"][0]["message"]
    desk.delete("/v1/forms/technical").ok()
    desk.delete("/v1/forms/call").ok()
    desk.delete("/v1/fields/problem").ok()
    desk.delete("/v1/categories/technical").ok()
    desk.delete("/v1/fields/problem").refused(404)


def test_tickets_outlive_what_described_them(desk: Configured) -> None:
    ticket_id = desk.ticket_id(problem="slow")
    desk.world.patch(ticket_id, AGENT.id, custom_status="in_repair", product="hb300").ok()
    for path in ("forms/technical", "forms/call", "fields/problem", "statuses/in_repair", "products/hb300"):
        desk.delete(f"/v1/{path}").ok()
    desk.delete("/v1/categories/technical").ok()
    found = desk.get(f"/v1/tickets/{ticket_id}")
    assert (found["custom_status"], found["status"], found["product"]) == ("in_repair", "on_hold", "hb300")
    assert found["fields"] == {"problem": "slow"}
    assert desk.world.patch(ticket_id, AGENT.id, tags=["seen"]).ok()["custom_status"] == "in_repair"
    assert desk.world.patch(ticket_id, AGENT.id, status="open").ok()["custom_status"] is None


def test_a_request_is_held_to_the_form_of_its_category(desk: Configured) -> None:
    assert desk.request().refused(400).pointers == {"/fields/problem"}
    assert desk.request(problem="broken").refused(400).pointers == {"/fields/order"}
    assert desk.request(problem="lost", serial="A-1").refused(400).pointers == {"/fields/problem"}
    assert desk.request(problem="broken", order="4711", serial="A-1").refused(400).pointers == {
        "/fields/order",
        "/fields/serial",
    }
    opened = desk.request(problem="slow", order="HB-20881", colour="red").ok()
    ticket = desk.get(f"/v1/tickets/{opened['ticket']['id']}")
    assert ticket["fields"] == {"problem": "slow", "colour": "red"}


def test_a_requester_reads_the_fields_that_they_may_see(desk: Configured) -> None:
    opened = desk.request(problem="broken", order="HB-20881", colour="red").ok()
    desk.world.patch(opened["ticket"]["id"], AGENT.id, fields={"serial": "A-1"}).ok()
    view = desk.world.api("GET", f"/v1/requests/{opened['ticket']['id']}", token=opened["access_token"]).ok()
    found = {one["id"]: (one["name"], one["text"]) for one in view["fields"]}
    assert found == {
        "order": ("주문번호", "HB-20881"),
        "problem": ("무엇이 문제인가요?", "고장"),
        "serial": ("Serial number", "A-1"),
    }


def test_the_public_form_has_what_customers_fill_in_and_nothing_else(desk: Configured) -> None:
    form = desk.world.api("GET", "/v1/request-forms?category=technical&locale=ko-KR").ok()
    assert [one["field"]["id"] for one in form["elements"]] == ["problem", "order"]
    assert form["elements"][0]["field"]["choices"][0] == {"id": "broken", "name": "고장"}
    assert form["elements"][1]["when"] == [{"of": "fields/problem", "equals": "broken", "one_of": [], "filled": None}]
    assert "serial" not in str(form.body)
    assert "screen say" not in str(form.body)
    desk.world.api("GET", "/v1/request-forms?category=nowhere").refused(404)


def test_agents_are_held_to_types_and_to_what_is_needed_before_solving(desk: Configured) -> None:
    ticket_id = desk.ticket_id(problem="broken", order="HB-20881")
    assert desk.world.patch(ticket_id, AGENT.id, fields={"problem": "lost"}).refused(400).pointers == {
        "/fields/problem"
    }
    refused = desk.world.patch(ticket_id, AGENT.id, status="solved").refused(409, "not_ready")
    assert refused.pointers == {"/fields/serial"}
    refused = desk.world.answer(ticket_id, AGENT.id, "Done", status="solved").refused(409, "not_ready")
    assert refused.pointers == {"/fields/serial"}
    assert desk.world.patch(ticket_id, AGENT.id, status="solved", fields={"serial": "A-1"}).ok()["status"] == "solved"


def test_limits_between_statuses_bind_agents_and_macros_but_not_requesters(desk: Configured) -> None:
    desk.put("/v1/statuses/pending", {"base": "pending", "to": ["open", "in_repair"]}).ok()
    ticket_id = desk.ticket_id(problem="slow")
    desk.world.patch(ticket_id, AGENT.id, status="pending").ok()
    refused = desk.world.patch(ticket_id, AGENT.id, status="on_hold").refused(409, "not_ready")
    assert refused.pointers == {"/status"}
    macro = {"title": "Hold", "changes": {"status": "on_hold"}}
    macro_id = desk.world.api("POST", "/v1/macros", macro, agent=AGENT.id).ok()["id"]
    version = desk.world.ticket(ticket_id).version
    run = {"macro_id": macro_id}
    headers = {"If-Match": f'"{version}"'}
    path = f"/v1/tickets/{ticket_id}/macros"
    desk.world.api("POST", path, run, agent=AGENT.id, headers=headers).refused(409, "not_ready")
    assert desk.world.patch(ticket_id, AGENT.id, custom_status="in_repair").ok()["status"] == "on_hold"


def test_a_macro_is_held_to_types_and_may_set_all_of_it(desk: Configured) -> None:
    bad = {"title": "Bad", "changes": {"fields": {"problem": "lost"}, "product": "gone", "custom_status": "open"}}
    refused = desk.world.api("POST", "/v1/macros", bad, agent=AGENT.id).refused(400)
    assert refused.pointers == {"/changes/fields/problem", "/changes/product", "/changes/custom_status"}
    changes = {
        "custom_status": "in_repair",
        "type": "incident",
        "impact": "high",
        "urgency": "high",
        "product": "hb300",
        "fields": {"problem": "broken"},
    }
    macro = desk.world.api("POST", "/v1/macros", {"title": "All", "changes": changes}, agent=AGENT.id).ok()
    assert macro["changes"] == changes
    ticket_id = desk.ticket_id(problem="slow")
    headers = {"If-Match": f'"{desk.world.ticket(ticket_id).version}"'}
    run = {"macro_id": macro["id"]}
    desk.world.api("POST", f"/v1/tickets/{ticket_id}/macros", run, agent=AGENT.id, headers=headers).ok()
    ticket = desk.get(f"/v1/tickets/{ticket_id}")
    assert {name: ticket[name] for name in ("custom_status", "type", "priority", "product")} == {
        "custom_status": "in_repair",
        "type": "incident",
        "priority": "urgent",
        "product": "hb300",
    }
    history = desk.get(f"/v1/tickets/{ticket_id}/history")["items"]
    moved = next(event for event in history if event["type"] == "TicketPriorityChanged")
    assert [reason["code"] for reason in moved["because"]] == ["macro", "impact_and_urgency"]


def test_lists_show_and_find_what_tickets_are_described_by(desk: Configured) -> None:
    one = desk.ticket_id(problem="broken", order="HB-20881")
    other = desk.ticket_id(problem="slow")
    desk.world.patch(one, AGENT.id, custom_status="in_repair", type="incident", product="hb300", impact="low").ok()

    def found(query: str) -> set[str]:
        return {row["id"] for row in desk.get(f"/v1/tickets?{query}")["items"]}

    assert found("status=in_repair") == {one}
    assert found("status=on_hold") == {one}
    assert found("status=in_repair,active") == {one, other}
    assert found("type=incident") == {one}
    assert found("product=hb300") == {one}
    assert found("product=none") == {other}
    assert found("field=order:hb-20881") == {one}
    assert found("field=problem:slow") == {other}
    row = next(row for row in desk.get("/v1/tickets")["items"] if row["id"] == one)
    assert (row["custom_status"], row["impact"], row["product"], row["fields"]["order"]) == (
        "in_repair",
        "low",
        "hb300",
        "HB-20881",
    )


def test_a_call_is_held_to_its_question_screen(desk: Configured) -> None:
    screen = {**CALL, "elements": [*CALL["elements"], {"field": "serial", "required": True}]}
    desk.put("/v1/forms/call", screen).ok()
    call = {
        "requester": {"email": "ann@example.com"},
        "subject": "A call",
        "body": "She says that it is slow.",
        "category": "technical",
    }

    def write_down(**fields: object) -> Any:
        return desk.world.api("POST", "/v1/tickets", {**call, "fields": fields}, agent=AGENT.id)

    assert write_down(problem="lost").refused(400).pointers == {"/fields/problem", "/fields/serial"}
    assert write_down(problem="slow", serial="A-1").ok()["fields"] == {"problem": "slow", "serial": "A-1"}
    of_ours = {**call, "written_by": "agent", "channel": "email"}
    assert desk.world.api("POST", "/v1/tickets", of_ours, agent=AGENT.id).ok()["fields"] == {}


def test_texts_name_choices_in_the_requesters_language(desk: Configured) -> None:
    ticket_id = desk.ticket_id(problem="broken", order="HB-20881")
    desk.world.patch(ticket_id, AGENT.id, product="hb300").ok()
    text = "{{ticket.fields.problem}} / {{ticket.fields.order}} / {{product.name}}"
    response = {"title": "T", "bodies": {"ko": {"text": text}}}
    item = desk.world.api("POST", "/v1/canned-responses", response, agent=AGENT.id).ok()["id"]
    path = f"/v1/canned-responses/{item}/preview"
    found = desk.world.api("POST", path, {"ticket_id": ticket_id}, agent=AGENT.id).ok()
    assert found["text"].startswith("고장 / HB-20881 / Printer HB-300")


def test_the_matrix_is_the_admins_to_change(desk: Configured) -> None:
    flat = dict.fromkeys(("low", "medium", "high"), dict.fromkeys(("low", "medium", "high"), "urgent"))
    desk.put("/v1/settings/priority-matrix", flat).ok()
    assert desk.get("/v1/settings/priority-matrix").body == flat
    ticket_id = desk.ticket_id(problem="slow")
    assert desk.world.patch(ticket_id, AGENT.id, impact="low", urgency="low").ok()["priority"] == "urgent"
    missing = {"low": flat["low"], "medium": flat["low"], "high": {"low": "low"}}
    assert desk.put("/v1/settings/priority-matrix", missing).refused(400).pointers == {"/high/medium", "/high/high"}


def test_free_values_are_refused_where_the_desk_says_so(desk: Configured) -> None:
    assert desk.get("/v1/settings/unknown-fields")["unknown"] == "keep"
    before = desk.ticket_id(problem="slow", colour="red")
    desk.put("/v1/settings/unknown-fields", {"unknown": "refuse"}).ok()
    assert desk.request(problem="slow", colour="red").refused(400).pointers == {"/fields/colour"}
    ticket = desk.world.patch(before, AGENT.id, fields={"colour": "blue"}).ok()
    assert ticket["fields"]["colour"] == "blue"


def test_a_product_sends_a_ticket_to_its_group_where_the_category_does_not(desk: Configured) -> None:
    desk.put("/v1/categories/technical", {"names": {"en": "Technical"}}).ok()
    ticket_id = desk.ticket_id(problem="slow")
    desk.world.patch(ticket_id, AGENT.id, product="hb300", group=None, assignee=None).ok()
    desk.world.settle()
    assert desk.world.ticket(ticket_id).group == "billing"


def test_requesters_read_the_name_that_is_meant_for_them_and_never_the_one_for_colleagues(desk: Configured) -> None:
    def read() -> dict[str, object]:
        return dict(desk.world.api("GET", f"/v1/requests/{ticket_id}", token=opened["access_token"]).ok()["ticket"])

    opened = desk.world.open("minsu@example.com", locale="ko")
    ticket_id = opened["ticket"]["id"]
    desk.world.patch(ticket_id, AGENT.id, custom_status="in_repair").ok()
    assert (read()["status"], read()["status_name"]) == ("on_hold", None)
    told = {"en": "Being repaired", "ko": "수리하고 있습니다"}
    body = {"base": "on_hold", "names": {"en": "In repair, ask Bolt"}, "customer_names": told}
    desk.put("/v1/statuses/in_repair", body).ok()
    assert (read()["status"], read()["status_name"]) == ("on_hold", "수리하고 있습니다")
    desk.put("/v1/statuses/open", {"base": "open", "customer_names": {"en": "We are on it"}}).ok()
    desk.world.patch(ticket_id, AGENT.id, status="open").ok()
    assert read()["status_name"] == "We are on it"
    assert "ask Bolt" not in str(desk.world.api("GET", f"/v1/requests/{ticket_id}", token=opened["access_token"]).body)
