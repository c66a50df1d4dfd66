"""The pages: a private bucket behind CloudFront, with the API at /v1 of the same origin."""

from collections.abc import Sequence
from typing import TypedDict, Unpack

from aws_cdk import Annotations, Aws, Duration, Stack, Token
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from helpdesk.contracts.topology import HOST_HEADER, VIEWER_HEADER
from infra.config import Config
from infra.constructs.function import ROOT, retention
from infra.constructs.grants import logical_id
from infra.constructs.identity import SCOPE, Identity, sign_in_url
from infra.constructs.storage import files_origins, removal
from infra.nag import accept
from infra.security_headers import HSTS_SECONDS, PERMISSIONS_POLICY, content_security_policy

DIST = ROOT / "web" / "dist"

PAGE_OF_A_PATH = """\
function handler(event) {
  var request = event.request;
  var path = request.uri;
  if (path === '/portal' || path.indexOf('/portal/') === 0) {
    request.uri = '/portal/index.html';
  } else if (path.indexOf('/assets/') !== 0 && !/^\\/[^\\/]+\\.[a-z]+$/.test(path)) {
    request.uri = '/index.html';
  }
  return request;
}
"""
"""Which file answers a path: the portal's page below /portal, a file of the build, or else the agents' page. Not done by
error pages: those would also take the place of the API's 404 answers."""

VIEWER_OF_A_CALL = f"""\
function handler(event) {{
  var request = event.request;
  request.headers['{VIEWER_HEADER}'] = {{ value: event.viewer.ip }};
  request.headers['{HOST_HEADER}'] = {{ value: request.headers.host.value }};
  return request;
}}
"""
"""To the API every call comes from CloudFront: this tells it from whom and at which host, and overwrites what a caller may have
claimed."""

WARNING = "helpdesk:pages-missing"


ERRORS = (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)
"""What CloudFront keeps ten seconds for everybody unless it is told otherwise, whatever the answer says of caches."""


class _Destination(TypedDict, total=False):
    """What differs between the two uploads."""

    destination_key_prefix: str
    distribution: cloudfront.IDistribution
    distribution_paths: Sequence[str]


