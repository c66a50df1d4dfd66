"""Mail out and in: the domain SES sends from, and the receipt rule that stores raw mail and starts intake."""

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ses as ses
from constructs import Construct

from helpdesk.contracts.topology import INBOUND_PREFIX
from infra.config import Config
from infra.constructs.alarms import Alarms


class MailOut(Construct):
    """Domain identity (DKIM) and configuration set of all the desk sends; what becomes of it goes to the default bus."""

    def __init__(self, scope: Construct, construct_id: str, config: Config) -> None:
        super().__init__(scope, construct_id)
        self.configuration_set = ses.ConfigurationSet(
            self,
            "Sending",
            configuration_set_name=config.prefix,
            reputation_metrics=True,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
        )
        self.configuration_set.add_event_destination(
            "Feedback",
            destination=ses.EventDestination.event_bus(
                events.EventBus.from_event_bus_name(self, "DefaultBus", "default")
            ),
            events=[
                ses.EmailSendingEvent.DELIVERY,
                ses.EmailSendingEvent.DELIVERY_DELAY,
                ses.EmailSendingEvent.BOUNCE,
                ses.EmailSendingEvent.COMPLAINT,
                ses.EmailSendingEvent.REJECT,
            ],
        )
        self.identity = ses.EmailIdentity(
            self,
            "Domain",
            identity=ses.Identity.domain(config.mail_domain),
            configuration_set=self.configuration_set,
        )

    @property
    def arns(self) -> tuple[str, ...]:
        """What a function that sends needs to be allowed to use."""
        stack = Stack.of(self)
        return (
            self.identity.email_identity_arn,
            stack.format_arn(
                service="ses",
                resource="configuration-set",
                resource_name=self.configuration_set.configuration_set_name,
            ),
        )

    def watch(self, alarms: Alarms) -> None:
        """Alarms before SES puts the account under review (at 5% bounces and 0.1% complaints)."""
        for construct_id, name, limit, what in (
            ("Bounces", "Reputation.BounceRate", 0.04, "too many mails bounce"),
            ("Complaints", "Reputation.ComplaintRate", 0.0008, "too many recipients complain"),
        ):
            alarms.above(self, construct_id, _account_metric(name), limit, what)


class MailIn(Construct):
    """Receipt rule: raw mail to the bucket first, then the function, which is not waited for."""

    def __init__(
        self, scope: Construct, construct_id: str, config: Config, *, bucket: s3.Bucket, function: lambda_.IFunction
    ) -> None:
        super().__init__(scope, construct_id)
        self.rule_set_name = config.prefix
        rule_name = f"{config.prefix}-inbound"
        rule_arn = Stack.of(self).format_arn(
            service="ses",
            resource="receipt-rule-set",
            resource_name=f"{self.rule_set_name}:receipt-rule/{rule_name}",
        )
        from_ses = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": rule_arn}}
        rule_set = ses.CfnReceiptRuleSet(self, "Rules", rule_set_name=self.rule_set_name)
        rule = ses.CfnReceiptRule(
            self,
            "Inbound",
            rule_set_name=self.rule_set_name,
            rule=ses.CfnReceiptRule.RuleProperty(
                name=rule_name,
                enabled=True,
                recipients=list(config.recipients),
                scan_enabled=True,
                tls_policy="Optional",
                actions=[
                    ses.CfnReceiptRule.ActionProperty(
                        s3_action=ses.CfnReceiptRule.S3ActionProperty(
                            bucket_name=bucket.bucket_name, object_key_prefix=INBOUND_PREFIX
                        )
                    ),
                    ses.CfnReceiptRule.ActionProperty(
                        lambda_action=ses.CfnReceiptRule.LambdaActionProperty(
                            function_arn=function.function_arn, invocation_type="Event"
                        )
                    ),
                ],
            ),
        )
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("ses.amazonaws.com")],
                actions=["s3:PutObject"],
                resources=[bucket.arn_for_objects(f"{INBOUND_PREFIX}*")],
                conditions=from_ses,
            )
        )
        permission = lambda_.CfnPermission(
            self,
            "SesMayInvoke",
            action="lambda:InvokeFunction",
            function_name=function.function_name,
            principal="ses.amazonaws.com",
            source_account=Aws.ACCOUNT_ID,
            source_arn=rule_arn,
        )
        rule.add_resource_dependency(rule_set)
        # SES tries both actions when the rule is made, and refuses a rule it may not follow.
        rule.add_resource_dependency(permission)
        if bucket.policy is not None:
            rule.node.add_dependency(bucket.policy)


def _account_metric(name: str) -> cloudwatch.Metric:
    """SES measures its customers' reputation per account and region."""
    return cloudwatch.Metric(
        namespace="AWS/SES", metric_name=name, statistic=cloudwatch.Stats.MAXIMUM, period=Duration.minutes(15)
    )
