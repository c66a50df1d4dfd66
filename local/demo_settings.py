"""What else admins of the demo desk have set: support plans, surveys, rules, a blocked sender, what is kept for how long.

None of it touches a request that somebody tries the desk with: rules and retention are drafts, surveys are another house's.
"""

from datetime import UTC, datetime
from typing import Final

from helpdesk.automation.model import Actions, Happening, Rule
from helpdesk.desk.model import BlockedSender, Plan
from helpdesk.macros.model import MacroChanges, TagChange
from helpdesk.mail.registry import blocked_id
from helpdesk.privacy.model import RetentionRule
from helpdesk.surveys.plans import Question, QuestionKind, SurveyChoice, SurveyPlan
from helpdesk.tickets.model import Content, Priority

PLANS: Final = (
    Plan(
        "standard",
        {"en": "Standard", "ko": "스탠다드", "ja": "スタンダード"},
        {
            "en": "Answers within a working day.",
            "ko": "영업일 하루 안에 답해요.",
            "ja": "1営業日以内に返信します。",
        },
        10,
    ),
    Plan(
        "premium",
        {"en": "Premium", "ko": "프리미엄", "ja": "プレミアム"},
        {
            "en": "Answers within two hours, and a colleague of their own.",
            "ko": "두 시간 안에 답하고 전담 담당자가 있어요.",
            "ja": "2時間以内に返信し、専任の担当者がつきます。",
        },
        20,
    ),
)
SURVEYS: Final = (
    SurveyPlan(
        "lumi",
        {"en": "Lumi customers", "ko": "루미 고객", "ja": "ルミのお客様"},
        mailboxes=("lumi",),
        pause_days=30,
        questions=(
            Question(
                "recommend",
                QuestionKind.NPS,
                {
                    "en": "How likely are you to recommend Lumi?",
                    "ko": "루미를 주변에 추천하시겠어요?",
                    "ja": "ルミを人に勧めたいと思いますか。",
                },
            ),
            Question(
                "better",
                QuestionKind.CHOICE,
                {
                    "en": "What could have gone better?",
                    "ko": "무엇이 아쉬웠나요?",
                    "ja": "改善してほしい点はどこですか。",
                },
                (
                    SurveyChoice("speed", {"en": "Speed", "ko": "속도", "ja": "速さ"}),
                    SurveyChoice("clarity", {"en": "Clear words", "ko": "알기 쉬운 설명", "ja": "説明のわかりやすさ"}),
                    SurveyChoice("solution", {"en": "The solution", "ko": "해결 방법", "ja": "解決策"}),
                ),
                rating_to=3,
            ),
        ),
        delay_seconds=3600,
    ),
)
RETENTION: Final = (
    RetentionRule(
        "attachments",
        "Attachments of old tickets",
        after_days=730,
        removes=(Content.FILES,),
        description="Photos and invoices are not needed after two years.",
    ),
)
RULES: Final = (
    Rule(
        "damaged-goods",
        "Damaged goods first",
        on=(Happening.OPENED,),
        conditions={"any": [{"field": "subject", "contains": ["damaged", "broken", "파손", "破損"]}]},
        actions=Actions(MacroChanges(priority=Priority.HIGH, tags=TagChange(add=("damaged",)))),
        description="What arrives broken is looked at before anything else.",
    ),
    Rule(
        "unhappy",
        "Call back who is unhappy",
        on=(Happening.RATED,),
        conditions={"all": [{"field": "rating", "is": [1, 2]}]},
        actions=Actions(task="Call the customer and ask what went wrong"),
        order=10,
    ),
)
_OFFERS: Final = "bulk-offers.example"
BLOCKED: Final = (
    BlockedSender(blocked_id(_OFFERS), _OFFERS, "01HELPDESK000000000000SPVR", datetime(2026, 9, 14, 5, 20, tzinfo=UTC)),
)
