"""A router in a process of its own, as eight Lambdas are: does the jobs that it is sent, and answers when they are done."""

import os
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection

from helpdesk import bootstrap
from helpdesk.tickets.commands import ChangeTicket
from helpdesk.tickets.model import Actor, ActorKind, Status
from tests.support.office import Job, Solved


def _do(job: Job) -> None:
    router = bootstrap.routing()
    if not isinstance(job, Solved):
        router.handle(job.event)
        return
    actor = Actor(ActorKind.AGENT, job.by)
    for event in bootstrap.tickets().run(job.ticket_id, ChangeTicket(status=Status.SOLVED), actor=actor).events:
        router.handle(event)


def work(told: Connection, environment: Mapping[str, str]) -> None:
    """Does jobs, and drains what waits after them, until it is sent None.

    Args:
        told: gives lists of jobs; gets the processor seconds that they took so far.
        environment: how it finds the table.
    """
    os.environ.update(environment)
    before = time.process_time()
    while (jobs := told.recv()) is not None:
        bootstrap.begin()
        for job in jobs:
            _do(job)
        while bootstrap.routing().drain():
            pass
        told.send(time.process_time() - before)
