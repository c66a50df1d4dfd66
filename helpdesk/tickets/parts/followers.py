"""Agents who are told what happens to a ticket, without having it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from helpdesk.kernel.errors import Conflict
from helpdesk.tickets.commands import ChangeFollowers
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import FollowersChanged
from helpdesk.tickets.model import Reason, Ticket

MAX_FOLLOWERS: Final = 50


@apply.register
def _(fact: FollowersChanged, ticket: Ticket) -> Ticket:
    kept = tuple(one for one in ticket.followers if one not in fact.removed)
    return replace(ticket, followers=(*kept, *fact.added))


@decide_on.register
def _(command: ChangeFollowers, draft: Draft) -> None:
    stands = draft.ticket.followers
    removed = tuple(one for one in stands if one in command.remove)
    added = tuple(one for one in dict.fromkeys(command.add) if one not in stands and one not in command.remove)
    if len(stands) - len(removed) + len(added) > MAX_FOLLOWERS:
        raise Conflict(f"At most {MAX_FOLLOWERS} agents can follow a ticket.")
    if added or removed:
        draft.state(FollowersChanged(added, removed))


def follow(draft: Draft, agents: Iterable[str], because: Reason) -> None:
    """Lets agents follow, as far as they do not yet and there is room."""
    stands = draft.ticket.followers
    new = [one for one in dict.fromkeys(agents) if one not in stands][: MAX_FOLLOWERS - len(stands)]
    if new:
        draft.state(FollowersChanged(added=tuple(new), because=(because,)))
