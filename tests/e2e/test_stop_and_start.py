"""A clean stop keeps all that was answered, leaves no process behind, and the next start is quick."""

import contextlib
import time
from pathlib import Path

import pytest

from tests.e2e.desk import DeskProcess
from tests.e2e.test_life_over_http_and_smtp import new_mail


@pytest.mark.slow
def test_what_was_answered_before_a_clean_stop_is_there_after_the_next_start(bare_desk: DeskProcess) -> None:
    before = {row["subject"] for row in bare_desk.as_agent("agent@desk.test", "GET", "/v1/tickets").body["items"]}
    request = {"requester": {"email": "kept@example.com"}, "subject": "Keep me", "body": "please"}
    opened = bare_desk.call("POST", "/v1/requests", request).body
    bare_desk.mail(
        new_mail("mailed@example.com", "Mia", "Keep me too", "please"),
        sender="mailed@example.com",
        to="support@desk.test",
    )
    group = process_group(bare_desk)
    assert bare_desk.stop() == 0, bare_desk.log()
    assert members(group) == []

    began = time.monotonic()
    bare_desk.start()
    assert time.monotonic() - began < 60, "a second start deploys nothing and builds nothing"
    bare_desk.settle()
    own = bare_desk.call(
        "GET", f"/v1/requests/{opened['ticket']['id']}", authorization=f"Bearer {opened['access_token']}"
    )
    assert own.body["ticket"]["subject"] == "Keep me"
    subjects = {row["subject"] for row in bare_desk.as_agent("agent@desk.test", "GET", "/v1/tickets").body["items"]}
    assert subjects == before | {"Keep me", "Keep me too"}
    assert len(bare_desk.mails("mailed@example.com")) == 1


def process_group(desk: DeskProcess) -> int:
    assert desk.process is not None
    return desk.process.pid


def members(session: int) -> list[str]:
    """Processes of a session (the desk is started as the leader of its own)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = stat.read_text()
            state, _, _, its_session = text.rpartition(")")[2].split()[:4]
            if int(its_session) == session and state != "Z":
                found.append(text)
    return found
