"""Frozen dataclasses to plain documents and back: one form for the table, the bus and the hash chain.

Instants become RFC 3339 text with milliseconds; what is None or empty is left out, so every optional field of a stored
dataclass has a default.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import cast

import msgspec

from helpdesk.kernel.clock import format_instant

type Plain = str | int | float | bool | list[Plain] | dict[str, Plain] | None
type Document = dict[str, Plain]


def to_document(value: object) -> Document:
    """A dataclass as a plain document, without what is None or empty."""
    plain = msgspec.to_builtins(value, builtin_types=(datetime,))
    return cast("Document", _tidy(plain))


def _tidy(value: object) -> object:
    if isinstance(value, dict):
        tidied = ((key, _tidy(item)) for key, item in value.items())
        return {key: item for key, item in tidied if item is not None and item not in ([], {})}
    if isinstance(value, (list, tuple)):
        return [_tidy(item) for item in value]
    if isinstance(value, datetime):
        return format_instant(value)
    return value


def from_document[T](kind: type[T], document: Mapping[str, object]) -> T:
    """What `to_document` made a document of.

    Raises:
        ValueError: the document is not one of this kind (msgspec.ValidationError).
    """
    return msgspec.convert(document, kind)


def canonical_json(document: Mapping[str, object]) -> bytes:
    """The one spelling of a document: sorted keys, no spaces, UTF-8. What hashes are made of."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
