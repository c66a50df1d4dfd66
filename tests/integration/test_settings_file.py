"""All settings in one file and back, and every version of each."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from boto3.dynamodb.conditions import Key
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk import bootstrap, cli
from helpdesk.configuration.model import Author
from helpdesk.configuration.parts import PARTS
from helpdesk.configuration.yaml_file import read
from helpdesk.contracts import table as keys
from helpdesk.desk.model import Desk, General
from helpdesk.kernel.errors import HelpdeskError
from helpdesk.people.model import Role
from tests.support.desk import ADMIN, AGENT, desk_for_tests
from tests.support.world import MONDAY_MORNING, TABLE, Answered, World, a_world

BODIES = {"en": {"text": "Dear {{requester.name}},\n\nthank you. "}, "ko": {"text": "고맙습니다 🙏"}}


def fill(world: World) -> None:
    """Something of every kind."""

    def put(path: str, body: object) -> None:
        world.api("PUT", path, body, agent=ADMIN.id).ok()

    put("/v1/fields/order", {"type": "text", "names": {"en": "Order", "ko": "주문번호"}, "pattern": r"HB-\d{5}"})
    choices = [{"id": "no", "names": {"en": "No"}}, {"id": "300", "names": {"en": "300"}}]
    put("/v1/fields/kind", {"type": "choice", "names": {"en": "Kind"}, "choices": choices})
    put("/v1/forms/technical", {"names": {"en": "F"}, "category": "technical", "elements": [{"field": "order"}]})
    put("/v1/statuses/in_repair", {"base": "on_hold", "names": {"en": "In repair"}, "to": ["open", "solved"]})
    put("/v1/products/hb300", {"names": {"en": "Printer: HB-300 # new"}, "group": "billing"})
    put("/v1/plans/gold", {"names": {"en": "Gold"}, "descriptions": {"en": "All day,\nall night"}})
    put("/v1/roles/readers", {"names": {"en": "Readers"}, "permissions": ["write_notes"], "sees": "own_groups"})
    put("/v1/settings/unknown-fields", {"unknown": "refuse"})
    put(
        "/v1/mailboxes/support/letterhead", {"brand": "Acme", "colour": "#2f4fd0", "signatures": {"en": "Yours,\nAcme"}}
    )
    policy = {
        "name": "Fast",
        "calendar_id": "seoul",
        "targets": {"high": [{"metric": "first_response", "seconds": 60}]},
    }
    put("/v1/sla-policies/fast", {**policy, "place": 1})
    put("/v1/calendars/night", {"name": "Night", "zone": "Asia/Tokyo", "weekly": [[{"start": 1320, "end": 360}]] * 7})
    canned = {"title": "Thanks", "scope": "shared", "bodies": BODIES}
    made = world.api("POST", "/v1/canned-responses", canned, agent=ADMIN.id).ok()
    world.api("POST", "/v1/canned-responses", {**canned, "scope": "personal"}, agent=AGENT.id).ok()
    macro = {"title": "Done", "scope": "shared", "changes": {"status": "solved"}}
    macro |= {"reply": {"canned_response_id": made["id"]}}
    world.api("POST", "/v1/macros", macro, agent=ADMIN.id).ok()
    checklist = {"title": "Return", "items": [{"titles": {"en": "Ask for the number"}, "assignee": AGENT.id}]}
    world.api("POST", "/v1/checklists", checklist, agent=ADMIN.id).ok()
    shown = world.api("GET", "/v1/mail-templates/acknowledgement/en", agent=ADMIN.id).ok()
    view = {"title": "Urgent", "conditions": {"all": [{"field": "priority", "is": ["urgent"]}]}, "scope": "shared"}
    world.api("POST", "/v1/views", view, agent=ADMIN.id).ok()
    put("/v1/rules/late", {"name": "Late", "on": ["opened"], "actions": {"changes": {"priority": "high"}}})
    put("/v1/webhooks/chat", {"name": "Chat", "url": "https://chat.example/hooks", "active": False})
    put("/v1/sections/billing", {"names": {"en": "Billing"}})
    put("/v1/survey-plans/usual", {"names": {"en": "Usual"}, "sample_percent": 50})
    put("/v1/brands/acme", {"names": {"en": "Acme"}, "colour": "#ffe600", "mailboxes": ["support"]})
    put("/v1/triage-settings/category", {"mode": "suggest"})
    kept = {"field": "category", "is": ["technical"]}
    put("/v1/retention-rules/old", {"name": "Old", "after_days": 730, "removes": ["files"], "conditions": kept})
    put("/v1/assignments/support", {"method": "skills", "skills": {AGENT.id: {"language:ko": 5}}})
    template = {name: shown["words"][name] for name in ("subject", "preview", "body")}
    template["preview"] = "Our own words"
    world.api(
        "PUT", "/v1/mail-templates/acknowledgement/en", template, agent=ADMIN.id, headers={"If-Match": '"0"'}
    ).ok()
    world.api("POST", "/v1/blocked-senders", {"pattern": "spam.example"}, agent=ADMIN.id).ok()


def export(world: World, parts: str = "") -> str:
    return str(world.api("GET", f"/v1/settings/export?parts={parts}", agent=ADMIN.id).ok()["file"])


def take(world: World, file: str, *, dry_run: bool = False) -> Answered:
    target = f"/v1/settings/import?dry_run={'true' if dry_run else 'false'}"
    return world.api("POST", target, {"file": file}, agent=ADMIN.id)


def empty_desk() -> Desk:
    return Desk(agents={ADMIN.id: ADMIN})


@pytest.fixture(scope="module")
def full_desk() -> tuple[str, Desk]:
    with a_world() as world:
        fill(world)
        return export(world), bootstrap.desk_store().load()


@pytest.fixture(scope="module")
def full_file(full_desk: tuple[str, Desk]) -> str:
    return full_desk[0]


@pytest.fixture
def full() -> Iterator[World]:
    with a_world() as world:
        fill(world)
        yield world


def test_a_full_desk_taken_to_an_empty_one_makes_the_same_desk(full_desk: tuple[str, Desk]) -> None:
    file, before = full_desk
    with a_world(empty_desk()) as world:
        tried = take(world, file, dry_run=True).ok()
        assert not tried["applied"]
        assert not bootstrap.desk().fields
        done = take(world, file).ok()
        assert (done["applied"], done["changed"], done["removed"]) == (True, 1, 0)  # the desk itself
        assert done["changes"] == tried["changes"]
        assert export(world) == file
        after = bootstrap.desk_store().load()
        for name in (
            "general",
            "agents",
            "groups",
            "categories",
            "fields",
            "forms",
            "statuses",
            "products",
            "mailboxes",
        ):
            assert getattr(after, name) == getattr(before, name), name
        assert [(one.id, one.targets) for one in after.policies] == [(one.id, one.targets) for one in before.policies]
        again = take(world, file).ok()
        assert (again["added"], again["changed"], again["removed"]) == (0, 0, 0)
        assert again["unchanged"] == done["added"] + done["changed"] + done["unchanged"]


def test_every_kind_that_is_kept_is_in_the_file(full: World) -> None:
    table = boto3.resource("dynamodb").Table(TABLE)
    kept = table.query(KeyConditionExpression=Key("pk").eq(keys.DESK_PARTITION))["Items"]
    settings_kept = {item["sk"].split("#")[1] for item in kept if item["sk"].startswith(keys.SETTINGS_PREFIX)}
    settings_kept -= {keys.MOVED_KIND}
    others = {item["sk"].split("#")[0] for item in kept} - {"SETTING"}
    assert settings_kept <= {part.kind for part in PARTS}, "a new kind of settings is one entry of PARTS"
    assert others == {"TEMPLATE"}
    known = {part.held for part in PARTS if part.held}
    assert {one.name for one in fields(Desk)} - {"versions", "moved"} == known, (
        "a new kind of settings is one entry of PARTS"
    )
    articles = {"articles"}  # what is written with the desk, not how it is set
    shelves = {value.lower() for name, value in vars(keys).items() if name.endswith("_SHELF")} - articles
    assert shelves <= {part.kind for part in PARTS}
    said = yaml.safe_load(export(full))
    assert all(said[part.name] for part in PARTS), "the full desk of this test has something of every kind"


def test_what_a_file_does_not_name_is_taken_away_and_what_it_has_no_part_for_stays(full: World) -> None:
    file = yaml.safe_load(export(full))
    del file["products"]["hb300"]
    del file["macros"]
    file["fields"]["order"]["required"] = True
    file["sla_policies"] = dict(reversed(file["sla_policies"].items()))
    done = take(full, yaml.safe_dump(file, sort_keys=False)).ok()
    changes = {(one["part"], one["id"]): one["change"] for one in done["changes"]}
    assert changes == {
        ("products", "hb300"): "removed",
        ("fields", "order"): "changed",
        ("sla_policies", "fast"): "changed",
        ("sla_policies", "standard"): "changed",
    }
    desk = bootstrap.desk_store().load()
    assert not desk.products
    assert desk.fields["order"].required
    assert [one.id for one in desk.policies] == ["standard", "fast"]
    assert yaml.safe_load(export(full))["macros"]


def test_everything_wrong_with_a_file_is_named_with_its_place_and_nothing_is_changed(full: World) -> None:
    before = export(full)
    file = before.replace("type: text", "type: novel").replace("base: on_hold", "base: nowhere")
    file = file.replace("    name: Fast\n", "    name: 7\n    colour: red\n")
    refused = take(full, file).refused(400)
    assert refused.pointers == {
        "/fields/order/type",
        "/statuses/in_repair/base",
        "/sla_policies/fast/name",
        "/sla_policies/fast/colour",
    }
    assert all(error["message"].startswith("line ") for error in refused["errors"])
    line = 1 + file.splitlines().index("    type: novel")
    assert any(error["message"].startswith(f"line {line}, column 5:") for error in refused["errors"])
    assert export(full) == before


def test_a_file_that_would_break_what_it_does_not_name_is_refused(full: World) -> None:
    groups = yaml.safe_load(export(full, "groups"))
    del groups["groups"]["billing"]
    refused = take(full, yaml.safe_dump(groups)).refused(400)
    assert {"/categories/billing/group", "/products/hb300/group"} <= refused.pointers
    fewer = yaml.safe_load(export(full, "canned_responses"))
    fewer["canned_responses"] = {}
    assert any(one.startswith("/macros/") for one in take(full, yaml.safe_dump(fewer)).refused(400).pointers)


def test_nobody_locks_themselves_out(full: World) -> None:
    agents = yaml.safe_load(export(full, "agents"))
    agents["agents"][ADMIN.id]["role"] = "agent"
    assert take(full, yaml.safe_dump(agents)).refused(400).pointers == {"/agents"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [1]\nb: *x\n", "anchors"),
        ("a: !!python/object/apply:os.system [ls]\n", "tags"),
        ("a: 1\na: 2\n", "twice"),
        ("a: [1\n", "line 2"),
        ("[" * 200, "nested"),
        ("---\na: 1\n---\nb: 2\n", "second document"),
        ("? [1]\n: 2\n", "name must be a text"),
        ("- 1\n", "mapping of parts"),
        ("format: helpdesk-settings\nversion: 1\nplanets: {}\n", "is no part"),
    ],
)
def test_what_is_no_file_of_settings_is_refused_with_a_sentence(full: World, text: str, said: str) -> None:
    errors = take(full, text).refused(400)["errors"]
    assert any(said in error["message"] for error in errors), errors


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(HelpdeskError):
        read(bomb.encode())


def test_a_part_alone_can_be_exported(full: World) -> None:
    assert set(yaml.safe_load(export(full, "fields,forms"))) == {"format", "version", "fields", "forms"}
    full.api("GET", "/v1/settings/export?parts=planets", agent=ADMIN.id).refused(400)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_file_with_anything_wrong_in_it_never_does_half(full_file: str, seed: int) -> None:
    chance = random.Random(seed)
    file = yaml.safe_load(full_file)
    for _ in range(chance.randint(1, 3)):
        spoil(file, chance)
    with a_world() as world:
        before = export(world)
        answer = take(world, yaml.safe_dump(file, allow_unicode=True, sort_keys=False))
        if answer.status == 200:
            again = take(world, yaml.safe_dump(file, allow_unicode=True, sort_keys=False)).ok()
            assert (again["added"], again["changed"], again["removed"]) == (0, 0, 0)
        else:
            assert answer.refused(400)["errors"]
            assert export(world) == before


def spoil(value: Any, chance: random.Random) -> None:
    """Changes one thing somewhere to something else."""
    odd: list[Any] = [None, -1, 3.5, "", "no such", [], {}, ["x"], {"x": 1}, True, "2026-99-99", "a" * 3000]
    while True:
        places = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not places:
            return
        place = chance.choice(places)
        inner = value[place]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.85:
            value = inner
            continue
        match chance.randrange(3):
            case 0:
                value[place] = chance.choice(odd)
            case 1:
                del value[place]
            case _ if isinstance(value, dict):
                value[chance.choice(["x", "no", "", "../a", "{{x}}"])] = chance.choice(odd)
            case _:
                value.append(chance.choice(odd))
        return


def test_what_an_import_left_half_done_a_second_one_completes(full_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from helpdesk.configuration import store  # noqa: PLC0415

    with a_world(empty_desk()) as world:
        written = store.DynamoBooks._write_alike
        calls = 0

        def failing(self: Any, *args: Any) -> None:
            nonlocal calls
            calls += 1
            if calls == 6:
                raise RuntimeError("the container is gone")
            written(self, *args)

        with monkeypatch.context() as patch:
            patch.setattr(store.DynamoBooks, "_write_alike", failing)
            assert take(world, full_file).status == 500
        assert export(world) != full_file
        take(world, full_file).ok()
        assert export(world) == full_file


# --- versions --------------------------------------------------------------------------------------------------------


def versions(world: World, part: str, entry: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = world.api(
        "GET", f"/v1/settings/versions?part={part}&id={entry}", agent=ADMIN.id
    ).ok()["items"]
    return found


def test_two_admins_never_overwrite_one_another_unseen(full: World) -> None:
    product = {"names": {"en": "Printer"}}
    (seen,) = full.api("GET", "/v1/products", agent=AGENT.id).ok()["items"]
    tag = {"If-Match": f'"{seen["version"]}"'}
    first = full.api("PUT", "/v1/products/hb300", product, agent=ADMIN.id, headers=tag).ok()
    assert first["version"] == seen["version"] + 1
    assert first.headers["etag"] == f'"{first["version"]}"'
    full.api("PUT", "/v1/products/hb300", {"names": {"en": "P"}}, agent=ADMIN.id, headers=tag).refused(
        409, "stale_version"
    )
    full.api("DELETE", "/v1/products/hb300", agent=ADMIN.id, headers=tag).refused(409, "stale_version")
    full.api("PUT", "/v1/products/hb300", product, agent=ADMIN.id, headers={"If-Match": '"0"'}).refused(409)
    full.api("PUT", "/v1/products/new", product, agent=ADMIN.id, headers={"If-Match": '"0"'}).ok()
    stale = {"If-Match": '"7"'}
    policy = {"name": "Fast", "calendar_id": "seoul", "targets": {}}
    full.api("PUT", "/v1/sla-policies/fast", policy, agent=ADMIN.id, headers=stale).refused(409, "stale_version")
    calendar = {"name": "N", "zone": "UTC", "weekly": [[]] * 7}
    full.api("PUT", "/v1/calendars/night", calendar, agent=ADMIN.id, headers=stale).refused(409, "stale_version")
    full.api("PUT", "/v1/mailboxes/support/letterhead", {}, agent=ADMIN.id, headers=stale).refused(409)
    full.api("PUT", "/v1/settings/unknown-fields", {"unknown": "keep"}, agent=ADMIN.id, headers=stale).refused(409)


def test_every_version_is_kept_with_who_and_when_and_can_be_given_back(full: World) -> None:
    for name in ("Printer", "Scanner"):
        full.api("PUT", "/v1/products/hb300", {"names": {"en": name}}, agent=ADMIN.id).ok()
    full.api("DELETE", "/v1/products/hb300", agent=ADMIN.id).ok()
    found = versions(full, "products", "hb300")
    assert [(one["version"], one["removed"]) for one in found] == [(4, True), (3, False), (2, False), (1, False)]
    assert {one["by"] for one in found} == {ADMIN.id}
    assert found[1]["value"] == {"names": {"en": "Scanner"}, "active": True, "order": 0}
    assert found[0]["at"] > found[3]["at"]
    body = {"part": "products", "id": "hb300", "version": 2}
    full.api("POST", "/v1/settings/restore", body, agent=ADMIN.id).ok()
    (product,) = full.api("GET", "/v1/products", agent=AGENT.id).ok()["items"]
    assert (product["names"], product["version"]) == ({"en": "Printer"}, 5)
    stale = {"If-Match": '"4"'}
    full.api("POST", "/v1/settings/restore", body, agent=ADMIN.id, headers=stale).refused(409, "stale_version")
    full.api("POST", "/v1/settings/restore", {**body, "version": 99}, agent=ADMIN.id).refused(404)


def test_what_was_there_before_versions_were_kept_has_its_first(full: World) -> None:
    assert [one["version"] for one in versions(full, "categories", "billing")] == [1]
    category = {"names": {"en": "Money"}, "group": "billing"}
    full.api("PUT", "/v1/categories/billing", category, agent=ADMIN.id).ok()
    found = versions(full, "categories", "billing")
    assert [(one["version"], one["by"]) for one in found] == [(2, ADMIN.id), (1, None)]
    assert found[1]["value"]["names"]["en"] == "Billing"


def test_every_kind_has_versions_and_a_way_back(full: World) -> None:
    file = yaml.safe_load(export(full))
    for part in PARTS:
        entry = "desk" if part.single else next(iter(file[part.name]))
        was = file[part.name] if part.single else file[part.name][entry]
        found = versions(full, part.name, entry)
        assert found, part.name
        body = {"part": part.name, "id": entry, "version": found[0]["version"]}
        done = full.api("POST", "/v1/settings/restore", body, agent=ADMIN.id).ok()
        assert (done["added"], done["changed"], done["removed"]) == (0, 0, 0), part.name
        assert found[0]["value"] == was, part.name
    assert yaml.safe_load(export(full)) == file


def test_a_policy_and_a_calendar_go_back_as_a_new_version(full: World) -> None:
    policy = {"name": "Faster", "calendar_id": "seoul", "targets": {"high": [{"metric": "resolution", "seconds": 9}]}}
    full.api("PUT", "/v1/sla-policies/fast", policy, agent=ADMIN.id).ok()
    full.api("DELETE", "/v1/sla-policies/fast", agent=ADMIN.id).ok()
    body = {"part": "sla_policies", "id": "fast", "version": 1}
    full.api("POST", "/v1/settings/restore", body, agent=ADMIN.id).ok()
    found = {one.id: one for one in bootstrap.desk_store().load().policies}["fast"]
    assert (found.name, found.version) == ("Fast", 4)
    calendar = {"name": "Day", "zone": "UTC", "weekly": [[]] * 7}
    full.api("PUT", "/v1/calendars/night", calendar, agent=ADMIN.id).ok()
    body = {"part": "calendars", "id": "night", "version": 1}
    full.api("POST", "/v1/settings/restore", body, agent=ADMIN.id).ok()
    assert bootstrap.desk_store().load().calendars["night", 3].name == "Night"


def test_a_version_that_does_not_fit_any_more_is_refused(full: World) -> None:
    full.api("PUT", "/v1/forms/technical", {"names": {"en": "F"}, "category": "technical"}, agent=ADMIN.id).ok()
    full.api("DELETE", "/v1/fields/order", agent=ADMIN.id).ok()
    body = {"part": "forms", "id": "technical", "version": 1}
    refused = full.api("POST", "/v1/settings/restore", body, agent=ADMIN.id).refused(400)
    assert refused.pointers == {"/forms/technical/elements/0/field"}


def test_a_canned_response_goes_back_and_keeps_how_often_it_was_used(full: World) -> None:
    items = full.api("GET", "/v1/canned-responses", agent=ADMIN.id).ok()["items"]
    one = next(item for item in items if item["scope"] == "shared")
    bootstrap.canned().library.count_use(one["id"])
    changed = {"title": "Other", "scope": "shared", "bodies": BODIES}
    path = f"/v1/canned-responses/{one['id']}"
    full.api("PUT", path, changed, agent=ADMIN.id, headers={"If-Match": '"1"'}).ok()
    body = {"part": "canned_responses", "id": one["id"], "version": 1}
    full.api("POST", "/v1/settings/restore", body, agent=ADMIN.id).ok()
    found = full.api("GET", path, agent=ADMIN.id).ok()
    assert (found["title"], found["version"]) == ("Thanks", 3)
    full.restart()
    assert bootstrap.canned().library.uses(one["id"]) == 1


def test_general_settings_that_are_off_stay_off_through_a_file() -> None:
    desk = replace(desk_for_tests(), general=General(name="D", survey_delay_seconds=None, default_group="support"))
    with a_world(desk) as world:
        file = export(world)
        assert "survey_delay_seconds: null" in file
    with a_world(empty_desk()) as world:
        take(world, file).ok()
        assert bootstrap.desk_store().load().general.survey_delay_seconds is None


def test_only_admins_write_and_the_author_is_kept(full: World) -> None:
    assert bootstrap.desk().agents[ADMIN.id].role is Role.ADMIN
    author = Author(ADMIN.id, MONDAY_MORNING)
    assert bootstrap.all_settings().take(export(full).encode(), author, dry_run=True).changes == ()


def test_the_command_line_takes_settings_out_and_in(
    full_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "desk.yaml"
    file.write_text(full_file, encoding="utf-8")
    with a_world(empty_desk()) as world:
        command = ["settings", "import", str(file), "--as", ADMIN.address]
        assert cli.main([*command, "--dry-run"]) == 0
        assert cli.main(command) == 0
        assert "added fields order\n" in capsys.readouterr().out
        assert cli.main(["settings", "export"]) == 0
        assert capsys.readouterr().out == full_file == export(world)
        assert versions(world, "fields", "order")[0]["by"] == ADMIN.id
        file.write_text(full_file.replace("type: text", "type: novel"), encoding="utf-8")
        assert cli.main(command) == 1
        assert "/fields/order/type: line " in capsys.readouterr().err
