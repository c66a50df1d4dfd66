"""Articles from the draft to the page, by the API and the pages themselves."""

import re
from typing import Any
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from benchmarks.meter import metering
from tests.support.attacks import ATTACKS
from tests.support.community import Customer, moderate, open_community
from tests.support.desk import ADMIN
from tests.support.world import Answered, World

_LEADS_ASTRAY = re.compile(r"\s*(?:javascript|vbscript|data|.*evil)", re.IGNORECASE)
AGENT, SUPERVISOR = "jiwoo", "suki"

NASTY = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[b](JaVaScRiPt&#58;alert(1))",
    "[c](data:text/html;base64,PHNjcmlwdD4=)",
    "![d](javascript:alert(1))",
    '![e](https://evil.test/pixel.png "t")',
    '[f](https://a.test "x" onmouseover="alert(1)")',
    "<svg/onload=alert(1)>",
    "[g](vbscript:msgbox)",
    "<a href='javascript:alert(1)'>h</a>",
    "`<iframe src=//evil.test>`",
    "[i]: javascript:alert(1)\n\n[i]",
    '<https://a.test/"onclick=alert(1)>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<style>body{display:none}</style>",
    "# <b onclick=alert(1)>Heading</b>",
    "| a<script> |\n|---|\n| <img onerror=alert(1)> |",
)


SCRIPTS = ({"type": "application/ld+json"}, {"type": "module", "src": "/framed.js"})
"""The only ones that a page of the help centre has: what search engines read, and the form for other websites."""


def write(world: World, title: str, body: str = "Some words.", language: str = "en", **more: Any) -> Answered:
    wish = {"language": language, "title": title, "body": body, **more}
    return world.api("POST", "/v1/articles", wish, agent=AGENT).ok()


def step(
    world: World, article: Answered, kind: str, language: str = "en", agent: str = SUPERVISOR, **more: Any
) -> Answered:
    path = f"/v1/articles/{article['id']}/texts/{language}/step"
    return world.api("POST", path, {"step": kind, **more}, agent=agent, headers={"If-Match": f'"{article["version"]}"'})


def publish(world: World, title: str, body: str = "Some words.", language: str = "en", **more: Any) -> Answered:
    return step(world, write(world, title, body, language, **more), "publish", language).ok()


def translate(world: World, article: Answered, language: str, title: str, body: str = "…") -> Answered:
    path = f"/v1/articles/{article['id']}/texts/{language}"
    headers = {"If-Match": f'"{article["version"]}"'}
    return world.api("PUT", path, {"title": title, "body": body}, agent=AGENT, headers=headers).ok()


def found(world: World, query: str, locale: str = "en", token: str | None = None) -> list[str]:
    answer = world.api("GET", f"/v1/help/suggestions?q={quote(query)}&locale={locale}", token=token).ok()
    return [one["title"] for one in answer["items"]]


