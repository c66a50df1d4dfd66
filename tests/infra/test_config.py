"""What an owner may decide, and what is said of nonsense."""

import json
from pathlib import Path

import pytest

from infra.config import Config, ConfigError, read_config

ROOT = Path(__file__).resolve().parents[2]


def read(preset: dict[str, object] | None = None, **context: object) -> Config:
    values = {"stage": "prod", "stages": {"prod": {"mail_domain": "example.com"} | (preset or {})}} | context
    return read_config(values.get)


def written() -> dict[str, object]:
    return dict(json.loads((ROOT / "cdk.json").read_text())["context"])


def test_a_stage_needs_a_mail_domain_and_nothing_else() -> None:
    config = read()
    assert config == Config(stage="prod", mail_domain="example.com")
    assert (config.prefix, config.recipients) == ("helpdesk-prod", ("example.com",))


def test_the_clock_is_the_real_one_unless_said_otherwise() -> None:
    assert read().clock == "system"
    assert read_config(written().get).clock == "system"


def test_the_committed_settings_describe_a_deployment_and_a_desk_on_one_machine() -> None:
    prod = read_config(written().get)
    assert (prod.stage, prod.retain_data, prod.protect, prod.check, prod.architecture) == (
        *("prod", True, True, True, "arm64"),
    )
    local = read_config((written() | {"stage": "local", "base_url": "http://127.0.0.1:8080"}).get)
    assert (local.clock, local.architecture, local.pages, local.receive_mail) == ("table", "x86_64", False, True)


def test_the_command_line_wins_over_the_stage_and_the_stage_over_the_default() -> None:
    preset: dict[str, object] = {"log_retention_days": 14, "throttle_rate": 7}
    config = read(preset, log_retention_days="90")
    assert (config.log_retention_days, config.throttle_rate, config.throttle_burst) == (90, 7, 200)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), (True, True), (False, False)])
def test_switches_are_read_from_text_and_from_json_alike(text: object, value: bool) -> None:  # noqa: FBT001 - a parameter
    assert read(receive_mail=text).receive_mail is value


def test_every_bad_value_is_named_in_one_error() -> None:
    bad: dict[str, object] = {
        "mail_domain": "no domain",
        "architecture": "vax",
        "clock": "sundial",
        "alarm_email": "nobody",
        "base_url": "http://desk.example.com/path",
        "certificate_arn": "arn:aws:acm:eu-west-1:123456789012:certificate/1a",
        "sign_in_prefix": "Not a label",
        "log_retention_days": "8",
        "archive_days": "-1",
        "throttle_rate": "fast",
        "throttle_burst": True,
        "pages": "maybe",
        "brand": "",
        "name": "9",
        "mail_recipients": [7],
    }
    with pytest.raises(ConfigError) as caught:
        read_config(({"stage": "prod", "stages": {"prod": {}}} | bad).get)
    lines = str(caught.value).splitlines()[1:]
    assert {line.strip().partition(":")[0] for line in lines} == set(bad)


def test_a_stage_nobody_described_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="stage: 'nowhere' has no entry"):
        read(stages={}, stage="nowhere")


def test_a_misspelt_setting_of_a_stage_is_refused_rather_than_ignored() -> None:
    with pytest.raises(ConfigError, match=r"stages\.prod\.alarm_mail: no such setting"):
        read({"alarm_mail": "ops@example.com"})


def test_a_missing_mail_domain_is_named() -> None:
    with pytest.raises(ConfigError, match="mail_domain: is required"):
        read_config({"stage": "prod", "stages": {"prod": {}}}.get)


def test_a_name_of_ones_own_needs_a_certificate_and_the_other_way_round() -> None:
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555"
    with pytest.raises(ConfigError, match="needs both or neither"):
        read(base_url="https://desk.example.com")
    with pytest.raises(ConfigError, match="needs both or neither"):
        read(certificate_arn=arn)
    assert read(base_url="https://desk.example.com", certificate_arn=arn).host == "desk.example.com"


def test_pages_served_by_somebody_else_need_an_address() -> None:
    with pytest.raises(ConfigError, match="base_url: is required when `pages` is false"):
        read(pages="false")
    assert read(pages="false", base_url="http://127.0.0.1:8080").base_url == "http://127.0.0.1:8080"


def test_plain_http_is_for_this_machine_alone() -> None:
    with pytest.raises(ConfigError, match="is not an https address"):
        read(pages="false", base_url="http://desk.example.com")


def test_mail_is_taken_for_addresses_of_the_mail_domain_and_below_only() -> None:
    assert read(mail_recipients="help@example.com,eu.example.com").recipients == ("help@example.com", "eu.example.com")
    with pytest.raises(ConfigError, match=r"'help@example\.org' is not in the mail domain"):
        read(mail_recipients=["help@example.org"])
    with pytest.raises(ConfigError, match=r"'notexample\.com' is not in the mail domain"):
        read(mail_recipients=["notexample.com"])


@pytest.mark.parametrize("stage", ["Prod", "p", "-prod", "prod-", "a" * 21, "prod_1"])
def test_a_stage_is_named_so_that_every_service_takes_it(stage: str) -> None:
    with pytest.raises(ConfigError, match="stage: "):
        read(stage=stage, stages={stage: {"mail_domain": "example.com"}})


def test_name_and_stage_leave_room_for_what_a_buckets_name_needs_beside_them() -> None:
    assert read(name="a" * 20, stage="prod-eu", stages={"prod-eu": {"mail_domain": "example.com"}}).prefix
    with pytest.raises(ConfigError, match="name, stage: are longer than 28 characters together"):
        read(name="a" * 20, stage="prod-east", stages={"prod-east": {"mail_domain": "example.com"}})


def test_a_language_model_is_named_with_its_budget_and_prices_or_not_at_all() -> None:
    assert read().triage_service == ""
    assert read(triage_service="amazon.nova-micro-v1:0 5 0.035 0.14").triage_service.startswith("amazon.")
    with pytest.raises(ConfigError, match="triage_service"):
        read(triage_service="amazon.nova-micro-v1:0")
