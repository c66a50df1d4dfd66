"""What differs between two texts, line by line: versions of articles, and what posts of the community said before."""

import difflib
from collections.abc import Sequence
from typing import Final, Literal

from functions.desk.schemas.differences import DifferenceLineOut

_CHANGES: Final[dict[str, Literal["same", "added", "removed"]]] = {" ": "same", "+": "added", "-": "removed"}


def differences(before: Sequence[str], after: Sequence[str]) -> list[DifferenceLineOut]:
    """Lines of one text, the other, or both, in an order in which they can be read."""
    lines = difflib.ndiff(before, after)
    return [DifferenceLineOut(_CHANGES[line[0]], line[2:]) for line in lines if line[0] in _CHANGES]
