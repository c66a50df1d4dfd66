"""How mails of one ticket find together: the ids and the reply address that we write, and that we know again.

SES puts a Message-ID of its own in place of ours, so every mail also refers to a root that no mail ever had: mail programs
copy it into the References of their answers. It holds the ticket's signed tag, as the reply address does.
"""

import re
from typing import Final

from helpdesk.kernel.text import is_address

_ID: Final = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{3,500}")


def root_id(tag: str, domain: str) -> str:
    """The id that all mails of a ticket refer to, without angle brackets."""
    return f"{tag}@{domain}"


def own_id(notice_id: str, tag: str, domain: str) -> str:
    """The id of one mail of ours, without angle brackets."""
    return f"{notice_id}.{tag}@{domain}"


def reply_address(mailbox: str, tag: str) -> str:
    """The mailbox's address with a ticket's tag: answers to it find the ticket, whatever else a mail program drops.

    >>> reply_address("support@desk.test", "tag")
    'support+tag@desk.test'
    """
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+{tag}@{domain}"


def bare_address(address: str) -> str:
    """An address in lower case and without what stands after a `+`: to tell whether it is a mailbox of ours."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def takes_mail(address: str) -> bool:
    """Whether a mail can be sent to an address at all: ASCII, as SES demands, and no domain that never exists (RFC 2606)."""
    top_level = address.rpartition("@")[2].lower().rpartition(".")[2]
    return is_address(address) and address.isascii() and top_level != "invalid"


def domain_of(address: str) -> str:
    """What stands after the `@`."""
    return address.rpartition("@")[2].lower()


def clean_id(message_id: str | None) -> str | None:
    """A correspondent's Message-ID as it may stand in our headers, without brackets; None when it may not."""
    bare = (message_id or "").strip().removeprefix("<").removesuffix(">")
    return bare if _ID.fullmatch(bare) else None


def ses_message_id(ses_id: str, region: str) -> str:
    """The Message-ID that SES gives to a mail it sent, without brackets.

    Source: SES developer guide, "Message-ID header": `email.amazonses.com` in us-east-1, the region's name elsewhere.
    """
    return f"{ses_id}@{'email' if region == 'us-east-1' else region}.amazonses.com"
