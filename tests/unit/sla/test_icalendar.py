"""What calendars of Google, Outlook and Apple close, in their zones and through their repetitions; and where a file is wrong."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.sla.contentlines import Unreadable
from helpdesk.sla.icalendar import Closed, read_calendar, years_around
from helpdesk.sla.model import MOST_FILE_BYTES

SEOUL, NEW_YORK, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
YEARS = (2025, 2031)

GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Holidays in South Korea
X-WR-TIMEZONE:UTC
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260216
DTEND;VALUE=DATE:20260219
DTSTAMP:20261101T090000Z
UID:20260216_a@google.com
CLASS:PUBLIC
DESCRIPTION:Public holiday
STATUS:CONFIRMED
SUMMARY:Seollal
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260508
DTEND;VALUE=DATE:20260509
UID:20260508_b@google.com
DESCRIPTION:Observance\\nTo hide observances\\, go to Google Calendar Settings
 > Holidays in South Korea
SUMMARY:Parents' Day
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""

OUTLOOK = """BEGIN:VCALENDAR
METHOD:PUBLISH
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Eastern Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
DESCRIPTION:\\n
RRULE:FREQ=WEEKLY;UNTIL=20260324T140000Z;INTERVAL=1;BYDAY=TU;WKST=SU
EXDATE;TZID=Eastern Standard Time:20260310T100000
UID:040000008200E00074C5B7101A82E008
SUMMARY:All hands
DTSTART;TZID=Eastern Standard Time:20260303T100000
DTEND;TZID=Eastern Standard Time:20260303T113000
CLASS:PUBLIC
TRANSP:OPAQUE
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:REMINDER
TRIGGER;RELATED=START:-PT15M
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E008
RECURRENCE-ID;TZID=Eastern Standard Time:20260317T100000
SUMMARY:All hands (moved)
DTSTART;TZID=Eastern Standard Time:20260318T140000
DTEND;TZID=Eastern Standard Time:20260318T150000
END:VEVENT
END:VCALENDAR
"""

APPLE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Apple Inc.//macOS 15.1//EN
CALSCALE:GREGORIAN
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
DTSTART:19810329T020000
TZNAME:CEST
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
DTSTART:19961027T030000
TZNAME:CET
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:9A1C
SUMMARY:Betriebsversammlung mit einem sehr langen Titel der über die fünfu
 ndsiebzig Zeichen hinaus geht
DTSTART;TZID=Europe/Berlin:20261024T220000
DURATION:P1DT2H
RDATE;TZID=Europe/Berlin;VALUE=PERIOD:20261101T090000/PT30M
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
UID:9A1D
SUMMARY:Urlaub
DTSTART;VALUE=DATE:20261224
RRULE:FREQ=YEARLY;COUNT=3
EXDATE;VALUE=DATE:20271224
END:VEVENT
BEGIN:VEVENT
UID:9A1E
STATUS:CANCELLED
SUMMARY:Gestrichen
DTSTART;VALUE=DATE:20261231
END:VEVENT
END:VCALENDAR
"""


def read(text: str, zone: ZoneInfo = SEOUL, leave_out: tuple[str, ...] = ()) -> Closed:
    return read_calendar(text.replace("\n", "\r\n").encode(), zone, YEARS, leave_out)


def an_event(*lines: str) -> str:
    return "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""])


def seconds(*at: int, zone: ZoneInfo) -> int:
    return int(datetime(*at, tzinfo=zone).timestamp())  # type: ignore[misc, arg-type] # the numbers of a date and a time


def test_googles_holidays_close_days_though_they_say_free_and_observances_can_be_left_out() -> None:
    found = read(GOOGLE)
    assert found.days == (date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 18), date(2026, 5, 8))
    assert [(one.title, one.times, one.whole_days) for one in found.events] == [
        ("Seollal", 1, True),
        ("Parents' Day", 1, True),
    ]
    some = read(GOOGLE, leave_out=("OBSERVANCE",))
    assert (some.days[-1], some.left_out) == (date(2026, 2, 18), 1)


def test_outlooks_meetings_are_followed_in_windows_zones_with_one_left_out_and_one_moved() -> None:
    found = read(OUTLOOK)
    assert found.days == ()
    assert found.hours == tuple(
        (seconds(*begin, zone=NEW_YORK), seconds(*end, zone=NEW_YORK))
        for begin, end in (
            ((2026, 3, 3, 10), (2026, 3, 3, 11, 30)),
            ((2026, 3, 18, 14), (2026, 3, 18, 15)),
            (
                (2026, 3, 24, 10),
                (2026, 3, 24, 11, 30),
            ),  # ten o'clock also after daylight saving began, until is included
        )
    )


