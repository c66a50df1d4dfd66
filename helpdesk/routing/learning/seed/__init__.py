"""Texts to begin with: what customers write to a help desk, sorted, in each of the desk's languages.

Written for this project and under its licence. Each file has a line a text below a line `# category`; the categories
are those of the demo desk, and `-` is for texts that no category fits. A desk with other categories has its own labels.
Files of marks hold what somebody upset writes, and what nobody asked for.
"""

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from helpdesk.routing.learning.train import Example

LANGUAGES: Final = ("en", "ko", "ja")
_NONE: Final = "-"


def texts(language: str) -> Iterator[tuple[str, str | None]]:
    """The texts of a language, `en`, `ko` or `ja`, in the file's order, each with its category if one fits.

    Raises:
        FileNotFoundError: there are none in that language.
    """
    yield from _read(f"{language}.txt")


def marked(language: str) -> Iterator[tuple[str, str | None]]:
    """Texts with the mark each bears: `upset`, `spam`.

    Raises:
        FileNotFoundError: there are none in that language.
    """
    yield from _read(f"marks_{language}.txt")


def _read(name: str) -> Iterator[tuple[str, str | None]]:
    label: str | None = None
    for line in files(__name__).joinpath(name).read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            label = None if line[2:] == _NONE else line[2:]
        elif line:
            yield line, label


def examples(language: str) -> "list[Example]":
    """The same to learn from.

    Raises:
        FileNotFoundError: there are none in that language.
    """
    from helpdesk.routing.learning.train import Example  # noqa: PLC0415 - numpy's neighbour: only training needs it

    return [Example(text, label) for text, label in texts(language)]
