"""Who gets a ticket, and why."""

import pytest

from helpdesk.desk.model import General
from helpdesk.routing.rules import choose_group
from helpdesk.tickets.model import Reason, Ticket
from tests.support.desks import DESK, RULES, a_desk
from tests.support.lives import Life


def a_ticket(**changes: object) -> Ticket:
    return Life(RULES).open(**changes).stands


@pytest.mark.parametrize(
    ("category", "mailbox", "group", "reason"),
    [
        ("billing", "support", "billing", Reason("group_by_category", {"category": "billing"})),
        ("other", "billing", "billing", Reason("group_by_mailbox", {"mailbox": "billing"})),
        ("internal", "billing", "billing", Reason("group_by_mailbox", {"mailbox": "billing"})),
        (None, "support", "support", Reason("group_by_mailbox", {"mailbox": "support"})),
        ("gone", "gone", "support", Reason("group_by_default")),
        (None, None, "support", Reason("group_by_default")),
    ],
)
def test_the_group_follows_from_category_then_mailbox_then_the_default(
    category: str | None, mailbox: str | None, group: str, reason: Reason
) -> None:
    assert choose_group(a_ticket(category=category, mailbox_id=mailbox), DESK) == (group, reason)


def test_the_group_of_who_asks_goes_before_the_mailboxs_and_behind_what_the_ticket_is_about() -> None:
    def chosen(category: str | None, theirs: str) -> str | None:
        ticket = a_ticket(category=category, mailbox_id="support", organization_id="acme")
        return choose_group(ticket, DESK, None, theirs)[0]

    assert chosen(None, "billing") == "billing"
    assert chosen(None, "gone") == "support"
    assert chosen("billing", "support") == "billing"


def test_a_desk_whose_default_group_is_gone_has_no_group_for_a_ticket_and_says_so() -> None:
    desk = a_desk(general=General(default_group="gone"))
    assert choose_group(a_ticket(), desk) == (None, Reason("no_group"))
