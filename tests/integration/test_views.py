"""Views through the real handlers: whose they are, what they show and count, and the feed of changes."""

import random
from dataclasses import replace
from typing import Any

import boto3
import pytest

from helpdesk import bootstrap
from helpdesk.contracts.topology import BOARD_PREFIX, INDEX_KEEPER
from helpdesk.views.builtin import BUILT_IN
from helpdesk.views.keeper import WRITE_FROM
from tests.support.desk import ADMIN, AGENT, AGENT2, SUPERVISOR, desk_for_tests
from tests.support.wire import AwsCall, counting
from tests.support.world import FILES_BUCKET, Answered, World, a_world

URGENT: dict[str, Any] = {
    "title": "Urgent",
    "names": {"ko": "긴급", "ja": "緊急"},
    "scope": "shared",
    "conditions": {"all": [{"field": "priority", "is": ["urgent"]}, {"field": "status_category", "is_not": ["done"]}]},
    "sort": [{"field": "created_at", "descending": True}],
}


def add(world: World, view: dict[str, Any], agent: str = SUPERVISOR.id) -> Answered:
    return world.api("POST", "/v1/views", view, agent=agent)


def tickets(world: World, view_id: str, agent: str = AGENT.id, query: str = "") -> Answered:
    return world.api("GET", f"/v1/views/{view_id}/tickets?{query}", agent=agent).ok()


def numbers(answer: Answered) -> list[int]:
    return [row["number"] for row in answer["items"]]


def counts(world: World, agent: str = AGENT.id) -> dict[str, int]:
    return {one["id"]: one["count"] for one in world.api("GET", "/v1/views/counts", agent=agent).ok()["items"]}


def of_the_table(calls: list[AwsCall]) -> list[str]:
    return [call.operation for call in calls if call.service == "dynamodb"]


def opened(world: World, **change: Any) -> str:
    found: str = world.open()["ticket"]["id"]
    world.settle()
    if change:
        world.patch(found, AGENT.id, **change).ok()
    return found


# --- whose they are ---


def test_every_desk_has_views_from_the_first_day_and_nobody_changes_those(world: World) -> None:
    listed = world.api("GET", "/v1/views", agent=AGENT.id).ok()["items"]
    assert [view["id"] for view in listed] == [*BUILT_IN]
    assert {view["name"] for view in listed} >= {"내 미해결 티켓", "전체 미해결 티켓"}  # the agent reads Korean
    assert not any(view["editable"] for view in listed)
    for method in ("PUT", "DELETE"):
        body = {"title": "Mine", "conditions": {}} if method == "PUT" else None
        answer = world.api(method, "/v1/views/my-open", body, agent=ADMIN.id, headers={"If-Match": '"1"'})
        answer.refused(403)


def test_agents_write_their_own_views_and_supervisors_those_of_all(world: World) -> None:
    add(world, URGENT, AGENT.id).refused(403)
    mine = add(world, URGENT | {"scope": "personal"}, AGENT.id).ok()
    shared = add(world, URGENT).ok()
    assert shared["sort"] == [{"field": "created_at", "descending": True}]
    seen = {view["id"] for view in world.api("GET", "/v1/views", agent=AGENT2.id).ok()["items"]}
    assert shared["id"] in seen
    assert mine["id"] not in seen
    world.api("GET", f"/v1/views/{mine['id']}/tickets", agent=AGENT2.id).refused(404)
    match = {"If-Match": '"1"'}
    change = URGENT | {"title": "Burning"}
    world.api("PUT", f"/v1/views/{shared['id']}", change, agent=AGENT.id, headers=match).refused(403)
    assert (
        world.api("PUT", f"/v1/views/{shared['id']}", change, agent=SUPERVISOR.id, headers=match).ok()["version"] == 2
    )
    world.api("PUT", f"/v1/views/{shared['id']}", change, agent=SUPERVISOR.id, headers=match).refused(409)
    world.api("DELETE", f"/v1/views/{mine['id']}", agent=AGENT.id, headers=match).ok()
    world.api("GET", f"/v1/views/{mine['id']}", agent=AGENT.id).refused(404)


