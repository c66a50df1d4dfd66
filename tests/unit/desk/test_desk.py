"""The desk's configuration: what is found in it, what rules are made of it, how long a copy of it is kept."""

from datetime import timedelta

import pytest

from helpdesk.desk.model import Category, Desk, General
from helpdesk.desk.rules import rules_of
from helpdesk.desk.store import KEPT_SECONDS, KeptDesk
from helpdesk.people.model import Role
from tests.support.desks import DESK, a_desk


def test_members_of_a_group_come_in_order_of_their_ids() -> None:
    assert [one.id for one in DESK.members("billing")] == ["mina", "yuki"]
    assert DESK.members("gone") == ()


def test_supervisors_are_those_with_that_very_role() -> None:
    assert [one.id for one in DESK.with_role(Role.SUPERVISOR)] == ["sana"]


def test_a_colleague_is_found_by_their_address_whatever_its_case() -> None:
    found = DESK.agent_by_address("MINA@Desk.test")
    assert found is not None
    assert found.id == "mina"
    assert DESK.agent_by_address("nobody@desk.test") is None


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [(Role.ADMIN, Role.AGENT, True), (Role.SUPERVISOR, Role.SUPERVISOR, True), (Role.AGENT, Role.SUPERVISOR, False)],
)
def test_a_role_may_all_that_the_ones_before_it_may(one: Role, other: Role, may: bool) -> None:  # noqa: FBT001
    assert one.includes(other) is may


def test_a_category_without_a_name_in_a_language_uses_english_and_then_its_id() -> None:
    category = DESK.categories["billing"]
    assert (category.name("ko"), category.name("ja")) == ("결제", "Billing")
    assert Category("bare").name("en") == "bare"
    assert category.description("ko") is None
    assert DESK.categories["other"].description("ja") == "Whatever it is"


def test_rules_say_when_to_ask_and_when_to_close_or_that_neither_is_done() -> None:
    rules = rules_of(DESK)
    assert (rules.survey_delay, rules.close_delay) == (timedelta(hours=1), timedelta(days=4))
    never = rules_of(a_desk(general=General(survey_delay_seconds=None, close_after_seconds=None)))
    assert (never.survey_delay, never.close_delay) == (None, None)
    at_once = rules_of(a_desk(general=General(survey_delay_seconds=0)))
    assert at_once.survey_delay == timedelta(0)


def test_rules_hold_every_revision_of_a_calendar_and_know_the_newest() -> None:
    rules = rules_of(DESK)
    assert set(rules.calendars) == {("always", 1), ("seoul", 2)}
    assert rules.newest_calendar("seoul").calendar.revision == 2


def test_a_copy_of_the_configuration_is_kept_for_seconds_and_no_longer() -> None:
    loads: list[Desk] = []
    watch = [100.0]

    def load() -> Desk:
        loads.append(a_desk())
        return loads[-1]

    kept = KeptDesk(load, lambda: watch[0])
    assert kept() is kept()
    watch[0] += KEPT_SECONDS
    assert kept() is loads[0]
    watch[0] += 0.1
    assert kept() is loads[1]
    assert len(loads) == 2
