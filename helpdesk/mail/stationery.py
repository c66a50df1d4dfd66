"""A letter before its words: from which mailbox, in which thread and language. Shared by all who send mail."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from helpdesk.desk.model import Desk, Mailbox
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.text import supported_language
from helpdesk.mail import threads
from helpdesk.mail.brand import palette
from helpdesk.mail.delivery import Slot
from helpdesk.mail.letters import Answered, Details, Kind, Letter, Look, Party, Template
from helpdesk.portal.brands import Brand, brand_of_mailbox
from helpdesk.tickets.model import SideConversation, Ticket


@dataclass(frozen=True, slots=True)
class Stationery:
    """Fills in what all letters about a ticket have.

    Attributes:
        desk: the settings as they stand.
        tag: signs a ticket's id and the number of a side conversation (0: none) into what a reply address carries.
        clock: the desk's time.
        template: an admin's words for a kind of mail, a language and a mailbox; None where there are none.
        base_url: of the desk, where logos that were uploaded are shown from.
    """

    desk: Callable[[], Desk]
    tag: Callable[[str, int], str]
    clock: Clock
    template: Callable[[Kind, str, str], Template | None] = lambda *_: None
    base_url: str = ""

    def letter(
        self,
        ticket: Ticket,
        slot: Slot,
        recipient: Party,
        language: str,
        details: Details,
        *,
        side: SideConversation | None = None,
    ) -> Letter | None:
        """A letter about a ticket, or of one of its side conversations; None while the desk has no mailbox to send from.

        An answer to it comes back to where the letter is of.
        """
        desk = self.desk()
        mailbox = sending_mailbox(desk, ticket)
        if mailbox is None:
            return None
        language = supported_language(language, supported_language(mailbox.language))
        return Letter(
            kind=slot.kind,
            id=derived_id(ticket.created_at, slot.cause, slot.kind, slot.recipient),
            at=self.clock(),
            language=language,
            desk=called(desk, mailbox, language),
            sender=Party(_sender_name(mailbox, details), mailbox.address),
            recipient=recipient,
            tag=self.tag(ticket.id, side.number if side is not None else 0),
            number=ticket.number,
            subject=ticket.copies.side[side.id].subject if side is not None else ticket.copies.subject,
            details=details,
            look=look_of(mailbox, language, brand_of_mailbox(desk.brands, mailbox.id), self.base_url),
            template=self.template(slot.kind, language, mailbox.id),
            side=side.number if side is not None else 0,
        )

    def notice(
        self,
        kind: Kind,
        letter_id: str,
        recipient: Party,
        language: str,
        details: Details,
        *,
        brand: Brand | None = None,
        subject: str | None = None,
    ) -> Letter | None:
        """A letter that is about no ticket, of a brand; None while the desk has no mailbox to send from.

        Without a subject it is about whoever sends it.
        """
        desk = self.desk()
        mailbox = desk.mailboxes.get(brand.mailbox or "") if brand is not None else None
        mailbox = mailbox or usual_mailbox(desk, None)
        if mailbox is None:
            return None
        name = brand.name(language) if brand is not None else called(desk, mailbox, language)
        return Letter(
            kind=kind,
            id=letter_id,
            at=self.clock(),
            language=language,
            desk=name,
            sender=Party(mailbox.name, mailbox.address),
            recipient=recipient,
            tag="",
            number=0,
            subject=subject or (name if brand is not None else desk.general.name),
            details=details,
            look=look_of(mailbox, language, brand or brand_of_mailbox(desk.brands, mailbox.id), self.base_url),
            template=self.template(kind, language, mailbox.id),
        )


def called(desk: Desk, mailbox: Mailbox, language: str) -> str:
    """What mails of a mailbox call the desk: as its letterhead says, or its brand's name, or the desk's."""
    brand = brand_of_mailbox(desk.brands, mailbox.id)
    return mailbox.letterhead.brand or (brand.name(language) if brand is not None else desk.general.name)


def brand_of(desk: Desk, ticket: Ticket) -> Brand | None:
    """The brand that a ticket is dealt with under."""
    mailbox = sending_mailbox(desk, ticket) if desk.brands else None
    return brand_of_mailbox(desk.brands, mailbox.id if mailbox is not None else None)


def look_of(mailbox: Mailbox, language: str, brand: Brand | None, base_url: str) -> Look:
    """How a mailbox's mails look in a language: as its letterhead says, and where that is silent, as its brand.

    What could not be shown safely is left away.
    """
    letterhead = mailbox.letterhead
    logo = letterhead.logo_url or (brand.logo_url if brand is not None else None) or ""
    return Look(
        mailbox=mailbox.name,
        colours=palette(letterhead.colour or (brand.colour if brand is not None else None)),
        logo_url=(base_url + logo if logo.startswith("/") else logo) if is_picture_address(logo) else None,
        signature=letterhead.signatures.get(language),
    )


_PICTURE: Final = re.compile(
    r"(?:https://[^\s<>\"'/]+|http://(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)/[^\s<>\"']{1,1000}|/help/logos/[0-9A-Z]{26}"
)
"""Logos that were uploaded have no host: they are shown from the desk's own address, wherever that is by then. Those of before
have the address that the desk had then, which at home is no https."""


def is_picture_address(text: str) -> bool:
    """Whether a text can be the address of a logo."""
    return _PICTURE.fullmatch(text) is not None


def _sender_name(mailbox: Mailbox, details: Details) -> str:
    author = details.author if isinstance(details, Answered) and mailbox.letterhead.agent_in_sender else None
    return f"{author} ({mailbox.name})" if author else mailbox.name


def sending_mailbox(desk: Desk, ticket: Ticket) -> Mailbox | None:
    """The mailbox a ticket came to, or else its group's, the default group's, or the desk's first."""
    if ticket.mailbox_id is not None and ticket.mailbox_id in desk.mailboxes:
        return desk.mailboxes[ticket.mailbox_id]
    return usual_mailbox(desk, ticket.group)


def usual_mailbox(desk: Desk, group: str | None) -> Mailbox | None:
    """A group's mailbox, or the default group's, or the desk's first."""
    boxes = sorted(desk.mailboxes.values(), key=lambda mailbox: mailbox.id)
    for wanted in (group, desk.general.default_group):
        of_group = next((box for box in boxes if wanted is not None and box.group == wanted), None)
        if of_group is not None:
            return of_group
    return boxes[0] if boxes else None


def is_own(desk: Desk, address: str) -> bool:
    """Whether an address is one of the desk's mailboxes: mail to it would come back."""
    wanted = threads.bare_address(address)
    return any(threads.bare_address(mailbox.address) == wanted for mailbox in desk.mailboxes.values())
