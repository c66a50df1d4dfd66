"""Reads what a calendar invite says, so that a colleague sees words instead of an .ics file."""

import re

from helpdesk.mail.model import CalendarInvite


def read_invite(text: str, method: str | None = None) -> CalendarInvite | None:
    """The first event of an iCalendar text (RFC 5545); None when it holds none."""
    lines = re.sub(r"\n[ \t]", "", text[:500_000]).split("\n")
    found: dict[str, tuple[str, str]] = {}
    stack: list[str] = []
    for line in lines[:5_000]:
        name, _, value = _split(line)
        bare = name.partition(";")[0].upper()
        if bare == "BEGIN":
            stack.append(value.strip().upper())
        elif bare == "END":
            if stack and stack.pop() in {"VEVENT", "VTODO"}:
                break
        elif bare == "METHOD" or (stack and stack[-1] in {"VEVENT", "VTODO"}):
            found.setdefault(bare, (name, value.strip()))
    if not found or not any(key in found for key in ("SUMMARY", "DTSTART", "UID")):
        return None
    return CalendarInvite(
        method=(found.get("METHOD", ("", ""))[1] or method or "PUBLISH").upper()[:20],
        summary=_plain(found.get("SUMMARY", ("", ""))[1]),
        starts=_instant(*found.get("DTSTART", ("", ""))),
        ends=_instant(*found.get("DTEND", ("", ""))),
        location=_plain(found.get("LOCATION", ("", ""))[1]),
        organizer=re.sub(r"^mailto:", "", found.get("ORGANIZER", ("", ""))[1], flags=re.IGNORECASE)[:300],
    )


def _split(line: str) -> tuple[str, str, str]:
    """Name with parameters, colon, value; a colon inside quotes belongs to a parameter."""
    found = re.match(r'((?:[^":]|"[^"]*")*)(:)(.*)', line)
    return (found[1], found[2], found[3]) if found else (line, "", "")


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value).strip()[:1_000]


def _instant(name: str, value: str) -> str:
    found = re.match(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{0,2}(Z?))?$", value)
    if found is None:
        return value[:60]
    day = f"{found[1]}-{found[2]}-{found[3]}"
    if found[4] is None:
        return day
    zone = re.search(r'TZID="?([^";:]+)', name, re.IGNORECASE)
    return f"{day} {found[4]}:{found[5]}" + (" UTC" if found[6] else f" {zone[1]}" if zone else "")
