"""Calls of systems outside that a rule wishes: history says that they were ordered; what became of them is no part of it."""

from helpdesk.tickets.commands import OrderWebhooks
from helpdesk.tickets.core import Draft, decide_on
from helpdesk.tickets.facts import WebhooksOrdered


@decide_on.register
def _(command: OrderWebhooks, draft: Draft) -> None:
    if command.webhooks:
        draft.state(WebhooksOrdered(tuple(dict.fromkeys(command.webhooks)), command.because))
