"""The one place where services meet their stores. Everything is made when it is first asked for, once a container."""

import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from helpdesk.channels.service import RequestService
from helpdesk.contracts.topology import HOST_HEADER
from helpdesk.desk.model import Desk
from helpdesk.desk.rules import rules_of
from helpdesk.desk.store import KEPT_SECONDS, DynamoDeskStore, KeptDesk
from helpdesk.kernel.clock import Clock, Stopwatch, system_clock
from helpdesk.kernel.errors import Gone, Invalid, Unauthenticated
from helpdesk.kernel.ids import derived_id, is_id
from helpdesk.kernel.shelves import KeptShelf
from helpdesk.mail.links import SignedLinks
from helpdesk.people.model import Agent, Person, Role
from helpdesk.people.organization_store import DynamoOrganizationStore
from helpdesk.people.organizations import KeptOrganizations, KeptPlans
from helpdesk.people.roles import Permission, permissions_of, standing_of
from helpdesk.people.store import DynamoPeopleStore
from helpdesk.platform.access import COOKIES, READ_ONLY_CLAIM, Asking, requester_of, session_of
from helpdesk.platform.caller import caller
from helpdesk.platform.clock import AdjustableClock
from helpdesk.platform.limits import DynamoRateLimiter
from helpdesk.platform.secrets import SigningSecret
from helpdesk.platform.settings import settings
from helpdesk.platform.sign_ins import SignIns
from helpdesk.platform.signing import Purpose, Signer, after
from helpdesk.platform.table import bind_table
from helpdesk.portal import brands
from helpdesk.portal.brands import Brand
from helpdesk.sla.service import Ticked
from helpdesk.sla.store import TickQueue
from helpdesk.tickets.attention import Attention
from helpdesk.tickets.commands import Tick
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.model import AUTOMATION, SWEEPER, Participant, Ticket
from helpdesk.tickets.opening import AgentOpening
from helpdesk.tickets.participation import Participation
from helpdesk.tickets.rules import next_due
from helpdesk.tickets.service import TicketService
from helpdesk.tickets.sight import TicketsInSight
from helpdesk.tickets.tasks import TaskDesk
from helpdesk.tickets.timelog import TimeLog
from helpdesk.tickets.together import Together
from helpdesk.tickets.views import summarize
from helpdesk.tickets.visibility import EVERYTHING, Scope, scope_of
from helpdesk.tickets.working import AgentDesk

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

    from helpdesk.approvals.service import ApprovalService
    from helpdesk.automation.fields import Known
    from helpdesk.automation.hands import Hands
    from helpdesk.automation.service import AutomationService
    from helpdesk.automation.store import DynamoTraceStore
    from helpdesk.bulk.service import BulkService
    from helpdesk.bulk.worker import BulkWorker
    from helpdesk.canned.model import Body
    from helpdesk.canned.service import CannedService, Pen, Signatures
    from helpdesk.canned.store import DynamoSignatures
    from helpdesk.channels.store import S3FileStore
    from helpdesk.checklists.service import ChecklistService
    from helpdesk.community.finding import QuestionFinder
    from helpdesk.community.mails import CommunityMails
    from helpdesk.community.model import Question
    from helpdesk.community.moderation import Moderation
    from helpdesk.community.service import Community
    from helpdesk.community.store import DynamoCommunity
    from helpdesk.community.traces import CommunityTraces
    from helpdesk.community.unanswered import Unanswered
    from helpdesk.configuration.service import Configuration
    from helpdesk.desk.settings import Settings
    from helpdesk.drafts.service import DraftService
    from helpdesk.knowledge.answers import Answers, Outcomes
    from helpdesk.knowledge.finding import ArticleFinder
    from helpdesk.knowledge.gaps import GapWatch
    from helpdesk.knowledge.images import Gallery
    from helpdesk.knowledge.model import Article, Reader
    from helpdesk.knowledge.reading import HelpCenter
    from helpdesk.knowledge.service import KnowledgeService
    from helpdesk.knowledge.store import DynamoArticles
    from helpdesk.macros.model import Macro
    from helpdesk.macros.service import MacroService, QuickSearch
    from helpdesk.mail.delivery import Outbox
    from helpdesk.mail.feedback import FeedbackService
    from helpdesk.mail.letters import Letter
    from helpdesk.mail.notices import NoticeService
    from helpdesk.mail.outbox_store import DynamoNoticeLog
    from helpdesk.mail.registry import MailRegistry
    from helpdesk.mail.service import InboundMailService
    from helpdesk.mail.stationery import Stationery
    from helpdesk.mail.template_service import TemplateService
    from helpdesk.notifications.announcer import Telling
    from helpdesk.notifications.service import NotificationService
    from helpdesk.notifications.store import DynamoNotificationStore
    from helpdesk.people.directory import Directory
    from helpdesk.people.organizations import Organizations
    from helpdesk.people.overview import Counting, Overviews
    from helpdesk.people.tally_store import DynamoGlanceStore
    from helpdesk.platform.audit import Trail
    from helpdesk.platform.http import Call
    from helpdesk.platform.outbound import Outbound
    from helpdesk.portal.logos import Logos
    from helpdesk.portal.service import PortalAccess
    from helpdesk.presence.service import PresenceService
    from helpdesk.privacy.clearing import Clearing
    from helpdesk.privacy.portable import Portable
    from helpdesk.privacy.retention import Retention
    from helpdesk.privacy.retention_store import DynamoRetention
    from helpdesk.privacy.service import ErasureService
    from helpdesk.reports.service import PromiseReports
    from helpdesk.routing.bedrock import Converse
    from helpdesk.routing.clusters import ClusterService
    from helpdesk.routing.service import RoutingService
    from helpdesk.routing.store import S3Models
    from helpdesk.routing.trainer import TrainingService
    from helpdesk.routing.triage import Guess, OwnModels, TriageService
    from helpdesk.search.model import Segments
    from helpdesk.search.service import SearchService
    from helpdesk.search.tickets import TicketIndexer
    from helpdesk.search.upkeep import Upkeep
    from helpdesk.sla.feeds import Feeds, Fetched
    from helpdesk.sso.model import Flow, Proven
    from helpdesk.sso.service import Connections, SingleSignOn
    from helpdesk.sso.service import Ports as SignOnPorts
    from helpdesk.surveys.pulse_mails import PulseMails
    from helpdesk.surveys.pulse_service import PulseService
    from helpdesk.surveys.service import SurveyService
    from helpdesk.surveys.store import DynamoSurveyStore
    from helpdesk.tickets.asides import SideConversations
    from helpdesk.tickets.store import DynamoTicketStore
    from helpdesk.views.changes import ChangeFeed
    from helpdesk.views.keeper import BoardKeeper
    from helpdesk.views.live import LiveBoard
    from helpdesk.views.service import ViewService
    from helpdesk.views.store import S3Checkpoints
    from helpdesk.webhooks.model import Delivery, Webhook
    from helpdesk.webhooks.service import Answer, WebhookService
    from helpdesk.webhooks.store import DynamoDeliveries


