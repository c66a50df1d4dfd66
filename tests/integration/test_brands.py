"""Several brands at one desk: each has its own looks, words, addresses and mailbox, from the form to the survey."""

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk import bootstrap
from helpdesk.contracts.topology import HOST_HEADER
from helpdesk.desk.model import Mailbox
from helpdesk.portal.logos import MOST_BYTES, Size, size_of
from tests.support.desk import ADMIN, AGENT, SURVEY_DELAY_SECONDS
from tests.support.wire import READING, counting
from tests.support.world import BASE_URL, FILES_BUCKET, World

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
    assert world.api("GET", "/v1/portal/site").ok()["name"] == "Test Desk"
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


LOOK = "/v1/brands/{}/help-preview"
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
        looked_at = world.api("POST", LOOK.format("spare"), {"names": {"en": "S"}, **change}, agent=ADMIN.id)
        assert looked_at.refused(400)["errors"] == refused["errors"], "as saving would refuse it"


def test_the_help_centre_is_looked_at_under_a_brand_that_nobody_has_saved(world: World) -> None:
    lamps_and_chairs(world)
    published(world, "How to descale a lamp", brands=["lamps"])
    draft = LAMPS | {"names": {"en": "Brighter Lamps", "ko": "더 밝은 램프"}, "colour": "#123456"}
    with counting() as calls:
        seen = world.api("POST", LOOK.format("lamps"), draft, agent=ADMIN.id).ok()
    assert [one.name for one in calls if not one.operation.startswith(READING)] == [], (
        "nothing is kept, nothing counted"
    )
    assert seen.headers["cache-control"] == "no-store"
    assert "Brighter Lamps" in seen["html"]
    assert "/help/brand-123456.css" in seen["html"]
    assert "How to descale a lamp" in seen["html"]
    assert "Brighter" not in world.page("/help/b/lamps/en").raw
    korean = world.api("POST", f"{LOOK.format('lamps')}?locale=ko", draft, agent=ADMIN.id).ok()["html"]
    assert "더 밝은 램프" in korean
    world.api("PUT", "/v1/brands/lamps", draft, agent=ADMIN.id).ok()
    assert [world.page(f"/help/b/lamps/{one}").raw for one in ("en", "ko")] == [seen["html"], korean]
    fresh = world.api("POST", LOOK.format("stools"), {"names": {"en": "Stools"}}, agent=ADMIN.id).ok()["html"]
    assert ("Stools" in fresh, 'href="/help/b/stools/en"' in fresh, "descale" in fresh) == (True, True, False)
    world.api("POST", LOOK.format("No such id"), {"names": {"en": "S"}}, agent=ADMIN.id).refused(400)
    world.api("POST", LOOK.format("stools"), {"names": {"en": "S"}, "colours": 1}, agent=ADMIN.id).refused(400)
    assert "Stools" not in world.page("/help/b/stools/en").raw


def test_whoever_may_change_settings_looks_at_a_brand_by_whatever_role(world: World) -> None:
    look = {"names": {"en": "Stools"}}
    world.api("POST", LOOK.format("stools"), look, agent=AGENT.id).refused(403)
    role = {"names": {"en": "Keeper"}, "permissions": ["read", "change_settings"]}
    world.api("PUT", "/v1/roles/keeper", role, agent=ADMIN.id).ok()
    keeper = {"name": "Kim", "email": "kim@desk.test", "role": "light", "custom_role": "keeper"}
    world.api("PUT", "/v1/agents/kim", keeper, agent=ADMIN.id).ok()
    world.api("POST", LOOK.format("stools"), look, agent="kim").ok()


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
    unnamed = world.page("/help/embed", headers={"Accept-Language": "fr, ko;q=0.8, en;q=0.5"})
    assert (unnamed.status, unnamed.headers["content-language"]) == (404, "ko")
    assert "이 주소에는 글이 없어요" in unnamed.raw
    assert '<html lang="ko"' in world.page("/help/embed/lamps", headers={"Accept-Language": "ko"}).raw


