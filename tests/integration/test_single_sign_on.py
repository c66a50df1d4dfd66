"""Customers who sign in at their organization: who is let in by it, and who is not, whatever a browser or a provider says."""

import base64
import hmac
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jws

from helpdesk import bootstrap
from helpdesk.platform.outbound import Outbound
from helpdesk.portal.brands import Brand
from helpdesk.sso.model import FLOW_SECONDS, SESSION_SECONDS
from helpdesk.wiring import ground
from tests.support.desk import ADMIN, AGENT
from tests.support.provider import CLIENT, SECRET, Provider, a_provider, ec_key, rsa_key
from tests.support.world import Answered, World

PAGE = {"X-Helpdesk-Page": "1"}
START, FINISH = "/v1/portal/single-sign-on", "/v1/portal/single-sign-on/session"


@pytest.fixture
def provider(world: World) -> Iterator[Provider]:
    with a_provider(world.clock) as running:
        yield running


def an_organization(world: World, *domains: str, name: str = "Acme") -> str:
    made = world.api(
        "POST", "/v1/organizations", {"name": name, "domains": list(domains), "shared": True}, agent=ADMIN.id
    )
    return str(made.ok()["id"])


def connected(world: World, provider: Provider, organization: str, **more: Any) -> Answered:
    body = {"issuer": provider.url, "client_id": CLIENT, "client_secret": SECRET, "domains": ["acme.test"], **more}
    return world.api("PUT", f"/v1/organizations/{organization}/single-sign-on", body, agent=ADMIN.id)


def cookies(answer: Answered) -> dict[str, str]:
    return {cookie.partition("=")[0]: cookie.partition(";")[0] for cookie in answer.cookies}


def begun(world: World, email: str = "alice@acme.test", host: str = "desk.test") -> tuple[str, str]:
    """Where the browser is sent, and what it holds."""
    headers = {**PAGE, "x-desk-host": host}
    started = world.api("POST", START, {"email": email, "locale": "ko"}, headers=headers).ok()
    attributes = {part.strip() for part in started.cookies[0].split(";")[1:]}
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Secure"} <= attributes
    return started["url"], cookies(started)["__Host-portal-sign-on"]


def finished(world: World, brought: dict[str, str], held: str | None, host: str = "desk.test") -> Answered:
    return world.api("POST", FINISH, brought, cookie=held, headers={**PAGE, "x-desk-host": host})


def signed_in(world: World, provider: Provider, email: str = "alice@acme.test") -> Answered:
    url, held = begun(world, email)
    return finished(world, provider.follow(url), held)


def who(world: World, answer: Answered) -> Answered:
    return world.api("GET", "/v1/portal/session", cookie=cookies(answer)["__Host-portal"])


