"""What admins do with all settings at once: export, import, look at what was, and give it back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, cast

from helpdesk.configuration.model import FORMAT, FORMAT_VERSION, Author, Books, Difference, Holdings, Kept, Tools
from helpdesk.configuration.parts import BY_NAME
from helpdesk.configuration.rules import entry_as_told, exported, planned
from helpdesk.configuration.yaml_file import Read
from helpdesk.configuration.yaml_file import read as read_file
from helpdesk.kernel.codec import Plain
from helpdesk.kernel.errors import FieldError, Invalid, NotFound, StaleVersion
from helpdesk.kernel.versions import Version

VERSIONS_SHOWN: Final = 50


class Configuration:
    """All settings.

    Args:
        books: where they are kept.
        tools: for texts with HTML.
        changed: told after every change, so that copies in memory are read anew.
    """

    def __init__(self, books: Books, tools: Tools, changed: Callable[[], None]) -> None:
        self._books = books
        self._tools = tools
        self._changed = changed

    def export(self, parts: frozenset[str] | None = None) -> str:
        """All settings, or some parts of them, as a file.

        Raises:
            Invalid: there is no such part.
        """
        unknown = sorted((parts or frozenset()) - BY_NAME.keys())
        if unknown:
            raise Invalid("Some parts are not known.", [FieldError("/parts", f"{one} is no part") for one in unknown])
        return exported(self._books.holdings(), parts)

    def take(self, raw: bytes, author: Author, *, dry_run: bool) -> Difference:
        """Makes the desk as a file says; if anything is wrong with it, nothing is changed.

        What is written is written one after another, and what is there already is not written again: if it is
        interrupted, importing the same file once more completes it.

        Args:
            raw: the file.
            author: who imports it.
            dry_run: only look at it.

        Raises:
            TooLarge: it is too large.
            Invalid: all that is wrong, each with its place.
            StaleVersion: somebody changed a setting meanwhile; importing it again is safe.
        """
        plan = planned(read_file(raw), self._books.holdings(), self._tools, author)
        if not dry_run and plan.writes:
            try:
                self._books.write(plan.writes, author)
            finally:
                self._changed()
        return plan.difference

    def versions(self, part: str, entry_id: str, *, before: int | None = None) -> tuple[Version, ...]:
        """Versions of a setting, newest first, as the file has them.

        Raises:
            NotFound: there is no such part.
        """
        kind = self._kind(part)
        found = self._versions(kind, entry_id, before)
        return tuple(
            replace(one, document=entry_as_told(BY_NAME[part], one.document)) if one.document is not None else one
            for one in found
        )

    def _versions(self, kind: str, entry_id: str, before: int | None = None) -> tuple[Version, ...]:
        found = self._books.versions(kind, entry_id, limit=VERSIONS_SHOWN, before=before)
        kept = self._books.holdings().get(kind, {}).get(entry_id) if before is None else None
        if kept is not None and all(one.version != kept.version for one in found):
            # Written before versions were kept, and never since.
            return (Version(kind, entry_id, kept.version, kept.document), *found)
        return found

    def restore(self, part: str, entry_id: str, version: int, author: Author, *, seen: int | None = None) -> Difference:
        """Makes a setting what it was in one of its versions, as a new version.

        Raises:
            NotFound: there is no such version.
            Invalid: it does not fit to the other settings any more; all that is wrong.
            StaleVersion: it is not at the version that was seen.
        """
        kind = self._kind(part)
        holdings = self._books.holdings()
        there = holdings.get(kind, {})
        now = there[entry_id].version if entry_id in there else 0
        if seen is not None and seen != now:
            raise StaleVersion(f"You saw version {seen}; it is at {now} now.", current=now)
        found = next((one for one in self._versions(kind, entry_id) if one.version == version), None)
        found = found or self._books.version(kind, entry_id, version)
        if found is None:
            raise NotFound("There is no such version.")
        plan = planned(_with(part, entry_id, found, holdings), holdings, self._tools, author)
        if plan.writes:
            try:
                self._books.write(plan.writes, author)
            finally:
                self._changed()
        return plan.difference

    @staticmethod
    def _kind(part: str) -> str:
        if part not in BY_NAME:
            raise NotFound("There is no such part of the settings.")
        return BY_NAME[part].kind


def _with(part: str, entry_id: str, version: Version, holdings: Holdings) -> Read:
    """A file of one part, in which one entry is as it was and all others are as they are."""
    found = BY_NAME[part]
    entries = dict(holdings.get(found.kind, {}))
    if version.document is None:
        entries.pop(entry_id, None)
    else:
        entries[entry_id] = Kept(version.document, 0)
    told = {one: entry_as_told(found, kept.document) for one, kept in entries.items()}
    section = cast("Plain", told.get(entry_id, {}) if found.single else told)
    return Read({"format": FORMAT, "version": FORMAT_VERSION, part: section}, {})
