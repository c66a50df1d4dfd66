"""Who may read and write what, and what is not lost when two write at once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from helpdesk.canned import library as module
from helpdesk.canned.library import Library
from helpdesk.canned.model import Body, CannedResponse, Scope, Sharing
from helpdesk.canned.placeholders import PLACEHOLDERS
from helpdesk.canned.rules import checked_bodies, folder_of, may_edit, may_read
from helpdesk.canned.service import CannedService, Filter, Pen, Wish
from helpdesk.kernel.errors import Conflict, Forbidden, Invalid, KeyReused, NotFound, StaleVersion
from helpdesk.kernel.shelves import KeptShelf
from helpdesk.mail.html import sanitize, to_text
from helpdesk.people.model import Agent, Role
from tests.fakes.shelves import FakeShelf
from tests.fakes.together import FakeSignatures
from tests.support.desks import DESK, RULES, agent
from tests.support.lives import Life

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINA, JUN = DESK.agents["mina"], DESK.agents["jun"]
CHIEF = agent("chief", "support", role=Role.SUPERVISOR)
OTHER_CHIEF = agent("boss", "billing", role=Role.SUPERVISOR)
ADMIN = DESK.agents["adam"]
SHARINGS = {
    "own": Sharing(Scope.PERSONAL, MINA.id),
    "group": Sharing(Scope.GROUP, "support"),
    "shared": Sharing(Scope.SHARED),
}


class Room:
    """A desk's canned responses in memory."""

    def __init__(self) -> None:
        self.shelf: FakeShelf[CannedResponse] = FakeShelf()
        self.seconds = 0.0
        self.signatures = FakeSignatures()
        self.signatures.put(MINA.id, "-- mina")
        pen = Pen(lambda: DESK, lambda: NOW, lambda one: f"https://desk.test/{one}", safe, self.signatures)
        kept = KeptShelf(self.shelf, lambda: self.seconds)
        self.service = CannedService(Library(self.shelf, kept, lambda: NOW, "canned response"), pen, to_text)

    def add(self, who: Agent, title: str = "Hello", scope: Scope = Scope.PERSONAL, **rest: object) -> CannedResponse:
        key = rest.pop("key", None)
        assert key is None or isinstance(key, str)
        return self.service.create(wish(title, scope, **rest), who, key=key, made_from=title)


def safe(html: str) -> str:
    return sanitize(html)[0]


def wish(title: str = "Hello", scope: Scope = Scope.PERSONAL, **rest: object) -> Wish:
    parts: dict[str, object] = {"folder": "", "group": None, "bodies": {"en": Body("Hi {{requester.name|there}}")}}
    return Wish(title, scope=scope, **(parts | rest))


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.mark.parametrize(
    ("who", "reads", "edits"),
    [
        (MINA, {"own", "group", "shared"}, {"own"}),
        (agent("kim", "billing"), {"shared"}, set()),
        (CHIEF, {"group", "shared"}, {"group", "shared"}),
        (OTHER_CHIEF, {"shared"}, {"shared"}),
        (ADMIN, {"group", "shared"}, {"group", "shared"}),
    ],
    ids=lambda value: value.id if isinstance(value, Agent) else "",
)
def test_who_may_read_and_edit(who: Agent, reads: set[str], edits: set[str]) -> None:
    assert {name for name, sharing in SHARINGS.items() if may_read(sharing, who)} == reads
    assert {name for name, sharing in SHARINGS.items() if may_edit(sharing, who)} == edits


def test_what_one_may_not_read_is_not_there_and_what_one_may_only_read_is_forbidden(room: Room) -> None:
    own = room.add(MINA)
    of_all = room.add(CHIEF, scope=Scope.SHARED)
    with pytest.raises(NotFound):
        room.service.library.get(own.id, JUN)
    with pytest.raises(NotFound):
        room.service.library.delete(own.id, JUN, version=1)
    with pytest.raises(NotFound):
        room.service.library.peek("nonsense", MINA)
    with pytest.raises(Forbidden):
        room.service.library.delete(of_all.id, MINA, version=1)
    with pytest.raises(Forbidden):
        room.service.change(own.id, wish(scope=Scope.SHARED), MINA, version=1)
    with pytest.raises(Forbidden):
        room.add(MINA, scope=Scope.GROUP, group="support")


def test_two_who_change_one_at_once_do_not_overwrite_each_other(room: Room) -> None:
    made = room.add(MINA)
    assert room.service.change(made.id, wish("First"), MINA, version=1).version == 2
    with pytest.raises(StaleVersion) as refusal:
        room.service.change(made.id, wish("Second"), MINA, version=1)
    assert refusal.value.current == 2
    assert room.service.library.get(made.id, MINA).title == "First"
    room.service.library.delete(made.id, MINA, version=2)
    with pytest.raises(NotFound):
        room.service.library.get(made.id, MINA)


def test_creating_again_with_the_same_key_gives_the_first_and_another_body_is_refused(room: Room) -> None:
    first = room.add(MINA, "Hello", key="k")
    assert room.add(MINA, "Hello", key="k") == first
    with pytest.raises(KeyReused):
        room.add(MINA, "Other", key="k")
    assert room.add(JUN, "Other", key="k").id != first.id
    assert len(room.shelf.items) == 2


