"""Counts what functions ask of AWS while a story is played, call by call and in units of the table."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.units import Cost, read_cost, write_cost, written_keys
from tests.support.wire import AwsCall, Proceed, observing
from tests.support.world import World


@dataclass
class Reading:
    """What was counted.

    Attributes:
        calls: by `service.Operation`.
        cost: of the table.
        by_function: the cost by function.
    """

    calls: Counter[str] = field(default_factory=Counter)
    cost: Cost = field(default_factory=Cost)
    by_function: dict[str, Cost] = field(default_factory=dict)

    @property
    def table_calls(self) -> int:
        """How many calls of the table were counted."""
        return sum(count for name, count in self.calls.items() if name.startswith("dynamodb."))

    @property
    def others(self) -> Counter[str]:
        """Calls by service, the table's left out."""
        found: Counter[str] = Counter()
        for name, count in self.calls.items():
            service = name.partition(".")[0]
            if service != "dynamodb":
                found[service] += count
        return found


@contextmanager
def metering(world: World) -> Iterator[Reading]:
    """Counts calls that functions make; what the world itself does around them is left out."""
    reading = Reading()

    def meter(call: AwsCall, proceed: Proceed) -> dict[str, Any]:
        if world.running is None:
            return proceed()
        reading.calls[call.name] += 1
        if call.service != "dynamodb":
            return proceed()
        keys = written_keys(call)
        before = [world.item(*key) for key in keys]
        answer = proceed()
        after = [world.item(*key) for key in keys]
        cost = write_cost(call, before, after) if keys else read_cost(call, answer)
        reading.cost += cost
        reading.by_function[world.running] = reading.by_function.get(world.running, Cost()) + cost
        return answer

    with observing(meter):
        yield reading
