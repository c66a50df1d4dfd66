"""The views that every desk has: what agents begin their day with."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from helpdesk.canned.model import Scope, Sharing
from helpdesk.views.model import Order, View

_BEGINNING: Final = datetime(2020, 1, 1, tzinfo=UTC)
_ACTIVE: Final = {"field": "status_category", "is_not": ["done"]}
_OPEN: Final = {"field": "status_category", "is": ["open"]}
_AWAKE: Final = {"field": "snoozed", "is": False}
_PRESSING: Final = (Order("sla_due_at"), Order("priority"))


def _built_in(
    view_id: str, names: Mapping[str, str], *conditions: Mapping[str, Any], sort: tuple[Order, ...], place: int
) -> View:
    return View(
        id=view_id,
        version=1,
        title=names["en"],
        names=names,
        sharing=Sharing(Scope.SHARED),
        created_by="system",
        created_at=_BEGINNING,
        updated_by="system",
        updated_at=_BEGINNING,
        conditions=msgspec.json.encode({"all": conditions}).decode(),
        sort=sort,
        order=place,
        built_in=True,
    )


_ALL: Final = (
    _built_in(
        "my-open",
        {"en": "My open tickets", "ko": "내 미해결 티켓", "ja": "自分の未解決チケット"},
        _ACTIVE,
        _AWAKE,
        {"field": "assignee", "is": ["me"]},
        sort=_PRESSING,
        place=1,
    ),
    _built_in(
        "unassigned-in-my-groups",
        {"en": "Unassigned in my groups", "ko": "내 그룹의 미배정 티켓", "ja": "自分のグループの未割り当て"},
        _ACTIVE,
        _AWAKE,
        {"field": "assignee", "empty": True},
        {"field": "group", "is": ["my_groups"]},
        sort=_PRESSING,
        place=2,
    ),
    _built_in(
        "breaching-soon",
        {"en": "Due within two hours, or missed", "ko": "2시간 내 마감 또는 초과", "ja": "2時間以内に期限、または超過"},
        _OPEN,
        {
            "any": [
                {"field": "sla", "breaches_within": "2h"},
                {"field": "sla", "is": ["breached"]},
                {"field": "due_at", "before": "now+2h"},
            ]
        },
        sort=_PRESSING,
        place=3,
    ),
    _built_in(
        "waiting-for-us",
        {"en": "Waiting for an answer from us", "ko": "답변 대기 중", "ja": "こちらの返信待ち"},
        {"field": "waiting_on", "is": ["us"]},
        _AWAKE,
        sort=(Order("last_message_at"),),
        place=4,
    ),
    _built_in(
        "all-open",
        {"en": "All open tickets", "ko": "전체 미해결 티켓", "ja": "すべての未解決チケット"},
        _ACTIVE,
        sort=_PRESSING,
        place=5,
    ),
    _built_in(
        "waiting-for-requester",
        {"en": "Waiting for the requester", "ko": "고객 회신 대기", "ja": "お客様の返信待ち"},
        {"field": "waiting_on", "is": ["requester"]},
        sort=(Order("last_message_at"),),
        place=6,
    ),
    _built_in(
        "snoozed",
        {"en": "Put aside", "ko": "보류한 티켓", "ja": "後回しにしたチケット"},
        _ACTIVE,
        {"field": "snoozed", "is": True},
        sort=(Order("snoozed_until"),),
        place=7,
    ),
    _built_in(
        "recently-solved",
        {"en": "Solved in the last week", "ko": "지난 일주일간 해결", "ja": "過去1週間に解決"},
        {"field": "status_category", "is": ["done"]},
        {"field": "solved_at", "within": "1w"},
        sort=(Order("solved_at", descending=True),),
        place=8,
    ),
)
BUILT_IN: Final[dict[str, View]] = {view.id: view for view in _ALL}