def test_an_article_goes_from_draft_by_review_to_a_page_and_every_version_stays(world: World) -> None:
    draft = write(world, "Reset your password", "Open **settings**.\n\n## Then\n\nChoose a new one.")
    assert draft["languages"]["en"]["state"] == "draft"
    path = draft["languages"]["en"]["address"]
    assert path is None
    assert found(world, "reset password") == []
    step(world, draft, "publish", agent=AGENT).refused(403, "forbidden")

    asked = step(world, draft, "ask_for_review", agent=AGENT).ok()
    assert asked["languages"]["en"]["state"] == "review"
    back = step(world, asked, "give_back", reason="Say where the settings are.").ok()
    assert (back["languages"]["en"]["state"], back["languages"]["en"]["reason"]) == (
        "draft",
        "Say where the settings are.",
    )
    better = world.api(
        "PUT",
        f"/v1/articles/{draft['id']}/texts/en",
        {"title": "Reset your password", "body": "Open **settings** at the top right.\n\n## Then\n\nChoose a new one."},
        agent=AGENT,
        headers={"If-Match": f'"{back["version"]}"'},
    ).ok()
    live = step(world, better, "publish").ok()

    page = world.page(live["languages"]["en"]["address"])
    assert page.status == 200
    assert "Open <strong>settings</strong> at the top right." in page.raw
    assert 'rel="canonical" href="https://desk.test/help/en/articles/1-reset-your-password"' in page.raw
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"].startswith("public")
    again = world.page(live["languages"]["en"]["address"], headers={"If-None-Match": page.headers["etag"]})
    assert (again.status, again.raw) == (304, "")
    assert world.page("/help/en/articles/1-old-name").headers["location"] == "/help/en/articles/1-reset-your-password"
    assert found(world, "reset pasword") == ["Reset your password"]

    second = world.api(
        "PUT",
        f"/v1/articles/{draft['id']}/texts/en",
        {"title": "Forgot your password?", "body": "Ask for a mail."},
        agent=AGENT,
        headers={"If-Match": f'"{live["version"]}"'},
    ).ok()
    assert "Open <strong>settings</strong>" in world.page("/help/en/articles/1-reset-your-password").raw
    assert found(world, "forgot mail") == [], "words of a draft lead nobody to what is published"
    newer = step(world, second, "publish").ok()
    assert "Ask for a mail." in world.page("/help/en/articles/1-forgot-your-password").raw
    base = f"/v1/articles/{draft['id']}/texts/en"
    versions = world.api("GET", f"{base}/revisions", agent=AGENT).ok()["items"]
    assert [(one["revision"], one["live"]) for one in versions] == [(2, True), (1, False)]
    difference = world.api("GET", f"{base}/difference?before=1&after=2", agent=AGENT).ok()["items"]
    assert {"change": "added", "text": "Ask for a mail."} in difference
    restored = world.api(
        "POST", f"{base}/restore", {"revision": 1}, agent=AGENT, headers={"If-Match": f'"{newer["version"]}"'}
    ).ok()
    trail = world.api("GET", "/v1/audit?kind=article", agent=ADMIN.id).ok()["items"]
    assert [(one["action"], one["actor"]["id"], one["target"]) for one in trail] == [
        ("rolled_back", AGENT, draft["id"]),
        ("published", SUPERVISOR, draft["id"]),
        ("published", SUPERVISOR, draft["id"]),
        ("returned", SUPERVISOR, draft["id"]),
    ]
    assert trail[0]["after"] == {"language": "en", "revision": 3, "to_revision": 1}
    old = step(world, restored, "publish").ok()
    assert "at the top right" in world.page(old["languages"]["en"]["address"]).raw
    world.api("PUT", base, {"title": "x", "body": ""}, agent=AGENT, headers={"If-Match": '"1"'}).refused(
        409, "stale_version"
    )


def test_an_article_is_published_by_itself_when_its_hour_comes_and_gone_when_it_is_taken_back(world: World) -> None:
    draft = write(world, "Holiday hours", "We are closed.")
    planned = step(world, draft, "publish", publish_at="2026-11-23T02:00:00Z").ok()
    assert planned["languages"]["en"]["state"] == "scheduled"
    assert world.page("/help/en/articles/1-holiday-hours").status == 404
    assert found(world, "holiday hours") == []
    world.clock.advance(hours=1)
    assert world.page("/help/en/articles/1-holiday-hours").status == 200
    assert found(world, "holiday hours") == ["Holiday hours"]
    now = world.api("GET", f"/v1/articles/{draft['id']}", agent=AGENT).ok()
    assert now["languages"]["en"]["state"] == "published"
    step(world, now, "take_back").ok()
    assert world.page("/help/en/articles/1-holiday-hours").status == 404
    assert found(world, "holiday hours") == []


def test_a_translation_is_stale_once_its_source_says_something_else(world: World) -> None:
    live = publish(world, "Change your plan", "Choose one.")
    korean = step(world, translate(world, live, "ko", "요금제 변경", "하나를 고르세요."), "publish", "ko").ok()
    assert korean["languages"]["ko"]["stale"] is False
    page = world.page(korean["languages"]["ko"]["address"])
    assert 'lang="ko"' in page.raw
    assert 'hreflang="en" href="https://desk.test/help/en/articles/1-change-your-plan"' in page.raw
    assert found(world, "요금제 바꾸기", "ko") == ["요금제 변경"]
    japanese = world.page("/help/ja/articles/1-change-your-plan")
    assert (japanese.status, "English" in japanese.raw) == (200, True)
    newer = step(world, translate(world, korean, "en", "Change your plan", "Choose another one."), "publish").ok()
    assert newer["languages"]["ko"]["stale"] is True
    assert world.api("GET", "/v1/articles?stale=true", agent=AGENT).ok()["items"][0]["id"] == live["id"]


