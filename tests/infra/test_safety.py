"""What a deployment must never get wrong: rights, losses, secrets, and being told when something breaks."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from helpdesk.contracts import table
from helpdesk.contracts.topology import FUNCTIONS, Access, Function
from infra.constructs.grants import statements
from tests.infra.conftest import Resource, Synthesis, as_list, target

pytestmark = pytest.mark.xdist_group("infra")

EVERY_FUNCTION = {
    *("logs:CreateLogStream", "logs:PutLogEvents"),
    *("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
}
OF_ACCESS = {
    Access.TABLE_READ: {
        *("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:Query"),
    },
    Access.TABLE_WRITE: {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"},
    Access.STREAM_READ: {
        *("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"),
    },
    Access.BUS_PUBLISH: {"events:PutEvents"},
    Access.MAIL_BUCKET_READ: {"s3:GetObject", "s3:ListBucket"},
    Access.MAIL_BUCKET_DELETE: {"s3:DeleteObject"},
    Access.FILES_READ: {"s3:GetObject", "s3:ListBucket"},
    Access.FILES_WRITE: {"s3:GetObject", "s3:PutObject", "s3:ListBucket"},
    Access.FILES_DELETE: {"s3:DeleteObject"},
    Access.SEARCH_READ: {"s3:GetObject", "s3:ListBucket"},
    Access.SEARCH_WRITE: {"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"},
    Access.TRIAGE_READ: {"s3:GetObject", "s3:ListBucket"},
    Access.TRIAGE_WRITE: {"s3:PutObject", "s3:DeleteObject"},
    Access.ASK_MODEL: set(),  # a deployment that names no model of Bedrock lets nobody ask any
    Access.SEND_MAIL: {"ses:SendEmail", "ses:SendRawEmail"},
    Access.SEND_TICKS: {"sqs:SendMessage", "sqs:GetQueueUrl"},
    Access.SEND_TO_ITSELF: {"sqs:SendMessage", "sqs:GetQueueUrl"},
    Access.SIGNING_SECRET: {"secretsmanager:GetSecretValue"},
}
QUEUE_READER = {
    *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"),
    *("sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
}
DEAD_LETTER_WRITER = {"sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"}

PREFIXES_REACHED = ("/inbound/*", "/uploads/*", "/attachments/*", "/bodies/*", "/search/*", "/triage/*")
"""The only `*` in a resource of a function: what lies below a prefix is made at run time."""


def allowed(synthesis: Synthesis, function: Resource) -> Iterator[tuple[str, Any]]:
    """Each action a function may do, with each resource."""
    for statement in synthesis.statements(target(function["Role"])):
        assert statement["Effect"] == "Allow"
        for action in as_list(statement["Action"]):
            for resource in as_list(statement["Resource"]):
                yield action, resource


def by_entry(synthesis: Synthesis) -> dict[str, Resource]:
    return {function["Handler"]: function for function in synthesis.functions.values()}


def test_a_model_of_bedrock_that_a_deployment_names_is_asked_by_the_router_alone_and_no_other_model_is() -> None:
    arn = "arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-micro-v1:0"
    named: Any = SimpleNamespace(table=SimpleNamespace(table=None), model_arn=arn)
    (statement,) = statements(frozenset({Access.ASK_MODEL}), named)
    assert (statement.actions, statement.resources) == (["bedrock:InvokeModel"], [arn])
    assert [one.name for one in FUNCTIONS if Access.ASK_MODEL in one.access] == ["router"]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_role_allows_what_the_topology_says_and_nothing_more(deployed: Synthesis, function: Function) -> None:
    wanted = EVERY_FUNCTION.union(*(OF_ACCESS[access] for access in function.access))
    if function.events or function.mail_events or function.ticks:
        wanted |= QUEUE_READER
    if function.table_stream or function.inbound_mail or function.schedule_minutes:
        wanted |= DEAD_LETTER_WRITER
    found = {action for action, _ in allowed(deployed, by_entry(deployed)[function.entry])}
    assert found == wanted


def test_no_role_allows_a_scan_or_any_wildcard_of_actions(deployed: Synthesis) -> None:
    for function in deployed.functions.values():
        for action, _ in allowed(deployed, function):
            assert "*" not in action
            assert "Scan" not in action


def test_no_role_of_a_function_reaches_more_than_named_resources(deployed: Synthesis) -> None:
    for function in deployed.functions.values():
        for action, resource in allowed(deployed, function):
            if action.startswith("xray:"):
                assert resource == "*", "X-Ray knows no resources"
                continue
            text = json.dumps(resource)
            for prefix in PREFIXES_REACHED:
                text = text.replace(prefix, "")
            assert "*" not in text, (function["Handler"], action)
            assert "Fn::GetAtt" in text or "Ref" in text


def test_a_query_names_each_index(deployed: Synthesis) -> None:
    for function in deployed.functions.values():
        queried = [json.dumps(resource) for action, resource in allowed(deployed, function) if action.endswith("Query")]
        if queried:
            assert len(queried) == 1 + len(table.INDEXES)
            assert all(any(f'/index/{index.name}"' in one for one in queried) for index in table.INDEXES)


def test_roles_are_written_by_hand_and_assumed_by_lambda_alone(deployed: Synthesis) -> None:
    roles = deployed.of_type("AWS::IAM::Role")
    assert len(roles) == len(FUNCTIONS) + 1, "one a function, and the uploader's of the pages"
    for role in roles.values():
        assert "ManagedPolicyArns" not in role
        assert "Policies" not in role
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_the_uploader_of_the_pages_alone_has_wildcards_that_cdk_gave_it(deployed: Synthesis) -> None:
    mine = {target(function["Role"]) for function in deployed.functions.values()}
    others = set(deployed.of_type("AWS::IAM::Role")) - mine
    assert len(others) == 1
    (uploader,) = others
    assert uploader.startswith("PagesUploaderRole")
    services = {
        action.partition(":")[0]
        for statement in deployed.statements(uploader)
        for action in as_list(statement["Action"])
    }
    assert services == {"s3", "cloudfront", "logs"}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_nothing_a_function_cannot_handle_is_lost(deployed: Synthesis, function: Function) -> None:
    made = by_entry(deployed)[function.entry]
    name = next(name for name, one in deployed.functions.items() if one is made)
    kept = set()
    for mapping in deployed.of_type("AWS::Lambda::EventSourceMapping").values():
        if target(mapping["FunctionName"]) == name:
            assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
            if "DestinationConfig" in mapping:
                kept.add(target(mapping["DestinationConfig"]["OnFailure"]["Destination"]))
            else:
                queue = deployed.of_type("AWS::SQS::Queue")[target(mapping["EventSourceArn"])]
                kept.add(target(queue["RedrivePolicy"]["deadLetterTargetArn"]))
                assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
                assert queue["VisibilityTimeout"] == 6 * function.timeout_seconds
    for config in deployed.of_type("AWS::Lambda::EventInvokeConfig").values():
        if target(config["FunctionName"]) == name:
            kept.add(target(config["DestinationConfig"]["OnFailure"]["Destination"]))
    # A caller of the API hears of a failure itself; everybody else's work is kept, with an alarm.
    assert len(kept) == (0 if function.routes else 1)
    for queue_name in kept:
        assert queue_name in watched(deployed, "ApproximateNumberOfMessagesVisible")
        assert deployed.of_type("AWS::SQS::Queue")[queue_name]["MessageRetentionPeriod"] == 14 * 24 * 3600


def watched(synthesis: Synthesis, metric: str) -> set[str]:
    """Logical ids of the resources that an alarm of this metric is about."""
    return {
        next(value for _, value in references(dimension["Value"]))
        for alarm in synthesis.of_type("AWS::CloudWatch::Alarm").values()
        if alarm.get("MetricName") == metric
        for dimension in alarm["Dimensions"]
    }


def references(value: object) -> Iterator[tuple[str, str]]:
    match value:
        case {"Ref": str(name)}:
            yield "Ref", name
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            yield attribute, name


def test_somebody_is_told_when_a_function_fails_is_throttled_lags_or_stands_still(deployed: Synthesis) -> None:
    names = set(deployed.functions)
    assert watched(deployed, "Errors") == names
    assert watched(deployed, "Throttles") == names
    by_name = {name: function["Handler"] for name, function in deployed.functions.items()}
    readers = {function.entry for function in FUNCTIONS if function.table_stream}
    assert {by_name[name] for name in watched(deployed, "IteratorAge")} == readers
    scheduled = {function.entry for function in FUNCTIONS if function.schedule_minutes}
    assert {by_name[name] for name in watched(deployed, "Invocations")} == scheduled
    assert watched(deployed, "5xx") == set(deployed.of_type("AWS::ApiGatewayV2::Api"))


def test_an_alarm_tells_the_topic_when_it_starts_and_when_it_ends(deployed: Synthesis) -> None:
    (topic,) = deployed.of_type("AWS::SNS::Topic")
    for name, alarm in deployed.of_type("AWS::CloudWatch::Alarm").items():
        assert alarm["AlarmActions"] == [{"Ref": topic}], name
        assert alarm["OKActions"] == [{"Ref": topic}], name
    stands_still = [a for a in deployed.of_type("AWS::CloudWatch::Alarm").values() if a["MetricName"] == "Invocations"]
    scheduled = [one for one in FUNCTIONS if one.schedule_minutes is not None]
    missing = [alarm["TreatMissingData"] for alarm in stands_still]
    assert missing == ["breaching"] * len(scheduled), "a dead schedule sends no data"
    assert all(alarm["Period"] * alarm["EvaluationPeriods"] <= 7 * 86_400 for alarm in stands_still)
    assert all(alarm["Period"] <= 86_400 for alarm in stands_still)


def test_every_function_runs_python_313_on_arm_is_traced_and_logs_json_for_a_month(deployed: Synthesis) -> None:
    groups = deployed.of_type("AWS::Logs::LogGroup")
    for function in deployed.functions.values():
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["arm64"]
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["LoggingConfig"]["LogFormat"] == "JSON"
        assert groups[target(function["LoggingConfig"]["LogGroup"])]["RetentionInDays"] == 30
    assert all(group["RetentionInDays"] == 30 for group in groups.values())


def test_data_outlives_a_deleted_stack_and_cannot_be_deleted_by_mistake(deployed: Synthesis) -> None:
    kept = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret", "AWS::Cognito::UserPool"}
    for name, resource in deployed.template["Resources"].items():
        if resource["Type"] in kept:
            assert resource["DeletionPolicy"] == "Retain", name
            assert resource["UpdateReplacePolicy"] == "Retain", name
    (made,) = deployed.of_type("AWS::DynamoDB::Table").values()
    assert made["DeletionProtectionEnabled"] is True
    assert made["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert made["BillingMode"] == "PAY_PER_REQUEST"
    (pool,) = deployed.of_type("AWS::Cognito::UserPool").values()
    assert pool["DeletionProtection"] == "ACTIVE"


def test_a_trial_on_one_machine_can_be_thrown_away(local: Synthesis) -> None:
    assert not [name for name, r in local.template["Resources"].items() if r.get("DeletionPolicy") == "Retain"]


def test_buckets_are_private_encrypted_and_spoken_to_by_tls_alone(deployed: Synthesis) -> None:
    buckets = deployed.of_type("AWS::S3::Bucket")
    assert len(buckets) == 3
    for bucket in buckets.values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert "BucketEncryption" in bucket
    policies = {target(p["Bucket"]): p["PolicyDocument"] for p in deployed.of_type("AWS::S3::BucketPolicy").values()}
    assert set(policies) == set(buckets)
    for policy in policies.values():
        assert any(
            statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            for statement in policy["Statement"]
        )


def test_queues_and_the_topic_refuse_plain_text(deployed: Synthesis) -> None:
    queues = deployed.of_type("AWS::SQS::Queue")
    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())
    covered = {
        target(queue)
        for policy in deployed.of_type("AWS::SQS::QueuePolicy").values()
        if any(statement["Effect"] == "Deny" for statement in policy["PolicyDocument"]["Statement"])
        for queue in policy["Queues"]
    }
    assert covered == set(queues)


def test_unclaimed_uploads_are_gone_after_a_day_and_only_the_pages_may_upload(deployed: Synthesis) -> None:
    (files,) = [b for name, b in deployed.of_type("AWS::S3::Bucket").items() if name.startswith("BucketsFiles")]
    rules = {rule["Id"]: rule for rule in files["LifecycleConfiguration"]["Rules"]}
    assert (rules["unclaimed-uploads"]["Prefix"], rules["unclaimed-uploads"]["ExpirationInDays"]) == ("uploads/", 1)
    (cors,) = files["CorsConfiguration"]["CorsRules"]
    (origin,) = cors["AllowedOrigins"]
    (distribution,) = deployed.of_type("AWS::CloudFront::Distribution")
    assert {"Fn::GetAtt": [distribution, "DomainName"]} in origin["Fn::Join"][1]
    assert set(cors["AllowedMethods"]) == {"GET", "POST"}


def test_nobody_signs_up_by_himself_and_the_pages_hold_no_secret(deployed: Synthesis) -> None:
    (pool,) = deployed.of_type("AWS::Cognito::UserPool").values()
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["AliasAttributes"] == ["email"]
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    assert pool["MfaConfiguration"] == "OPTIONAL"
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    (client,) = deployed.of_type("AWS::Cognito::UserPoolClient").values()
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_access_logs_hold_no_address_no_path_and_no_caller(deployed: Synthesis) -> None:
    (stage,) = deployed.of_type("AWS::ApiGatewayV2::Stage").values()
    variables = set(json.loads(stage["AccessLogSettings"]["Format"]).values())
    assert "$context.routeKey" in variables
    for telling in ("identity", "path", "authorizer", "domain", "querystring"):
        assert not [variable for variable in variables if telling in variable.lower()]


def test_the_api_is_throttled(deployed: Synthesis) -> None:
    (stage,) = deployed.of_type("AWS::ApiGatewayV2::Stage").values()
    settings = stage["DefaultRouteSettings"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (100, 200)


def test_the_desk_sends_only_from_its_own_domain(deployed: Synthesis) -> None:
    (identity,) = deployed.of_type("AWS::SES::EmailIdentity")
    for function in deployed.functions.values():
        senders = {
            name
            for action, resource in allowed(deployed, function)
            if action.startswith("ses:")
            for name in [json.dumps(resource)]
        }
        assert all(identity in sender or "configuration-set/" in sender for sender in senders)


def test_cdk_nag_has_nothing_left_to_say(deployed: Synthesis) -> None:
    report = json.loads((deployed.folder / "validation-report.json").read_text())
    violations = [v["ruleName"] for plugin in report["pluginReports"] for v in plugin["violations"]]
    assert violations == []


def test_the_stack_stays_well_below_cloudformations_500_resources(deployed: Synthesis) -> None:
    assert len(deployed.template["Resources"]) < 400


@pytest.mark.parametrize("stage", ["deployed", "local"])
def test_cfn_lint_finds_nothing(stage: str, request: pytest.FixtureRequest) -> None:
    synthesis: Synthesis = request.getfixturevalue(stage)
    (template,) = synthesis.folder.glob("*.template.json")
    # W3005: CDK names dependencies that CloudFormation would have seen by itself.
    linter = Path(sys.executable).parent / "cfn-lint"
    command = [str(linter), "--regions", "us-east-1", "--ignore-checks", "W3005", "--", str(template)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
