"""The demo desk's shared views: what a small desk makes in its first week."""

from typing import Final

from helpdesk.canned.model import Scope
from helpdesk.views.model import Order
from helpdesk.views.service import ViewWish

_ACTIVE: Final = {"field": "status_category", "is_not": ["done"]}

VIEWS: Final = (
    ViewWish(
        "Burning",
        {"ko": "긴급 처리", "ja": "至急対応"},
        {
            "all": [
                _ACTIVE,
                {
                    "any": [
                        {"field": "priority", "is": ["urgent"]},
                        {"field": "sla", "is": ["breached"]},
                        {"field": "sla", "breaches_within": "1h"},
                    ]
                },
            ]
        },
        (Order("sla_due_at"),),
        "group",
        (),
        1,
        Scope.SHARED,
        None,
        "",
    ),
    ViewWish(
        "Who has what",
        {"ko": "담당자별 티켓", "ja": "担当者ごとのチケット"},
        {"all": [_ACTIVE]},
        (Order("priority"), Order("updated_at")),
        "assignee",
        (),
        2,
        Scope.SHARED,
        None,
        "",
    ),
    ViewWish(
        "Billing, oldest first",
        {"ko": "결제 문의(오래된 순)", "ja": "お支払い(古い順)"},
        {"all": [_ACTIVE, {"any": [{"field": "group", "is": ["billing"]}, {"field": "category", "is": ["billing"]}]}]},
        (Order("created_at"),),
        None,
        (),
        3,
        Scope.SHARED,
        None,
        "",
    ),
    ViewWish(
        "Quiet for three days",
        {"ko": "3일간 변화 없음", "ja": "3日間動きなし"},
        {"all": [_ACTIVE, {"field": "updated_at", "older_than": "3d"}, {"field": "snoozed", "is": False}]},
        (Order("updated_at"),),
        None,
        (),
        4,
        Scope.SHARED,
        None,
        "",
    ),
)
