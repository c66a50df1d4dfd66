"""Mail that comes in and that goes out, and what colleagues are told."""

import os
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from helpdesk.desk.store import DynamoDeskStore
from helpdesk.mail.links import SignedLinks
from helpdesk.platform.access import READ_ONLY_CLAIM
from helpdesk.platform.limits import DynamoRateLimiter
from helpdesk.platform.settings import settings
from helpdesk.platform.signing import Purpose, after
from helpdesk.tickets.model import Ticket
from helpdesk.wiring import ground, knowledge, tickets

if TYPE_CHECKING:
    from helpdesk.mail.delivery import Outbox
    from helpdesk.mail.feedback import FeedbackService
    from helpdesk.mail.notices import NoticeService
    from helpdesk.mail.outbox_store import DynamoNoticeLog
    from helpdesk.mail.registry import MailRegistry
    from helpdesk.mail.service import InboundMailService
    from helpdesk.mail.stationery import Stationery
    from helpdesk.mail.template_service import TemplateService
    from helpdesk.notifications.service import NotificationService
    from helpdesk.notifications.store import DynamoNotificationStore


def grant(ticket: Ticket) -> str:
    """An access token for a ticket's requester. It follows from the ticket, so asking again gives the same."""
    return _grant(ticket, after(ticket.created_at, ground.desk().general.link_valid_seconds))


def _grant(ticket: Ticket, expires: datetime, *, shared: bool = False) -> str:
    claims = {"t": ticket.id, "p": ticket.requester_id} | ({READ_ONLY_CLAIM: 1} if shared else {})
    return ground.signer().sign(Purpose.REQUEST, claims, expires)


def _mail_grant(ticket: Ticket, *, shared: bool) -> str:
    return _grant(ticket, _links_expire(), shared=shared)


def _links_expire() -> datetime:
    """Until when links work that are sent now: so long from the end of this day that each works as long as is promised."""
    midnight = ground.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return after(midnight, 86_400 + ground.desk().general.link_valid_seconds)


@cache
def inbound_mail() -> "InboundMailService":
    """Mail that comes in."""
    from helpdesk.mail.parse import parse_mail  # noqa: PLC0415 - only who reads mail needs its parser
    from helpdesk.mail.service import InboundMailService  # noqa: PLC0415
    from helpdesk.mail.store import DynamoLedger, S3RawMails  # noqa: PLC0415

    return InboundMailService(
        parse=parse_mail,
        raw_mails=S3RawMails(ground.s3(), settings().mail_bucket),
        ledger=DynamoLedger(),
        threads=tickets.ticket_store(),
        prove=ground.signer().thread_of_tag,
        tickets=tickets.tickets(),
        store=tickets.ticket_store(),
        people=ground.people_store(),
        files=tickets.files(),
        desk=ground.desk,
        clock=ground.clock(),
    )


@cache
def mail_registry() -> "MailRegistry":
    """Suspended mail, blocked senders, and the ledger."""
    from helpdesk.mail.parse import parse_mail  # noqa: PLC0415 - as above
    from helpdesk.mail.registry import MailRegistry  # noqa: PLC0415
    from helpdesk.mail.store import DynamoLedger, S3RawMails  # noqa: PLC0415

    ground.table_bound()
    return MailRegistry(
        parse=parse_mail,
        raw_mails=S3RawMails(ground.s3(), settings().mail_bucket),
        ledger=DynamoLedger(),
        blocks=DynamoDeskStore(),
        desk=ground.desk,
        clock=ground.clock(),
    )


@cache
def links() -> SignedLinks:
    """Addresses in mails."""
    return SignedLinks(ground.signer(), settings().base_url, _mail_grant, _links_expire, ground.brand_of_ticket)


@cache
def notice_log() -> "DynamoNoticeLog":
    """What was sent."""
    from helpdesk.mail.outbox_store import DynamoNoticeLog  # noqa: PLC0415

    ground.table_bound()
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
    return Outbox(notice_log(), sender, ground.clock(), count_sent, tell_of_trouble)


@cache
def feedback() -> "FeedbackService":
    """What the mail service says of mails later."""
    from helpdesk.mail.feedback import FeedbackService  # noqa: PLC0415

    return FeedbackService(notice_log(), tickets.tickets(), ground.people_store(), ground.clock())


@cache
def templates() -> "TemplateService":
    """Admins' own words for mails."""
    from helpdesk.mail.template_service import TemplateService  # noqa: PLC0415
    from helpdesk.mail.template_store import DynamoTemplateStore  # noqa: PLC0415

    ground.table_bound()
    return TemplateService(
        DynamoTemplateStore(ground.stopwatch),
        ground.desk,
        ground.clock(),
        ground.signer().thread_tag,
        outbox,
        settings().base_url,
    )


def stationery() -> "Stationery":
    """What makes letters."""
    from helpdesk.mail.stationery import Stationery  # noqa: PLC0415

    return Stationery(ground.desk, ground.signer().thread_tag, ground.clock(), templates().used, settings().base_url)


@cache
def notices() -> "NoticeService":
    """What the desk says by itself."""
    from helpdesk.mail import notices as module  # noqa: PLC0415 - only who sends mail needs its templates
    from helpdesk.mail.outbox_store import S3Files  # noqa: PLC0415

    ports = module.Ports(
        tickets=tickets.ticket_store(),
        people=ground.people_store(),
        desk=ground.desk,
        files=S3Files(ground.s3, settings().files_bucket),
        limiter=DynamoRateLimiter(),
        links=links(),
        clock=ground.clock(),
        region=os.environ.get("AWS_REGION", "us-east-1"),
        answers=lambda ticket, text: knowledge.answers().for_requester(ticket, text),
    )
    return module.NoticeService(ports, stationery(), outbox())


@cache
def notification_store() -> "DynamoNotificationStore":
    """What agents are told."""
    from helpdesk.notifications.store import DynamoNotificationStore  # noqa: PLC0415

    ground.table_bound()
    return DynamoNotificationStore()


@cache
def notifications() -> "NotificationService":
    """What agents do with what they are told."""
    from helpdesk.notifications.service import NotificationService  # noqa: PLC0415

    return NotificationService(notification_store(), ground.clock(), tickets.ticket_store().out_of_sight)
