"""Finds what is new in a mail: without the history that mail programs quote below it and without signatures.

Works on lines. Each is text, quoted, or blank; runs of lines that introduce a quote are found first. What people answered
between quoted lines is always kept, with the lines they answered. When in doubt a line stays: the reader can skip a line too
many, but never miss one that is gone.
"""

# ruff: noqa: RUF001 -- words and signs of other scripts are meant as they stand

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice

from helpdesk.mail import phrases
from helpdesk.mail.headers import parse_addresses
from helpdesk.mail.model import Mailbox

MAX_LINES = 4_000
"""Lines that are judged; all further ones count as written by the author."""
MAX_HEADER_LINES = 5
_MAX_JUDGED = 600
"""Characters of a line that are looked at; longer ones are written by people, not by mail programs."""
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_QUOTED = re.compile(r"^[ \t]{0,8}(?:>|&gt;|\|(?=\s|$)(?!.*\|\s*$))")
_PREFIX = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_WROTE = re.compile(
    r"(?:^|[\s>\)\]\d,，、\"'*»]|(?<=[\u3000-\u9fff가-힣]))(?:"
    + "|".join(sorted(set(phrases.WROTE), key=len, reverse=True))
    + r")(?=[\s:：,.<(*\-]|$)",
    re.IGNORECASE,
)
_MONTHS = r"jan|feb|f[eé]v|mar|m[äa]r|apr|avr|abr|ma[iyj]|jun|juin|jul|juil|aug|ago|ao[uû]|sep|set|o[ck]t|out|nov|dec|d[eé]c|dez|dic|[а-яіїє]{3,4}\.?\s\d{4}|stycz|lut|kwie|maja|czerw|lip|sierp|wrze|pa[zź]d|listop|grud"
_DATED = re.compile(
    rf"\d{{1,2}}[:.h]\d{{2}}|\b(?:19|20)\d{{2}}\b|(?:19|20)\d{{2}}[年년]|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{1,2}}\.?\s?(?:{_MONTHS})|(?:{_MONTHS})\w*\.? \d",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?<![^\s<>\"'(),;])[^\s<>\"'(),;@]++@[^\s<>\"'(),;]+")
_ENDS_HEADER = re.compile(r"(?:[:：]|[-–]{2,}|wrote|写道|寫道)[\s*_]*$", re.IGNORECASE)
_DATE_FIRST = re.compile(
    rf"^[\s>*_<\"'(]*(?:(?:on|le|el|il|am|op|den|dne|dnia|em|w dniu|at|in data|på|в|от|на)\s)?(?:[^\W\d]{{2,12}}[.,]?,?\s+){{0,2}}(?:\d{{1,4}}|(?:{_MONTHS}))",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"^[\s>]*+[-=_–—~*]{2,}+[ \t]*[^\n]{0,12}?(?:" + "|".join(phrases.ORIGINAL) + r")[^\n]{0,60}?[-=_–—~*]{2,}[:*\s]*$",
    re.IGNORECASE,
)
_FORWARD_START = re.compile(r"^[\s>*_-]*(?:" + "|".join(phrases.FORWARD_STARTS) + r")[\s:：*_-]*$", re.IGNORECASE)
_RULE = re.compile(r"^[\s>]*(?:[-_=*#~+—–─━•ᐧ⁠]\s?){2,}[\s]*$|^\s*[ᐧ—]\s*$")
_SIGNATURE_MARK = re.compile(r"^\s{0,3}(?:--|__|—|––)[ \t\xa0]*$")
_NAME_DASH = re.compile(r"^[-–—]{1,2}\s?[A-ZÀ-ÞА-Я][\w.'’-]*(?:\s[\w.'’-]+){0,2}$")
_SENT_FROM = re.compile(r"^[\s(<\[*_«\"—–-]*(?:" + "|".join(phrases.SENT_FROM) + ")", re.IGNORECASE)
_SIGN_OFF = re.compile(r"^[\s*_]*(?:" + "|".join(phrases.SIGN_OFFS) + r")(?:\s*/.{0,40})?[\s,.!*_]*$", re.IGNORECASE)
_ENGLISH_SIGN_OFF = re.compile(
    r"^[\s*_]*(?:(?:best|kind|warm|kindest|many)\s+)?(?:regards|thanks|thank you|cheers|sincerely|best wishes|yours (?:sincerely|faithfully|truly))[\s,.!*_]*$",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"\+?\d[\d\s()./-]{6,}\d|https?://|www\.|(?<![^\s@])[^\s@]++@[^\s@]+", re.IGNORECASE)


def new_text(text: str) -> str:
    """The newly written part of a plain text, stripped; "" when everything is quoted."""
    whole = [line.rstrip() for line in text.split("\n", MAX_LINES)]
    lines = [line if len(line) <= _MAX_JUDGED else f"{line[:_MAX_JUDGED]}\x00{at}\x00" for at, line in enumerate(whole)]
    while lines and not lines[-1]:
        lines.pop()
    tags = _tag(lines)
    lines, tags = _cut_history(lines, tags)
    lines, tags = _cut_signature(lines, tags)
    kept = _without_quotes(lines, tags)
    new = re.sub(r"[^\n]*\x00(\d+)\x00", lambda found: whole[int(found[1])], "\n".join(kept))
    return new.strip("\n \t\xa0")


# Tags: t text, q quoted, e blank, h a line that introduces a quote --------------------------------------------------


def _tag(lines: Sequence[str]) -> list[str]:
    tags = ["e" if not _visible(line) else "q" if _QUOTED.match(line) else "t" for line in lines]
    for at in range(1, len(lines)):  # an address that was broken before its ">" is no quote
        if re.fullmatch(r"\s*>\s*[:：,]?\s*|\s*>\s?[^>]{0,40}[:：]\s*", lines[at]) and lines[at - 1].count("<") > lines[
            at - 1
        ].count(">"):
            tags[at] = "t"
    ends = [at for at, line in enumerate(lines) if tags[at] != "e" and _ENDS_HEADER.search(_visible(line[-60:]))]
    near = {at - back for at in ends for back in range(MAX_HEADER_LINES)}
    at = 0
    while at < len(lines):
        if tags[at] == "t" and at in near:
            length = _intro_length(lines, tags, at)
            if length:
                tags[at : at + length] = "h" * length
                at += length
                continue
        at += 1
    return _absorb_wrapped(lines, tags)


def _visible(line: str) -> str:
    return _INVISIBLE.sub("", line).strip()


def _absorb_wrapped(lines: Sequence[str], tags: list[str]) -> list[str]:
    """A quoted line that was broken by a mail program leaves its end unquoted: it belongs to the quote."""
    for at in range(1, len(lines) - 1):
        if tags[at] == "t" and tags[at - 1] == "q" and tags[at + 1] == "q" and len(lines[at - 1]) >= 60:
            first = lines[at].lstrip()[:1]
            if first.islower() or (
                lines[at - 1].rstrip()[-1:].isalnum() and len(lines[at]) < 30 and not first.isupper()
            ):
                tags[at] = "q"
    return tags


def _intro_length(lines: Sequence[str], tags: Sequence[str], at: int) -> int:
    """How many lines from here on form "On ... Somebody wrote:"; 0 when they do not."""
    first = _visible(lines[at])
    if (
        at + 1 < len(lines)
        and "q" in (tags[at + 1], *(tags[at + 2 : at + 3] if tags[at + 1] == "e" else ()))
        and _introduces_quote(first)
    ):
        return 1
    if len(first) > 400 or not (_DATED.search(first) or _ADDRESS.search(first) or _starts_intro(first)):
        return 0
    joined = ""
    for length in range(1, MAX_HEADER_LINES + 1):
        if at + length > len(lines) or tags[at + length - 1] != "t":
            return 0
        joined = f"{joined} {_visible(lines[at + length - 1])}".strip()
        if len(joined) > 500:
            return 0
        if _ENDS_HEADER.search(joined) and _is_intro(joined):
            return length
    return 0


@cache
def _intro_words() -> re.Pattern[str]:
    return re.compile(
        r"^[\s*_-]*(?:on|le|el|il|am|op|den|dne|dňa|dnia|em|w dniu|in data|på|в|от|на|at|a|ve|στις|στα|pe|la|u|ob|vào|pada|kuupäev|quoting|wiadomość|في|ב)\b|^[\s*_-]*(?:在|于|於|\d)",
        re.IGNORECASE,
    )


def _starts_intro(line: str) -> bool:
    return _intro_words().match(line) is not None


def _is_intro(joined: str) -> bool:
    dated, address = _DATED.search(joined), _ADDRESS.search(joined)
    if _WROTE.search(joined):
        if dated and (address or _DATE_FIRST.match(joined) or _starts_intro(joined)):
            return True
        return address is not None and len(joined) < 200
    if not (dated and address):
        return False
    closed = re.search(r"(?:>|\)|\]|@\S+)\s*[:：][\s*_]*$", joined) is not None
    return closed and (
        _DATE_FIRST.match(joined) is not None
        or re.search(r"\d{1,2}[:.]\d{2}\b.*<[^<>\s]+@[^<>\s]+>\)?\s*[:：]", joined) is not None
    )


def _introduces_quote(joined: str) -> bool:
    """A looser reading for lines right above quoted ones: somebody's name and a verb are enough."""
    return (
        len(joined) < 120
        and _ENDS_HEADER.search(joined) is not None
        and (_WROTE.search(joined) is not None or (_ADDRESS.search(joined) is not None and len(joined.split()) < 8))
    )


# History -------------------------------------------------------------------------------------------------------------


def _label(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(
        r"^[\s>*_|]*(?:" + "|".join(sorted(set(words), key=len, reverse=True)) + r")[\s*_]{0,3}[:：][\s*_]*(.*)$",
        re.IGNORECASE,
    )


_ROLES = (
    ("from", _label(phrases.FROM)),
    ("sent", _label(phrases.SENT)),
    ("date", _label(phrases.DATE)),
    ("to", _label(phrases.TO)),
    ("subject", _label(phrases.SUBJECT)),
)
_HAS_LABEL = re.compile(r"^[\s>*_|]*[^\W\d][^:：\n]{0,24}[:：]")


def _header_block(lines: Sequence[str], at: int) -> dict[str, str]:
    """Roles and values of a header block pasted into the text at this line; empty when there is none."""
    if not _HAS_LABEL.match(_visible(lines[at])):
        return {}
    found: dict[str, str] = {}
    strangers = 0
    for line in lines[at : at + 16]:
        bare = _visible(line)
        role = next(
            ((name, match[1]) for name, label in _ROLES if (match := label.match(bare)) and name not in found), None
        )
        if role:
            found[role[0]] = role[1].strip()
            strangers = 0
        elif found and not any(label.match(bare) for _, label in _ROLES):
            strangers += 1 if bare.strip("> ") else 2
            if strangers > 3:
                break
        if not found:
            return {}
    return found if _is_header_block(found) else {}


def _is_header_block(found: dict[str, str]) -> bool:
    if len(found) < 2 or not found.keys() & {"from", "sent", "subject"}:
        return False
    addressed = any("@" in found.get(role, "") for role in ("from", "to"))
    dated = bool(_DATED.search(found.get("sent", "") + " " + found.get("date", "")))
    if "from" not in found:
        return len(found) >= 3 and "subject" in found and addressed and dated
    return (
        ("subject" in found and (addressed or dated or len(found) >= 3))
        or ("sent" in found and (dated or addressed))
        or (addressed and len(found) >= 3)
    )


def _is_break(line: str) -> bool:
    """Whether a line alone says that somebody else's mail begins."""
    bare = _visible(line)
    return len(bare) < 200 and bool(_SEPARATOR.match(bare) or _FORWARD_START.match(bare) or phrases.ABOVE.search(bare))


def _cut_history(lines: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
    """Drops everything from the first line on that can only be followed by history."""
    first = tags.index("t") if "t" in tags else len(tags)
    if first < len(tags) and (_is_break(lines[first]) or _header_block(lines, first)):
        return lines, tags  # a forward without any comment: all of it is what the sender wants us to read
    for at, tag in enumerate(tags):
        if tag == "e" or at <= first:
            continue
        if (
            _is_break(lines[at])
            or (tag != "h" and _header_block(lines, at))
            or (tag == "h" and _opens_unquoted(tags, at))
        ):
            if tag == "q" and _answers_below(tags, at):
                continue
            return _without_rules(lines[:at], tags[:at])
    return lines, tags


def _opens_unquoted(tags: Sequence[str], at: int) -> bool:
    """Whether an introduction is followed by text that is not marked as quoted: then all of it is history."""
    follow = next((tag for tag in tags[at:] if tag not in "he"), "e")
    return follow != "q"


def _answers_below(tags: Sequence[str], at: int) -> bool:
    end = at
    while end < len(tags) and tags[end] in "qe":
        end += 1
    return "t" in tags[end:]


def _without_rules(lines: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
    """Drops blank lines and drawn rules at the end."""
    end = len(lines)
    while end and (tags[end - 1] == "e" or (_RULE.match(lines[end - 1]) and tags[end - 1] == "t")):
        end -= 1
    return lines[:end], tags[:end]


# Signatures ----------------------------------------------------------------------------------------------------------


def _cut_signature(lines: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
    lines, tags = _cut_marked_signature(lines, tags)
    lines, tags = _cut_app_lines(lines, tags)
    lines, tags = _without_rules(lines, tags)
    lines, tags = _cut_sign_off(lines, tags)
    return _without_rules(*_cut_name_line(lines, tags))


def _cut_marked_signature(lines: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
    first = tags.index("t") if "t" in tags else len(tags)
    for at, line in enumerate(lines):
        if tags[at] != "t" or at <= first:
            continue
        if _SIGNATURE_MARK.match(line) or (
            _RULE.match(line) and _is_small_print(lines[at + 1 : at + 40], tags[at + 1 : at + 40])
        ):
            return lines[:at], tags[:at]
    return lines, tags


def _is_small_print(lines: Sequence[str], tags: Sequence[str]) -> bool:
    """Whether what follows a drawn rule reads like a signature or footer: few short lines, some way of contact, or nothing."""
    written = (line for line, tag in zip(lines, tags, strict=True) if tag == "t" and not _RULE.match(line))
    words = list(islice(written, 9))
    if not words:
        return True
    return len(words) <= 8 and all(len(line) < 90 for line in words) and any(_CONTACT.search(line) for line in words)


def _is_app_line(line: str) -> bool:
    """Whether a line is what phones and apps add: a known beginning and a device or program right after it."""
    bare = re.sub(r"<?\(?https?://\S+|[\[\]]", " ", _visible(line))
    bare = " ".join(bare.split())
    if len(bare) > 160:
        return False
    if re.fullmatch(r"[\w.]+ from (?:my )?(?:mobile|i?phone|ipad)(?: \d+)?", bare, re.IGNORECASE):
        return True
    begins = _SENT_FROM.match(bare)
    if begins is None or len(bare.split()) > 14:
        return False
    opening = re.sub(r"e-?mail|message|nachricht", "", begins[0], flags=re.IGNORECASE)
    return phrases.DEVICES.search(f"{opening} {' '.join(bare[begins.end() :].split()[:5])}") is not None


def _cut_app_lines(lines: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
    """Removes "Sent from my phone"; below such a line of an app nothing new follows, unless quotes are answered there."""
    kept_lines: list[str] = []
    kept_tags: list[str] = []
    for at, (line, tag) in enumerate(zip(lines, tags, strict=True)):
        if tag == "t" and _is_app_line(line):
            if "t" in kept_tags and "outlook" in line.lower() and "q" not in tags[at:]:
                break
            continue
        kept_lines.append(line)
        kept_tags.append(tag)
    return (kept_lines, kept_tags) if "t" in kept_tags or "t" not in tags else (lines, tags)


def _cut_sign_off(lines: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
    """Cuts from a closing formula on, when only short lines follow it; English ones only above a block of contacts."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 40), -1):
        if tags[at] != "t" or "t" not in tags[:at]:
            continue
        rest = [line for line, tag in zip(lines[at + 1 :], tags[at + 1 :], strict=True) if tag != "e"]
        if any(len(line) > 100 for line in rest) or "q" in tags[at:]:
            continue
        if _SIGN_OFF.match(lines[at]) and len(rest) <= 15:
            return lines[:at], tags[:at]
        if _ENGLISH_SIGN_OFF.match(lines[at]) and 3 <= len(rest) <= 15 and any(_CONTACT.search(line) for line in rest):
            return lines[: at + 1], tags[: at + 1]
    return lines, tags


def _cut_name_line(lines: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
    """Drops a last line that is only "-Name"."""
    lines, tags = _without_rules(lines, tags)
    if len(lines) > 2 and _NAME_DASH.match(lines[-1].strip()) and tags[-2] == "e" and "t" in tags[:-1]:
        before = [line for line in lines[:-1] if line.strip()]
        if not re.match(r"^\s*[-*•–]\s", before[-1]):  # the last item of a list is no name
            return lines[:-1], tags[:-1]
    return lines, tags


# Quotes --------------------------------------------------------------------------------------------------------------


def _without_quotes(lines: list[str], tags: list[str]) -> list[str]:
    if "t" not in tags:
        quoted = [line for line, tag in zip(lines, tags, strict=True) if tag == "q"]
        introduced = "h" in tags or any(_is_intro(_visible(_PREFIX.sub("", line))) for line in quoted)
        return [] if introduced or not quoted else lines
    last = len(tags) - 1 - tags[::-1].index("t")
    first = tags.index("t")
    lines, tags = lines[: last + 1], tags[: last + 1]
    if "q" not in tags[first:]:
        return [line for line, tag in zip(lines[first:], tags[first:], strict=True) if tag != "h"]
    return [line for line, tag in zip(lines, tags, strict=True) if tag != "h"]


# Forwards ------------------------------------------------------------------------------------------------------------

_FORWARD_SUBJECT = re.compile(
    r"^\s*(?:fwd?|wg|tr|rv|enc|i|vs|vb|doorst|pd|пер|fs|továbbítás|转发|轉寄|전달|転送)\s*[:：]|^\s*\[?(?:전달|転送|fwd?)\]?",
    re.IGNORECASE,
)


def forwarded_author(subject: str, text: str) -> Mailbox | None:
    """The author of a mail that a person forwarded, as the pasted header names them; None when nothing was forwarded."""
    lines = [_visible(line[:300]) for line in text.split("\n", 2_000)[:2_000]]
    announced = _FORWARD_SUBJECT.search(subject) is not None
    for at, line in enumerate(lines):
        marked = bool(
            _FORWARD_START.match(line)
            or (
                _SEPARATOR.match(line)
                and re.search(
                    r"f(?:or)?w|weiterg|transf|reenv|encam|inolt|doorg|vidare|videre|przek|perес|перес|转|轉|転|전달",
                    line,
                    re.IGNORECASE,
                )
            )
        )
        if not (marked or (announced and _HAS_LABEL.match(line))):
            continue
        for start in range(at, min(at + 6, len(lines))):
            block = _header_block(lines, start)
            if "from" in block:
                author = next(
                    iter(
                        parse_addresses(
                            [
                                re.sub(
                                    r"\[mailto:([^\]]+)\]|<mailto:[^>]+>",
                                    lambda m: f"<{m[1]}>" if m[1] else "",
                                    block["from"],
                                )
                            ]
                        )
                    ),
                    None,
                )
                return author if author is not None and author.address else None
    return None
