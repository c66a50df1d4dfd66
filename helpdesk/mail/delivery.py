"""Sends each mail once: a claim is written before a mail leaves, so that neither a repetition nor a crash doubles it.

What cannot be known after a crash is whether the mail left. What the desk says by itself (acknowledgements, notices,
surveys) is then not said again; what an agent wrote is sent again, since a doubled answer is better than a lost one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, Protocol

from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import HelpdeskError, Invalid, Unavailable
from helpdesk.mail.compose import compose, write
from helpdesk.mail.letters import Kind, Letter

LEASE: Final = timedelta(seconds=60)
"""How long a claim is one worker's: twice what a function may take, and less than until its queue tries again."""


_TAG_VALUE: Final = re.compile(r"[A-Za-z0-9_.@-]{1,256}")  # SES developer guide, "MessageTag"


class DeliveryState(StrEnum):
    """What became of a mail."""

    SENDING = "sending"  # claimed; long after its lease: nobody knows whether it left
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"  # one too many for one address


class Verdict(StrEnum):
    """What the mail service says, later, of a mail that it took; each outweighs those before it, in whatever order."""

    DELAYED = "delayed"
    SOFT_BOUNCED = (
        "soft_bounced"  # given up for now; an address that exists. Delivery outweighs it: some autoreplies look so
    )
    DELIVERED = "delivered"  # the recipient's server took it; whether anybody read it, nobody knows
    FAILED = "failed"  # the service would not send it
    BOUNCED = "bounced"  # for good: there is no such address
    COMPLAINED = "complained"  # the recipient called it spam


@dataclass(frozen=True, slots=True)
class Feedback:
    """A verdict, when it was given, and its reason as a code."""

    verdict: Verdict
    at: datetime
    reason: str | None = None

    @property
    def failed(self) -> bool:
        """Whether it means that the mail did not do what it was sent for."""
        return self.verdict not in {Verdict.DELAYED, Verdict.DELIVERED}

    def or_(self, other: "Feedback") -> "Feedback":
        """The one of two that counts: whatever the order and however often they come, the same remains."""
        order = list(Verdict)
        return max(self, other, key=lambda one: (order.index(one.verdict), -one.at.timestamp(), one.reason or ""))


class Claim(StrEnum):
    """What a claim led to."""

    MINE = "mine"
    SETTLED = "settled"  # sent, failed or suppressed before
    BUSY = "busy"  # somebody is at it
    UNKNOWN = "unknown"  # somebody was at it and never said how it ended


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one mail in the log: why, which kind, and to whom. Each is filled once.

    Attributes:
        cause: id of the event, message or survey it is sent for.
        recipient: id of the person or agent; of the side conversation, for what goes to all of one.
    """

    cause: str
    kind: Kind
    recipient: str
    ticket_id: str

    @property
    def tags(self) -> dict[str, str]:
        """The slot as the mail service carries it along and gives back with what it says of the mail."""
        tags = {"cause": self.cause, "kind": self.kind.value, "recipient": self.recipient, "ticket": self.ticket_id}
        return tags if all(_TAG_VALUE.fullmatch(value) for value in tags.values()) else {}

    @classmethod
    def of_tags(cls, tags: Mapping[str, str]) -> "Slot | None":
        """The slot that tags name; None if they name none."""
        found = [tags.get(name, "") for name in ("cause", "kind", "recipient", "ticket")]
        if not all(found) or found[1] not in set(Kind):
            return None
        return cls(found[0], Kind(found[1]), found[2], found[3])


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the log says of a mail.

    Attributes:
        at: when the state was written.
        mail_id: SES's id of it, once it was sent.
        reason: why it failed or was suppressed.
        feedback: what the mail service said of it later.
    """

    state: DeliveryState
    at: datetime
    mail_id: str | None = None
    reason: str | None = None
    feedback: Feedback | None = None


type Fate = Literal["queued", "sent", "delivered", "delayed", "bounced", "complained", "failed"]
_SAID: Final[Mapping[DeliveryState, Fate]] = {
    DeliveryState.SENDING: "queued",
    DeliveryState.SENT: "sent",
    DeliveryState.FAILED: "failed",
    DeliveryState.SUPPRESSED: "failed",
}
_HEARD: Final[Mapping[Verdict, Fate]] = {
    Verdict.DELAYED: "delayed",
    Verdict.SOFT_BOUNCED: "bounced",
    Verdict.DELIVERED: "delivered",
    Verdict.FAILED: "failed",
    Verdict.BOUNCED: "bounced",
    Verdict.COMPLAINED: "complained",
}


def fate_of(delivery: Delivery | None) -> tuple[Fate, str | None]:
    """What became of a mail in one word, and why: what was heard of it later outweighs what is known of its sending."""
    if delivery is None:
        return "queued", None
    if delivery.feedback is not None:
        reason = delivery.feedback.reason if delivery.feedback.failed else None
        return _HEARD[delivery.feedback.verdict], reason
    return _SAID[delivery.state], delivery.reason


