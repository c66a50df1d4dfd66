"""What settings are called, so that trails and traces can name them instead of showing ids."""

from collections.abc import Callable, Mapping
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.forms.model import name_in

_BY_ID: Final = {
    "agent": "agents",
    "session": "agents",
    "group": "groups",
    "assignment": "groups",
    "category": "categories",
    "mailbox": "mailboxes",
    "status": "statuses",
    "field": "fields",
    "form": "forms",
    "product": "products",
    "role": "roles",
    "rule": "rules",
    "plan": "plans",
    "survey": "surveys",
    "webhook": "webhooks",
    "retention": "retention",
    "section": "sections",
    "brand": "brands",
}
"""Where a desk holds the settings of a kind, by id; how tickets are given out is kept by the group."""


def setting_name(desk: Desk, kind: str, setting_id: str, language: str) -> str | None:
    """What a setting is called now; None: it is gone, or things of its kind have no name.

    Args:
        desk: the configuration.
        kind: as the trail calls it: `agent`, `policy`, `calendar` ...
        setting_id: of its kind.
        language: of the reader, for what is called differently in each.
    """
    found: object
    if kind == "policy":
        found = next((one for one in desk.policies if one.id == setting_id), None)
    elif kind == "calendar":
        revisions = [one for (calendar_id, _), one in desk.calendars.items() if calendar_id == setting_id]
        found = max(revisions, key=lambda one: one.revision, default=None)
    else:
        there: Mapping[str, object] = getattr(desk, _BY_ID[kind]) if kind in _BY_ID else {}
        found = there.get(setting_id)
    names: Mapping[str, str] = getattr(found, "names", {})
    return name_in(names, language, "") or getattr(found, "name", "") or getattr(found, "address", "") or None


def naming(desk: Desk, language: str, *, knows_webhooks: bool) -> Callable[[str, str], str]:
    """What settings are called in sentences, by kind and id; the id of what is gone, or is no setting.

    Args:
        desk: the configuration.
        language: of the reader.
        knows_webhooks: whether they may read which webhooks there are. To others each is only "a webhook".
    """

    def named(kind: str, setting_id: str) -> str:
        if kind == "webhook" and not knows_webhooks:
            return "a webhook"
        return setting_name(desk, kind, setting_id, language) or setting_id

    return named
