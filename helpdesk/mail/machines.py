"""Tells mail of machines from mail of people, because a desk that answers machines starts loops of thousands of mails."""

# ruff: noqa: RUF001 -- words and signs of other scripts are meant as they stand

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpdesk.mail.charset import clean, decode
from helpdesk.mail.headers import Header, message_ids, parse_addresses, read_header
from helpdesk.mail.mime import Part, transfer_decode
from helpdesk.mail.model import OWN_LOOP_HEADER, Bounce, FeedbackReport, Mailbox

_MAX_REPORT = 200_000
_DAEMON = re.compile(
    r"^(?:mailer[-_. ]?daemon|mail[-_.]?daemon|mailerdaemon|mdaemon|mail[-_.]?delivery(?:[-_.]?(?:sub)?system)?|bounces?(?:[-+_.=].*)?"
    r"|double-bounce|undeliverable)$",
    re.IGNORECASE,
)
_POSTMASTER = re.compile(
    r"^post[-_.]?master$|^mail[-_.]?(?:admin|master)$|^mailer$|^(?:system|mail)[-_.]?administrator$", re.IGNORECASE
)
_DAEMON_NAME = re.compile(
    r"^\W*(?:mail(?:er)?[- ]?(?:delivery|deliver|daemon)\b|mail delivery|delivery (?:sub)?system|mailer[- ]daemon|internet mail delivery)",
    re.IGNORECASE,
)
_NO_REPLY = re.compile(
    r"^(?:no|do[-_.]?not|dont|never|ne[-_.]?pas|nicht|no[-_.]?responder)[-_.]?(?:reply|replies|respond|repondre|antworten)",
    re.IGNORECASE,
)
_FAILED_SUBJECT = re.compile(
    r"^\W*(?:"
    r"undelivered mail|undeliver(?:able|ed)(?: mail| message|:|$)|undeliverable\b|returned (?:to sender|mail|e-?mail)\b|mail(?: system)? error|"
    r"mail delivery (?:failed|failure|status|system|error|problem)|delivery (?:status )?(?:notification|failure|has failed|failed|error|report|problem)|"
    r"failure (?:notice|delivery)|failed delivery|message (?:not|undeliverable|could not|delivery)|"
    r"non[- ]?(?:remis|deliver|recapit)|warning: (?:could not send|message .{0,40}delayed)|could not send message|"
    r"notice: mail delivery|delivery delayed|nondeliverable|your message .{0,40}could not be delivered|"
    r"unzustellbar|nicht zustellbar|nachricht (?:unzustellbar|konnte nicht)|mail konnte nicht|zustellung fehlgeschlagen|"
    r"undelivrable|non[- ]remis|[eé]chec de (?:la )?(?:remise|distribution)|message non distribu|"
    r"no se (?:puede|pudo) entregar|no entregado|correo devuelto|mensaje no entregado|n[ãa]o (?:foi )?(?:entregue|poss[ií]vel entregar)|"
    r"mancato recapito|non recapitabile|onbestelbaar|niet bezorgd|kan inte leverera|oleverbar|ikke leveret|kan ikke leveres|"
    r"niedostarczona|nedoru[cč]iteln|nie mo[zż]na dostarczy|недоставленн|не удалось доставить|сообщение не доставлено|"
    r"配信不能|配信できません|配信エラー|送信エラー|メール(?:配信|送信)(?:エラー|失敗)|宛先不明|未配信|"
    r"반송|배달 ?실패|전송 ?실패|메일 ?(?:전송|발송|배달) ?(?:오류|실패)|전달되지|退信|无法投递|無法傳遞|投递失败|系统退信"
    r")",
    re.IGNORECASE,
)
_ANSWERED_SUBJECT = re.compile(
    r"^\W*(?:re: *|aw: *)?(?:"
    r"auto(?:mated|matic)?[-_ ]?(?:repl(?:y|ies)|respon[sd]e?r?|answer|acknowledge?ment)\b|auto:|automatische? (?:antwort|antwoord|antworten)|"
    r"(?:automatisk|automatiskt) (?:svar|svarsmeddelande)|autosvar|r[eé]ponse automatique|respuesta autom[aá]tica|resposta autom[aá]tica|"
    r"risposta automatica|automaattinen vastaus|odpowied[zź] automatyczna|automatyczna odpowied[zź]|automatick[aá] odpov[eě][dď]|"
    r"automatikus v[aá]lasz|r[aă]spuns automat|otomatik yan[ıi]t|автоматический ответ|автоответ|автоматична відповідь|αυτόματη απάντηση|"
    r"abwesen(?:d|heit)|abwesenheitsnotiz|out[- ]of[- ](?:the[- ])?office|ooo[: ]|on vacation|vacation (?:reply|notice|message)|away from (?:the |my )?(?:office|mail)|"
    r"fuori (?:sede|ufficio)|absence du bureau|absen[ct]e? du|fuera de la oficina|fora do escrit[oó]rio|afwezig(?:heid)?|fr[åa]nvaro|frav[æa]r|poissa|"
    r"poza biurem|nepř[ií]tomnost|"
    r".{2,60} (?:is|am|will be) (?:currently )?(?:out of (?:the |my )?office|on (?:vacation|leave|holiday))|"
    r"自動(?:返信|応答|回答)|不在(?:通知|のお知らせ|連絡)|自动(?:回复|答复)|自動(?:回覆|回復|答覆)|부재[ ]?중|자동[ ]?(?:회신|응답|답장|답변)|휴가[ ]?(?:중|안내)"
    r")",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"\b([45])\d{2}[ -](?=\S)")
