"""The demo desk: who works there, what it is about, its hours and promises, and some customers' requests to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from helpdesk.desk.model import Category, Desk, General, Limits, Mailbox
from helpdesk.people.model import Agent, Group, Role
from helpdesk.portal.brands import Brand, BrandLink
from helpdesk.sla.calendars import resolve_holidays
from helpdesk.sla.model import USUAL_PAUSES, BusinessCalendar, Metric, SlaPolicy, Target, Window
from helpdesk.tickets.commands import FieldValue
from local.demo_articles import SECTIONS
from local.demo_community import SETTINGS
from local.demo_forms import FIELDS, FORMS, PRODUCTS, STATUSES
from local.demo_settings import BLOCKED, PLANS, RETENTION, RULES, SURVEYS

MAIL_DOMAIN: Final = "desk.test"

ADMIN: Final = Agent(
    "01HELPDESK000000000000ADMN", "Alex Morgan", f"admin@{MAIL_DOMAIN}", Role.ADMIN, (), available=False
)
SUPERVISOR: Final = Agent(
    "01HELPDESK000000000000SPVR",
    "Suki Tanaka",
    f"supervisor@{MAIL_DOMAIN}",
    Role.SUPERVISOR,
    ("support", "billing"),
    available=False,
)
AGENT: Final = Agent(
    "01HELPDESK00000000000AGNT1",
    "Jiwoo Park",
    f"agent@{MAIL_DOMAIN}",
    Role.AGENT,
    ("support", "billing"),
    capacity=1000,
)
AGENT2: Final = Agent(
    "01HELPDESK00000000000AGNT2", "Daniel Weber", f"agent2@{MAIL_DOMAIN}", Role.AGENT, ("support",), capacity=1000
)
AGENTS: Final = (ADMIN, SUPERVISOR, AGENT, AGENT2)

_OFFICE: Final = (Window(9 * 60, 18 * 60),)
_HOUR: Final = 3600


def demo_desk() -> Desk:
    """The demo desk's configuration: Seoul hours, Korean holidays, targets by priority."""
    calendar = resolve_holidays(
        BusinessCalendar(
            id="seoul",
            name="Seoul office",
            zone="Asia/Seoul",
            weekly=(_OFFICE,) * 5 + ((), ()),
            holiday_country="KR",
        ),
        2024,
        2036,
    )
    return Desk(
        sections={one.id: one for one in SECTIONS},
        general=General(
            name="Hanbit Office Supplies",
            language="en",
            default_group="support",
            survey_delay_seconds=_HOUR,
            time_zone="Asia/Seoul",
            community=SETTINGS,
            limits=Limits(requests_per_address_per_hour=2000, requests_per_ip_per_minute=60_000),
        ),
        agents={agent.id: agent for agent in AGENTS},
        groups={group.id: group for group in (Group("support", "Support"), Group("billing", "Billing"))},
        categories={category.id: category for category in _CATEGORIES},
        mailboxes={
            "support": Mailbox("support", f"support@{MAIL_DOMAIN}", "Hanbit Support", "support"),
            "billing": Mailbox("billing", f"billing@{MAIL_DOMAIN}", "Hanbit Billing", "billing"),
            "lumi": Mailbox("lumi", f"lumi@{MAIL_DOMAIN}", "Lumi Lamps", None),
        },
        brands={_LUMI.id: _LUMI},
        plans={plan.id: plan for plan in PLANS},
        surveys={survey.id: survey for survey in SURVEYS},
        retention={rule.id: rule for rule in RETENTION},
        rules={rule.id: rule for rule in RULES},
        blocked={sender.id: sender for sender in BLOCKED},
        statuses={status.id: status for status in STATUSES},
        fields={field.id: field for field in FIELDS},
        forms={form.id: form for form in FORMS},
        products={product.id: product for product in PRODUCTS},
        policies=(_policy(),),
        calendars={(calendar.id, calendar.revision): calendar},
    )


