"""What a function is told by its environment: read once, all of it, with every fault named in one error."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast
from urllib.parse import urlsplit

from helpdesk.contracts import environment as names


class BadEnvironment(RuntimeError):
    """The environment lacks something or holds nonsense; the message lists all of it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A function's environment.

    Attributes:
        table: name of the table.
        bus: name of the event bus.
        mail_bucket: bucket of raw inbound mail.
        files_bucket: bucket of attachments and long bodies.
        secret: name of the signing secret.
        base_url: where the pages are, without a trailing slash.
        clock: `system`, or `table` for a desk whose clock can be moved.
        configuration_set: SES configuration set; empty for none.
        tick_queue: queue of tickets that are about to be due; empty: they wait for the sweep.
        triage_service: see `routing.bedrock.read_service`; empty: no service is asked about tickets.
        stage: name of the stage.
        webhook_queue: queue of webhooks' calls; empty where nobody makes any.
        outbound: `public`, or `local` for a desk that may call addresses of its own machine.
    """

    table: str
    bus: str
    mail_bucket: str
    files_bucket: str
    secret: str
    base_url: str
    clock: Literal["system", "table"]
    configuration_set: str
    tick_queue: str
    triage_service: str
    stage: str
    webhook_queue: str = ""
    outbound: Literal["public", "local"] = "public"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Reads settings.

    Raises:
        BadEnvironment: anything is missing or wrong; all of it is said at once.
    """
    faults: list[str] = []

    def required(name: str) -> str:
        value = environment.get(name, "").strip()
        if not value:
            faults.append(f"{name} is missing")
        return value

    base_url = required(names.BASE_URL).rstrip("/")
    if base_url and urlsplit(base_url).scheme not in {"http", "https"}:
        faults.append(f"{names.BASE_URL} is not an http(s) address: {base_url!r}")
    clock = environment.get(names.CLOCK, "system")
    if clock not in {"system", "table"}:
        faults.append(f"{names.CLOCK} is neither 'system' nor 'table': {clock!r}")
    outbound = environment.get(names.OUTBOUND) or "public"
    if outbound not in {"public", "local"}:
        faults.append(f"{names.OUTBOUND} is neither 'public' nor 'local': {outbound!r}")
    settings = Settings(
        table=required(names.TABLE),
        bus=required(names.BUS),
        mail_bucket=required(names.MAIL_BUCKET),
        files_bucket=required(names.FILES_BUCKET),
        secret=required(names.SECRET),
        base_url=base_url,
        clock=cast("Literal['system', 'table']", clock),
        configuration_set=environment.get(names.CONFIGURATION_SET, ""),
        tick_queue=environment.get(names.TICK_QUEUE, ""),
        triage_service=environment.get(names.TRIAGE_SERVICE, ""),
        stage=environment.get(names.STAGE, "production"),
        webhook_queue=environment.get(names.WEBHOOK_QUEUE, ""),
        outbound=cast("Literal['public', 'local']", outbound),
    )
    if faults:
        raise BadEnvironment("; ".join(faults))
    return settings


@cache
def settings() -> Settings:
    """This process's settings."""
    return read_settings(os.environ)
