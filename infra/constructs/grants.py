"""What each `Access` of the topology means in IAM: exact actions on exact resources, written by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from helpdesk.contracts.topology import (
    ATTACHMENTS_PREFIX,
    BODIES_PREFIX,
    INBOUND_PREFIX,
    SEARCH_PREFIX,
    TRIAGE_PREFIX,
    UPLOADS_PREFIX,
    Access,
)
from infra.constructs.storage import Table
from infra.constructs.ticks import Ticks


@dataclass(frozen=True, slots=True)
class Resources:
    """What there is to be allowed.

    Attributes:
        table: the table.
        mail: bucket of raw mail.
        files: bucket of attachments and bodies.
        bus: the event bus.
        secret: the signing secret.
        sender_arns: the SES identity the desk sends from, and its configuration set.
        ticks: the queue of tickets that are about to be due.
        model_arn: the model of Bedrock that is asked about tickets; empty: none is.
    """

    table: Table
    mail: s3.Bucket
    files: s3.Bucket
    bus: events.IEventBus
    secret: secretsmanager.ISecret
    sender_arns: tuple[str, ...]
    ticks: Ticks
    model_arn: str = ""


def statements(access: frozenset[Access], resources: Resources) -> list[iam.PolicyStatement]:
    """The statements that allow just this access, in a stable order."""
    return [statement for one in sorted(access) for statement in _statements(one, resources)]


def _statements(access: Access, to: Resources) -> list[iam.PolicyStatement]:  # noqa: C901, PLR0911, PLR0912 - one case a kind of access
    table = to.table.table
    match access:
        case Access.TABLE_READ:
            return [
                _allow(["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem"], table.table_arn),
                _allow(["dynamodb:Query"], table.table_arn, *to.table.index_arns),
            ]
        case Access.TABLE_WRITE:
            return [_allow(["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], table.table_arn)]
        case Access.STREAM_READ:
            return [_allow(_STREAM_ACTIONS, _stream_arn(to))]
        case Access.BUS_PUBLISH:
            return [_allow(["events:PutEvents"], to.bus.event_bus_arn)]
        case Access.MAIL_BUCKET_READ:
            return [_allow(["s3:GetObject"], *_below(to.mail, INBOUND_PREFIX)), _missing_is_404(to.mail)]
        case Access.MAIL_BUCKET_DELETE:
            return [_allow(["s3:DeleteObject"], *_below(to.mail, INBOUND_PREFIX))]
        case Access.FILES_READ:
            return [
                _allow(["s3:GetObject"], *_below(to.files, ATTACHMENTS_PREFIX, BODIES_PREFIX)),
                _missing_is_404(to.files),
            ]
        case Access.FILES_WRITE:
            return [
                _allow(["s3:PutObject"], *_below(to.files, ATTACHMENTS_PREFIX, BODIES_PREFIX, UPLOADS_PREFIX)),
                _allow(["s3:GetObject"], *_below(to.files, UPLOADS_PREFIX)),
                _missing_is_404(to.files),
            ]
        case Access.FILES_DELETE:
            return [_allow(["s3:DeleteObject"], *_below(to.files, ATTACHMENTS_PREFIX, BODIES_PREFIX, UPLOADS_PREFIX))]
        case Access.SEARCH_READ:
            return [_allow(["s3:GetObject"], *_below(to.files, SEARCH_PREFIX)), _missing_is_404(to.files)]
        case Access.SEARCH_WRITE:
            actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
            return [_allow(actions, *_below(to.files, SEARCH_PREFIX)), _missing_is_404(to.files)]
        case Access.TRIAGE_READ:
            return [_allow(["s3:GetObject"], *_below(to.files, TRIAGE_PREFIX)), _missing_is_404(to.files)]
        case Access.TRIAGE_WRITE:
            return [_allow(["s3:PutObject", "s3:DeleteObject"], *_below(to.files, TRIAGE_PREFIX))]
        case Access.ASK_MODEL:
            return [_allow(["bedrock:InvokeModel"], to.model_arn)] if to.model_arn else []
        case Access.SEND_MAIL:
            return [_allow(["ses:SendEmail", "ses:SendRawEmail"], *to.sender_arns)]
        case Access.SEND_TICKS:
            return [_allow(["sqs:SendMessage", "sqs:GetQueueUrl"], to.ticks.queue.queue_arn)]
        case Access.SEND_TO_ITSELF:
            return []  # allowed where the queue is made
        case Access.SIGNING_SECRET:
            return [_allow(["secretsmanager:GetSecretValue"], to.secret.secret_arn)]


_STREAM_ACTIONS = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)


def _allow(actions: Sequence[str], *arns: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=list(arns))


def prefix_findings(access: frozenset[Access], resources: Resources) -> list[str]:
    """The findings that cdk-nag has about this access: the `*` behind each prefix whose objects may be reached."""
    prefixes = {
        Access.MAIL_BUCKET_READ: (resources.mail, (INBOUND_PREFIX,)),
        Access.MAIL_BUCKET_DELETE: (resources.mail, (INBOUND_PREFIX,)),
        Access.FILES_READ: (resources.files, (ATTACHMENTS_PREFIX, BODIES_PREFIX)),
        Access.FILES_WRITE: (resources.files, (ATTACHMENTS_PREFIX, BODIES_PREFIX, UPLOADS_PREFIX)),
        Access.FILES_DELETE: (resources.files, (ATTACHMENTS_PREFIX, BODIES_PREFIX, UPLOADS_PREFIX)),
        Access.SEARCH_READ: (resources.files, (SEARCH_PREFIX,)),
        Access.SEARCH_WRITE: (resources.files, (SEARCH_PREFIX,)),
        Access.TRIAGE_READ: (resources.files, (TRIAGE_PREFIX,)),
        Access.TRIAGE_WRITE: (resources.files, (TRIAGE_PREFIX,)),
    }
    found = {
        f"AwsSolutions-IAM5[Resource::<{logical_id(bucket)}.Arn>/{prefix}*]"
        for one in access & prefixes.keys()
        for bucket, below in (prefixes[one],)
        for prefix in below
    }
    return sorted(found)


def logical_id(bucket: s3.Bucket) -> str:
    """What the template calls a bucket."""
    resource = bucket.node.default_child
    if not isinstance(resource, s3.CfnBucket):
        raise TypeError("a bucket is made of a CfnBucket")
    return Stack.of(bucket).get_logical_id(resource)


def _below(bucket: s3.Bucket, *prefixes: str) -> list[str]:
    return [bucket.arn_for_objects(f"{prefix}*") for prefix in prefixes]


def _missing_is_404(bucket: s3.Bucket) -> iam.PolicyStatement:
    """Without it S3 answers 403 for an object that is not there, which reads like a fault of ours."""
    return _allow(["s3:ListBucket"], bucket.bucket_arn)


def _stream_arn(to: Resources) -> str:
    arn = to.table.table.table_stream_arn
    if arn is None:
        raise AssertionError("the table has a stream")
    return arn