_LUMI: Final = Brand(
    "lumi",
    names={"en": "Lumi Lamps", "ko": "루미 조명", "ja": "ルミ照明"},
    colour="#b4520a",
    titles={
        "en": "What about your lamp?",
        "ko": "조명에 대해 무엇을 도와드릴까요?",
        "ja": "照明についてのお問い合わせ",
    },
    leads={
        "en": "Bulbs, returns, lamps that flicker: we answer on working days.",
        "ko": "전구, 반품, 깜빡이는 조명까지 영업일에 답해 드려요.",
        "ja": "電球、返品、ちらつきなど、営業日にお答えします。",
    },
    footers={
        "en": "Lumi is a house of Hanbit Office Supplies.",
        "ko": "루미는 한빛 오피스의 브랜드예요.",
        "ja": "ルミはハンビットオフィスのブランドです。",
    },
    links=(
        BrandLink({"en": "Privacy", "ko": "개인정보 처리방침", "ja": "プライバシー"}, "https://lumi.example/privacy"),
    ),
    categories=("delivery", "technical"),
    mailboxes=("lumi",),
    sites=("https://lumi.example",),
)
"""A second name that the desk answers under: its portal is at `/portal/b/lumi`, its form for websites at `/help/embed/lumi`."""

_CATEGORIES: Final = (
    Category(
        "account",
        {"en": "Account and sign-in", "ko": "계정과 로그인", "ja": "アカウントとログイン"},
        {
            "en": "Passwords, access, changing your details",
            "ko": "비밀번호, 접속, 회원 정보 변경",
            "ja": "パスワード、アクセス、登録内容の変更",
        },
        "support",
    ),
    Category(
        "billing",
        {"en": "Billing", "ko": "결제와 청구", "ja": "お支払いと請求"},
        {
            "en": "Invoices, payments, refunds",
            "ko": "청구서, 결제, 환불",
            "ja": "請求書、お支払い、返金",
        },
        "billing",
    ),
    Category(
        "delivery",
        {"en": "Orders and delivery", "ko": "주문과 배송", "ja": "ご注文と配送"},
        {
            "en": "Where it is, what is missing, sending it back",
            "ko": "배송 조회, 누락, 반품",
            "ja": "配送状況、不足、返品",
        },
        "support",
    ),
    Category(
        "technical",
        {"en": "Something does not work", "ko": "문제가 있어요", "ja": "うまく動かない"},
        {
            "en": "Errors, faults, odd behaviour",
            "ko": "오류, 고장, 이상한 동작",
            "ja": "エラー、故障、おかしな動作",
        },
        "support",
    ),
)


def _policy() -> SlaPolicy:
    def targets(first: int, then: int, solved: int) -> tuple[Target, ...]:
        return (
            Target(Metric.FIRST_RESPONSE, first),
            Target(Metric.NEXT_RESPONSE, then),
            Target(Metric.RESOLUTION, solved),
        )

    return SlaPolicy(
        id="standard",
        version=1,
        name="Standard",
        calendar_id="seoul",
        targets={
            "urgent": targets(_HOUR, _HOUR, 4 * _HOUR),
            "high": targets(2 * _HOUR, 2 * _HOUR, 8 * _HOUR),
            "normal": targets(4 * _HOUR, 8 * _HOUR, 24 * _HOUR),
            "low": targets(8 * _HOUR, 16 * _HOUR, 48 * _HOUR),
        },
        pause_on=USUAL_PAUSES,
    )


@dataclass(frozen=True, slots=True)
class DemoReply:
    """A message in a demo conversation; `by` is an agent's address, or None for the requester."""

    body: str
    by: str | None = None
    internal: bool = False


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """A request of the demo desk, and what was said about it since.

    Attributes:
        by_mail: it came by e-mail.
        hours_ago: how long ago it came in.
        end: status it ends up in, perhaps a further one; None: what comes of it by itself.
        fields: what was filled in.
        product: what an agent said it is about.
        tags: what it was tagged with.
    """

    email: str
    name: str
    locale: str
    subject: str
    body: str
    category: str | None = None
    priority: str = "normal"
    by_mail: bool = False
    hours_ago: int = 1
    replies: tuple[DemoReply, ...] = ()
    end: str | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    product: str | None = None
    tags: tuple[str, ...] = ()


_PARK: Final = AGENT.address
_WEBER: Final = AGENT2.address

