"""Threads that take turns at every call of a store, in an order drawn from a seed: each run is one interleaving, and always the same."""

import random
import threading
from collections.abc import Callable, Sequence
from typing import Any


class Interleaving:
    """Lets pieces of work run as if at once: at each call of a port another may go on.

    Args:
        chance: draws who.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._turns: dict[int, threading.Semaphore] = {}
        self._mine = threading.local()
        self.switches = 0

    def of[T](self, port: T) -> T:
        """The port, at each call of which somebody else may be first."""
        return _Yielding(port, self)  # type: ignore[return-value]  # looks like the port to whoever calls it

    def let_another(self) -> None:
        """Gives the turn to whoever is drawn, and waits until it is one's own again."""
        me: int | None = getattr(self._mine, "number", None)
        if me is None:
            return
        following = self._chance.choice(list(self._turns))
        if following != me:
            self.switches += 1
            self._turns[following].release()
            self._turns[me].acquire()

    def run(self, works: Sequence[Callable[[], None]]) -> None:
        """Does pieces of work, all of them begun.

        Raises:
            BaseException: the first that one of them raised.
        """
        problems: list[BaseException] = []
        self._turns = {number: threading.Semaphore(0) for number in range(len(works))}

        def one(number: int, work: Callable[[], None]) -> None:
            self._mine.number = number
            self._turns[number].acquire()
            try:
                work()
            except BaseException as problem:  # noqa: BLE001 - raised by whoever waits for all
                problems.append(problem)
            del self._turns[number]
            if self._turns:
                self._turns[self._chance.choice(list(self._turns))].release()

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(works)]
        for thread in threads:
            thread.start()
        if self._turns:
            self._turns[self._chance.choice(list(self._turns))].release()
        for thread in threads:
            thread.join()
        if problems:
            raise problems[0]


class _Yielding:
    def __init__(self, port: object, among: Interleaving) -> None:
        self._port = port
        self._among = among

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def call(*args: Any, **more: Any) -> Any:
            self._among.let_another()
            return found(*args, **more)

        return call