@cache
def clock() -> Clock:
    """The desk's clock."""
    return AdjustableClock() if settings().clock == "table" else system_clock


def begin() -> None:
    """What every invocation does first: binds the table (once) and, where the clock can be moved, reads the clock."""
    _table()
    desk_clock = clock()
    if isinstance(desk_clock, AdjustableClock):
        desk_clock.refresh()


@cache
def _table() -> None:
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
    _table()
    return KeptDesk(DynamoDeskStore().load, stopwatch)


@cache
def desk_store() -> DynamoDeskStore:
    """The configuration where it is kept."""
    _table()
    return DynamoDeskStore()


@cache
def configuration() -> "Settings":
    """What admins do with settings."""
    from helpdesk.desk.settings import Settings  # noqa: PLC0415 - admins alone need it

    return Settings(desk_store(), kept_desk().forget)


@cache
def erasures() -> "ErasureService":
    """Erasing people."""
    from helpdesk.privacy.service import ErasureService, Ports  # noqa: PLC0415 - admins alone need it
    from helpdesk.privacy.store import DynamoErasures  # noqa: PLC0415

    buckets = settings().files_bucket, settings().mail_bucket
    store = DynamoErasures(ticket_store(), people_store(), s3, buckets, desk, clock(), _clearing(), community_traces())
    ports = Ports(
        erasures=store,
        people=people_store(),
        tickets=tickets(),
        renew=lambda ticket_id: ticket_indexer().renew(ticket_id),
        write_export=lambda person: portable().write(person),
        renew_lists=lambda: board_keeper().renew_if_written(),
        clock=clock(),
        monotonic=time.monotonic,
    )
    return ErasureService(ports)


@cache
def _clearing() -> "Clearing":
    from helpdesk.privacy.clearing import Clearing  # noqa: PLC0415 - as above

    return Clearing(_all_tickets(), s3, (settings().files_bucket, settings().mail_bucket))


@cache
def retention_notes() -> "DynamoRetention":
    """How far retention is."""
    from helpdesk.privacy.retention_store import DynamoRetention  # noqa: PLC0415 - as above

    _table()
    return DynamoRetention()


def retention(fault: Callable[[str, Exception], None]) -> "Retention":
    """Rules of retention at work.

    Args:
        fault: is told what went wrong with a rule or a ticket, by id.
    """
    from helpdesk.privacy import retention as module  # noqa: PLC0415 - as above
    from helpdesk.views.store import DynamoFeed  # noqa: PLC0415

    ports = module.Ports(
        notes=retention_notes(),
        tickets=_all_tickets(),
        service=tickets(),
        clear=_clearing().clear,
        renew=lambda ticket_id: ticket_indexer().renew(ticket_id),
        renew_lists=lambda: board_keeper().renew_if_written(),
        changed_since=lambda at: ((one.at, one.ticket_id) for one in DynamoFeed().since(at)),
        forget_addresses=_clearing().addresses,
        forget_people=lambda ticket_id: erasures().forget_those_in(ticket_id),
        desk=desk_store().load,
        clock=clock(),
        monotonic=time.monotonic,
        fault=fault,
    )
    return module.Retention(ports)


@cache
def whole_desk() -> "ViewService":
    """Lists of tickets by conditions, whoever asks: for what is about all of them."""
    from helpdesk.tickets.visibility import Scope  # noqa: PLC0415
    from helpdesk.views.service import ViewService  # noqa: PLC0415 - lists are asked for by agents only

    return ViewService(views().library, live_board(), _all_tickets(), lambda _: Scope(everything=True), desk, clock())


@cache
def portable() -> "Portable":
    """Exports of people's data."""
    from helpdesk.privacy.portable import Portable  # noqa: PLC0415 - admins alone need it
    from helpdesk.privacy.store import DynamoErasures  # noqa: PLC0415

    buckets = settings().files_bucket, settings().mail_bucket
    store = DynamoErasures(ticket_store(), people_store(), s3, buckets, desk, clock(), _clearing(), community_traces())
    return Portable(store, ticket_store(), people_store(), s3, buckets, community_traces().told)


@cache
def all_settings() -> "Configuration":
    """All settings at once: versions, export and import."""
    from helpdesk.configuration.model import Tools  # noqa: PLC0415 - admins alone need it
    from helpdesk.configuration.service import Configuration  # noqa: PLC0415
    from helpdesk.configuration.store import DynamoBooks  # noqa: PLC0415
    from helpdesk.mail.template_store import DynamoTemplateStore  # noqa: PLC0415

    books = DynamoBooks(desk_store(), lambda: DynamoTemplateStore(stopwatch))
    return Configuration(books, Tools(_safe_html, _plain), _forget_settings)


def _forget_settings() -> None:
    """Lets this container read anew all that it remembers of settings."""
    kept_desk().forget()
    for made in (templates, canned, macros, checklists):
        made.cache_clear()


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
    _table()
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
    _table()
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
def ticket_store() -> TicketsInSight:
    """Tickets, as far as whoever is calling may see them."""
    _table()
    return TicketsInSight(s3, settings().files_bucket, scope, _tell_the_board)


def _tell_the_board(written: Sequence[Ticket]) -> None:
    """Lets whoever wrote see it in the lists of this container at once, if it has any."""
    if live_board.cache_info().currsize:
        live_board().note(summarize(ticket) for ticket in written)


@cache
def tick_queue() -> TickQueue:
    """Holds tickets back until the second in which they are due."""
    return TickQueue(_sqs, settings().tick_queue)


@cache
def _sqs() -> "SQSClient":
    import boto3  # noqa: PLC0415 - heavy, and not every sweep finds something

    return boto3.client("sqs")


@cache
def trail() -> "Trail":
    """What admins did."""
    from helpdesk.platform.audit import Trail  # noqa: PLC0415 - admins alone read it

    _table()
    return Trail()


@cache
def people_store() -> DynamoPeopleStore:
    """People."""
    _table()
    return DynamoPeopleStore()


@cache
def tickets() -> TicketService:
    """What can be done with tickets."""
    return TicketService(ticket_store(), clock(), rules, pause)


def directory() -> "Directory":
    """What agents do with people."""
    from helpdesk.people.directory import Directory  # noqa: PLC0415 - agents alone need it

    def known(organization_id: str) -> bool:
        return is_id(organization_id) and organization_store().organization(organization_id) is not None

    def newest(person: Person, limit: int) -> tuple[str, ...]:
        return ticket_store().newest_of(person, limit=limit)

    return Directory(people_store(), desk, clock(), organizations=known, tickets=newest)


@cache
def glances() -> "DynamoGlanceStore":
    """Numbers of people, and the tickets they are in."""
    from helpdesk.people.tally_store import DynamoGlanceStore  # noqa: PLC0415

    _table()
    return DynamoGlanceStore()


