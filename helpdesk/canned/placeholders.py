r"""Places in a text for what differs: `{{requester.first_name|there}}`. A grammar of its own, so nothing can be run.

A placeholder is a name from `PLACEHOLDERS`, or `ticket.fields.` and a field's name; after a `|` may stand what is written
where the value is empty. `\{{...}}` stays as it is typed, without the backslash. Values are put in once and not looked at
again, so what a customer calls themselves is never a placeholder.
"""

import html as entities
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.forms.shown import in_words
from helpdesk.kernel.text import clean_line, supported_language
from helpdesk.mail.typography import day
from helpdesk.people.model import Agent
from helpdesk.tickets.commands import FieldValue
from helpdesk.tickets.model import Ticket

SIGNATURE: Final = "agent.signature"
PLACEHOLDERS: Final[Mapping[str, str]] = {
    "ticket.number": "The ticket's number, without #",
    "ticket.subject": "The ticket's subject",
    "ticket.link": "The requester's page of the ticket",
    "requester.name": "The requester's name as they gave it",
    "requester.first_name": "Their first name; where names are not written that way (김민수, 山田太郎), the whole name",
    "requester.email": "The requester's e-mail address",
    "agent.name": "Your name",
    "agent.first_name": "Your first name",
    SIGNATURE: "Your signature",
    "group.name": "The name of the ticket's group",
    "category.name": "The ticket's category in the requester's language",
    "product.name": "The ticket's product in the requester's language",
    "desk.name": "The desk's name",
    "today": "Today's date in the requester's language",
}
"""What can be written between `{{` and `}}`, and what it stands for."""
FIELD_PREFIX: Final = "ticket.fields."
"""A field of the ticket: `ticket.fields.order_number`."""

_PLACE: Final = re.compile(r"(\\?)\{\{([^{}]*)\}\}")
_EAST_ASIAN: Final = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3]")
_YES_NO: Final = {"en": ("yes", "no"), "ko": ("예", "아니요"), "ja": ("はい", "いいえ")}


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its places filled.

    Attributes:
        empty: names of placeholders that had neither a value nor a fallback, in order, each once.
        fallbacks: names of those whose fallback was used.
    """

    text: str
    empty: tuple[str, ...] = ()
    fallbacks: tuple[str, ...] = ()


def unknown_names(text: str, *, markup: bool = False) -> tuple[str, ...]:
    r"""What stands between braces in a text and is no placeholder, in order, each once.

    >>> unknown_names("Hi {{requester.nmae|there}}, \\{{so}} it is {{today}}.")
    ('requester.nmae',)
    """
    found = (_name(place[2], markup=markup) for place in _PLACE.finditer(text) if not place[1])
    return tuple(dict.fromkeys(name for name in found if not _known(name)))


def fill(text: str, values: Mapping[str, str], *, markup: bool = False) -> Filled:
    """A text with its places filled.

    Args:
        text: with placeholders.
        values: by name; what is missing or empty has no value.
        markup: the text is HTML: values are escaped, fallbacks are HTML as they stand.

    >>> fill("Hi {{requester.first_name|there}}", {})
    Filled(text='Hi there', empty=(), fallbacks=('requester.first_name',))
    """
    empty: dict[str, None] = {}
    fallbacks: dict[str, None] = {}

    def put(place: re.Match[str]) -> str:
        name, bar, fallback = _parts(place[2], markup=markup)
        if place[1]:
            return place[0][1:]
        if not _known(name):
            return place[0]
        value = values.get(name, "")
        if value:
            return entities.escape(value).replace("\n", "<br>") if markup else value
        (fallbacks if bar else empty)[name] = None
        return fallback

    return Filled(_PLACE.sub(put, text), tuple(empty), tuple(fallbacks))


def _parts(inside: str, *, markup: bool) -> tuple[str, str, str]:
    _, bar, fallback = inside.partition("|")
    return _name(inside, markup=markup), bar, fallback.strip()


def _name(inside: str, *, markup: bool) -> str:
    name = inside.partition("|")[0]
    return (entities.unescape(name) if markup else name).strip()


def _known(name: str) -> bool:
    return name in PLACEHOLDERS or (name.startswith(FIELD_PREFIX) and 0 < len(name) - len(FIELD_PREFIX) <= 100)


def mentions(text: str, name: str) -> bool:
    """Whether a text has a place for a value. It may say yes of a place that only looks like one."""
    return name in text and "{{" in text


def values_for(ticket: Ticket, agent: Agent, desk: Desk, *, link: str, signature: str, now: datetime) -> dict[str, str]:
    """What the placeholders stand for, on a ticket.

    Args:
        ticket: whose.
        agent: who writes.
        desk: the configuration.
        link: the requester's page of the ticket.
        signature: the agent's.
        now: the present.
    """
    language = supported_language(ticket.language)
    name = clean_line(ticket.copies.requester_name or "")
    group = desk.groups.get(ticket.group or "")
    category = desk.categories.get(ticket.category or "")
    product = desk.products.get(ticket.product or "")
    values = {
        "ticket.number": str(ticket.number),
        "ticket.subject": ticket.copies.subject,
        "ticket.link": link,
        "requester.name": name,
        "requester.first_name": first_name(name),
        "requester.email": ticket.copies.requester_address or "",
        "agent.name": agent.name,
        "agent.first_name": first_name(agent.name),
        SIGNATURE: signature,
        "group.name": group.name if group is not None else "",
        "category.name": category.name(language) if category is not None else "",
        "product.name": product.name(language) if product is not None else "",
        "desk.name": desk.general.name,
        "today": day(now, _zone(ticket, desk), language),
    }
    fields = ticket.copies.fields.items()
    return values | {FIELD_PREFIX + field: _worded(field, value, desk, language) for field, value in fields}


def _worded(field: str, value: FieldValue, desk: Desk, language: str) -> str:
    """A field's value, choices by their names."""
    definition = desk.fields.get(field)
    return in_words(definition, value, language) if definition and definition.choices else _shown(value, language)


def first_name(name: str) -> str:
    """The name to greet somebody by.

    Korean and Japanese names stay whole: greeting by the given name alone would be too familiar.

    >>> [first_name(name) for name in ("Daniel Weber", "Weber, Daniel K.", "박지우", "山田 太郎", "")]
    ['Daniel', 'Daniel', '박지우', '山田 太郎', '']
    """
    if _EAST_ASIAN.search(name):
        return name
    family, comma, given = name.partition(",")
    words = (given if comma and given.strip() else family).split()
    return words[0] if words else ""


def _shown(value: object, language: str) -> str:
    if isinstance(value, bool):
        return _YES_NO[language][0 if value else 1]
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _zone(ticket: Ticket, desk: Desk) -> str:
    """The zone in which the ticket's clocks count; where those never stop (UTC), that of the desk's other hours."""
    calendars = [desk.calendars[key] for key in sorted(desk.calendars)]
    if ticket.sla is not None:
        own = desk.calendars.get((ticket.sla.calendar_id, ticket.sla.calendar_revision))
        calendars = [own, *calendars] if own is not None else calendars
    return next((calendar.zone for calendar in calendars if calendar.zone != "UTC"), "UTC")
