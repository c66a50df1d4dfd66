"""A ticket's whole life on the running desk, through HTTP and SMTP alone, in English and in Korean."""

import email
import email.policy
import re
import urllib.request
import uuid
from email.message import EmailMessage
from typing import Any

import pytest

from tests.e2e.desk import RunningDesk

AGENT = "agent@desk.test"


def body_of(raw: bytes) -> str:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    part = mail.get_body(("plain",))
    assert part is not None
    return part.get_content()


def answer_to(raw: bytes, text: str, sender: str) -> EmailMessage:
    """What a mail program makes when somebody answers a mail."""
    original = email.message_from_bytes(raw, policy=email.policy.default)
    answer = EmailMessage()
    answer["From"] = sender
    answer["To"] = str(original["Reply-To"] or original["From"])
    answer["Subject"] = f"Re: {original['Subject']}"
    answer["Message-ID"] = f"<{uuid.uuid4().hex}@example.com>"
    answer["In-Reply-To"] = str(original["Message-ID"])
    answer["References"] = f"{original.get('References', '')} {original['Message-ID']}".strip()
    quoted = "\n".join(f"> {line}" for line in body_of(raw).splitlines())
    answer.set_content(f"{text}\n\nOn Mon, Support wrote:\n{quoted}\n")
    return answer


def new_mail(sender: str, name: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"{name} <{sender}>"
    mail["To"] = "support@desk.test"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{uuid.uuid4().hex}@example.com>"
    mail.set_content(text)
    return mail


def number_in(subject: str) -> int:
    found = re.search(r"#(\d+)", subject)
    assert found is not None, subject
    return int(found[1])


LIVES: list[dict[str, Any]] = [
    {
        "name": "Ada Byron",
        "subject": "The export stops half way",
        "text": "Every export of more than 500 rows stops half way since Monday.",
        "answer": "Thank you, we have found the cause and mended it.",
        "thanks": "It works again, thank you!",
        "language": "en",
    },
    {
        "name": "박서연",
        "subject": "내보내기가 중간에 멈춰요",
        "text": "월요일부터 500행이 넘는 내보내기가 모두 중간에 멈춥니다. 확인 부탁드려요.",
        "answer": "알려 주셔서 감사해요. 원인을 찾아 고쳤어요.",
        "thanks": "이제 잘 됩니다. 감사합니다!",
        "language": "ko",
    },
]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life["language"])
def test_a_mailed_request_lives_from_acknowledgement_to_rating(desk: RunningDesk, life: dict[str, Any]) -> None:
    sender = f"{life['language']}-{uuid.uuid4().hex[:8]}@example.com"
    desk.mail(new_mail(sender, life["name"], life["subject"], life["text"]), sender=sender, to="support@desk.test")
    desk.settle()

    acknowledgement = desk.mails(sender)[0]
    number = number_in(acknowledgement["subject"])
    ticket = desk.ticket_of(number)
    assert (ticket["subject"], ticket["channel"], ticket["language"]) == (life["subject"], "email", life["language"])
    assert ticket["group"] == "support"
    assert ticket["assignee"] is not None
    metrics = {clock["metric"]: clock["state"] for clock in ticket["sla"]["clocks"]}
    assert metrics["first_response"] == metrics["resolution"] == "running"

    history = desk.as_agent(AGENT, "GET", f"/v1/tickets/{ticket['id']}/history").body["items"]
    routed = next(item for item in history if item["type"] == "TicketAssigned")
    assert "least_busy" in [reason["code"] for reason in routed["because"]]

    answered = desk.as_agent(
        AGENT, "POST", f"/v1/tickets/{ticket['id']}/messages", {"body": life["answer"], "visibility": "public"}
    )
    assert answered.status == 201
    note = {"body": "Internal: cause was the row limit.", "visibility": "internal"}
    assert desk.as_agent(AGENT, "POST", f"/v1/tickets/{ticket['id']}/messages", note).status == 201
    desk.settle()
    sent = desk.mails(sender)
    assert len(sent) == 2
    raw = desk.raw_mail(sent[0])
    assert life["answer"] in body_of(raw)
    assert b"agent@desk.test" not in raw
    assert "row limit" not in body_of(raw)

    desk.mail(answer_to(raw, life["thanks"], sender), sender=sender, to=reply_address(raw))
    desk.settle()
    messages = desk.as_agent(AGENT, "GET", f"/v1/tickets/{ticket['id']}/messages").body["items"]
    assert messages[0]["body_text"] == life["thanks"]
    assert [message["author"]["kind"] for message in messages] == ["requester", "agent", "agent", "requester"]

    now = desk.ticket_of(number)
    solved = desk.as_agent(
        AGENT, "PATCH", f"/v1/tickets/{ticket['id']}", {"status": "solved"}, if_match=f'"{now["version"]}"'
    )
    assert (solved.status, solved.body["status"]) == (200, "solved")

    desk.advance(hours=2)
    survey = desk.mails(sender)[0]
    token = re.search(r"/portal/survey/(\S+?)[\s\"<>)]", body_of(desk.raw_mail(survey)) + " ")
    assert token is not None
    path = f"/v1/surveys/{token[1]}"
    assert desk.call("GET", path).body["state"] == "open"
    assert desk.call("GET", path).body["rating"] is None
    assert desk.call("POST", path, {"rating": 5, "comment": "!"}).status == 200
    desk.advance(hours=1)  # until then it may be changed
    assert desk.call("POST", path, {"rating": 1}).status == 409
    assert desk.ticket_of(number)["rating"] == {"rating": 5, "comment": "!"}

    desk.advance(days=5)
    assert desk.ticket_of(number)["status"] == "closed"

    desk.mail(answer_to(raw, "One more thing.", sender), sender=sender, to=reply_address(raw))
    desk.settle()
    follower = desk.ticket_of(number_in(desk.mails(sender)[0]["subject"]))
    assert follower["number"] != number
    assert follower["linked_tickets"] == [{"id": ticket["id"], "number": number, "relation": "follows"}]
    assert desk.dead_letters() == []