def overviews() -> "Overviews":
    """People and organizations at a glance."""
    from helpdesk.people.overview import Overviews  # noqa: PLC0415

    return Overviews(
        glances(),
        ticket_store(),
        people_store().by_id,
        organization_store().organization,
        sees_all=lambda: scope().everything,
        sees=lambda row: scope().allows(row),
    )


@cache
def counting() -> "Counting":
    """What keeps their numbers."""
    from helpdesk.people.overview import Counting  # noqa: PLC0415

    return Counting(glances(), ticket_store().get, pause)


def organizations() -> "Organizations":
    """What agents do with organizations."""
    from helpdesk.people.directory import List, PeopleQuery  # noqa: PLC0415
    from helpdesk.people.organizations import Organizations  # noqa: PLC0415

    def has_people(organization_id: str) -> bool:
        members = PeopleQuery(List.MEMBERS, within=organization_id)
        return bool(people_store().listed(members, limit=1, position=None).items)

    return Organizations(organization_store(), desk, clock(), has_people)


def tick(ticket_id: str) -> Ticked:
    """Lets time do its work on a ticket."""
    outcome = tickets().run(ticket_id, Tick(), actor=SWEEPER)
    return Ticked(len(outcome.events), next_due(outcome.ticket))


@cache
def agent_desk() -> AgentDesk:
    """What agents do with tickets."""
    return AgentDesk(tickets(), ticket_store(), desk, clock())


@cache
def together() -> Together:
    """What agents do with several tickets at once."""
    return Together(tickets(), ticket_store(), clock())


def task_desk() -> TaskDesk:
    """Tasks of tickets."""
    return TaskDesk(tickets(), ticket_store(), desk, clock())


@cache
def participation() -> Participation:
    """Who takes part in tickets."""
    return Participation(tickets(), people_store(), desk, clock())


@cache
def opening() -> AgentOpening:
    """Tickets that agents open."""
    return AgentOpening(tickets(), ticket_store(), people_store(), agent_desk(), desk, clock())


@cache
def attention() -> Attention:
    """Who follows tickets, and which are put aside."""
    return Attention(tickets(), desk, clock())


@cache
def time_log() -> TimeLog:
    """Time spent on tickets."""
    return TimeLog(tickets(), ticket_store(), desk, clock())


def sides() -> "SideConversations":
    """What agents ask third parties."""
    from helpdesk.tickets.asides import SideConversations  # noqa: PLC0415 - only the desk's own function needs it

    return SideConversations(tickets(), ticket_store(), people_store(), desk, clock())


@cache
def files() -> "S3FileStore":
    """Attachments."""
    from helpdesk.channels.store import S3FileStore  # noqa: PLC0415

    return S3FileStore(s3(), settings().files_bucket)


def grant(ticket: Ticket) -> str:
    """An access token for a ticket's requester. It follows from the ticket, so asking again gives the same."""
    return _grant(ticket, after(ticket.created_at, desk().general.link_valid_seconds))


def _grant(ticket: Ticket, expires: datetime, *, shared: bool = False) -> str:
    claims = {"t": ticket.id, "p": ticket.requester_id} | ({READ_ONLY_CLAIM: 1} if shared else {})
    return signer().sign(Purpose.REQUEST, claims, expires)


def _mail_grant(ticket: Ticket, *, shared: bool) -> str:
    return _grant(ticket, _links_expire(), shared=shared)


def _links_expire() -> datetime:
    """Until when links work that are sent now: so long from the end of this day that each works as long as is promised."""
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    return after(midnight, 86_400 + desk().general.link_valid_seconds)


@cache
def requests() -> RequestService:
    """What customers can do."""
    return RequestService(
        tickets=tickets(),
        store=ticket_store(),
        people=people_store(),
        files=files(),
        limiter=DynamoRateLimiter(),
        grant=grant,
        desk=desk,
        clock=clock(),
    )


@cache
def portal_access() -> "PortalAccess":
    """Customers who sign in."""
    from helpdesk.mail.compose import compose  # noqa: PLC0415 - only who sends mail needs its templates
    from helpdesk.mail.delivery import Envelope, Rejected  # noqa: PLC0415
    from helpdesk.mail.outbox_store import SesMailSender, count_sent, ses_client  # noqa: PLC0415
    from helpdesk.portal import service as module  # noqa: PLC0415
    from helpdesk.portal.store import DynamoAccessStore, SignedSeals  # noqa: PLC0415

    sender = SesMailSender(cache(ses_client), settings().configuration_set)

    def send(letter: "Letter") -> None:
        try:
            sender.send(compose(letter), Envelope(letter.recipient.address))
        except (Invalid, Rejected):
            return  # whether an address takes mail is nobody's business but its owner's
        count_sent(letter.kind)

    ports = module.Ports(
        store=DynamoAccessStore(),
        limiter=limiter(),
        code_seals=SignedSeals(signer(), Purpose.SIGN_IN),
        session_seals=SignedSeals(signer(), Purpose.SESSION),
        people=people_store(),
        tickets=ticket_store(),
        organization=organization_store().organization,
        elsewhere=_signed_in_elsewhere,
        stationery=_stationery(),
        send=send,
        page=settings().base_url,
        desk=desk,
        clock=clock(),
    )
    return module.PortalAccess(ports)


def _signed_in_elsewhere(address: str) -> str | None:
    offer = single_sign_on().offered(address)
    return offer.name if offer is not None and offer.required else None


@cache
def single_sign_on() -> "SingleSignOn":
    """Customers who sign in at their organization's provider."""
    from helpdesk.sso.service import SingleSignOn  # noqa: PLC0415 - few calls need it

    return SingleSignOn(_sign_on_ports())


@cache
def connections() -> "Connections":
    """What admins set up for that."""
    from helpdesk.sso.service import Connections  # noqa: PLC0415 - as above

    return Connections(_sign_on_ports())


def _sign_on_ports() -> "SignOnPorts":
    from helpdesk.sso.model import MOST_OF_A_PROVIDER  # noqa: PLC0415 - as above
    from helpdesk.sso.service import Fetched, Ports  # noqa: PLC0415
    from helpdesk.sso.store import DynamoConnections  # noqa: PLC0415

    def fetch(url: str, headers: Mapping[str, str], body: bytes | None) -> Fetched:
        from helpdesk.platform.outbound import Wanted  # noqa: PLC0415

        wanted = Wanted("GET" if body is None else "POST", body, most_bytes=MOST_OF_A_PROVIDER, whole=True)
        answered = outbound()(url, {"user-agent": "helpdesk-sign-in", **headers}, wanted)
        return Fetched(answered.status, answered.problem, answered.body)

    def read_token(token: str, keys: list[dict[str, object]], flow: "Flow", now: datetime) -> Mapping[str, object]:
        from helpdesk.sso.tokens import Expected, claims_of  # noqa: PLC0415 - signatures: 15 MB of libraries

        return claims_of(token, keys, Expected(flow.provider.issuer, flow.client_id, flow.nonce), now)

    return Ports(
        store=DynamoConnections(),
        limiter=limiter(),
        organization_for=people_store().organization_for,
        organization=organization_store().organization,
        admit=_admit,
        let_in=lambda address, length: portal_access().let_in(address, length, at_organization=True),
        fetch=fetch,
        read_token=read_token,
        clock=clock(),
        local=settings().outbound == "local",
    )


