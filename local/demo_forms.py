"""What the demo desk's tickets are described by: fields, a form, a question screen for the phone, products, a status."""

from typing import Final

from helpdesk.desk.model import Product
from helpdesk.forms.model import (
    Choice,
    Condition,
    CustomerAccess,
    Element,
    ElementKind,
    FieldDefinition,
    FieldType,
    FormChannel,
    FormDefinition,
)
from helpdesk.tickets.model import Status
from helpdesk.tickets.workflow import StatusDefinition

FIELDS: Final = (
    FieldDefinition(
        "hb_order",
        FieldType.TEXT,
        {"en": "Order number", "ko": "주문번호", "ja": "注文番号"},
        {
            "en": "HB- and five digits; it is in the confirmation we sent you.",
            "ko": "HB-와 숫자 다섯 자리예요. 주문 확인 메일에 있어요.",
            "ja": "HB- と5桁の数字です。注文確認メールに記載されています。",
        },
        customer=CustomerAccess.EDITABLE,
        pattern=r"HB-\d{5}",
        order=10,
    ),
    FieldDefinition(
        "delivery_problem",
        FieldType.CHOICE,
        {"en": "What is the matter?", "ko": "어떤 문제인가요?", "ja": "どのような問題ですか"},
        choices=(
            Choice("late", {"en": "It has not arrived", "ko": "아직 도착하지 않았어요", "ja": "届いていない"}),
            Choice("damaged", {"en": "It is damaged", "ko": "파손되었어요", "ja": "破損している"}),
            Choice("missing", {"en": "Something is missing", "ko": "빠진 것이 있어요", "ja": "足りないものがある"}),
            Choice("address", {"en": "The address changed", "ko": "주소가 바뀌었어요", "ja": "住所が変わった"}),
        ),
        customer=CustomerAccess.EDITABLE,
        order=20,
    ),
    FieldDefinition(
        "affected_items",
        FieldType.NUMBER,
        {"en": "How many items?", "ko": "몇 개인가요?", "ja": "個数"},
        customer=CustomerAccess.EDITABLE,
        min=1,
        max=10_000,
        order=30,
    ),
    FieldDefinition(
        "damage_photo",
        FieldType.LINK,
        {"en": "Link to a photo", "ko": "사진 링크", "ja": "写真のリンク"},
        customer=CustomerAccess.EDITABLE,
        order=40,
    ),
    FieldDefinition(
        "needed_by",
        FieldType.DATE,
        {"en": "Needed by", "ko": "필요한 날짜", "ja": "必要な日"},
        customer=CustomerAccess.EDITABLE,
        order=50,
    ),
    FieldDefinition(
        "replacement_sent",
        FieldType.CHECKBOX,
        {"en": "Replacement sent", "ko": "교환품 발송", "ja": "代替品発送済み"},
        customer=CustomerAccess.VISIBLE,
        order=60,
    ),
    FieldDefinition(
        "cause",
        FieldType.MULTI_CHOICE,
        {"en": "Cause", "ko": "원인", "ja": "原因"},
        choices=(
            Choice("packaging", {"en": "Packaging", "ko": "포장", "ja": "梱包"}),
            Choice("carrier", {"en": "Carrier", "ko": "택배사", "ja": "運送会社"}),
            Choice("warehouse", {"en": "Warehouse", "ko": "물류 센터", "ja": "倉庫"}),
            Choice("customer", {"en": "Customer", "ko": "고객", "ja": "お客様"}),
        ),
        order=70,
    ),
)

_DAMAGED: Final = (Condition("fields/delivery_problem", equals="damaged"),)
_COUNTED: Final = (Condition("fields/delivery_problem", one_of=("damaged", "missing")),)

FORMS: Final = (
    FormDefinition(
        "delivery",
        {"en": "Orders and delivery", "ko": "주문과 배송", "ja": "ご注文と配送"},
        "delivery",
        FormChannel.WEB,
        (
            Element(field="hb_order"),
            Element(field="delivery_problem"),
            Element(field="affected_items", required=True, when=_COUNTED),
            Element(
                ElementKind.TEXT,
                {
                    "en": "Please keep the packaging until the carrier has seen it.",
                    "ko": "택배사가 확인할 때까지 포장을 보관해 주세요.",
                    "ja": "運送会社が確認するまで、梱包材を保管してください。",
                },
                when=_DAMAGED,
            ),
            Element(field="damage_photo", when=_DAMAGED),
            Element(field="needed_by", when=(Condition("fields/delivery_problem", equals="late"),)),
        ),
    ),
    FormDefinition(
        "delivery-call",
        {"en": "A call about a delivery", "ko": "배송 문의 전화", "ja": "配送についてのお電話"},
        "delivery",
        FormChannel.PHONE,
        (
            Element(
                ElementKind.TEXT,
                {
                    "en": "Say your name and ask who is calling.",
                    "ko": "이름을 말하고 상대방의 성함을 여쭤보세요.",
                    "ja": "名前を名乗り、相手のお名前を伺います。",
                },
            ),
            Element(
                ElementKind.QUESTION,
                {
                    "en": "May I have your order number? It begins with HB.",
                    "ko": "주문번호를 알려 주시겠어요? HB로 시작해요.",
                    "ja": "HBで始まるご注文番号をお願いできますか。",
                },
                "hb_order",
            ),
            Element(
                ElementKind.QUESTION,
                {"en": "What happened?", "ko": "어떤 문제가 있으셨나요?", "ja": "どのような問題がございましたか。"},
                "delivery_problem",
            ),
            Element(
                ElementKind.QUESTION,
                {"en": "How many are affected?", "ko": "몇 개가 해당되나요?", "ja": "対象は何点でしょうか。"},
                "affected_items",
                required=True,
                when=_COUNTED,
            ),
            Element(
                ElementKind.QUESTION,
                {
                    "en": "Could you send us a photo? We will write you where to.",
                    "ko": "사진을 보내 주실 수 있나요? 보내실 곳을 메일로 알려 드릴게요.",
                    "ja": "お写真をお送りいただけますか。送り先をメールでお知らせします。",
                },
                when=_DAMAGED,
            ),
        ),
    ),
)

STATUSES: Final = (
    StatusDefinition(
        "waiting_for_parts",
        Status.ON_HOLD,
        {"en": "Waiting for parts", "ko": "부품 대기 중", "ja": "部品待ち"},
    ),
)

PRODUCTS: Final = (
    Product("furniture", {"en": "Office furniture", "ko": "사무용 가구", "ja": "オフィス家具"}, order=10),
    Product("printers", {"en": "Printers", "ko": "프린터", "ja": "プリンター"}, "support", order=20),
)