def reply_address(raw: bytes) -> str:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    return str(mail["Reply-To"].addresses[0].addr_spec)


def test_a_request_by_api_breaches_and_the_supervisor_is_told(desk: RunningDesk) -> None:
    requester = {"email": f"{uuid.uuid4().hex[:8]}@example.com", "name": "Grace"}
    opened = desk.call(
        "POST",
        "/v1/requests",
        {"requester": requester, "subject": "Down", "body": "Nothing works", "priority": "urgent"},
    )
    assert opened.status == 201
    ticket_id, token = opened.body["ticket"]["id"], opened.body["access_token"]
    desk.settle()
    before = len(desk.mails("supervisor@desk.test"))
    desk.advance(days=7)
    history = desk.as_agent(AGENT, "GET", f"/v1/tickets/{ticket_id}/history").body["items"]
    kinds = [item["type"] for item in history]
    assert kinds.count("SlaWarned") == kinds.count("SlaBreached") == 2
    ticket = desk.as_agent(AGENT, "GET", f"/v1/tickets/{ticket_id}").body
    due = {clock["metric"]: clock for clock in ticket["sla"]["clocks"]}
    breached = next(
        item for item in history if item["type"] == "SlaBreached" and item["data"]["metric"] == "first_response"
    )
    assert breached["data"]["breached_at"] == due["first_response"]["due_at"] == due["first_response"]["breached_at"]
    assert len(desk.mails("supervisor@desk.test")) > before

    own = desk.call("GET", f"/v1/requests/{ticket_id}", authorization=f"Bearer {token}")
    assert [message["body_text"] for message in own.body["messages"]] == ["Nothing works"]
    written = desk.call(
        "POST", f"/v1/requests/{ticket_id}/messages", {"body": "Hello?"}, authorization=f"Bearer {token}"
    )
    assert written.status == 201


def test_the_same_idempotency_key_opens_one_ticket(desk: RunningDesk) -> None:
    body = {"requester": {"email": f"{uuid.uuid4().hex[:8]}@example.com"}, "subject": "Once", "body": "only"}
    key = uuid.uuid4().hex
    first = desk.call("POST", "/v1/requests", body, idempotency_key=key)
    again = desk.call("POST", "/v1/requests", body, idempotency_key=key)
    other = desk.call("POST", "/v1/requests", {**body, "subject": "Twice"}, idempotency_key=key)
    assert (first.status, again.status, other.status) == (201, 201, 422)
    assert first.body == again.body
    assert other.body["code"] == "idempotency_key_reused"


def test_an_attachment_travels_from_the_browser_to_the_agent(desk: RunningDesk) -> None:
    content = b"%PDF-1.7 not really"
    wanted = {"filename": "견적서.pdf", "content_type": "application/pdf", "size": len(content)}
    upload = desk.call("POST", "/v1/uploads", wanted).body
    assert post_form(upload["url"], upload["fields"], content) < 300
    body = {
        "requester": {"email": f"{uuid.uuid4().hex[:8]}@example.com"},
        "subject": "With a file",
        "body": "see there",
        "attachments": [upload["id"]],
    }
    ticket_id = desk.call("POST", "/v1/requests", body).body["ticket"]["id"]
    messages = desk.as_agent(AGENT, "GET", f"/v1/tickets/{ticket_id}/messages").body["items"]
    file = messages[0]["attachments"][0]
    assert (file["filename"], file["size"]) == ("견적서.pdf", len(content))
    link = desk.as_agent(AGENT, "GET", f"/v1/tickets/{ticket_id}/attachments/{file['id']}").body["url"]
    assert fetch(link) == content


def post_form(url: str, fields: dict[str, str], content: bytes) -> int:
    boundary = uuid.uuid4().hex
    parts = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    parts += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'.encode()
    data = parts + content + f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    request = urllib.request.Request(url, data=data, headers={"content-type": kind})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()