def _admit(proven: "Proven", organization_id: str, now: datetime) -> None:
    """Makes somebody known as one of their organization; who is known and belongs to none joins it."""
    from helpdesk.people.service import admitted  # noqa: PLC0415

    admitted(people_store(), proven.address, proven.name, organization_id, desk().general.language, now)


def asking(call: "Call", *, writes: bool = False) -> Asking:
    """Who deals with the request that a call's path names: by its token, or as somebody who signed in.

    Raises:
        Unauthenticated, Gone, Forbidden, NotFound: as `platform.access` has it.
    """
    held = None if "authorization" in call.headers else session_of(call)
    if held is None:
        return requester_of(call, signer(), writes=writes)
    visitor = portal_access().who(held)
    ticket, person_id = portal_access().identity(visitor, call.params["id"])
    own = person_id == ticket.requester_id
    name = visitor.person.name if visitor.person is not None else None
    speaker = None if own else Participant(person_id, visitor.address, name)
    return Asking(ticket.id, ticket.requester_id, person_id, speaker)


@cache
def inbound_mail() -> "InboundMailService":
    """Mail that comes in."""
    from helpdesk.mail.parse import parse_mail  # noqa: PLC0415 - only who reads mail needs its parser
    from helpdesk.mail.service import InboundMailService  # noqa: PLC0415
    from helpdesk.mail.store import DynamoLedger, S3RawMails  # noqa: PLC0415

    return InboundMailService(
        parse=parse_mail,
        raw_mails=S3RawMails(s3(), settings().mail_bucket),
        ledger=DynamoLedger(),
        threads=ticket_store(),
        prove=signer().thread_of_tag,
        tickets=tickets(),
        store=ticket_store(),
        people=people_store(),
        files=files(),
        desk=desk,
        clock=clock(),
    )


@cache
def mail_registry() -> "MailRegistry":
    """Suspended mail, blocked senders, and the ledger."""
    from helpdesk.mail.parse import parse_mail  # noqa: PLC0415 - as above
    from helpdesk.mail.registry import MailRegistry  # noqa: PLC0415
    from helpdesk.mail.store import DynamoLedger, S3RawMails  # noqa: PLC0415

    _table()
    return MailRegistry(
        parse=parse_mail,
        raw_mails=S3RawMails(s3(), settings().mail_bucket),
        ledger=DynamoLedger(),
        blocks=DynamoDeskStore(),
        desk=desk,
        clock=clock(),
    )


@cache
def links() -> SignedLinks:
    """Addresses in mails."""
    return SignedLinks(signer(), settings().base_url, _mail_grant, _links_expire, _brand_of)


def _brand_of(ticket: Ticket) -> Brand | None:
    from helpdesk.mail.stationery import brand_of  # noqa: PLC0415 - only where there are brands it is looked for

    return brand_of(desk(), ticket) if desk().brands else None


def brand_at(call: "Call", named: str | None = None) -> Brand | None:
    """The brand that a call is of: as it names it, or by the host that its page came from, or the usual one."""
    return brands.brand_at(desk().brands, named, host_of(call))


def host_of(call: "Call") -> str | None:
    """The host that a call's page came from; None: it is not told."""
    return call.headers.get(HOST_HEADER)


@cache
def notice_log() -> "DynamoNoticeLog":
    """What was sent."""
    from helpdesk.mail.outbox_store import DynamoNoticeLog  # noqa: PLC0415

    _table()
    return DynamoNoticeLog()


@cache
def outbox() -> "Outbox":
    """Sends each mail once."""
    from helpdesk.mail.delivery import Outbox  # noqa: PLC0415
    from helpdesk.mail.outbox_store import (  # noqa: PLC0415
        SesMailSender,
        count_sent,
        ses_client,
        tell_of_trouble,
    )

    sender = SesMailSender(cache(ses_client), settings().configuration_set)
    return Outbox(notice_log(), sender, clock(), count_sent, tell_of_trouble)


@cache
def feedback() -> "FeedbackService":
    """What the mail service says of mails later."""
    from helpdesk.mail.feedback import FeedbackService  # noqa: PLC0415

    return FeedbackService(notice_log(), tickets(), people_store(), clock())


@cache
def templates() -> "TemplateService":
    """Admins' own words for mails."""
    from helpdesk.mail.template_service import TemplateService  # noqa: PLC0415
    from helpdesk.mail.template_store import DynamoTemplateStore  # noqa: PLC0415

    _table()
    return TemplateService(
        DynamoTemplateStore(stopwatch), desk, clock(), signer().thread_tag, outbox, settings().base_url
    )


@cache
def limiter() -> DynamoRateLimiter:
    """Counts what somebody does."""
    _table()
    return DynamoRateLimiter()


def _stationery() -> "Stationery":
    from helpdesk.mail.stationery import Stationery  # noqa: PLC0415

    return Stationery(desk, signer().thread_tag, clock(), templates().used, settings().base_url)


@cache
def notices() -> "NoticeService":
    """What the desk says by itself."""
    from helpdesk.mail import notices as module  # noqa: PLC0415 - only who sends mail needs its templates
    from helpdesk.mail.outbox_store import S3Files  # noqa: PLC0415

    ports = module.Ports(
        tickets=ticket_store(),
        people=people_store(),
        desk=desk,
        files=S3Files(s3, settings().files_bucket),
        limiter=DynamoRateLimiter(),
        links=links(),
        clock=clock(),
        region=os.environ.get("AWS_REGION", "us-east-1"),
        answers=lambda ticket, text: answers().for_requester(ticket, text),
    )
    return module.NoticeService(ports, _stationery(), outbox())


@cache
def notification_store() -> "DynamoNotificationStore":
    """What agents are told."""
    from helpdesk.notifications.store import DynamoNotificationStore  # noqa: PLC0415

    _table()
    return DynamoNotificationStore()


@cache
def notifications() -> "NotificationService":
    """What agents do with what they are told."""
    from helpdesk.notifications.service import NotificationService  # noqa: PLC0415

    return NotificationService(notification_store(), clock(), ticket_store().out_of_sight)


@cache
def telling() -> "Telling":
    """Tells all whom an event concerns."""
    from helpdesk.notifications import announcer as module  # noqa: PLC0415

    def comment(survey_id: str) -> str:
        found = survey_store().find(survey_id)
        return (found.answer.comment if found is not None and found.answer is not None else None) or ""

    ports = module.Ports(ticket_store(), notification_store(), desk, links(), comment)
    return module.Telling(notices(), module.Announcer(ports, _stationery(), outbox()))


@cache
def survey_store() -> "DynamoSurveyStore":
    """Surveys."""
    from helpdesk.surveys.store import DynamoSurveyStore  # noqa: PLC0415

    _table()
    return DynamoSurveyStore()


