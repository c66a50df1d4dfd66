"""What a signed-in customer may see: their own requests, those they take part in, and perhaps their organization's."""

import hashlib
import hmac

from helpdesk.people.model import Organization
from helpdesk.portal.model import Visitor
from helpdesk.tickets.model import Ticket


def hashed_code(nonce: str, code: str) -> str:
    """A code as it is kept: worth nothing without what its asker holds."""
    return hashlib.sha256(f"{nonce}\n{code}".encode()).hexdigest()


def same_code(kept: str, nonce: str, code: str) -> bool:
    """Whether a code is the one that was kept; takes as long whichever it is."""
    bare = "".join(letter for letter in code if letter.isascii() and letter.isdigit())
    return hmac.compare_digest(kept, hashed_code(nonce, bare))


def identity_on(ticket: Ticket, visitor: Visitor, organization: Organization | None) -> str | None:
    """The id under which a visitor reads and writes to a ticket; None: for them it is not there.

    Args:
        ticket: which.
        visitor: who.
        organization: the visitor's own, as it stands.
    """
    if visitor.person is None:
        return None
    if ticket.requester_id in visitor.ids:
        return ticket.requester_id
    taking_part = next((one for one in ticket.let_in if one in visitor.ids), None)
    if taking_part is not None:
        return taking_part
    shared = organization is not None and organization.shared and organization.id == visitor.person.organization_id
    return visitor.person.id if shared and ticket.organization_id == visitor.person.organization_id else None
