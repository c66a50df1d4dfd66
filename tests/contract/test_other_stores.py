"""What the stores of configuration, mail, files and counted calls promise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.channels.model import Upload
from helpdesk.desk.model import BlockedSender, Category, Desk, General, Limits
from helpdesk.forms.model import (
    Choice,
    Condition,
    CustomerAccess,
    Element,
    ElementKind,
    FieldDefinition,
    FieldType,
    FormChannel,
    FormDefinition,
    UnknownFields,
)
from helpdesk.kernel.errors import Conflict, Invalid, NotFound, StaleVersion
from helpdesk.kernel.ids import new_id
from helpdesk.mail.ledger import Arrival, LedgerEntry
from helpdesk.mail.rules import Outcome, Verdicts
from helpdesk.people.model import Person
from helpdesk.tickets.model import Attachment, Priority
from helpdesk.tickets.rules import decide
from helpdesk.tickets.service import Extras
from helpdesk.tickets.workflow import PriorityMatrix, PriorityRow
from tests.contract.conftest import Stores
from tests.support.desks import BILLING, DESK, RULES, SEOUL, STANDARD, a_desk
from tests.support.lives import MONDAY_TEN_IN_SEOUL as NOW
from tests.support.lives import REQUESTER, opening
from tests.support.messages import a_person

# --- configuration ---------------------------------------------------------------------------------------------------


def test_a_desk_that_nobody_configured_has_the_usual_settings(stores: Stores) -> None:
    assert stores.desk.load() == Desk()


def test_a_desk_is_loaded_as_it_was_saved(stores: Stores) -> None:
    stores.desk.save(DESK)
    assert stores.desk.load() == DESK
    assert list(stores.desk.load().policies) == [BILLING, STANDARD]


def test_what_is_switched_off_stays_off(stores: Stores) -> None:
    general = General(survey_delay_seconds=None, close_after_seconds=None, limits=Limits(requests_per_ip_per_minute=0))
    stores.desk.save(a_desk(general=general))
    assert stores.desk.load().general == general
    stores.desk.save(DESK)
    assert stores.desk.load().general.survey_delay_seconds == 3600


def test_policies_are_tried_in_the_order_they_were_saved_in_last(stores: Stores) -> None:
    stores.desk.save(DESK)
    stores.desk.save(a_desk(policies=(replace(STANDARD, version=4), BILLING)))
    assert [(one.id, one.version) for one in stores.desk.load().policies] == [("standard", 4), ("billing", 1)]


def test_every_revision_of_a_calendar_is_kept(stores: Stores) -> None:
    stores.desk.save(DESK)
    edited = replace(SEOUL, revision=10, zone="Asia/Tokyo")
    stores.desk.save(a_desk(calendars={("seoul", 10): edited}))
    found = stores.desk.load().calendars
    assert found["seoul", 2] == SEOUL
    assert found["seoul", 10] == edited


def test_a_setting_without_a_name_in_any_language_is_read(stores: Stores) -> None:
    stores.desk.save(a_desk(categories={"bare": Category("bare")}))
    assert stores.desk.load().categories["bare"] == Category("bare")


def test_a_colleague_is_saved_alone(stores: Stores) -> None:
    stores.desk.save(DESK)
    away = replace(DESK.agents["mina"], available=False, groups=())
    stores.desk.save_agent(away)
    assert stores.desk.load() == replace(DESK, agents={**DESK.agents, "mina": away})


def test_a_setting_is_written_and_taken_away_alone(stores: Stores) -> None:
    stores.desk.save(DESK)
    field = FieldDefinition(
        "size",
        FieldType.MULTI_CHOICE,
        {"en": "Size", "ko": "크기"},
        choices=(Choice("s", {"en": "Small"}), Choice("m", {"en": "Medium"}, active=False)),
        customer=CustomerAccess.EDITABLE,
        min=0,
    )
    conditions = (Condition("fields/size", filled=False), Condition("category", one_of=("billing",)))
    elements = (Element(field="size", required=False), Element(ElementKind.TEXT, {"en": "Hi"}, when=conditions))
    form = FormDefinition("f", {"en": "F"}, "billing", FormChannel.PHONE, elements, active=False)
    stores.desk.save_setting("field", field.id, field)
    stores.desk.save_setting("form", form.id, form)
    assert stores.desk.load() == replace(DESK, fields={"size": field}, forms={"f": form})
    assert stores.desk.remove_setting("field", "size")
    assert not stores.desk.remove_setting("field", "size")
    assert stores.desk.load() == replace(DESK, forms={"f": form})


def test_the_desks_own_settings_are_written_alone(stores: Stores) -> None:
    stores.desk.save(DESK)
    row = PriorityRow(Priority.LOW, Priority.LOW, Priority.URGENT)
    general = replace(DESK.general, priority_matrix=PriorityMatrix(high=row), unknown_fields=UnknownFields.REFUSE)
    stores.desk.save_general(general)
    assert stores.desk.load() == replace(DESK, general=general)


def test_a_sender_is_blocked_and_let_in_again(stores: Stores) -> None:
    stores.desk.save(DESK)
    sender = BlockedSender("b1", "example.com", "mina", NOW)
    stores.desk.save_blocked(sender)
    assert stores.desk.load() == replace(DESK, blocked={"b1": sender})
    stores.desk.remove_blocked("b1")
    stores.desk.remove_blocked("gone")
    assert stores.desk.load() == DESK


# --- mail ------------------------------------------------------------------------------------------------------------


def an_entry(mail_id: str, minute: int = 0, **changes: object) -> LedgerEntry:
    arrival = Arrival(mail_id, NOW + timedelta(minutes=minute), ("support@desk.test",), Verdicts(spam="PASS"))
    return replace(LedgerEntry(arrival, Outcome.SUSPENDED, ("spam",), size=17), **changes)


def test_what_became_of_a_mail_is_read_as_it_was_recorded(stores: Stores) -> None:
    assert stores.ledger.get("m1") is None
    for entry in (
        an_entry("m1"),
        an_entry("m1", outcome=Outcome.TICKET, because=("new",), ticket_id="t", message_id="m", sender="a@b.c"),
        an_entry("m1", arrival=Arrival("m1", NOW), because=(), subject="", size=0),
    ):
        stores.ledger.record(entry)
        assert stores.ledger.get("m1") == entry


def test_a_mails_first_entry_is_written_once(stores: Stores) -> None:
    assert stores.ledger.open(an_entry("m1", outcome=Outcome.RECEIVED)) is None
    assert stores.ledger.get("m1") == an_entry("m1", outcome=Outcome.RECEIVED)
    stores.ledger.record(an_entry("m1"))
    assert stores.ledger.open(an_entry("m1", outcome=Outcome.RECEIVED)) == an_entry("m1")


def test_an_entry_that_somebody_else_changed_is_not_overwritten(stores: Stores) -> None:
    stores.ledger.record(an_entry("m1"))
    stores.ledger.change(an_entry("m1"), an_entry("m1", outcome=Outcome.DELETED, deleted_by="mina"))
    with pytest.raises(Conflict):
        stores.ledger.change(an_entry("m1"), an_entry("m1", outcome=Outcome.TICKET))
    assert stores.ledger.get("m1").outcome is Outcome.DELETED


def test_entries_of_some_mails_are_found_together(stores: Stores) -> None:
    stores.ledger.record(an_entry("m1"))
    assert stores.ledger.known(["m1", "gone", "m1"]) == {"m1": an_entry("m1")}
    assert stores.ledger.known([]) == {}


def listed(stores: Stores, outcome: Outcome | None, month: str | None = None, limit: int = 5) -> list[str]:
    """The ids of all mails of a list, page by page."""
    found: list[str] = []
    position = None
    for _ in range(9):
        page = stores.ledger.entries(outcome, month=month, limit=limit, position=position)
        assert len(page.items) <= limit
        found += [entry.arrival.id for entry in page.items]
        position = page.next_position
        if position is None:
            return found
    raise AssertionError("a list without an end")


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_mails_that_wait_are_listed_newest_first_each_once_whatever_their_age(stores: Stores, limit: int) -> None:
    month = 31 * 24 * 60
    for place in range(4):
        stores.ledger.record(an_entry(f"m{place}", place * month))
    stores.ledger.record(an_entry("t", 9, outcome=Outcome.TICKET))
    stores.ledger.record(an_entry("r", 9, outcome=Outcome.RECEIVED))
    assert listed(stores, Outcome.SUSPENDED, limit=limit) == ["m3", "m2", "m1", "m0"]
    assert listed(stores, Outcome.RECEIVED, limit=limit) == ["r"]


def test_a_months_mails_are_listed_newest_first_by_what_became_of_them_or_all(stores: Stores) -> None:
    for mail_id, minute, outcome in (
        ("a", 0, Outcome.TICKET),
        ("b", 1, Outcome.SUSPENDED),
        ("c", 2, Outcome.TICKET),
        ("d", 31 * 24 * 60, Outcome.TICKET),
    ):
        stores.ledger.record(an_entry(mail_id, minute, outcome=outcome))
    assert listed(stores, None, "2026-11", limit=2) == ["c", "b", "a"]
    assert listed(stores, Outcome.TICKET, "2026-11", limit=1) == ["c", "a"]
    assert listed(stores, Outcome.TICKET, "2026-12") == ["d"]
    assert listed(stores, Outcome.REJECTED, "2026-11") == []


def test_a_mail_that_was_let_in_waits_no_more(stores: Stores) -> None:
    stores.ledger.record(an_entry("m1"))
    stores.ledger.record(an_entry("m1", outcome=Outcome.TICKET))
    assert listed(stores, Outcome.SUSPENDED) == []
    assert listed(stores, None, "2026-11") == ["m1"]


def test_a_raw_mail_can_be_found_without_its_bytes_and_removed(stores: Stores) -> None:
    assert stores.raw_mails.find("m1") is None
    stores.arrive("m1", b"one")
    stores.arrive("m2", b"two!")
    assert (stores.raw_mails.find("m1").id, stores.raw_mails.find("m1").size) == ("m1", 3)
    assert [(one.id, one.size) for one in stores.raw_mails.stored(None).items] == [("m1", 3), ("m2", 4)]
    stores.raw_mails.delete("m1")
    stores.raw_mails.delete("gone")
    assert stores.raw_mails.find("m1") is None


def test_a_raw_mail_is_read_as_it_came_and_one_that_is_not_there_is_not_found(stores: Stores) -> None:
    stores.arrive("m1", b"Subject: \xff\r\n\r\nbody")
    assert stores.raw_mails.size("m1") == 18
    assert stores.raw_mails.read("m1") == b"Subject: \xff\r\n\r\nbody"
    with pytest.raises(NotFound):
        stores.raw_mails.size("m2")


# --- files -----------------------------------------------------------------------------------------------------------

UPLOAD = Upload("upload", "영수증.pdf", "application/pdf", 99)


def test_an_uploaded_file_becomes_an_attachment_and_claiming_it_again_gives_the_same(stores: Stores) -> None:
    stores.upload("upload", b"content")
    first = stores.files.claim(UPLOAD, "t1")
    assert (first.id, first.filename, first.content_type, first.size) == ("upload", "영수증.pdf", "application/pdf", 7)
    assert stores.files.claim(UPLOAD, "t1") == first
    assert stores.content(first.object_key) == b"content"


def test_a_file_that_never_came_is_named(stores: Stores) -> None:
    with pytest.raises(Invalid) as refusal:
        stores.files.claim(UPLOAD, "t1")
    assert refusal.value.errors[0].pointer == "/attachments"
    assert "영수증.pdf" in refusal.value.errors[0].message


def test_nothing_that_a_sender_chose_is_part_of_where_a_file_lies(stores: Stores) -> None:
    key = stores.files.put("t1", "file", "../../etc/passwd", "text/plain", b"x")
    assert key == "attachments/t1/file"
    assert stores.content(key) == b"x"


def test_only_what_can_do_no_harm_is_shown_in_place(stores: Stores) -> None:
    def shown(kind: str, *, inline: bool = True) -> bool:
        link = stores.files.link(Attachment("file", "a", kind, 1, "attachments/t1/file"), inline=inline)
        return "disposition=inline" in link or "inline=True" in link

    assert all(shown(kind) for kind in ("image/png", "application/pdf", "audio/mpeg", "text/csv"))
    assert not any((shown("text/html"), shown("image/svg+xml"), shown("application/pdf", inline=False)))


# --- counted calls ---------------------------------------------------------------------------------------------------


def test_calls_are_counted_by_whom_for_what_and_in_which_window(stores: Stores) -> None:
    count = stores.limiter.count
    assert [count("ip", "a", 60, NOW), count("ip", "a", 60, NOW + timedelta(seconds=59))] == [1, 2]
    assert count("ip", "a", 60, NOW + timedelta(seconds=60)) == 1
    assert count("ip", "b", 60, NOW) == 1
    assert count("request", "a", 60, NOW) == 1
    assert count("ip", "a", 3600, NOW) == 1


# --- people ----------------------------------------------------------------------------------------------------------


def known(stores: Stores, *people: Person) -> None:
    """Makes people known, as the ticket that they open or take part in does."""
    ticket_id = new_id(NOW)
    decision = decide(None, opening(ticket_id), RULES, actor=REQUESTER, now=NOW)
    stores.tickets.commit(None, decision, Extras(people=people))


def test_people_are_found_one_by_one_and_together_by_id_and_by_address(stores: Stores) -> None:
    one, other = a_person(), a_person("José@example.es", id="01JD0000000000000000000000", name=None)
    known(stores, one, other)
    assert stores.people.by_ids([one.id, "gone", other.id, one.id]) == {one.id: one, other.id: other}
    found = stores.people.by_addresses(["MINSU@example.com", "jose\u0301@example.es", "gone@example.com"])
    assert found == {"minsu@example.com": one, "josé@example.es": other}
    assert stores.people.by_ids([]) == stores.people.by_addresses([]) == {}
    assert stores.people.by_address("gone@example.com") is stores.people.by_id("gone") is None


def test_what_is_known_of_a_person_changes_wherever_they_are_found_and_only_once(stores: Stores) -> None:
    person = a_person()
    known(stores, person)
    gone = replace(person, undeliverable=True)
    stores.people.change(person, gone)
    assert stores.people.by_id(person.id) == stores.people.by_address(person.address) == replace(gone, version=1)
    with pytest.raises(StaleVersion):
        stores.people.change(person, replace(person, complained=True))
    assert stores.people.by_id(person.id) == replace(gone, version=1)
