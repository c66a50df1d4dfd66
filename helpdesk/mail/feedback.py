"""What the mail service says of mails after it took them: delivered, delayed, bounced, complained of, refused.

It comes late, more than once and in any order. What a mail is said to be in the end, what history tells and which addresses
count as unreachable depend on none of that.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from helpdesk.contracts.table import undelivered_key
from helpdesk.kernel.clock import Clock, parse_instant
from helpdesk.kernel.errors import NotFound
from helpdesk.kernel.text import normal_address
from helpdesk.mail.delivery import Feedback, Slot, Verdict
from helpdesk.mail.letters import Kind
from helpdesk.people.service import PeopleStore, mark_address
from helpdesk.tickets.commands import Command, NoteDeliveryFailure
from helpdesk.tickets.model import Actor, ActorKind, Ticket
from helpdesk.tickets.service import AlreadyDone, Extras, Guard, Outcome

MAIL_SERVICE: Final = Actor(ActorKind.SYSTEM, "mail")
TO_OUTSIDERS: Final = frozenset({Kind.ACKNOWLEDGEMENT, Kind.REPLY, Kind.SURVEY, Kind.SIDE, Kind.APPROVAL})
"""Mails to people outside of the desk: requesters, participants, third parties."""
_REMEMBERED: Final = timedelta(days=400)
_CODE: Final = re.compile(r"[^a-z0-9.]+")
_LONGEST_CODE: Final = 60


@dataclass(frozen=True, slots=True)
class Report:
    """What the service says of one recipient of one mail.

    Attributes:
        slot: which mail.
        address: which recipient; None: all of them.
    """

    slot: Slot
    feedback: Feedback
    address: str | None = None


class Unreadable(ValueError):
    """An event that is not one of the mail service's."""


def read_reports(event: Mapping[str, object]) -> tuple[Report, ...]:
    """The reports in an event of SES (the same JSON by EventBridge and SNS); none where it is of no mail of ours.

    Source: SES developer guide, "Examples of event data".

    Raises:
        Unreadable: it is none.
    """
    mail = _object(event, "mail")
    tags = {
        name: str(values[0]) for name, values in _object(mail, "tags").items() if isinstance(values, list) and values
    }
    slot = Slot.of_tags(tags)
    kind = str(event.get("eventType") or event.get("notificationType") or "")
    read = _READERS.get(kind)
    if slot is None or read is None:
        return ()
    about = _object(event, read[0])
    at = _instant(about.get("timestamp") or mail.get("timestamp"))
    return tuple(Report(slot, Feedback(verdict, at, reason), address) for verdict, reason, address in read[1](about))


type _Said = Iterable[tuple[Verdict, str | None, str | None]]


def _delivered(about: Mapping[str, object]) -> _Said:
    for address in _strings(about.get("recipients")):
        yield Verdict.DELIVERED, None, address


def _delayed(about: Mapping[str, object]) -> _Said:
    reason = code_of(about.get("delayType"))
    for recipient in _objects(about.get("delayedRecipients")):
        yield Verdict.DELAYED, reason, _address(recipient)


def _bounced(about: Mapping[str, object]) -> _Said:
    """Only a permanent bounce says that there is no such address; all others are of the day."""
    permanent = about.get("bounceType") == "Permanent"
    usual = code_of(about.get("bounceType"), about.get("bounceSubType"))
    for recipient in _objects(about.get("bouncedRecipients")):
        verdict = Verdict.BOUNCED if permanent else Verdict.SOFT_BOUNCED
        yield verdict, code_of(recipient.get("status")) or usual, _address(recipient)


def _complained(about: Mapping[str, object]) -> _Said:
    if about.get("complaintFeedbackType") == "not-spam":  # the recipient took it out of the spam folder
        return
    reason = code_of(about.get("complaintFeedbackType") or about.get("complaintSubType")) or "complaint"
    for recipient in _objects(about.get("complainedRecipients")):
        yield Verdict.COMPLAINED, reason, _address(recipient)


def _refused(about: Mapping[str, object]) -> _Said:
    yield Verdict.FAILED, code_of(about.get("reason")) or "rejected", None


_READERS: Final = {
    "Delivery": ("delivery", _delivered),
    "DeliveryDelay": ("deliveryDelay", _delayed),
    "Bounce": ("bounce", _bounced),
    "Complaint": ("complaint", _complained),
    "Reject": ("reject", _refused),
}


