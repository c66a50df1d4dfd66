"""The file of settings as text: YAML that says what it is, read with the place of everything and without any of YAML's traps.

What is read is a small, plain part of YAML: mappings, lists, texts, numbers, true, false and null. No tags, no anchors
(a few bytes could stand for gigabytes), one document; a word such as `no` or a date is a text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import yaml

from helpdesk.configuration.model import MAX_BYTES
from helpdesk.kernel.codec import Plain
from helpdesk.kernel.errors import FieldError, Invalid, TooLarge

MAX_NODES: Final = 300_000
MAX_DEPTH: Final = 24
_MAX_FAULTS: Final = 200
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"[-+]?[0-9]{1,300}\.[0-9]{0,300}([eE][-+][0-9]{1,3})?")
_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})
_YES: Final = frozenset({"true", "True", "TRUE"})
_NO: Final = frozenset({"false", "False", "FALSE"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


@dataclass(frozen=True, slots=True)
class Read:
    """A file that could be read.

    Attributes:
        value: what it says.
        places: where each value stands, by JSON pointer.
    """

    value: Plain
    places: Mapping[str, Place]

    def place(self, pointer: str) -> Place | None:
        """Where something stands, or what it would stand in."""
        while pointer not in self.places:
            if not pointer:
                return None
            pointer = pointer.rpartition("/")[0]
        return self.places[pointer]


def step(name: str) -> str:
    """A name as a part of a JSON pointer."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def read(raw: bytes) -> Read:
    """Reads a file.

    Raises:
        TooLarge: it has more than `MAX_BYTES`.
        Invalid: it is not YAML, or has what is not taken; each with its place.
    """
    if len(raw) > MAX_BYTES:
        raise TooLarge(f"A file of settings has at most {MAX_BYTES} bytes.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("The file is not UTF-8.", [FieldError("", f"byte {error.start} is not UTF-8")]) from error
    reader = _Reader(yaml.parse(text, Loader=yaml.CSafeLoader))
    try:
        value = reader.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{Place(mark.line + 1, mark.column + 1)}: " if mark is not None else ""
        problem = getattr(error, "problem", None) or "cannot be read"
        raise Invalid("The file is not YAML.", [FieldError("", f"{where}{problem}")]) from error
    if reader.faults:
        raise Invalid("The file cannot be used.", reader.faults)
    return Read(value, reader.places)


class _Reader:
    """Builds values of the parser's events, so that nothing is ever built that the file does not say."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._nodes = 0
        self.places: dict[str, Place] = {}
        self.faults: list[FieldError] = []

    def document(self) -> Plain:
        value: Plain = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse("", event, "a second document is not taken")
                    break
                value = self._value(next(self._events), "", 0)
        return value

    def _value(self, event: yaml.Event, pointer: str, depth: int) -> Plain:
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_DEPTH or len(self.faults) >= _MAX_FAULTS:
            why = "there is too much of it, or it is nested too deeply, or too much is wrong"
            raise Invalid("The file cannot be used.", [*self.faults, FieldError(pointer, f"{_place(event)}: {why}")])
        self.places[pointer] = _place(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(pointer, event, "aliases are not taken; write it out")
            return None
        if getattr(event, "anchor", None) is not None:
            self._refuse(pointer, event, "anchors are not taken")
        if getattr(event, "tag", None) is not None:
            self._refuse(pointer, event, "tags are not taken")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(pointer, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(pointer, depth)
        return _scalar(event) if isinstance(event, yaml.ScalarEvent) else None

    def _mapping(self, pointer: str, depth: int) -> dict[str, Plain]:
        found: dict[str, Plain] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(pointer, event, "a name must be a text")
                self._value(event, pointer, depth + 1)
                self._value(next(self._events), pointer, depth + 1)
                continue
            under = pointer + step(event.value)
            if event.value in found:
                self._refuse(under, event, "is there twice")
            found[event.value] = self._value(next(self._events), under, depth + 1)
            self.places[under] = _place(event)
        return found

    def _sequence(self, pointer: str, depth: int) -> list[Plain]:
        found: list[Plain] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._value(event, f"{pointer}/{len(found)}", depth + 1))
        return found

    def _refuse(self, pointer: str, event: yaml.Event, why: str) -> None:
        self.faults.append(FieldError(pointer, f"{_place(event)}: {why}"))


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark is not None else Place(1, 1)


def _scalar(event: yaml.ScalarEvent) -> Plain:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _NOTHING:
        return None
    if text in _YES or text in _NO:
        return text in _YES
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


class _Dumper(yaml.CSafeDumper):
    """Texts of several lines stand as they are read."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def write(value: Plain) -> str:
    """A value as YAML that `read` reads as the same value."""
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text