def test_what_follows_from_a_browsers_language_is_kept_for_nobody_else(world: World) -> None:
    lamps_and_chairs(world)
    nowhere = ("/help/nothing", "/help/b/lamps/nothing", "/help/images/a/b", "/help/logos/x", "/help/embed/nobody")
    told = ("/help", "/help/", "/help/b/lamps", "/help/b/lamps/", "/help/embed/lamps", *nowhere)
    for path in told:
        english, korean = (world.page(path, headers={"Accept-Language": one}) for one in ("en", "ko"))
        assert (english.raw, english.headers.get("location")) != (korean.raw, korean.headers.get("location")), path
        assert english.headers["cache-control"] == "private, no-store", path
    for path in ("/help/en", "/help/sitemap.xml", "/help/sitemap-1.xml", "/robots.txt", "/help/brand-ffe600.css"):
        english, korean = (world.page(path, headers={"Accept-Language": one}) for one in ("en", "ko"))
        assert english.headers["cache-control"].startswith("public"), path
        assert (english.raw, english.headers) == (korean.raw, korean.headers), path


def published(world: World, title: str, **more: object) -> dict[str, object]:
    made = world.api(
        "POST",
        "/v1/articles",
        {"language": "en", "title": title, "body": f"About the {title}.", **more},
        agent=ADMIN.id,
    ).ok()
    path, seen = f"/v1/articles/{made['id']}/texts/en/step", {"If-Match": f'"{made["version"]}"'}
    return dict(world.api("POST", path, {"step": "publish"}, agent=ADMIN.id, headers=seen).ok().body)


def test_what_a_brand_keeps_to_itself_is_found_at_no_other_by_page_search_suggestion_mail_or_site_map(
    world: World,
) -> None:
    lamps_and_chairs(world)
    world.api("PUT", "/v1/sections/lighting", {"names": {"en": "Lighting"}, "brands": ["lamps"]}, agent=ADMIN.id).ok()
    inside = {"names": {"en": "Bulbs"}, "parent": "lighting"}
    world.api("PUT", "/v1/sections/bulbs", inside, agent=ADMIN.id).ok()
    world.api("PUT", "/v1/sections/no", {"names": {"en": "No"}, "brands": ["nobody"]}, agent=ADMIN.id).refused(400)
    everywhere = published(world, "Refund policy flicker")
    own = published(world, "Flicker of a lamp", brands=["lamps"], related=[everywhere["id"]])
    in_section = published(world, "Flicker of bulbs", section="bulbs")
    world.api(
        "POST", "/v1/articles", {"language": "en", "title": "x", "body": "x", "brands": ["nobody"]}, agent=ADMIN.id
    ).refused(400)
    assert own["brands"] == ["lamps"]
    titles = {str(one["number"]): str(one["title"]) for one in (everywhere, own, in_section)}
    at_chairs = {HOST_HEADER: "help.chairs.example"}
    places: tuple[tuple[str, dict[str, str], str, set[str]], ...] = (
        ("/help/b/lamps", {}, "lamps", set(titles)),
        ("/help", at_chairs, "chairs", {str(everywhere["number"])}),
        ("/help", {}, "", {str(everywhere["number"])}),
    )
    for home, headers, brand, seen in places:
        named = f"&brand={brand}" if brand else ""
        suggested = world.api("GET", f"/v1/help/suggestions?q=flicker{named}").ok()["items"]
        pages = {
            "home": world.page(f"{home}/en", headers=headers).raw,
            "search": world.page(f"{home}/en/search?q=flicker", headers=headers).raw,
            "site map": world.page(f"{home}/sitemap-1.xml", headers=headers).raw,
            "suggestions": str(suggested),
            "related": world.page(
                f"{home}/en/articles/{everywhere['number']}-refund-policy-flicker", headers=headers
            ).raw,
        }
        for number, title in titles.items():
            opened = world.page(f"{home}/en/articles/{number}-{title.lower().replace(' ', '-')}", headers=headers)
            assert (opened.status == 200) is (number in seen), (home, title)
            said = world.page(f"{home}/en/articles/{number}-x", headers=headers, form={"helpful": "yes"})
            assert (said.status < 400) is (number in seen)
            if number not in seen:
                assert not [name for name, raw in pages.items() if title in raw], (home, title)
        if len(seen) > 1:
            assert all(titles[number] in pages[name] for number in seen for name in ("search", "suggestions"))
            assert all(f"/articles/{number}-" in pages["site map"] for number in seen)
        for section in ("lighting", "bulbs"):
            assert (world.page(f"{home}/en/sections/{section}", headers=headers).status == 200) is (len(seen) > 1)
    for brand, named_in_mail in (("lamps", True), (None, False)):
        more = {"brand": brand} if brand else {}
        world.open(
            f"{brand or 'nobody'}@example.com", subject="Flicker of a lamp", body="A flicker.", locale="en", **more
        )
        world.settle()
        letter = world.sent_to(f"{brand or 'nobody'}@example.com")[-1].text
        assert (
            "Flicker of a lamp\n" in letter.replace("\r", "") and "/help/b/lamps/en/articles/" in letter
        ) is named_in_mail
    # A list shows the reader's language, or names the one there is.
    assert '<span class="row__language">English</span>' in world.page("/help/ko").raw
    assert "row__language" not in world.page("/help/en").raw
    # Colleagues find everything, whichever brand it is for.
    ticket = world.ticket_ids[-1]
    found = world.api("GET", f"/v1/tickets/{ticket}/answers", agent=AGENT.id).ok()["articles"]
    assert {one["title"]: one["link"] is not None for one in found}["Flicker of a lamp"] is False


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def a_png(width: int, height: int, more: bytes = b"") -> bytes:
    return PNG + width.to_bytes(4) + height.to_bytes(4) + more


