"""Who gets a ticket, and what it seems to be about."""

from functools import cache
from typing import TYPE_CHECKING

from helpdesk.platform.settings import settings
from helpdesk.wiring import ground, tickets

if TYPE_CHECKING:
    from helpdesk.routing.bedrock import Converse
    from helpdesk.routing.clusters import ClusterService
    from helpdesk.routing.service import RoutingService
    from helpdesk.routing.store import S3Models
    from helpdesk.routing.trainer import TrainingService
    from helpdesk.routing.triage import Guess, OwnModels, TriageService


@cache
def routing() -> "RoutingService":
    """The router."""
    from helpdesk.routing import service as module  # noqa: PLC0415
    from helpdesk.routing.store import DynamoTurns  # noqa: PLC0415

    def group_of(organization_id: str) -> str | None:
        found = ground.organization_store().organization(organization_id)
        return found.group if found is not None else None

    ground.table_bound()
    return module.RoutingService(
        module.Ports(
            tickets.tickets(),
            tickets.ticket_store(),
            ground.people_store(),
            ground.desk,
            DynamoTurns(),
            ground.clock(),
            triage(),
            organization_group=group_of,
        )
    )


@cache
def triage_models() -> "S3Models":
    """Models of the learned triage, and weekly figures."""
    from helpdesk.routing.store import S3Models  # noqa: PLC0415

    ground.table_bound()
    return S3Models(ground.s3, settings().files_bucket)


@cache
def triage() -> "TriageService":
    """What tickets are about."""
    from helpdesk.routing import triage as module  # noqa: PLC0415

    models = module.KeptModels(triage_models())
    return module.TriageService(_guess(module.OwnModels(models)), models, tickets.ticket_store(), ground.desk)


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
        own,
        service,
        bedrock,
        DynamoSpending(),
        ground.desk,
        ground.clock(),
        lambda error: log_fault("triage_service_failed", error),
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

    ground.table_bound()
    return module.ClusterService(
        module.Ports(
            DynamoClusters(),
            tickets.tickets(),
            tickets.ticket_store(),
            tickets.together(),
            ground.people_store,
            ground.clock(),
        )
    )


@cache
def training() -> "TrainingService":
    """What is done once a day to learn from what was solved."""
    from helpdesk.routing.learning.train import train  # noqa: PLC0415 - numpy's neighbour: only the trainer has it
    from helpdesk.routing.trainer import TrainingService  # noqa: PLC0415

    return TrainingService(tickets.ticket_store(), triage_models(), ground.desk, ground.clock(), train)
