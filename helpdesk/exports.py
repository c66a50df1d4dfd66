"""Reads exported events as they stand in a file: `helpdesk history verify` looks at each line itself, not at what it means."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import msgspec

from helpdesk.kernel.codec import Document


def documents_by_ticket(path: Path) -> Iterator[tuple[str, list[Document]]]:
    """Events of a file, one document a line, those of a ticket one after another; bus envelopes are opened.

    Args:
        path: of the file. What does not name its ticket comes under the empty id.

    Yields:
        A ticket's id and its events as they stand in the file.

    Raises:
        ValueError: a line is no JSON object.
    """
    with path.open("rb") as lines:
        documents = (_opened(line) for line in lines if line.strip())
        for ticket_id, of_ticket in groupby(documents, key=lambda document: str(document.get("ticket_id", ""))):
            yield ticket_id, list(of_ticket)


def _opened(line: bytes) -> Document:
    document: Document = msgspec.json.decode(line)
    if not isinstance(document, dict):
        raise ValueError("a line is no JSON object")  # noqa: TRY004 - it is the file's fault, not a caller's
    inner = document.get("detail", document)
    return inner if isinstance(inner, dict) else document
