"""Starting the desk: what can be chosen, and one clear line for what is in the way."""

import socket
from pathlib import Path

import pytest

from local.options import ROOT, CannotStart, check_node, check_python, free_port, own, read_options, reserve


def test_without_any_choice_the_desk_is_on_8080_and_2525_and_keeps_its_data_in_the_checkout() -> None:
    options = read_options({})
    assert (options.port, options.smtp_port, options.demo) == (8080, 2525, True)
    assert options.data_dir == ROOT / ".desk"
    assert options.url == "http://127.0.0.1:8080"


def test_everything_can_be_chosen(tmp_path: Path) -> None:
    options = read_options({"PORT": "9000", "SMTP_PORT": "9025", "DATA_DIR": str(tmp_path), "DEMO": "0"})
    assert (options.port, options.smtp_port, options.data_dir, options.demo) == (9000, 9025, tmp_path, False)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80 80"])
def test_a_port_that_is_none_is_named_with_its_variable(port: str) -> None:
    with pytest.raises(CannotStart, match=f"SMTP_PORT={port} is not a port"):
        read_options({"SMTP_PORT": port})


def test_a_taken_port_is_named_with_the_variable_that_chooses_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(CannotStart, match=r"is taken.*PORT="):
        reserve(other.getsockname()[1], "PORT")


def test_a_reserved_port_answers_nobody_yet_and_cannot_be_reserved_again_once_it_does() -> None:
    with reserve(free_port(None), "PORT") as taken:
        port = taken.getsockname()[1]
        with socket.socket() as client:
            assert client.connect_ex(("127.0.0.1", port)) != 0
        taken.listen()
        with pytest.raises(CannotStart):
            reserve(port, "PORT")


def test_a_port_that_somebody_has_is_not_preferred() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert free_port(other.getsockname()[1]) != other.getsockname()[1]


def test_two_desks_cannot_share_a_data_directory(tmp_path: Path) -> None:
    with own(tmp_path), pytest.raises(CannotStart, match="already runs"):
        own(tmp_path)
    own(tmp_path).close()


def test_another_python_is_refused_by_its_version() -> None:
    with pytest.raises(CannotStart, match=r"3\.13 is needed, this is 3\.12"):
        check_python((3, 12))
    check_python((3, 13))


@pytest.mark.parametrize(
    ("version", "said"), [("v18.19.1", "too old"), ("v20.9.0", "too old"), ("nonsense", "too old")]
)
def test_an_old_node_is_refused_by_its_version(
    version: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("node", "npm"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {version}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotStart, match=said):
        check_node()


def test_a_missing_node_is_said_to_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotStart, match="missing"):
        check_node()
