"""Nothing in the HTML of a mail can act on the colleague who reads it, and what is readable stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.mail.html import bounded, sanitize, to_text, without_history
from tests.support.attacks import ATTACKS

FORBIDDEN = (
    "<script",
    "onerror=",
    "onload",
    "javascript:",
    "<iframe",
    "<svg",
    "<style",
    "url(",
    "position",
    "<base",
    "<meta",
    "data:text",
    "svg+xml",
    "<form",
    "<object",
    "formaction",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_active_is_left(attack: str) -> None:
    shown, _ = sanitize(f"<p>before</p>{attack}<p>after</p>")
    assert not [word for word in FORBIDDEN if word in shown.lower()]
    assert "before" in shown


@given(st.text(alphabet="<>/=\"' abdimgscriptjavonerr:&;#-!\n\x00", max_size=200))
def test_no_mixture_of_brackets_makes_a_tag_that_acts(html: str) -> None:
    shown, _ = sanitize(html)
    assert "<script" not in shown.lower()


def test_a_remote_image_is_held_back_with_its_address_kept() -> None:
    shown, remote = sanitize('<img alt="a > b" src="https://track.example/x.png?u=1" width="1">')
    assert remote
    assert ' src="' not in shown
    assert 'data-remote-src="https://track.example/x.png?u=1"' in shown


def test_images_of_the_mail_itself_are_shown() -> None:
    shown, remote = sanitize('<img src="cid:a@b"><img src="data:image/png;base64,AAAA">')
    assert not remote
    assert 'src="cid:a@b"' in shown
    assert 'src="data:image/png;base64,AAAA"' in shown


def test_links_open_elsewhere_and_tell_nobody() -> None:
    shown, _ = sanitize('<a href="https://x.example" target=_top>x</a>')
    assert 'target="_blank"' in shown
    assert "noopener" in shown
    assert "noreferrer" in shown


def test_harmless_layout_and_words_stay() -> None:
    html = '<table><tr><td style="color: red">주문</td></tr></table><blockquote>x</blockquote>'
    shown, _ = sanitize(html)
    assert "color" in shown
    assert "주문" in shown
    assert "<blockquote>" in shown


HISTORIES = [
    '<div class="gmail_quote"><div class="gmail_attr">On Monday Kim wrote:</div><blockquote>old</blockquote></div>',
    '<div class="moz-cite-prefix">On Monday Kim wrote:</div><blockquote type="cite">old</blockquote>',
    '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Kim<br></div><div>old</div>',
    '<div class="yahoo_quoted"><div>On Monday Kim wrote:</div><div>old</div></div>',
    '<blockquote type="cite">old</blockquote>',
    '<hr id="stopSpelling"><div>Date: Monday<br>From: kim@x.example</div><div>old</div>',
    '<div class="protonmail_quote">On Monday Kim wrote:<blockquote>old</blockquote></div>',
]


@pytest.mark.parametrize("history", HISTORIES)
def test_history_that_a_mail_program_marks_is_left_out(history: str) -> None:
    html = without_history(f"<body><div>new words</div>{history}</body>")
    assert html is not None
    assert "new words" in html
    assert "old" not in html


def test_a_quote_with_an_answer_below_it_stays() -> None:
    html = '<blockquote type="cite">question one</blockquote><p>answer one</p><blockquote type="cite">the rest</blockquote>'
    kept = without_history(html)
    assert kept is not None
    assert "question one" in kept
    assert "answer one" in kept
    assert "the rest" not in kept


def test_quotes_lists_and_breaks_are_readable_as_text() -> None:
    html = "<p>Hi</p><p>line<br>two</p><blockquote>quoted</blockquote><ul><li>a</li></ul><pre>x\n  y</pre>"
    assert to_text(html) == "Hi\n\nline\ntwo\n\n> quoted\n\n- a\n\nx\n  y"


@pytest.mark.parametrize("unit", ["<div>", "<b>", "<font color=%d>", "<ul><li>", "<table><tr><td>", "<a href=x>"])
def test_deep_html_is_cut_before_any_parser_sees_it(unit: str) -> None:
    html, problem = bounded("".join(unit.replace("%d", str(at)) for at in range(100_000)))
    assert problem
    assert len(html) < 1_000_000


def test_formatting_that_would_be_repeated_in_every_block_is_dropped() -> None:
    opened = "".join(f"<font color={at}>" for at in range(300))
    html, _ = bounded(f"<div>{opened}</div>" + "<div>x</div>" * 20_000)
    assert "<font" not in html
