"""Alarms and the topic they tell: what an operator must hear of without looking."""

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.config import Config


class Alarms(Construct):
    """Makes alarms that tell one topic when they start and when they end."""

    def __init__(self, scope: Construct, construct_id: str, config: Config) -> None:
        super().__init__(scope, construct_id)
        self._prefix = config.prefix
        self.topic = sns.Topic(
            self, "Topic", topic_name=f"{config.prefix}-alarms", display_name=f"{config.brand} alarms", enforce_ssl=True
        )
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        if config.alarm_email:
            self.topic.add_subscription(subscriptions.EmailSubscription(config.alarm_email))
        self.all: list[cloudwatch.Alarm] = []

    def above(
        self,
        scope: Construct,
        construct_id: str,
        metric: cloudwatch.IMetric,
        limit: float,
        sentence: str,
        *,
        periods: int = 1,
    ) -> None:
        """Alarms when a metric is above a limit for some periods. No data is good news."""
        self._alarm(
            scope,
            construct_id,
            metric,
            threshold=limit,
            sentence=sentence,
            periods=periods,
            comparison=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            missing=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def below(
        self,
        scope: Construct,
        construct_id: str,
        metric: cloudwatch.IMetric,
        limit: float,
        sentence: str,
        *,
        periods: int = 1,
    ) -> None:
        """Alarms when a metric is below a limit or there is no data at all."""
        self._alarm(
            scope,
            construct_id,
            metric,
            threshold=limit,
            sentence=sentence,
            periods=periods,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            missing=cloudwatch.TreatMissingData.BREACHING,
        )

    def _alarm(
        self,
        scope: Construct,
        construct_id: str,
        metric: cloudwatch.IMetric,
        *,
        threshold: float,
        sentence: str,
        periods: int,
        comparison: cloudwatch.ComparisonOperator,
        missing: cloudwatch.TreatMissingData,
    ) -> None:
        alarm = cloudwatch.Alarm(
            scope,
            construct_id,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=comparison,
            treat_missing_data=missing,
            alarm_description=f"{self._prefix}: {sentence}. See docs/deploying.md, Alarms.",
        )
        action = actions.SnsAction(self.topic)
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)
        self.all.append(alarm)
