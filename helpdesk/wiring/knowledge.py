"""Articles: written, found, read, and what is answered with them."""

from functools import cache
from typing import TYPE_CHECKING

from helpdesk.kernel.ids import is_id
from helpdesk.kernel.shelves import KeptShelf
from helpdesk.platform.settings import settings
from helpdesk.portal.brands import Brand
from helpdesk.wiring import ground, tickets, writing

if TYPE_CHECKING:
    from helpdesk.knowledge.answers import Answers, Outcomes
    from helpdesk.knowledge.finding import ArticleFinder
    from helpdesk.knowledge.gaps import GapWatch
    from helpdesk.knowledge.images import Gallery
    from helpdesk.knowledge.model import Article, Reader
    from helpdesk.knowledge.reading import HelpCenter
    from helpdesk.knowledge.service import KnowledgeService
    from helpdesk.knowledge.store import DynamoArticles
    from helpdesk.portal.logos import Logos
    from helpdesk.search.model import Segments
    from helpdesk.search.upkeep import Upkeep


@cache
def _article_segments() -> "Segments":
    from helpdesk.search.model import ARTICLES  # noqa: PLC0415
    from helpdesk.search.store import DynamoSegments  # noqa: PLC0415

    ground.table_bound()
    return DynamoSegments(ARTICLES, ground.s3, settings().files_bucket, ground.clock())


@cache
def article_upkeep() -> "Upkeep":
    """What merges the index of articles."""
    from helpdesk.search.upkeep import Upkeep  # noqa: PLC0415

    return Upkeep(_article_segments(), ground.clock())


@cache
def article_store() -> "DynamoArticles":
    """Articles."""
    from helpdesk.knowledge.store import DynamoArticles  # noqa: PLC0415

    ground.table_bound()
    return DynamoArticles(ground.clock())


@cache
def _kept_articles() -> "KeptShelf[Article]":
    return KeptShelf(article_store(), ground.stopwatch)


@cache
def knowledge() -> "KnowledgeService":
    """What colleagues do with articles."""
    from helpdesk.knowledge.service import KnowledgeService  # noqa: PLC0415

    def known(organization_id: str) -> bool:
        return is_id(organization_id) and ground.organization_store().organization(organization_id) is not None

    return KnowledgeService(article_store(), _kept_articles(), ground.desk, ground.clock(), ground.permissions, known)


@cache
def article_finder() -> "ArticleFinder":
    """Finding articles."""
    from helpdesk.knowledge.finding import ArticleFinder  # noqa: PLC0415
    from helpdesk.search.live import LiveIndex  # noqa: PLC0415

    return ArticleFinder(LiveIndex(_article_segments()), lambda: _kept_articles()().items)


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
    return HelpCenter(
        lambda: kept().items,
        article_store(),
        article_finder(),
        gap_watch(),
        ground.desk,
        ground.clock(),
        ground.limiter(),
    )


@cache
def answers() -> "Answers":
    """What is likely to solve tickets."""
    from helpdesk.knowledge.answers import Answers  # noqa: PLC0415

    return Answers(
        knowledge(),
        article_finder(),
        article_store(),
        gap_watch(),
        tickets.ticket_store(),
        writing.canned().library.readable,
        ground.clock(),
        lambda ticket: reader_at(ground.brand_of_ticket(ticket)),
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

    return Gallery(
        S3Images(ground.s3, settings().files_bucket), ground.clock(), lambda article_id: knowledge().get(article_id)
    )


@cache
def logos() -> "Logos":
    """Logos of brands and letterheads."""
    from helpdesk.knowledge.store import S3Images  # noqa: PLC0415
    from helpdesk.portal.logos import Logos  # noqa: PLC0415

    ground.table_bound()
    return Logos(S3Images(ground.s3, settings().files_bucket), ground.clock())


def reader_at(brand: Brand | None) -> "Reader":
    """Anybody at a brand's help centre."""
    from helpdesk.knowledge.rules import reader_at  # noqa: PLC0415

    return reader_at(ground.desk().sections, brand.id if brand is not None else None)
