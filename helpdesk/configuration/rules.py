"""From all settings to one file, and from a file to what must be written so that the desk is as it says. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, cast

from helpdesk.configuration.model import (
    FORMAT,
    FORMAT_VERSION,
    THE_DESK,
    Author,
    Change,
    Difference,
    Holdings,
    Identity,
    Kept,
    Part,
    Shelf,
    Tools,
    World,
    Write,
)
from helpdesk.configuration.parts import AGENTS, BY_NAME, PARTS, TEMPLATES, template_faults
from helpdesk.configuration.shapes import shape_faults
from helpdesk.configuration.yaml_file import Read, step
from helpdesk.configuration.yaml_file import write as to_yaml
from helpdesk.desk.model import Desk
from helpdesk.desk.settings import RESERVED
from helpdesk.forms.checks import ID_PATTERN, is_setting_id
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import Document, Plain, from_document, to_document
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.ids import is_id
from helpdesk.people.roles import Permission, permissions_of

_HEAD: Final = """\
# All settings of a help desk. `helpdesk settings import FILE` (or POST /v1/settings/import) makes another desk like it.
# A part that is missing stays as it is; of a part that is here, what the file does not name is taken away.
# Secrets are never in this file. Importing leaves those of the desk alone.
"""


# --- writing the file ------------------------------------------------------------------------------------------------


def exported(holdings: Holdings, wanted: frozenset[str] | None = None) -> str:
    """All settings as a file: the same settings always give the same text.

    Args:
        holdings: all settings.
        wanted: names of the parts to write; None: all.
    """
    pieces = [_HEAD, to_yaml({"format": FORMAT, "version": FORMAT_VERSION})]
    for part in PARTS:
        if wanted is not None and part.name not in wanted:
            continue
        entries = holdings.get(part.kind, {})
        shown = {entry_id: entry_as_told(part, kept.document) for entry_id, kept in _ordered(part, entries)}
        said: Plain = cast("dict[str, Plain]", shown)
        if part.single:
            said = next(iter(shown.values()), {})
        missing = "".join(f"# Secret, and not in this file: {name}\n" for name in sorted(part.secrets))
        pieces.append(f"# {part.says}\n{missing}{to_yaml({part.name: said})}")
    return "\n".join(pieces)


def _ordered(part: Part[Any], entries: Mapping[str, Kept]) -> list[tuple[str, Kept]]:
    return list(entries.items()) if part.shelf is Shelf.POLICIES else sorted(entries.items())


def entry_as_told(part: Part[Any], document: Document) -> Document:
    """An entry as the file has it: without its id and without what only its own desk knows."""
    hidden = {"id", *part.left_out, *part.secrets}
    return {name: value for name, value in document.items() if name not in hidden}


# --- reading it ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """What importing a file means.

    Attributes:
        writes: in the order in which they are done.
        difference: in words.
    """

    writes: tuple[Write, ...]
    difference: Difference


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An entry of the file, decoded."""

    part: Part[Any]
    id: str
    value: Any
    before: Any


def planned(read: Read, holdings: Holdings, tools: Tools, author: Author) -> Plan:
    """What must be written so that the desk is as a file says.

    Args:
        read: the file.
        holdings: all settings as they are.
        tools: for texts with HTML.
        author: who imports it.

    Raises:
        Invalid: all that is wrong with the file, each by pointer and with the line and column where it stands.
    """
    sections = _sections(read)
    faults = _head_faults(read)
    wanted: dict[str, dict[str, _Wanted]] = {}
    for part, entries in sections:
        wanted[part.kind] = {}
        for entry_id, told in entries.items():
            found, wrong = _decoded(part, entry_id, told, holdings.get(part.kind, {}).get(entry_id), author)
            faults += wrong
            if found is not None:
                wanted[part.kind][entry_id] = found
    if faults:
        raise Invalid("The file cannot be used.", placed(faults, read))
    before = world_of(_values(holdings), tools, author)
    after = world_of({**before.values, **_wished(wanted, before)}, tools, author)
    wanted, faults = _checked(wanted, before, after)
    faults += _others_faults(wanted, before, after) + _admin_faults(after, author)
    if faults:
        raise Invalid("The file cannot be used.", placed(faults, read))
    return _plan(sections, wanted, holdings)


def _sections(read: Read) -> list[tuple[Part[Any], dict[str, Document]]]:
    """The parts of the file that are mappings of mappings, in the order in which they are written."""
    said = read.value if isinstance(read.value, dict) else {}
    found = []
    for part in PARTS:
        entries = said.get(part.name)
        if isinstance(entries, dict):
            entries = {THE_DESK: entries} if part.single else entries
            found.append((part, {name: one for name, one in entries.items() if isinstance(one, dict)}))
    return found