@cache
def pulses() -> "PulseService":
    """Surveys to colleagues."""
    from helpdesk.surveys.pulse_service import PulseService  # noqa: PLC0415
    from helpdesk.surveys.pulse_store import DynamoPulseStore  # noqa: PLC0415

    _table()
    return PulseService(DynamoPulseStore(), desk, clock())


def pulse_mails(fault: Callable[[str, Exception], None]) -> "PulseMails":
    """Tells colleagues of surveys.

    Args:
        fault: is told what went wrong with a mail, by the colleague's id.
    """
    from helpdesk.surveys.pulse_mails import Ports, PulseMails  # noqa: PLC0415
    from helpdesk.surveys.pulse_store import DynamoPulseStore  # noqa: PLC0415

    page = f"{settings().base_url}/satisfaction"
    store = notification_store()
    ports = Ports(pulses(), DynamoPulseStore(), store.preferences, page, desk, clock(), fault)
    return PulseMails(ports, _stationery(), outbox())


@cache
def promise_reports() -> "PromiseReports":
    """Reports of promises, and the figures that they are made of."""
    from helpdesk.reports.service import PromiseReports  # noqa: PLC0415
    from helpdesk.reports.store import DynamoBuckets  # noqa: PLC0415
    from helpdesk.sla.histories import history_of  # noqa: PLC0415

    store = ticket_store()
    return PromiseReports(
        DynamoBuckets(),
        lambda ticket_id: history_of(store, ticket_id),
        rules,
        lambda: ZoneInfo(desk().general.time_zone),
    )


@cache
def surveys() -> "SurveyService":
    """Surveys from the invitation to the answer."""
    from helpdesk.surveys import service as module  # noqa: PLC0415

    ports = module.Ports(
        store=survey_store(), tickets=tickets(), people=people_store(), desk=desk, links=links(), clock=clock()
    )
    return module.SurveyService(ports, _stationery(), outbox())


@cache
def routing() -> "RoutingService":
    """The router."""
    from helpdesk.routing import service as module  # noqa: PLC0415
    from helpdesk.routing.store import DynamoTurns  # noqa: PLC0415

    def group_of(organization_id: str) -> str | None:
        found = organization_store().organization(organization_id)
        return found.group if found is not None else None

    _table()
    return module.RoutingService(
        module.Ports(
            tickets(),
            ticket_store(),
            people_store(),
            desk,
            DynamoTurns(),
            clock(),
            triage(),
            organization_group=group_of,
        )
    )


@cache
def triage_models() -> "S3Models":
    """Models of the learned triage, and weekly figures."""
    from helpdesk.routing.store import S3Models  # noqa: PLC0415

    _table()
    return S3Models(s3, settings().files_bucket)


@cache
def triage() -> "TriageService":
    """What tickets are about."""
    from helpdesk.routing import triage as module  # noqa: PLC0415

    models = module.KeptModels(triage_models())
    return module.TriageService(_guess(module.OwnModels(models)), models, ticket_store(), desk)


@cache
def _own_models() -> "OwnModels":
    from helpdesk.routing import triage as module  # noqa: PLC0415

    return module.OwnModels(module.KeptModels(triage_models()))


def spam_likelihood(text: str) -> int | None:
    """How likely a text is spam as the desk's own models learned it, in thousandths; None: they say nothing of it."""
    from helpdesk.routing.model import TriageSetting  # noqa: PLC0415
    from helpdesk.routing.triage import NOT_MARKED  # noqa: PLC0415
    from helpdesk.tickets.triaging import TriageField  # noqa: PLC0415

    triage = _own_models().guess(text, {TriageField.SPAM: TriageSetting(TriageField.SPAM)})
    found = next((one for one in triage.suggestions if one.field is TriageField.SPAM), None) if triage else None
    if found is None:
        return None
    return 1000 - found.confidence if found.value == NOT_MARKED[TriageField.SPAM] else found.confidence


def _guess(own: "OwnModels") -> "Guess":
    """The desk's own models, and a service beside them where the deployment has one."""
    if not settings().triage_service:
        return own
    from helpdesk.platform.observability import log_fault  # noqa: PLC0415
    from helpdesk.routing.bedrock import AskedModel, read_service  # noqa: PLC0415 - only where there is one
    from helpdesk.routing.store import DynamoSpending  # noqa: PLC0415

    service = read_service(settings().triage_service)
    if service is None:
        return own
    return AskedModel(
        own, service, bedrock, DynamoSpending(), desk, clock(), lambda error: log_fault("triage_service_failed", error)
    )


@cache
def bedrock() -> "Converse":
    """The client of Amazon Bedrock; a batch of ten tickets has 30 seconds."""
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    patience = Config(connect_timeout=1, read_timeout=2.5, retries={"total_max_attempts": 1})
    client: Converse = boto3.client("bedrock-runtime", config=patience)
    return client


@cache
def clusters() -> "ClusterService":
    """Possible incidents."""
    from helpdesk.routing import clusters as module  # noqa: PLC0415
    from helpdesk.routing.store import DynamoClusters  # noqa: PLC0415

    _table()
    return module.ClusterService(
        module.Ports(DynamoClusters(), tickets(), ticket_store(), together(), people_store, clock())
    )


@cache
def training() -> "TrainingService":
    """What is done once a day to learn from what was solved."""
    from helpdesk.routing.learning.train import train  # noqa: PLC0415 - numpy's neighbour: only the trainer has it
    from helpdesk.routing.trainer import TrainingService  # noqa: PLC0415

    return TrainingService(ticket_store(), triage_models(), desk, clock(), train)


@cache
def signatures() -> "DynamoSignatures":
    """What agents end answers with."""
    from helpdesk.canned.store import DynamoSignatures  # noqa: PLC0415 - what agents write with is used by agents only

    _table()
    return DynamoSignatures()


def _safe_html(html: str) -> str:
    from helpdesk.mail.html import sanitize  # noqa: PLC0415 - loads parsers, for texts that have HTML

    return sanitize(html)[0]


def _plain(html: str) -> str:
    from helpdesk.mail.html import to_text  # noqa: PLC0415

    return to_text(html)


@cache
def _pen() -> "Pen":
    return _pen_with(signatures())


def _pen_with(known: "Signatures") -> "Pen":
    from helpdesk.canned.service import Pen  # noqa: PLC0415

    # Without a token: what is put into an answer is read by all who take part, and a token lets one write as another.
    return Pen(desk, clock(), lambda ticket_id: f"{settings().base_url}/portal/requests/{ticket_id}", _safe_html, known)


@cache
def canned() -> "CannedService":
    """Canned responses."""
    from helpdesk.canned.library import Library  # noqa: PLC0415
    from helpdesk.canned.service import CannedService  # noqa: PLC0415
    from helpdesk.canned.store import canned_shelf  # noqa: PLC0415

    _table()
    shelf = canned_shelf()
    library = Library(shelf, KeptShelf(shelf, stopwatch), clock(), "canned response")
    return CannedService(library, _pen(), _plain)


