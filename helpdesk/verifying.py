"""`helpdesk history verify`: holds every ticket's history to its hashes and to its ticket, and the admins' trail to its own. Changes nothing."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

import msgspec

from helpdesk.contracts import environment as names
from helpdesk.exports import documents_by_ticket
from helpdesk.kernel.audit import month_of, trail_fault
from helpdesk.kernel.codec import Document, canonical_json
from helpdesk.kernel.errors import HelpdeskError
from helpdesk.sla.histories import Tickets, history_of, tickets_of
from helpdesk.tickets.chain import event_document, event_from_document, verify
from helpdesk.tickets.core import fold
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import Copies, Ticket

type Line = dict[str, object]

_BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
_END: Final = datetime(9999, 1, 1, tzinfo=UTC)
_LOOKS: Final = 3
"""How often a ticket is read anew that somebody changed while it was read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a history does not hold.

    Attributes:
        seq: the event's place in its ticket's history; 0: it is about the whole.
    """

    ticket_id: str
    seq: int
    problem: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where a ticket's history ended once, written down elsewhere: who could rewrite all of it could not rewrite this."""

    version: int
    chain: str


@dataclass(slots=True)
class Summary:
    """What was looked at.

    Attributes:
        anchored: tickets whose end is vouched for, by their snapshot or by a head; the end of others could be missing.
        heads: where each history ended.
    """

    tickets: int = 0
    events: int = 0
    anchored: int = 0
    faults: int = 0
    heads: dict[str, Head] = field(default_factory=dict)


class Snapshots(Tickets, Protocol):
    """Where tickets are kept."""

    def get(self, ticket_id: str) -> Ticket | None:
        """The ticket as it stands."""
        ...


def main(arguments: Sequence[str]) -> int:
    """Runs the command; one JSON object a fault, and a last one that sums up.

    Returns:
        The exit status: 0 every history holds, 1 one does not, or it could not be looked at.
    """
    options = _parser().parse_args(arguments)
    try:
        heads = read_heads(options.heads) if options.heads is not None else {}
        faults_of, summary = _histories(options)
        found = check(faults_of, summary, heads, _show)
        if options.events is None:
            check_trail(found, _show)
        if options.save_heads is not None:
            save_heads(options.save_heads, summary.heads)
    except (HelpdeskError, OSError, ValueError) as error:
        sys.stderr.write(f"helpdesk: {error}\n")
        return 1
    _show(
        {
            "tickets": found.tickets,
            "events": found.events,
            "ends_vouched_for": found.anchored,
            "faults": found.faults,
        }
    )
    return 1 if found.faults else 0


def _show(line: Line) -> None:
    print(json.dumps(line, ensure_ascii=False))  # noqa: T201 - a command


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpdesk history verify", description=__doc__)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--events", type=Path, metavar="FILE", help="exported events, a JSON object a line, by ticket")
    where.add_argument("--table", action="store_true", help=f"the desk that {names.TABLE} names (the default)")
    parser.add_argument(
        "--heads", type=Path, metavar="FILE", help="where histories ended once: none may have lost an end"
    )
    parser.add_argument("--save-heads", type=Path, metavar="FILE", help="write down where histories end now")
    return parser


@dataclass(frozen=True, slots=True)
class Looked:
    """A ticket's history as it was found.

    Attributes:
        faults: what kept events from being read.
        ticket: its snapshot; None: there is none to hold it to.
    """

    ticket_id: str
    events: tuple[Event, ...]
    faults: tuple[Fault, ...] = ()
    ticket: Ticket | None = None


def _histories(options: argparse.Namespace) -> tuple[Iterable[Looked], Summary]:
    if options.events is not None:
        return from_file(options.events), Summary()
    if not os.environ.get(names.TABLE):
        raise ValueError(f"say which desk: {names.TABLE} and the other variables of its functions, or --events FILE")
    from helpdesk import bootstrap  # noqa: PLC0415 - needs AWS

    bootstrap.begin()
    return from_table(bootstrap.ticket_store()), Summary()


def check(
    histories: Iterable[Looked], summary: Summary, heads: Mapping[str, Head], show: Callable[[Line], None]
) -> Summary:
    """Looks at histories one by one, and shows every fault with its place.

    Args:
        histories: what is looked at.
        summary: counts along.
        heads: where histories ended once, by ticket.
        show: is given each fault.
    """
    missing = set(heads)
    for looked in histories:
        missing.discard(looked.ticket_id)
        summary.tickets += 1
        summary.events += len(looked.events)
        summary.anchored += looked.ticket is not None or looked.ticket_id in heads
        faults = list(faults_of(looked, heads.get(looked.ticket_id)))
        if looked.events and not faults:
            last = fold(looked.events)
            summary.heads[looked.ticket_id] = Head(last.version, last.chain)
        _tell(faults, summary, show)
    _tell([Fault(one, 0, "the whole history is missing") for one in sorted(missing)], summary, show)
    return summary


def _tell(faults: Iterable[Fault], summary: Summary, show: Callable[[Line], None]) -> None:
    for fault in faults:
        summary.faults += 1
        show({"ticket": fault.ticket_id, "seq": fault.seq, "problem": fault.problem})


