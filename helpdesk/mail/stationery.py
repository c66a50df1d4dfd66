"""A letter before its words: from which mailbox, in which thread and language. Shared by all who send mail."""

from collections.abc import Callable
from dataclasses import dataclass

from helpdesk.desk.model import Desk, Mailbox
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.text import supported_language
from helpdesk.mail import threads
from helpdesk.mail.delivery import Slot
from helpdesk.mail.letters import Details, Letter, Party
from helpdesk.tickets.model import Ticket


@dataclass(frozen=True, slots=True)
class Stationery:
    """Fills in what all letters about a ticket have.

    Attributes:
        desk: the settings as they stand.
        tag: signs a ticket's id into what a reply address carries.
        clock: the desk's time.
    """

    desk: Callable[[], Desk]
    tag: Callable[[str], str]
    clock: Clock

    def letter(self, ticket: Ticket, slot: Slot, recipient: Party, language: str, details: Details) -> Letter | None:
        """A letter about a ticket; None while the desk has no mailbox to send from."""
        desk = self.desk()
        mailbox = sending_mailbox(desk, ticket)
        if mailbox is None:
            return None
        return Letter(
            kind=slot.kind,
            id=derived_id(ticket.created_at, slot.cause, slot.kind, slot.recipient),
            at=self.clock(),
            language=supported_language(language, supported_language(mailbox.language)),
            desk=desk.general.name,
            sender=Party(mailbox.name, mailbox.address),
            recipient=recipient,
            tag=self.tag(ticket.id),
            number=ticket.number,
            subject=ticket.copies.subject,
            details=details,
        )


def sending_mailbox(desk: Desk, ticket: Ticket) -> Mailbox | None:
    """The mailbox a ticket came to, or else the desk's first."""
    if ticket.mailbox_id is not None and ticket.mailbox_id in desk.mailboxes:
        return desk.mailboxes[ticket.mailbox_id]
    return min(desk.mailboxes.values(), key=lambda mailbox: mailbox.id, default=None)


def is_own(desk: Desk, address: str) -> bool:
    """Whether an address is one of the desk's mailboxes: mail to it would come back."""
    wanted = threads.bare_address(address)
    return any(threads.bare_address(mailbox.address) == wanted for mailbox in desk.mailboxes.values())
