"""Whom a provider may vouch for, where anybody can have an account at it or an address of a domain."""

import pytest

from helpdesk.sso.model import GOOGLE, Connection, ForeignAddress
from helpdesk.sso.rules import is_safe, proven_by

ACME = Connection("org", "https://login.acme.test", "the-desk", domains=("acme.test",), secrets=1)
ALICE = {"email": "alice@acme.test", "email_verified": True}


def test_an_account_at_google_counts_only_where_it_is_the_companys() -> None:
    google = Connection("org", GOOGLE, "the-desk", domains=("acme.test",), trusts_addresses=True, secrets=1)
    assert proven_by(ALICE | {"hd": "acme.test"}, google, ["acme.test"]).address == "alice@acme.test"
    for hosted in ({}, {"hd": "elsewhere.test"}, {"hd": None}, {"hd": ""}, {"hd": ["acme.test"]}):
        with pytest.raises(ForeignAddress):
            proven_by(ALICE | hosted, google, ["acme.test"])


def test_a_domain_that_the_organization_has_no_more_or_that_anybody_has_proves_nobody() -> None:
    assert proven_by(ALICE, ACME, ["acme.test"]).address == "alice@acme.test"
    with pytest.raises(ForeignAddress):
        proven_by(ALICE, ACME, ["acme.example"])
    gmail = Connection("org", ACME.issuer, "the-desk", domains=("gmail.com",), secrets=1)
    with pytest.raises(ForeignAddress):
        proven_by(ALICE | {"email": "alice@gmail.com"}, gmail, ["gmail.com"])


@pytest.mark.parametrize(
    "address",
    [
        "http://login.acme.test",
        "https://",
        "https://login.acme.test:99999",
        "https://me@login.acme.test",
        "https://login.acme.test#x",
        "https://login.acme.test\\@evil.test",
        "https://login.acme.test/\n",
        "//login.acme.test",
        "https://login.acme.test/" + "x" * 500,
    ],
)
def test_nobody_is_sent_to_an_address_that_hides_where_it_leads(address: str) -> None:
    assert not is_safe(address, local=False)
    assert is_safe("https://login.acme.test/a?b=c", local=False)
