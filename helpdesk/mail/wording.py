"""The words of mails: templates in a safe little language, what stands in them, and what is wrong with one.

A template is filled by Jinja with all taken out that could call, loop, reach into things or go on for long: placeholders,
`{% if %}`, `==`, `and`, `or`, `not`, `~` and a few filters. What it gives is read by `mail.markup`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from helpdesk.kernel.text import clean
from helpdesk.mail import typography
from helpdesk.mail.letters import ApprovalAsked, ApprovalTold, Kind, Template
from helpdesk.mail.markup import CLOSE, OPEN, TooLong, Values, foreign_targets
from helpdesk.sla.model import Metric
from helpdesk.tickets.model import Priority
from helpdesk.tickets.todo import ApprovalState, Verdict

if TYPE_CHECKING:
    from jinja2 import Template as Compiled
    from jinja2.nodes import Node
    from jinja2.sandbox import SandboxedEnvironment

TEMPLATES: Final = Path(__file__).parent / "templates"
LONGEST: Final = {"subject": 500, "preview": 1000, "body": 20_000}
"""Characters of each part of a template."""
LONGEST_RESULT: Final = 1_000_000
MAX_NODES: Final = 2000
MAX_DEPTH: Final = 40
_SINK: Final = "_values"

COMMON: Final[dict[str, str]] = {
    "name": "how the recipient calls themselves; empty when it is not known or looks like a link",
    "number": "the ticket's number, such as #1042",
    "subject": "the ticket's subject",
    "desk": "what the mailbox's mails call the desk",
    "mailbox": "the mailbox's name",
    "link": "where the button leads: for requesters their request, for colleagues the ticket",
}
_ABOUT_TICKET: Final = {
    "requester": "who asks, by name or else by address",
    "text": "the beginning of what was written",
    "priority": "the priority in the mail's language",
    "group": "the group's name; empty when there is none",
}
_OF_AN_AGENT: Final = {
    "message": "what the agent wrote, as a block of its own",
    "files": "links to files that are too large for a mail, as a block of its own; empty when there are none",
    "signature": "the mailbox's signature, as a block of its own",
    "agent": "the agent's name; empty when the mailbox does not tell it",
}
_SIDE_SUBJECT: Final = "the side conversation's subject"
PLACEHOLDERS: Final[Mapping[Kind, dict[str, str]]] = {
    Kind.ACKNOWLEDGEMENT: COMMON
    | {
        "articles": "links to articles that may answer the request, as a block of its own; empty when there are none",
        "solved": "where the requester says that one of them did; empty when there are none",
    },
    Kind.REPLY: COMMON | _OF_AN_AGENT,
    Kind.ASSIGNED: COMMON
    | _ABOUT_TICKET
    | {"several": "not empty when other tickets came with it, by one action: this is the only mail about them"},
    Kind.REQUESTER_REPLIED: COMMON | {name: _ABOUT_TICKET[name] for name in ("requester", "text")},
    Kind.BREACHED: COMMON
    | {name: _ABOUT_TICKET[name] for name in ("requester", "priority", "group")}
    | {
        "metric": "which promise was missed, in the mail's language",
        "due": "when it was due, with its time zone",
        "assignee": "who has the ticket; empty when nobody has",
    },
    Kind.ESCALATED: COMMON
    | {name: _ABOUT_TICKET[name] for name in ("requester", "priority", "group")}
    | {
        "metric": "which promise it is about, in the mail's language",
        "due": "when it is or was due, with its time zone",
        "assignee": "who has the ticket; empty when nobody has",
    },
    Kind.NOTIFICATION: COMMON
    | {name: _ABOUT_TICKET[name] for name in ("requester", "text")}
    | {
        "what": "what happened, in the mail's language",
        "who": "whose doing it is; empty when it is nobody's",
    },
    Kind.SURVEY: COMMON | {"expires": "the last day on which the link works"},
    Kind.SIDE: {name: meaning for name, meaning in (COMMON | _OF_AN_AGENT).items() if name != "link"}
    | {"number": "the ticket's number and the side conversation's, such as #1042-1", "subject": _SIDE_SUBJECT},
    Kind.SIDE_ANSWERED: COMMON
    | {
        "who": "who answered, by name or else by address",
        "text": _ABOUT_TICKET["text"],
        "number": "the ticket's number and the side conversation's, such as #1042-1",
        "subject": _SIDE_SUBJECT,
    },
    Kind.APPROVAL: COMMON
    | {
        "subject": "the beginning of the question",
        "question": "what shall be approved",
        "text": "what the asker shows beside the question; may be empty",
        "asker": "who asks; empty when the mailbox does not tell it",
        "due": "by when an answer is wanted, with its time zone; may be empty",
        "expires": "the last day on which the link works; empty for colleagues, who sign in",
        "again": "`yes` in a reminder, else empty",
    },
    Kind.APPROVAL_SETTLED: COMMON
    | {
        "subject": "the beginning of the question",
        "question": "what was asked",
        "approved": "`yes` if it was approved, empty if it was declined",
        "text": "who said what",
    },
    Kind.SIGN_IN: {name: COMMON[name] for name in ("desk", "mailbox")}
    | {
        "link": "where the button leads: it signs in without typing the code",
        "code": "the code",
        "minutes": "for how many minutes both are good",
    },
    Kind.COMMUNITY: {name: COMMON[name] for name in ("name", "desk", "mailbox")}
    | {
        "subject": "the question's title",
        "link": "where the button leads: to the answer in the community",
        "who": "what the author is called in the community",
        "text": "the beginning of the answer",
        "leave": "where the recipient ends these mails",
    },
    Kind.PULSE: {name: COMMON[name] for name in ("name", "desk", "mailbox")}
    | {
        "subject": "the survey's name",
        "link": "where the button leads: to the page on which colleagues answer",
        "until": "the last day on which it can be answered",
    },
}
REQUIRED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.REPLY: ("message",),
    Kind.SURVEY: ("link",),
    Kind.APPROVAL: ("link",),
    Kind.SIGN_IN: ("code",),
    Kind.COMMUNITY: ("link", "leave"),
    Kind.PULSE: ("link",),
    Kind.SIDE: ("message",),
}
"""Without these the mail would not do what it is sent for."""
IN_SIGNATURE: Final = {name: (COMMON | PLACEHOLDERS[Kind.REPLY])[name] for name in ("agent", "desk", "mailbox")}


USUAL_SIGNATURE: Final = "{% if agent %}\n**{{ agent }}**\n{% endif %}\n{{ desk }}"
PRIORITIES: Final[Mapping[str, Mapping[Priority, str]]] = {
    "en": dict(zip(Priority, ("Low", "Normal", "High", "Urgent"), strict=True)),
    "ko": dict(zip(Priority, ("낮음", "보통", "높음", "긴급"), strict=True)),
    "ja": dict(zip(Priority, ("低", "通常", "高", "緊急"), strict=True)),
}
TOPICS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "mentioned": "You were mentioned in a note",
        "followed_message": "New message on a ticket that you follow",
        "followed_change": "A ticket that you follow has moved",
        "answer_cancelled": "Your scheduled answer was not sent: the requester wrote first",
        "woke": "A ticket that you had put aside is back",
        "due": "A ticket is due",
        "task_assigned": "A task is yours",
        "task_due": "A task of yours is due",
        "sla_warned": "An SLA target is close",
        "rated_low": "A customer is not satisfied",
        "incident_suspected": "Several people write the same: perhaps an incident",
        "hand_over_asked": "Tickets wait for somebody absent: shall others take them?",
    },
    "ko": {
        "mentioned": "메모에서 나를 언급했어요",
        "followed_message": "팔로우하는 티켓에 새 메시지가 있어요",
        "followed_change": "팔로우하는 티켓이 바뀌었어요",
        "answer_cancelled": "요청자가 먼저 글을 써서 예약한 답변을 보내지 않았어요",
        "woke": "미뤄 둔 티켓이 돌아왔어요",
        "due": "티켓 기한이 되었어요",
        "task_assigned": "새 할 일이 배정되었어요",
        "task_due": "할 일의 기한이 되었어요",
        "sla_warned": "SLA 목표 시각이 가까워요",
        "rated_low": "고객이 만족하지 못했어요",
        "incident_suspected": "여러 사람이 같은 문제를 알려 왔어요. 장애일 수 있어요",
        "hand_over_asked": "부재 중인 담당자에게 티켓이 쌓여 있어요. 다른 사람에게 넘길까요?",
    },
    "ja": {
        "mentioned": "メモであなたが呼ばれました",
        "followed_message": "フォロー中のチケットに新しいメッセージがあります",
        "followed_change": "フォロー中のチケットに変更がありました",
        "answer_cancelled": "依頼者から先に連絡があったため、予約した返信は送信されませんでした",
        "woke": "保留していたチケットが戻りました",
        "due": "チケットの期限になりました",
        "task_assigned": "タスクの担当になりました",
        "task_due": "担当タスクの期限になりました",
        "sla_warned": "SLAの目標時刻が近づいています",
        "rated_low": "お客様から低い評価が届きました",
        "incident_suspected": "複数の人から同じ内容が届いています。障害の可能性があります",
        "hand_over_asked": "不在の担当者のチケットが待っています。引き継ぎが必要か確認してください",
    },
}
"""What an agent is told, by code."""
METRICS: Final[Mapping[str, Mapping[Metric, str]]] = {
    "en": dict(zip(Metric, ("first reply", "next reply", "solution", "update", "hand-off"), strict=True)),
    "ko": dict(zip(Metric, ("첫 답변", "다음 답변", "해결", "진행 안내", "인계"), strict=True)),
    "ja": dict(zip(Metric, ("初回返信", "次の返信", "解決", "経過連絡", "引き継ぎ"), strict=True)),
}


VERDICTS: Final[Mapping[str, Mapping[Verdict, str]]] = {
    "en": {Verdict.APPROVED: "approved", Verdict.DECLINED: "declined"},
    "ko": {Verdict.APPROVED: "승인", Verdict.DECLINED: "거절"},
    "ja": {Verdict.APPROVED: "承認", Verdict.DECLINED: "却下"},
}


def approval_values(details: ApprovalAsked | ApprovalTold, language: str) -> dict[str, str]:
    """What stands behind the placeholders of an approval's mails."""
    if isinstance(details, ApprovalTold):
        answers = (
            f"{one.name}: {VERDICTS[language][one.verdict]}" + (f" ({one.comment})" if one.comment else "")
            for one in details.said
        )
        approved = "yes" if details.state is ApprovalState.APPROVED else ""
        return {"question": details.question, "approved": approved, "text": "\n\n".join(answers)}
    return {
        "question": details.question,
        "text": details.text,
        "asker": details.asker or "",
        "due": typography.moment(details.due_at, details.zone, language) if details.due_at is not None else "",
        "expires": typography.day(details.expires_at, details.zone, language) if details.expires_at else "",
        "again": "yes" if details.again else "",
    }


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template, and where.

    Attributes:
        part: `subject`, `preview` or `body`.
        line: in that part, from 1.
    """

    part: str
    line: int
    message: str


class Unusable(ValueError):
    """A template that cannot be filled."""


@cache
def shipped(kind: Kind, language: str) -> Template:
    """The template that comes with the desk."""
    text = (TEMPLATES / language / f"{kind}.txt").read_text(encoding="utf-8")
    head, _, body = text.partition("\n\n")
    parts = dict(line.split(": ", 1) for line in head.split("\n"))
    return Template(parts["subject"], parts["preview"], body.strip("\n") + "\n")


def check(kind: Kind, template: Template) -> list[Fault]:
    """All that is wrong with a template for a kind of mail; nothing: it can be filled whatever the values are."""
    faults: list[Fault] = []
    used: set[str] = set()
    for part in ("subject", "preview", "body"):
        source = getattr(template, part)
        faults += check_source(part, source, PLACEHOLDERS[kind])
        used |= names_in(source)
    if not template.body.strip():
        faults.append(Fault("body", 1, "is empty"))
    faults += [
        Fault("body", 1, f"must have {{{{ {name} }}}} somewhere: without it the mail says nothing")
        for name in REQUIRED.get(kind, ())
        if name not in names_in(template.body)
    ]
    return faults


def check_source(part: str, source: str, allowed: Iterable[str]) -> list[Fault]:
    """What is wrong with one part of a template, each fault with its line."""
    if len(source) > LONGEST[part]:
        return [Fault(part, 1, f"is longer than {LONGEST[part]} characters")]
    if part != "body" and "\n" in source.strip("\n"):
        return [Fault(part, 2, "must be one line")]
    faults = [Fault(part, line, message) for line, message in _analysed(source, frozenset(allowed))[1]]
    if not faults:
        faults = [
            Fault(part, line, f"a link must begin with https://, mailto: or be {{{{ link }}}}, not {target[:60]!r}")
            for line, target in foreign_targets(source)
        ]
    return faults


def names_in(source: str) -> set[str]:
    """The placeholders that a source shows or asks for; none where it cannot be read."""
    from jinja2 import TemplateError, nodes  # noqa: PLC0415

    try:
        parsed = _environment().parse(source)
    except (TemplateError, RecursionError):
        return set()
    return {node.name for node in parsed.find_all(nodes.Name)}


def fill(source: str, values: Mapping[str, str], marked: Values) -> str:
    """A source with marks in place of its values.

    Raises:
        Unusable: it has faults, or would be too long.
    """
    compiled, faults = _analysed(source, frozenset(values))
    if compiled is None:
        line, message = faults[0]
        raise Unusable(f"line {line}: {message}")
    try:
        return compiled.render({**values, _SINK: marked})
    except TooLong as error:
        raise Unusable(str(error)) from error
    except Exception as error:  # whatever it is, another template is used instead; its words may hold a value
        raise Unusable(type(error).__name__) from error


# --- the language ----------------------------------------------------------------------------------------------------


def _short(text: object, length: object = 140) -> str:
    """The beginning of a text, cut with an ellipsis."""
    line = re.sub(r"\s+", " ", str(text)).strip()
    most = min(max(length, 1), 1000) if isinstance(length, int) else 140
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _or(text: object, instead: object = "") -> str:
    return str(text) or str(instead)


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "truncate": _short,
    "default": _or,
    "upper": lambda text: str(text).upper(),
    "lower": lambda text: str(text).lower(),
    "trim": lambda text: str(text).strip(),
}


@cache
def _environment() -> "SandboxedEnvironment":
    """Jinja with nothing in it. Imported when the first mail is made: it costs more than the rest."""
    from jinja2 import StrictUndefined, pass_context  # noqa: PLC0415
    from jinja2.runtime import Context  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    @pass_context
    def marked(context: Context, value: object) -> str:
        sink: Values = context[_SINK]
        return sink.mark(value)

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # values become marks, never text of the template; markup.py puts them in place
        finalize=marked,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
        auto_reload=False,
        cache_size=0,
    )
    environment.globals.clear()
    environment.tests.clear()
    environment.filters.clear()
    environment.filters.update(FILTERS)
    return environment


@lru_cache(maxsize=256)
def _analysed(source: str, allowed: frozenset[str]) -> tuple["Compiled | None", tuple[tuple[int, str], ...]]:
    """A source ready to be filled, or all that is wrong with it by line."""
    from jinja2 import TemplateSyntaxError  # noqa: PLC0415

    environment = _environment()
    if OPEN in source or CLOSE in source or clean(source) != source:
        at = next(
            (n for n, line in enumerate(source.split("\n"), 1) if clean(line) != line or OPEN in line or CLOSE in line),
            1,
        )
        return None, ((at, "has characters that cannot be shown"),)
    try:
        parsed = environment.parse(source)
        faults = tuple(dict.fromkeys(_faults(parsed, allowed)))
        return (None, faults) if faults else (environment.from_string(source), ())
    except TemplateSyntaxError as error:
        return None, ((error.lineno, (error.message or "cannot be read").rstrip(".")),)
    except (RecursionError, MemoryError, SyntaxError, OverflowError, ValueError):
        return None, ((1, "is nested too deeply"),)


def _faults(root: "Node", allowed: frozenset[str]) -> Iterator[tuple[int, str]]:
    stack: list[tuple[Node, int, int]] = [(root, 1, 0)]
    seen = 0
    while stack:
        node, line, depth = stack.pop(0)
        line = node.lineno or line  # some nodes know no line of their own
        seen += 1
        if depth > MAX_DEPTH or seen > MAX_NODES:
            yield line, "is nested too deeply or has too many parts"
            return
        fault = _fault(node, allowed)
        if fault is not None:
            yield line, fault
        else:
            stack += [(child, line, depth + 1) for child in node.iter_child_nodes()]


def _fault(node: "Node", allowed: frozenset[str]) -> str | None:
    """Why something may not stand in a template; None: it may."""
    from jinja2 import nodes as n  # noqa: PLC0415

    fault: str | None = None
    match node:
        case n.Name():
            known = ", ".join(sorted(allowed))
            fault = (
                None
                if node.name in allowed and node.ctx == "load"
                else f"{node.name} is not known here; there are: {known}"
            )
        case n.Filter():
            plain = node.node is not None and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
            constant = all(isinstance(argument, n.Const) for argument in node.args)
            if node.name not in FILTERS:
                fault = f"there is no filter {node.name}; there are: {', '.join(sorted(FILTERS))}"
            elif not plain or not constant or len(node.args) > (node.name in {"truncate", "default"}):
                fault = f"the filter {node.name} takes at most one fixed value"
        case n.Const():
            fault = None if isinstance(node.value, (str, int)) else "only texts and whole numbers can stand here"
        case n.Operand():
            fault = None if node.op in {"eq", "ne"} else "values can only be compared with == and !="
        case n.Template() | n.Output() | n.TemplateData() | n.If() | n.Compare() | n.And() | n.Or() | n.Not():
            pass
        case n.CondExpr():
            fault = None if node.expr2 is not None else "an `if` inside {{ }} needs an `else`"
        case n.Concat():
            pass
        case _:
            fault = f"{_WHAT.get(type(node).__name__, type(node).__name__)} cannot be used in a template"
    return fault


_WHAT: Final = {
    "Getattr": "a dot", "Getitem": "an index", "Call": "a call", "For": "a loop", "Test": "`is`", "Assign": "`set`",
    "Include": "`include`", "Import": "`import`", "FromImport": "`import`", "Extends": "`extends`", "Macro": "a macro",
    "Block": "a block", "List": "a list", "Tuple": "a list", "Dict": "a table of values", "FilterBlock": "a filter block",
    "CallBlock": "a call", "With": "`with`", "AssignBlock": "`set`", "Autoescape": "`autoescape`",
}  # fmt: skip