def test_who_is_signed_in_by_their_organization_is_made_known_in_it_and_sees_what_is_theirs(
    world: World, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    organization = an_organization(world, "acme.test", "acme.example")
    saved = connected(world, provider, organization).ok()
    assert (saved["has_secret"], saved["redirect_addresses"]) == (True, ["https://desk.test/portal/single-sign-on"])
    offered = world.api("POST", "/v1/portal/sign-in", {"email": "Alice@acme.test"}).ok()
    assert offered.body == {"token": None, "organization": {"name": "Acme", "required": False}}
    assert world.sent_to("alice@acme.test") == []

    url, held = begun(world)
    brought = provider.follow(url)
    assert provider.asked["redirect_uri"] == "https://desk.test/portal/single-sign-on"
    assert provider.asked["login_hint"] == "alice@acme.test"
    assert (provider.asked["code_challenge_method"], provider.asked["ui_locales"]) == ("S256", "ko")
    entered = finished(world, brought, held).ok()
    assert entered["email"] == "alice@acme.test"
    assert f"Max-Age={SESSION_SECONDS}" in entered.cookies[0]
    me = who(world, entered).ok()
    assert (me["name"], me["organization"]) == ("Alice of Acme", "Acme")
    assert provider.posts[-1]["by"] == "basic"

    finished(world, brought, held).refused(410, "sign_in_over")  # a repetition gets nobody in
    world.clock.advance(seconds=SESSION_SECONDS + 1)
    who(world, entered).refused(401)

    provider.said["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    provider.key, provider.algorithm = ec_key(), "ES256"
    again = signed_in(world, provider).ok()
    assert "by" not in provider.posts[-1]
    assert who(world, again).ok()["organization"] == "Acme"
    people = world.api("GET", f"/v1/people?organization={organization}", agent=AGENT.id).ok()["items"]
    assert [one["email"] for one in people] == ["alice@acme.test"]  # once, however often she comes

    kept = json.dumps([str(item) for item in world.items.values() if "SSOSECRET" not in str(item["sk"])])
    trail = world.api("GET", "/v1/audit?kind=single_sign_on", agent=ADMIN.id).ok().raw
    told = kept + trail + saved.raw + caplog.text + str([record.__dict__ for record in caplog.records])
    assert SECRET not in told
    assert '"issuer"' in trail
    for secret in (brought["code"], brought["state"], held.partition("=")[2]):
        assert secret not in kept + caplog.text


def test_where_it_is_required_no_code_opens_anything_and_the_refusal_says_where_to_go(
    world: World, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    organization = an_organization(world, "acme.test")
    asked = world.api("POST", "/v1/portal/sign-in", {"email": "bob@acme.test"}).ok()
    (code,) = re.findall(r"\b\d{6}\b", world.sent_to("bob@acme.test")[-1].subject)
    early = world.api("POST", "/v1/portal/sign-in", {"email": "carol@acme.test"}).ok()
    (mailed,) = re.findall(r"\b\d{6}\b", world.sent_to("carol@acme.test")[-1].subject)
    by_code = world.api("POST", "/v1/portal/session", {"token": early["token"], "code": mailed}).ok()
    connected(world, provider, organization).ok()
    at_organization = signed_in(world, provider).ok()
    assert who(world, by_code).ok()["email"] == "carol@acme.test"
    connected(world, provider, organization, required=True).ok()
    who(world, by_code).refused(401)  # whatever was begun by a code ends with it
    assert who(world, at_organization).ok()["email"] == "alice@acme.test"
    late = world.api("POST", "/v1/portal/session", {"token": asked["token"], "code": code})
    late.refused(403, "sign_in_at_organization")
    refused = world.api("POST", "/v1/portal/sign-in", {"email": "bob@acme.test", "by_code": True})
    assert "Acme" in refused.refused(403, "sign_in_at_organization")["detail"]
    mails = len(world.sent_to("bob@acme.test"))
    offered = world.api("POST", "/v1/portal/sign-in", {"email": "bob@acme.test"}).ok()
    assert offered["organization"] == {"name": "Acme", "required": True}
    assert len(world.sent_to("bob@acme.test")) == mails
    with monkeypatch.context() as stricter:  # nobody goes through all companies there are
        stricter.setattr("helpdesk.sso.service.STARTS_PER_IP_PER_HOUR", 2)
        world.api("POST", "/v1/portal/sign-in", {"email": "x@acme.test"}).ok()
        world.api("POST", "/v1/portal/sign-in", {"email": "y@acme.test"}).refused(429)
    for other in ("bob@elsewhere.test", "bob@sub.acme.test", "bob@notacme.test"):
        assert world.api("POST", "/v1/portal/sign-in", {"email": other}).ok()["token"]
        world.api("POST", START, {"email": other}, headers=PAGE).refused(404)
    version = connected(world, provider, organization, required=False, client_secret=None).ok()["version"]
    assert world.api("POST", "/v1/portal/sign-in", {"email": "bob@acme.test", "by_code": True}).ok()["token"]

    path = f"/v1/organizations/{organization}/single-sign-on"
    world.api("DELETE", path, agent=ADMIN.id, headers={"If-Match": f'"{version - 1}"'}).refused(409, "stale_version")
    world.api("DELETE", path, agent=ADMIN.id).ok()
    assert world.api("GET", path, agent=ADMIN.id).ok()["has_secret"] is False
    assert not [item for item in world.items.values() if str(item["sk"]).startswith("SSO")]


def _segment(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unsigned(token: str) -> str:
    _, claims, _ = token.split(".")
    return f"{_segment(b'{"alg":"none","kid":"rsa"}')}.{claims}."


def _by_the_public_key(token: str) -> str:
    """Signed with a secret that everybody knows, as if the algorithm were the token's choice."""
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    signed = ".".join(_segment(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "rsa"}, claims))
    return f"{signed}.{_segment(hmac.digest(rsa_key().as_pem(private=False), signed.encode(), 'sha256'))}"


def _changed(token: str) -> str:
    header, claims, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"email": "ceo@acme.test"}
    return f"{header}.{_segment(json.dumps(said).encode())}.{signature}"


def _of_no_text(token: str) -> str:
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "==")) | {"email": "\ud800@acme.test"}
    return jws.serialize_compact({"alg": "RS256", "kid": "rsa"}, json.dumps(claims).encode(), rsa_key())


