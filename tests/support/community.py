"""A desk with a community, and people who take part in it, as a browser at the portal has them do."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.support.desk import ADMIN, AGENT
from tests.support.world import Answered, World

PAGE = {"X-Helpdesk-Page": "portal"}
OPEN = {
    "enabled": True,
    "signed_in_only": False,
    "hold_first_posts": 0,
    "held_words": [],
    "reports_hide": 3,
    "ticket_after_hours": 48,
}
QUESTIONS = "/v1/community/questions"


def open_community(world: World, **more: Any) -> None:
    """Switches the community on."""
    world.api("PUT", "/v1/settings/community", OPEN | more, agent=ADMIN.id).ok()


@dataclass
class Customer:
    """Somebody who has signed in at the portal."""

    world: World
    address: str
    name: str | None = None
    brand: str = ""
    cookie: str = field(init=False)

    def __post_init__(self) -> None:
        asked = self.world.api("POST", "/v1/portal/sign-in", {"email": self.address}).ok()
        code = re.search(r"\b\d{6}\b", self.world.sent_to(self.address)[-1].subject)
        assert code is not None
        entered = self.world.api("POST", "/v1/portal/session", {"token": asked["token"], "code": code.group()}).ok()
        self.cookie = entered.cookies[0].partition(";")[0]
        if self.name is not None:
            self.do("PUT", "/v1/community/me", {"name": self.name}).ok()

    def get(self, path: str) -> Answered:
        return self.world.api("GET", self._at(path), cookie=self.cookie)

    def do(self, method: str, path: str, body: object = None, **headers: str) -> Answered:
        return self.world.api(method, self._at(path), body, cookie=self.cookie, headers=PAGE | headers)

    def ask(self, title: str, body: str = "How is it done?", **more: Any) -> str:
        """Asks; gives the question's id."""
        return str(self.do("POST", QUESTIONS, {"title": title, "body": body, **more}).ok()["question_id"])

    def answer(self, question_id: str, body: str = "Like this.", **more: Any) -> str:
        """Answers; gives the answer's id."""
        return str(self.do("POST", f"{QUESTIONS}/{question_id}/answers", {"body": body, **more}).ok()["post_id"])

    def vote(self, question_id: str, post_id: str, value: int) -> Answered:
        return self.do("PUT", f"{QUESTIONS}/{question_id}/posts/{post_id}/vote", {"value": value})

    def read(self, question_id: str) -> Answered:
        return self.get(f"{QUESTIONS}/{question_id}")

    def _at(self, path: str) -> str:
        if not self.brand:
            return path
        return f"{path}{'&' if '?' in path else '?'}brand={self.brand}"


def moderate(world: World, question_id: str, post_id: str, act: str, agent: str) -> Answered:
    """Has a colleague do something to a post."""
    path = f"/v1/community-questions/{question_id}/posts/{post_id}/act"
    return world.api("POST", path, {"act": act}, agent=agent)


def titles(answer: Answered) -> list[str]:
    """Of questions that were listed."""
    return [one["title"] for one in answer.ok()["items"]]


def official(world: World, question_id: str, body: str = "The desk says so.") -> str:
    """Answers for the desk; gives the answer's id."""
    path = f"/v1/community-questions/{question_id}/answers"
    return str(world.api("POST", path, {"body": body}, agent=AGENT.id).ok()["answer_id"])