def test_apples_calendar_is_read_with_folded_lines_lengths_periods_and_years() -> None:
    found = read(APPLE)
    assert found.days == (date(2026, 12, 24), date(2028, 12, 24))
    assert found.hours == (
        # A day of the wall clock and two hours: 27 of them, as an hour comes twice.
        (seconds(2026, 10, 24, 22, zone=BERLIN), seconds(2026, 10, 26, 0, zone=BERLIN)),
        (seconds(2026, 11, 1, 9, zone=BERLIN), seconds(2026, 11, 1, 9, 30, zone=BERLIN)),
    )
    assert found.hours[0][1] - found.hours[0][0] == 27 * 3600
    assert found.events[0].title.endswith("fünfundsiebzig Zeichen hinaus geht")


def test_a_fold_may_lie_within_a_character_and_lines_may_end_as_on_any_system() -> None:
    title = "휴무".encode()
    folded = b"SUMMARY:" + title[:4] + b"\r\n " + title[4:]
    lines = [
        b"\xef\xbb\xbfBEGIN:VCALENDAR",
        b"begin:vevent",
        folded,
        b"DTSTART:20261224",
        b"END:VEVENT",
        b"END:VCALENDAR",
    ]
    for end in (b"\r\n", b"\n", b"\r"):
        found = read_calendar(end.join(lines), SEOUL, YEARS)
        assert found.events[0].title == "휴무"
        assert found.days == (date(2026, 12, 24),)


def test_a_time_without_a_zone_is_of_the_calendars_zone_and_free_time_closes_nothing() -> None:
    floating = an_event("DTSTART:20261224T130000", "DTEND:20261224T180000")
    assert read(floating).hours == ((seconds(2026, 12, 24, 13, zone=SEOUL), seconds(2026, 12, 24, 18, zone=SEOUL)),)
    assert read(floating, BERLIN).hours[0][0] - read(floating).hours[0][0] == 8 * 3600
    assert read(an_event("DTSTART:20261224T130000", "DTEND:20261224T180000", "TRANSP:TRANSPARENT")) == Closed()
    assert read(an_event("DTSTART:20261224T130000Z")) == Closed(), "it has no length"


