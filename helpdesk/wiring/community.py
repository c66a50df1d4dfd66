"""What customers ask one another."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from helpdesk.platform.settings import settings
from helpdesk.platform.signing import Purpose
from helpdesk.portal import brands
from helpdesk.wiring import ground, mail, tickets

if TYPE_CHECKING:
    from helpdesk.community.finding import QuestionFinder
    from helpdesk.community.mails import CommunityMails
    from helpdesk.community.model import Question
    from helpdesk.community.moderation import Moderation
    from helpdesk.community.service import Community
    from helpdesk.community.store import DynamoCommunity
    from helpdesk.community.traces import CommunityTraces
    from helpdesk.community.unanswered import Unanswered
    from helpdesk.search.model import Segments
    from helpdesk.search.upkeep import Upkeep


@cache
def _question_segments() -> "Segments":
    from helpdesk.search.model import QUESTIONS  # noqa: PLC0415
    from helpdesk.search.store import DynamoSegments  # noqa: PLC0415

    ground.table_bound()
    return DynamoSegments(QUESTIONS, ground.s3, settings().files_bucket, ground.clock())


@cache
def question_upkeep() -> "Upkeep":
    """What merges the index of questions."""
    from helpdesk.search.upkeep import Upkeep  # noqa: PLC0415

    return Upkeep(_question_segments(), ground.clock())


@cache
def community_store() -> "DynamoCommunity":
    """The community."""
    from helpdesk.community.store import DynamoCommunity  # noqa: PLC0415 - few functions need it

    ground.table_bound()
    return DynamoCommunity(ground.clock())


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

    ports = Ports(
        community_store(),
        ground.people_store(),
        question_finder(),
        ground.limiter(),
        ground.desk,
        ground.clock(),
        ground.pause,
    )
    return Community(ports)


@cache
def moderation() -> "Moderation":
    """What colleagues do in the community."""
    from helpdesk.community.moderation import Moderation  # noqa: PLC0415
    from helpdesk.community.writing import Writer  # noqa: PLC0415
    from helpdesk.contracts.table import ticket_question_key  # noqa: PLC0415

    def asked(ticket_id: str) -> str | None:
        record = tickets.ticket_store().record(ticket_question_key(ticket_id))
        return str(record["question_id"]) if record is not None else None

    writer = Writer(community_store(), ground.desk, ground.clock(), ground.pause)
    return Moderation(writer, tickets.ticket_store().get, tickets.ticket_store().message, asked)


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
        writer=Writer(store, ground.desk, ground.clock(), ground.pause),
        tickets=tickets.tickets(),
        number=tickets.ticket_store().next_number,
        person=ground.people_store().by_id,
        address=question_address,
        desk=ground.desk,
        clock=ground.clock(),
        fault=fault,
    )
    return Unanswered(ports)


@cache
def community_mails() -> "CommunityMails":
    """Tells those who follow questions."""
    from helpdesk.community.mails import CommunityMails, Ports  # noqa: PLC0415
    from helpdesk.community.writing import Writer  # noqa: PLC0415

    def may_send(address: str) -> bool:
        most = ground.desk().general.limits.notices_per_address_per_hour
        return ground.limiter().count("community-mails", address, 3600, ground.now()) <= most

    store = community_store()
    ports = Ports(
        store=store,
        writer=Writer(store, ground.desk, ground.clock(), ground.pause),
        person=ground.people_store().by_id,
        address=question_address,
        leave=_leave_address,
        may_send=may_send,
        desk=ground.desk,
    )
    return CommunityMails(ports, mail.stationery(), mail.outbox())


def _leave_address(question: "Question", person_id: str, language: str) -> str:
    """Where somebody ends the mails about a question: who holds the link can do that and nothing else."""
    brand = ground.desk().brands.get(question.place)
    token = ground.signer().sign(Purpose.COMMUNITY, {"q": question.id, "p": person_id})
    return f"{brands.help_of(brand, settings().base_url)}/{language}/community/leave/{token}"


def question_address(question: "Question") -> str:
    """Where a question is read."""
    from helpdesk.community.rules import question_path  # noqa: PLC0415

    brand = ground.desk().brands.get(question.place)
    path = question_path(question.language, question.number, question.title)
    return brands.help_of(brand, settings().base_url) + quote(path.removeprefix(brands.HELP), safe="/-")
