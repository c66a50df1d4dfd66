"""What happens once a day: models are trained on the desk's own solved tickets, and weeks are counted.

Tickets are read anew each time, newest first and so many at most: no copy of anybody's words is kept for learning, so
what was erased is forgotten with the next training. A model holds hashes, never words.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.routing.learning.features import MAX_CHARACTERS
from helpdesk.routing.learning.seed import LANGUAGES
from helpdesk.routing.learning.seed import examples as seed_examples
from helpdesk.routing.learning.seed import marked as seed_marked
from helpdesk.routing.model import LEARNED, FieldFigures, FieldModel, ModelSet, WeekFigures
from helpdesk.routing.triage import NOT_MARKED, ModelStore, text_of, value_of, wanted_fields
from helpdesk.routing.weeks import months_back, week_begins, week_of
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.parts.routing import MARKS
from helpdesk.tickets.service import TicketStore
from helpdesk.tickets.triaging import Suggestion, TriageField

if TYPE_CHECKING:
    from helpdesk.routing.learning.train import Example

MOST_TICKETS: Final = 3_000
"""Solved tickets that are learned from, the newest."""
MOST_COUNTED: Final = 20_000
"""Solved tickets that a night looks at for the weeks' figures."""
_MONTHS: Final = 12
_ENOUGH: Final = 300
"""Tickets of the desk's own from which on it learns from nothing else."""
_ENOUGH_MARKED: Final = 60
"""Of them those that bear a mark, for what is told by one."""
_CORRECTED: Final = 3.0
_UNTOUCHED: Final = 0.5
_SEED: Final = 0.5


class ModelShelf(ModelStore, Protocol):
    """Where models and figures are written."""

    def write(self, number: int, field: TriageField, data: bytes) -> None:
        """Writes a model; it does not count yet."""
        ...

    def replace(self, before: ModelSet | None, after: ModelSet) -> bool:
        """Makes other models count, if none did since `before` was read."""
        ...

    def save_week(self, figures: WeekFigures) -> None:
        """Writes a week's figures."""
        ...


type Train = Callable[[Sequence["Example"], float], "Trained"]


class Trained(Protocol):
    """A model, as far as it is kept."""

    @property
    def threshold(self) -> float | None:
        """From which confidence it is sure."""
        ...

    def to_bytes(self) -> bytes:
        """The model as a file."""
        ...


