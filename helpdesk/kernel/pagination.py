"""One page of a longer list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page[T]:
    """Some items, and where the next ones begin.

    Attributes:
        items: at most as many as were asked for.
        next_position: where to go on; None at the end. Stores choose its form; `platform.signing` signs it.
    """

    items: tuple[T, ...]
    next_position: dict[str, str] | None = None