class Pages(Construct):
    """Distribution and bucket. The files are put there by `publish`, once sign-in is known."""

    def __init__(self, scope: Construct, construct_id: str, config: Config, *, api_domain: str) -> None:
        """Makes the distribution.

        Args:
            scope: what the part belongs to.
            construct_id: its name there.
            config: the deployment.
            api_domain: host of the API.
        """
        super().__init__(scope, construct_id)
        self._config = config
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=removal(config),
        )
        accept(self.bucket, "AwsSolutions-S1", "It holds the public pages, which CloudFront alone reads.")
        self._upload_logs = logs.LogGroup(
            self,
            "UploadLogs",
            log_group_name=f"/{config.name}/{config.stage}/pages-upload",
            retention=retention(config),
            removal_policy=removal(config),
        )
        self._uploader = iam.Role(
            self,
            "UploaderRole",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description="Puts the pages into their bucket during a deployment",
        )
        self._uploader.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[self._upload_logs.log_group_arn]
            )
        )
        self.distribution = self._distribution(api_domain, self._headers("Headers", config.prefix))
        self.origin = config.base_url or f"https://{self.distribution.distribution_domain_name}"

    def _headers(self, construct_id: str, name: str, *, override: bool = True) -> cloudfront.ResponseHeadersPolicy:
        """What pages are served with; without `override` a stricter policy of whoever made the page stands."""
        policy = content_security_policy(sign_in=[sign_in_url(self._config)], files=files_origins(self._config))
        return cloudfront.ResponseHeadersPolicy(
            self,
            construct_id,
            response_headers_policy_name=f"{name}-{Aws.REGION}",
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(
                        header="permissions-policy", value=PERMISSIONS_POLICY, override=True
                    )
                ]
            ),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=policy, override=override
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=override
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=override
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.seconds(HSTS_SECONDS), include_subdomains=True, override=True
                ),
            ),
        )

    def _distribution(self, api_domain: str, headers: cloudfront.ResponseHeadersPolicy) -> cloudfront.Distribution:
        config = self._config
        paths = self._at_the_edge("Paths", PAGE_OF_A_PATH, "Which page answers a path")
        viewer = self._at_the_edge("Viewer", VIEWER_OF_A_CALL, "Who calls the API")
        certificate = (
            certificates.Certificate.from_certificate_arn(self, "Certificate", config.certificate_arn)
            if config.certificate_arn
            else None
        )
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=config.prefix,
            domain_names=[config.host, *config.brand_hosts] if config.host else None,
            certificate=certificate,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if certificate else None,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_ALL,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(self.bucket),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                compress=True,
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                response_headers_policy=headers,
                function_associations=[paths],
            ),
            additional_behaviors={
                "/v1/*": self._from_the_api(api_domain, headers, viewer),
                **self._help_center(api_domain, viewer),
            },
            # An error is an answer to one caller: kept, it would refuse others what is theirs, or tell it in a language
            # that is not theirs, where the address names none and the browser's is taken.
            error_responses=[
                cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0)) for status in ERRORS
            ],
        )
        _accept_findings(distribution, custom_domain=bool(config.host))
        return distribution

    def _help_center(
        self, api_domain: str, viewer: cloudfront.FunctionAssociation
    ) -> dict[str, cloudfront.BehaviorOptions]:
        """Pages that a function makes. What it says may be kept is kept, apart for everybody who has signed in."""
        headers = self._headers("HelpHeaders", f"{self._config.prefix}-help", override=False)
        kept = cloudfront.CachePolicy(
            self,
            "HelpCache",
            cache_policy_name=f"{self._config.prefix}-help-{Aws.REGION}",
            comment="Pages of the help centre, for as long as they say",
            default_ttl=Duration.seconds(0),
            min_ttl=Duration.seconds(0),
            max_ttl=Duration.days(365),
            cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("__Host-portal"),
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list(HOST_HEADER),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )
        return {
            "/help": self._from_the_api(api_domain, headers, viewer),  # leads to a language: each browser to its own
            "/help/*": self._from_the_api(api_domain, headers, viewer, kept),
            "/robots.txt": self._from_the_api(api_domain, headers, viewer, kept),
        }

    def _from_the_api(
        self,
        api_domain: str,
        headers: cloudfront.ResponseHeadersPolicy,
        viewer: cloudfront.FunctionAssociation,
        kept: cloudfront.ICachePolicy | None = None,
    ) -> cloudfront.BehaviorOptions:
        """What the API answers; never kept, unless by a policy."""
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(api_domain, protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY
            if kept is None
            else cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=kept or cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=headers,
            function_associations=[viewer],
            compress=True,
        )

    def _at_the_edge(self, construct_id: str, code: str, comment: str) -> cloudfront.FunctionAssociation:
        """A function that sees each request before CloudFront does anything with it."""
        function = cloudfront.Function(
            self,
            construct_id,
            code=cloudfront.FunctionCode.from_inline(code),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment=comment,
        )
        return cloudfront.FunctionAssociation(function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)

    def publish(self, identity: Identity) -> None:
        """Uploads web/dist and writes config.json beside it.

        Files with a hash in their name may be kept for a year and are left in place for pages that are still open;
        the page itself and its configuration are asked for each time.
        """
        sources: list[deployment.ISource] = []
        assets = DIST / "assets"
        if assets.is_dir():
            hashed = self._upload(
                "Assets",
                [deployment.Source.asset(str(assets))],
                cache="public, max-age=31536000, immutable",
                destination_key_prefix="assets",
            )
            sources.append(deployment.Source.asset(str(DIST), exclude=["assets", "config.json"]))
        else:
            hashed = None
            Annotations.of(self).add_warning_v2(WARNING, "web/dist is missing: this deployment has no pages")
        sources.append(deployment.Source.json_data("config.json", pages_config(self._config, identity)))
        documents = self._upload(
            "Documents",
            sources,
            cache="no-cache",
            distribution=self.distribution,
            distribution_paths=[
                "/index.html",
                "/portal/index.html",
                "/config.json",
                "/embed.js",
                "/framed.js",
                "/sw.js",
            ],
        )
        if hashed is not None:
            # A page must not be there before what it loads.
            documents.node.add_dependency(hashed)
        _accept_upload_findings(self._uploader, self.bucket)

    def _upload(
        self, construct_id: str, sources: Sequence[deployment.ISource], *, cache: str, **more: Unpack[_Destination]
    ) -> deployment.BucketDeployment:
        return deployment.BucketDeployment(
            self,
            construct_id,
            destination_bucket=self.bucket,
            sources=sources,
            cache_control=[deployment.CacheControl.from_string(cache)],
            prune=False,
            retain_on_delete=False,
            memory_limit=512,
            log_group=self._upload_logs,
            role=self._uploader,
            **more,
        )


