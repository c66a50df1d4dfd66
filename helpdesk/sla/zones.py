"""Time zones as calendars of other programs name them."""

import re
from datetime import tzinfo
from io import StringIO
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk.sla.windows_zones import IANA

_LOCATION: Final = re.compile(r"^X-LIC-LOCATION[^:]*:(.+)$", re.MULTILINE | re.IGNORECASE)


class ZoneUnknown(LookupError):
    """Nobody knows a zone of this name, and it is not described either."""


def zone_named(name: str, described: str | None) -> tzinfo:
    """The zone that a name means.

    IANA's names go first, also behind a prefix as some programs write (`/freeassociation.sourceforge.net/Europe/Berlin`), then
    Windows's; what is known to neither is taken as the file describes it.

    Args:
        name: as the file says it.
        described: the file's own VTIMEZONE, its lines unfolded; None: it has none.

    Raises:
        ZoneUnknown: it is known nowhere, and not described.
    """
    name = name.strip()
    parts = [part for part in name.split("/") if part]
    tails = ["/".join(parts[-count:]) for count in (3, 2, 1) if count <= len(parts)]
    location = _LOCATION.search(described) if described is not None else None
    for one in (name, *tails, IANA.get(name, ""), location[1].strip() if location is not None else ""):
        if (found := _of_iana(one)) is not None:
            return found
    if described is not None and (own := _described(described)) is not None:
        return own
    raise ZoneUnknown(name)


def _of_iana(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _described(text: str) -> tzinfo | None:
    from dateutil.tz import tzical  # type: ignore[import-untyped] # noqa: PLC0415 - few files need it

    try:
        zone = tzical(StringIO(text + "\n")).get()
    except (ValueError, TypeError, KeyError, AttributeError):  # whatever dateutil makes of nonsense
        return None
    return zone if isinstance(zone, tzinfo) else None
