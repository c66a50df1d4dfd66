"""What colleagues read about mails that came back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.kernel.text import LANGUAGES
from helpdesk.mail.model import Bounce, FeedbackReport
from helpdesk.mail.remarks import cause_of, of_bounce, of_complaint, text_of
from helpdesk.tickets.model import Reason

CAUSES = {
    ("5.1.1", "no such user"): "unknown_address",
    ("5.1.2", None): "unknown_domain",
    ("5.2.2", None): "mailbox_full",
    ("4.2.2", None): "mailbox_full",
    ("5.2.1", None): "mailbox_disabled",
    ("5.3.4", None): "too_large",
    ("5.7.1", "Message rejected"): "refused",
    ("4.4.1", "Connection timed out"): "unreachable",
    ("4.4.7", "450 mailbox is full"): "mailbox_full",
    (None, "552 user over quota"): "mailbox_full",
    (None, "The email account that you tried to reach does not exist"): "unknown_address",
    (None, "Host not found: no MX"): "unknown_domain",
    (None, "blocked using a blacklist"): "refused",
    (None, None): "other",
    ("5.0.0", None): "other",
}


@pytest.mark.parametrize(("said", "cause"), CAUSES.items(), ids=str)
def test_the_cause_is_told_by_status_or_else_by_what_was_said(said: tuple[str | None, str | None], cause: str) -> None:
    status, diagnostic = said
    assert cause_of(Bounce(("a@example.com",), status, diagnostic, hard=True)) == cause


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cause", sorted(set(CAUSES.values())))
def test_every_cause_has_words_in_every_language(language: str, cause: str) -> None:
    texts = {
        code: text_of(Reason(code, {"recipient": "ann@example.com", "cause": cause}), language)
        for code in ("mail_bounced", "mail_delayed", "mail_complained")
    }
    assert all(text is not None and "ann@example.com" in text and "{" not in text for text in texts.values())
    assert len(set(texts.values())) == 3


def test_languages_do_not_share_words() -> None:
    remark = of_complaint(FeedbackReport("abuse", ("ann@example.com",), None))
    assert len({text_of(remark, language) for language in LANGUAGES}) == len(LANGUAGES)


@given(st.text(max_size=50), st.text(max_size=2000), st.booleans(), st.booleans())
def test_whatever_a_report_says_is_told_in_bounded_length(who: str, said: str, hard: bool, marked: bool) -> None:  # noqa: FBT001
    remark = of_bounce(Bounce((who,) * 9, None, said, hard=hard), marked=marked)
    text = text_of(remark, "ja")
    assert text is not None
    assert len(text) < 2500
    assert ("配信不能" in text) is marked or "配信不能" in said + who


def test_a_report_that_names_nobody_is_told_all_the_same() -> None:
    assert "does not name" in (text_of(of_bounce(Bounce((), None, None, hard=True), marked=False), "en") or "")


def test_a_code_without_words_is_left_to_the_message_itself() -> None:
    assert text_of(Reason("something_else", {}), "en") is None