def _head_faults(read: Read) -> list[FieldError]:
    said = read.value
    if not isinstance(said, dict):
        return [FieldError("", "must be a mapping of parts")]
    faults = []
    if said.get("format") != FORMAT:
        faults.append(FieldError("/format", f"must be {FORMAT}"))
    if said.get("version") != FORMAT_VERSION or isinstance(said.get("version"), bool):
        faults.append(FieldError("/version", f"must be {FORMAT_VERSION}"))
    for name, entries in said.items():
        if name in {"format", "version"}:
            continue
        if name not in BY_NAME:
            faults.append(FieldError(step(name), f"is no part; there are {', '.join(BY_NAME)}"))
        elif not isinstance(entries, dict):
            faults.append(FieldError(step(name), "must be a mapping; {} for nothing"))
        elif not BY_NAME[name].single:
            faults += [
                FieldError(step(name) + step(one), "must be a mapping")
                for one, told in entries.items()
                if not isinstance(told, dict)
            ]
    return faults


def _decoded(
    part: Part[Any], entry_id: str, told: Document, kept: Kept | None, author: Author
) -> tuple[_Wanted | None, list[FieldError]]:
    """An entry as its dataclass, and what is wrong with its shape."""
    pointer = _pointer(part, entry_id)
    faults = [
        FieldError(pointer + step(name), "is not known here")
        for name in told
        if name in {"id", *part.left_out, *part.secrets}
    ]
    document = {**_untold(part, kept, author), **told}
    if "id" in {one.name for one in fields(part.make)}:
        document["id"] = entry_id
    faults += shape_faults(part.make, document, pointer)
    if faults:
        return None, faults
    before = from_document(part.make, kept.document) if kept is not None else None
    return _Wanted(part, entry_id, from_document(part.make, document), before), []


def _untold(part: Part[Any], kept: Kept | None, author: Author) -> Document:
    """What the file leaves out: as it is kept, or as it begins."""
    new: Document = {
        "version": 1,
        "created_by": author.by,
        "created_at": format_instant(author.at),
        "updated_by": author.by,
        "updated_at": format_instant(author.at),
        "blocked_by": author.by,
        "at": format_instant(author.at),
    }
    hidden = part.left_out | part.secrets
    document = kept.document if kept is not None else new
    return {name: value for name, value in document.items() if name in hidden}


def _pointer(part: Part[Any], entry_id: str) -> str:
    return step(part.name) + ("" if part.single else step(entry_id))


def placed(faults: list[FieldError], read: Read) -> list[FieldError]:
    """Faults with the line and column they are about, in the file's order."""
    found = [(read.place(fault.pointer), fault) for fault in faults]
    found.sort(key=lambda pair: (pair[0].line, pair[0].column) if pair[0] is not None else (0, 0))
    return [
        FieldError(fault.pointer, f"{place}: {fault.message}" if place else fault.message) for place, fault in found
    ]


# --- the desk as it would be -----------------------------------------------------------------------------------------


def _values(holdings: Holdings) -> dict[str, dict[str, Any]]:
    return {
        part.kind: {
            entry_id: from_document(part.make, kept.document) for entry_id, kept in holdings.get(part.kind, {}).items()
        }
        for part in PARTS
    }


def _wished(wanted: Mapping[str, Mapping[str, _Wanted]], before: World) -> dict[str, dict[str, Any]]:
    found = {kind: {one.id: one.value for one in entries.values()} for kind, entries in wanted.items()}
    if "calendar" in found:  # clocks run in them: none is ever taken away
        found["calendar"] = {**before.values["calendar"], **found["calendar"]}
    return found


def world_of(values: Mapping[str, Mapping[str, Any]], tools: Tools, author: Author) -> World:
    """The desk with these settings."""
    held: dict[str, Any] = {part.held: values[part.kind] for part in PARTS if part.held}
    held["general"] = next(iter(values["general"].values()), Desk().general)
    held["policies"] = tuple(values["policy"].values())
    held["calendars"] = {(one.id, one.revision): one for one in values["calendar"].values()}
    return World(Desk(**held), values, tools, author.at)


def faults_of(part: Part[Any], entry_id: str, value: Any, before: Any, world: World) -> list[FieldError]:  # noqa: ANN401
    """What is wrong with an entry, but for its shape."""
    faults: list[FieldError] = part.check(value, before, world)
    if part.kind == TEMPLATES.kind:
        faults = template_faults(entry_id, value, world.desk)
    return _id_faults(part, entry_id, value, before) + faults


