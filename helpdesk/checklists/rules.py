"""What may stand in a checklist, and what it means on a ticket. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from helpdesk.canned.model import body_in
from helpdesk.canned.rules import MAX_BYTES, MAX_LANGUAGES, is_language
from helpdesk.checklists.model import ME, ChecklistItem
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.text import clean_line
from helpdesk.people.model import Agent
from helpdesk.tickets.tasks import NewTask
from helpdesk.tickets.todo import MAX_TASKS, MAX_TITLE_LENGTH

LONGEST_DUE_SECONDS: Final = 366 * 86_400


def checked_titles(titles: Mapping[str, str], pointer: str) -> tuple[dict[str, str], list[FieldError]]:
    """Titles as they are kept, and what is wrong with them."""
    tidied = {language: clean_line(title) for language, title in titles.items()}
    faults = [FieldError(pointer, f"holds at most {MAX_LANGUAGES} languages")] if len(titles) > MAX_LANGUAGES else []
    for language, title in tidied.items():
        at = f"{pointer}/{language.replace('~', '~0').replace('/', '~1')}"
        if not is_language(language):
            faults.append(FieldError(at, "is not a language tag such as en or pt-BR"))
        elif not 0 < len(title) <= MAX_TITLE_LENGTH:
            faults.append(FieldError(at, f"must have 1 to {MAX_TITLE_LENGTH} characters"))
    return tidied, faults


def checked_items(items: Sequence[ChecklistItem], agents: Collection[str]) -> tuple[ChecklistItem, ...]:
    """Items as they are kept.

    Args:
        items: as they were sent.
        agents: ids of those whom an item can be given to.

    Raises:
        Invalid: none or too many, titles that are none, a stranger, an odd length of time, or too much of it all.
    """
    faults: list[FieldError] = []
    found: list[ChecklistItem] = []
    if not 0 < len(items) <= MAX_TASKS:
        faults.append(FieldError("/items", f"must hold 1 to {MAX_TASKS} items"))
    for place, item in enumerate(items):
        titles, wrong = checked_titles(item.titles, f"/items/{place}/titles")
        faults += wrong
        if not titles:
            faults.append(FieldError(f"/items/{place}/titles", "is empty"))
        if item.assignee is not None and item.assignee not in {ME, *agents}:
            faults.append(FieldError(f"/items/{place}/assignee", "is not an agent of this desk"))
        if item.due_after_seconds is not None and not 0 <= item.due_after_seconds <= LONGEST_DUE_SECONDS:
            faults.append(FieldError(f"/items/{place}/due_after_seconds", f"must be 0 to {LONGEST_DUE_SECONDS}"))
        found.append(replace(item, titles=titles))
    if sum(len(title.encode()) for item in found for title in item.titles.values()) > MAX_BYTES:
        faults.append(FieldError("/items", f"is too long: {MAX_BYTES} bytes at most in all languages together"))
    if faults:
        raise Invalid("Some fields are not valid.", faults)
    return tuple(found)


def tasks_of(
    items: Sequence[ChecklistItem], agent: Agent, agents: Collection[str], now: datetime
) -> tuple[NewTask, ...]:
    """A checklist's items as tasks, in the language of who puts it on a ticket.

    An item whose agent has left the desk is nobody's: the work is still to be done.
    """
    return tuple(
        NewTask(
            title=body_in(item.titles, agent.language)[1],
            assignee=_assignee(item.assignee, agent, agents),
            due_at=now + timedelta(seconds=item.due_after_seconds) if item.due_after_seconds is not None else None,
        )
        for item in items
    )


def _assignee(wanted: str | None, agent: Agent, agents: Collection[str]) -> str | None:
    if wanted == ME:
        return agent.id
    return wanted if wanted in agents else None
