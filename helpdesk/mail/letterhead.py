"""Mailboxes, and how their mails look: checked before they are used."""

from dataclasses import replace
from typing import Final, Protocol

from helpdesk.desk.model import Desk, Letterhead, Mailbox
from helpdesk.desk.settings import Kind
from helpdesk.kernel.errors import FieldError, Invalid, NotFound
from helpdesk.kernel.text import LANGUAGES, clean, clean_line, is_address, normal_address
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


LONGEST_NAME: Final = 80


def mailbox_faults(mailbox: Mailbox, before: Mailbox | None, desk: Desk) -> list[FieldError]:
    """All that is wrong with a mailbox."""
    del before
    faults = []
    if not is_address(mailbox.address) or "+" in mailbox.address.partition("@")[0]:
        faults.append(FieldError("/address", "must be an address without +, such as support@example.com"))
    own = normal_address(mailbox.address)
    faults += [
        FieldError("/address", f"is {other.id}'s already")
        for other in desk.mailboxes.values()
        if other.id != mailbox.id and normal_address(other.address) == own
    ]
    faults += [
        FieldError("/address", f"is {agent.name}'s own: mail from there would answer itself")
        for agent in desk.agents.values()
        if normal_address(agent.address) == own
    ]
    if not 0 < len(mailbox.name) <= LONGEST_NAME:
        faults.append(FieldError("/name", f"needs 1 to {LONGEST_NAME} characters"))
    if mailbox.group is not None and mailbox.group not in desk.groups:
        faults.append(FieldError("/group", "is not a group of this desk"))
    if mailbox.language not in LANGUAGES:
        faults.append(FieldError("/language", f"must be one of {', '.join(LANGUAGES)}"))
    return faults + [
        FieldError(f"/letterhead{fault.pointer}", fault.message) for fault in check_letterhead(mailbox.letterhead)
    ]


def _mailbox_users(mailbox_id: str, desk: Desk) -> list[str]:
    users = [f"brand {one.id}" for one in desk.brands.values() if mailbox_id in one.mailboxes]
    users += [f"survey {one.id}" for one in desk.surveys.values() if mailbox_id in one.mailboxes]
    if len(desk.mailboxes) == 1:
        users.append("every mail that is sent: it is the only one")
    return users


MAILBOX_KIND: Final = Kind(
    "mailbox",
    "mailbox",
    lambda desk: desk.mailboxes,
    lambda one: replace(
        one, address=one.address.strip(), name=clean_line(one.name), letterhead=tidied_letterhead(one.letterhead)
    ),
    mailbox_faults,
    _mailbox_users,
)
