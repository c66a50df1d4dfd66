"""Pictures in articles: only what is one by its bytes, served by the desk itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from helpdesk.channels.model import Upload
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import FieldError, Invalid, NotFound
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.text import clean_line
from helpdesk.knowledge.plain import IMAGES

MOST_BYTES: Final = 4 * 1024 * 1024
"""A function answers 6 MB at most, and bytes in an answer take a third more."""
_BEGINNINGS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article.

    Attributes:
        content_type: as its bytes say.
        name: what its file was called.
    """

    id: str
    content_type: str
    name: str = ""


class Images(Protocol):
    """Where pictures are kept."""

    def uploaded(self, upload: Upload, most: int) -> bytes:
        """What was uploaded.

        Raises:
            Invalid: nothing was, or more than `most` bytes.
        """
        ...

    def put(self, article_id: str, image: Image, content: bytes) -> None:
        """Keeps a picture."""
        ...

    def get(self, article_id: str, image_id: str) -> tuple[Image, bytes] | None:
        """A picture."""
        ...


def kind_of(content: bytes) -> str | None:
    """What a picture is, by how it begins; None: nothing that pages show. Never SVG, which can carry script.

    >>> kind_of(b"GIF89a...")
    'image/gif'
    """
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for begins, kind in _BEGINNINGS if content.startswith(begins)), None)


def address_of(article_id: str, image_id: str) -> str:
    """Where a picture is shown from."""
    return f"{IMAGES}{article_id}/{image_id}"


class Gallery:
    """Takes pictures in and gives them out.

    Args:
        images: where they are kept.
        clock: the desk's time.
        article: raises NotFound where there is no article of an id.
    """

    def __init__(self, images: Images, clock: Clock, article: Callable[[str], object]) -> None:
        self._images = images
        self._clock = clock
        self._article = article

    def take(self, article_id: str, upload: Upload) -> Image:
        """Makes an upload a picture of an article.

        Raises:
            NotFound: there is no such article.
            Invalid: it was not uploaded, is too large, or is no picture that pages show.
        """
        self._article(article_id)
        content = self._images.uploaded(upload, MOST_BYTES)
        kind = kind_of(content)
        if kind is None:
            fault = FieldError("/upload", "is none of PNG, JPEG, GIF and WebP")
            raise Invalid("This is no picture that pages can show.", [fault])
        image = Image(new_id(self._clock()), kind, clean_line(upload.filename)[:200])
        self._images.put(article_id, image, content)
        return image

    def get(self, article_id: str, image_id: str) -> tuple[Image, bytes]:
        """A picture.

        Raises:
            NotFound: there is none.
        """
        found = self._images.get(article_id, image_id) if is_id(article_id) and is_id(image_id) else None
        if found is None:
            raise NotFound("There is no such picture.")
        return found