@cache
def macros() -> "MacroService":
    """Macros."""
    return _macros_with(_pen())


def _macros_with(pen: "Pen") -> "MacroService":
    from helpdesk.canned.library import Library  # noqa: PLC0415
    from helpdesk.macros.service import MacroService, Tickets  # noqa: PLC0415
    from helpdesk.macros.store import macro_shelf  # noqa: PLC0415

    _table()
    shelf = macro_shelf()
    library = Library(shelf, KeptShelf(shelf, stopwatch), clock(), "macro")
    return MacroService(library, canned(), pen, _plain, Tickets(tickets(), ticket_store(), agent_desk(), rules))


@cache
def bulk() -> "BulkService":
    """What agents do with bulk actions."""
    from helpdesk.bulk.service import BulkService  # noqa: PLC0415 - as above
    from helpdesk.bulk.store import DynamoBulkStore  # noqa: PLC0415

    _table()
    return BulkService(DynamoBulkStore(), agent_desk(), macros(), clock())


def bulk_worker(fault: Callable[[str, Exception], None]) -> "BulkWorker":
    """Works bulk actions off. Made anew for each step: the signatures that it remembers are those of that time.

    Args:
        fault: is told of what was not foreseen.
    """
    from helpdesk.bulk import worker  # noqa: PLC0415 - as above
    from helpdesk.bulk.store import DynamoBulkStore  # noqa: PLC0415
    from helpdesk.canned.service import KeptSignatures  # noqa: PLC0415

    _table()
    pen = _pen_with(KeptSignatures(signatures()))
    ports = worker.Ports(
        jobs=DynamoBulkStore(),
        tickets=ticket_store(),
        service=tickets(),
        desk=agent_desk(),
        macros=_macros_with(pen),
        pen=pen,
        config=desk,
        clock=clock(),
        monotonic=time.monotonic,
        pause=pause,
        fault=fault,
    )
    return worker.BulkWorker(ports)


class _SharedWritings:
    """What agents write with, as rules use it."""

    def macro(self, macro_id: str, agent: Agent) -> "Macro":
        """A macro that is shared with all."""
        return macros().library.peek(macro_id, agent)

    def bodies(self, canned_response_id: str, agent: Agent) -> "Mapping[str, Body]":
        """The texts of a canned response that is shared with all."""
        return canned().library.peek(canned_response_id, agent).bodies


@cache
def rule_traces() -> "DynamoTraceStore":
    """What rules did."""
    from helpdesk.automation.store import DynamoTraceStore  # noqa: PLC0415 - as above

    _table()
    return DynamoTraceStore()


def rule_hands() -> "Hands":
    """Says what rules wish of tickets."""
    from helpdesk.automation.hands import Hands  # noqa: PLC0415

    return Hands(desk, _pen(), agent_desk().fitted, _SharedWritings())


def known_to_rules() -> "Known":
    """Looks up who asks, for rules."""
    from helpdesk.automation.fields import Known  # noqa: PLC0415

    return Known(people_store().by_id, kept_organizations().get)


def automation(fault: Callable[[str, Exception], None]) -> "AutomationService":
    """Rules at work.

    Args:
        fault: is told what went wrong with a rule or a ticket, by id.
    """
    from helpdesk.automation import service  # noqa: PLC0415

    ports = service.Ports(
        ticket_store(), tickets(), rule_traces(), rule_hands(), desk, rules, clock(), fault, known_to_rules()
    )
    return service.AutomationService(ports)


def deliveries() -> "DynamoDeliveries":
    """Calls of systems outside."""
    from helpdesk.webhooks.store import DynamoDeliveries  # noqa: PLC0415

    _table()
    return DynamoDeliveries(clock())


def webhooks() -> "WebhookService":
    """Webhooks at work."""
    from helpdesk.webhooks import service  # noqa: PLC0415 - few functions need it
    from helpdesk.webhooks.store import DeliveryQueue  # noqa: PLC0415

    ports = service.Ports(
        deliveries=deliveries(),
        desk=desk,
        ticket=ticket_store().get,
        keys=signing_keys(),
        call=_call_outside,
        send=DeliveryQueue(_sqs, settings().webhook_queue).send,
        stop=_stop_webhook,
        base_url=settings().base_url,
        clock=clock(),
    )
    return service.WebhookService(ports)


@cache
def outbound() -> "Outbound":
    """Calls addresses that admins name."""
    from helpdesk.platform.outbound import Outbound  # noqa: PLC0415

    return Outbound(local=settings().outbound == "local")


def feeds() -> "Feeds":
    """Calendars elsewhere that business calendars follow."""
    from helpdesk.sla.feed_store import DynamoFeedStates  # noqa: PLC0415 - few functions need it
    from helpdesk.sla.feeds import Feeds, Ports  # noqa: PLC0415

    ports = Ports(desk_store(), DynamoFeedStates(), _fetch_feed, kept_desk().forget, clock())
    return Feeds(ports)


def _fetch_feed(url: str, headers: Mapping[str, str]) -> "Fetched":
    from helpdesk.platform.outbound import Wanted  # noqa: PLC0415
    from helpdesk.sla.feeds import Fetched  # noqa: PLC0415
    from helpdesk.sla.model import MOST_FILE_BYTES  # noqa: PLC0415

    said = {"accept": "text/calendar, */*;q=0.1", "user-agent": "helpdesk-calendar", **headers}
    answered = outbound()(url, said, Wanted(most_bytes=MOST_FILE_BYTES, whole=True, redirects=True))
    told = answered.headers
    return Fetched(
        answered.status, answered.problem, answered.body, told.get("etag", ""), told.get("last-modified", "")
    )


def _call_outside(url: str, body: bytes, headers: Mapping[str, str]) -> "Answer":
    from helpdesk.platform.outbound import Wanted  # noqa: PLC0415
    from helpdesk.webhooks.service import Answer  # noqa: PLC0415

    answered = outbound()(url, headers, Wanted("POST", body))
    text = answered.body.decode(errors="replace").replace("\x00", "")
    return Answer(answered.status, answered.problem, text, answered.milliseconds)


def _stop_webhook(webhook: "Webhook", delivery: "Delivery", at: datetime) -> None:
    """Switches a destination off, and tells admins once."""
    from helpdesk.notifications.model import Notification, NotificationKind  # noqa: PLC0415

    desk_store().save_setting("webhook", webhook.id, replace(webhook, active=False, stopped_at=at))
    kept_desk().forget()
    for admin in desk().with_role(Role.ADMIN):
        notification_store().add(
            Notification(
                id=derived_id(at, "webhook_stopped", webhook.id),
                agent_id=admin.id,
                kind=NotificationKind.WEBHOOK_STOPPED,
                at=at,
                ticket_id=delivery.ticket_id,
                number=delivery.number,
                subject=webhook.name,
                actor=AUTOMATION,
            )
        )


