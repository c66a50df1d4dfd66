"""Texts to begin with: what customers write to a help desk, sorted, in each of the desk's languages.

Written for this project and under its licence. Each file has a line a text below a line `# category`; the categories
are those of the demo desk, and `-` is for texts that no category fits. A desk with other categories has its own labels.
"""

from importlib.resources import files
from typing import Final

from helpdesk.routing.learning.train import Example

_NONE: Final = "-"


def examples(language: str) -> list[Example]:
    """The texts of a language, `en`, `ko` or `ja`, in the file's order.

    Raises:
        FileNotFoundError: there are none in that language.
    """
    label: str | None = None
    found: list[Example] = []
    for line in files(__name__).joinpath(f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            label = None if line[2:] == _NONE else line[2:]
        elif line:
            found.append(Example(line, label))
    return found