def check_trail(summary: Summary, show: Callable[[Line], None]) -> None:
    """Holds the trail of what admins did to its hashes, a month at a time, `MONTHS_READ` months back."""
    from helpdesk import bootstrap  # noqa: PLC0415 - needs AWS
    from helpdesk.platform.audit import MONTHS_READ, entries_in, head_of  # noqa: PLC0415

    at = bootstrap.now()
    for _ in range(MONTHS_READ):
        month = month_of(at)
        try:
            fault = trail_fault(entries_in(month), head_of(month))
        except ValueError as error:
            fault = f"an entry cannot be read: {error}"
        if fault is not None:
            summary.faults += 1
            show({"trail": month, "problem": fault})
        at = at.replace(day=1) - timedelta(days=1)


def faults_of(looked: Looked, head: Head | None = None) -> Iterator[Fault]:
    """What does not hold about one history: an event, a link, what it folds to, or its end."""
    yield from looked.faults
    ticket_id, events, ticket = looked.ticket_id, looked.events, looked.ticket
    if not events:
        if not looked.faults:
            yield Fault(ticket_id, 0, "the whole history is missing")
        return
    strangers = [event for event in events if event.ticket_id != ticket_id]
    if strangers:
        yield Fault(ticket_id, strangers[0].seq, "the event is another ticket's")
        return
    try:
        folded = fold(events)
    except ValueError:
        folded = None
    end = ticket.chain if ticket is not None else folded.chain if folded is not None else ""
    broken = verify(events, end)
    if broken is not None:
        yield Fault(ticket_id, broken.seq, broken.problem)
    elif folded is None:
        yield Fault(ticket_id, 0, "the events follow one another, and make no ticket")
    elif ticket is not None and folded != replace(ticket, copies=Copies()):
        yield Fault(ticket_id, folded.version, f"the ticket says otherwise: {', '.join(_differences(folded, ticket))}")
    elif head is not None:
        yield from _end_faults(ticket_id, events, folded, head)


def _end_faults(ticket_id: str, events: Sequence[Event], folded: Ticket, head: Head) -> Iterator[Fault]:
    if folded.version < head.version:
        yield Fault(ticket_id, folded.version + 1, f"it went on to {head.version} once")
        return
    if fold(events[: head.version]).chain != head.chain:
        yield Fault(ticket_id, head.version, "it is not the event that was there once")


def _differences(folded: Ticket, ticket: Ticket) -> list[str]:
    slots = Ticket.__dataclass_fields__
    return [name for name in slots if name != "copies" and getattr(folded, name) != getattr(ticket, name)]


# --- where histories are -------------------------------------------------------------------------------------------------


def from_file(path: Path) -> Iterator[Looked]:
    """Histories of a file of events; there are no snapshots to hold them to.

    Raises:
        ValueError: a line is no JSON object.
    """
    seen: set[str] = set()
    for ticket_id, documents in documents_by_ticket(path):
        if ticket_id in seen:
            yield Looked(ticket_id, (), (Fault(ticket_id, 0, "its events stand in several places of the file"),))
            continue
        seen.add(ticket_id)
        yield _read(ticket_id, documents)


def _read(ticket_id: str, documents: Sequence[Document]) -> Looked:
    events: list[Event] = []
    faults: list[Fault] = []
    for document in documents:
        at = document.get("seq")
        seq = at if isinstance(at, int) else 0
        if not isinstance(at, int):
            faults.append(Fault(ticket_id, 0, "it has no place"))
            continue
        try:
            event = event_from_document(document)
        except (ValueError, TypeError, AttributeError) as error:  # of whatever shape somebody gave it
            faults.append(Fault(ticket_id, seq, f"it cannot be read: {error}"))
            continue
        if canonical_json(event_document(event)) != canonical_json(document):
            faults.append(Fault(ticket_id, seq, "it holds more or less than an event of its kind"))
            continue
        events.append(event)
    events.sort(key=lambda event: event.seq)
    return Looked(ticket_id, () if faults else tuple(events), tuple(faults))


def from_table(store: Snapshots) -> Iterator[Looked]:
    """Histories of a desk's table, each with its ticket's snapshot; found by the list of changed tickets, not by a scan."""
    for ticket_id in tickets_of(store, _BEGINNING, _END):
        yield _look(store, ticket_id)


def _look(store: Snapshots, ticket_id: str) -> Looked:
    looked = _look_once(store, ticket_id)
    for _ in range(_LOOKS):
        ticket, events = looked.ticket, looked.events
        if ticket is None or not events or ticket.version <= events[-1].seq:
            break  # else somebody wrote between the two looks
        looked = _look_once(store, ticket_id)
    return looked


def _look_once(store: Snapshots, ticket_id: str) -> Looked:
    try:
        events = tuple(history_of(store, ticket_id))
    except (ValueError, TypeError, AttributeError) as error:
        return Looked(ticket_id, (), (Fault(ticket_id, 0, f"an event cannot be read: {error}"),))
    return Looked(ticket_id, events, ticket=store.get(ticket_id))


# --- where histories ended -----------------------------------------------------------------------------------------------


def read_heads(path: Path) -> dict[str, Head]:
    """What `save_heads` wrote.

    Raises:
        ValueError: the file is no such thing.
    """
    lines = (msgspec.json.decode(line, type=dict[str, str | int]) for line in path.read_bytes().splitlines() if line)
    return {str(one["ticket"]): Head(int(one["version"]), str(one["chain"])) for one in lines}


def save_heads(path: Path, heads: Mapping[str, Head]) -> None:
    """Writes down where histories end, a JSON object a line."""
    lines = ({"ticket": one, "version": head.version, "chain": head.chain} for one, head in sorted(heads.items()))
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
