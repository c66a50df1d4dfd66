"""`helpdesk history verify` on a table: histories hold, fold to their tickets, and show what somebody changed past the desk."""

import json

import pytest

from helpdesk import cli
from helpdesk.contracts.table import event_key, ticket_key
from tests.support.desk import ADMIN, AGENT
from tests.support.world import World, a_world


def verified(capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, object]]]:
    capsys.readouterr()
    status = cli.main(["history", "verify", "--table"])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines() if not line.startswith('{"_aws')]


def tamper(world: World, pk: str, sk: str, attribute: str, **changed: object) -> None:
    """Changes what an item says, as somebody with access to the table could."""
    item = world.item(pk, sk)
    assert item is not None
    inside = json.loads(item[attribute]["S"]) | changed
    world.plant(item | {attribute: {"S": json.dumps(inside)}})


def test_what_somebody_changed_past_the_desk_shows(capsys: pytest.CaptureFixture[str]) -> None:
    with a_world() as world:
        first, second = (world.open(f"{name}@example.com")["ticket"]["id"] for name in ("ann", "eve"))
        world.settle()
        world.answer(first, AGENT.id, "Hello").ok()
        world.patch(first, AGENT.id, status="solved", tags=["vip"]).ok()
        world.settle()
        status, (summary,) = verified(capsys)
        assert (status, summary["tickets"], summary["ends_vouched_for"], summary["faults"]) == (0, 2, 2, 0)

        kept = world.checkpoint()
        last = world.ticket(second).version
        key = event_key(second, last)
        tamper(world, key.pk, key.sk, "event", at="2026-11-23T00:00:00.000Z")
        status, (fault, _) = verified(capsys)
        assert (status, fault["ticket"], fault["seq"]) == (1, second, last)

        kept()
        key = ticket_key(first)
        tamper(world, key.pk, key.sk, "row", tags=["nobody"])
        status, (fault, _) = verified(capsys)
        assert (status, fault["ticket"]) == (1, first)
        assert "tags" in str(fault["problem"])


def test_a_changed_entry_of_the_admins_trail_shows_by_its_month(capsys: pytest.CaptureFixture[str]) -> None:
    with a_world() as world:
        for name in ("Readers", "Writers"):
            world.api("PUT", "/v1/roles/spare", {"names": {"en": name}}, agent=ADMIN.id).ok()
        assert verified(capsys)[0] == 0
        pk, sk = min(key for key in world.items if key[0] == "AUDIT#2026-11" and not key[1].endswith(("HEAD", "FROM")))
        tamper(world, pk, sk, "entry", actor="nobody")
        status, (fault, _) = verified(capsys)
        assert (status, fault["trail"]) == (1, "2026-11")
