"""What differs between two texts, as JSON."""

from typing import Literal

from msgspec import Struct


class DifferenceLineOut(Struct, frozen=True):
    """A line of one version, the other, or both."""

    change: Literal["same", "added", "removed"]
    text: str
