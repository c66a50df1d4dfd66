"""How the mails of a mailbox look: checked before it is used."""

from dataclasses import replace
from typing import Protocol

from helpdesk.desk.model import Desk, Letterhead, Mailbox
from helpdesk.kernel.errors import FieldError, Invalid, NotFound
from helpdesk.kernel.text import LANGUAGES, clean, clean_line
from helpdesk.mail.brand import is_colour
from helpdesk.mail.stationery import is_picture_address
from helpdesk.mail.wording import IN_SIGNATURE, check_source


class MailboxStore(Protocol):
    """Where mailboxes are kept."""

    def load(self) -> Desk:
        """All settings."""
        ...

    def save_mailbox(self, mailbox: Mailbox, *, seen: int | None = None) -> int:
        """Writes one mailbox, if it is at the version that was seen."""
        ...


def set_letterhead(store: MailboxStore, mailbox_id: str, wanted: Letterhead, *, seen: int | None = None) -> Mailbox:
    """Lets a mailbox's mails look so from now on.

    Raises:
        NotFound: there is no such mailbox.
        Invalid: all that is wrong, signatures with the line.
        StaleVersion: the mailbox is not at the version that was seen.
    """
    mailbox = store.load().mailboxes.get(mailbox_id)
    if mailbox is None:
        raise NotFound("There is no such mailbox.")
    letterhead = tidied_letterhead(wanted)
    errors = check_letterhead(letterhead)
    if errors:
        raise Invalid("The letterhead cannot be used.", errors)
    mailbox = replace(mailbox, letterhead=letterhead)
    store.save_mailbox(mailbox, seen=seen)
    return mailbox


def tidied_letterhead(wanted: Letterhead) -> Letterhead:
    """A letterhead as it is kept."""
    return replace(
        wanted,
        brand=clean_line(wanted.brand or "") or None,
        signatures={language: clean(source) for language, source in wanted.signatures.items() if source.strip()},
    )


def check_letterhead(letterhead: Letterhead) -> list[FieldError]:
    """All that is wrong with a letterhead."""
    errors = []
    if letterhead.colour is not None and not is_colour(letterhead.colour):
        errors.append(FieldError("/colour", "must be a colour such as #2f4fd0"))
    if letterhead.logo_url is not None and not is_picture_address(letterhead.logo_url):
        errors.append(FieldError("/logo_url", "must be an address that begins with https://"))
    for language, source in letterhead.signatures.items():
        pointer = f"/signatures/{language}"
        if language not in LANGUAGES:
            errors.append(FieldError(pointer, f"must be one of {', '.join(LANGUAGES)}"))
            continue
        faults = check_source("body", source, IN_SIGNATURE)
        errors += [FieldError(pointer, f"line {fault.line}: {fault.message}") for fault in faults]
    return errors
