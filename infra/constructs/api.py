"""The HTTP API: the routes of the topology, throttled, with an authorizer for agents' routes."""

import json
from collections.abc import Sequence

from aws_cdk import Aws, Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from helpdesk.contracts.topology import Auth, Route, gateway_routes
from infra.config import Config
from infra.constructs.alarms import Alarms
from infra.constructs.function import DeskFunction, retention
from infra.constructs.identity import Identity
from infra.constructs.storage import removal
from infra.nag import accept

ACCESS_LOG = {
    "request_id": "$context.requestId",
    "at": "$context.requestTimeEpoch",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latency_ms": "$context.responseLatency",
    "integration_latency_ms": "$context.integrationLatency",
    "response_bytes": "$context.responseLength",
    "error": "$context.error.messageString",
    "integration_error": "$context.integrationErrorMessage",
}
"""No addresses, no paths (they hold tokens), no callers: who did what is in the tickets' history."""

DEFAULT_ROUTE = "$default"


class Api(Construct):
    """The API and its one stage. Functions are connected with `connect`, after they are made."""

    def __init__(self, scope: Construct, construct_id: str, config: Config) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self.api = apigateway.HttpApi(
            self, "Api", api_name=config.prefix, description=f"{config.brand}: API", create_default_stage=False
        )
        self.domain = f"{self.api.api_id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"
        log_group = logs.LogGroup(
            self,
            "AccessLogs",
            log_group_name=f"/{config.name}/{config.stage}/api-access",
            retention=retention(config),
            removal_policy=removal(config),
        )
        self.stage = apigateway.CfnStage(
            self,
            "Stage",
            api_id=self.api.api_id,
            stage_name=DEFAULT_ROUTE,
            auto_deploy=True,
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=log_group.log_group_arn, format=json.dumps(ACCESS_LOG, separators=(",", ":"))
            ),
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=config.throttle_rate,
                throttling_burst_limit=config.throttle_burst,
                detailed_metrics_enabled=False,
            ),
        )

    def connect(self, functions: Sequence[DeskFunction], identity: Identity) -> None:
        """Makes the routes of these functions."""
        authorizer = authorizers.HttpUserPoolAuthorizer(
            "Agents", identity.pool, user_pool_clients=[identity.client], authorizer_name="agents"
        )
        for function in functions:
            if not function.spec.routes:
                continue
            # One permission a function: one for each route would fill its policy, which has room for about forty.
            integration = integrations.HttpLambdaIntegration(
                function.spec.name,
                function.function,
                payload_format_version=apigateway.PayloadFormatVersion.VERSION_2_0,
                scope_permission_to_route=False,
            )
            for route in gateway_routes(function.spec):
                self._route(route, integration, authorizer if route.auth is Auth.AGENT else None)

    def _route(
        self,
        route: Route,
        integration: integrations.HttpLambdaIntegration,
        authorizer: authorizers.HttpUserPoolAuthorizer | None,
    ) -> None:
        key = (
            apigateway.HttpRouteKey.DEFAULT
            if route.path == DEFAULT_ROUTE
            else apigateway.HttpRouteKey.with_(route.path, apigateway.HttpMethod[route.method])
        )
        made = apigateway.HttpRoute(
            self,
            f"{route.method} {route.path}",
            http_api=self.api,
            route_key=key,
            integration=integration,
            authorizer=authorizer,
        )
        if authorizer is None:
            accept(
                made,
                "AwsSolutions-APIG4",
                "Customers have no accounts: the function checks a signed link itself, or the route is public.",
            )

    def watch(self, alarms: Alarms) -> None:
        """Alarms for what callers see."""
        alarms.above(
            self,
            "ServerErrors",
            self.metric("5xx", cloudwatch.Stats.SUM),
            0,
            "the API answered with a server error",
        )

    def metric(self, name: str, statistic: str) -> cloudwatch.Metric:
        """One of API Gateway's metrics of this API."""
        return cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name=name,
            dimensions_map={"ApiId": self.api.api_id},
            statistic=statistic,
            period=Duration.minutes(5),
        )
