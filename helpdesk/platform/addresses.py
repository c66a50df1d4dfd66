"""Finds the endpoint of an address, where the gateway's one route for all of agents' calls leaves that to the function."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from helpdesk.contracts.topology import FUNCTIONS
from helpdesk.kernel.errors import MethodNotAllowed, NotFound

_PARAMETER = "{}"


@dataclass(slots=True)
class _Node[T]:
    """What may come after some words of an address."""

    words: dict[str, "_Node[T]"] = field(default_factory=dict)
    ends: dict[str, tuple[T, tuple[str, ...]]] = field(default_factory=dict)


class Addresses[T]:
    """Routes as API Gateway spells them, and what each of them leads to.

    Args:
        routes: `GET /v1/tickets/{id}`, say, each with what it leads to.
    """

    def __init__(self, routes: Iterable[tuple[str, T]]) -> None:
        self._root: _Node[T] = _Node()
        for route, leads_to in routes:
            method, _, path = route.partition(" ")
            node, names = self._root, []
            for word in path.split("/"):
                parameter = word.startswith("{")
                if parameter:
                    names.append(word.strip("{}"))
                node = node.words.setdefault(_PARAMETER if parameter else word, _Node())
            node.ends[method] = (leads_to, tuple(names))

    def find(self, method: str, path: str) -> tuple[T, Mapping[str, str]] | None:
        """What an address leads to, with the values of its parameters; a word as it is goes before a parameter.

        Args:
            method: of the call.
            path: decoded.
        """
        return _search(self._root, method, tuple(path.split("/")), ())


def _search[T](
    node: _Node[T], method: str, words: tuple[str, ...], values: tuple[str, ...]
) -> tuple[T, Mapping[str, str]] | None:
    if not words:
        if method not in node.ends:
            return None
        leads_to, names = node.ends[method]
        return leads_to, dict(zip(names, values, strict=True))
    word, rest = words[0], words[1:]
    found = _search(node.words[word], method, rest, values) if word in node.words else None
    if found is None and word and _PARAMETER in node.words:
        found = _search(node.words[_PARAMETER], method, rest, (*values, word))
    return found


def no_such_address(method: str, path: str) -> MethodNotAllowed | NotFound:
    """The refusal of a call that no route takes: the address is one of the desk's and the method is not, or it is none.

    A gateway may take no route for what would fit one, such as an id with a line break in it: there is nothing like it.
    """
    routes, methods = _of_the_desk()
    fitting = [other for other in methods if routes.find(other, path) is not None]
    if fitting and method not in fitting:
        return MethodNotAllowed(f"Here only {', '.join(fitting)} can be used.")
    return NotFound("There is nothing at this address.")


@cache
def _of_the_desk() -> tuple[Addresses[None], tuple[str, ...]]:
    routes = [route for function in FUNCTIONS for route in function.routes if route.path.startswith("/")]
    methods = tuple(sorted({route.method for route in routes}))
    return Addresses((f"{route.method} {route.path}", None) for route in routes), methods