def _id_faults(part: Part[Any], entry_id: str, value: Any, before: Any) -> list[FieldError]:  # noqa: ANN401
    if before is not None or part.single:
        return []
    if part.identity is Identity.SETTING and (not is_setting_id(entry_id) or entry_id in RESERVED):
        return [FieldError("", f"must be called like {ID_PATTERN}, and none of {', '.join(sorted(RESERVED))}")]
    if part.identity is Identity.ULID and not is_id(entry_id):
        return [FieldError("", "must be called by a ULID")]
    if part.identity is Identity.NAME and not 0 < len(entry_id) <= 128:
        return [FieldError("", "must be called by 1 to 128 characters")]
    if part.id_of is not None and entry_id != part.id_of(value):
        return [FieldError("", f"must be called {part.id_of(value)}")]
    return []


def _checked(
    wanted: Mapping[str, Mapping[str, _Wanted]], before: World, after: World
) -> tuple[dict[str, dict[str, _Wanted]], list[FieldError]]:
    """Entries of the file as they are kept, and what is wrong with them. What was wrong before may stay so."""
    faults: list[FieldError] = []
    found: dict[str, dict[str, _Wanted]] = {}
    for kind, entries in wanted.items():
        found[kind] = {}
        for one in entries.values():
            wrong = faults_of(one.part, one.id, one.value, one.before, after)
            if wrong and one.value == one.before:
                old = faults_of(one.part, one.id, one.before, one.before, before)
                wrong = [fault for fault in wrong if fault not in old]
            elif not wrong and one.value != one.before:
                one = _Wanted(one.part, one.id, one.part.tidied(one.value, after), one.before)  # noqa: PLW2901
            pointer = _pointer(one.part, one.id)
            faults += [FieldError(pointer + fault.pointer, fault.message) for fault in wrong]
            found[kind][one.id] = one
    return found, faults


def _others_faults(wanted: Mapping[str, object], before: World, after: World) -> list[FieldError]:
    """What the file breaks in parts that it does not have."""
    return [
        FieldError(_pointer(part, entry_id) + fault.pointer, f"{fault.message} (it is not in the file)")
        for part in PARTS
        if part.kind not in wanted
        for entry_id, value in after.values[part.kind].items()
        for fault in _news(part, entry_id, value, before, after)
    ]


def _news(part: Part[Any], entry_id: str, value: Any, before: World, after: World) -> Iterator[FieldError]:  # noqa: ANN401
    wrong = faults_of(part, entry_id, value, value, after)
    old = faults_of(part, entry_id, value, value, before) if wrong else []
    yield from (fault for fault in wrong if fault not in old)


def _admin_faults(after: World, author: Author) -> list[FieldError]:
    mine = after.desk.agents.get(author.by)
    if mine is not None and Permission.MANAGE_AGENTS in permissions_of(mine, after.desk.roles):
        return []
    return [FieldError(step(AGENTS.name), "must leave you who may manage agents: nobody locks themselves out")]


# --- what is to be written -------------------------------------------------------------------------------------------


def _plan(
    sections: list[tuple[Part[Any], dict[str, Document]]],
    wanted: Mapping[str, Mapping[str, _Wanted]],
    holdings: Holdings,
) -> Plan:
    writes: list[Write] = []
    removals: list[Write] = []
    changes: list[Change] = []
    unchanged = 0
    for part, _ in sections:
        there = holdings.get(part.kind, {})
        in_order = part.shelf is not Shelf.POLICIES or list(there) == list(wanted[part.kind])
        for one in wanted[part.kind].values():
            kept, document = there.get(one.id), _document(part, one.value)
            same = kept is not None and entry_as_told(part, kept.document) == entry_as_told(part, document)
            if same and in_order:
                unchanged += 1
                continue
            if part.shelf is Shelf.SETTINGS and "version" in part.left_out:  # of those that tell it themselves
                document["version"] = (kept.version if kept is not None else 0) + 1
            writes.append(Write(part.kind, part.shelf, one.id, document, kept.version if kept is not None else 0))
            changes.append(Change(part.name, one.id, "added" if kept is None else "changed"))
        if part.shelf is Shelf.CALENDARS:
            continue
        for entry_id in sorted(there.keys() - wanted[part.kind].keys()):
            removals.append(Write(part.kind, part.shelf, entry_id, None, there[entry_id].version))
            changes.append(Change(part.name, entry_id, "removed"))
    return Plan((*writes, *reversed(removals)), Difference(tuple(changes), unchanged))


def _document(part: Part[Any], value: Any) -> Document:  # noqa: ANN401
    document = to_document(value)
    if part.single:  # what is switched off must be said: left out would mean the default
        unset: Document = {one.name: None for one in fields(value) if getattr(value, one.name) is None}
        return unset | document
    return document
