"""A router in a process of its own, as eight Lambdas are: routes what standard input names, then drains the queue. Says nothing."""

import random
import sys

from helpdesk import bootstrap


def main() -> None:
    """Handles the first event of each ticket, in an order of its own, and then drains what waits."""
    seed, *ticket_ids = sys.stdin.read().split()
    random.Random(int(seed)).shuffle(ticket_ids)
    bootstrap.begin()
    store, router = bootstrap.ticket_store(), bootstrap.routing()
    for ticket_id in ticket_ids:
        router.handle(store.events(ticket_id, limit=1000, position=None).items[-1])
    while router.drain():
        pass


if __name__ == "__main__":
    main()
