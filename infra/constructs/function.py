"""A function as one construct: code, role of least privilege, logs, queue, dead-letter queue, triggers and alarms."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Duration, IgnoreMode
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from helpdesk.contracts.events import source_of
from helpdesk.contracts.table import EVENT_PREFIX, SORT_KEY
from helpdesk.contracts.topology import Access, Function
from infra.config import Config
from infra.constructs.alarms import Alarms
from infra.constructs.grants import Resources, prefix_findings, statements
from infra.constructs.storage import removal
from infra.nag import accept

ROOT = Path(__file__).resolve().parents[2]

QUEUE_CONCURRENCY = 10
"""Workers of one consumer at most: a burst waits in the queue and leaves the account's concurrency to the API."""
STREAM_BATCH = 100
STREAM_RETRIES = 100
"""Of one batch, halved each time; what still fails is named in the dead letters and stays in the table."""
MAX_RECEIVES = 5

_ARCHITECTURES = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every function has in common.

    Attributes:
        config: the deployment.
        layer: third-party packages; None where templates are tested.
        training: what the trainer computes with beside them.
        verifying: what signatures of identity providers are checked with.
        environment: variables of `helpdesk.contracts.environment`.
        resources: what there is to be allowed.
        alarms: where alarms are made.
    """

    config: Config
    layer: lambda_.ILayerVersion | None
    training: lambda_.ILayerVersion | None
    verifying: lambda_.ILayerVersion | None
    environment: Mapping[str, str]
    resources: Resources
    alarms: Alarms


class DeskFunction(Construct):
    """One function of the topology with everything it needs around it."""

    def __init__(self, scope: Construct, construct_id: str, spec: Function, around: Surroundings) -> None:
        super().__init__(scope, construct_id)
        self.spec = spec
        self._around = around
        self._prefix = f"{around.config.prefix}-{spec.name}"
        self.queue: sqs.Queue | None = None
        self.dead_letters: sqs.Queue | None = None
        if spec.ticks:
            self.dead_letters = around.resources.ticks.dead_letters
        elif _asynchronous(spec):
            self.dead_letters = self._dead_letter_queue()
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/{around.config.name}/{around.config.stage}/{spec.name}",
            retention=retention(around.config),
            removal_policy=removal(around.config),
        )
        self.role = self._role()
        self.function = self._function()
        if spec.events:
            self.queue = self._consume_events()
        if Access.SEND_TO_ITSELF in spec.access:
            self._send_to_itself()
        if spec.mail_events:
            self.queue = self._consume_mail_events()
        if spec.ticks:
            self.queue = self._read_from(around.resources.ticks.queue)
        if spec.table_stream:
            self._consume_stream()
        if spec.inbound_mail or spec.schedule_minutes is not None:
            self._keep_what_failed()
        if spec.schedule_minutes is not None:
            self._run_every(spec.schedule_minutes)
        self._watch()

    def _dead_letter_queue(self) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            "DeadLetters",
            queue_name=f"{self._prefix}-dead",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        accept(queue, "AwsSolutions-SQS3", "It is a dead-letter queue.")
        return queue

    def _role(self) -> iam.Role:
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"What {self.spec.name} may do",
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[self.log_group.log_group_arn]
            )
        )
        for statement in statements(self.spec.access, self._around.resources):
            role.add_to_policy(statement)
        for finding in prefix_findings(self.spec.access, self._around.resources):
            accept(role, finding, "Objects are made at run time; the prefix is the resource there is to name.")
        accept(role, "AwsSolutions-IAM5[Resource::*]", "X-Ray knows no resources: segments can be put or not be put.")
        return role

    def _function(self) -> lambda_.Function:
        spec, around = self.spec, self._around
        function = lambda_.Function(
            self,
            "Function",
            function_name=self._prefix,
            description=f"{around.config.brand}: {spec.name}",
            code=_code(spec.folder),
            handler=spec.entry,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=_ARCHITECTURES[around.config.architecture],
            layers=_layers(spec, around),
            memory_size=spec.memory_mb,
            timeout=Duration.seconds(spec.timeout_seconds),
            environment=dict(around.environment),
            role=self.role,
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            application_log_level_v2=lambda_.ApplicationLogLevel.INFO,
            system_log_level_v2=lambda_.SystemLogLevel.WARN,
            tracing=lambda_.Tracing.ACTIVE,
        )
        accept(
            function,
            "AwsSolutions-L1",
            "The desk is tested on Python 3.13, which Lambda supports; it moves when its dependencies have.",
        )
        return function

    def _keep_what_failed(self) -> None:
        """Says where an event goes that SES or the schedule handed over and that no attempt could handle."""
        if self.dead_letters is None:
            raise AssertionError("what is started asynchronously has a dead-letter queue")
        mail = self.spec.inbound_mail
        self.function.configure_async_invoke(
            on_failure=destinations.SqsDestination(self.dead_letters),
            # The next sweep does what a failed one left; a mail has no next time.
            retry_attempts=2 if mail else 0,
            max_event_age=Duration.hours(6) if mail else Duration.minutes(1),
        )

    def _consume_events(self) -> sqs.Queue:
        """What happened to tickets, or at the desk, by its own bus."""
        kinds = [str(kind) for kind in self.spec.events]
        pattern = events.EventPattern(source=sorted({source_of(kind) for kind in kinds}), detail_type=kinds)
        return self._consume(self._around.resources.bus, pattern)

    def _send_to_itself(self) -> None:
        """What did not succeed is put into the queue again, to be tried later than SQS by itself would."""
        if self.queue is None:
            raise AssertionError("what sends to itself has a queue")
        actions = ["sqs:SendMessage", "sqs:GetQueueUrl"]
        self.role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[self.queue.queue_arn]))

    def _consume_mail_events(self) -> sqs.Queue:
        """What SES says of mails. It publishes on the account's default bus alone, of all that is sent there."""
        bus = events.EventBus.from_event_bus_name(self, "DefaultBus", "default")
        return self._consume(
            bus,
            events.EventPattern(
                source=["aws.ses"],
                detail={"mail": {"tags": {"ses:configuration-set": [self._around.config.prefix]}}},
            ),
        )

    def _consume(self, bus: events.IEventBus, pattern: events.EventPattern) -> sqs.Queue:
        """Bus rule, queue and event source mapping."""
        queue = self._own_queue()
        events.Rule(
            self,
            "Rule",
            rule_name=self._prefix,
            event_bus=bus,
            event_pattern=pattern,
            targets=[targets.SqsQueue(queue, dead_letter_queue=self.dead_letters)],
        )
        return queue

    def _own_queue(self) -> sqs.Queue:
        """Queue and event source mapping."""
        if self.dead_letters is None:
            raise AssertionError("a consumer has a dead-letter queue")
        queue = sqs.Queue(
            self,
            "Queue",
            queue_name=self._prefix,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            visibility_timeout=Duration.seconds(6 * self.spec.timeout_seconds),
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=MAX_RECEIVES),
        )
        return self._read_from(queue)

    def _read_from(self, queue: sqs.Queue) -> sqs.Queue:
        self.function.add_event_source(
            sources.SqsEventSource(
                queue,
                batch_size=self.spec.batch_size,
                max_concurrency=QUEUE_CONCURRENCY,
                report_batch_item_failures=True,
            )
        )
        return queue

    def _consume_stream(self) -> None:
        """Event items that are new, and nothing else, start the function."""
        if self.dead_letters is None:
            raise AssertionError("a reader of the stream has a dead-letter queue")
        lambda_.EventSourceMapping(
            self,
            "Stream",
            target=self.function,
            event_source_arn=self._around.resources.table.table.table_stream_arn,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=STREAM_BATCH,
            bisect_batch_on_error=True,
            retry_attempts=STREAM_RETRIES,
            max_record_age=Duration.hours(24),
            report_batch_item_failures=True,
            parallelization_factor=10,
            on_failure=sources.SqsDlq(self.dead_letters),
            filters=[
                lambda_.FilterCriteria.filter(
                    {
                        "eventName": lambda_.FilterRule.is_equal("INSERT"),
                        "dynamodb": {"Keys": {SORT_KEY: {"S": lambda_.FilterRule.begins_with(EVENT_PREFIX)}}},
                    }
                )
            ],
        )

    def _run_every(self, minutes: int) -> None:
        events.Rule(
            self,
            "Schedule",
            rule_name=self._prefix,
            schedule=events.Schedule.rate(Duration.minutes(minutes)),
            targets=[targets.LambdaFunction(self.function, retry_attempts=0, max_event_age=Duration.minutes(1))],
        )

    def _watch(self) -> None:
        alarms, name = self._around.alarms, self.spec.name
        period = Duration.minutes(5)
        alarms.above(self, "Errors", self.function.metric_errors(period=period), 0, f"{name} raised an error")
        alarms.above(self, "Throttles", self.function.metric_throttles(period=period), 0, f"{name} was throttled")
        if self.dead_letters is not None:
            visible = self.dead_letters.metric_approximate_number_of_messages_visible(
                period=Duration.minutes(1), statistic=cloudwatch.Stats.MAXIMUM
            )
            alarms.above(
                self, "DeadLettersWait", visible, 0, f"{name} could not handle something: see its dead letters"
            )
        if self.spec.table_stream:
            age = self.function.metric("IteratorAge", period=Duration.minutes(1), statistic=cloudwatch.Stats.MAXIMUM)
            alarms.above(self, "Lags", age, 60_000, f"{name} is more than a minute behind the table", periods=3)
        if self.spec.schedule_minutes is not None:
            minutes = 5 * self.spec.schedule_minutes
            daily = minutes > 1440  # a metric is summed up over a day at most; two of them, as runs drift
            runs = self.function.metric_invocations(period=Duration.minutes(min(minutes, 1440)))
            periods = 2 if daily else 1
            alarms.below(self, "StandsStill", runs, 1, f"{name} does not run", periods=periods)


