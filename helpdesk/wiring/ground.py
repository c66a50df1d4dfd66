"""What everything else stands on: the clock, the table, the settings, who is calling, people, secrets and limits."""

import random
import time
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from helpdesk.contracts.topology import HOST_HEADER
from helpdesk.desk.model import Desk
from helpdesk.desk.rules import rules_of
from helpdesk.desk.store import KEPT_SECONDS, DynamoDeskStore, KeptDesk
from helpdesk.kernel.clock import Clock, Stopwatch, system_clock
from helpdesk.people.model import Agent
from helpdesk.people.organization_store import DynamoOrganizationStore
from helpdesk.people.organizations import KeptOrganizations, KeptPlans
from helpdesk.people.roles import Permission, permissions_of, standing_of
from helpdesk.people.store import DynamoPeopleStore
from helpdesk.platform.caller import caller
from helpdesk.platform.clock import AdjustableClock
from helpdesk.platform.limits import DynamoRateLimiter
from helpdesk.platform.secrets import SigningSecret
from helpdesk.platform.settings import settings
from helpdesk.platform.sign_ins import SignIns
from helpdesk.platform.signing import Signer
from helpdesk.platform.table import bind_table
from helpdesk.portal import brands
from helpdesk.portal.brands import Brand
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.visibility import EVERYTHING, Scope, scope_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

    from helpdesk.desk.settings import Settings
    from helpdesk.platform.audit import Trail
    from helpdesk.platform.http import Call
    from helpdesk.platform.outbound import Outbound


@cache
def clock() -> Clock:
    """The desk's clock."""
    return AdjustableClock() if settings().clock == "table" else system_clock


def begin() -> None:
    """What every invocation does first: binds the table (once) and, where the clock can be moved, reads the clock."""
    table_bound()
    desk_clock = clock()
    if isinstance(desk_clock, AdjustableClock):
        desk_clock.refresh()


@cache
def table_bound() -> None:
    """Points all items at the table, once."""
    bind_table(settings().table)


def now() -> datetime:
    """The desk's time."""
    return clock()()


stopwatch = Stopwatch()
"""By which copies of settings, views, macros and the like grow old."""


def look_again() -> None:
    """Lets every such copy be held against the table before it is used again: somebody knows that something has changed."""
    stopwatch.skip(2 * KEPT_SECONDS)


@cache
def kept_desk() -> KeptDesk:
    """The configuration, at most seconds old."""
    table_bound()
    return KeptDesk(DynamoDeskStore().load, stopwatch)


@cache
def desk_store() -> DynamoDeskStore:
    """The configuration where it is kept."""
    table_bound()
    return DynamoDeskStore()


@cache
def configuration() -> "Settings":
    """What admins do with settings."""
    from helpdesk.desk.settings import Settings  # noqa: PLC0415 - admins alone need it

    return Settings(desk_store(), kept_desk().forget)


def desk() -> Desk:
    """The configuration."""
    return kept_desk()()


def agent(agent_id: str) -> Agent | None:
    """A colleague by their user name at the identity provider."""
    return desk().agents.get(agent_id)


def signed_in(agent_id: str) -> Agent | None:
    """A colleague as rules that know built-in roles alone shall see them: with the highest that they may all of."""
    found = agent(agent_id)
    return replace(found, role=standing_of(found, desk().roles)) if found is not None else None


@cache
def sign_ins() -> SignIns:
    """Tells the trail who signed in."""
    table_bound()
    return SignIns()


def permissions(colleague: Agent) -> frozenset[Permission]:
    """What a colleague may do."""
    return permissions_of(colleague, desk().roles)


def scope(colleague: Agent | None = None) -> Scope:
    """The tickets that a colleague may know of; without one: whoever is calling, and everything where nobody is."""
    if colleague is None:
        calling = caller()
        if calling is None:
            return EVERYTHING
        colleague = calling.agent
    return scope_of(colleague, desk().roles, desk().groups)


def rules() -> DeskRules:
    """The settings that decisions depend on."""
    made = rules_of(desk())
    if any(policy.conditions.plans for policy in made.policies):
        return replace(made, plans=plans())
    return made


@cache
def plans() -> KeptPlans:
    """Support plans of organizations."""
    return KeptPlans(kept_organizations())


@cache
def kept_organizations() -> KeptOrganizations:
    """Organizations as decisions ask for them, at most a minute old."""
    return KeptOrganizations(organization_store().organization, time.monotonic)


@cache
def organization_store() -> DynamoOrganizationStore:
    """Organizations."""
    table_bound()
    return DynamoOrganizationStore()


def pause(attempt: int) -> None:
    """Waits a little before deciding anew: longer each time, and not in step with others."""
    time.sleep(random.uniform(0.002, 0.01) * 2**attempt)


@cache
def s3() -> "S3Client":
    """S3, with addresses a browser can use."""
    import boto3  # noqa: PLC0415 - heavy, and not every function needs it
    from botocore.config import Config  # noqa: PLC0415

    return boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "auto"}))


@cache
def signer() -> Signer:
    """Signs links and cursors."""
    return Signer(signing_keys())


@cache
def signing_keys() -> SigningSecret:
    """The desk's own secrets."""
    import boto3  # noqa: PLC0415

    return SigningSecret(boto3.client("secretsmanager"), settings().secret)


@cache
def sqs() -> "SQSClient":
    """Queues."""
    import boto3  # noqa: PLC0415 - heavy, and not every sweep finds something

    return boto3.client("sqs")


@cache
def trail() -> "Trail":
    """What admins did."""
    from helpdesk.platform.audit import Trail  # noqa: PLC0415 - admins alone read it

    table_bound()
    return Trail()


@cache
def people_store() -> DynamoPeopleStore:
    """People."""
    table_bound()
    return DynamoPeopleStore()


def brand_of_ticket(ticket: Ticket) -> Brand | None:
    """The brand whose mails a ticket's are."""
    from helpdesk.mail.stationery import brand_of  # noqa: PLC0415 - only where there are brands it is looked for

    return brand_of(desk(), ticket) if desk().brands else None


def brand_at(call: "Call", named: str | None = None) -> Brand | None:
    """The brand that a call is of: as it names it, or by the host that its page came from, or the usual one."""
    return brands.brand_at(desk().brands, named, host_of(call))


def host_of(call: "Call") -> str | None:
    """The host that a call's page came from; None: it is not told."""
    return call.headers.get(HOST_HEADER)


@cache
def limiter() -> DynamoRateLimiter:
    """Counts what somebody does."""
    table_bound()
    return DynamoRateLimiter()


@cache
def outbound() -> "Outbound":
    """Calls addresses that admins name."""
    from helpdesk.platform.outbound import Outbound  # noqa: PLC0415

    return Outbound(local=settings().outbound == "local")