def uploaded(world: World, content: bytes) -> dict[str, str]:
    named = {"filename": "logo.png", "content_type": "image/png", "size": min(len(content), 25 * 1024 * 1024)}
    upload = world.api("POST", "/v1/uploads", named).ok()
    boto3.client("s3").put_object(Bucket=FILES_BUCKET, Key=upload["fields"]["key"], Body=content)
    return {"upload": str(upload["id"])}


def test_a_logo_is_uploaded_checked_by_its_bytes_and_shown_by_pages_and_mails_from_the_desk_itself(
    world: World,
) -> None:
    lamps_and_chairs(world)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    for wrong in (svg, b"GIF89a......", a_png(15, 64), a_png(64, 2001), PNG, a_png(64, 64, b"x" * MOST_BYTES)):
        world.api("POST", "/v1/logos", uploaded(world, wrong), agent=ADMIN.id).refused(400)
    world.api("POST", "/v1/logos", uploaded(world, a_png(64, 64)), agent=AGENT.id).refused(403)
    path = str(world.api("POST", "/v1/logos", uploaded(world, a_png(640, 64)), agent=ADMIN.id).ok()["address"])
    assert path.startswith("/help/logos/")
    world.api("PUT", "/v1/brands/lamps", LAMPS | {"logo_url": path}, agent=ADMIN.id).ok()
    shown = world.page(path)
    assert (shown.status, shown.headers["content-type"]) == (200, "image/png")
    assert "immutable" in shown.headers["cache-control"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert world.page("/help/logos/01JDA8Z0W3E6Q1V7N5T9XKRB4C").status == 404
    assert f'"{path}"' in world.page("/help/b/lamps/en").raw
    assert world.api("GET", "/v1/portal/site?brand=lamps").ok()["logo_url"] == path
    world.open("minsu@example.com", brand="lamps", locale="en")
    world.settle()
    assert f'"{BASE_URL}{path}"' in world.sent_to("minsu@example.com")[-1].html


@given(
    st.binary(max_size=60),
    st.sampled_from([b"", PNG, b"\xff\xd8\xff", b"RIFF....WEBPVP8 ", b"RIFF....WEBPVP8L", b"RIFF....WEBPVP8X"]),
)
def test_no_bytes_make_the_size_of_a_picture_go_wrong(rest: bytes, begins: bytes) -> None:
    found = size_of(begins + rest)
    assert found is None or found.width >= 0


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (b"\xff\xd8\xff\xe0\0\x04..\xff\xc0\0\x11\x08\0\x20\0\x40" + b".." * 9, Size(64, 32)),
        (b"RIFF....WEBPVP8X" + b"." * 8 + b"\x3f\0\0\x1f\0\0", Size(64, 32)),
        (b"RIFF....WEBPVP8L" + b"." * 5 + (63 | 31 << 14).to_bytes(4, "little") + b"." * 9, Size(64, 32)),
        (b"RIFF....WEBPVP8 " + b"." * 10 + b"\x40\0\x20\0", Size(64, 32)),
    ],
    ids=["jpeg", "webp extended", "webp lossless", "webp"],
)
def test_each_kind_of_picture_tells_its_size(content: bytes, size: Size) -> None:
    assert size_of(content) == size
