"""The trail of what admins do: entries that each carry the hash of the one before them, a chain for each month."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import Plain, canonical_json, to_document

type Values = dict[str, object]

LONGEST_VALUE: Final = 2000
"""Characters of one value, as JSON, that the trail repeats; of longer ones it keeps the length and the hash."""
_SECRET: Final = frozenset({"secret", "password", "token", "api_key", "private_key", "signing_key", "credentials"})
_OF_PEOPLE: Final = frozenset({"pattern", "notes"})
"""Values that may name a requester: the trail cannot be changed, and a person must be able to be forgotten."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was done, as whoever does it tells it.

    Attributes:
        kind: of what: `field`, `role`, `agent`, `policy`, `person` ...
        target: its id.
        before: what it was; None: it was not there, or that says nothing.
        after: what it is; None: it is gone, or that says nothing.
        action: what was done; empty: what follows from `before` and `after`.
        via: by what it was done where nobody called, such as `schedule`; empty: somebody at a shell.
        at: when, where nobody called; None: now, by the machine's clock.
    """

    kind: str
    target: str
    before: Mapping[str, Plain] | None = None
    after: Mapping[str, Plain] | None = None
    action: str = ""
    via: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What was done, by whom, when, from where, and what changed by it.

    Attributes:
        seq: its place in its month, counted from 1.
        actor: id of the agent; None: somebody at a shell of the desk's own.
        via: `api`, `shell`, or `schedule`: the desk by itself, as a setting says.
        before, after: the values that differ.
        prev: hash of the entry before it in its month; empty: it is the first.
    """

    seq: int
    at: datetime
    kind: str
    target: str
    action: str
    via: str
    actor: str | None = None
    before: Values | None = None
    after: Values | None = None
    prev: str = ""

    @property
    def month(self) -> str:
        """Whose chain it is in, as `2026-11`."""
        return month_of(self.at)


@dataclass(frozen=True, slots=True)
class TrailHead:
    """Where a month's chain ends."""

    seq: int = 0
    at: datetime | None = None
    hash: str = ""


def month_of(at: datetime) -> str:
    """The month of an instant, as `2026-11`."""
    return format_instant(at)[:7]


def entries_of(told: Iterable[Told], head: TrailHead, *, actor: str | None, via: str, at: datetime) -> list[AuditEntry]:
    """What was told as entries behind a month's last one; what changed nothing is none.

    Args:
        told: in order.
        head: where the month's chain ends.
        actor: by whom.
        via: from where.
        at: when; not before the last entry, whatever a container's clock says.
    """
    made: list[AuditEntry] = []
    at = max(at, head.at) if head.at is not None else at
    seq, prev = head.seq, head.hash
    for one in told:
        before, after = _differing(one.before, one.after)
        if not one.action and before == after:
            continue
        action = one.action or ("created" if one.before is None else "removed" if one.after is None else "changed")
        seq += 1
        entry = AuditEntry(seq, at, one.kind, one.target, action, via, actor, before, after, prev)
        made.append(entry)
        prev = entry_hash(entry)
    return made


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 of the entry's canonical JSON, as hexadecimal digits."""
    return hashlib.sha256(canonical_json(to_document(entry))).hexdigest()


def trail_fault(entries: Iterable[AuditEntry], head: TrailHead) -> str | None:
    """What does not hold about a month's chain: the first fault in words, or None.

    Args:
        entries: all of a month, in order.
        head: where it ends.
    """
    expected, prev = 1, ""
    for entry in entries:
        if entry.seq != expected:
            return f"entry {expected} is missing"
        if entry.prev != prev:
            return f"the entry before {entry.seq} was changed"
        prev, expected = entry_hash(entry), expected + 1
    if (expected - 1, prev) != (head.seq, head.hash):
        return f"the last entry is not the one that the month ends with ({head.seq})"
    return None


def _differing(
    before: Mapping[str, Plain] | None, after: Mapping[str, Plain] | None
) -> tuple[Values | None, Values | None]:
    names = [
        name for name in {**(before or {}), **(after or {})} if (before or {}).get(name) != (after or {}).get(name)
    ]
    return _shown(before, names), _shown(after, names)


def _shown(document: Mapping[str, Plain] | None, names: Iterable[str]) -> Values | None:
    if document is None:
        return None
    return {name: _safe(name, document[name]) for name in names if name in document}


def _safe(name: str, value: Plain) -> Plain:
    """A value as the trail may keep it: no secret, nobody's address, nothing endless."""
    if name in _SECRET:
        return "(secret)"
    digest = hashlib.sha256(canonical_json({"": value})).hexdigest()
    if name in _OF_PEOPLE:
        return f"sha256:{digest[:16]}"
    if isinstance(value, dict):
        value = {inner: _safe(inner, one) for inner, one in value.items()}
    elif isinstance(value, list):
        value = [_safe("", one) for one in value]
    length = len(canonical_json({"": value}))
    return value if length <= LONGEST_VALUE else {"characters": length, "sha256": digest}
