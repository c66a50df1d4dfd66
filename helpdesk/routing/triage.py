"""What a ticket's first words say of it: suggestions from models that were trained on the desk's tickets, and why."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from helpdesk.desk.model import Desk
from helpdesk.routing.learning.features import Blocks, blocks
from helpdesk.routing.learning.model import Panel, TriageModel, Verdict
from helpdesk.routing.model import LEARNED, ModelSet, TriageMode, TriageSetting
from helpdesk.tickets.model import Message, Priority, Ticket
from helpdesk.tickets.parts.routing import MARKS
from helpdesk.tickets.service import TicketStore
from helpdesk.tickets.triaging import Suggestion, Triage, TriageField

CHECKED_SECONDS: Final = 60.0
"""How long a container takes its models to be the newest."""
_LETTERS_FOR_CERTAIN: Final = 12
_SCRIPTS: Final = tuple(
    re.compile(f"[{letters}]+")
    for letters in (
        "\u3131-\u318e\uac00-\ud7a3",
        "\u3040-\u30ff",
        "\u4e00-\u9fff",
        "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f",
    )
)
"""Runs of Hangul, of kana, of Chinese characters, of Latin letters."""


class ModelStore(Protocol):
    """Where models are kept."""

    def current(self) -> ModelSet | None:
        """What is known of the newest; None: the desk has trained none yet."""
        ...

    def read(self, number: int, field: TriageField) -> bytes | None:
        """A model as a file; None: it is not there (any more)."""
        ...


class KeptModels:
    """Models as a container has them in memory: looked for at most once a minute, read when first needed.

    Args:
        store: where they are kept.
        monotonic: a stopwatch in seconds.
    """

    def __init__(self, store: ModelStore, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._monotonic = monotonic
        self._looked: float | None = None
        self._newest: ModelSet | None = None
        self._models: dict[tuple[int, TriageField], TriageModel | None] = {}
        self._panels: dict[tuple[int, tuple[TriageField, ...]], PanelOfFields] = {}

    def newest(self) -> ModelSet | None:
        """What is known of the newest models."""
        now = self._monotonic()
        if self._looked is None or now - self._looked > CHECKED_SECONDS:
            found = self._store.current()
            if found != self._newest:
                self._models.clear()
                self._panels.clear()
            self._newest, self._looked = found, now
        return self._newest

    def of(self, number: int, field: TriageField) -> TriageModel | None:
        """A model; None: it is gone, or this code cannot read it."""
        key = (number, field)
        if key not in self._models:
            data = self._store.read(number, field)
            self._models[key] = _read(data) if data is not None else None
        return self._models[key]

    def panel(self, number: int, fields: tuple[TriageField, ...]) -> "PanelOfFields":
        """Models for some fields, as far as there are any, that look at texts together."""
        key = (number, fields)
        if key not in self._panels:
            self._panels[key] = PanelOfFields({field: model for field in fields if (model := self.of(number, field))})
        return self._panels[key]


class PanelOfFields:
    """Models that look at texts together.

    Args:
        models: by what they tell.
    """

    def __init__(self, models: Mapping[TriageField, TriageModel]) -> None:
        self._fields = tuple(models)
        self._panel = Panel(tuple(models.values()))

    def __call__(self, features: Blocks) -> dict[TriageField, Verdict]:
        """What each makes of a text."""
        return dict(zip(self._fields, self._panel.verdicts(features), strict=True))


def _read(data: bytes) -> TriageModel | None:
    try:
        return TriageModel.from_bytes(data)
    except ValueError:
        return None  # no label rather than a wrong one


class Guess(Protocol):
    """What says something about a text. The desk's own models do; so may a service."""

    def ready(self) -> bool:
        """Whether anything can be said at all."""
        ...

    def guess(self, text: str, settings: Mapping[TriageField, TriageSetting]) -> Triage | None:
        """What a text is about, in the fields that are wanted; None: nothing can be said."""
        ...


class OwnModels:
    """Guesses by the desk's own models.

    Args:
        models: those a container has.
    """

    def __init__(self, models: KeptModels) -> None:
        self._models = models

    def ready(self) -> bool:
        """Whether the desk has trained any."""
        return self._models.newest() is not None

    def guess(self, text: str, settings: Mapping[TriageField, TriageSetting]) -> Triage | None:
        """What a text is about; milliseconds."""
        newest = self._models.newest()
        if newest is None:
            return None
        features = blocks(text)
        wanted = [field for field in settings if field in LEARNED and field in newest.fields]
        panel = self._models.panel(newest.number, tuple(wanted))
        found: list[Suggestion] = []
        for field, verdict in panel(features).items():
            act = settings[field].mode is TriageMode.ACT and verdict.sure
            found.append(
                Suggestion(field, verdict.label, round(1000 * verdict.confidence), verdict.sure or None, act or None)
            )
        language = language_of(text) if TriageField.LANGUAGE in settings else None
        if language is not None:
            found.append(Suggestion(TriageField.LANGUAGE, *language, sure=True))
        return Triage(newest.number, tuple(found)) if found else None


