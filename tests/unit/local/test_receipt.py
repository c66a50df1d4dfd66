"""What the local desk does with a mail is what SES does by the deployed receipt rule."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.receipt import ReceiptRule, read_rule, read_rules, ses_event, stored_form

AT = datetime(2026, 11, 23, 1, 2, 3, 456000, tzinfo=UTC)
RULE = ReceiptRule(
    "inbound", ("desk.test",), "mails", "inbound/", "arn:aws:lambda:us-east-1:000000000000:function:mail"
)
PROPERTIES = {
    "RuleSetName": "desk",
    "Rule": {
        "Enabled": True,
        "Recipients": ["Desk.test"],
        "Actions": [
            {"S3Action": {"BucketName": "mails", "ObjectKeyPrefix": "inbound/"}},
            {"LambdaAction": {"FunctionArn": RULE.function, "InvocationType": "Event"}},
        ],
    },
}


def event_of(raw: bytes) -> dict[str, object]:
    event = ses_event(raw, message_id="m1", sender="kim@example.test", recipients=["a@desk.test"], rule=RULE, at=AT)
    return json.loads(json.dumps(event))["Records"][0]["ses"]


def test_a_deployed_rule_is_read_as_it_was_written() -> None:
    assert read_rule("inbound", PROPERTIES) == RULE


def test_a_rule_that_is_off_takes_nothing() -> None:
    assert read_rule("inbound", {"Rule": {**PROPERTIES["Rule"], "Enabled": False}}) is None


def test_a_rule_that_only_stores_is_not_one_that_starts_a_function() -> None:
    assert read_rule("inbound", {"Rule": {**PROPERTIES["Rule"], "Actions": PROPERTIES["Rule"]["Actions"][:1]}}) is None


def test_rules_are_read_from_the_files_that_the_deployment_wrote(tmp_path: Path) -> None:
    (tmp_path / "inbound.json").write_text(json.dumps(PROPERTIES))
    assert read_rules(tmp_path) == (RULE,)


@pytest.mark.parametrize(
    ("recipient", "address", "taken"),
    [
        ("desk.test", "anything@desk.test", True),
        ("desk.test", "Support+abc@DESK.test", True),
        ("desk.test", "support@sub.desk.test", False),
        ("desk.test", "support@otherdesk.test", False),
        (".desk.test", "support@sub.desk.test", True),
        ("support@desk.test", "support+ticket-1@desk.test", True),
        ("support@desk.test", "sales@desk.test", False),
    ],
)
def test_a_rule_takes_mail_as_ses_matches_recipients(recipient: str, address: str, *, taken: bool) -> None:
    assert ReceiptRule("r", (recipient,), "b", "", "f").takes(address) is taken


def test_the_stored_mail_ends_with_the_very_bytes_that_came() -> None:
    raw = b"Subject: \xff\xfe\r\n\r\nb\x00dy"
    stored = stored_form(raw, message_id="m1", sender="a@b.test", recipient="s@desk.test", peer="client", at=AT)
    assert stored.endswith(raw)
    assert stored.startswith(b"Return-Path: <a@b.test>\r\nReceived: from client by ")


def test_the_event_names_the_envelope_the_object_and_all_verdicts() -> None:
    ses = event_of(b"Subject: Hello\r\nMessage-ID: <1@example.test>\r\n\r\nbody")
    assert ses["mail"]["messageId"] == "m1"
    assert ses["mail"]["timestamp"] == "2026-11-23T01:02:03.456Z"
    assert ses["mail"]["commonHeaders"]["subject"] == "Hello"
    assert ses["receipt"]["recipients"] == ["a@desk.test"]
    assert {ses["receipt"][name]["status"] for name in ses["receipt"] if name.endswith("Verdict")} == {"PASS"}


def test_headers_beyond_ten_kilobytes_are_cut_and_said_to_be() -> None:
    ses = event_of(b"".join(b"X-%d: %s\r\n" % (n, b"y" * 500) for n in range(60)) + b"\r\n")
    assert ses["mail"]["headersTruncated"] is True
    assert 0 < len(ses["mail"]["headers"]) < 60


@given(st.binary(max_size=400))
def test_any_bytes_make_an_event_that_can_be_sent(raw: bytes) -> None:
    assert event_of(raw)["mail"]["source"] == "kim@example.test"