@cache
def checklists() -> "ChecklistService":
    """Checklists."""
    from helpdesk.canned.library import Library  # noqa: PLC0415
    from helpdesk.checklists.service import ChecklistService  # noqa: PLC0415
    from helpdesk.checklists.store import checklist_shelf  # noqa: PLC0415

    _table()
    shelf = checklist_shelf()
    library = Library(shelf, KeptShelf(shelf, stopwatch), clock(), "checklist")
    return ChecklistService(library, task_desk(), desk, clock())


@cache
def approvals() -> "ApprovalService":
    """Whose yes is waited for."""
    from helpdesk.approvals.service import ApprovalService  # noqa: PLC0415

    return ApprovalService(tickets(), ticket_store(), people_store(), desk, links, clock())


@cache
def quick_search() -> "QuickSearch":
    """Canned responses and macros by their words."""
    from helpdesk.macros.service import QuickSearch  # noqa: PLC0415

    return QuickSearch(canned(), macros())


@cache
def drafts() -> "DraftService":
    """What agents are writing."""
    from helpdesk.drafts.service import DraftService  # noqa: PLC0415
    from helpdesk.drafts.store import DynamoDraftStore  # noqa: PLC0415

    _table()
    return DraftService(DynamoDraftStore(), ticket_store(), clock(), ticket_store().out_of_sight)


@cache
def presence() -> "PresenceService":
    """Who is at a ticket."""
    from helpdesk.presence.service import PresenceService  # noqa: PLC0415
    from helpdesk.presence.store import DynamoPresenceStore  # noqa: PLC0415

    _table()
    return PresenceService(DynamoPresenceStore(), clock(), ticket_store().out_of_sight)


@cache
def _segments() -> "Segments":
    from helpdesk.search.model import TICKETS  # noqa: PLC0415
    from helpdesk.search.store import DynamoSegments  # noqa: PLC0415

    _table()
    return DynamoSegments(TICKETS, s3, settings().files_bucket, clock())


@cache
def search_upkeep() -> "Upkeep":
    """What writes and merges the index of tickets."""
    from helpdesk.search.upkeep import Upkeep  # noqa: PLC0415

    return Upkeep(_segments(), clock())


@cache
def ticket_indexer() -> "TicketIndexer":
    """What lets tickets be found."""
    from helpdesk.search.tickets import TicketIndexer  # noqa: PLC0415

    return TicketIndexer(ticket_store(), search_upkeep())


@cache
def search() -> "SearchService":
    """Finding tickets."""
    from helpdesk.search.live import LiveIndex  # noqa: PLC0415
    from helpdesk.search.service import SearchService  # noqa: PLC0415

    return SearchService(
        LiveIndex(_segments()),
        ticket_store(),
        desk,
        lambda colleague, row: scope(colleague).allows(row),
        _ids_of,
    )


def _ids_of(person_id: str) -> tuple[str, ...]:
    """All ids of a person, as tickets hold them; of nobody, what was asked for."""
    person = people_store().by_id(person_id) if is_id(person_id) else None
    return person.ids if person is not None else (person_id,)


@cache
def _article_segments() -> "Segments":
    from helpdesk.search.model import ARTICLES  # noqa: PLC0415
    from helpdesk.search.store import DynamoSegments  # noqa: PLC0415

    _table()
    return DynamoSegments(ARTICLES, s3, settings().files_bucket, clock())


@cache
def article_upkeep() -> "Upkeep":
    """What merges the index of articles."""
    from helpdesk.search.upkeep import Upkeep  # noqa: PLC0415

    return Upkeep(_article_segments(), clock())


@cache
def article_store() -> "DynamoArticles":
    """Articles."""
    from helpdesk.knowledge.store import DynamoArticles  # noqa: PLC0415

    _table()
    return DynamoArticles(clock())


@cache
def _kept_articles() -> "KeptShelf[Article]":
    return KeptShelf(article_store(), stopwatch)


@cache
def knowledge() -> "KnowledgeService":
    """What colleagues do with articles."""
    from helpdesk.knowledge.service import KnowledgeService  # noqa: PLC0415

    def known(organization_id: str) -> bool:
        return is_id(organization_id) and organization_store().organization(organization_id) is not None

    return KnowledgeService(article_store(), _kept_articles(), desk, clock(), permissions, known)


@cache
def article_finder() -> "ArticleFinder":
    """Finding articles."""
    from helpdesk.knowledge.finding import ArticleFinder  # noqa: PLC0415
    from helpdesk.search.live import LiveIndex  # noqa: PLC0415

    return ArticleFinder(LiveIndex(_article_segments()), lambda: _kept_articles()().items)


@cache
def _question_segments() -> "Segments":
    from helpdesk.search.model import QUESTIONS  # noqa: PLC0415
    from helpdesk.search.store import DynamoSegments  # noqa: PLC0415

    _table()
    return DynamoSegments(QUESTIONS, s3, settings().files_bucket, clock())


@cache
def question_upkeep() -> "Upkeep":
    """What merges the index of questions."""
    from helpdesk.search.upkeep import Upkeep  # noqa: PLC0415

    return Upkeep(_question_segments(), clock())


@cache
def community_store() -> "DynamoCommunity":
    """The community."""
    from helpdesk.community.store import DynamoCommunity  # noqa: PLC0415 - few functions need it

    _table()
    return DynamoCommunity(clock())


@cache
def community_traces() -> "CommunityTraces":
    """What people left in the community."""
    from helpdesk.community.traces import CommunityTraces  # noqa: PLC0415

    return CommunityTraces(community_store(), question_upkeep().renew)


@cache
def question_finder() -> "QuestionFinder":
    """Finding questions."""
    from helpdesk.community.finding import QuestionFinder  # noqa: PLC0415
    from helpdesk.search.live import LiveIndex  # noqa: PLC0415

    return QuestionFinder(LiveIndex(_question_segments()), community_store())


@cache
def community() -> "Community":
    """What customers do in the community."""
    from helpdesk.community.service import Community, Ports  # noqa: PLC0415

    ports = Ports(community_store(), people_store(), question_finder(), limiter(), desk, clock(), pause)
    return Community(ports)


@cache
def moderation() -> "Moderation":
    """What colleagues do in the community."""
    from helpdesk.community.moderation import Moderation  # noqa: PLC0415
    from helpdesk.community.writing import Writer  # noqa: PLC0415
    from helpdesk.contracts.table import ticket_question_key  # noqa: PLC0415

    def asked(ticket_id: str) -> str | None:
        record = ticket_store().record(ticket_question_key(ticket_id))
        return str(record["question_id"]) if record is not None else None

    writer = Writer(community_store(), desk, clock(), pause)
    return Moderation(writer, ticket_store().get, ticket_store().message, asked)


def unanswered(fault: Callable[[str, Exception], None]) -> "Unanswered":
    """Questions that nobody answers.

    Args:
        fault: is told what went wrong with a question, by id.
    """
    from helpdesk.community.unanswered import Ports, Unanswered  # noqa: PLC0415
    from helpdesk.community.writing import Writer  # noqa: PLC0415

    store = community_store()
    ports = Ports(
        store=store,
        writer=Writer(store, desk, clock(), pause),
        tickets=tickets(),
        number=ticket_store().next_number,
        person=people_store().by_id,
        address=question_address,
        desk=desk,
        clock=clock(),
        fault=fault,
    )
    return Unanswered(ports)