FORGED: dict[str, Callable[[Provider], object]] = {
    "no signature": lambda p: setattr(p, "forge", _unsigned),
    "the public key as a secret": lambda p: setattr(p, "forge", _by_the_public_key),
    "claims changed after signing": lambda p: setattr(p, "forge", _changed),
    "half a character in an address": lambda p: setattr(p, "forge", _of_no_text),
    "no token at all": lambda p: setattr(p, "forge", lambda _: "nothing"),
    "somebody else's key under a known name": lambda p: setattr(p, "key", rsa_key.__wrapped__("rsa")),
    "a key that is not shown": lambda p: setattr(p, "key", ec_key("other")) or setattr(p, "algorithm", "ES256"),
    "for another client": lambda p: p.claims.update(aud="somebody-else"),
    "for others, too, and asked for by one of them": lambda p: p.claims.update(aud=[CLIENT, "x"], azp="x"),
    "for others, too, and nobody knows who asked": lambda p: p.claims.update(aud=[CLIENT, "x"]),
    "by another issuer": lambda p: p.claims.update(iss="https://login.elsewhere.test"),
    "for another sign-in": lambda p: p.claims.update(nonce="another"),
    "for no sign-in": lambda p: p.claims.update(nonce=None),
    "over": lambda p: p.claims.update(exp=int(p.now().timestamp()) - 61),
    "without an end": lambda p: p.claims.update(exp=None),
    "not yet made": lambda p: p.claims.update(iat=int(p.now().timestamp()) + 3600),
    "not yet valid": lambda p: p.claims.update(nbf=int(p.now().timestamp()) + 3600),
    "about nobody": lambda p: p.claims.update(sub=None),
}
FOREIGN: dict[str, Callable[[Provider], object]] = {
    "another domain": lambda p: setattr(p, "email", "alice@elsewhere.test"),
    "a domain below": lambda p: setattr(p, "email", "alice@sub.acme.test"),
    "a domain of the organization that admins did not name": lambda p: setattr(p, "email", "alice@acme.example"),
    "two addresses in one": lambda p: setattr(p, "email", "alice@elsewhere.test,x@acme.test"),
    "no address": lambda p: p.claims.update(email=None),
    "a list": lambda p: p.claims.update(email=["alice@acme.test"]),
    "not verified": lambda p: p.claims.update(email_verified=False),
    "not said to be verified": lambda p: p.claims.update(email_verified=None),
    "not the domain owner's": lambda p: p.claims.update(xms_edov=False),
}