class Rejected(HelpdeskError):
    """The mail service will never take this mail; trying again is useless."""

    code = "mail_rejected"
    title = "The mail was rejected"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the mail service is told beside the mail itself.

    Attributes:
        to: whom it is for.
        also: who it is for as well.
        cc: who gets it too.
        tags: come back with whatever the service says of the mail later.
    """

    to: str
    cc: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()


class MailSender(Protocol):
    """Hands mails to the mail service."""

    def send(self, raw: bytes, envelope: Envelope) -> str:
        """Sends a mail; gives the service's id of it.

        Raises:
            Rejected: never to be taken.
            Unavailable: not taken now; it has not left.
            Exception: any other: it may or may not have left.
        """
        ...


class NoticeLog(Protocol):
    """Remembers what was sent."""

    def claim(self, slot: Slot, *, now: datetime, lease: timedelta, again: bool) -> Claim:
        """Takes a slot for a while, if it is free.

        Args:
            slot: which.
            now: the present.
            lease: for how long.
            again: also take it where somebody was at it and never said how it ended.
        """
        ...

    def settle(self, slot: Slot, delivery: Delivery) -> None:
        """Writes how it ended."""
        ...

    def release(self, slot: Slot) -> None:
        """Gives a claimed slot back: the mail has not left."""
        ...

    def find(self, slot: Slot) -> Delivery | None:
        """What is known of a slot."""
        ...


class RateLimiter(Protocol):
    """Counts what happens in windows of time."""

    def count(self, scope: str, who: str, window_seconds: int, now: datetime) -> int:
        """Counts one more, and says how many it is in the window of this instant."""
        ...


class Outbox:
    """Everything the desk sends leaves through here.

    Args:
        log: remembers what was sent.
        sender: hands mails to the mail service.
        clock: the desk's time.
        count: told of each mail that left, for a metric.
        troubled: told of each mail whose template or signature was not used because it cannot be.
    """

    def __init__(
        self,
        log: NoticeLog,
        sender: MailSender,
        clock: Clock,
        count: Callable[[Kind], None] = lambda _: None,
        troubled: Callable[[Letter, str], None] = lambda _letter, _trouble: None,
    ) -> None:
        self._log = log
        self._sender = sender
        self._clock = clock
        self._count = count
        self._troubled = troubled

    def deliver(
        self, slot: Slot, letter: Letter, *, again: bool = False, may: Callable[[], bool] = lambda: True
    ) -> Delivery | None:
        """Sends a letter unless that was done, tried without knowing the end, or is not allowed.

        Args:
            slot: its place in the log.
            letter: what to send.
            again: send it again when nobody knows whether it left.
            may: asked once, after the claim, whether it may be sent.

        Returns:
            How it ended, now or earlier; None when nobody knows.

        Raises:
            Unavailable: somebody is at it, or the service does not take it now; trying again is safe.
        """
        try:
            written = write(letter)  # before the claim, so that as little as possible lies between claim and sending
            raw = compose(letter, written)
        except Invalid as error:
            return self.refuse(slot, str(error))
        if written.trouble is not None:
            self._troubled(letter, written.trouble)
        claim = self._log.claim(slot, now=self._clock(), lease=LEASE, again=again)
        if claim is Claim.BUSY:
            raise Unavailable("This mail is being sent at this moment.")
        if claim is not Claim.MINE:
            return self._log.find(slot) if claim is Claim.SETTLED else None
        return self._settled(slot, self._send(slot, letter, raw, may))

    def refuse(self, slot: Slot, reason: str) -> Delivery | None:
        """Records that a mail will not be sent."""
        now = self._clock()
        if self._log.claim(slot, now=now, lease=LEASE, again=True) is not Claim.MINE:
            return self._log.find(slot)
        return self._settled(slot, Delivery(DeliveryState.FAILED, now, reason=reason))

    def _send(self, slot: Slot, letter: Letter, raw: bytes, may: Callable[[], bool]) -> Delivery:
        copies, beside = (tuple(party.address for party in some) for some in (letter.copies, letter.beside))
        envelope = Envelope(letter.recipient.address, copies, slot.tags, beside)
        try:
            allowed = may()
        except Exception:
            self._log.release(slot)
            raise
        if not allowed:
            return Delivery(DeliveryState.SUPPRESSED, self._clock(), reason="too_many")
        try:
            mail_id = self._sender.send(raw, envelope)
        except Rejected as error:
            return Delivery(DeliveryState.FAILED, self._clock(), reason=str(error))
        except Unavailable:
            self._log.release(slot)
            raise
        self._count(letter.kind)
        return Delivery(DeliveryState.SENT, self._clock(), mail_id=mail_id)

    def _settled(self, slot: Slot, delivery: Delivery) -> Delivery:
        self._log.settle(slot, delivery)
        return delivery
