"""Several brands at one desk: each has its own looks, words, addresses and mailbox, from the form to the survey."""

from helpdesk import bootstrap
from helpdesk.contracts.topology import HOST_HEADER
from helpdesk.desk.model import Mailbox
from tests.support.desk import ADMIN, AGENT, SURVEY_DELAY_SECONDS
from tests.support.world import BASE_URL, World

LAMPS = {
    "names": {"en": "Bright Lamps", "ko": "브라이트 램프"},
    "colour": "#FFE600",
    "logo_url": "https://lamps.example/logo.png",
    "titles": {"en": "What about your lamp?"},
    "footers": {"en": "Bright Lamps Ltd"},
    "links": [{"names": {"en": "Privacy"}, "address": "https://lamps.example/privacy"}],
    "categories": ["billing"],
    "mailboxes": ["lamps"],
    "sites": ["https://Shop.Lamps.example/"],
}
CHAIRS = {
    "names": {"en": "Fine Chairs"},
    "languages": ["en", "ja"],
    "hosts": ["help.chairs.example"],
    "colour": "#2f4fd0",
}


def lamps_and_chairs(world: World) -> None:
    bootstrap.desk_store().save_mailbox(Mailbox("lamps", "lamps@desk.test", "Lamps", "billing"))
    for name, brand in (("lamps", LAMPS), ("chairs", CHAIRS)):
        world.api("PUT", f"/v1/brands/{name}", brand, agent=ADMIN.id).ok()


def test_a_request_looks_like_its_brand_from_the_form_to_the_survey(world: World) -> None:
    lamps_and_chairs(world)
    site = world.api("GET", "/v1/portal/site?brand=lamps&locale=ko").ok()
    assert (site["brand"], site["name"], site["title"]) == ("lamps", "브라이트 램프", "What about your lamp?")
    assert site["colours"]["on_button"] == "#18181c", "white on yellow cannot be read"
    assert [one["id"] for one in world.api("GET", "/v1/categories?brand=lamps").ok()["items"]] == ["billing"]
    ticket_id = world.open("minsu@example.com", brand="lamps", locale="en")["ticket"]["id"]
    world.settle()
    letter = world.sent_to("minsu@example.com")[-1]
    assert "lamps@desk.test" in str(letter.mail["from"])
    assert letter.link(f"/portal/b/lamps/requests/{ticket_id}")
    assert "Bright Lamps" in letter.text
    assert "https://lamps.example/logo.png" in letter.html
    world.patch(ticket_id, AGENT.id, status="solved").ok()
    world.pass_time(seconds=SURVEY_DELAY_SECONDS)
    assert world.sent_to("minsu@example.com")[-1].link("/portal/b/lamps/survey/")
    world.api("POST", "/v1/portal/sign-in", {"email": "minsu@example.com", "brand": "lamps"}).ok()
    code = world.sent_to("minsu@example.com")[-1]
    assert code.link("/portal/b/lamps/sign-in")
    assert "lamps@desk.test" in str(code.mail["from"])


def test_a_brand_is_known_by_its_host_and_its_pages_stay_there(world: World) -> None:
    lamps_and_chairs(world)
    at_chairs = {HOST_HEADER: "help.chairs.example"}
    assert world.api("GET", "/v1/portal/site", headers=at_chairs).ok()["name"] == "Fine Chairs"
    assert world.api("GET", "/v1/portal/site").ok()["name"] is None
    home = world.page("/help/en", headers=at_chairs)
    assert "Fine Chairs" in home.raw
    assert 'rel="canonical" href="https://help.chairs.example/help/en"' in home.raw
    assert 'hreflang="ko"' not in home.raw.partition("<footer")[2]
    assert BASE_URL not in world.page("/robots.txt", headers=at_chairs).raw
    below = world.page("/help/b/lamps/en")
    assert 'href="/help/b/lamps/en"' in below.raw
    assert 'href="/portal/b/lamps?lang=en"' in below.raw
    assert "img-src 'self' https://lamps.example" in below.headers["content-security-policy"]
    assert "Bright Lamps Ltd" in below.raw
    assert "#ffe600" in world.page("/help/brand-ffe600.css").raw
    assert world.page("/help/brand-%3Cb%3E.css").status == 404
    assert world.page("/help/b/lamps").headers["location"] == "/help/b/lamps/en"


WRONG = (
    ({"colour": "red"}, "/colour"),
    ({"logo_url": "http://lamps.example/x.png"}, "/logo_url"),
    ({"mailboxes": ["lamps"]}, "/mailboxes/0"),
    ({"hosts": ["help.chairs.example"]}, "/hosts/0"),
    ({"hosts": ["evil.example/path"]}, "/hosts/0"),
    ({"sites": ["https://a.example; script-src *"]}, "/sites/0"),
    ({"sites": ["http://a.example"]}, "/sites/0"),
    ({"links": [{"names": {"en": "x"}, "address": "javascript:alert(1)"}]}, "/links/0/address"),
    ({"links": [{"names": {"en": "x"}, "address": "//evil.example"}]}, "/links/0/address"),
    ({"languages": ["xx"]}, "/languages/0"),
    ({"categories": ["nothing"]}, "/categories/0"),
)


def test_a_brand_that_would_not_work_is_refused_where_it_is_wrong(world: World) -> None:
    lamps_and_chairs(world)
    for change, pointer in WRONG:
        refused = world.api("PUT", "/v1/brands/spare", {"names": {"en": "S"}, **change}, agent=ADMIN.id).refused(400)
        assert [one["pointer"] for one in refused["errors"]] == [pointer]


def test_what_a_brand_needs_stays_and_no_brand_is_made_up(world: World) -> None:
    lamps_and_chairs(world)
    world.api("DELETE", "/v1/categories/billing", agent=ADMIN.id).refused(409)
    world.api("PUT", "/v1/brands/chairs", CHAIRS | {"usual": True}, agent=ADMIN.id).ok()
    world.api("PUT", "/v1/brands/lamps", LAMPS | {"usual": True}, agent=ADMIN.id).refused(400)
    assert world.api("GET", "/v1/portal/site?brand=nobody").ok()["brand"] == "chairs"
    requester = {"requester": {"email": "a@example.com"}, "subject": "s", "body": "b"}
    world.api("POST", "/v1/requests", requester | {"brand": "nobody"}).refused(400)


def test_the_form_stands_on_the_websites_that_its_brand_allows_and_on_no_other(world: World) -> None:
    lamps_and_chairs(world)
    framed = world.page("/help/embed/lamps?page=https%3A%2F%2Fshop.lamps.example")
    policy = framed.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors https://shop.lamps.example")
    assert "script-src 'self';" in policy
    assert '<script type="module" src="/framed.js">' in framed.raw
    assert world.page("/help/embed/chairs").headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert world.page("/help/embed/nobody").status == 404
    assert world.page("/help/embed").status == 404
