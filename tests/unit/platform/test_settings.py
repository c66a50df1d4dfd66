"""What a function is told by its environment."""

import pytest

from helpdesk.contracts import environment as names
from helpdesk.platform.settings import BadEnvironment, read_settings

GOOD = {
    names.TABLE: "table",
    names.BUS: "bus",
    names.MAIL_BUCKET: "mail",
    names.FILES_BUCKET: "files",
    names.SECRET: "secret",
    names.BASE_URL: "https://desk.example.com/",
}


def test_a_good_environment_is_read_and_what_may_be_missing_has_its_usual_value() -> None:
    found = read_settings(GOOD)
    assert found.base_url == "https://desk.example.com"
    assert (found.table, found.clock, found.configuration_set, found.stage) == ("table", "system", "", "production")
    assert read_settings(GOOD | {names.CLOCK: "table", names.STAGE: "test"}).clock == "table"


def test_everything_that_is_wrong_is_said_in_one_error() -> None:
    with pytest.raises(BadEnvironment) as fault:
        read_settings({names.BASE_URL: "desk.example.com", names.CLOCK: "sundial", names.BUS: "  "})
    said = str(fault.value)
    for name in (names.TABLE, names.BUS, names.MAIL_BUCKET, names.FILES_BUCKET, names.SECRET):
        assert f"{name} is missing" in said
    assert "'desk.example.com'" in said
    assert "'sundial'" in said


@pytest.mark.parametrize("name", sorted(GOOD))
def test_each_variable_that_must_be_there_is_missed(name: str) -> None:
    with pytest.raises(BadEnvironment, match=name):
        read_settings({key: value for key, value in GOOD.items() if key != name})