class TriageService:
    """Suggests what tickets are about, and says why.

    Args:
        guess: looks at texts.
        models: the desk's own, for explanations.
        store: tickets' words.
        desk: the configuration.
    """

    def __init__(self, guess: Guess, models: KeptModels, store: TicketStore, desk: Callable[[], Desk]) -> None:
        self._guess = guess
        self._models = models
        self._store = store
        self._desk = desk

    def suggest(self, ticket: Ticket, message_id: str) -> Triage | None:
        """What a ticket's first message says of it; None: nothing is wished, or nothing can be said."""
        desk = self._desk()
        wanted = wanted_fields(desk)
        if not wanted or ticket.triage is not None or not self._guess.ready():
            return None
        message = self._store.message(ticket.id, message_id)
        if message is None:
            return None
        triage = self._guess.guess(text_of(ticket, message), wanted)
        return known_only(triage, desk) if triage is not None else None

    def reasons(self, ticket: Ticket) -> dict[TriageField, tuple[str, ...]]:
        """The words that decided each sure suggestion, found anew in the first message: history holds no words."""
        triage = ticket.triage
        if triage is None:
            return {}
        message = self._store.first_message(ticket.id)
        if message is None:
            return {}
        text = text_of(ticket, message)
        found: dict[TriageField, tuple[str, ...]] = {}
        for one in triage.suggestions:
            model = self._models.of(triage.model, one.field) if one.sure and one.field in LEARNED else None
            if model is not None:
                found[one.field] = model.reasons(text)
        return found


def wanted_fields(desk: Desk) -> dict[TriageField, TriageSetting]:
    """What is wished of each field that is not switched off. What no admin has said anything about is suggested."""
    found = {field: desk.triage.get(field.value, TriageSetting(field)) for field in TriageField}
    return {field: one for field, one in found.items() if one.mode is not TriageMode.OFF}


def text_of(ticket: Ticket, message: Message) -> str:
    """What models look at, in training as in use."""
    return f"{ticket.copies.subject}\n{message.text}"


def value_of(ticket: Ticket, field: TriageField) -> str | None:
    """What a ticket has in a field, as models name it."""
    match field:
        case TriageField.CATEGORY:
            return ticket.category
        case TriageField.GROUP:
            return ticket.group
        case TriageField.PRIORITY:
            return ticket.priority.value
        case TriageField.LANGUAGE:
            return ticket.language
        case TriageField.SENTIMENT | TriageField.SPAM:
            return MARKS[field] if MARKS[field] in ticket.tags else NOT_MARKED[field]


NOT_MARKED: Final = {TriageField.SENTIMENT: "calm", TriageField.SPAM: "wanted"}
"""What tickets without the tag are."""


def known_only(triage: Triage, desk: Desk) -> Triage | None:
    """Suggestions that the desk can follow: what it had when models were trained may be gone by now."""
    kept = tuple(one for one in triage.suggestions if _is_known(one, desk))
    return Triage(triage.model, kept) if kept else None


def _is_known(one: Suggestion, desk: Desk) -> bool:
    match one.field:
        case TriageField.CATEGORY:
            return one.value in desk.categories
        case TriageField.GROUP:
            return one.value in desk.groups
        case TriageField.PRIORITY:
            return one.value in set(Priority)
        case TriageField.SENTIMENT | TriageField.SPAM:
            return one.value in {MARKS[one.field], NOT_MARKED[one.field]}
        case TriageField.LANGUAGE:
            return True


def language_of(text: str) -> tuple[str, int] | None:
    """A text's language by its script, with a confidence in thousandths; None: too little of it to tell.

    Kana is written by nobody but the Japanese, Hangul by nobody but Koreans. Latin letters are English only as far as
    the desk writes no other language with them.
    """
    hangul, kana, han, latin = (sum(map(len, letters.findall(text, 0, 3000))) for letters in _SCRIPTS)
    japanese = kana + han if kana else 0
    weights = {"ko": 2 * hangul, "ja": 2 * japanese, "en": latin // 2}  # product names and links are Latin everywhere
    total = sum(weights.values())
    if hangul + japanese + latin < _LETTERS_FOR_CERTAIN:
        return None
    language = max(weights, key=weights.__getitem__)
    share = weights[language] / total
    return (language, round(1000 * share)) if share >= 0.7 else None