def test_what_is_wrong_with_a_view_is_named_with_its_place(world: World) -> None:
    wrong: dict[str, Any] = {
        "title": "Wrong",
        "conditions": {"any": [{"field": "group", "is": ["nowhere"]}, {"field": "priority", "is": ["very"]}]},
    }
    assert add(world, wrong).refused(400).pointers == {"/conditions/any/0/is/0", "/conditions/any/1/is/0"}
    wrong = {"title": "Wrong", "conditions": {}, "sort": [{"field": "mood"}], "group_by": "subject"}
    assert add(world, wrong).refused(400).pointers == {"/sort/0/field", "/group_by"}
    assert world.api("POST", "/v1/views/preview", wrong | {}, agent=AGENT.id).refused(400).pointers >= {"/title"}


# --- what they show ---


def test_a_view_shows_what_it_means_to_whoever_looks_and_counts_it(world: World) -> None:
    first = opened(world, assignee=AGENT.id, priority="low")
    second = opened(world, assignee=AGENT2.id)
    third = opened(world, assignee=AGENT.id, priority="urgent")
    by_id = {one: world.ticket(one).number for one in (first, second, third)}
    mine = tickets(world, "my-open")
    assert numbers(mine) == [by_id[third], by_id[first]]  # the urgent one is due first
    assert mine["count"] == 2
    assert numbers(tickets(world, "my-open", AGENT2.id)) == [by_id[second]]
    assert (
        tickets(world, "my-open")["items"][0]
        == world.api("GET", f"/v1/tickets?q=%23{by_id[third]}", agent=AGENT.id).ok()["items"][0]
    )
    assert counts(world)["my-open"] == 2
    assert counts(world)["all-open"] == 3
    world.patch(third, AGENT.id, status="solved").ok()
    assert numbers(tickets(world, "my-open")) == [by_id[first]]
    assert numbers(tickets(world, "recently-solved")) == [by_id[third]]
    assert counts(world) | {"my-open": 1, "all-open": 2, "recently-solved": 1} == counts(world)


def test_time_moves_tickets_into_views_that_speak_of_it(world: World) -> None:
    opened(world, priority="urgent")  # promised an answer within an hour
    later = opened(world, priority="normal")  # within four
    assert counts(world)["breaching-soon"] == 1
    world.advance(hours=3)
    assert counts(world)["breaching-soon"] == 2
    assert world.ticket(later).number in numbers(tickets(world, "breaching-soon"))


def test_pages_go_through_a_view_once_and_belong_to_it(world: World) -> None:
    expected = [world.ticket(opened(world)).number for _ in range(7)]
    found: list[int] = []
    cursor = ""
    while True:
        page = tickets(world, "all-open", query=f"limit=3{cursor}")
        found += numbers(page)
        assert page["count"] == 7
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == expected
    other = f"/v1/views/my-open/tickets?limit=3{cursor}"
    world.api("GET", other, agent=AGENT.id).refused(400)
    world.api("GET", f"/v1/views/all-open/tickets?limit=3{cursor}", agent=AGENT2.id).refused(400)


def test_a_grouped_view_has_headings_with_counts_and_pages_across_them(world: World) -> None:
    by_priority = {one: opened(world, priority=one) for one in ("low", "urgent", "high")}
    opened(world, priority="low")
    view = add(world, {"title": "By priority", "conditions": {}, "group_by": "priority"}, AGENT.id)
    assert view.status == 201
    page = tickets(world, view["id"], query="limit=2")
    assert [{"value": one["value"], "count": one["count"]} for one in page["headings"]] == [
        {"value": "urgent", "count": 1},
        {"value": "high", "count": 1},
        {"value": "low", "count": 2},
    ]
    rest = tickets(world, view["id"], query=f"limit=2&cursor={page['next_cursor']}")
    assert numbers(page) == [world.ticket(by_priority[one]).number for one in ("urgent", "high")]
    assert [row["priority"] for row in rest["items"]] == ["low", "low"]
    assert rest["next_cursor"] is None
    grouped = add(world, {"title": "By assignee", "conditions": {}, "group_by": "assignee"}, AGENT.id).ok()
    assert tickets(world, grouped["id"])["count"] == 4
    assert sum(one["count"] for one in tickets(world, grouped["id"])["headings"]) == 4


