"""The template is held to helpdesk/contracts/topology.py: all of it is there, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.contracts import environment, events, table, topology
from infra import outputs
from tests.infra.conftest import ROOT, Resource, Synthesis, target

pytestmark = pytest.mark.xdist_group("infra")


def entries_of_queues(synthesis: Synthesis) -> dict[str, str]:
    """Which function reads which queue."""
    return {
        target(mapping["EventSourceArn"]): synthesis.entry(mapping["FunctionName"])
        for mapping in synthesis.of_type("AWS::Lambda::EventSourceMapping").values()
        if "StartingPosition" not in mapping
    }


def test_the_functions_are_those_of_the_topology(deployed: Synthesis) -> None:
    found = {function["Handler"]: function for function in deployed.functions.values()}
    assert set(found) == {function.entry for function in topology.FUNCTIONS}
    for function in topology.FUNCTIONS:
        made = found[function.entry]
        assert (made["MemorySize"], made["Timeout"]) == (function.memory_mb, function.timeout_seconds), function.name
        assert made["FunctionName"] == f"helpdesk-prod-{function.name}"


def test_the_routes_are_those_of_the_topology_and_lead_to_their_functions(deployed: Synthesis) -> None:
    integrations = deployed.of_type("AWS::ApiGatewayV2::Integration")
    found = set()
    for route in deployed.of_type("AWS::ApiGatewayV2::Route").values():
        integration = integrations[target(route["Target"]) if isinstance(route["Target"], str) else _joined(route)]
        found.add((route["RouteKey"], deployed.entry(integration["IntegrationUri"]), route["AuthorizationType"]))
    wanted = {
        (
            topology_key(route),
            function.entry,
            "JWT" if route.auth is topology.Auth.AGENT else "NONE",
        )
        for function in topology.FUNCTIONS
        for route in topology.gateway_routes(function)
    }
    assert found == wanted


def topology_key(route: topology.Route) -> str:
    return route.path if route.path == "$default" else f"{route.method} {route.path}"


def _joined(route: Resource) -> str:
    """`integrations/` and a reference."""
    (reference,) = [part for part in route["Target"]["Fn::Join"][1] if isinstance(part, dict)]
    return target(reference)


def test_only_the_api_may_call_the_functions_behind_it(deployed: Synthesis) -> None:
    (api,) = deployed.of_type("AWS::ApiGatewayV2::Api")
    allowed = {
        deployed.entry(permission["FunctionName"]): json.dumps(permission["SourceArn"])
        for permission in deployed.of_type("AWS::Lambda::Permission").values()
        if permission["Principal"] == "apigateway.amazonaws.com"
    }
    assert set(allowed) == {function.entry for function in topology.FUNCTIONS if function.routes}
    assert all(api in arn for arn in allowed.values())


def test_agents_routes_ask_for_a_token_of_this_desks_own_users_and_client(deployed: Synthesis) -> None:
    (authorizer,) = deployed.of_type("AWS::ApiGatewayV2::Authorizer").values()
    (pool,) = deployed.of_type("AWS::Cognito::UserPool")
    (client,) = deployed.of_type("AWS::Cognito::UserPoolClient")
    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert authorizer["JwtConfiguration"]["Audience"] == [{"Ref": client}]
    assert {"Ref": pool} in authorizer["JwtConfiguration"]["Issuer"]["Fn::Join"][1]


def test_the_bus_rules_are_those_of_the_topology_and_end_in_their_functions(deployed: Synthesis) -> None:
    (bus,) = deployed.of_type("AWS::Events::EventBus")
    readers = entries_of_queues(deployed)
    found = {}
    for rule in deployed.of_type("AWS::Events::Rule").values():
        if "EventPattern" not in rule or rule["EventPattern"]["source"] == ["aws.ses"]:
            continue
        assert rule["EventBusName"] == {"Ref": bus}
        assert rule["EventPattern"]["source"] == sorted(
            {events.source_of(k) for k in rule["EventPattern"]["detail-type"]}
        )
        (destination,) = rule["Targets"]
        assert "DeadLetterConfig" in destination
        found[readers.pop(target(destination["Arn"]))] = set(rule["EventPattern"]["detail-type"])
    others = [function.entry for function in topology.FUNCTIONS if function.mail_events or function.ticks]
    assert sorted(readers.values()) == sorted(others)
    assert found == {
        function.entry: {str(kind) for kind in function.events} for function in topology.FUNCTIONS if function.events
    }


def test_what_ses_says_of_this_desks_mails_and_no_others_starts_its_function(deployed: Synthesis) -> None:
    (rule,) = [
        rule
        for rule in deployed.of_type("AWS::Events::Rule").values()
        if rule.get("EventPattern", {}).get("source") == ["aws.ses"]
    ]
    (sending,) = deployed.of_type("AWS::SES::ConfigurationSet").values()
    assert rule["EventPattern"]["detail"] == {"mail": {"tags": {"ses:configuration-set": [sending["Name"]]}}}
    assert rule["EventBusName"] == "default"
    (destination,) = rule["Targets"]
    assert "DeadLetterConfig" in destination
    (taker,) = [function for function in topology.FUNCTIONS if function.mail_events]
    assert entries_of_queues(deployed)[target(destination["Arn"])] == taker.entry
    (published,) = deployed.of_type("AWS::SES::ConfigurationSetEventDestination").values()
    assert {"delivery", "deliveryDelay", "bounce", "complaint", "reject"} == set(
        published["EventDestination"]["MatchingEventTypes"]
    )
    assert ":event-bus/default" in json.dumps(published["EventDestination"]["EventBridgeDestination"])


def test_those_who_send_ticks_are_told_the_name_of_the_very_queue_that_the_ticker_reads(deployed: Synthesis) -> None:
    (ticker,) = [function for function in topology.FUNCTIONS if function.ticks]
    queues = {queue: reader for queue, reader in entries_of_queues(deployed).items() if reader == ticker.entry}
    told = {json.dumps(f["Environment"]["Variables"][environment.TICK_QUEUE]) for f in deployed.functions.values()}
    assert told == {json.dumps({"Fn::GetAtt": [name, "QueueName"]}) for name in queues}


def _rate(minutes: int) -> str:
    """As EventBridge writes it."""
    if minutes % 1440 == 0:
        days = minutes // 1440
        return f"rate({days} day{'s'[: days > 1]})"
    if minutes % 60 == 0:
        hours = minutes // 60
        return f"rate({hours} hour{'s'[: hours > 1]})"
    return f"rate({minutes} minute{'s'[: minutes > 1]})"


def test_the_schedules_are_those_of_the_topology(deployed: Synthesis) -> None:
    found = {
        deployed.entry(rule["Targets"][0]["Arn"]): rule["ScheduleExpression"]
        for rule in deployed.of_type("AWS::Events::Rule").values()
        if "ScheduleExpression" in rule
    }
    assert found == {
        function.entry: _rate(function.schedule_minutes)
        for function in topology.FUNCTIONS
        if function.schedule_minutes is not None
    }
    assert not deployed.of_type("AWS::Scheduler::Schedule")


def test_new_event_items_and_nothing_else_of_the_stream_start_the_outbox(deployed: Synthesis) -> None:
    (desk_table,) = deployed.of_type("AWS::DynamoDB::Table")
    mappings = [
        mapping
        for mapping in deployed.of_type("AWS::Lambda::EventSourceMapping").values()
        if "StartingPosition" in mapping
    ]
    assert [deployed.entry(mapping["FunctionName"]) for mapping in mappings] == [
        function.entry for function in topology.FUNCTIONS if function.table_stream
    ]
    (mapping,) = mappings
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": [desk_table, "StreamArn"]}
    (pattern,) = [json.loads(one["Pattern"]) for one in mapping["FilterCriteria"]["Filters"]]
    assert pattern == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {table.SORT_KEY: {"S": [{"prefix": table.EVENT_PREFIX}]}}},
    }
    assert table.event_key("01", 1).sk.startswith(table.EVENT_PREFIX)
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] > 0
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_inbound_mail_is_stored_before_its_function_is_told_and_nobody_waits_for_it(deployed: Synthesis) -> None:
    (rule,) = deployed.of_type("AWS::SES::ReceiptRule").values()
    store, tell = rule["Rule"]["Actions"]
    (receiver,) = [function for function in topology.FUNCTIONS if function.inbound_mail]
    assert store["S3Action"]["ObjectKeyPrefix"] == topology.INBOUND_PREFIX
    assert target(store["S3Action"]["BucketName"]).startswith("BucketsMail")
    assert deployed.entry(tell["LambdaAction"]["FunctionArn"]) == receiver.entry
    assert tell["LambdaAction"]["InvocationType"] == "Event"
    assert rule["Rule"]["Recipients"] == ["support.example.com"]
    assert rule["Rule"]["ScanEnabled"] is True


def test_ses_may_write_raw_mail_and_nothing_else_and_only_for_this_rule(deployed: Synthesis) -> None:
    grants = [
        statement
        for policy in deployed.of_type("AWS::S3::BucketPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "ses.amazonaws.com"}
    ]
    (grant,) = grants
    assert grant["Action"] == "s3:PutObject"
    assert json.dumps(grant["Resource"]).count(f"/{topology.INBOUND_PREFIX}*") == 1
    assert set(grant["Condition"]["StringEquals"]) == {"aws:SourceAccount", "aws:SourceArn"}


def test_the_table_has_the_keys_and_indexes_of_the_contract_and_no_other(deployed: Synthesis) -> None:
    (made,) = deployed.of_type("AWS::DynamoDB::Table").values()
    assert _keys(made) == (table.PARTITION_KEY, table.SORT_KEY)
    assert made["TimeToLiveSpecification"] == {"AttributeName": table.TTL_ATTRIBUTE, "Enabled": True}
    assert made["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    found = {
        (
            index["IndexName"],
            *_keys(index),
            index["Projection"]["ProjectionType"],
            tuple(index["Projection"].get("NonKeyAttributes", ())),
        )
        for index in made["GlobalSecondaryIndexes"]
    }
    assert found == {
        (index.name, index.partition_key, index.sort_key, str(index.projection), index.include)
        for index in table.INDEXES
    }


def _keys(made: Resource) -> tuple[str, str]:
    by_kind = {key["KeyType"]: key["AttributeName"] for key in made["KeySchema"]}
    return by_kind["HASH"], by_kind["RANGE"]


def test_every_function_is_told_every_variable_there_is_and_no_other(deployed: Synthesis) -> None:
    names = {value for name, value in vars(environment).items() if name.isupper()}
    for function in deployed.functions.values():
        assert set(function["Environment"]["Variables"]) == names, function["Handler"]


def test_a_deployed_desk_lives_by_the_real_clock(deployed: Synthesis, local: Synthesis) -> None:
    def clocks(synthesis: Synthesis) -> set[str]:
        return {f["Environment"]["Variables"][environment.CLOCK] for f in synthesis.functions.values()}

    assert clocks(deployed) == {"system"}
    assert clocks(local) == {"table"}


def test_nothing_of_the_local_desk_is_deployed(deployed: Synthesis) -> None:
    assert "_local" not in json.dumps(deployed.template)


def test_the_desk_on_one_machine_is_the_deployed_one_but_for_pages_and_archive(
    deployed: Synthesis, local: Synthesis
) -> None:
    def parts(synthesis: Synthesis) -> set[tuple[str, str]]:
        return {
            (name, resource["Type"])
            for name, resource in synthesis.template["Resources"].items()
            if not name.startswith(("Pages", "CustomCDKBucketDeployment", "BusArchive"))
            # Two kinds of names hold the stack's own name or a hash of their content.
            and resource["Type"] not in {"AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission"}
        }

    assert parts(deployed) == parts(local)
    for kind in ("AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission", "AWS::ApiGatewayV2::Route"):
        assert len(deployed.of_type(kind)) == len(local.of_type(kind)), kind
    statements = [
        {name: policy["PolicyDocument"] for name, policy in synthesis.of_type("AWS::IAM::Policy").items()}
        for synthesis in (deployed, local)
    ]
    assert statements[1].items() <= statements[0].items()


def test_each_functions_code_is_the_core_and_its_own_folder(deployed: Synthesis) -> None:
    for function in deployed.functions.values():
        folder, module = str(function["Handler"]).split(".")[1:3]
        code = deployed.folder / f"asset.{function['Code']['S3Key'].removesuffix('.zip')}"
        assert {path.name for path in code.iterdir()} == {"functions", "helpdesk"}
        assert {path.name for path in (code / "functions").iterdir()} == {"__init__.py", folder}
        assert (code / "functions" / folder / f"{module}.py").is_file()
        assert (code / "helpdesk" / "contracts" / "topology.py").is_file()
        assert not (code / "helpdesk" / "cli.py").exists()
        assert not (code / "helpdesk" / "operations.py").exists()
        assert not [path for path in code.rglob("*") if path.suffix == ".pyc" or path.name == "tests"]


def test_what_tools_read_of_a_deployment_has_the_names_they_know(deployed: Synthesis, local: Synthesis) -> None:
    asynchronous = {
        function.name
        for function in topology.FUNCTIONS
        if function.events
        or function.mail_events
        or function.ticks
        or function.schedule_minutes
        or function.table_stream
        or function.inbound_mail
    }
    everywhere = {
        *(outputs.API_URL, outputs.API_ID, outputs.BASE_URL, outputs.TABLE_NAME, outputs.MAIL_BUCKET),
        *(outputs.FILES_BUCKET, outputs.BUS_NAME, outputs.SECRET_ARN, outputs.USER_POOL_ID),
        *(outputs.USER_POOL_CLIENT_ID, outputs.SIGN_IN_URL, outputs.ALARM_TOPIC_ARN, outputs.CONFIGURATION_SET),
        outputs.RECEIPT_RULE_SET,
        *(outputs.function_output(function.name) for function in topology.FUNCTIONS),
        *(
            outputs.queue_output(function.name)
            for function in topology.FUNCTIONS
            if function.events or function.mail_events or function.ticks
        ),
        *(outputs.dead_letters_output(name) for name in asynchronous),
    }
    assert set(deployed.template["Outputs"]) == everywhere | {outputs.DISTRIBUTION_ID}
    assert set(local.template["Outputs"]) == everywhere
    assert outputs.dead_letters_output("sla-sweeper") == "DeadLettersSlaSweeper"


def test_a_desk_may_do_without_receiving_mail(synthesize: Callable[..., Synthesis]) -> None:
    deaf = synthesize(stage="local", base_url="http://127.0.0.1:8080", receive_mail="false")
    assert not deaf.of_type("AWS::SES::ReceiptRule")
    assert outputs.RECEIPT_RULE_SET not in deaf.template["Outputs"]


def test_the_handlers_of_the_topology_exist() -> None:
    for function in topology.FUNCTIONS:
        module = Path(*function.entry.split(".")[:-1]).with_suffix(".py")
        assert (ROOT / module).is_file(), function.name
        assert module.parts[1] == function.folder
