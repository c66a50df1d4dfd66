"""The queue that holds tickets back until the second in which they are due."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from helpdesk.contracts.topology import FUNCTIONS
from infra.config import Config
from infra.nag import accept

MAX_RECEIVES = 5


class Ticks(Construct):
    """Made before the functions, as some write to it and one reads from it."""

    def __init__(self, scope: Construct, construct_id: str, config: Config) -> None:
        super().__init__(scope, construct_id)
        (reader,) = (spec for spec in FUNCTIONS if spec.ticks)
        name = f"{config.prefix}-{reader.name}"
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            queue_name=f"{name}-dead",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        accept(self.dead_letters, "AwsSolutions-SQS3", "It is a dead-letter queue.")
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=name,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            visibility_timeout=Duration.seconds(6 * reader.timeout_seconds),
            # What is older a sweep has long done.
            retention_period=Duration.hours(1),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=MAX_RECEIVES),
        )