@cache
def community_mails() -> "CommunityMails":
    """Tells those who follow questions."""
    from helpdesk.community.mails import CommunityMails, Ports  # noqa: PLC0415
    from helpdesk.community.writing import Writer  # noqa: PLC0415

    def may_send(address: str) -> bool:
        most = desk().general.limits.notices_per_address_per_hour
        return limiter().count("community-mails", address, 3600, now()) <= most

    store = community_store()
    ports = Ports(
        store=store,
        writer=Writer(store, desk, clock(), pause),
        person=people_store().by_id,
        address=question_address,
        leave=_leave_address,
        may_send=may_send,
        desk=desk,
    )
    return CommunityMails(ports, _stationery(), outbox())


def _leave_address(question: "Question", person_id: str, language: str) -> str:
    """Where somebody ends the mails about a question: who holds the link can do that and nothing else."""
    brand = desk().brands.get(question.place)
    token = signer().sign(Purpose.COMMUNITY, {"q": question.id, "p": person_id})
    return f"{brands.help_of(brand, settings().base_url)}/{language}/community/leave/{token}"


def question_address(question: "Question") -> str:
    """Where a question is read."""
    from helpdesk.community.rules import question_path  # noqa: PLC0415

    brand = desk().brands.get(question.place)
    path = question_path(question.language, question.number, question.title)
    return brands.help_of(brand, settings().base_url) + quote(path.removeprefix(brands.HELP), safe="/-")


@cache
def gap_watch() -> "GapWatch":
    """What readers look for and do not find."""
    from helpdesk.knowledge.gaps import GapWatch  # noqa: PLC0415

    return GapWatch(article_store())


@cache
def help_center() -> "HelpCenter":
    """What readers do."""
    from helpdesk.knowledge.reading import HelpCenter  # noqa: PLC0415

    kept = _kept_articles()
    return HelpCenter(lambda: kept().items, article_store(), article_finder(), gap_watch(), desk, clock(), limiter())


@cache
def answers() -> "Answers":
    """What is likely to solve tickets."""
    from helpdesk.knowledge.answers import Answers  # noqa: PLC0415

    return Answers(
        knowledge(),
        article_finder(),
        article_store(),
        gap_watch(),
        ticket_store(),
        canned().library.readable,
        clock(),
        lambda ticket: _reader_at(_brand_of(ticket)),
    )


@cache
def outcomes() -> "Outcomes":
    """What becomes of answers."""
    from helpdesk.knowledge.answers import Outcomes  # noqa: PLC0415

    return Outcomes(article_store())


@cache
def gallery() -> "Gallery":
    """Pictures of articles."""
    from helpdesk.knowledge.images import Gallery  # noqa: PLC0415
    from helpdesk.knowledge.store import S3Images  # noqa: PLC0415

    return Gallery(S3Images(s3, settings().files_bucket), clock(), lambda article_id: knowledge().get(article_id))


@cache
def logos() -> "Logos":
    """Logos of brands and letterheads."""
    from helpdesk.knowledge.store import S3Images  # noqa: PLC0415
    from helpdesk.portal.logos import Logos  # noqa: PLC0415

    _table()
    return Logos(S3Images(s3, settings().files_bucket), clock())


def _reader_at(brand: Brand | None) -> "Reader":
    """Anybody at a brand's help centre."""
    from helpdesk.knowledge.rules import reader_at  # noqa: PLC0415

    return reader_at(desk().sections, brand.id if brand is not None else None)


def reader_of(call: "Call", brand: Brand | None) -> "Reader":
    """Who reads the help centre of a brand: whoever signed in or a requester's token proves, or anybody.

    A session only reads here, so it is asked for whatever page the call comes from; one that is over proves nothing.

    Raises:
        Unauthenticated, Gone: a token is none of ours, or is over.
    """
    from helpdesk.knowledge.model import Reader  # noqa: PLC0415

    anybody = _reader_at(brand)

    def known(person: Person) -> Reader:
        return replace(anybody, person_id=person.id, organization_id=person.organization_id)

    if "authorization" in call.headers:
        claims = signer().read(Purpose.REQUEST, call.bearer, call.now)
        person = people_store().by_id(str(claims.get("p"))) if READ_ONLY_CLAIM not in claims else None
        return known(person) if person is not None else anybody
    held = next((call.cookies[name] for name in COOKIES if name in call.cookies), None)
    if held is None:
        return anybody
    try:
        visitor = portal_access().who(held)
    except (Unauthenticated, Gone):
        return anybody
    if visitor.person is None:
        return replace(anybody, person_id=visitor.address)
    return known(visitor.person)


@cache
def _checkpoints() -> "S3Checkpoints":
    from helpdesk.views.store import S3Checkpoints  # noqa: PLC0415 - lists are asked for by agents only

    return S3Checkpoints(s3, settings().files_bucket)


@cache
def _all_tickets() -> "DynamoTicketStore":
    """Tickets, whoever is calling: for what asks by itself what they may see."""
    from helpdesk.tickets.store import DynamoTicketStore  # noqa: PLC0415

    _table()
    return DynamoTicketStore(s3, settings().files_bucket)


def _board() -> "LiveBoard":
    from helpdesk.platform.observability import logger  # noqa: PLC0415
    from helpdesk.views.live import LiveBoard  # noqa: PLC0415
    from helpdesk.views.store import DynamoFeed  # noqa: PLC0415

    def told(name: str) -> None:
        logger().warning("checkpoint_broken", part=name)

    return LiveBoard(DynamoFeed(), _all_tickets(), _checkpoints(), time.monotonic, told)


@cache
def live_board() -> "LiveBoard":
    """All tickets, as lists ask for them."""
    return _board()


@cache
def board_keeper() -> "BoardKeeper":
    """What writes the board down."""
    from helpdesk.views.keeper import BoardKeeper  # noqa: PLC0415
    from helpdesk.views.store import DynamoFeed  # noqa: PLC0415

    return BoardKeeper(_board(), DynamoFeed(), _checkpoints(), clock())


@cache
def views() -> "ViewService":
    """Lists of tickets by conditions."""
    from helpdesk.views.service import ViewLibrary, ViewService  # noqa: PLC0415
    from helpdesk.views.store import view_shelf  # noqa: PLC0415

    _table()
    shelf = view_shelf()
    library = ViewLibrary(shelf, KeptShelf(shelf, stopwatch), clock(), "view")
    return ViewService(library, live_board(), _all_tickets(), scope, desk, clock())


@cache
def changes() -> "ChangeFeed":
    """Which tickets changed."""
    from helpdesk.views.changes import ChangeFeed  # noqa: PLC0415
    from helpdesk.views.store import DynamoFeed  # noqa: PLC0415

    return ChangeFeed(DynamoFeed(), _all_tickets(), scope, desk, clock())
