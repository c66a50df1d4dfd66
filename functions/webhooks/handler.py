"""Starts when a rule or an escalation has ordered calls of systems outside, and when a call is due (again)."""

from helpdesk import bootstrap
from helpdesk.platform.consumer import BatchAnswer, SqsEvent, consume_details


def handler(event: SqsEvent, context: object) -> BatchAnswer:
    """Makes the calls of a batch, which holds one."""
    del context
    bootstrap.begin()
    return consume_details(event, bootstrap.webhooks().handle)