def test_a_token_that_is_forged_stale_or_about_somebody_else_lets_nobody_in(world: World, provider: Provider) -> None:
    organization = an_organization(world, "acme.test", "acme.example")
    connected(world, provider, organization).ok()
    for cases, status, code in ((FORGED, 401, "sign_in_not_proven"), (FOREIGN, 403, "sign_in_foreign_address")):
        for name, spoil in cases.items():
            fresh = Provider(provider.url, provider.now)
            provider.__dict__.update(fresh.__dict__)
            spoil(provider)
            answer = signed_in(world, provider)
            assert (answer.status, answer.body["code"], answer.cookies) == (status, code, ()), name
    provider.__dict__.update(Provider(provider.url, provider.now).__dict__)
    provider.claims.update(email_verified=None, aud=[CLIENT, "x"], azp=CLIENT)
    connected(world, provider, organization, client_secret=None, trusts_addresses=True).ok()
    signed_in(world, provider).ok()  # what is not said may be trusted, if admins say so
    provider.claims["email_verified"] = False
    signed_in(world, provider).refused(403, "sign_in_foreign_address")  # what is denied may not


def test_an_answer_counts_once_in_time_and_in_the_browser_and_at_the_address_that_began(
    world: World, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    organization = an_organization(world, "acme.test")
    connected(world, provider, organization).ok()
    url, held = begun(world)
    brought = provider.follow(url)
    world.api("POST", FINISH, brought, cookie=held).refused(403, "not_from_our_page")
    _, others = begun(world)
    finished(world, brought, others).refused(410, "sign_in_over")  # a link that somebody was lured to
    finished(world, brought, held).refused(410)  # and by then it is used up
    finished(world, brought | {"state": "made-up"}, held).refused(410)
    url, held = begun(world)
    finished(world, provider.follow(url), None).refused(410)
    url, held = begun(world)
    world.clock.advance(seconds=FLOW_SECONDS)
    finished(world, provider.follow(url), held).refused(410)

    url, held = begun(world)  # another provider answers than was asked
    finished(world, provider.follow(url) | {"iss": "https://evil.test"}, held).refused(401, "sign_in_not_proven")
    provider.said["authorization_response_iss_parameter_supported"] = True
    url, held = begun(world)
    finished(world, provider.follow(url), held).refused(401, "sign_in_not_proven")
    url, held = begun(world)
    finished(world, provider.follow(url) | {"iss": provider.url}, held).ok()
    del provider.said["authorization_response_iss_parameter_supported"]

    desk = bootstrap.desk()
    shops = {"shop": Brand("shop", names={"en": "Shop"}, hosts=("help.shop.test",))}
    monkeypatch.setattr(bootstrap, "desk", lambda: replace(desk, brands=shops))
    url, held = begun(world, host="help.shop.test")
    brought = provider.follow(url)
    assert provider.asked["redirect_uri"] == "https://help.shop.test/portal/single-sign-on"
    finished(world, brought, held).refused(410)  # another brand's
    url, held = begun(world, host="evil.test")
    provider.follow(url)
    assert provider.asked["redirect_uri"] == "https://desk.test/portal/single-sign-on"

    url, held = begun(world)
    brought = provider.follow(url)
    connected(world, provider, organization, client_id="another", client_secret=None).ok()
    finished(world, brought, held).refused(410)
    url, held = begun(world)
    brought = provider.follow(url)
    connected(world, provider, organization, active=False, client_secret=None).ok()
    finished(world, brought, held).refused(410)


def test_an_admin_sets_it_up_tries_it_out_and_is_told_what_is_wrong(world: World, provider: Provider) -> None:
    organization = an_organization(world, "acme.test")
    path = f"/v1/organizations/{organization}/single-sign-on"
    body = {"issuer": provider.url, "client_id": CLIENT, "client_secret": SECRET, "domains": ["acme.test"]}

    def fault(**more: Any) -> object:
        return world.api("POST", f"{path}/check", body | more, agent=ADMIN.id).ok()["fault"]

    assert world.api("GET", path, agent=ADMIN.id).ok()["version"] == 0
    assert fault() is None
    assert fault(issuer=f" {provider.url}/.well-known/openid-configuration ") is None
    assert fault(client_secret="another") == "client_refused"
    assert fault(client_id="another") == "client_refused"
    assert fault(issuer=f"{provider.url}/") == "other_issuer"
    assert fault(issuer=f"{provider.url}/nothing") == "not_a_provider"
    assert fault(issuer="http://127.0.0.1:1") == "unreachable"
    said: dict[str, tuple[Any, str]] = {
        "issuer": ("https://elsewhere.test", "other_issuer"),
        "token_endpoint": (None, "not_a_provider"),
        "jwks_uri": ("ftp://127.0.0.1/keys", "not_encrypted"),
        "authorization_endpoint": ("javascript:alert(1)", "not_encrypted"),
        "response_types_supported": (["id_token"], "no_code_flow"),
        "code_challenge_methods_supported": (["plain"], "no_pkce"),
        "id_token_signing_alg_values_supported": (["HS256", "none", ["RS256"]], "no_algorithm"),
    }
    for name, (value, expected) in said.items():
        provider.said = {name: value}
        assert fault() == expected, name
    provider.said = {}
    provider.published = ()
    assert fault() == "no_keys"

    for more, pointer in (
        ({"issuer": "javascript:x"}, "/issuer"),
        ({"issuer": "https://a@b.test"}, "/issuer"),
        ({"issuer": "https://b.test/?x=1"}, "/issuer"),
        ({"client_id": "  "}, "/client_id"),
        ({"client_secret": None}, "/client_secret"),
        ({"domains": []}, "/domains"),
        ({"domains": ["elsewhere.test"]}, "/domains/0"),
    ):
        answer = world.api("PUT", path, body | more, agent=ADMIN.id).refused(400, "invalid")
        assert answer.pointers == {pointer}, more
    world.api("PUT", path, body, agent=AGENT.id).refused(403)
    world.api("GET", path, agent=AGENT.id).refused(403)
    world.api("GET", "/v1/organizations/NOBODY/single-sign-on", agent=ADMIN.id).refused(404)
    saved = world.api(
        "PUT", path, body | {"issuer": f"{provider.url}"}, agent=ADMIN.id, headers={"If-Match": '"0"'}
    ).ok()
    world.api("PUT", path, body, agent=ADMIN.id, headers={"If-Match": '"0"'}).refused(409, "stale_version")
    assert saved["version"] == 1
    with a_provider(world.clock) as thief:  # another provider is never told the secret that this one's is
        elsewhere = {"issuer": thief.url, "client_secret": None}
        assert fault(**elsewhere) == "client_refused"
        assert [post["client_secret"] for post in thief.posts] == [""]
        refused = world.api("PUT", path, body | elsewhere, agent=ADMIN.id).refused(400, "invalid")
        assert refused["errors"][0]["pointer"] == "/client_secret"
    provider.published = (rsa_key(),)
    assert fault(client_secret=None) is None
    provider.status = 500
    world.api("POST", START, {"email": "a@acme.test"}, headers=PAGE).refused(503, "sign_in_provider_failed")


def test_a_provider_never_leads_to_what_is_inside(
    world: World, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    organization = an_organization(world, "acme.test")
    connected(world, provider, organization).ok()
    monkeypatch.setattr(ground, "outbound", lambda: Outbound(local=False))
    path = f"/v1/organizations/{organization}/single-sign-on/check"
    body = {"client_id": CLIENT, "client_secret": SECRET, "domains": ["acme.test"]}
    for issuer in (provider.url, "https://169.254.169.254", "https://localhost", "https://[::1]", "https://10.0.0.1"):
        assert world.api("POST", path, body | {"issuer": issuer}, agent=ADMIN.id).ok()["fault"] == "address"
    world.api("POST", START, {"email": "a@acme.test"}, headers=PAGE).refused(503)
