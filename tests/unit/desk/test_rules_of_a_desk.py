"""What a desk's settings come to as rules."""

from dataclasses import replace

from helpdesk.desk.rules import rules_of
from tests.support.desks import DESK


def test_a_policy_whose_calendar_is_missing_keeps_no_ticket_from_being_opened() -> None:
    lost = replace(DESK.policies[0], id="lost", calendar_id="nowhere")
    assert rules_of(replace(DESK, policies=(lost, *DESK.policies))).policies == DESK.policies