def test_there_is_an_end_to_what_one_can_pile_up(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PERSONAL", 2)
    monkeypatch.setattr(module, "MAX_ITEMS", 3)
    for title in ("a", "b"):
        room.add(MINA, title)
    with pytest.raises(Conflict):
        room.add(MINA, "c")
    room.add(JUN, "c")
    with pytest.raises(Conflict):
        room.add(CHIEF, "d", scope=Scope.SHARED)


def test_a_list_is_sorted_by_folder_and_title_paged_and_filtered(room: Room) -> None:
    for title, folder in (("b", "Billing/Refunds"), ("a", "Billing"), ("C", ""), ("d", "Billingual")):
        room.add(MINA, title, folder=folder)
    room.add(CHIEF, "e", scope=Scope.GROUP, group="support")
    room.add(JUN, "hidden")

    def listed(**wanted: object) -> str:
        return "".join(one.title for one in room.service.page(Filter(**wanted), MINA, limit=9, position=None).items)

    assert listed() == "Ceabd"
    assert listed(folder="Billing") == "ab"
    assert listed(scope=Scope.GROUP) == listed(group="support") == "e"
    assert listed(query="refunds") == "b"
    first = room.service.page(Filter(), MINA, limit=3, position=None)
    rest = room.service.page(Filter(), MINA, limit=3, position=first.next_position)
    assert [one.title for one in (*first.items, *rest.items)] == list("Ceabd")
    assert rest.next_position is None
    assert room.service.folders(MINA) == ["Billing", "Billing/Refunds", "Billingual"]


def test_a_page_holds_no_more_than_an_answer_can(room: Room) -> None:
    for number in range(12):
        room.add(MINA, f"{number:02}", bodies={"en": Body("x" * 140_000)})
    pages, position = [], None
    while not pages or position is not None:
        page = room.service.page(Filter(), MINA, limit=100, position=position)
        pages.append([one.title for one in page.items])
        position = page.next_position
    assert [len(page) for page in pages] == [7, 5]
    assert [title for page in pages for title in page] == [f"{number:02}" for number in range(12)]


def test_a_preview_is_filled_for_the_ticket_and_counted_only_when_it_is_used(room: Room) -> None:
    made = room.add(
        MINA, bodies={"en": Body("Hi {{requester.name}}"), "ko": Body("{{requester.name}} 님, {{group.name}}")}
    )
    ticket = Life(RULES).open().stands
    shown = room.service.preview(made.id, ticket, MINA)
    assert (shown.language, shown.body.text, shown.empty) == ("ko", "김민수 님, ", ("group.name",))
    assert room.service.preview(made.id, ticket, MINA, language="en").body.text == "Hi 김민수"
    assert room.shelf.uses == {}
    room.service.preview(made.id, ticket, MINA, used=True)
    assert room.shelf.uses == {made.id: 1}
    assert room.signatures.asked == 0


def test_a_signature_is_read_only_for_a_text_that_shows_one(room: Room) -> None:
    made = room.add(MINA, bodies={"en": Body("Bye\n{{agent.signature}}")})
    assert room.service.preview(made.id, Life(RULES).open().stands, MINA).body.text == "Bye\n-- mina"
    assert room.signatures.asked == 1


def test_all_of_a_shelf_is_read_again_only_when_it_was_changed_or_is_old(room: Room) -> None:
    room.add(MINA)
    room.service.library.readable(MINA)
    loads = room.shelf.loads
    room.seconds = 100
    room.service.library.readable(MINA)
    assert room.shelf.loads == loads
    room.shelf.create(replace(next(iter(room.shelf.items.values())), id="01JD0000000000000000000002"))
    assert len(room.service.library.readable(MINA)) == 1, "a copy counts for some seconds"
    room.seconds = 106
    assert len(room.service.library.readable(MINA)) == 2
    room.seconds = 500
    room.service.library.readable(MINA)
    assert room.shelf.loads == loads + 2, "counts of use are fetched now and then"


@pytest.mark.parametrize(
    ("bodies", "pointer"),
    [
        ({}, "/bodies"),
        ({"en": Body("  ")}, "/bodies/en"),
        ({"English": Body("x")}, "/bodies/English"),
        ({"a/b": Body("x")}, "/bodies/a~1b"),
        ({"en": Body("Hi {{requester.nmae}}")}, "/bodies/en"),
        ({"en": Body("Hi", "<p>{{nothing}}</p>")}, "/bodies/en"),
        ({"en": Body("가" * 50_001)}, "/bodies"),
        ({f"a{chr(97 + n)}": Body("x") for n in range(21)}, "/bodies"),
    ],
    ids=["none", "empty", "no tag", "odd tag", "unknown name", "unknown name in html", "too long", "too many"],
)
def test_bodies_that_cannot_be_kept_are_named(bodies: dict[str, Body], pointer: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_bodies(bodies, "/bodies", sanitize=safe, to_text=to_text)
    assert refusal.value.errors[0].pointer == pointer


def test_html_is_sanitised_and_has_plain_text_beside_it() -> None:
    given = {"en": Body("", "<p onclick='x()'>Hi <b>{{requester.name|you}}</b><script>alert(1)</script></p>")}
    found = checked_bodies(given, "/bodies", sanitize=safe, to_text=to_text)["en"]
    assert found == Body("Hi {{requester.name|you}}", "<p>Hi <b>{{requester.name|you}}</b></p>")


def test_every_documented_placeholder_can_be_saved() -> None:
    text = " ".join(f"{{{{{name}|x}}}}" for name in (*PLACEHOLDERS, "ticket.fields.order no"))
    assert checked_bodies({"en": Body(text)}, "/bodies", sanitize=safe, to_text=to_text)["en"].text == text


def test_a_folder_is_tidied() -> None:
    assert [folder_of(path) for path in ("/A//B/ ", "", " a  b ")] == ["A/B", "", "a b"]


def test_a_title_of_spaces_is_refused(room: Room) -> None:
    with pytest.raises(Invalid):
        room.add(MINA, " \n ")
