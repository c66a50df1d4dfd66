"""From which mailbox a mail about a ticket leaves."""

from dataclasses import replace

from helpdesk.desk.model import Mailbox
from helpdesk.mail.stationery import sending_mailbox
from tests.support.desks import DESK, RULES
from tests.support.lives import Life

BOXES = {
    box.id: box
    for box in (
        Mailbox("a-billing", "billing@desk.test", "Billing", "billing"),
        Mailbox("b-support", "support@desk.test", "Support", "support"),
    )
}


def test_a_request_from_the_web_is_answered_from_its_groups_mailbox() -> None:
    desk = replace(DESK, mailboxes=BOXES, general=replace(DESK.general, default_group="support"))
    ticket = replace(Life(RULES).open().stands, mailbox_id=None, group="billing")
    chosen = [
        sending_mailbox(desk, ticket),
        sending_mailbox(desk, replace(ticket, group=None)),
        sending_mailbox(desk, replace(ticket, group="other")),
        sending_mailbox(desk, replace(ticket, group="billing", mailbox_id="b-support")),
        sending_mailbox(replace(desk, mailboxes={}), ticket),
    ]
    assert [box.id if box else None for box in chosen] == ["a-billing", "b-support", "b-support", "b-support", None]
