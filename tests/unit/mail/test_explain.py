"""What the desk would do with a mail can be asked for without any desk."""

import json
from pathlib import Path

import pytest

from helpdesk.mail.explain import explain_files, main
from helpdesk.mail.model import OWN_LOOP_HEADER

BASE = "From: Mina <mina@shop.example>\r\nTo: help@desk.example\r\nSubject: Lamp\r\n"


@pytest.mark.parametrize(
    ("raw", "decision"),
    [
        (f"{BASE}\r\nIt is broken.", "new_ticket"),
        (f"{BASE}In-Reply-To: <m0@desk.example>\r\n\r\nStill broken.", "reply"),
        ("From: a@b.example\r\nTo: help+token@desk.example\r\nSubject: x\r\n\r\nStill broken.", "reply"),
        (f"{BASE}{OWN_LOOP_HEADER}: Desk.example\r\n\r\nOur words.", "reject"),
        (f"{BASE}{OWN_LOOP_HEADER}: elsewhere.example\r\n\r\nWords of another desk.", "new_ticket"),
        ("To: help@desk.example\r\nSubject: x\r\n\r\nWho am I?", "suspend"),
        ("", "suspend"),
        ("From: a@b.example\r\n\r\n", "suspend"),
        ("From: a@b.example\r\nSubject: Automatic reply: x\r\nAuto-Submitted: auto-replied\r\n\r\nAway.", "new_ticket"),
    ],
)
def test_every_mail_is_decided_with_a_reason(raw: str, decision: str, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_text(raw, newline="")
    (found,) = explain_files([path])
    assert found["decision"] == decision
    assert found["because"]


def test_one_object_a_line_and_file_is_printed_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = []
    for subject in ("one", "둘", "三"):
        paths.append(tmp_path / f"{subject}.eml")
        paths[-1].write_bytes(f"From: a@b.example\r\nSubject: {subject}\r\n\r\nx".encode())
    assert main([str(path) for path in paths]) == 0
    assert [json.loads(line)["subject"] for line in capsys.readouterr().out.splitlines()] == ["one", "둘", "三"]


def test_fragments_of_html_are_made_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fragment.html"
    path.write_text("<b onclick=x>hi</b><script>1</script>")
    main(["--html", str(path)])
    assert json.loads(capsys.readouterr().out) == {"html": "<b>hi</b>"}
