"""The lines and components of a file in iCalendar's form (RFC 5545, 3.1 and 3.4): what is written, not yet what it means."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.sla.model import MOST_FILE_BYTES

_MOST_EVENTS: Final = 20_000
_LINE: Final = re.compile(r'([A-Za-z0-9-]+)((?:;[^=;:",]+=(?:"[^"]*"|[^";:])*)*):(.*)', re.DOTALL)
_PARAMETER: Final = re.compile(r';([^=;:",]+)=((?:"[^"]*"|[^";:])*)')
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_KEPT: Final = frozenset(
    {
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "EXRULE",
        "RDATE",
        "EXDATE",
        "RECURRENCE-ID",
        "UID",
        "STATUS",
        "TRANSP",
        "SUMMARY",
        "DESCRIPTION",
    }
)


class Unreadable(Invalid):
    """A file that is no iCalendar, or says what cannot be followed.

    Attributes:
        line: which of its lines, counted from 1.
        fault: what is wrong there.
    """

    code: ClassVar[str] = "icalendar_unreadable"
    title: ClassVar[str] = "The iCalendar file cannot be read"

    def __init__(self, line: int, fault: str) -> None:
        super().__init__("The iCalendar file cannot be read.", [FieldError("/file", f"line {line}: {fault}")])
        self.line = line
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Line:
    """A line with what was folded of it, and the number of its first."""

    number: int
    name: str
    parameters: Mapping[str, str]
    value: str

    def fault(self, what: str) -> Unreadable:
        """Says what is wrong with it."""
        return Unreadable(self.number, f"{self.name} {what}")


@dataclass(frozen=True, slots=True)
class Component:
    """What lies between a BEGIN and its END: of events and zones, the lines that are looked at."""

    name: str
    line: int
    lines: dict[str, list[Line]] = field(default_factory=dict)

    def one(self, name: str) -> Line | None:
        """The first line of a name."""
        found = self.lines.get(name)
        return found[0] if found else None

    def all(self, name: str) -> list[Line]:
        """All lines of a name."""
        return self.lines.get(name, [])

    def says(self, name: str) -> str:
        """A line's value, in capitals; empty: there is none."""
        line = self.one(name)
        return line.value.strip().upper() if line is not None else ""

    def text(self, name: str) -> str:
        """A line's value as text."""
        line = self.one(name)
        if line is None:
            return ""
        return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], line.value)


@dataclass(slots=True)
class Components:
    """The events of a file, and its descriptions of time zones by name, as lines."""

    events: list[Component] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)


def _logical_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Lines with what was folded put together again, each with the number of its first. Folds may lie within a character."""
    first, parts = 0, list[bytes]()
    physical = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for number, line in enumerate(physical, start=1):
        if line[:1] in {b" ", b"\t"} and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield first, _decoded(b"".join(parts), first)
        first, parts = number, [line] if line.strip() else []
    if parts:
        yield first, _decoded(b"".join(parts), first)


def _decoded(line: bytes, number: int) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(number, "is not UTF-8") from error


def _parsed(number: int, text: str) -> Line:
    found = _LINE.fullmatch(text)
    if found is None:
        raise Unreadable(number, f"is no line of iCalendar: {text[:40]!r}")
    parameters = {one[1].upper(): one[2].replace('"', "") for one in _PARAMETER.finditer(found[2])}
    return Line(number, found[1].upper(), parameters, found[3])


def components_of(data: bytes) -> Components:
    """The events and zones of a file.

    Raises:
        Unreadable: at the first line that is wrong.
    """
    if len(data) > MOST_FILE_BYTES:
        raise Unreadable(1, f"the file is longer than {MOST_FILE_BYTES} bytes")
    found, within, described = Components(), list[Component](), list[str]()
    line = Line(1, "", {}, "")
    for number, text in _logical_lines(data):
        line = _parsed(number, text)
        if not within:
            _refuse_unless_beginning(line)
        if line.name == "BEGIN":
            within.append(Component(line.value.strip().upper(), number))
            described = [] if within[-1].name == "VTIMEZONE" else described
        elif line.name != "END":
            _note(within[-1], line)
        if any(one.name == "VTIMEZONE" for one in within):
            described.append(text)
        if line.name == "END":
            _keep(found, _ended(within.pop(), line), "\n".join(described))
    if within or not line.name:
        raise Unreadable(line.number, f"the file ends within {within[-1].name if within else 'nothing'}")
    return found


def _note(component: Component, line: Line) -> None:
    """Keeps what is looked at of a component."""
    if component.name == "VEVENT" and line.name in _KEPT:
        component.lines.setdefault(line.name, []).append(line)
    elif component.name == "VTIMEZONE" and line.name == "TZID":
        component.lines[line.name] = [line]


def _ended(component: Component, end: Line) -> Component:
    name = end.value.strip()
    if name.upper() != component.name:
        raise Unreadable(end.number, f"END:{name[:40]} where {component.name} of line {component.line} goes on")
    return component


def _refuse_unless_beginning(line: Line) -> None:
    if (line.name, line.value.strip().upper()) != ("BEGIN", "VCALENDAR"):
        raise Unreadable(line.number, "a file of iCalendar begins with BEGIN:VCALENDAR")


def _keep(found: Components, ended: Component, described: str) -> None:
    if ended.name == "VTIMEZONE" and (name := ended.one("TZID")) is not None:
        found.zones[name.value.strip()] = described
    if ended.name == "VEVENT":
        if len(found.events) >= _MOST_EVENTS:
            raise Unreadable(ended.line, f"the file has more than {_MOST_EVENTS} events")
        found.events.append(ended)
