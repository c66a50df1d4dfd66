"""What the demo desk's people made to work with: texts, macros, organizations, tasks, a question aside, an approval."""

from datetime import timedelta
from typing import Final

from helpdesk.approvals.service import ApprovalWish
from helpdesk.canned.model import Body, Scope
from helpdesk.canned.service import Wish
from helpdesk.checklists.model import ChecklistItem
from helpdesk.checklists.service import ChecklistWish
from helpdesk.macros.model import ME, MacroChanges, MacroReply, TagChange
from helpdesk.macros.service import MacroWish
from helpdesk.people.organizations import OrganizationWish
from helpdesk.tickets.asides import Asking, Writing
from helpdesk.tickets.model import Priority, Status, Visibility
from helpdesk.tickets.tasks import NewTask
from helpdesk.tickets.views import TicketQuery
from local.demo_desk import AGENT, AGENT2, SUPERVISOR

CHAIR: Final = "주문한 의자가 아직 도착하지 않았어요"
INVOICE: Final = "Invoice 4711 shows the wrong amount"
MONITORS: Final = "Two of five monitors arrived with scratches"


def _canned(title: str, folder: str, en: str, ko: str, ja: str) -> Wish:
    return Wish(title, folder, Scope.SHARED, None, {"en": Body(en), "ko": Body(ko), "ja": Body(ja)})


CANNED: Final = (
    _canned(
        "Order is on its way",
        "Delivery",
        "Hello {{requester.first_name}},\n\nyour order has left our warehouse. It should be with you within two working "
        "days.",
        "{{requester.name}} 님, 안녕하세요.\n\n주문하신 상품이 물류 센터에서 출발했어요. 영업일 기준 이틀 안에 받아 보실 수 있어요.",
        "{{requester.name}} 様\n\nご注文の商品を発送いたしました。2営業日以内にお届けする予定です。",
    ),
    _canned(
        "Ask for a photo",
        "Delivery",
        "Could you send us a photo of the damage and of the label on the box? We then send a replacement right away.",
        "파손된 부분과 상자 라벨 사진을 보내 주시겠어요? 확인하는 대로 교환품을 보내 드릴게요.",
        "破損箇所と外箱のラベルのお写真をお送りいただけますか。確認でき次第、代替品を発送いたします。",
    ),
    _canned(
        "Corrected invoice",
        "Billing",
        "Thank you for telling us. A corrected invoice is on its way to you; please disregard the first one.",
        "알려 주셔서 감사합니다. 수정된 청구서를 보내 드렸으니 이전 청구서는 폐기해 주세요.",
        "ご連絡ありがとうございます。訂正した請求書をお送りしましたので、以前のものは破棄してください。",
    ),
    _canned(
        "New password",
        "Account",
        "Choose “Forgot your password?” on the sign-in page. The link in the mail works for one hour.",
        "로그인 화면에서 '비밀번호를 잊으셨나요?'를 눌러 주세요. 메일로 받은 링크는 한 시간 동안 쓸 수 있어요.",
        "ログイン画面の「パスワードをお忘れですか」からお手続きください。メールのリンクは1時間有効です。",
    ),
)
MACROS: Final = (
    MacroWish(
        "Ask for a photo and wait",
        "Delivery",
        Scope.SHARED,
        None,
        "Asks for a photo, takes the ticket and waits for the requester.",
        MacroReply(
            Visibility.PUBLIC,
            None,
            {
                "en": Body("Could you send us a photo of the damage? We then send a replacement right away."),
                "ko": Body("파손된 부분의 사진을 보내 주시겠어요? 확인하는 대로 교환품을 보내 드릴게요."),
                "ja": Body("破損箇所のお写真をお送りいただけますか。確認でき次第、代替品を発送いたします。"),
            },
        ),
        MacroChanges(status=Status.PENDING, assignee=ME, tags=TagChange(add=("photo-asked",))),
    ),
    MacroWish(
        "Hand to billing",
        "",
        Scope.SHARED,
        None,
        "Moves the ticket to Billing and leaves who takes it to the desk.",
        None,
        MacroChanges(category="billing", group="billing", assignee="none"),
    ),
    MacroWish(
        "Urgent, and mine",
        "",
        Scope.SHARED,
        None,
        "",
        None,
        MacroChanges(priority=Priority.URGENT, assignee=ME),
    ),
)
_DAY: Final = 86_400
CHECKLISTS: Final = (
    ChecklistWish(
        "Return of a damaged item",
        {"ko": "파손 상품 반품", "ja": "破損品の返品"},
        (
            ChecklistItem({"en": "Check the photos", "ko": "사진 확인", "ja": "写真を確認"}, "me"),
            ChecklistItem(
                {"en": "Send a return label", "ko": "반품 라벨 보내기", "ja": "返品ラベルを送る"}, "me", _DAY
            ),
            ChecklistItem({"en": "Send the replacement", "ko": "교환품 발송", "ja": "代替品を発送"}, None, 3 * _DAY),
        ),
        folder="Delivery",
    ),
    ChecklistWish(
        "New business customer",
        {"ko": "신규 기업 고객", "ja": "新しい法人のお客様"},
        (
            ChecklistItem({"en": "Check the tax number", "ko": "사업자 등록번호 확인", "ja": "登録番号を確認"}),
            ChecklistItem(
                {"en": "Agree on payment", "ko": "결제 조건 합의", "ja": "支払い条件を決める"}, None, 2 * _DAY
            ),
        ),
        folder="Account",
    ),
)
ORGANIZATIONS: Final = (
    OrganizationWish(
        "Haneul Design", ("haneul-design.example",), shared=True, plan="premium", notes="Pays by invoice, monthly."
    ),
    OrganizationWish("Mori Architects", ("mori.example",), shared=True, plan="standard"),
    OrganizationWish("Northwind Studio", ("northwind.example",)),
)


