"""Logos of brands and letterheads: small pictures that were uploaded, checked by their bytes, and served by the desk itself."""

import struct
from dataclasses import dataclass
from typing import Final

from helpdesk.channels.model import Upload
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import FieldError, Invalid, NotFound
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.text import clean_line
from helpdesk.knowledge.images import Image, Images, kind_of

SHELF: Final = "logos"
"""Where they lie among the pictures of articles, whose ids are ULIDs."""
PATH: Final = "/help/logos/"
MOST_BYTES: Final = 512 * 1024
SMALLEST_SIDE: Final = 16
LARGEST_SIDE: Final = 2000
_KINDS: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of a JPEG that tell its size: starts of frames, not tables of codes."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height, in pixels."""

    width: int
    height: int

    @property
    def fits(self) -> bool:
        """Whether a page can show it as a logo."""
        return all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (self.width, self.height))


def size_of(content: bytes) -> Size | None:
    r"""How large a PNG, JPEG or WebP says that it is; None: it does not say so, or is none.

    >>> size_of(b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (64).to_bytes(4) + (32).to_bytes(4))
    Size(width=64, height=32)
    """
    match kind_of(content):
        case "image/png" if content[12:16] == b"IHDR" and len(content) >= 24:
            return Size(*struct.unpack(">II", content[16:24]))
        case "image/jpeg":
            return _of_jpeg(content)
        case "image/webp":
            return _of_webp(content)
        case _:
            return None


def _of_jpeg(content: bytes) -> Size | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Size(width, height)
        if marker == 0xFF:  # fills up
            at += 1
            continue
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None


def _of_webp(content: bytes) -> Size | None:
    if len(content) < 30:
        return None
    match content[12:16]:
        case b"VP8X":
            return Size(*(1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27)))
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            return Size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
        case b"VP8 ":
            return Size(*(int.from_bytes(content[at : at + 2], "little") & 0x3FFF for at in (26, 28)))
        case _:
            return None


class Logos:
    """Takes logos in and gives them out.

    Args:
        images: where they are kept.
        clock: the desk's time.
    """

    def __init__(self, images: Images, clock: Clock) -> None:
        self._images = images
        self._clock = clock

    def take(self, upload: Upload) -> str:
        """Makes an upload a logo; gives its path, which is below whatever address the desk has.

        Raises:
            Invalid: it was not uploaded, is too large, or is no picture that pages show. Never SVG, which can carry script.
        """
        content = self._images.uploaded(upload, MOST_BYTES)
        kind, size = kind_of(content), size_of(content)
        if kind not in _KINDS or size is None:
            raise Invalid("This is no logo.", [FieldError("/upload", "is none of PNG, JPEG and WebP")])
        if not size.fits:
            fault = (
                f"must be {SMALLEST_SIDE} to {LARGEST_SIDE} pixels wide and high, and is {size.width} by {size.height}"
            )
            raise Invalid("This is no logo.", [FieldError("/upload", fault)])
        image = Image(new_id(self._clock()), kind, clean_line(upload.filename)[:200])
        self._images.put(SHELF, image, content)
        return f"{PATH}{image.id}"

    def get(self, image_id: str) -> tuple[Image, bytes]:
        """A logo.

        Raises:
            NotFound: there is none.
        """
        found = self._images.get(SHELF, image_id) if is_id(image_id) else None
        if found is None:
            raise NotFound("There is no such picture.")
        return found