@pytest.mark.parametrize(
    ("name", "described", "offset"),
    [
        ("Korea Standard Time", "", 9),
        ("/freeassociation.sourceforge.net/Tzfile/Asia/Seoul", "", 9),
        ("America/Argentina/Buenos_Aires", "", -3),
        ("Ours", "X-LIC-LOCATION:Asia/Tokyo\n", 9),
        (
            "(UTC+05:30) Chennai",
            "BEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD\n",
            5.5,
        ),
    ],
)
def test_zones_are_known_by_any_name_that_is_written_or_by_what_the_file_says_of_them(
    name: str, described: str, offset: float
) -> None:
    zone = f"BEGIN:VTIMEZONE\nTZID:{name}\n{described}END:VTIMEZONE\n" if described else ""
    event = an_event(f'DTSTART;TZID="{name}":20260707T120000', "DURATION:PT1H")
    ((since, until),) = read(event.replace("BEGIN:VEVENT", f"{zone}BEGIN:VEVENT", 1)).hours
    assert since == int(datetime(2026, 7, 7, 12, tzinfo=UTC).timestamp()) - int(offset * 3600)
    assert until - since == 3600


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "ends within nothing"),
        ("<!doctype html>\n<p>Sign in</p>", 1, "no line of iCalendar"),
        ("BEGIN:VCARD\nEND:VCARD", 1, "begins with BEGIN:VCALENDAR"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261224\n", 3, "ends within VEVENT"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", 3, "where VEVENT of line 2 goes on"),
        (an_event("SUMMARY:x"), 2, "has no DTSTART"),
        (an_event("SUMMARY:a", " folded", "DTSTART:20261324"), 5, "DTSTART has no date"),
        (an_event("DTSTART:24.12.2026"), 3, "DTSTART has no date"),
        (an_event("DTSTART;TZID=Nowhere/Atlantis:20261224T100000"), 3, "nobody knows: 'Nowhere/Atlantis'"),
        (an_event("DTSTART:20261224T100000", "DTEND:20261224"), 4, "is a date where"),
        (an_event("DTSTART:20261224", "DTEND:20261223"), 4, "lies before"),
        (an_event("DTSTART:20261224", "DURATION:1 day"), 4, "has no length"),
        (an_event("DTSTART:20261224", "DTEND:99991224"), 3, "more than ten years"),
        (an_event("DTSTART:20261224", "RRULE:FREQ=HOURLY"), 4, "must repeat by days"),
        (an_event("DTSTART:20261224", "RRULE:FREQ=DAILY;INTERVAL=0"), 4, "INTERVAL"),
        (an_event("DTSTART:20261224", "RRULE:FREQ=DAILY;BYDAY=XX"), 4, "is no rule"),
        (an_event("DTSTART:20261224", "RRULE:FREQ=DAILY;COUNT=many"), 4, "is no rule"),
        (an_event("DTSTART:20261224", "RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101"), 4, "both COUNT and UNTIL"),
        (an_event("DTSTART:20261224", "EXRULE:FREQ=DAILY"), 4, "cannot be followed"),
        (an_event("UID:1", "DTSTART:20261224", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261224"), 5, "with RANGE"),
        (an_event("DTSTART:20250101", "RRULE:FREQ=DAILY"), 1, "closes 2556 days"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_line(text: str, line: int, says: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert (refused.value.line, says in refused.value.fault) == (line, True), refused.value.fault
    assert refused.value.errors[0].message.startswith(f"line {line}: ")


def test_bytes_that_are_no_text_and_files_without_end_are_refused() -> None:
    with pytest.raises(Unreadable, match="cannot be read") as refused:
        read_calendar(b"BEGIN:VCALENDAR\nX-A:\xff\xfe", SEOUL, YEARS)
    assert refused.value.line == 2
    with pytest.raises(Unreadable):
        read_calendar(b"x" * (MOST_FILE_BYTES + 1), SEOUL, YEARS)


def test_the_years_looked_at_are_whole_so_that_nothing_changes_from_day_to_day() -> None:
    assert years_around(datetime(2026, 1, 1, tzinfo=UTC)) == years_around(datetime(2026, 12, 31, tzinfo=UTC)) == YEARS
    yearly = read(an_event("DTSTART:19700606", "RRULE:FREQ=YEARLY"))
    assert yearly.days == tuple(date(year, 6, 6) for year in range(2025, 2032))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([SEOUL, NEW_YORK, BERLIN, ZoneInfo("Australia/Lord_Howe")]),
    st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1)),  # noqa: DTZ001 - wall time
    st.integers(1, 5),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(1, 40),
    st.integers(1, 30 * 60),
    st.sets(st.integers(0, 39), max_size=4),
)
def test_a_weekly_meeting_takes_place_when_the_wall_clock_says_so(
    zone: ZoneInfo, start: datetime, every: int, on: set[int], count: int, minutes: int, skipped: set[int]
) -> None:
    start = start.replace(microsecond=0)
    names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    walls = sorted(
        {start}
        | {
            day
            for offset in range(7 * every * 45)
            if (day := start + timedelta(days=offset)).weekday() in on
            and ((day.date() - timedelta(days=day.weekday())) - (start.date() - timedelta(days=start.weekday()))).days
            // 7
            % every
            == 0
        }
    )
    by_rule = [wall for wall in walls if wall.weekday() in on][:count]
    left = sorted(({start} | set(by_rule)) - {by_rule[place] for place in skipped if place < len(by_rule)})
    out = ",".join(by_rule[place].strftime("%Y%m%dT%H%M%S") for place in sorted(skipped) if place < len(by_rule))
    name = zone.key
    lines = [
        f"DTSTART;TZID={name}:{start:%Y%m%dT%H%M%S}",
        f"DURATION:PT{minutes}M",
        f"RRULE:FREQ=WEEKLY;WKST=MO;INTERVAL={every};COUNT={count};BYDAY={','.join(names[day] for day in sorted(on))}",
        *([f"EXDATE;TZID={name}:{out}"] if out else []),
    ]
    closed = set[int]()
    for wall in left:
        begin = int(wall.replace(tzinfo=zone).timestamp())
        closed |= set(range(begin, begin + minutes * 60, 60))
    found = read(an_event(*lines)).hours
    looked_at = [one for one in sorted(closed) if datetime.fromtimestamp(one, zone).year < 2030]
    assert (
        sum(until - since for since, until in found if since < looked_at[-1] + 60) == 60 * len(looked_at)
        if looked_at
        else not found
    )