def _found(subject: str) -> str:
    """The id of the open ticket of that subject."""
    from helpdesk import bootstrap  # noqa: PLC0415 - needs the environment to be set

    wanted = TicketQuery(statuses=frozenset({Status.NEW, Status.OPEN, Status.PENDING}))
    rows = bootstrap.ticket_store().rows(wanted, limit=100, position=None).items
    return next(row.id for row in rows if row.subject == subject)


def furnish_work() -> None:
    """Makes all of it, once the demo requests are there."""
    from helpdesk import bootstrap  # noqa: PLC0415 - needs the environment to be set

    bootstrap.begin()
    for wish in CANNED:
        bootstrap.canned().create(wish, SUPERVISOR)
    for macro in MACROS:
        bootstrap.macros().create(macro, SUPERVISOR)
    for checklist in CHECKLISTS:
        bootstrap.checklists().create(checklist, SUPERVISOR)
    for organization in ORGANIZATIONS:
        bootstrap.organizations().create(organization)
    now = bootstrap.now()
    tasks = (
        NewTask("택배사에 전화하기", AGENT2.id, now + timedelta(hours=3)),
        NewTask("고객에게 새 도착일 안내하기", AGENT2.id),
    )
    bootstrap.task_desk().add(_found(CHAIR), tasks, AGENT)
    bootstrap.task_desk().add(
        _found(INVOICE), (NewTask("Send the corrected invoice", AGENT.id, now + timedelta(hours=6)),), AGENT
    )
    bootstrap.sides().start(
        _found(CHAIR),
        Asking(
            (("dispatch@carrier.example", "바로택배 배송팀"),),
            (),
            "HB-20881 배송 위치 문의",
            Writing(
                "안녕하세요.\n\n주문번호 HB-20881 의자가 목요일부터 '배송 중'으로만 나옵니다. 언제 도착하는지 알려 주세요."
            ),
        ),
        AGENT2,
    )
    question = ApprovalWish((SUPERVISOR.id,), "May we send two new monitors before the old ones are back?")
    bootstrap.approvals().ask(_found(MONITORS), question, AGENT2)
