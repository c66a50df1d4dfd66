"""What an operator does from a shell: people are admitted, and nothing in the dead letters is lost on the way back."""

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from helpdesk import bootstrap, cli, operations
from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import FUNCTIONS
from helpdesk.desk.model import Desk
from helpdesk.desk.store import DynamoDeskStore
from helpdesk.operations import OperationFailed, admit, dead_letters, is_new_event, rebuild_search, redrive
from helpdesk.platform.table import bind_table
from helpdesk.wiring import community, knowledge
from infra import outputs as names
from tests.support.community import Customer, open_community, titles
from tests.support.desk import ADMIN, AGENT
from tests.support.world import FILES_BUCKET, TABLE, a_world


@pytest.fixture
def outputs() -> Iterator[dict[str, str]]:
    """A desk without settings, its user pool and the queues of two consumers."""
    with a_world(Desk()):
        pool = boto3.client("cognito-idp").create_user_pool(
            PoolName="desk", AliasAttributes=["email"], AutoVerifiedAttributes=["email"]
        )
        made = {names.USER_POOL_ID: pool["UserPool"]["Id"], names.TABLE_NAME: TABLE}
        bind_table("another-desk")
        for function in FUNCTIONS:
            made[names.function_output(function.name)] = f"desk-{function.name}"
            for output in (names.queue_output, names.dead_letters_output):
                url = boto3.client("sqs").create_queue(QueueName=output(function.name))["QueueUrl"]
                made[output(function.name)] = url
        yield made


class Functions:
    """Stands in for Lambda: remembers what it was asked to run."""

    def __init__(self, error: str = "") -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self.error = error

    def invoke(self, FunctionName: str, InvocationType: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - AWS's names
        self.calls.append((FunctionName, InvocationType, json.loads(Payload)))
        failed = {"FunctionError": "Unhandled"} if self.error else {}
        return {"Payload": io.BytesIO(self.error.encode()), **failed}


def put(outputs: dict[str, str], function: str, body: object) -> None:
    queue = outputs[names.dead_letters_output(function)]
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(body))


def waiting(outputs: dict[str, str]) -> dict[str, int]:
    return {found.function: found.waiting for found in dead_letters(outputs, boto3.client("sqs")) if found.waiting}


def run(
    outputs: dict[str, str], function: str, functions: Functions, stream: list[dict[str, Any]] | None = None
) -> int:
    lambda_client: Any = functions
    return redrive(function, outputs, boto3.client("sqs"), lambda_client, lambda _: stream or [])


def let_in(outputs: dict[str, str], email: str = "Ada@Example.com", **given: Any) -> str:
    said = {"name": "Ada", "role": "admin", "groups": (), "mailbox": "help@example.com"} | given
    return admit(
        boto3.client("cognito-idp"), outputs, email, said["name"], said["role"], said["groups"], said["mailbox"]
    )


def test_the_first_admin_of_a_new_desk_can_sign_in_and_mail_has_somewhere_to_go(outputs: dict[str, str]) -> None:
    agent_id = let_in(outputs)
    desk = DynamoDeskStore().load()
    assert (desk.agents[agent_id].address, desk.agents[agent_id].role) == ("ada@example.com", "admin")
    assert [mailbox.address for mailbox in desk.mailboxes.values()] == ["help@example.com"]
    assert desk.general.default_group in desk.groups
    user = boto3.client("cognito-idp").admin_get_user(UserPoolId=outputs[names.USER_POOL_ID], Username=agent_id)
    attributes = {one["Name"]: one["Value"] for one in user["UserAttributes"]}
    assert (attributes["email"], attributes["email_verified"]) == ("ada@example.com", "true")


def test_admitting_somebody_again_changes_them_and_keeps_who_they_are(outputs: dict[str, str]) -> None:
    first = let_in(outputs)
    again = let_in(outputs, email="ada@example.com", name="Ada L.", role="supervisor", mailbox=None)
    assert again == first
    desk = DynamoDeskStore().load()
    assert [(agent.name, agent.role) for agent in desk.agents.values()] == [("Ada L.", "supervisor")]


def test_a_desk_without_settings_needs_to_know_its_mailbox(outputs: dict[str, str]) -> None:
    with pytest.raises(OperationFailed, match="say --mailbox"):
        let_in(outputs, mailbox=None)
    assert not DynamoDeskStore().load().agents


def test_a_group_that_is_not_there_is_named_and_nobody_is_admitted(outputs: dict[str, str]) -> None:
    with pytest.raises(OperationFailed, match=r"no such group: sales \(there are: support\)"):
        let_in(outputs, groups=("sales", "support"))
    assert not DynamoDeskStore().load().agents