def test_what_is_restricted_is_nowhere_for_who_may_not_read_it(world: World) -> None:
    home = world.api("POST", "/v1/organizations", {"name": "Hanbit", "domains": ["hanbit.example"]}, agent=AGENT).ok()
    world.api("POST", "/v1/organizations", {"name": "Other", "domains": ["other.example"]}, agent=AGENT).ok()
    ours = publish(world, "Zebra contract", "Zebra prices.", audience="organizations", organizations=[home["id"]])
    secret = publish(world, "Zebra margins", "Zebra secrets.", audience="internal")
    known = publish(world, "Zebra manual", "Zebra handling.", audience="signed_in", related=[ours["id"], secret["id"]])
    everybodys = publish(world, "Zebra basics", "Zebra stripes.", related=[ours["id"], secret["id"], known["id"]])
    member = world.open("kim@hanbit.example")["access_token"]
    stranger = world.open("lee@other.example")["access_token"]

    readable = {
        None: {"Zebra basics"},
        stranger: {"Zebra basics", "Zebra manual"},
        member: {"Zebra basics", "Zebra manual", "Zebra contract"},
    }
    for token, titles in readable.items():
        assert set(found(world, "zebra", token=token)) == titles
        assert set(re.findall(r'row__title">([^<]+)', world.page("/help/en/search?q=zebra", token=token).raw)) == titles
        assert set(re.findall(r'row__title">([^<]+)', world.page("/help/en", token=token).raw)) == titles
        related = re.findall(
            r'row__title">([^<]+)', world.page(everybodys["languages"]["en"]["address"], token=token).raw
        )
        assert set(related) == titles - {"Zebra basics"}
        for one in (ours, secret, known, everybodys):
            page = world.page(one["languages"]["en"]["address"], token=token)
            assert (page.status == 200) is (one["title"] in titles)
            assert page.status in {200, 404}
    missing = world.page("/help/en/articles/99-nothing")
    assert world.page(secret["languages"]["en"]["address"]).raw == missing.raw, (
        "what may not be read is as what is not there"
    )
    assert world.page(ours["languages"]["en"]["address"], token=member).headers["cache-control"] == "private, no-store"
    asked = world.open("kim@hanbit.example", subject="Zebra trouble", body="Our zebra prices are wrong")["ticket"]["id"]
    world.settle()
    world.api("GET", f"/v1/requests/{asked}", token=stranger).refused(404)
    listed = world.api("GET", "/v1/portal/requests", token=stranger)
    assert asked not in str(listed.raw)
    sitemap = world.page("/help/sitemap-1.xml").raw
    assert "zebra-basics" in sitemap
    assert not re.search("contract|margins|manual", sitemap)
    assert "/help/sitemap-1.xml" in world.page("/help/sitemap.xml").raw
    assert "Sitemap: https://desk.test/help/sitemap.xml" in world.page("/robots.txt").raw
    assert world.api("GET", f"/v1/articles/{secret['id']}", token=member).status == 401