def _layers(spec: Function, around: Surroundings) -> list[lambda_.ILayerVersion] | None:
    wanted = [around.layer, around.training if spec.trains else None, around.verifying if spec.verifies else None]
    return [layer for layer in wanted if layer is not None] or None


def retention(config: Config) -> logs.RetentionDays:
    """CloudWatch's name for a number of days."""
    return _RETENTIONS[config.log_retention_days]


_RETENTIONS = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    120: logs.RetentionDays.FOUR_MONTHS,
    150: logs.RetentionDays.FIVE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    400: logs.RetentionDays.THIRTEEN_MONTHS,
    545: logs.RetentionDays.EIGHTEEN_MONTHS,
    731: logs.RetentionDays.TWO_YEARS,
    1096: logs.RetentionDays.THREE_YEARS,
    1827: logs.RetentionDays.FIVE_YEARS,
    3653: logs.RetentionDays.TEN_YEARS,
}


def _asynchronous(spec: Function) -> bool:
    """Whether something can fail when nobody waits for the answer. A caller of the API is told; nobody else is."""
    queued = spec.events or spec.mail_events or spec.ticks
    return bool(queued or spec.table_stream or spec.inbound_mail or spec.schedule_minutes is not None)


def _code(folder: str) -> lambda_.Code:
    """The core and this function's folder, without building anything."""
    return lambda_.Code.from_asset(
        str(ROOT),
        ignore_mode=IgnoreMode.GIT,
        exclude=[
            "/*",
            "!/helpdesk",
            "/helpdesk/cli.py",
            "/helpdesk/operations.py",
            "/helpdesk/replays.py",
            "!/functions",
            "/functions/*",
            "!/functions/__init__.py",
            f"!/functions/{folder}",
            "__pycache__",
            "*.pyc",
        ],
    )
