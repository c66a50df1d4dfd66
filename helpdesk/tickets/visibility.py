"""Who may see a ticket: asked by everything that shows, finds, counts or suggests tickets to agents."""

from helpdesk.people.model import Agent
from helpdesk.tickets.views import TicketRow


def visible(agent: Agent, row: TicketRow) -> bool:
    """Whether an agent may know of a ticket. All agents of a desk may know of all of its tickets.

    Args:
        agent: who wants to know.
        row: the ticket as it stands now, never as a list or an index remembers it.
    """
    del agent, row
    return True
