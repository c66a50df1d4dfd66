"""Every route by role by whose ticket it is: what ownership_matrix.txt says is what happens, and it names every route."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from helpdesk import bootstrap
from helpdesk.contracts.topology import FUNCTIONS, Auth
from tests.support.ownership import CALLERS, WHOSE, Estate, a_desk
from tests.support.world import FILES_BUCKET, a_world

MATRIX = Path(__file__).with_name("ownership_matrix.txt")


def section(name: str) -> list[str]:
    """The lines of a part of the matrix, without its heading."""
    lines = MATRIX.read_text().splitlines()
    start = lines.index(name) + 2
    end = next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))
    return lines[start:end]


def rows(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Routes with what each caller gets, a letter for each ticket."""
    heading, *lines = section(name)
    callers = heading.split()[1:]
    for line in lines:
        cells = line.split()
        yield " ".join(cells[: -len(callers)]), dict(zip(callers, cells[-len(callers) :], strict=True))


BY_ID, LISTS = "TICKETS BY ID", "LISTS"


@pytest.fixture(scope="module")
def estate_and_back() -> Iterator[tuple[Estate, Callable[[], None]]]:
    """One desk for all rows, and the way back to how it was."""
    with a_world(a_desk()) as world:
        yield Estate(world), world.checkpoint()


def test_the_matrix_names_every_route_of_agents_once_or_says_that_it_is_about_no_ticket() -> None:
    declared = {f"{one.method} {one.path}" for each in FUNCTIONS for one in each.routes if one.auth is Auth.AGENT}
    named = {route.removesuffix(" >") for route, _ in (*rows(BY_ID), *rows(LISTS))}
    about_none = [" ".join(line.split()) for line in section("ABOUT NO TICKET")]
    assert len(about_none) == len(set(about_none))
    assert not named & set(about_none)
    assert sorted(named | set(about_none)) == sorted(declared)


@pytest.mark.parametrize(
    ("route", "expected"), list(rows(BY_ID)), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_route_answers_only_where_its_ticket_is_in_sight(
    estate_and_back: tuple[Estate, Callable[[], None]], route: str, expected: dict[str, str]
) -> None:
    estate, go_back = estate_and_back
    assert expected.keys() == CALLERS.keys()
    found: dict[str, str] = {}
    for caller in expected:
        found[caller] = ""
        for whose in WHOSE:
            answer = estate.call(route, caller, whose)
            assert answer.status < 400 or answer.status in {403, 404, 409}, (caller, whose, answer.raw)
            found[caller] += {403: "x", 404: "-"}.get(answer.status, "Y")
            if answer.status < 400 and (route.startswith("DELETE ") or route.endswith("/split")):
                go_back()  # what is gone for all is not what was out of sight
    go_back()
    assert found == expected


@pytest.mark.parametrize(
    ("route", "expected"), list(rows(LISTS)), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_list_shows_only_what_is_in_sight(
    estate_and_back: tuple[Estate, Callable[[], None]], route: str, expected: dict[str, str]
) -> None:
    estate, go_back = estate_and_back
    found: dict[str, str] = {}
    for caller in expected:
        found[caller] = estate.shown(route, caller) or "x" * len(WHOSE)
        go_back()
    assert found == expected


def test_a_requester_reads_and_answers_their_own_request_alone(
    estate_and_back: tuple[Estate, Callable[[], None]],
) -> None:
    estate, go_back = estate_and_back
    world = estate.world
    upload = {"filename": "a.txt", "content_type": "text/plain", "size": 3}
    opened = {}
    for whose, email in (
        ("own", "ann@acme.example"),
        ("organization", "bob@acme.example"),
        ("stranger", "e@x.example"),
    ):
        file = world.api("POST", "/v1/uploads", upload).ok()
        boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=file["fields"]["key"], Body=b"abc")
        opened[whose] = world.open(email, attachments=[file["id"]])
        person = bootstrap.people_store().by_address(email)
        assert person is not None
        organization = "other" if whose == "stranger" else "acme"
        bootstrap.people_store().change(person, replace(person, organization_id=organization))
    for route, expected in rows("REQUESTERS"):
        method, path = route.split()
        found = {}
        for whose, one in opened.items():
            ticket_id = one["ticket"]["id"]
            attachment_id = world.messages(ticket_id)[0].attachments[0].id
            target = path.format(id=ticket_id, attachment_id=attachment_id)
            body = {"body": "Hello"} if method == "POST" else None
            answer = world.api(method, target, body, token=opened["own"]["access_token"])
            found[whose] = "Y" if answer.status < 400 else "-" if answer.status == 404 else str(answer.status)
        assert found == expected, route
    go_back()