def test_conditions_can_be_tried_before_they_are_kept(world: World) -> None:
    opened(world, tags=["vip"])
    opened(world)
    body = {"conditions": {"field": "tags", "is": ["VIP"]}, "limit": 10}
    found = world.api("POST", "/v1/views/preview", body, agent=AGENT.id).ok()
    assert found["count"] == 1
    assert found["items"][0]["tags"] == ["vip"]
    texts = {"conditions": {"field": "subject", "contains": ["PRINT"]}}
    assert world.api("POST", "/v1/views/preview", texts, agent=AGENT.id).ok()["count"] == 2


def test_each_heading_shows_its_first_ticket_where_that_is_asked_for(world: World) -> None:
    first, second = opened(world, assignee=AGENT.id), opened(world, assignee=AGENT2.id)
    world.advance(hours=1)
    for agent in (AGENT, AGENT2):
        opened(world, assignee=agent.id)
    body = {"conditions": {"field": "waiting_on", "is": ["us"]}, "group_by": "assignee"}
    asked = body | {"sort": [{"field": "last_message_at"}], "limit": 1}
    found = world.api("POST", "/v1/views/preview", asked | {"firsts": True}, agent=AGENT.id).ok()["headings"]
    assert {one["value"]: (one["count"], one["first"]["id"]) for one in found} == {
        AGENT.id: (2, first),
        AGENT2.id: (2, second),
    }
    plain = world.api("POST", "/v1/views/preview", asked, agent=AGENT.id).ok()["headings"]
    assert [one["first"] for one in plain] == [None, None]


# --- what keeps them current ---


def test_a_first_page_asks_for_what_changed_and_for_its_rows_and_counts_ask_once(world: World) -> None:
    for _ in range(3):
        opened(world)
    counts(world)
    with counting() as calls:
        tickets(world, "all-open")
    assert of_the_table(calls) == ["Query", "BatchGetItem"]
    with counting() as calls:
        counts(world)
    assert of_the_table(calls) == ["Query"]
    fresh = elsewhere(world)
    with counting() as calls:
        assert fresh["all-open"] == 3
        assert counts(world)["all-open"] == 3
    assert of_the_table(calls) == ["Query"]


def elsewhere(world: World) -> dict[str, int]:
    """The counts of a container that has just begun."""
    bootstrap.live_board.cache_clear()
    bootstrap.views.cache_clear()
    return counts(world)


def test_what_another_container_wrote_is_taken_over_with_the_page_in_one_read(world: World) -> None:
    for _ in range(3):
        opened(world)
    tickets(world, "all-open")
    board, service = bootstrap.live_board(), bootstrap.views()
    bootstrap.live_board.cache_clear()  # whoever writes now is another container
    fourth = opened(world)
    with counting() as calls:
        listing = service.listing("all-open", AGENT)
        page = service.tickets(listing, AGENT, limit=50)
    assert fourth in {row.id for row in page.rows}
    assert of_the_table(calls) == ["Query", "BatchGetItem"]
    assert board.version_of(fourth) == world.ticket(fourth).version


def test_a_container_begins_with_the_checkpoint_and_costs_no_more_than_what_changed_since(world: World) -> None:
    ids = [opened(world) for _ in range(5)]
    world.patch(ids[0], AGENT.id, status="solved").ok()
    before = counts(world)
    assert world.invoke(INDEX_KEEPER, {})["written"] == 5
    objects = boto3.client("s3").list_objects_v2(Bucket=FILES_BUCKET, Prefix=BOARD_PREFIX)["Contents"]
    assert len(objects) == 3
    world.advance(minutes=10)
    opened(world)
    world.advance(minutes=10)
    with counting() as calls:
        after = elsewhere(world)
    assert after["all-open"] == before["all-open"] + 1
    assert after["recently-solved"] == before["recently-solved"]
    asked = of_the_table(calls)
    assert asked.count("Query") == 2  # the feed, and the shelf of views
    (read,) = [call for call in calls if call.operation == "BatchGetItem"]
    (table,) = read.params["RequestItems"].values()
    assert len(table["Keys"]) == 1


def test_the_keeper_asks_once_when_nothing_is_due(world: World) -> None:
    opened(world)
    world.invoke(INDEX_KEEPER, {})
    keeper = bootstrap.board_keeper()
    with counting() as calls:
        assert keeper.keep() == 0
    assert of_the_table(calls) == ["Query"]
    opened(world)
    assert keeper.keep() == 0  # one change can wait
    world.advance(hours=1)
    assert keeper.keep() == 2
    assert WRITE_FROM > 2


