"""The event bus, and its archive."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from helpdesk.contracts.events import SOURCE
from infra.config import Config


class Bus(Construct):
    """Carries the desk's events to whoever listens. Every event is in the table too: the archive is for replays."""

    def __init__(self, scope: Construct, construct_id: str, config: Config) -> None:
        super().__init__(scope, construct_id)
        self.bus = events.EventBus(self, "Bus", event_bus_name=config.prefix)
        if config.archive_days:
            self.bus.archive(
                "Archive",
                archive_name=config.prefix,
                description="Events of the desk, for replaying a span of time to its consumers",
                event_pattern=events.EventPattern(source=[SOURCE]),
                retention=Duration.days(config.archive_days),
            )
