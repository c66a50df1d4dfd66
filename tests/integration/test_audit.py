"""The trail: every change of a setting is in it, by whom, when, from where, old and new; nothing gets past it unseen."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.contracts.table import audit_month, ticket_partition
from helpdesk.kernel.audit import trail_fault
from helpdesk.platform.audit import ADDRESS_KEPT, entries_in, head_of
from tests.support.desk import ADMIN, AGENT, SUPERVISOR, desk_for_tests
from tests.support.raw_mails import a_mail
from tests.support.wire import AwsCall, Proceed, observing
from tests.support.world import Answered, World, a_world

ROLE = {"names": {"en": "Readers"}, "permissions": ["write_notes"], "sees": "own_groups"}
MONTH = "2026-11"


def audit(world: World, query: str = "", agent: str = ADMIN.id) -> Answered:
    return world.api("GET", f"/v1/audit{query}", agent=agent)


def save_role(world: World, role_id: str = "readers", **changed: object) -> None:
    world.api("PUT", f"/v1/roles/{role_id}", ROLE | changed, agent=ADMIN.id, ip="203.0.113.9").ok()


def test_a_change_tells_who_when_from_where_and_what_it_was_before() -> None:
    with a_world() as world:
        save_role(world)
        save_role(world, sees="assigned")
        at = world.clock.now
        world.api("DELETE", "/v1/roles/readers", agent=ADMIN.id).ok()
        removed, changed, created = audit(world).ok()["items"]
        assert [one["action"] for one in (created, changed, removed)] == ["created", "changed", "removed"]
        assert (changed["kind"], changed["target"], changed["actor"]["id"]) == ("role", "readers", ADMIN.id)
        assert changed["target_name"] is None, "it is gone"
        assert (changed["before"], changed["after"]) == ({"sees": "own_groups"}, {"sees": "assigned"})
        assert changed["from"] == {"via": "api", "address": "203.0.113.9"}
        assert created["before"] is None
        assert removed["after"] is None
        assert changed["at"] < removed["at"] <= at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_every_kind_of_setting_is_told_of_without_saying_so() -> None:
    writes = {
        "field": ("/v1/fields/spare", {"type": "text", "names": {"en": "Spare"}}),
        "form": ("/v1/forms/spare", {"names": {"en": "Spare"}, "category": "billing"}),
        "status": ("/v1/statuses/spare", {"base": "open", "names": {"en": "Spare"}}),
        "product": ("/v1/products/spare", {"names": {"en": "Spare"}}),
        "category": ("/v1/categories/spare", {"names": {"en": "Spare"}}),
        "general": ("/v1/settings/unknown-fields", {"unknown": "refuse"}),
        "mailbox": ("/v1/mailboxes/support/letterhead", {"brand": "Us"}),
        "policy": ("/v1/sla-policies/spare", {"name": "Spare", "calendar_id": "seoul", "targets": {}}),
        "calendar": ("/v1/calendars/spare", {"name": "Spare", "zone": "Asia/Seoul", "weekly": [[]] * 7}),
    }
    named: dict[str, str | None] = {}
    with a_world() as world:
        for kind, (path, body) in writes.items():
            world.api("PUT", path, body, agent=ADMIN.id).ok()
            (told,) = audit(world, f"?kind={kind}").ok()["items"]
            assert told["after"], kind
            named[kind] = told["target_name"]
        del named["policy"]  # a container's copy of the promises is seconds old
        assert named == dict.fromkeys(named, "Spare") | {"general": None, "mailbox": "Test Support"}
        world.api("POST", "/v1/blocked-senders", {"pattern": "eve@example.org"}, agent=SUPERVISOR.id).ok()
        (told,) = audit(world, "?kind=blocked").ok()["items"]
        assert told["actor"]["id"] == SUPERVISOR.id
        assert "eve@example.org" not in json.dumps(told)
        words = world.api("GET", "/v1/mail-templates/acknowledgement/ko", agent=ADMIN.id).ok()["words"]
        world.api(
            "PUT",
            "/v1/mail-templates/acknowledgement/ko",
            words | {"subject": "접수"},
            agent=ADMIN.id,
            headers={"If-Match": '"0"'},
        ).ok()
        assert audit(world, "?kind=mail_template").ok()["items"][0]["after"]["subject"] == "접수"


def test_what_is_kept_beside_the_settings_is_named_too_as_long_as_it_is_there() -> None:
    with a_world() as world:
        made = world.api("POST", "/v1/organizations", {"name": "Hana"}, agent=ADMIN.id).ok()
        body = {"title": "Refund", "scope": "shared", "bodies": {"en": {"text": "Done."}}}
        text = world.api("POST", "/v1/canned-responses", body, agent=ADMIN.id).ok()
        names = {one["target"]: one["target_name"] for one in audit(world).ok()["items"]}
        assert (names[made["id"]], names[text["id"]]) == ("Hana", "Refund")
        world.api("DELETE", f"/v1/canned-responses/{text['id']}", agent=ADMIN.id, headers={"If-Match": '"1"'}).ok()
        gone = audit(world, "?kind=canned_response").ok()["items"]
        assert {one["target_name"] for one in gone} == {None}


def test_writing_what_is_there_already_tells_nothing() -> None:
    with a_world() as world:
        save_role(world)
        save_role(world)
        assert len(audit(world).ok()["items"]) == 1


def test_a_page_is_one_query_and_pages_go_on_where_the_one_before_ended() -> None:
    with a_world() as world:
        for number in range(7):
            save_role(world, f"role{number}")
        seen: list[str] = []

        def count(call: AwsCall, proceed: Proceed) -> dict[str, object]:
            seen.append(call.name)
            return proceed()

        audit(world).ok()  # the container has read settings and the secret by now
        with observing(count):
            page = audit(world, "?limit=3").ok()
        assert seen == ["dynamodb.Query"]
        found = [one["target"] for one in page["items"]]
        while page["next_cursor"] is not None:
            page = audit(world, f"?limit=3&cursor={page['next_cursor']}").ok()
            found += [one["target"] for one in page["items"]]
        assert found == [f"role{number}" for number in range(6, -1, -1)]


def test_filters_leave_only_what_was_asked_for() -> None:
    with a_world() as world:
        save_role(world, "first")
        between = world.clock.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        world.advance(days=20)  # into the next month
        save_role(world, "second")
        world.api("POST", "/v1/blocked-senders", {"pattern": "example.org"}, agent=SUPERVISOR.id).ok()
        targets = lambda query: [one["target"] for one in all_of(world, query)]  # noqa: E731 - said five times below
        assert targets("?kind=role") == ["second", "first"]
        assert len(targets(f"?actor={SUPERVISOR.id}")) == 1
        assert targets(f"?kind=role&from={between}") == ["second"]
        assert targets(f"?kind=role&to={between}") == ["first"]
        assert targets("?kind=none") == []
        audit(world, "?from=yesterday").refused(400, "invalid")


def all_of(world: World, query: str) -> list[dict[str, str]]:
    """All pages of the trail."""
    found: list[dict[str, str]] = []
    page = audit(world, query).ok()
    for _ in range(20):
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        page = audit(world, f"{query}&cursor={page['next_cursor']}").ok()
    raise AssertionError("a trail without an end")


@pytest.mark.parametrize("agent", [AGENT, SUPERVISOR])
def test_who_may_not_read_it_is_told_which_permission_is_missing(agent: object) -> None:
    with a_world() as world:
        refused = audit(world, agent=getattr(agent, "id", "")).refused(403, "forbidden")
        assert refused["permission"] == "read_audit"


def test_a_changed_entry_and_a_removed_one_break_the_months_chain() -> None:
    with a_world() as world:
        for number in range(4):
            save_role(world, f"role{number}")
        entries = list(entries_in(MONTH))
        assert trail_fault(entries, head_of(MONTH)) is None
        assert (
            trail_fault([*entries[:1], replace(entries[1], actor="nobody"), *entries[2:]], head_of(MONTH)) is not None
        )
        assert trail_fault(entries[:-1], head_of(MONTH)) is not None


def test_addresses_lie_beside_the_trail_and_end() -> None:
    with a_world() as world:
        save_role(world)
        items = {sk: item for (pk, sk), item in world.items.items() if pk == audit_month(MONTH)}
        holding = [sk for sk, item in items.items() if "203.0.113.9" in json.dumps(item)]
        assert len(holding) == 1
        over = int(items[holding[0]]["expires_at"]["N"])
        assert over <= (world.clock.now + ADDRESS_KEPT + timedelta(seconds=1)).timestamp()


def test_merging_people_is_told_by_their_ids_alone() -> None:
    with a_world(desk_for_tests()) as world:
        ids = []
        for name in ("ann", "eve"):
            ticket = world.open(f"{name}@example.com", name=name.title())["ticket"]["id"]
            ids.append(world.ticket(ticket).requester_id)
        world.api("POST", f"/v1/people/{ids[0]}/merge", {"person": ids[1]}, agent=AGENT.id).ok()
        (told,) = audit(world, "?kind=person").ok()["items"]
        assert (told["target"], told["action"], told["after"]) == (ids[0], "merged", {"person": ids[1]})
        assert "example.com" not in json.dumps(told)


def test_ordering_a_persons_data_is_told_of() -> None:
    with a_world() as world:
        person = world.ticket(world.open("ann@example.com")["ticket"]["id"]).requester_id
        world.api("POST", f"/v1/people/{person}/export", agent=ADMIN.id).ok()
        (told,) = audit(world, "?kind=person").ok()["items"]
        assert (told["target"], told["action"], told["after"]) == (person, "export_ordered", None)


def test_what_agents_share_and_organizations_are_told_of_and_what_is_somebodys_own_is_not() -> None:
    shelves = {
        "canned_response": ("/v1/canned-responses", {"title": "Hello", "bodies": {"en": {"text": "Hello"}}}),
        "macro": ("/v1/macros", {"title": "Hello", "changes": {"priority": "urgent"}}),
        "view": ("/v1/views", {"title": "Hello", "conditions": {"field": "priority", "is": "urgent"}}),
    }
    with a_world() as world:
        as_admin = {"agent": ADMIN.id}
        for kind, (path, body) in shelves.items():
            world.api("POST", path, body | {"scope": "personal"}, **as_admin).ok()
            made = world.api("POST", path, body | {"scope": "shared"}, **as_admin).ok()
            place = f"{path}/{made['id']}"
            changed = body | {"scope": "shared", "title": "Bye"}
            seen = {"If-Match": '"1"'}
            world.api("PUT", place, changed, headers=seen, **as_admin).ok()
            world.api("DELETE", place, headers={"If-Match": '"2"'}, **as_admin).ok()
            told = audit(world, f"?kind={kind}").ok()["items"]
            assert [(one["target"], one["action"]) for one in told] == [
                (made["id"], action) for action in ("removed", "changed", "created")
            ]
            assert (told[1]["before"], told[1]["after"]) == ({"title": "Hello"}, {"title": "Bye"})
        made = world.api("POST", "/v1/organizations", {"name": "Acme"}, **as_admin).ok()
        change = {"tags": ["gold"], "notes": "Ask for Ann Kim"}
        world.api("PATCH", f"/v1/organizations/{made['id']}", change, headers={"If-Match": '"0"'}, **as_admin).ok()
        changed, created = audit(world, "?kind=organization").ok()["items"]
        assert created["after"]["name"] == "Acme"
        assert changed["after"]["tags"] == ["gold"]
        assert "Ann" not in json.dumps(changed)  # the trail cannot forget


def test_a_changed_person_is_told_of_without_what_only_they_have() -> None:
    with a_world() as world:
        person = world.ticket(world.open("ann@example.com")["ticket"]["id"]).requester_id
        version = world.api("GET", f"/v1/people/{person}", agent=AGENT.id).ok()["version"]
        change = {"name": "Ann Kim", "time_zone": "Asia/Seoul"}
        world.api("PATCH", f"/v1/people/{person}", change, agent=AGENT.id, headers={"If-Match": f'"{version}"'}).ok()
        (told,) = audit(world, "?kind=person").ok()["items"]
        assert (told["target"], told["actor"]["id"]) == (person, AGENT.id)
        assert told["after"] == {"time_zone": "Asia/Seoul", "changed": ["name", "time_zone"]}


def test_a_sign_in_is_told_once_a_session_by_whichever_container_sees_it() -> None:
    with a_world() as world:
        for session in ("1700000000", "1700000000", "1700003600"):
            world.api("GET", "/v1/me", agent=AGENT.id, session=session, ip="203.0.113.9").ok()
            world.restart()
        world.api("GET", "/v1/me", agent="a-stranger", session="1700000000").refused(403, "forbidden")
        world.api("POST", "/v1/me/sign-out", agent=AGENT.id, session="1700003600").ok()
        told = [(one["action"], one["target"]) for one in audit(world, "?kind=session").ok()["items"]]
        signed_in = ("signed_in", AGENT.id)
        assert told == [("signed_out", AGENT.id), ("sign_in_refused", "a-stranger"), signed_in, signed_in]
        assert audit(world, "?kind=session").ok()["items"][-1]["from"] == {"via": "api", "address": "203.0.113.9"}


def test_supervisors_see_from_where_a_ticket_was_changed_and_nobody_does_once_a_person_is_erased() -> None:
    with a_world() as world:
        ticket_id = world.open("ann@example.com", name="Ann")["ticket"]["id"]
        path = f"/v1/tickets/{ticket_id}"
        note = {"body": "Look", "visibility": "internal"}
        world.api("POST", f"{path}/messages", note, agent=AGENT.id, ip="203.0.113.9").ok()
        number = world.ticket(ticket_id).number
        received = "Received: from mx.example.com (mx.example.com [192.0.2.7]) by inbound-smtp.amazonaws.com\r\n"
        mail = a_mail("ann@example.com", f"Re: [#{number}] printer", "It still does not")
        world.mail(received.encode() + mail.as_bytes())

        def addresses(agent: str) -> set[str | None]:
            items = world.api("GET", f"{path}/history?limit=100", agent=agent).ok()["items"]
            asked_for = (one for one in items if one["actor"]["kind"] != "system" and one["type"] != "SlaApplied")
            return {one["address"] for one in asked_for}

        assert addresses(SUPERVISOR.id) == {"198.51.100.7", "203.0.113.9", "mx.example.com [192.0.2.7]"}
        assert addresses(AGENT.id) == {None}
        person = world.ticket(ticket_id).requester_id
        world.api("POST", f"/v1/people/{person}/erasure", {"tickets": 1}, agent=ADMIN.id).ok()
        world.settle()
        assert addresses(ADMIN.id) == {None, "203.0.113.9"}
        kept = json.dumps([item for (pk, _), item in world.items.items() if pk == ticket_partition(ticket_id)])
        assert "198.51.100.7" not in kept
        assert "mx.example.com" not in kept
