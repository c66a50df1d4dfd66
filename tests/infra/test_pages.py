"""How the pages are served: which file answers a path, with which headers, and what must never be cached."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.contracts.topology import HOST_HEADER, VIEWER_HEADER
from infra.security_headers import content_security_policy
from tests.infra.conftest import Resource, Synthesis

pytestmark = pytest.mark.xdist_group("infra")

type Edge = Callable[[str, Resource], Resource]


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


def edge_function(synthesis: Synthesis, prefix: str) -> str:
    (code,) = [
        function["FunctionCode"]
        for name, function in synthesis.of_type("AWS::CloudFront::Function").items()
        if name.startswith(prefix)
    ]
    return str(code)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "/index.html"),
        ("/tickets/01ARZ3", "/index.html"),
        ("/tickets/by.name/v1.2", "/index.html"),
        ("/docs", "/index.html"),
        ("/portal", "/portal/index.html"),
        ("/portal/", "/portal/index.html"),
        ("/portal/requests/01ARZ3", "/portal/index.html"),
        ("/portal/survey/abc.def.ghi", "/portal/index.html"),
        ("/portals", "/index.html"),
        ("/assets/desk-1a2b3c.js", "/assets/desk-1a2b3c.js"),
        ("/favicon.svg", "/favicon.svg"),
        ("/config.json", "/config.json"),
    ],
)
def test_a_path_leads_to_the_page_that_knows_it(deployed: Synthesis, at_the_edge: Edge, path: str, file: str) -> None:
    code = edge_function(deployed, "PagesPaths")
    assert at_the_edge(code, {"request": {"uri": path, "headers": {}}})["uri"] == file


def test_the_api_is_told_who_calls_whatever_the_caller_claims(deployed: Synthesis, at_the_edge: Edge) -> None:
    code = edge_function(deployed, "PagesViewer")
    request: Resource = {
        "uri": "/v1/requests",
        "headers": {VIEWER_HEADER: {"value": "192.0.2.1"}, "host": {"value": "help.acme.test"}},
    }
    answer = at_the_edge(code, {"request": request, "viewer": {"ip": "2001:db8::7"}})
    assert answer["headers"][VIEWER_HEADER] == {"value": "2001:db8::7"}
    assert answer["headers"][HOST_HEADER] == {"value": "help.acme.test"}
    assert answer["uri"] == "/v1/requests"


def test_the_api_is_reached_at_the_pages_own_origin_and_never_cached(deployed: Synthesis) -> None:
    (distribution,) = deployed.of_type("AWS::CloudFront::Distribution").values()
    behaviors = {one["PathPattern"]: one for one in distribution["DistributionConfig"]["CacheBehaviors"]}
    assert set(behaviors) == {"/v1/*", "/help", "/help/*", "/robots.txt"}
    behavior = behaviors["/v1/*"]
    assert set(behavior["AllowedMethods"]) >= {"GET", "POST", "PATCH"}
    assert behavior["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "AWS's CachingDisabled"
    assert behavior["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac", "AllViewerExceptHostHeader"
    assert behavior["ViewerProtocolPolicy"] == "https-only"


def test_an_error_is_its_callers_alone_neither_replaced_by_a_page_nor_kept_for_others(deployed: Synthesis) -> None:
    (distribution,) = deployed.of_type("AWS::CloudFront::Distribution").values()
    errors = distribution["DistributionConfig"]["CustomErrorResponses"]
    assert {one["ErrorCode"] for one in errors} == {400, 403, 404, 405, 414, 500, 501, 502, 503, 504}
    assert all(one.keys() == {"ErrorCode", "ErrorCachingMinTTL"} for one in errors)
    assert {one["ErrorCachingMinTTL"] for one in errors} == {0}


def test_no_page_of_the_help_centre_is_kept_longer_or_for_more_readers_than_it_says(deployed: Synthesis) -> None:
    (distribution,) = deployed.of_type("AWS::CloudFront::Distribution").values()
    behaviors = {one["PathPattern"]: one for one in distribution["DistributionConfig"]["CacheBehaviors"]}
    assert behaviors["/help"]["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "leads to a language"
    ((name, policy),) = deployed.of_type("AWS::CloudFront::CachePolicy").items()
    assert behaviors["/help/*"]["CachePolicyId"] == {"Ref": name}
    config = policy["CachePolicyConfig"]
    # With nothing at the least, `no-store` holds: what follows from the browser's language, which is no part of the key.
    assert (config["MinTTL"], config["DefaultTTL"]) == (0, 0)
    key = config["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["HeadersConfig"]["Headers"] == [HOST_HEADER], "a host of a brand has pages of its own"
    assert key["CookiesConfig"]["Cookies"] == ["__Host-portal"], "who has signed in reads other articles"
    assert key["QueryStringsConfig"]["QueryStringBehavior"] == "all"


def test_the_pages_bucket_is_read_by_the_distribution_alone(deployed: Synthesis) -> None:
    (policy,) = [
        p["PolicyDocument"]
        for name, p in deployed.of_type("AWS::S3::BucketPolicy").items()
        if name.startswith("PagesBucket")
    ]
    grants = [statement for statement in policy["Statement"] if statement["Effect"] == "Allow"]
    assert [grant["Principal"] for grant in grants] == [{"Service": "cloudfront.amazonaws.com"}]
    assert "AWS:SourceArn" in grants[0]["Condition"]["StringEquals"]


def test_every_answer_carries_strict_security_headers(deployed: Synthesis) -> None:
    for policy in deployed.of_type("AWS::CloudFront::ResponseHeadersPolicy").values():
        headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 365 * 24 * 3600
        assert headers["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
        assert headers["FrameOptions"]["FrameOption"] == "DENY"
        assert "ContentTypeOptions" in headers
    (distribution,) = deployed.of_type("AWS::CloudFront::Distribution").values()
    config = distribution["DistributionConfig"]
    behaviors = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]
    assert all("ResponseHeadersPolicyId" in behavior for behavior in behaviors)


def test_a_page_runs_no_script_but_its_own_and_is_framed_by_nobody() -> None:
    rules = directives(content_security_policy(sign_in=["https://id.example"], files=["https://files.example"]))
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == ["'self'"]
    assert rules["frame-ancestors"] == ["'none'"]
    assert rules["base-uri"] == ["'none'"]
    assert rules["connect-src"] == ["'self'", "https://id.example", "https://files.example"]
    assert "https://files.example" in rules["img-src"]
    assert "https://id.example" not in rules["img-src"]
    assert rules["frame-src"] == ["'self'", "https://files.example"]
    assert rules["media-src"] == ["'self'", "blob:", "https://files.example"]


def test_the_page_is_asked_for_each_time_and_its_parts_are_kept_for_a_year(deployed: Synthesis) -> None:
    uploads = deployed.of_type("Custom::CDKBucketDeployment")
    cached = {upload.get("DestinationBucketKeyPrefix", ""): upload["SystemMetadata"] for upload in uploads.values()}
    assert cached == {
        "": {"cache-control": "no-cache"},
        "assets": {"cache-control": "public, max-age=31536000, immutable"},
    }
    assert all(upload["Prune"] is False for upload in uploads.values()), "pages that are still open load old parts"
    (documents,) = [upload for upload in uploads.values() if "DistributionId" in upload]
    assert set(documents["DistributionPaths"]) == {
        "/index.html",
        "/portal/index.html",
        "/config.json",
        "/embed.js",
        "/framed.js",
        "/sw.js",
    }


def test_the_pages_learn_where_to_sign_in_from_a_file_beside_them(deployed: Synthesis) -> None:
    (documents,) = [u for u in deployed.of_type("Custom::CDKBucketDeployment").values() if "DistributionId" in u]
    (file,) = deployed.folder.glob("asset.*/config.json")
    text = file.read_text()
    for marker, value in documents["SourceMarkers"][-1].items():
        text = text.replace(marker, spelt(value))
    (client,) = deployed.of_type("AWS::Cognito::UserPoolClient")
    sign_in = "https://helpdesk-prod-<AWS::AccountId>.auth.<AWS::Region>.amazoncognito.com"
    assert json.loads(text) == {
        "oidc": {
            "authorization_endpoint": f"{sign_in}/oauth2/authorize",
            "token_endpoint": f"{sign_in}/oauth2/token",
            "end_session_endpoint": f"{sign_in}/logout",
            "client_id": f"<{client}>",
            "scope": "openid email",
        },
        "api": "/v1",
        "brand": {"name": "Help desk"},
    }


def spelt(value: Resource) -> str:
    """What a deployment makes of a joined text, with references in angle brackets."""
    return "".join(part if isinstance(part, str) else f"<{part['Ref']}>" for part in value["Fn::Join"][1])


def test_without_built_pages_the_desk_still_synthesizes_and_says_so(
    synthesize: Callable[..., Synthesis], tmp_path: Path
) -> None:
    bare = synthesize(dist=tmp_path / "dist", check="false")
    assert [text for level, text in bare.messages if "web/dist is missing" in text]
    (upload,) = bare.of_type("Custom::CDKBucketDeployment").values()
    assert "DestinationBucketKeyPrefix" not in upload


def test_a_name_of_ones_own_is_used_everywhere(synthesize: Callable[..., Synthesis]) -> None:
    named = synthesize(
        check="false",
        base_url="https://desk.example.com",
        certificate_arn="arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555",
    )
    (distribution,) = named.of_type("AWS::CloudFront::Distribution").values()
    config = distribution["DistributionConfig"]
    assert config["Aliases"] == ["desk.example.com"]
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    (client,) = named.of_type("AWS::Cognito::UserPoolClient").values()
    assert client["CallbackURLs"] == ["https://desk.example.com/auth/callback"]
    assert client["LogoutURLs"] == ["https://desk.example.com/"]
    assert {f["Environment"]["Variables"]["HELPDESK_BASE_URL"] for f in named.functions.values()} == {
        "https://desk.example.com"
    }