REQUESTS: Final = (
    DemoRequest(
        "minsu.kim@example.com",
        "김민수",
        "ko",
        "주문한 의자가 아직 도착하지 않았어요",
        "안녕하세요.\n\n11월 12일에 주문한 사무용 의자(주문번호 HB-20881)가 아직 도착하지 않았습니다. 배송 조회에는 "
        "'배송 중'이라고만 나와요. 이번 주 금요일까지 꼭 필요한데 언제쯤 받을 수 있을까요?\n\n감사합니다.\n김민수",
        category="delivery",
        fields={"hb_order": "HB-20881", "delivery_problem": "late", "needed_by": "2026-11-27"},
        product="furniture",
        hours_ago=26,
        priority="high",
        tags=("late-delivery",),
        replies=(
            DemoReply("안녕하세요, 김민수 님. 불편을 드려 죄송해요. 지금 택배사에 확인하고 있어요.", _PARK),
            DemoReply("택배사 답변: 물류 센터에서 분류가 지연됨. 목요일 도착 예정이라고 함.", _PARK, internal=True),
            DemoReply("네, 확인 부탁드려요. 목요일까지는 꼭 왔으면 좋겠습니다."),
        ),
    ),
    DemoRequest(
        "anna.schmidt@example.org",
        "Anna Schmidt",
        "en",
        "Invoice 4711 shows the wrong amount",
        "Hello,\n\nour invoice 4711 of 3 November charges twelve desk lamps, but we ordered and received ten. "
        "Could you correct it before the 30th? Our accounting closes then.\n\nKind regards\nAnna Schmidt",
        category="billing",
        hours_ago=20,
        tags=("invoice", "correction"),
        replies=(
            DemoReply(
                "The delivery note says ten as well. Two lamps were on back order and never shipped.",
                _PARK,
                internal=True,
            ),
            DemoReply(
                "Dear Ms Schmidt,\n\nthank you, and sorry for the trouble. I have asked our warehouse and will "
                "send you a corrected invoice today.\n\nJiwoo Park",
                _PARK,
            ),
        ),
        end="pending",
    ),
    DemoRequest(
        "yuki.sato@example.jp",
        "佐藤 由紀",
        "ja",
        "パスワードを再設定できません",
        "お世話になっております。\n\nパスワード再設定のメールが届きません。迷惑メールフォルダーも確認しましたが、"
        "見当たりませんでした。至急ログインしたいのですが、どうすればよいでしょうか。\n\n佐藤",
        category="account",
        hours_ago=3,
        priority="urgent",
    ),
    DemoRequest(
        "omar.haddad@example.net",
        "عمر حداد",
        "en",
        "The printer driver stops with error 0x8007",
        "Hi, since the update on Monday the driver for the HB-300 stops with 0x8007 on Windows 11. Reinstalling did "
        "not help. Is there an older version I can use meanwhile?",
        category="technical",
        product="printers",
        hours_ago=44,
        by_mail=True,
        replies=(
            DemoReply(
                "Version 5.2 does not have this fault; here is how to go back to it: open Settings, "
                "Printers, HB-300, Driver, and choose 5.2.",
                _WEBER,
            ),
            DemoReply("That helped, thank you very much!"),
        ),
        end="solved",
    ),
    DemoRequest(
        "jisoo.lee@example.kr",
        "이지수",
        "ko",
        "세금계산서 발행 요청",
        "안녕하세요. 10월 구매분에 대한 세금계산서를 발행해 주세요.\n사업자등록번호는 첨부 드립니다. 담당자 이메일로 "
        "보내 주시면 됩니다.",
        category="billing",
        hours_ago=30,
        priority="low",
        by_mail=True,
    ),
    DemoRequest(
        "maria.rossi@example.com",
        "Maria Rossi",
        "en",
        "Can I change the delivery address of order HB-20917?",
        "We move offices next week. Could order HB-20917 go to Via Roma 12 instead? It has not been shipped yet as far "
        "as I can see.",
        category="delivery",
        fields={"hb_order": "HB-20917", "delivery_problem": "address"},
        hours_ago=5,
    ),
    DemoRequest(
        "kenji.mori@example.jp",
        "森 健二",
        "ja",
        "請求書の宛名を変更したい",
        "いつもお世話になっております。来月から請求書の宛名を「株式会社森設計」に変更していただけますでしょうか。"
        "手続きに必要なものがあれば教えてください。",
        category="billing",
        hours_ago=50,
        replies=(
            DemoReply(
                "承知いたしました。来月分より変更いたします。新しい宛名の登記の写しをお送りいただけますか。", _PARK
            ),
        ),
        end="pending",
    ),
    DemoRequest(
        "t.nguyen@example.org",
        "Thảo Nguyễn",
        "en",
        "Two of five monitors arrived with scratches",
        "Please see the photos. The packaging was fine, so it must have happened before. We would like replacements "
        "rather than a refund.",
        category="delivery",
        fields={"delivery_problem": "damaged", "affected_items": 2},
        hours_ago=1,
        priority="high",
        by_mail=True,
    ),
    DemoRequest(
        "sofia.lindqvist@example.org",
        "Sofia Lindqvist",
        "en",
        "The paper tray of our HB-300 is cracked",
        "Hi, the tray cracked when we opened it this morning, and paper jams now. The printer is from last spring, so it "
        "should still be under warranty. Can you send a new tray?",
        category="technical",
        product="printers",
        hours_ago=28,
        replies=(
            DemoReply(
                "Hello Sofia,\n\nit is under warranty. The tray is on order; it should be with us on Thursday and with "
                "you on Friday.\n\nDaniel",
                _WEBER,
            ),
        ),
        end="waiting_for_parts",
    ),
    DemoRequest(
        "hana.jung@example.kr",
        "정하나",
        "ko",
        "복합기 토너를 정기 배송으로 받고 싶어요",
        "안녕하세요. 사무실에서 HB-300 복합기 세 대를 쓰고 있습니다. 토너를 두 달에 한 번씩 정기 배송으로 받을 수 있을까요? "
        "가능하다면 견적도 부탁드려요.",
        category="billing",
        product="printers",
        hours_ago=22,
        tags=("quote",),
        replies=(
            DemoReply("네, 가능해요. 세 대 기준 견적을 내일 오전까지 보내 드릴게요.", _PARK),
            DemoReply("감사합니다. 견적서에 설치비도 함께 적어 주세요."),
        ),
    ),
    DemoRequest(
        "james.carter@example.com",
        "James Carter",
        "en",
        "Refund for the cancelled order HB-20803",
        "Hello,\n\nI cancelled order HB-20803 on Thursday, before it was shipped. The money has not come back yet. "
        "Could you tell me when to expect it?\n\nJames Carter",
        category="billing",
        hours_ago=7,
        by_mail=True,
        tags=("refund",),
    ),
    DemoRequest(
        "aoi.takahashi@example.jp",
        "高橋 葵",
        "ja",
        "会議テーブルの納期を教えてください",
        "お世話になっております。\n先週注文した会議テーブル、注文番号HB-20933は今月中に届きますでしょうか。"
        "設置の手配がありますので、目安だけでも教えていただけると助かります。",
        category="delivery",
        fields={"hb_order": "HB-20933"},
        product="furniture",
        hours_ago=18,
        replies=(
            DemoReply("お問い合わせありがとうございます。倉庫に確認し、本日中にご連絡いたします。", _WEBER),
            DemoReply("よろしくお願いいたします。"),
        ),
    ),
    DemoRequest(
        "lucie.martin@example.org",
        "Lucie Martin",
        "en",
        "Our new colleague cannot sign in",
        "Hi, I added Paul Girard to our company account yesterday, but he gets “no such account” when he signs in. "
        "He needs to place an order before Wednesday.",
        category="account",
        hours_ago=6,
        tags=("invitation",),
    ),
    DemoRequest(
        "donghyun.seo@example.kr",
        "서동현",
        "ko",
        "책상 높이 조절 버튼이 눌리지 않아요",
        "지난주에 설치한 전동 책상의 올림 버튼이 눌리지 않습니다. 내림 버튼은 잘 됩니다. 전원을 껐다 켜도 같아요.",
        category="technical",
        product="furniture",
        hours_ago=3,
        priority="high",
        tags=("warranty",),
    ),
    DemoRequest(
        "grace.obi@example.net",
        "Grace Obi",
        "en",
        "Please add our purchase order number to invoices",
        "From December on we can only pay invoices that show our purchase order number, PO-7731. Could you put it on "
        "the November invoice, too?",
        category="billing",
        hours_ago=29,
        replies=(
            DemoReply(
                "Hello Grace,\n\nof course. Every invoice from now on shows PO-7731; the one for November comes to you "
                "again today.\n\nJiwoo",
                _PARK,
            ),
        ),
        end="solved",
    ),
)
