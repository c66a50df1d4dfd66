"""What a start builds anew: what has changed, by content, and nothing else."""

import os
import sys
from pathlib import Path

import pytest

from local.build import command, fingerprint, read_outputs
from local.options import CannotStart


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "web" / "src").mkdir(parents=True)
    (tmp_path / "web" / "src" / "main.ts").write_text("one")
    (tmp_path / "cdk.json").write_text("{}")
    return tmp_path


def test_touching_a_file_changes_nothing_and_writing_to_it_does(checkout: Path) -> None:
    before = fingerprint(["web", "cdk.json"], root=checkout)
    os.utime(checkout / "web" / "src" / "main.ts", (1, 1))
    assert fingerprint(["web", "cdk.json"], root=checkout) == before
    (checkout / "web" / "src" / "main.ts").write_text("two")
    assert fingerprint(["web", "cdk.json"], root=checkout) != before


def test_a_file_under_another_name_is_another_content(checkout: Path) -> None:
    before = fingerprint(["web"], root=checkout)
    (checkout / "web" / "src" / "main.ts").rename(checkout / "web" / "src" / "other.ts")
    assert fingerprint(["web"], root=checkout) != before


def test_what_a_build_writes_is_not_part_of_what_it_is_made_of(checkout: Path) -> None:
    before = fingerprint(["web"], root=checkout)
    for generated in ("node_modules/x.js", "dist/index.html", "src/__pycache__/a.pyc"):
        path = checkout / "web" / generated
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("generated")
    assert fingerprint(["web"], root=checkout) == before


def test_another_address_of_the_desk_is_another_deployment(checkout: Path) -> None:
    assert fingerprint(["web"], "http://a", root=checkout) != fingerprint(["web"], "http://b", root=checkout)


def test_outputs_of_all_stacks_are_read_by_name(tmp_path: Path) -> None:
    (tmp_path / "outputs.json").write_text('{"one": {"A": "1"}, "two": {"B": "2"}}')
    assert read_outputs(tmp_path) == {"A": "1", "B": "2"}


async def test_a_program_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="no such stack"):
        await command([sys.executable, "-c", "import sys; print('no such stack'); sys.exit(3)"], tmp_path)


async def test_a_program_that_succeeds_says_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    await command([sys.executable, "-c", "print('done')"], tmp_path)
    assert capfd.readouterr().out == ""
