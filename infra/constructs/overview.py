"""The dashboard: how the desk is, on one page."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from helpdesk.contracts import metrics
from infra.config import Config
from infra.constructs.alarms import Alarms
from infra.constructs.api import Api
from infra.constructs.function import DeskFunction

PERIOD = Duration.minutes(5)


class Overview(Construct):
    """Alarms first, then what callers see, then the functions and what waits for them."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        config: Config,
        *,
        alarms: Alarms,
        api: Api,
        functions: Sequence[DeskFunction],
    ) -> None:
        super().__init__(scope, construct_id)
        board = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=config.prefix)
        board.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=alarms.all, width=24, height=6))
        board.add_widgets(
            _graph("API answers", [api.metric(name, "Sum") for name in ("Count", "4xx", "5xx")]),
            _graph("API latency, ms", [api.metric("Latency", statistic) for statistic in ("p50", "p99")]),
        )
        board.add_widgets(
            _graph("Errors", [function.function.metric_errors(period=PERIOD) for function in functions]),
            _graph(
                "Duration, ms (p99)",
                [function.function.metric_duration(period=PERIOD, statistic="p99") for function in functions],
            ),
        )
        board.add_widgets(
            _graph(
                "Waiting in queues",
                [
                    function.queue.metric_approximate_number_of_messages_visible(period=PERIOD)
                    for function in functions
                    if function.queue is not None
                ],
            ),
            _graph("The desk", [_of_the_desk(metric) for metric in metrics.Metric]),
        )


def _graph(title: str, shown: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(shown), width=12, height=6)


def _of_the_desk(metric: metrics.Metric) -> cloudwatch.IMetric:
    """All series of one of the desk's own metrics: which dimensions it has is the functions' business."""
    search = f"SEARCH('Namespace=\"{metrics.NAMESPACE}\" MetricName=\"{metric}\"', 'Sum', {PERIOD.to_seconds():.0f})"
    return cloudwatch.MathExpression(expression=search, label=str(metric), period=PERIOD, using_metrics={})
