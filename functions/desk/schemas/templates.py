"""Templates of mails as admins see them."""

from typing import Annotated

from msgspec import Meta, Struct

from helpdesk.mail.letters import Kind

Instant = Annotated[str, Meta(examples=["2026-11-21T09:30:00.000Z"])]
Part = Annotated[str, Meta(examples=["body"], description="`subject`, `preview` or `body`.")]


class TemplateQuery(Struct, frozen=True):
    """For which mailbox."""

    mailbox: (
        Annotated[str, Meta(max_length=64, description="Id of the mailbox it is for; without it: for all.")] | None
    ) = None


class WordsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of a mail, in the language that docs/mail-out.md describes."""

    subject: Annotated[str, Meta(max_length=500, description="Number and `Re:` are put before it.")]
    preview: Annotated[str, Meta(max_length=1000, description="What lists of mails show beside the subject.")]
    body: Annotated[str, Meta(min_length=1, max_length=20_000)]


class TryIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A template to try out; what is left out is as it is used now."""

    subject: Annotated[str, Meta(max_length=500)] | None = None
    preview: Annotated[str, Meta(max_length=1000)] | None = None
    body: Annotated[str, Meta(min_length=1, max_length=20_000)] | None = None
    ticket_id: (
        Annotated[str, Meta(max_length=64, description="With this ticket's words in place of a sample's.")] | None
    ) = None


class WordsOut(Struct, frozen=True):
    """The words of a mail."""

    subject: str
    preview: str
    body: str


class FaultOut(Struct, frozen=True):
    """Why a saved template is not used."""

    part: Part
    line: int
    message: str


class TemplateRowOut(Struct, frozen=True):
    """A template in the list."""

    kind: Kind
    language: str
    mailbox: str | None
    overridden: Annotated[bool, Meta(description="False: the one that comes with the desk is used.")]
    version: int
    changed_at: Instant | None
    changed_by: str | None
    faults: list[FaultOut]


class TemplatesOut(Struct, frozen=True):
    """All templates."""

    items: list[TemplateRowOut]
    next_cursor: str | None = None


class PlaceholderOut(Struct, frozen=True):
    """What can stand in a template."""

    name: str
    meaning: str
    required: bool


class VersionOut(Struct, frozen=True):
    """An earlier version; without words where the shipped template was restored."""

    version: int
    changed_at: Instant
    changed_by: str
    words: WordsOut | None


class TemplateOut(TemplateRowOut, frozen=True):
    """A template."""

    words: WordsOut
    shipped: WordsOut
    placeholders: list[PlaceholderOut]
    filters: list[str]
    versions: list[VersionOut]


class PreviewOut(Struct, frozen=True):
    """What a template gives."""

    subject: str
    text: str
    html: str


class TestSentOut(Struct, frozen=True):
    """A mail that was sent to try a template out."""

    to: str
    at: Instant
