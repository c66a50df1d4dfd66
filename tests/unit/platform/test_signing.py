"""Tokens: what was made here for a purpose is read for that purpose while it lasts, and nothing else is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.kernel.errors import Gone, Invalid, NotFound, Unauthenticated
from helpdesk.kernel.ids import new_id
from helpdesk.platform.access import Asking, requester_of
from helpdesk.platform.http import Call, NoQuery
from helpdesk.platform.secrets import SigningSecret
from helpdesk.platform.signing import Purpose, Signer, after

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TICKET = new_id(NOW)
SIGNER = Signer(lambda: ["first secret"])
CLAIMS = {"t": TICKET, "p": "person"}


def test_a_token_gives_back_its_claims_until_it_expires() -> None:
    token = SIGNER.sign(Purpose.REQUEST, CLAIMS, after(NOW, 60))
    assert SIGNER.read(Purpose.REQUEST, token, NOW + timedelta(seconds=59)) == CLAIMS
    with pytest.raises(Gone):
        SIGNER.read(Purpose.REQUEST, token, NOW + timedelta(seconds=60))


def test_a_token_without_an_end_has_none() -> None:
    assert SIGNER.read(Purpose.SURVEY, SIGNER.sign(Purpose.SURVEY, CLAIMS), NOW.replace(year=2099)) == CLAIMS


@pytest.mark.parametrize("made", Purpose)
@pytest.mark.parametrize("read", Purpose)
def test_a_token_is_good_for_its_own_purpose_alone(made: Purpose, read: Purpose) -> None:
    token = SIGNER.sign(made, CLAIMS)
    if made is read:
        assert SIGNER.read(read, token, NOW) == CLAIMS
        return
    with pytest.raises(Unauthenticated):
        SIGNER.read(read, token, NOW)


@given(st.integers(0, 10**6), st.sampled_from("abcXYZ019-_."))
def test_a_token_with_one_letter_changed_is_none_of_ours(place: int, letter: str) -> None:
    token = SIGNER.sign(Purpose.REQUEST, CLAIMS)
    at = place % len(token)
    forged = token[:at] + letter + token[at + 1 :]
    if forged[:-1] == token[:-1]:
        return  # the last letter's lowest bits say nothing in base 64
    with pytest.raises(Unauthenticated):
        SIGNER.read(Purpose.REQUEST, forged, NOW)


@given(st.text())
def test_a_text_that_is_no_token_is_refused_as_such(text: str) -> None:
    with pytest.raises(Unauthenticated):
        SIGNER.read(Purpose.REQUEST, text, NOW)
    assert SIGNER.thread_of_tag(text) is None


def test_a_secret_can_be_changed_and_what_the_old_one_signed_is_still_good() -> None:
    old, both, new = (Signer(lambda keys=keys: keys) for keys in (["old"], ["old", "new"], ["new"]))
    assert both.read(Purpose.REQUEST, old.sign(Purpose.REQUEST, CLAIMS), NOW) == CLAIMS
    assert new.read(Purpose.REQUEST, both.sign(Purpose.REQUEST, CLAIMS), NOW) == CLAIMS
    with pytest.raises(Unauthenticated):
        new.read(Purpose.REQUEST, old.sign(Purpose.REQUEST, CLAIMS), NOW)
    assert both.thread_of_tag(old.thread_tag(TICKET)) == (TICKET, 0)
    assert new.thread_of_tag(both.thread_tag(TICKET)) == (TICKET, 0)
    assert new.thread_of_tag(old.thread_tag(TICKET)) is None


def test_a_reply_addresss_tag_survives_whatever_is_done_to_its_case() -> None:
    for side in (0, 1, 50):
        tag = SIGNER.thread_tag(TICKET, side)
        assert len(f"support+{tag}") <= 64  # RFC 5321's limit of a local part
        for written in (tag, tag.upper(), tag.title()):
            assert SIGNER.thread_of_tag(written) == (TICKET, side)


def test_a_tag_proves_its_own_ticket_and_no_other() -> None:
    other = new_id(NOW)
    proof = SIGNER.thread_tag(TICKET).rpartition("-")[2]
    for tag in (f"{other.lower()}-{proof}", f"{TICKET}-{'a' * 16}", f"{TICKET}-", TICKET, f"{TICKET.lower()}-ü{proof}"):
        assert SIGNER.thread_of_tag(tag) is None


def test_a_tag_proves_its_own_side_conversation_and_neither_another_nor_the_ticket() -> None:
    proof, ticket = (SIGNER.thread_tag(TICKET, side).rpartition("-")[2] for side in (2, 0))
    for named in (f"{TICKET}", f"{TICKET}-1", f"{TICKET}-02", f"{TICKET}-2-2", f"{TICKET}-٢"):
        assert SIGNER.thread_of_tag(f"{named}-{proof}") is None
    assert SIGNER.thread_of_tag(f"{TICKET}-2-{ticket}") is None


def test_a_cursor_goes_on_in_its_own_list_alone() -> None:
    cursor = SIGNER.sign_cursor("tickets", {"pk": "a"})
    assert SIGNER.read_cursor("tickets", cursor, NOW) == {"pk": "a"}
    assert SIGNER.sign_cursor("tickets", None) is None
    assert SIGNER.read_cursor("tickets", None, NOW) is None
    for name, text in (("messages", cursor), ("tickets", "nonsense"), ("tickets", SIGNER.sign(Purpose.SURVEY, {}))):
        with pytest.raises(Invalid):
            SIGNER.read_cursor(name, text, NOW)


def a_call(token: str | None, ticket_id: str = TICKET) -> Call:
    headers = {"authorization": f"Bearer {token}"} if token is not None else {}
    return Call("GET", "/", {"id": ticket_id}, NoQuery(), None, b"", headers, "ip", NOW)


def test_a_requester_is_known_by_the_token_of_their_ticket() -> None:
    token = SIGNER.sign(Purpose.REQUEST, CLAIMS, after(NOW, 60))
    assert requester_of(a_call(token), SIGNER) == Asking(TICKET, "person", "person")
    with pytest.raises(NotFound):
        requester_of(a_call(token, new_id(NOW)), SIGNER)
    with pytest.raises(Unauthenticated):
        requester_of(a_call(None), SIGNER)
    with pytest.raises(Unauthenticated):
        requester_of(a_call(SIGNER.sign(Purpose.REQUEST, {"t": TICKET})), SIGNER)
    with pytest.raises(Gone):
        requester_of(a_call(SIGNER.sign(Purpose.REQUEST, CLAIMS, after(NOW, -1))), SIGNER)


class OneSecret:
    """Secrets Manager with one secret in it."""

    def __init__(self) -> None:
        self.calls = 0

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803 - AWS's name
        self.calls += 1
        return {"SecretString": f"old of {SecretId}\n\n  new  \n"}


def test_the_secret_is_read_once_and_its_lines_are_keys() -> None:
    client = OneSecret()
    secret = SigningSecret(client, "name")
    assert secret() == secret() == ["old of name", "new"]
    assert client.calls == 1