_ADDRESS = re.compile(
    r"(?<![^\s<>\"(),;:\[\]/'`])[^\s<>\"(),;:\[\]/'`@]++@[^\s<>\"(),;:\[\]/'`]+\.[A-Za-z][A-Za-z0-9-]*"
)
_SOFT = re.compile(
    r"mailbox (?:is )?full|over (?:its )?quota|quota exceeded|delayed|deferred|try again|temporar|greylist|timed? ?out|too busy|will retry",
    re.IGNORECASE,
)
_HARD = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|mailbox|address|person)|does(?:n't| not) exist|not exist|invalid (?:recipient|mailbox|address)|"
    r"unknown (?:address|recipient|local)|recipient rejected|address rejected|mailbox (?:unavailable|not found)|host (?:unknown|not found)|"
    r"no mailbox|user (?:not found|doesn't)|account (?:disabled|inactive)|not listed in|disabled",
    re.IGNORECASE,
)
_ORIGINAL_LINE = re.compile(
    r"^.{0,8}(?:-{2,}.{0,60}(?:original|copy of (?:the|your) message|headers).{0,60}|"
    r"(?:original|returned) message (?:headers )?(?:follows|below).{0,20}|below this line is a copy.{0,40}|"
    r"Received: (?:from|by|\(qmail).{0,300}|(?:Return-Path|Message-I[Dd]|X-Mailer|DKIM-Signature): .{0,300})$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Machine:
    """What kind of machine wrote a mail, if any did."""

    auto: bool = False
    reason: str | None = None
    vacation: bool = False
    bounce: Bounce | None = None
    feedback: FeedbackReport | None = None
    mailing_list: bool = False
    list_id: str | None = None
    loop_marks: tuple[str, ...] = ()


def classify(root: Part, from_: Mailbox | None, subject: str, return_path: str | None, text: str) -> Machine:
    """Recognises bounces, reports, automatic answers and lists from header, parts and subject."""
    header = root.header
    subject, text = subject[:500], text[:200_000]
    list_id = _list_id(header)
    mailing_list = list_id is not None or _is_list(header)
    loops = tuple(value for name in (OWN_LOOP_HEADER, "X-Loop", "X-Loop-Detect") for value in header.every(name))
    feedback = _feedback(root)
    if feedback is not None:
        return Machine(True, "an abuse report", False, None, feedback, mailing_list, list_id, loops)
    bounce = _bounce(root, from_, subject, return_path, text)
    if bounce is not None:
        return Machine(True, "a mail that could not be delivered", False, bounce, None, mailing_list, list_id, loops)
    reason, vacation = _automatic(root, from_, subject, return_path)
    return Machine(reason is not None, reason, vacation, None, None, mailing_list, list_id, loops)


# Automatic answers ---------------------------------------------------------------------------------------------------

_ANSWER_HEADERS = (
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-auto-respond", "x-autoreply-from", "x-mail-autoreply",
    "x-vacation", "x-away", "x-auto-replied", "x-cron-env", "x-ms-exchange-inbox-rules-loop", "x-autogenerated", "x-auto-generated",
    "x-facebook-notify", "x-opentext-autoreply", "x-autoanswer", "x-machinegenerated", "x-autoreplied", "x-oof",
)  # fmt: skip
"""Headers that responders add, whatever their value (unless it says no). From the programs' own documentation."""
_ANSWER_NAME = re.compile(
    r"^x-?(?:mail-?)?auto[-_]?(?:repl|respond|response(?!-suppress)|answer)|holiday-?reply|^x-vacation", re.IGNORECASE
)
_NEGATIVE = {"no", "none", "false", "0", "never"}


def _automatic(root: Part, from_: Mailbox | None, subject: str, return_path: str | None) -> tuple[str | None, bool]:
    """Why a mail is automatic (None when it is not), and whether it answers somebody."""
    found = _by_answer_header(root.header, subject) or _by_precedence(root.header)
    if found is not None:
        return found
    reports = root.type.value == "multipart/report"
    if reports or any(part.kind == "message/disposition-notification" for part in root.children):
        return "a report of a mail program", False
    if return_path == "":
        return "sent with the null return path", True
    if from_ is not None and _NO_REPLY.search(from_.address):
        return "the sender takes no replies", False
    return None, False


def _by_answer_header(header: Header, subject: str) -> tuple[str, bool] | None:
    submitted = re.sub(r"\(.*?\)", "", header.text("auto-submitted")).split(";")[0].strip().lower()
    if submitted and submitted not in _NEGATIVE:
        return f"Auto-Submitted: {submitted[:40]}", "repl" in submitted or bool(_ANSWERED_SUBJECT.search(subject))
    if _ANSWERED_SUBJECT.search(subject):
        return "its subject is that of an automatic answer", True
    for name, value in header.fields:
        known = name.lower() in _ANSWER_HEADERS or _ANSWER_NAME.match(name)
        if known and value.strip().decode("latin-1").lower() not in _NEGATIVE:
            return f"{name} header", "generated" not in name.lower() and "cron" not in name.lower()
    return None


def _by_precedence(header: Header) -> tuple[str, bool] | None:
    suppress = header.text("x-auto-response-suppress").lower()
    if suppress and suppress not in _NEGATIVE:
        return "X-Auto-Response-Suppress header", False
    precedence = header.text("precedence").lower() or header.text("x-precedence").lower()
    found = re.search(r"bulk|junk|list|auto[-_]?reply", precedence)
    return (f"Precedence: {found[0]}", "auto" in found[0]) if found else None


def _list_id(header: Header) -> str | None:
    text = header.text("list-id")
    found = re.search(r"<([^<>]+)>", text)
    return (found[1] if found else text).strip()[:200] or None if text else None


def _is_list(header: Header) -> bool:
    names = {name.lower() for name, _ in header.fields}
    return bool(
        names & {"list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "x-mailman-version", "x-ml-name"}
    ) or (header.text("precedence").lower() == "list")


# Feedback reports ----------------------------------------------------------------------------------------------------


def _feedback(root: Part) -> FeedbackReport | None:
    report = next((part for part in root.walk() if part.kind == "message/feedback-report"), None)
    if report is None and root.type.get("report-type") != "feedback-report":
        return None
    fields = _fields(report) if report is not None else []
    original = next((part for part in root.walk() if part.kind in {"message/rfc822", "text/rfc822-headers"}), None)
    found = dict(reversed(fields))
    recipients = [value for name, value in fields if name in {"original-rcpt-to", "removal-recipient"}]
    return FeedbackReport(
        found.get("feedback-type", "abuse").lower()[:40],
        tuple(dict.fromkeys(address for value in recipients for address in _ADDRESS.findall(value))),
        *_original_ids(original),
    )


def _fields(part: Part) -> list[tuple[str, str]]:
    """Fields of all blocks of a report part, lower-case names, in order."""
    data = transfer_decode(part.raw[part.start : min(part.end, part.start + _MAX_REPORT)], part.encoding)
    text = clean(decode(data)[0])
    return [
        (name.lower(), " ".join(value.split()))
        for name, value in re.findall(r"^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*(?:\n[ \t]+\S.*)*)", text, re.MULTILINE)
    ]


# Bounces -------------------------------------------------------------------------------------------------------------


def _bounce(root: Part, from_: Mailbox | None, subject: str, return_path: str | None, text: str) -> Bounce | None:
    reports = [
        part for part in root.walk() if part.kind in {"message/delivery-status", "message/global-delivery-status"}
    ]
    fields = [row for part in reports for row in _fields(part)]
    actions = {value.lower().split()[0] for name, value in fields if name == "action" and value.strip()}
    if actions and actions <= {"delivered", "relayed", "expanded"}:
        return None
    if not (_is_failure_report(root, reports) or _is_written_by_daemon(root.header, from_, subject, return_path)):
        return None
    if not reports:
        fields = [
            (name.lower(), value)
            for name, value in re.findall(
                r"^(Final-Recipient|Original-Recipient|Status|Diagnostic-Code|Action): *(.*)$", text, re.MULTILINE
            )
        ]
    return _details(root, fields, text)


def _is_failure_report(root: Part, reports: Sequence[Part]) -> bool:
    if reports:
        return True
    if root.type.value != "multipart/report":
        return False
    kind = (root.type.get("report-type") or "delivery-status").lower()
    return kind == "delivery-status"


def _is_written_by_daemon(header: Header, from_: Mailbox | None, subject: str, return_path: str | None) -> bool:
    if header.raw("x-failed-recipients") is not None:
        return True
    if _ANSWERED_SUBJECT.search(subject):
        return False
    failed = _FAILED_SUBJECT.search(subject) is not None
    local = (from_.address.partition("@")[0] if from_ is not None else "") or (
        (from_.name or "") if from_ is not None else ""
    )
    name = (from_.name or "") if from_ is not None else ""
    returned = (return_path or "").partition("@")[0]
    if _DAEMON.match(local) or (not (from_ and from_.address) and _DAEMON_NAME.search(name)):
        return True
    if _POSTMASTER.match(local) or _DAEMON_NAME.search(name) or _DAEMON.match(returned):
        return failed or return_path == "" or bool(_DAEMON.match(returned) and header.raw("auto-submitted"))
    if failed and not header.raw("in-reply-to"):
        return True
    submitted = header.text("auto-submitted").lower()
    return return_path == "" and "repl" not in submitted and not _is_marked_automatic(header)


def _is_marked_automatic(header: Header) -> bool:
    return any(header.raw(name) is not None for name in (*_ANSWER_HEADERS, "x-auto-response-suppress")) or bool(
        _list_id(header)
    )


def _details(root: Part, fields: Sequence[tuple[str, str]], text: str) -> Bounce:
    failed = _failed_recipients(fields) or _addresses(root.header.text("x-failed-recipients"))
    cut = _ORIGINAL_LINE.search(text)
    own_words = (text[: cut.start()] if cut and cut.start() > 20 else text)[:8_000]
    if not failed:
        failed = _addresses_in_prose(own_words, root)
    diagnostic = next((value for name, value in fields if name == "diagnostic-code"), None)
    diagnostic = re.sub(r"^[A-Za-z0-9_-]{2,15} *; *", "", diagnostic) if diagnostic else _diagnostic_in_prose(own_words)
    status = _status(fields, diagnostic, own_words)
    original = next(
        (
            part
            for part in root.walk()
            if part.kind in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"} and part.depth
        ),
        None,
    )
    message_id, references = _original_ids(original) if original is not None else _ids_in_prose(text)
    action = next((value.lower() for name, value in fields if name == "action"), "")
    return Bounce(
        failed,
        status,
        diagnostic[:500] if diagnostic else None,
        _is_hard(status, action, diagnostic or own_words),
        message_id,
        references,
    )


def _failed_recipients(fields: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    for wanted in ("final-recipient", "original-recipient", "x-actual-recipient"):
        found = [
            address
            for name, value in fields
            if name == wanted
            for address in _ADDRESS.findall(value.partition(";")[2] or value)
        ]
        if found:
            return tuple(dict.fromkeys(found))[:50]
    return ()


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ADDRESS.findall(text)))[:50]


def _addresses_in_prose(text: str, root: Part) -> tuple[str, ...]:
    """Addresses the daemon writes about, without ours, its own, and those of hosts' contacts."""
    own = {
        mailbox.address.lower()
        for name in ("to", "from", "cc")
        for mailbox in parse_addresses(root.header.every_structured(name))
    }
    found = [address.strip(".") for address in _ADDRESS.findall(text)]
    others = [
        address for address in found if address.lower() not in own and not _POSTMASTER.match(address.partition("@")[0])
    ]
    return tuple(dict.fromkeys(others))[:10]


def _diagnostic_in_prose(text: str) -> str | None:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for at, line in enumerate(lines):
        if _REPLY_CODE.search(line) or _STATUS.search(line):
            return " ".join(lines[at : at + 2])[:500] if len(line) < 40 else line[:500]
    return next((line[:500] for line in lines if _HARD.search(line) or _SOFT.search(line)), None)


def _status(fields: Sequence[tuple[str, str]], diagnostic: str | None, text: str) -> str | None:
    declared = next((found[1] for name, value in fields if name == "status" and (found := _STATUS.search(value))), None)
    told = _STATUS.search(diagnostic or "")
    if told and (declared is None or declared.endswith((".0.0", "0.0"))):
        return told[1]
    if declared:
        return declared
    found = _STATUS.search(text)
    if found:
        return found[1]
    code = _REPLY_CODE.search(diagnostic or "")
    return f"{code[1]}.0.0" if code else None


def _is_hard(status: str | None, action: str, words: str) -> bool:
    if action == "delayed" or (status or "").startswith("4."):
        return False
    if status in {"5.2.2", "5.3.4", "5.4.5"} or (status or "").startswith(("5.7.", "5.6.", "5.3.")):
        return False  # full, too big, refused for what it says: the address itself is fine
    if (status or "").startswith(("5.1.", "5.4.4", "5.2.1")):
        return True
    return bool(_HARD.search(words)) or ((status or "").startswith("5.") and not _SOFT.search(words))


def _original_ids(part: Part | None) -> tuple[str | None, tuple[str, ...]]:
    if part is None:
        return None, ()
    data = part.raw[part.start : min(part.end, part.start + _MAX_REPORT)]
    if part.encoding in {"base64", "quoted-printable"}:
        data = transfer_decode(data, part.encoding)
    header, _ = read_header(data, 0, len(data))
    ids = message_ids(header.text("message-id"))
    return (ids[0] if ids else None), message_ids(header.text("references") + " " + header.text("in-reply-to"))


def _ids_in_prose(text: str) -> tuple[str | None, tuple[str, ...]]:
    """Ids of a returned mail that was pasted into the text."""
    found = {name.lower(): value for name, value in _pasted(text)}
    ids = message_ids(found.get("message-id", ""))
    return (ids[0] if ids else None), message_ids(found.get("references", "") + " " + found.get("in-reply-to", ""))


def _pasted(text: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(
        r"^[> ]*(Message-ID|References|In-Reply-To): *(.{0,2000}(?:\n[ \t]+<.{0,2000})*)",
        text[:100_000],
        re.MULTILINE | re.IGNORECASE,
    ):
        yield found[1], found[2]