def test_nothing_an_author_writes_is_ever_active(world: World) -> None:
    body = "\n\n".join((*NASTY, *ATTACKS))
    live = publish(
        world, 'Title <script>alert(1)</script> " onload="alert(1)', body, summary="<img onerror=alert(1)> sum"
    )
    pages = [
        world.page(live["languages"]["en"]["address"]).raw,
        world.page("/help/en").raw,
        world.page("/help/en/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22onfocus=%22alert(1)").raw,
        world.page("/help/en/search?q=title").raw,
        world.page("/help/en/articles/%3Cscript%3E").raw,
    ]
    title, lead, foot = (
        {"en": " ".join(some)[:most]} for some, most in ((ATTACKS[:4], 120), (ATTACKS[4:9], 200), (ATTACKS[9:], 200))
    )
    named = {"en": '<b onclick=alert(1)>"onload="alert(1)'}
    words = {"names": named, "titles": title, "leads": lead, "footers": foot}
    words |= {"links": [{"names": named, "address": "https://a.test/"}]}
    world.api("PUT", "/v1/brands/nasty", words, agent=ADMIN.id).ok()
    pages += [world.page("/help/b/nasty/en").raw, world.page("/help/embed/nasty").raw]
    preview = world.api("POST", "/v1/articles/preview", {"body": body}, agent=AGENT).ok()["html"]
    open_community(world)
    eve = Customer(world, "eve@example.com", "Eve")
    asked = eve.ask('Title <script>alert(1)</script> "onload="alert(1)', body)
    moderate(world, asked, asked, "release", SUPERVISOR).ok()
    posts = [eve.answer(asked, one) for one in (body, *NASTY)]
    thread = eve.read(asked).ok()
    assert len(thread["answers"]) == len(posts)
    shown = [thread["post"]["html"], *(one["html"] for one in thread["answers"])]
    community = world.page(world.page("/help/en/community/1").headers["location"]).raw
    own = world.page("/help/en/community/1", cookie=eve.cookie).headers["location"]
    pages += [community, world.page("/help/en/community").raw, world.page(own, cookie=eve.cookie).raw, *shown]
    for text in (*pages, preview):
        for node in LexborHTMLParser(text).css("*"):
            values = {name: value or "" for name, value in node.attributes.items()}
            assert not [name for name in values if name.startswith("on")], values
            assert not [one for one in ("href", "src", "action") if _LEADS_ASTRAY.match(values.get(one, ""))], values
            assert node.tag != "script" or values in SCRIPTS
            assert node.tag not in {"iframe", "style", "object", "embed"}
            assert node.tag != "base" or values == {"target": "_blank"}  # of the form for other websites
        data = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
        assert data is None or "<" not in data[1]


def test_a_suggestion_while_typing_costs_two_queries_at_most_however_much_was_typed(world: World) -> None:
    publish(world, "Clear a paper jam", "Open the lid.")
    found(world, "paper")  # the first one reads the index and the articles
    with metering(world) as reading:
        assert found(world, "the printer has a paper jam and " * 5) == ["Clear a paper jam"]
    assert set(reading.calls) == {"dynamodb.Query"}
    assert reading.calls["dynamodb.Query"] <= 2


def test_readers_say_whether_it_helped_once_and_in_words(world: World) -> None:
    live = publish(world, "Scan to mail", "Press *scan*.")
    address = live["languages"]["en"]["address"]
    before = world.api("GET", f"/v1/articles/{live['id']}", agent=AGENT).ok()
    assert (before["helpful"], before["views"]) == (0, 0)
    world.page(address)
    sent = world.page(address, form={"helpful": "no"})
    assert sent.status == 303
    asked = world.page(sent.headers["location"])
    assert "What was missing or unclear?" in asked.raw
    vote = re.search(r'name="vote" value="(\w+)"', asked.raw)
    assert vote is not None
    world.page(address, form={"vote": vote[1], "comment": "It has <b>no</b> scan key."})
    world.page(address, form={"helpful": "yes"})
    world.page(address, form={"helpful": "yes"}, ip="198.51.100.99")
    assert (
        world.page(address, form={"helpful": "yes"}, headers={"Sec-Fetch-Site": "cross-site"}, ip="192.0.2.1").status
        == 404
    )
    after = world.api("GET", f"/v1/articles/{live['id']}", agent=AGENT).ok()
    assert (after["helpful"], after["unhelpful"], after["views"]) == (1, 1, 1)
    said = world.api("GET", f"/v1/articles/{live['id']}/feedback", agent=AGENT).ok()["items"]
    assert {(one["helpful"], one["comment"]) for one in said} == {(True, ""), (False, "It has <b>no</b> scan key.")}
    place = f"/v1/articles/{live['id']}/feedback/{said[0]['id']}"
    world.api("DELETE", place, agent=AGENT).refused(403)
    world.api("DELETE", place, agent=SUPERVISOR).ok()
    assert len(world.api("GET", f"/v1/articles/{live['id']}/feedback", agent=AGENT).ok()["items"]) == 1


