"""What colleagues do with raw mail: look at what was held back, delete it, block its sender, and account for all of it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from helpdesk.desk.model import BlockedSender, Desk
from helpdesk.kernel.clock import Clock, format_instant
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, NotFound
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import is_address, normal_address
from helpdesk.mail.ledger import WAITING, Arrival, Ledger, LedgerEntry, RawMails, StoredMail
from helpdesk.mail.model import InboundMail
from helpdesk.mail.rules import Outcome
from helpdesk.mail.service import MAX_MAIL_BYTES
from helpdesk.people.domains import PUBLIC_DOMAINS

MAX_BLOCKED: Final = 1000
"""Blocked senders are part of the configuration, which every container holds: there is a limit to how many."""


class BlockList(Protocol):
    """Where blocked senders are kept."""

    def save_blocked(self, sender: BlockedSender) -> None:
        """Writes one."""
        ...

    def blocked(self) -> Mapping[str, BlockedSender]:
        """All as they are now, by id."""
        ...

    def remove_blocked(self, sender_id: str) -> bool:
        """Takes one away; False if it was not there."""
        ...


@dataclass(frozen=True, slots=True)
class Missing:
    """Raw mails of a stretch of time without an entry in the ledger, among those looked at.

    Attributes:
        looked_at: how many of the time there were.
        unfinished: mails with an entry that says no more than that they were received.
    """

    looked_at: int
    mails: tuple[StoredMail, ...]
    unfinished: tuple[LedgerEntry, ...]
    next_position: dict[str, str] | None


class MailRegistry:
    """Suspended mail, blocked senders, and the ledger.

    Args:
        parse: reads raw bytes; never raises.
        raw_mails: the bucket.
        ledger: what became of each mail.
        blocks: where blocked senders are kept.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(
        self,
        *,
        parse: Callable[[bytes], InboundMail],
        raw_mails: RawMails,
        ledger: Ledger,
        blocks: BlockList,
        desk: Callable[[], Desk],
        clock: Clock,
    ) -> None:
        self._parse = parse
        self._raw_mails = raw_mails
        self._ledger = ledger
        self._blocks = blocks
        self._desk = desk
        self._clock = clock

    # --- what waits for a decision ---

    def suspended(self, *, limit: int, position: dict[str, str] | None) -> Page[LedgerEntry]:
        """Mail that was held back, newest first."""
        return self._ledger.entries(Outcome.SUSPENDED, month=None, limit=limit, position=position)

    def preview(self, mail_id: str) -> tuple[LedgerEntry, InboundMail | None]:
        """A suspended mail and what is in it; None for one that is too large to be read.

        Raises:
            NotFound: there is no suspended mail of this id.
        """
        entry = self._suspended(mail_id)
        if entry.size > MAX_MAIL_BYTES:
            return entry, None
        return entry, self._parse(self._raw_mails.read(mail_id))

    def delete(self, mail_id: str, agent_id: str) -> None:
        """Deletes a suspended mail for good. Its entry stays, without anything that tells of a person.

        The entry changes first: if the bytes could not be removed then, doing it again removes them.

        Raises:
            NotFound: there is no suspended mail of this id.
            Conflict: somebody dealt with it in the meantime.
        """
        entry = self._ledger.get(mail_id)
        if entry is None or entry.outcome not in {Outcome.SUSPENDED, Outcome.DELETED}:
            raise NotFound("There is no such suspended mail.")
        if entry.outcome is Outcome.SUSPENDED:
            left = LedgerEntry(
                Arrival(entry.arrival.id, entry.arrival.at),
                Outcome.DELETED,
                entry.because,
                size=entry.size,
                settled_at=self._clock(),
                deleted_by=agent_id,
            )
            self._ledger.change(entry, left)
        self._raw_mails.delete(mail_id)

    def _suspended(self, mail_id: str) -> LedgerEntry:
        entry = self._ledger.get(mail_id)
        if entry is None or entry.outcome is not Outcome.SUSPENDED:
            raise NotFound("There is no such suspended mail.")
        return entry

    # --- blocked senders ---

    def block_sender_of(self, mail_id: str, agent_id: str, *, whole_domain: bool) -> BlockedSender:
        """Blocks who sent a suspended mail, or all of their domain. The mail stays as it is.

        Raises:
            NotFound: there is no suspended mail of this id.
            Conflict: it names no sender.
            Invalid: see `block`.
        """
        sender = normal_address(self._suspended(mail_id).sender or "")
        if not is_address(sender):
            raise Conflict("The mail names no sender that could be blocked.")
        return self.block(sender.rpartition("@")[2] if whole_domain else sender, agent_id)

    def block(self, pattern: str, agent_id: str) -> BlockedSender:
        """Blocks an address or a domain.

        Raises:
            Invalid: it is neither, is ours or a colleague's, or is a domain that everybody has addresses in.
            Conflict: there are too many already.
        """
        desk = self._desk()
        wanted = normal_address(pattern).removeprefix("@")
        fault = block_fault(wanted, desk, self._clock())
        if fault is not None:
            raise Invalid("This cannot be blocked.", [FieldError("/pattern", fault)])
        sender = BlockedSender(blocked_id(wanted), wanted, agent_id, self._clock())
        blocked = self._blocks.blocked()
        if sender.id in blocked:
            return blocked[sender.id]
        if len(blocked) >= MAX_BLOCKED:
            raise Conflict(f"At most {MAX_BLOCKED} senders can be blocked; block domains, or let some go.")
        self._blocks.save_blocked(sender)
        return sender

    def blocked(self) -> tuple[BlockedSender, ...]:
        """All blocked senders, newest first."""
        return tuple(sorted(self._blocks.blocked().values(), key=lambda one: (one.at, one.id), reverse=True))

    def unblock(self, sender_id: str) -> None:
        """Lets a sender's mail in again, from now on.

        Raises:
            NotFound: there is no such blocked sender.
        """
        if not self._blocks.remove_blocked(sender_id):
            raise NotFound("There is no such blocked sender.")

    # --- the ledger ---

    def entries(
        self, outcome: Outcome | None, month: str | None, *, limit: int, position: dict[str, str] | None
    ) -> Page[LedgerEntry]:
        """Raw mails, newest first: all that wait with an outcome, or those of a month (None: this one)."""
        shown = None if outcome in WAITING else month or format_instant(self._clock())[:7]
        return self._ledger.entries(outcome, month=shown, limit=limit, position=position)

    def missing(self, since: datetime, until: datetime, position: dict[str, str] | None) -> Missing:
        """Compares a part of the bucket with the ledger; asked again with `next_position` until that is None.

        Objects are listed by id, so each of them is looked at, whatever the time; only those of the time are compared.
        """
        page = self._raw_mails.stored(position)
        wanted = [mail for mail in page.items if since <= mail.at <= until]
        known: dict[str, LedgerEntry] = {}
        for start in range(0, len(wanted), 100):
            known |= self._ledger.known(mail.id for mail in wanted[start : start + 100])
        unfinished = tuple(entry for entry in known.values() if entry.outcome is Outcome.RECEIVED)
        return Missing(
            len(wanted), tuple(mail for mail in wanted if mail.id not in known), unfinished, page.next_position
        )


def block_fault(pattern: str, desk: Desk, now: datetime) -> str | None:
    """Why an address or a domain cannot be blocked; None: it can."""
    if "@" not in pattern:
        if not is_address(f"a@{pattern}") or "." not in pattern:
            return "is neither an address nor a domain"
        if pattern in PUBLIC_DOMAINS:
            return "is a domain of many people who do not know each other; block the address"
    elif not is_address(pattern):
        return "is neither an address nor a domain"
    ours = [box.address for box in desk.mailboxes.values()] + [agent.address for agent in desk.agents.values()]
    probe = Desk(blocked={"": BlockedSender("", pattern, "", now)})
    return "would block colleagues or our own mail" if any(probe.blocks(normal_address(one)) for one in ours) else None


def blocked_id(pattern: str) -> str:
    """The id of a blocked sender: the same for the same pattern, and fit for an address of the API."""
    return hashlib.sha256(pattern.encode()).hexdigest()[:24]
