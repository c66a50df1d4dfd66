"""What an operator does to a deployed desk from a shell: admit people, look at dead letters and send them again, write the search anew."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from helpdesk.contracts.table import EVENT_PREFIX, SORT_KEY
from helpdesk.contracts.topology import FUNCTIONS, Function
from infra.outputs import FILES_BUCKET, TABLE_NAME, USER_POOL_ID, dead_letters_output, function_output, queue_output

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient

    from helpdesk.desk.model import Desk
    from helpdesk.people.model import Agent

COMMANDS: Final = ("admit", "dead-letters", "search")
TOO_OLD: Final = "the stream no longer holds these events; they are in the tickets' history"

type Outputs = Mapping[str, str]
type ReadStream = Callable[[Mapping[str, Any]], list[dict[str, Any]]]


class OperationFailed(Exception):
    """It did not work; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """What one function could not handle.

    Attributes:
        function: its name in the topology.
        waiting: about how many messages wait.
    """

    function: str
    waiting: int


def main(arguments: Sequence[str]) -> int:
    """Runs a command against the stack that `--stack` names, with the shell's AWS credentials.

    Returns:
        The exit status: 0 done, 1 it did not work.
    """
    options = _parser().parse_args(arguments)
    try:
        for line in _run(options):
            sys.stdout.write(line + "\n")
    except OperationFailed as error:
        sys.stderr.write(f"helpdesk: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpdesk")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    admit = commands.add_parser("admit", help="let a colleague sign in; Cognito mails them a first password")
    admit.add_argument("email")
    admit.add_argument("--name", required=True)
    admit.add_argument("--role", choices=["agent", "supervisor", "admin"], default="agent")
    admit.add_argument("--group", action="append", default=[], help="id of a group they are in; may be repeated")
    admit.add_argument("--mailbox", help="on a desk without settings: the address customers write to")
    letters = commands.add_parser("dead-letters", help="how many wait; with --again: try them once more")
    letters.add_argument("--again", metavar="FUNCTION", choices=[one.name for one in FUNCTIONS if _keeps_failures(one)])
    search = commands.add_parser("search", help="the index that agents search in")
    search.add_argument("action", choices=["rebuild"], help="rebuild: write it anew from the table, while it is in use")
    for command in (admit, letters, search):
        command.add_argument("--stack", default="helpdesk-prod", help="the stack's name (helpdesk-prod)")
    return parser


def _run(options: argparse.Namespace) -> Iterator[str]:
    import boto3  # noqa: PLC0415 - slow to load, and no use for a wrong command line
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        outputs = _outputs(options.stack)
        if options.command == "admit":
            identity = boto3.client("cognito-idp")
            yield admit(
                identity, outputs, options.email, options.name, options.role, tuple(options.group), options.mailbox
            )
        elif options.command == "search":
            yield json.dumps({"texts": rebuild_search(outputs)})
        elif options.again:
            done = redrive(options.again, outputs, boto3.client("sqs"), boto3.client("lambda"), _read_stream)
            yield json.dumps({"function": options.again, "sent_again": done})
        else:
            for letters in dead_letters(outputs, boto3.client("sqs")):
                yield json.dumps({"function": letters.function, "waiting": letters.waiting})
    except (BotoCoreError, ClientError) as error:
        raise OperationFailed(str(error)) from error