def test_searches_that_lead_nowhere_are_told_without_what_may_tell_of_somebody(world: World) -> None:
    live = publish(world, "Paper jam", "Open the back door.")
    for _ in range(2):
        world.page("/help/en/search?q=Flux+Capacitor")
    world.page("/help/en/search?q=paper+jam")
    world.page("/help/en/search?q=back+door")
    world.page(f"{live['languages']['en']['address']}?q=back+door")
    world.page("/help/en/search?q=kim@example.com")
    world.page("/help/en/search?q=010-1234-5678")
    gaps = world.api("GET", "/v1/articles/gaps", agent=AGENT).ok()
    assert [(one["words"], one["asked"]) for one in gaps["nothing_found"]] == [("flux capacitor", 2)]
    assert [one["words"] for one in gaps["nothing_opened"]] == ["paper jam"]


def test_sections_stand_two_deep_and_show_what_is_in_them(world: World) -> None:
    def put(name: str, **body: Any) -> Answered:
        return world.api("PUT", f"/v1/sections/{name}", {"names": {"en": name.title()}, **body}, agent=SUPERVISOR)

    put("printers", descriptions={"en": "All about printing."}).ok()
    put("ink", parent="printers").ok()
    put("toner", parent="ink").refused(400)
    world.api("PUT", "/v1/sections/mine", {"names": {"en": "x"}}, agent=AGENT).refused(403)
    publish(world, "Order ink", section="ink")
    home = world.page("/help/en").raw
    assert "Printers" in home
    assert "1 article" in home
    open_community(world)
    ann = Customer(world, "ann@example.com", "Ann")
    ann.ask("Which ink is it?", topic="printers")
    for members, asked in ((False, True), (True, False)):
        open_community(world, signed_in_only=members)
        page = world.page("/help/en/sections/printers", cookie=ann.cookie).raw
        assert ('/help/en/community/1-which-ink-is-it"' in page, "Asked by customers" in page) == (asked, asked)
    section = world.page("/help/en/sections/printers")
    assert "Order ink" in section.raw
    assert world.page("/help/en/sections/nothing").status == 404
    write(world, "x", section="ink").ok()
    world.api(
        "POST", "/v1/articles", {"language": "en", "title": "x", "body": "", "section": "no"}, agent=AGENT
    ).refused(400)
    assert world.page("/help", headers={"Accept-Language": "fr, ko;q=0.9"}).headers["location"] == "/help/ko"


def test_the_mail_that_says_a_request_has_come_names_what_may_answer_it_and_following_links_solves_nothing(
    world: World,
) -> None:
    live = publish(world, "The printer shows error 0x8007", "Turn the printer off, wait a minute, turn it on again.")
    publish(world, "Printer margins of ours", "Secret printer prices 0x8007.", audience="internal")
    for number in range(6):
        publish(world, f"Holiday hours {number}", "We are closed on public holidays.")
    opened = world.open("ann@example.com", subject="Printer shows error", body="My printer shows error 0x8007 again")
    ticket_id = opened["ticket"]["id"]
    world.settle()
    mail = world.sent_to("ann@example.com")[-1]
    assert live["languages"]["en"]["address"] in mail.text
    assert "margins" not in mail.text
    link = mail.link("/help/en/solved/").removeprefix("https://desk.test")
    asked = world.page(link)
    assert "The printer shows error 0x8007" in asked.raw
    assert world.ticket(ticket_id).status == "new", "who follows links does nothing"
    assert world.page(link + "x").status == 404
    for _ in range(2):
        sent = world.page(link, form={"helped": "no"})
    assert "stays open" in world.page(sent.headers["location"]).raw
    assert (world.ticket(ticket_id).status, world.ticket(ticket_id).tags) == ("new", ("no-article-helped",))
    sent = world.page(link, form={"article": live["id"]})
    assert world.page(sent.headers["location"]).status == 200
    assert world.ticket(ticket_id).status == "solved"
    world.page(link, form={"article": live["id"]})
    assert world.api("GET", f"/v1/articles/{live['id']}", agent=AGENT).ok()["solved"] == 1
    (use,) = world.api("GET", f"/v1/articles/{live['id']}/tickets", agent=AGENT).ok()["items"]
    assert (use["ticket_id"], use["by"], use["solved_at"] is not None) == (ticket_id, None, True)
    other = world.open("bea@example.com", subject="Quantum flux", body="Entangled")["ticket"]["id"]
    world.settle()
    assert "/help/" not in world.sent_to("bea@example.com")[-1].text
    assert [one["ticket_id"] for one in world.api("GET", "/v1/articles/gaps", agent=AGENT).ok()["tickets"]] == [other]


