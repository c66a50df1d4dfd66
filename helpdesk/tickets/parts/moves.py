"""Whether a colleague's wish for a status can be granted: what may follow what, and what must be done first."""

from dataclasses import dataclass

from helpdesk.forms.model import FormChannel
from helpdesk.forms.rules import Matter, missing_to_solve, pointer_to
from helpdesk.kernel.errors import FieldError, Invalid, NotReady
from helpdesk.tickets.commands import Unset
from helpdesk.tickets.core import Draft
from helpdesk.tickets.model import Channel, Status, StatusCategory, Ticket


@dataclass(frozen=True, slots=True)
class Wish:
    """A status that is wished: one of the desk's own, and perhaps the admin's over it."""

    status: Status
    custom: str | None = None

    @property
    def id(self) -> str:
        """The id of its definition."""
        return self.custom or self.status.value


def wished_status(draft: Draft, status: Status | Unset | None, custom: str | Unset | None) -> Wish | None:
    """What is wished; None: that it stays.

    Args:
        draft: the ticket in the making.
        status: one of the desk's own; takes an admin's away.
        custom: an admin's, which says its base by itself; None with no `status`: the base it stands in now.

    Raises:
        Invalid: no such status, one that is not used any more, or one over another base.
    """
    given = None if isinstance(status, Unset) else status
    if isinstance(custom, Unset) or custom is None:
        if given is None and isinstance(custom, Unset):
            return None
        return Wish(given or draft.ticket.status)
    definition = draft.rules.workflow.further(custom)
    stays = draft.ticket.custom_status == custom and given in {None, draft.ticket.status}
    if stays:
        return Wish(draft.ticket.status, custom)
    if definition is None or not definition.active:
        raise Invalid("Some fields are not valid.", [FieldError("/custom_status", "is not a status of this desk")])
    if given not in {None, definition.base}:
        message = f"stands over {definition.base}, not over {given}"
        raise Invalid("Some fields are not valid.", [FieldError("/custom_status", message)])
    return Wish(definition.base, custom)


def refuse_move(draft: Draft, wish: Wish) -> None:
    """Refuses a move that colleagues may not make as the ticket stands.

    Raises:
        NotReady: the statuses that may come next, the fields that are missing, or the tasks that are open, each by
            pointer.
    """
    ticket = draft.ticket
    if (wish.status, wish.custom) == (ticket.status, ticket.custom_status):
        return
    next_ones = draft.rules.workflow.next_of(ticket)
    if next_ones is not None and wish.id not in next_ones:
        pointer = "/custom_status" if wish.custom is not None else "/status"
        message = f"{wish.id} cannot follow {ticket.custom_status or ticket.status}; {', '.join(next_ones)} can"
        raise NotReady(f"That status cannot come next: {message}.", [FieldError(pointer, message)])
    if wish.status.category is not StatusCategory.DONE or ticket.done:
        return
    if missing := missing_fields(draft):
        errors = [FieldError(pointer_to(name), "is needed before it is solved") for name in missing]
        raise NotReady(f"Fill in before it is solved: {', '.join(missing)}.", errors)
    if draft.rules.tasks_before_solving and (errors := _open_tasks(ticket)):
        raise NotReady("All tasks must be done before it is solved.", errors)


def _open_tasks(ticket: Ticket) -> list[FieldError]:
    titles = ticket.copies.tasks
    return [
        FieldError(f"/tasks/{place}", f"“{titles.get(task.id, '')}” must be done before it is solved")
        for place, task in enumerate(ticket.tasks)
        if task.open
    ]


def refuse_wish(draft: Draft, wish: Wish) -> None:
    """Refuses a status that cannot be set along with a message as the ticket stands.

    Raises:
        Invalid: it is new.
        NotReady: see `refuse_move`.
    """
    if wish.status is Status.NEW:
        if draft.ticket.status is not Status.NEW:
            raise Invalid("A ticket is new once.", [FieldError("/status", "cannot be set back to new")])
        return
    refuse_move(draft, wish)


def missing_fields(draft: Draft) -> tuple[str, ...]:
    """Ids of fields that must be filled in before it is solved."""
    ticket = draft.ticket
    catalogue = draft.rules.workflow.catalogue
    matter = Matter(ticket.category, ticket.type.value)
    return missing_to_solve(catalogue, matter, ticket.copies.fields, filled_in_at(ticket))


def filled_in_at(ticket: Ticket) -> FormChannel:
    """Whose form a ticket's fields are asked by."""
    return FormChannel.PHONE if ticket.channel is Channel.PHONE else FormChannel.WEB
