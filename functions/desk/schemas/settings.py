"""All settings at once: their file, what importing it does, and their versions."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from functions.desk.schemas.tickets import Instant
from helpdesk.configuration.model import MAX_BYTES

PartName = Annotated[str, Meta(max_length=40, examples=["fields"], description="As the file calls it.")]
EntryId = Annotated[
    str, Meta(max_length=128, examples=["order"], description="As the file calls it; `desk` of `general`.")
]


class ExportQuery(Struct, frozen=True):
    """Which parts."""

    parts: Annotated[
        str, Meta(max_length=500, examples=["fields,forms"], description="Their names with commas; left out: all.")
    ] = ""


class SettingsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Settings as one file."""

    file: Annotated[str, Meta(max_length=MAX_BYTES, description="YAML, as `GET /v1/settings/export` gives it.")]


class ImportQuery(Struct, frozen=True):
    """Whether it is meant."""

    dry_run: Annotated[bool, Meta(description="Only say what would be done, or what is wrong.")] = False


class SettingChangeOut(Struct, frozen=True):
    """What becomes of one setting."""

    part: PartName
    id: EntryId
    change: Literal["added", "changed", "removed"]


class DifferenceOut(Struct, frozen=True):
    """What importing did, or would do."""

    applied: bool
    added: int
    changed: int
    removed: int
    unchanged: int
    changes: list[SettingChangeOut]


class VersionsQuery(Struct, frozen=True):
    """Of which setting."""

    part: PartName
    id: EntryId
    before: Annotated[int, Meta(ge=1, description="Only versions before this one.")] | None = None


class SettingVersionOut(Struct, frozen=True):
    """One version of a setting."""

    version: int
    at: Annotated[
        Instant | None, Meta(description="null: nobody was signed in, or it is older than versions are kept.")
    ]
    by: Annotated[str | None, Meta(description="Id of the agent who wrote it.")]
    removed: Annotated[bool, Meta(description="This version took it away.")]
    value: Annotated[dict[str, Any] | None, Meta(description="As the file has it; null where it was taken away.")]


class SettingVersionsOut(Struct, frozen=True):
    """Versions of a setting, newest first."""

    items: list[SettingVersionOut]


class RestoreIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which version shall be the setting again."""

    part: PartName
    id: EntryId
    version: Annotated[int, Meta(ge=1)]