def pages_config(config: Config, identity: Identity) -> dict[str, object]:
    """What the pages need to know of where they run; served as /config.json."""
    return {
        "oidc": {
            "authorization_endpoint": f"{identity.sign_in_url}/oauth2/authorize",
            "token_endpoint": f"{identity.sign_in_url}/oauth2/token",
            "end_session_endpoint": f"{identity.sign_in_url}/logout",
            "client_id": identity.client.user_pool_client_id,
            "scope": SCOPE,
        },
        "api": "/v1",
        "brand": {"name": config.brand},
    }


def _accept_findings(distribution: cloudfront.Distribution, *, custom_domain: bool) -> None:
    accept(distribution, "AwsSolutions-CFR1", "A help desk's customers may be anywhere.")
    accept(
        distribution,
        "AwsSolutions-CFR2",
        "A web application firewall costs every month, idle or not; API Gateway throttles and the desk limits callers."
        " docs/deploying.md says how to attach one.",
    )
    accept(
        distribution,
        "AwsSolutions-CFR3",
        "Logs of every page view hold addresses and paths with signed links; the API logs what it did without them.",
    )
    if not custom_domain:
        accept(
            distribution,
            "AwsSolutions-CFR4",
            "CloudFront's own name comes with CloudFront's own certificate and its policy; `base_url` and"
            " `certificate_arn` give a name of one's own with TLS 1.2 at least.",
        )


def _accept_upload_findings(role: iam.Role, bucket: s3.Bucket) -> None:
    """The function that unpacks the pages is CDK's own, and so are the wildcards it is given."""
    stack = Stack.of(role)
    account = "<AWS::AccountId>" if Token.is_unresolved(stack.account) else stack.account
    region = "<AWS::Region>" if Token.is_unresolved(stack.region) else stack.region
    assets = f"cdk-{stack.synthesizer.bootstrap_qualifier}-assets-{account}-{region}"
    for finding in (
        "Action::s3:Abort*",
        "Action::s3:DeleteObject*",
        "Action::s3:GetBucket*",
        "Action::s3:GetObject*",
        "Action::s3:List*",
        "Resource::*",
        f"Resource::<{logical_id(bucket)}.Arn>/*",
        f"Resource::arn:<AWS::Partition>:s3:::{assets}/*",
    ):
        accept(
            role,
            f"AwsSolutions-IAM5[{finding}]",
            "CDK's own uploader, at work during a deployment alone: it reads CDK's assets, writes the bucket of public"
            " pages, and invalidates them in CloudFront, which CDK does not narrow to one distribution.",
        )
    for child in stack.node.children:
        if child.node.id.startswith("Custom::CDKBucketDeployment"):
            accept(child, "AwsSolutions-L1", "CDK's own uploader runs on the runtime that CDK tested it with.")
