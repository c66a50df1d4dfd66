"""A desk to search in, and how tests search."""

from typing import Any
from urllib.parse import urlencode

from tests.support.desk import AGENT
from tests.support.world import Answered, World


def search(world: World, query: str, **params: Any) -> Answered:
    return world.api("GET", "/v1/search?" + urlencode({"q": query, **params}), agent=params.pop("agent", AGENT.id))


def numbers(answer: Answered) -> list[int]:
    return [item["ticket"]["number"] for item in answer.ok()["items"]]


def opened(world: World, subject: str, body: str, email: str = "minsu@example.com", **fields: Any) -> int:
    return int(world.open(email, subject=subject, body=body, **fields)["ticket"]["number"])


def marked(text: dict[str, Any]) -> list[str]:
    return [text["text"][begin:end] for begin, end in text["ranges"]]


def furnished(world: World) -> dict[str, int]:
    made = {
        "printer": opened(world, "프린터 문제", "프린터가 인쇄되지 않아요. 드라이버를 설치했습니다.", name="김민수"),
        "salary": opened(world, "給与明細", "給与明細のPDFが開けません", "hanako@example.jp", name="佐藤花子"),
        "invoice": opened(world, "Invoices", "Order AB-1234 was billed twice in October", "kim@shop.example"),
        "vpn": opened(world, "VPN", "The VPN drops with error 0x8007", "lee@shop.example"),
    }
    world.settle()
    return made