@pytest.mark.parametrize("broken", [b"", b"rubbish" * 50])
def test_a_broken_checkpoint_is_told_of_and_made_anew(world: World, broken: bytes) -> None:
    for _ in range(3):
        opened(world)
    world.invoke(INDEX_KEEPER, {})
    boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=f"{BOARD_PREFIX}open", Body=broken)
    assert elsewhere(world)["all-open"] == 3
    assert "checkpoint_broken" in world.log.getvalue()
    bootstrap.board_keeper.cache_clear()
    boto3.client("s3").delete_object(Bucket=FILES_BUCKET, Key=f"{BOARD_PREFIX}kept")
    assert world.invoke(INDEX_KEEPER, {})["written"] == 3


def test_texts_that_were_written_anew_meanwhile_are_read_anew(world: World) -> None:
    opened(world)
    world.invoke(INDEX_KEEPER, {})
    elsewhere(world)  # knows the columns, not the texts
    opened(world)
    world.advance(hours=2)
    world.invoke(INDEX_KEEPER, {})
    body = {"conditions": {"field": "subject", "contains": ["print"]}}
    assert world.api("POST", "/v1/views/preview", body, agent=AGENT.id).ok()["count"] == 2


def test_words_that_were_taken_out_are_gone_from_the_checkpoint_at_once(world: World) -> None:
    ticket_id = opened(world)
    world.invoke(INDEX_KEEPER, {})
    ticket = world.ticket(ticket_id)
    erased = replace(ticket, copies=replace(ticket.copies, subject="-", requester_name=None, requester_address=None))
    from helpdesk.tickets.store import ticket_item  # noqa: PLC0415 - as privacy's own store would write it

    ticket_item(erased).save()
    assert bootstrap.board_keeper().renew([ticket_id]) == 1
    assert tickets(world, "all-open")["items"][0]["subject"] == "-"
    elsewhere(world)
    body = {"conditions": {"field": "requester_text", "contains": ["minsu"]}}
    assert world.api("POST", "/v1/views/preview", body, agent=AGENT.id).ok()["count"] == 0


# --- the feed of changes ---


def changes(world: World, cursor: str | None = None, agent: str = AGENT.id, more: str = "") -> Answered:
    query = f"cursor={cursor}{more}" if cursor is not None else ""
    return world.api("GET", f"/v1/changes?{query}", agent=agent).ok()


def test_changes_are_told_once_and_nothing_costs_one_query(world: World) -> None:
    first, second = opened(world), opened(world)
    began = changes(world)
    assert began["items"] == []
    with counting() as calls:
        quiet = changes(world, began["next_cursor"])
    assert of_the_table(calls) == ["Query"]
    assert quiet["items"] == []
    world.patch(second, AGENT.id, priority="high").ok()
    told = changes(world, quiet["next_cursor"])
    assert [(row["id"], row["priority"]) for row in told["items"]] == [(second, "high")]
    assert changes(world, told["next_cursor"])["items"] == []
    assert [row["id"] for row in changes(world, quiet["next_cursor"])["items"]] == [
        second
    ]  # a cursor can be used again
    world.advance(hours=5)
    late = changes(world, told["next_cursor"])
    world.patch(first, AGENT.id, priority="low").ok()
    assert [row["id"] for row in changes(world, late["next_cursor"])["items"]] == [first]


def test_many_changes_come_in_pages_and_none_is_missed(world: World) -> None:
    cursor = changes(world)["next_cursor"]
    ids = [opened(world) for _ in range(7)]
    told: list[str] = []
    more = True
    while more:
        page = changes(world, cursor, more="&limit=3")
        told += [row["id"] for row in page["items"]]
        cursor, more = page["next_cursor"], page["more"]
    assert told == ids
    world.api("GET", f"/v1/changes?cursor={cursor}", agent=AGENT2.id).refused(400)  # another's cursor
    world.api("GET", "/v1/changes?cursor=nonsense", agent=AGENT.id).refused(400)


