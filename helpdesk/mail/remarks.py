"""What the desk notes on a ticket about the mails it sent, in each colleague's language: came back, delayed, called spam."""

import re
from collections.abc import Mapping
from typing import Final

from helpdesk.kernel.text import supported_language
from helpdesk.mail.model import Bounce, FeedbackReport
from helpdesk.tickets.model import Reason

LONGEST_ANSWER: Final = 500
"""Characters kept of what the other server said."""

_BY_STATUS: Final = (
    (re.compile(r"[45]\.1\.(?:2|8|10)|5\.4\.4|5\.1\.7"), "unknown_domain"),
    (re.compile(r"[45]\.1\.\d+"), "unknown_address"),
    (re.compile(r"[45]\.2\.2"), "mailbox_full"),
    (re.compile(r"[45]\.2\.1"), "mailbox_disabled"),
    (re.compile(r"[45]\.(?:2\.3|3\.4)"), "too_large"),
    (re.compile(r"[45]\.7\.\d+"), "refused"),
    (re.compile(r"4\.\d+\.\d+|5\.4\.\d+"), "unreachable"),
)
_BY_WORDS: Final = (
    (re.compile(r"quota|mailbox (?:is )?full|over limit", re.IGNORECASE), "mailbox_full"),
    (re.compile(r"spam|blocked|blacklist|denied|policy|reputation|dmarc|spf", re.IGNORECASE), "refused"),
    (re.compile(r"(?:host|domain)\b.{0,40}(?:unknown|not found|not exist)|nxdomain", re.IGNORECASE), "unknown_domain"),
    (
        re.compile(
            r"(?:user|recipient|mailbox|address|account)\b.{0,40}(?:unknown|not found|not exist|invalid)"
            r"|no such|doesn't exist|does not exist|unknown user",
            re.IGNORECASE,
        ),
        "unknown_address",
    ),
    (re.compile(r"disabled|inactive|suspended", re.IGNORECASE), "mailbox_disabled"),
    (re.compile(r"too (?:large|big)|size limit", re.IGNORECASE), "too_large"),
    (re.compile(r"timed? ?out|refused|unreachable|deferred|delayed|greylist", re.IGNORECASE), "unreachable"),
)

_CAUSES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "unknown_address": "there is no such address",
        "unknown_domain": "there is no such mail domain",
        "mailbox_full": "the mailbox is full",
        "mailbox_disabled": "the mailbox is switched off",
        "too_large": "the mail is too large for it",
        "refused": "the other server refuses our mail",
        "unreachable": "the other server cannot be reached",
        "other": "the other server gave no reason that we know",
    },
    "ko": {
        "unknown_address": "없는 주소입니다",
        "unknown_domain": "없는 메일 도메인입니다",
        "mailbox_full": "받는 메일함이 가득 찼습니다",
        "mailbox_disabled": "사용이 중지된 메일함입니다",
        "too_large": "메일이 너무 큽니다",
        "refused": "상대 서버가 메일을 거부했습니다",
        "unreachable": "상대 서버에 연결할 수 없습니다",
        "other": "상대 서버가 알려 준 이유가 없습니다",
    },
    "ja": {
        "unknown_address": "このアドレスは存在しません",
        "unknown_domain": "このメールドメインは存在しません",
        "mailbox_full": "受信者のメールボックスがいっぱいです",
        "mailbox_disabled": "メールボックスが停止されています",
        "too_large": "メールのサイズが大きすぎます",
        "refused": "相手のサーバーが受信を拒否しました",
        "unreachable": "相手のサーバーに接続できません",
        "other": "相手のサーバーから理由は示されていません",
    },
}

_SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "mail_bounced": "A mail to {recipient} came back: {cause}.",
        "mail_delayed": "A mail to {recipient} has not arrived yet: {cause}. It may still arrive.",
        "mail_complained": "{recipient} reported a mail of this ticket as spam. Better reach them in another way.",
        "answer": "The other server said: {answer}",
        "marked": "The address is marked as undeliverable; the desk writes nothing there by itself any more.",
        "somebody": "a recipient whom the report does not name",
    },
    "ko": {
        "mail_bounced": "{recipient} 앞으로 보낸 메일이 반송되었습니다: {cause}.",
        "mail_delayed": "{recipient} 앞으로 보낸 메일이 아직 도착하지 않았습니다: {cause}. 나중에 도착할 수도 있습니다.",
        "mail_complained": "{recipient}에서 이 티켓의 메일을 스팸으로 신고했습니다. 다른 방법으로 연락하는 것이 좋습니다.",
        "answer": "상대 서버의 응답: {answer}",
        "marked": "이 주소는 수신 불가로 표시되었으며, 더 이상 자동 메일을 보내지 않습니다.",
        "somebody": "보고서에 나오지 않은 받는 사람",
    },
    "ja": {
        "mail_bounced": "{recipient} 宛てのメールが戻ってきました: {cause}。",
        "mail_delayed": "{recipient} 宛てのメールはまだ届いていません: {cause}。後で届く可能性があります。",
        "mail_complained": "{recipient} がこのチケットのメールを迷惑メールとして報告しました。別の方法での連絡をお勧めします。",
        "answer": "相手のサーバーの応答: {answer}",
        "marked": "このアドレスは配信不能として記録され、今後は自動メールを送りません。",
        "somebody": "報告に記載のない受信者",
    },
}


def of_bounce(bounce: Bounce, *, marked: bool) -> Reason:
    """A remark about a mail that came back or is delayed.

    Args:
        bounce: as it was read.
        marked: whether an address is marked as undeliverable for it.
    """
    params: dict[str, str | int] = {"cause": cause_of(bounce)}
    if bounce.recipients:
        params["recipient"] = ", ".join(bounce.recipients[:5])[:LONGEST_ANSWER]
    if bounce.status:
        params["status"] = bounce.status
    if bounce.diagnostic:
        params["answer"] = bounce.diagnostic[:LONGEST_ANSWER]
    if marked:
        params["marked"] = 1
    return Reason("mail_bounced" if bounce.hard else "mail_delayed", params)


def of_complaint(report: FeedbackReport) -> Reason:
    """A remark about a mail that was called spam."""
    params: dict[str, str | int] = {"feedback": report.feedback_type}
    if report.original_recipients:
        params["recipient"] = ", ".join(report.original_recipients[:5])[:LONGEST_ANSWER]
    return Reason("mail_complained", params)


def cause_of(bounce: Bounce) -> str:
    """Why a mail came back, as one of the codes that remarks have words for: by status code, else by what was said."""
    found = next((cause for pattern, cause in _BY_STATUS if pattern.fullmatch(bounce.status or "")), None)
    if found is None or (found == "unreachable" and bounce.diagnostic):
        said = bounce.diagnostic or ""
        found = next((cause for pattern, cause in _BY_WORDS if pattern.search(said)), found)
    return found or "other"


def text_of(remark: Reason, language: str) -> str | None:
    """A remark in one of the desk's languages; None for a code it has no words for."""
    language = supported_language(language)
    words = _SENTENCES[language]
    sentence = words.get(remark.code)
    if sentence is None:
        return None
    params = remark.params
    causes = _CAUSES[language]
    cause = causes.get(str(params.get("cause", "other")), causes["other"])
    if "status" in params:
        cause = f"{cause} ({params['status']})"
    lines = [sentence.format(recipient=params.get("recipient") or words["somebody"], cause=cause)]
    if "answer" in params:
        lines.append(words["answer"].format(answer=params["answer"]))
    if params.get("marked"):
        lines.append(words["marked"])
    return "\n".join(lines)
