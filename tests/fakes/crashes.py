"""A process that dies at a chosen call of one of its ports, before or after the call did its work."""

from collections.abc import Callable
from typing import Any


class Crash(BaseException):
    """The process is gone: nothing that follows happens, whatever would have caught an ordinary error."""


class Fate:
    """Counts the calls of all ports, and lets the process die at one of them.

    Args:
        call: which call, counted from 1; 0: none.
        after: die when the call has done its work, not before.
    """

    def __init__(self, call: int = 0, *, after: bool = False) -> None:
        self.calls = 0
        self._call = call
        self._after = after

    def of[T](self, port: T) -> T:
        """The port with this fate."""
        return _Mortal(port, self)  # type: ignore[return-value]  # looks like the port to whoever calls it

    def meet(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """One call."""
        self.calls += 1
        mine = self.calls == self._call
        if mine and not self._after:
            raise Crash
        result = work(*args, **kwargs)
        if mine:
            raise Crash
        return result


class _Mortal:
    def __init__(self, port: object, fate: Fate) -> None:
        self._port = port
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        work = getattr(self._port, name)
        return (lambda *args, **kwargs: self._fate.meet(work, args, kwargs)) if callable(work) else work
