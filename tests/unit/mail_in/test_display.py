"""A message's pictures: its own are shown, and nothing that a sender wrote becomes an address."""

import pytest

from helpdesk.mail.display import with_pictures
from helpdesk.tickets.model import Attachment
from tests.support.messages import a_message

LOGO = Attachment("a1", "logo.png", "image/png", 3, "attachments/t/a1", inline=True, content_id="logo@example.com")


def link(attachment: Attachment, *, inline: bool) -> str:
    return f'https://files.test/{attachment.id}?inline={inline}&x="1"'


def shown(html: str | None) -> str | None:
    return with_pictures(a_message("t", html=html, attachments=(LOGO,)), link)


def test_a_picture_of_the_mail_is_shown_where_it_was() -> None:
    assert shown('<p><img src="cid:logo@example.com" alt="x"></p>') == (
        '<p><img src="https://files.test/a1?inline=True&amp;x=&quot;1&quot;" alt="x"></p>'
    )


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("cid", ["CID:logo@example.com", "cid:logo&#64;example.com"])
def test_a_picture_is_found_however_its_address_is_spelt(quote: str, cid: str) -> None:
    assert "files.test/a1" in (shown(f"<img src={quote}{cid}{quote}>") or "")


def test_a_picture_that_the_mail_does_not_have_has_no_address() -> None:
    assert shown('<img src="cid:other@example.com">') == '<img src="">'


def test_other_addresses_and_words_are_left_as_they_are() -> None:
    html = '<a href="https://example.com/cid:logo@example.com">cid:logo@example.com</a>'
    assert shown(html) == html


def test_a_message_without_html_has_none() -> None:
    assert shown(None) is None