@pytest.mark.parametrize("seed", range(3))
def test_the_feed_tells_every_change_exactly_once_however_it_is_asked(world: World, seed: int) -> None:
    chance = random.Random(seed)
    cursor = changes(world)["next_cursor"]
    ids = [opened(world) for _ in range(3)]
    versions: dict[str, list[int]] = {one: [] for one in ids}
    for _ in range(12):
        world.patch(chance.choice(ids), AGENT.id, tags=[str(chance.random())]).ok()
        world.advance(seconds=chance.choice((0, 1, 60, 200)))
        if chance.random() < 0.6:
            page = changes(world, cursor)
            cursor = page["next_cursor"]
            for row in page["items"]:
                versions[row["id"]].append(row["version"])
    for row in changes(world, cursor)["items"]:
        versions[row["id"]].append(row["version"])
    for one, told in versions.items():
        assert told == sorted(set(told))
        assert told[-1] == world.ticket(one).version


def test_the_feed_says_which_other_copies_of_a_page_are_old_without_another_query(world: World) -> None:
    ticket_id = opened(world)
    person = f"/v1/people/{world.ticket(ticket_id).requester_id}"
    cursor = changes(world)["next_cursor"]

    def news() -> list[str]:
        nonlocal cursor
        bootstrap.kept_desk().forget()  # which other containers do within seconds
        bootstrap.desk()
        with counting() as calls:
            told = changes(world, cursor)
        cursor = told["next_cursor"]
        assert of_the_table(calls) == ["Query"]
        return [*told["kinds"]]

    assert news() == []
    add(world, URGENT).ok()
    assert news() == ["view"]
    assert news() == []
    world.api("PATCH", person, {"notes": "likes tea"}, agent=AGENT.id, headers={"If-Match": '"0"'}).ok()
    made = world.api("POST", "/v1/organizations", {"name": "Acme"}, agent=ADMIN.id).ok()
    assert news() == ["organization", "person"]
    product = {"names": {"en": "Kettle"}}
    world.api("PUT", "/v1/products/kettle", product, agent=ADMIN.id, headers={"If-Match": '"0"'}).ok()
    world.api("DELETE", f"/v1/organizations/{made['id']}", agent=ADMIN.id, headers={"If-Match": '"1"'}).ok()
    assert news() == ["organization", "product"]
    world.api("DELETE", "/v1/products/kettle", agent=ADMIN.id, headers={"If-Match": '"1"'}).ok()
    assert news() == ["product"]  # the last of its kind
    opened(world)  # somebody new who writes is in nobody's copy
    bootstrap.kept_desk().forget()
    assert changes(world, cursor)["kinds"] == []


# --- sight ---


def test_tickets_of_a_private_group_are_in_no_list_no_count_and_no_news_of_others() -> None:
    desk = desk_for_tests()
    groups = {**desk.groups, "billing": replace(desk.groups["billing"], private=True)}
    with a_world(replace(desk, groups=groups)) as world:
        open_to_all, private = opened(world, group="support"), opened(world, group="billing", assignee=AGENT.id)
        assert {row["id"] for row in tickets(world, "all-open")["items"]} == {open_to_all, private}
        cursor = changes(world, agent=AGENT2.id)["next_cursor"]
        seen = tickets(world, "all-open", AGENT2.id)
        assert ([row["id"] for row in seen["items"]], seen["count"]) == ([open_to_all], 1)
        assert counts(world, AGENT2.id)["all-open"] == 1
        assert counts(world)["all-open"] == 2  # what one may not see is not forgotten for others
        body = {"conditions": {"field": "group", "is": ["billing"]}, "group_by": "group"}
        tried = world.api("POST", "/v1/views/preview", body, agent=AGENT2.id).ok()
        assert (tried["items"], tried["count"], tried["headings"]) == ([], 0, [])
        world.patch(private, AGENT.id, tags=["secret"]).ok()
        world.patch(open_to_all, AGENT.id, group="billing", assignee=AGENT.id).ok()
        told = changes(world, cursor, AGENT2.id)
        assert (told["items"], told["left"]) == ([], [])
        shown = changes(world, cursor, AGENT2.id, more=f"&shown={open_to_all},{'0' * 26}")
        assert (shown["items"], shown["left"]) == ([], [open_to_all])
        assert counts(world, AGENT2.id)["all-open"] == 0
