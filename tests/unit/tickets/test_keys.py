"""Where a ticket's items lie: its conversation is read by one query, so nothing else may lie among its messages."""

import pytest

from helpdesk.contracts import table as keys
from helpdesk.contracts.table import Key

ID = "01JDA8Z0W3E6Q1V7N5T9XKRB4C"


@pytest.mark.parametrize(
    "key",
    [
        keys.event_key(ID, 1),
        keys.part_key(ID, ID),
        Key(keys.ticket_partition(ID), f"{keys.TIME_PREFIX}{ID}"),
        Key(keys.ticket_partition(ID), f"{keys.side_messages_prefix(ID)}{ID}"),
        Key(keys.ticket_partition(ID), f"ENTRY#TASK#{ID}"),
    ],
    ids=lambda key: key.sk,
)
def test_nothing_lies_between_a_tickets_messages_and_its_snapshot(key: Key) -> None:
    assert key.pk == keys.ticket_partition(ID)
    assert not keys.CONVERSATION_FIRST <= key.sk <= keys.CONVERSATION_LAST