def code_of(*words: object) -> str | None:
    """Words of the service as one code: no address and no sentence of a foreign server gets into history.

    >>> code_of("Permanent", "OnAccountSuppressionList")
    'permanent_onaccountsuppressionlist'
    """
    text = "_".join(str(word) for word in words if word)
    if "@" in text:
        return None
    return _CODE.sub("_", text.lower()).strip("_")[:_LONGEST_CODE] or None


def _object(found: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = found.get(name, {})
    if not isinstance(value, Mapping):
        raise Unreadable(f"{name} is not an object")
    return value


def _objects(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _strings(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _address(recipient: Mapping[str, object]) -> str | None:
    found = recipient.get("emailAddress")
    return found if isinstance(found, str) else None


def _instant(value: object) -> datetime:
    try:
        return parse_instant(str(value))
    except ValueError as error:
        raise Unreadable("an event without an instant") from error


# --- what comes of it ------------------------------------------------------------------------------------------------


class FeedbackLog(Protocol):
    """Keeps what was heard of mails."""

    def hear(self, slot: Slot, feedback: Feedback) -> None:
        """Keeps what outweighs what was said before."""
        ...


class Tickets(Protocol):
    """What feedback does with tickets: `tickets.service.TicketService`."""

    def get(self, ticket_id: str) -> Ticket:
        """A ticket.

        Raises:
            NotFound: there is none.
        """
        ...

    def run(self, ticket_id: str, command: Command, *, actor: Actor, extras: Extras = ...) -> Outcome:
        """Carries out a command."""
        ...


class FeedbackService:
    """Takes in what the mail service says.

    Args:
        log: keeps it beside the mail's own record.
        tickets: whose history tells of what did not arrive.
        people: whose addresses are marked.
        clock: the desk's time.
    """

    def __init__(self, log: FeedbackLog, tickets: Tickets, people: PeopleStore, clock: Clock) -> None:
        self._log = log
        self._tickets = tickets
        self._people = people
        self._clock = clock

    def take(self, report: Report) -> None:
        """Takes in one report; any number of times, in any order.

        Raises:
            Unavailable: contention that did not end; trying again is safe.
        """
        slot, feedback = report.slot, report.feedback
        if slot.kind is Kind.COMMUNITY:  # about no ticket whose history could tell of it
            self._log.hear(slot, feedback)
            self._mark(slot.recipient, feedback, report.address)
            return
        if slot.kind not in TO_OUTSIDERS:
            self._log.hear(slot, feedback)
            return
        try:
            ticket = self._tickets.get(slot.ticket_id)
        except NotFound:
            return  # a test mail, or a ticket that was erased
        person = _who(ticket, slot, report.address)
        # A side conversation's mail is for all of it alike: what becomes of it is the worst that any of them met.
        self._log.hear(slot if slot.kind is Kind.SIDE else replace(slot, recipient=person), feedback)
        self._mark(person, feedback, report.address)
        if feedback.failed:
            self._note(slot, person, feedback)

    def _mark(self, person_id: str, feedback: Feedback, address: str | None) -> None:
        bounced = True if feedback.verdict is Verdict.BOUNCED else None
        complained = True if feedback.verdict is Verdict.COMPLAINED else None
        if bounced or complained:
            try:
                mark_address(self._people, person_id, undeliverable=bounced, complained=complained, address=address)
            except NotFound:
                return

    def _note(self, slot: Slot, person: str, feedback: Feedback) -> None:
        """Lets the ticket's history tell of it, once for each outcome."""
        outcome = "bounced" if feedback.verdict is Verdict.SOFT_BOUNCED else feedback.verdict.value
        note = NoteDeliveryFailure(
            mail=slot.kind.value,
            outcome=outcome,
            reason=feedback.reason or "unknown",
            person_id=person,
            message_id=slot.cause if slot.kind in {Kind.REPLY, Kind.SIDE} else None,
            side_id=slot.recipient if slot.kind is Kind.SIDE else None,
        )
        key = undelivered_key(slot.cause, slot.kind, person, feedback.verdict)
        guard = Guard("undelivered", key, expires_at=self._clock() + _REMEMBERED)
        try:
            self._tickets.run(slot.ticket_id, note, actor=MAIL_SERVICE, extras=Extras(guards=(guard,)))
        except AlreadyDone:
            return


def _who(ticket: Ticket, slot: Slot, address: str | None) -> str:
    """The person behind an address: somebody the mail went to as well, or else whom it was for."""
    wanted = normal_address(address or "")
    side = ticket.copies.side.get(slot.recipient) if slot.kind is Kind.SIDE else None
    people = ticket.copies.participants if side is None else side.people
    found = (one.id for one in people if normal_address(one.address) == wanted)
    return next(found, people[0].id if side is not None else slot.recipient)
