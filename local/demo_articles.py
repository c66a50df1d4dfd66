"""The demo desk's help centre: what a seller of office supplies is asked most, in three languages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from helpdesk.knowledge.model import ArticleKind, Section

FILE: Final = Path(__file__).with_name("demo_articles.txt")


@dataclass(frozen=True, slots=True)
class DemoText:
    """An article in one language."""

    title: str
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article of the demo desk.

    Attributes:
        texts: by language; `en` is its own.
    """

    name: str
    section: str
    kind: ArticleKind
    texts: dict[str, DemoText]


def _section(section_id: str, order: int, names: tuple[str, str, str], descriptions: tuple[str, str, str]) -> Section:
    languages = ("en", "ko", "ja")
    return Section(
        section_id,
        dict(zip(languages, names, strict=True)),
        dict(zip(languages, descriptions, strict=True)),
        order=order,
    )


SECTIONS: Final = (
    _section(
        "orders",
        1,
        ("Orders and delivery", "주문과 배송", "ご注文と配送"),
        ("From the basket to your door.", "장바구니부터 받는 순간까지.", "カートからお届けまで。"),
    ),
    _section(
        "payment",
        2,
        ("Payment and invoices", "결제와 증빙", "お支払いと請求書"),
        ("Cards, transfers, tax invoices.", "카드, 계좌이체, 세금계산서.", "カード、振込、インボイス。"),
    ),
    _section(
        "returns",
        3,
        ("Returns and warranty", "반품과 보증", "返品と保証"),
        ("When something is not right.", "문제가 생겼을 때.", "問題があったとき。"),
    ),
    _section(
        "devices",
        4,
        ("Printers and devices", "프린터와 기기", "プリンターと機器"),
        ("Set up, connect, repair.", "설치, 연결, 해결.", "設置、接続、解決。"),
    ),
    _section(
        "account",
        5,
        ("Your account", "계정", "アカウント"),
        ("Sign-in, people, approvals.", "로그인, 구성원, 승인.", "ログイン、メンバー、承認。"),
    ),
)


def read_articles(text: str) -> list[DemoArticle]:
    """Articles of a file: `=== name section kind`, then `--- language`, a title, a summary and a body for each language."""
    articles = []
    for part in text.split("\n=== ")[1:]:
        head, *translations = part.split("\n--- ")
        name, section, kind = head.split()
        texts = {}
        for one in translations:
            language, title, summary, body = one.split("\n", 3)
            texts[language.strip()] = DemoText(title.strip(), summary.strip(), body.strip())
        articles.append(DemoArticle(name, section, ArticleKind(kind), texts))
    return articles


def demo_articles() -> list[DemoArticle]:
    """All of them."""
    return read_articles(FILE.read_text(encoding="utf-8"))
