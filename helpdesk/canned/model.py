"""What a canned response is, and what it has in common with a macro: a title, a folder, and who shares it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypedDict


class Scope(StrEnum):
    """With whom something is shared."""

    PERSONAL = "personal"
    GROUP = "group"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who has something.

    Attributes:
        owner: id of the agent or group; None for what is shared with all.
    """

    scope: Scope
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A text with placeholders.

    Attributes:
        text: plain.
        html: the same, sanitised; None: it is plain only.
    """

    text: str
    html: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What canned responses and macros have in common.

    Attributes:
        folder: path of names with `/` between them; empty: in none.
        made_from: hash of the request that created it, where that had an Idempotency-Key.
    """

    id: str
    version: int
    title: str
    sharing: Sharing
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    folder: str = ""
    made_from: str = ""


class Begun(TypedDict):
    """What everything begins with that an agent adds: the part of a `Template` that says who made it, and when."""

    id: str
    version: int
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    made_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedResponse(Template):
    """A text in one or several languages.

    Attributes:
        bodies: by language (BCP 47), at least one.
    """

    bodies: Mapping[str, Body] = field(default_factory=dict)


def body_in[T](bodies: Mapping[str, T], language: str) -> tuple[str, T]:
    """The language and text that serve a reader best: theirs, one near it, English, or what there is.

    Raises:
        ValueError: there are none.
    """
    primary = language.partition("-")[0].lower()
    near = sorted(name for name in bodies if name.partition("-")[0].lower() == primary)
    for name in (language, *near, "en", *sorted(bodies)):
        if name in bodies:
            return name, bodies[name]
    raise ValueError("a template without a body")
