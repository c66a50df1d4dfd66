"""What the stores of configuration, mail, files and counted calls promise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.channels.model import Upload
from helpdesk.desk.model import Category, Desk, General, Limits
from helpdesk.kernel.errors import Invalid, NotFound
from helpdesk.mail.rules import Outcome, Verdicts
from helpdesk.mail.service import Arrival, LedgerEntry
from tests.contract.conftest import Stores
from tests.support.desks import BILLING, DESK, SEOUL, STANDARD, a_desk
from tests.support.lives import MONDAY_TEN_IN_SEOUL as NOW

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


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_mails_that_wait_are_listed_newest_first_each_once(stores: Stores, limit: int) -> None:
    waiting = [an_entry(f"m{minute}", minute) for minute in range(4)]
    for entry in (*waiting, an_entry("r", 9, outcome=Outcome.REJECTED), an_entry("t", 9, outcome=Outcome.TICKET)):
        stores.ledger.record(entry)
    found: list[LedgerEntry] = []
    position = None
    for _ in range(9):
        page = stores.ledger.entries(Outcome.SUSPENDED, limit=limit, position=position)
        found += page.items
        position = page.next_position
        if position is None:
            break
    assert found == list(reversed(waiting))
    assert [one.arrival.id for one in stores.ledger.entries(Outcome.REJECTED, limit=5, position=None).items] == ["r"]


def test_a_mail_that_was_let_in_waits_no_more(stores: Stores) -> None:
    stores.ledger.record(an_entry("m1"))
    stores.ledger.record(an_entry("m1", outcome=Outcome.TICKET))
    assert stores.ledger.entries(Outcome.SUSPENDED, limit=5, position=None).items == ()
    assert stores.ledger.entries(Outcome.TICKET, limit=5, position=None).items == ()


def test_a_mail_not_yet_dealt_with_is_listed_so_that_none_is_lost(stores: Stores) -> None:
    stores.ledger.record(an_entry("m1", outcome=Outcome.RECEIVED))
    assert len(stores.ledger.entries(Outcome.RECEIVED, limit=5, position=None).items) == 1


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


# --- counted calls ---------------------------------------------------------------------------------------------------


def test_calls_are_counted_by_whom_for_what_and_in_which_window(stores: Stores) -> None:
    count = stores.limiter.count
    assert [count("ip", "a", 60, NOW), count("ip", "a", 60, NOW + timedelta(seconds=59))] == [1, 2]
    assert count("ip", "a", 60, NOW + timedelta(seconds=60)) == 1
    assert count("ip", "b", 60, NOW) == 1
    assert count("request", "a", 60, NOW) == 1
    assert count("ip", "a", 3600, NOW) == 1
