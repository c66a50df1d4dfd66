"""What the desk keeps: the table, the two buckets and the signing secret."""

from collections.abc import Sequence

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import UPLOADS_PREFIX
from infra.config import Config
from infra.nag import accept

_PROJECTIONS = {
    keys.Projection.KEYS_ONLY: dynamodb.ProjectionType.KEYS_ONLY,
    keys.Projection.INCLUDE: dynamodb.ProjectionType.INCLUDE,
}


def removal(config: Config) -> RemovalPolicy:
    """What becomes of data when its stack goes."""
    return RemovalPolicy.RETAIN if config.retain_data else RemovalPolicy.DESTROY


def files_bucket_name(config: Config) -> str:
    """The name of the attachments' bucket.

    It is fixed because two resources need each other: the bucket lets the pages' origin upload, and the pages' content
    security policy lets them reach the bucket.
    """
    return f"{config.prefix}-files-{Aws.ACCOUNT_ID}-{Aws.REGION}"


def files_origins(config: Config) -> list[str]:
    """Where a browser meets that bucket: signed addresses name the region or, in the oldest region, do not."""
    name = files_bucket_name(config)
    return [f"https://{name}.s3.{Aws.REGION}.{Aws.URL_SUFFIX}", f"https://{name}.s3.{Aws.URL_SUFFIX}"]


class Table(Construct):
    """The one table, with every index of the contract and a stream of new images."""

    def __init__(self, scope: Construct, construct_id: str, config: Config) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            table_name=config.prefix,
            partition_key=_text(keys.PARTITION_KEY),
            sort_key=_text(keys.SORT_KEY),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            stream=dynamodb.StreamViewType.NEW_IMAGE,
            time_to_live_attribute=keys.TTL_ATTRIBUTE,
            deletion_protection=config.protect,
            removal_policy=removal(config),
        )
        for index in keys.INDEXES:
            self.table.add_global_secondary_index(
                index_name=index.name,
                partition_key=_text(index.partition_key),
                sort_key=_text(index.sort_key),
                projection_type=_PROJECTIONS[index.projection],
                non_key_attributes=list(index.include) or None,
            )

    @property
    def index_arns(self) -> list[str]:
        """Each index by name: a role names them one by one."""
        return [f"{self.table.table_arn}/index/{index.name}" for index in keys.INDEXES]


class Buckets(Construct):
    """Raw mail, and the files that belong to messages. Private, encrypted, TLS only."""

    def __init__(self, scope: Construct, construct_id: str, config: Config, *, origins: Sequence[str]) -> None:
        """Makes both buckets.

        Args:
            scope: what the part belongs to.
            construct_id: its name there.
            config: the deployment.
            origins: the pages' origins, from which a browser may upload.
        """
        super().__init__(scope, construct_id)
        self.mail = _bucket(self, "Mail", config, name=f"{config.prefix}-mail-{Aws.ACCOUNT_ID}-{Aws.REGION}")
        self.files = _bucket(self, "Files", config, name=files_bucket_name(config))
        self.files.add_lifecycle_rule(
            id="unclaimed-uploads", prefix=UPLOADS_PREFIX, expiration=Duration.days(1), enabled=True
        )
        self.files.add_cors_rule(
            allowed_methods=[s3.HttpMethods.POST, s3.HttpMethods.GET],
            allowed_origins=list(origins),
            allowed_headers=["content-type"],
            max_age=3600,
        )


class SigningSecret(Construct):
    """The secret behind signed links and cursors; made by Secrets Manager, seen by nobody."""

    def __init__(self, scope: Construct, construct_id: str, config: Config) -> None:
        super().__init__(scope, construct_id)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            secret_name=f"{config.prefix}-signing",
            description="Signs the desk's links and cursors",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=removal(config),
        )
        accept(
            self.secret,
            "AwsSolutions-SMG4",
            "Customers hold signed links in their mail for months; keys are added or, after a leak, replaced by hand"
            " (docs/deploying.md), not by the calendar.",
        )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def _bucket(scope: Construct, construct_id: str, config: Config, *, name: str) -> s3.Bucket:
    bucket = s3.Bucket(
        scope,
        construct_id,
        bucket_name=name,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        removal_policy=removal(config),
        lifecycle_rules=[
            s3.LifecycleRule(id="broken-uploads", abort_incomplete_multipart_upload_after=Duration.days(1))
        ],
    )
    accept(
        bucket,
        "AwsSolutions-S1",
        "Only the desk's own functions and links they sign reach the objects, and what they do is in the tickets'"
        " history; server access logs would be one more place that holds customers' addresses.",
    )
    return bucket