def _outputs(stack: str) -> dict[str, str]:
    import boto3  # noqa: PLC0415 - as above

    (found,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


# --- people ----------------------------------------------------------------------------------------------------------


def admit(
    identity: "CognitoIdentityProviderClient",
    outputs: Outputs,
    email: str,
    name: str,
    role: str,
    groups: tuple[str, ...],
    mailbox: str | None,
) -> str:
    """Makes an agent and their sign-in, or gives one who is there another name, role and groups.

    On a desk without any settings it also makes a group, a category and the mailbox, so that the first mail is somebody's.

    Args:
        identity: where sign-ins are.
        outputs: the stack's outputs.
        email: the agent's address.
        name: how customers see them.
        role: agent, supervisor or admin.
        groups: ids of groups; `support` on a desk without settings.
        mailbox: the address customers write to; required on a desk without settings.

    Returns:
        The agent's id.

    Raises:
        OperationFailed: a group is unknown, or the mailbox is missing.
    """
    from helpdesk.desk.store import DynamoDeskStore  # noqa: PLC0415 - slow to load, and no use for dead letters
    from helpdesk.kernel.ids import new_id  # noqa: PLC0415
    from helpdesk.people.model import Agent, Role  # noqa: PLC0415
    from helpdesk.platform.table import bind_table  # noqa: PLC0415

    bind_table(outputs[TABLE_NAME])
    store = DynamoDeskStore()
    desk = store.load()
    if not desk.groups and not desk.mailboxes:
        if mailbox is None:
            raise OperationFailed("this desk has no settings yet: say --mailbox, the address customers write to")
        store.save(_first_settings(mailbox))
        desk = store.load()
        groups = groups or ("support",)
    unknown = sorted(set(groups) - set(desk.groups))
    if unknown:
        raise OperationFailed(f"no such group: {', '.join(unknown)} (there are: {', '.join(sorted(desk.groups))})")
    known = next((one for one in desk.agents.values() if one.address.lower() == email.lower()), None)
    agent = Agent(
        id=known.id if known else new_id(datetime.now(UTC)),
        name=name,
        address=email.lower(),
        role=Role(role),
        groups=groups,
        available=role != "admin",
    )
    # The sign-in comes first: an agent nobody can be is worse than a sign-in that leads to a desk without them.
    _give_sign_in(identity, outputs[USER_POOL_ID], agent)
    store.save_agent(agent)
    return agent.id


def _give_sign_in(identity: "CognitoIdentityProviderClient", pool: str, agent: "Agent") -> None:
    attributes = {"email": agent.address, "email_verified": "true"}
    try:
        identity.admin_create_user(
            UserPoolId=pool,
            Username=agent.id,
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
            DesiredDeliveryMediums=["EMAIL"],
        )
    except identity.exceptions.UsernameExistsException:
        return


def _first_settings(mailbox: str) -> "Desk":
    from helpdesk.desk.model import Category, Desk, General, Mailbox  # noqa: PLC0415
    from helpdesk.people.model import Group  # noqa: PLC0415

    names = {"en": "Something else", "ko": "기타", "ja": "その他"}
    return Desk(
        general=General(default_group="support"),
        groups={"support": Group("support", "Support")},
        categories={"other": Category("other", names, group="support")},
        mailboxes={"support": Mailbox("support", mailbox.lower(), "Support", group="support")},
    )


# --- search ----------------------------------------------------------------------------------------------------------


def rebuild_search(outputs: Outputs) -> int:
    """Writes the indexes of tickets, articles and the community's questions anew while they are in use.

    It costs a query a ticket and a question, a read for each article, and one object for each 5,000 texts.

    Args:
        outputs: the stack's outputs.

    Returns:
        How many texts they have.
    """
    import boto3  # noqa: PLC0415 - slow to load, and no use for a wrong command line

    from helpdesk.community import finding as questions  # noqa: PLC0415
    from helpdesk.community.rules import place_of  # noqa: PLC0415
    from helpdesk.community.store import DynamoCommunity  # noqa: PLC0415
    from helpdesk.desk.store import DynamoDeskStore  # noqa: PLC0415
    from helpdesk.kernel.clock import system_clock  # noqa: PLC0415
    from helpdesk.knowledge.finding import texts_to_find  # noqa: PLC0415
    from helpdesk.knowledge.store import DynamoArticles  # noqa: PLC0415
    from helpdesk.platform.table import bind_table  # noqa: PLC0415
    from helpdesk.search.model import ARTICLES, QUESTIONS, TICKETS  # noqa: PLC0415
    from helpdesk.search.store import DynamoSegments  # noqa: PLC0415
    from helpdesk.search.tickets import TicketIndexer  # noqa: PLC0415
    from helpdesk.search.upkeep import Upkeep  # noqa: PLC0415
    from helpdesk.tickets.store import DynamoTicketStore  # noqa: PLC0415

    bind_table(outputs[TABLE_NAME])
    s3 = boto3.client("s3")
    bucket = outputs[FILES_BUCKET]

    def upkeep(index: str) -> Upkeep:
        return Upkeep(DynamoSegments(index, lambda: s3, bucket, system_clock), system_clock)

    store = DynamoArticles(system_clock)
    articles = upkeep(ARTICLES).rebuild(texts_to_find(store.load().items.values(), store.texts))
    places = dict.fromkeys((place_of(None), *map(place_of, DynamoDeskStore().load().brands.values())))
    asked = upkeep(QUESTIONS).rebuild(questions.texts_to_find(places, DynamoCommunity(system_clock)))
    tickets = TicketIndexer(DynamoTicketStore(lambda: s3, bucket), upkeep(TICKETS)).rebuild()
    return tickets + articles + asked


# --- dead letters ----------------------------------------------------------------------------------------------------


def dead_letters(outputs: Outputs, queues: "SQSClient") -> list[DeadLetters]:
    """How much waits in each dead-letter queue."""
    found = []
    for function in FUNCTIONS:
        if not _keeps_failures(function):
            continue
        url = outputs[dead_letters_output(function.name)]
        counts = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        found.append(DeadLetters(function.name, int(counts["Attributes"]["ApproximateNumberOfMessages"])))
    return found


def redrive(
    name: str, outputs: Outputs, queues: "SQSClient", functions: "LambdaClient", read_stream: ReadStream
) -> int:
    """Hands a function's dead letters to it once more. Nothing is deleted before it was accepted.

    Args:
        name: the function's name in the topology.
        outputs: the stack's outputs.
        queues: SQS.
        functions: Lambda.
        read_stream: gives the records of the table's stream that a letter of the outbox is about.

    Returns:
        How many letters were handed over.

    Raises:
        OperationFailed: a letter could not be handed over; it is still there.
    """
    function = next(one for one in FUNCTIONS if one.name == name)
    letters = outputs[dead_letters_output(name)]
    target = outputs[function_output(name)]
    done = 0
    while received := queues.receive_message(QueueUrl=letters, MaxNumberOfMessages=10).get("Messages", []):
        for message in received:
            body = message["Body"]
            if function.events or function.ticks:
                queues.send_message(QueueUrl=outputs[queue_output(name)], MessageBody=body)
            elif function.table_stream:
                _publish_again(functions, target, read_stream(json.loads(body)["DDBStreamBatchInfo"]))
            else:
                payload = json.dumps(json.loads(body)["requestPayload"]).encode()
                functions.invoke(FunctionName=target, InvocationType="Event", Payload=payload)
            queues.delete_message(QueueUrl=letters, ReceiptHandle=message["ReceiptHandle"])
            done += 1
    return done


def _publish_again(functions: "LambdaClient", target: str, records: list[dict[str, Any]]) -> None:
    if not records:
        raise OperationFailed(TOO_OLD)
    payload = json.dumps({"Records": records}).encode()
    answer = functions.invoke(FunctionName=target, InvocationType="RequestResponse", Payload=payload)
    if "FunctionError" in answer:
        raise OperationFailed(f"{target} failed again: {answer['Payload'].read().decode()[:500]}")


def _read_stream(batch: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The new event items of a batch that Lambda gave up on, as Lambda would hand them over."""
    import boto3  # noqa: PLC0415 - as above

    stream = boto3.client("dynamodbstreams")
    try:
        iterator: str | None = stream.get_shard_iterator(
            StreamArn=batch["streamArn"],
            ShardId=batch["shardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=batch["startSequenceNumber"],
        )["ShardIterator"]
    except stream.exceptions.TrimmedDataAccessException as error:
        raise OperationFailed(TOO_OLD) from error
    last = int(batch["endSequenceNumber"])
    records: list[dict[str, Any]] = []
    while iterator is not None:
        page = stream.get_records(ShardIterator=iterator, Limit=1000)
        for record in page["Records"]:
            if int(record["dynamodb"]["SequenceNumber"]) > last:
                return records
            if is_new_event(cast("Mapping[str, Any]", record)):
                changed = record["dynamodb"]
                records.append(
                    {"eventName": "INSERT", "dynamodb": {"Keys": changed["Keys"], "NewImage": changed["NewImage"]}}
                )
            if int(record["dynamodb"]["SequenceNumber"]) == last:
                return records
        iterator = page.get("NextShardIterator")
    return records


def is_new_event(record: Mapping[str, Any]) -> bool:
    """What the filter of the outbox's event source mapping lets through."""
    key = str(record["dynamodb"]["Keys"][SORT_KEY].get("S", ""))
    return record["eventName"] == "INSERT" and key.startswith(EVENT_PREFIX)


def _keeps_failures(function: Function) -> bool:
    """Whether nobody waits for the function's answer, so that it has a dead-letter queue."""
    return bool(
        function.events
        or function.ticks
        or function.table_stream
        or function.inbound_mail
        or function.schedule_minutes is not None
    )
