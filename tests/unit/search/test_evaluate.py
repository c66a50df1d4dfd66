"""The command that measures the search."""

import json
from pathlib import Path

import pytest

from helpdesk.cli import main


def test_the_last_line_says_how_well_the_search_finds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labelled = {
        "documents": ["프린터 오류", "비밀번호를 잊었어요", "VPN is slow"],
        "queries": [
            {"text": "비밀번호", "relevant": [1]},
            {"text": "vpn", "relevant": [2, 0]},
            {"text": "고래", "relevant": [0]},
            {"text": "프린터가 오류", "relevant": [0]},
        ],
    }
    file = tmp_path / "labelled.json"
    file.write_text(json.dumps(labelled))
    assert main(["search", "evaluate", str(file)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"mrr_at_10": 0.75}


@pytest.mark.parametrize("content", ["", "[]", '{"documents": [1], "queries": []}', None])
def test_a_file_that_cannot_be_read_is_said_to_be_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    file = tmp_path / "wrong.json"
    if content is not None:
        file.write_text(content)
    assert main(["search", "evaluate", str(file)]) == 1
    assert str(file) in capsys.readouterr().err