@dataclass(frozen=True, slots=True)
class Solved:
    """A solved ticket and its first words."""

    ticket: Ticket
    text: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one field is learned from."""

    examples: tuple["Example", ...]
    known: FieldModel


class TrainingService:
    """Trains models and counts weeks.

    Args:
        tickets: the truth.
        shelf: where models and figures are written.
        desk: the configuration.
        clock: the desk's time.
        train: makes a model of examples, given the precision wanted.
    """

    def __init__(
        self, tickets: TicketStore, shelf: ModelShelf, desk: Callable[[], Desk], clock: Clock, train: Train
    ) -> None:
        self._tickets = tickets
        self._shelf = shelf
        self._desk = desk
        self._clock = clock
        self._train = train

    def run(self) -> ModelSet | None:
        """Does a day's work; gives what is known of the models from now on, None where triage is switched off.

        Doing it again gives the same models under the next number. Two at once: one of them counts.
        """
        self.count_weeks()
        wanted = {field: one for field, one in wanted_fields(self._desk()).items() if field in LEARNED}
        before = self._shelf.current()
        if not wanted:
            return before
        solved = list(self._solved())
        number = (before.number if before is not None else 0) + 1
        fields: dict[TriageField, FieldModel] = {}
        for field, setting in wanted.items():
            lesson = lesson_of(field, solved, self._desk())
            if lesson is None:
                continue
            model = self._train(lesson.examples, setting.precision / 100)
            data = model.to_bytes()
            self._shelf.write(number, field, data)
            sure_from = round(1000 * model.threshold) if model.threshold is not None else None
            fields[field] = replace(lesson.known, sure_from=sure_from, size=len(data))
        after = ModelSet(number, self._clock(), fields)
        return after if self._shelf.replace(before, after) else self._shelf.current()

    def _solved(self) -> Iterator[Solved]:
        """Solved tickets with their first words, the newest first."""
        count = 0
        for ticket in self._done_tickets():
            if ticket.merged is not None or ticket.automatic:
                continue
            message = self._tickets.first_message(ticket.id)
            if message is None:
                continue
            yield Solved(ticket, text_of(ticket, message)[: 2 * MAX_CHARACTERS])
            count += 1
            if count >= MOST_TICKETS:
                return

    def _done_tickets(self, since: datetime | None = None) -> Iterator[Ticket]:
        """Done tickets, those solved last first, as they stand."""
        for month in months_back(self._clock(), _MONTHS):
            position: dict[str, str] | None = None
            while True:
                page = self._tickets.solved_in(month, limit=100, position=position)
                tickets = self._tickets.get_all([row.id for row in page.items])
                for row in page.items:
                    ticket = tickets.get(row.id)
                    if ticket is None or ticket.solved_at is None:
                        continue
                    if since is not None and ticket.solved_at < since:
                        return
                    yield ticket
                position = page.next_position
                if position is None:
                    break

    def count_weeks(self) -> None:
        """Counts this week and the last anew: what was counted before is written over, so nothing counts twice."""
        now = self._clock()
        first = week_begins(now) - timedelta(weeks=1)
        weeks = {week_of(first): WeekFigures(week_of(first)), week_of(now): WeekFigures(week_of(now))}
        for count, ticket in enumerate(self._done_tickets(first)):
            if count == MOST_COUNTED:
                weeks = {week: replace(one, complete=False) for week, one in weeks.items()}
                break
            week = week_of(ticket.solved_at or now)
            if week in weeks:
                weeks[week] = counted(weeks[week], ticket)
        for figures in weeks.values():
            self._shelf.save_week(figures)


def lesson_of(field: TriageField, solved: Sequence[Solved], desk: Desk) -> Lesson | None:
    """What a field is learned from: the desk's own tickets, and the seed's texts while those are few.

    What people put right counts three times; what the desk did itself and nobody looked at counts half, so that it does
    not learn from its own mistakes. None: there are not two values to tell apart.
    """
    from helpdesk.routing.learning.train import Example  # noqa: PLC0415 - numpy's neighbour: only training needs it

    examples: list[Example] = []
    corrected = 0
    mark = MARKS.get(field)
    marked = sum(mark in one.ticket.tags for one in solved) if mark is not None else 0
    if mark is not None and not marked:
        solved = ()  # nobody gives the tag: that a ticket has none says nothing of it
    for one in solved:
        value = value_of(one.ticket, field)
        if value is None or (field is TriageField.CATEGORY and value not in desk.categories):
            continue
        if field is TriageField.GROUP and value not in desk.groups:
            continue
        said = one.ticket.triage.of(field) if one.ticket.triage is not None else None
        put_right = said is not None and bool(said.sure) and said.value != value
        corrected += put_right
        untouched = said is not None and bool(said.acted) and said.value == value
        examples.append(Example(one.text, value, _CORRECTED if put_right else _UNTOUCHED if untouched else 1.0))
    own = len(examples)
    enough = own >= _ENOUGH and (mark is None or marked >= _ENOUGH_MARKED)
    seed = _seed_of(field, desk) if not enough else []
    examples += seed
    if len({example.label for example in examples if example.label is not None}) < 2:
        return None
    return Lesson(tuple(examples), FieldModel(own, corrected, len(seed)))


def _seed_of(field: TriageField, desk: Desk) -> list["Example"]:
    """The project's own texts, as far as they are sorted into what this desk has."""
    from helpdesk.routing.learning.train import Example  # noqa: PLC0415 - numpy's neighbour: only training needs it

    sorted_ones = [one for language in LANGUAGES for one in seed_examples(language)]
    if field is TriageField.CATEGORY:
        known = [one for one in sorted_ones if one.label is None or one.label in desk.categories]
        return [replace(one, weight=_SEED) for one in known]
    if field not in MARKS:
        return []
    mark = MARKS[field]
    bearing = [text for language in LANGUAGES for text, label in seed_marked(language) if label == mark]
    usual = [one.text for one in sorted_ones[::2]]
    labels = [(text, mark) for text in bearing] + [(text, NOT_MARKED[field]) for text in usual]
    return [Example(text, label, _SEED) for text, label in labels]


def counted(week: WeekFigures, ticket: Ticket) -> WeekFigures:
    """A week's figures with one more ticket."""
    fields = dict(week.fields)
    for one in ticket.triage.suggestions if ticket.triage is not None else ():
        value = value_of(ticket, one.field)
        if value is not None:
            fields[one.field] = _with(fields.get(one.field, FieldFigures()), one, right=one.value == value)
    return replace(week, solved=week.solved + 1, reassigned=week.reassigned + (ticket.reassigned > 0), fields=fields)


def _with(figures: FieldFigures, one: Suggestion, *, right: bool) -> FieldFigures:
    tenth = min(one.confidence // 100, 9)
    sure, acted = bool(one.sure), bool(one.acted)
    return FieldFigures(
        judged=figures.judged + 1,
        right=figures.right + right,
        sure=figures.sure + sure,
        sure_right=figures.sure_right + (sure and right),
        acted=figures.acted + acted,
        corrected=figures.corrected + (acted and not right),
        counts=_plus(figures.counts, tenth, 1),
        confidences=_plus(figures.confidences, tenth, one.confidence),
        hits=_plus(figures.hits, tenth, int(right)),
    )


def _plus(values: tuple[int, ...], place: int, more: int) -> tuple[int, ...]:
    return (*values[:place], values[place] + more, *values[place + 1 :])