def test_a_solution_serves_colleagues_at_once_and_customers_once_it_is_approved(world: World) -> None:
    publish(world, "Order toner", "Choose your printer model.")
    ticket_id = world.open("ann@example.com", subject="Grinding noise", body="The drawer grinds loudly")["ticket"]["id"]
    wish = {"title": "Grinding noise of the drawer", "body": "Take the drawer out and grease both rails."}
    made = world.api("POST", f"/v1/tickets/{ticket_id}/solutions", wish, agent=AGENT).ok()
    assert (made["kind"], made["provisional"], made["from_ticket"]) == ("solution", True, ticket_id)
    assert world.api("POST", f"/v1/tickets/{ticket_id}/solutions", wish, agent=AGENT).ok()["id"] == made["id"]
    like = world.open("bea@example.com", subject="Noise", body="My drawer makes a grinding noise")["ticket"]["id"]
    (best, *_) = world.api("GET", f"/v1/tickets/{like}/answers", agent=SUPERVISOR).ok()["articles"]
    assert (best["id"], best["provisional"], best["link"], best["used"]) == (made["id"], True, None, False)
    assert found(world, "grinding noise") == []
    world.api("POST", f"/v1/tickets/{like}/answers", {"article_id": made["id"]}, agent=AGENT).ok()
    tickets = world.api("GET", f"/v1/articles/{made['id']}/tickets", agent=AGENT).ok()["items"]
    assert {one["ticket_id"] for one in tickets} == {ticket_id, like}
    world.patch(like, AGENT, status="solved")
    world.settle()
    world.settle()
    uses = world.api("GET", f"/v1/articles/{made['id']}/tickets", agent=AGENT).ok()["items"]
    assert {one["ticket_id"]: one["solved_at"] is not None for one in uses} == {ticket_id: False, like: True}
    assert world.api("GET", f"/v1/articles/{made['id']}", agent=AGENT).ok()["solved"] == 1

    back = step(world, made, "give_back", reason="Name the grease.").ok()
    assert back["languages"]["en"]["reason"] == "Name the grease."
    path = f"/v1/articles/{made['id']}"
    body = {"title": wish["title"], "body": "Take the drawer out and grease both rails with silicone."}
    better = world.api("PUT", f"{path}/texts/en", body, agent=AGENT, headers={"If-Match": f'"{back["version"]}"'}).ok()
    change = {"audience": "public"}
    public = world.api("PATCH", path, change, agent=SUPERVISOR, headers={"If-Match": f'"{better["version"]}"'}).ok()
    live = step(world, public, "publish").ok()
    assert (live["kind"], live["provisional"]) == ("article", False)
    assert found(world, "grinding noise") == ["Grinding noise of the drawer"]
    assert "silicone" in world.page(live["languages"]["en"]["address"]).raw
    world.api("GET", f"/v1/tickets/{like}/answers", agent=AGENT).ok()


def test_a_code_that_nobody_wrote_is_suggested_nothing_and_a_misspelt_question_its_answer(world: World) -> None:
    publish(world, "Shipping costs", "Devices over 20 kg are brought by a carrier.")
    publish(world, "Which toner fits?", "Cartridges of 20 and of 30 grams are the same.")
    publish(world, "Clear a paper jam", "Open the rear cover.")
    for words in ("zq4a2f20aa", "PO 4471-20-30", "Netflix subscription of my sister"):
        assert found(world, words) == [], words
        assert found(world, f"{words} shipping costs")[:1] == ["Shipping costs"], words
    assert found(world, "how do I clear a papper jam") == ["Clear a paper jam"]
    assert "Shipping costs" in world.page("/help/en/search?q=shiping").raw
    assert "Shipping costs" not in world.page("/help/en/search?q=zq4a2f20aa").raw