def test_a_consumers_dead_letters_go_back_to_its_queue_unchanged(outputs: dict[str, str]) -> None:
    put(outputs, "router", {"detail-type": "TicketOpened", "detail": {"id": "1"}})
    put(outputs, "router", {"detail-type": "TicketOpened", "detail": {"id": "2"}})
    put(outputs, "survey", {"detail-type": "SurveyDue"})
    assert waiting(outputs) == {"router": 2, "survey": 1}
    assert run(outputs, "router", Functions()) == 2
    assert waiting(outputs) == {"survey": 1}
    queue = outputs[names.queue_output("router")]
    bodies = boto3.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    assert sorted(json.loads(message["Body"])["detail"]["id"] for message in bodies) == ["1", "2"]


def test_a_mail_that_failed_is_handed_over_as_ses_did(outputs: dict[str, str]) -> None:
    event = {"Records": [{"ses": {"mail": {"messageId": "m1"}}}]}
    put(outputs, "intake-mail", {"requestContext": {"condition": "RetriesExhausted"}, "requestPayload": event})
    functions = Functions()
    assert run(outputs, "intake-mail", functions) == 1
    assert functions.calls == [("desk-intake-mail", "Event", event)]
    assert waiting(outputs) == {}


def test_events_the_outbox_gave_up_on_are_published_from_the_stream(outputs: dict[str, str]) -> None:
    records = [{"eventName": "INSERT", "dynamodb": {"Keys": {}, "NewImage": {"event": {"S": "{}"}}}}]
    put(outputs, "outbox", {"DDBStreamBatchInfo": {"shardId": "s", "startSequenceNumber": "1"}})
    functions = Functions()
    assert run(outputs, "outbox", functions, records) == 1
    assert functions.calls == [("desk-outbox", "RequestResponse", {"Records": records})]
    assert waiting(outputs) == {}


@pytest.mark.parametrize(
    ("error", "stream", "said"), [("", [], "no longer holds these events"), ('{"errorType":"X"}', [{}], "failed again")]
)
def test_a_letter_that_cannot_be_handed_over_stays(
    outputs: dict[str, str], error: str, stream: list[dict[str, Any]], said: str
) -> None:
    put(outputs, "outbox", {"DDBStreamBatchInfo": {"shardId": "s"}})
    with pytest.raises(OperationFailed, match=said):
        run(outputs, "outbox", Functions(error), stream)
    queue = outputs[names.dead_letters_output("outbox")]
    hidden = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert hidden["ApproximateNumberOfMessagesNotVisible"] == "1", "it comes back when its time is up"


def test_only_new_events_are_published_again() -> None:
    def record(name: str, sort: str) -> dict[str, Any]:
        return {"eventName": name, "dynamodb": {"Keys": {"pk": {"S": "x"}, "sk": {"S": sort}}}}

    event = keys.event_key("01", 1).sk
    assert is_new_event(record("INSERT", event))
    assert not is_new_event(record("MODIFY", event))
    assert not is_new_event(record("INSERT", keys.ticket_key("01").sk))


def test_a_stack_that_is_not_there_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(stack: str) -> dict[str, str]:
        sentence = f"Stack with id {stack} does not exist"
        raise ClientError({"Error": {"Code": "ValidationError", "Message": sentence}}, "DescribeStacks")

    monkeypatch.setattr(operations, "_outputs", nothing)
    assert cli.main(["dead-letters", "--stack", "helpdesk-nowhere"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("helpdesk: ")
    assert "Stack with id helpdesk-nowhere does not exist" in shown.err
    assert shown.err.count("\n") == 1


def test_the_search_is_written_anew_from_the_table() -> None:
    with a_world() as world:
        open_community(world)
        world.api("PUT", "/v1/brands/acme", {"names": {"en": "Acme"}}, agent=ADMIN.id).ok()
        for brand in ("", "acme"):
            Customer(world, f"ann@{brand}example.com", f"Ann {brand}", brand=brand).ask(f"How is {brand}ink changed?")
        world.settle()
        fresh = community._question_segments().state().fresh
        community._question_segments().drop(tuple(one.name for one in fresh))
        world.open(subject="VPN", body="It drops")
        wish = {"language": "en", "title": "Tunnels", "body": "They close at night."}
        world.api("POST", "/v1/articles", wish, agent=AGENT.id).ok()
        (index,) = knowledge._article_segments().state().fresh
        knowledge._article_segments().drop((index.name,))
        assert bootstrap.search().search("drops", AGENT, limit=5, position=None).items == (), "nothing was indexed yet"
        assert rebuild_search({names.TABLE_NAME: TABLE, names.FILES_BUCKET: FILES_BUCKET}) == 5
        questions = "/v1/community/questions"
        assert titles(world.api("GET", f"{questions}?q=ink")) == ["How is ink changed?"]
        assert titles(world.api("GET", f"{questions}?q=changed&brand=acme")) == ["How is acmeink changed?"]
        assert [one["title"] for one in world.api("GET", "/v1/articles?q=tunnels", agent=AGENT.id).ok()["items"]] == [
            "Tunnels"
        ]
        assert len(bootstrap.search().search("drops", AGENT, limit=5, position=None).items) == 1
        world.settle()
        assert len(bootstrap.search().search("drops", AGENT, limit=5, position=None).items) == 1
