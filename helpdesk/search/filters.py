"""A query's filters held against a ticket's row as it stands now."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.people.model import Agent
from helpdesk.search.query import Filter, FilterName, fault
from helpdesk.search.text import fold
from helpdesk.tickets.model import Channel, Priority, TicketType
from helpdesk.tickets.views import TicketQuery, TicketRow
from helpdesk.tickets.working import parse_statuses

type Test = Callable[[TicketRow], bool]

NONE: Final = "none"
ME: Final = "me"


def compile_filters(filters: tuple[Filter, ...], desk: Desk, agent: Agent) -> Test:
    """One test of all filters. Of several of one name one must hold, of different names all, of excluded ones none.

    Args:
        filters: of a query.
        desk: whose groups, agents and categories they name, by id or by name.
        agent: who `me` is.

    Raises:
        Invalid: values that name nothing; each with its place.
    """
    wanted: dict[tuple[FilterName, int], list[Test]] = {}
    unwanted: list[Test] = []
    faults: list[FieldError] = []
    for one in filters:
        try:
            test = _any(tuple(_MAKERS[one.name](value, desk, agent) for value in _values(one)))
        except ValueError as error:
            faults.append(fault(one.at, str(error)))
            continue
        if one.excluded:
            unwanted.append(test)
        elif one.name in _NARROWING:
            wanted[one.name, one.at] = [test]
        else:
            wanted.setdefault((one.name, 0), []).append(test)
    if faults:
        raise Invalid("The search cannot be read.", faults)
    groups = tuple(tuple(tests) for tests in wanted.values())
    barred = tuple(unwanted)
    return lambda row: all(any(t(row) for t in tests) for tests in groups) and not any(t(row) for t in barred)


def _values(one: Filter) -> list[str]:
    """A filter's values, parted by commas; a name may have one, if it is the only value."""
    return [value for value in (part.strip() for part in one.value.split(",")) if value] or [one.value]


def _any(tests: tuple[Test, ...]) -> Test:
    return lambda row: any(test(row) for test in tests)


def _status(value: str, desk: Desk, agent: Agent) -> Test:
    del agent
    try:
        statuses, further = parse_statuses(value.lower(), desk.statuses)
    except Invalid as error:
        raise ValueError(f"there is no status `{value}`: it {error.errors[0].message}") from error
    return TicketQuery(statuses=statuses, further=further).matches


def _named(value: str, kind: str, names: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Ids of what has an id or a name, compared folded."""
    said = fold(value)
    found = frozenset(key for key, known in names.items() if said in {fold(key), *(fold(name) for name in known)})
    if not found:
        raise ValueError(f"there is no {kind} `{value}`")
    return found


def _group(value: str, desk: Desk, agent: Agent) -> Test:
    if value.lower() == NONE:
        return lambda row: row.group is None
    mine = frozenset(agent.groups) if value.lower() == "mine" else None
    groups = mine if mine is not None else _named(value, "group", {k: (one.name,) for k, one in desk.groups.items()})
    return lambda row: row.group in groups


def _assignee(value: str, desk: Desk, agent: Agent) -> Test:
    if value.lower() == NONE:
        return lambda row: row.assignee is None
    if value.lower() == ME:
        return lambda row: row.assignee == agent.id
    said = fold(value)
    names = {
        key: (one.name, one.address, *((said,) if "@" in said and one.address.lower().startswith(said) else ()))
        for key, one in desk.agents.items()
    }
    found = _named(value, "agent", names)
    return lambda row: row.assignee in found


def _category(value: str, desk: Desk, agent: Agent) -> Test:
    del agent
    if value.lower() == NONE:
        return lambda row: row.category is None
    found = _named(value, "category", {key: tuple(one.names.values()) for key, one in desk.categories.items()})
    return lambda row: row.category in found


def _from(value: str, desk: Desk, agent: Agent) -> Test:
    """Whose address begins so (`kim@`), ends so (`@example.com`), or whose name or address has it."""
    del desk, agent
    said = fold(value)
    if said.startswith("@"):
        return lambda row: fold(row.requester_address or "").endswith(said)
    if "@" in said:
        return lambda row: fold(row.requester_address or "").startswith(said)
    return lambda row: said in fold(row.requester_name or "") or said in fold(row.requester_address or "")


def _tag(value: str, desk: Desk, agent: Agent) -> Test:
    del desk, agent
    said = fold(value)
    if said == NONE:
        return lambda row: not row.tags
    return lambda row: any(fold(tag) == said for tag in row.tags)


def _priority(value: str, desk: Desk, agent: Agent) -> Test:
    del desk, agent
    priority = _one_of(Priority, value, "priority")
    return lambda row: row.priority is priority


def _channel(value: str, desk: Desk, agent: Agent) -> Test:
    del desk, agent
    channel = _one_of(Channel, value, "channel")
    return lambda row: row.channel is channel


def _type(value: str, desk: Desk, agent: Agent) -> Test:
    del desk, agent
    kind = _one_of(TicketType, value, "type")
    return lambda row: row.type is kind


def _one_of[E: (Priority, Channel, TicketType)](kind: type[E], value: str, name: str) -> E:
    try:
        return kind(value.lower())
    except ValueError as error:
        raise ValueError(f"there is no {name} `{value}`: it must be one of {', '.join(kind)}") from error


def _requester(value: str, desk: Desk, agent: Agent) -> Test:
    del desk, agent
    return lambda row: row.requester_id == value


def _organization(value: str, desk: Desk, agent: Agent) -> Test:
    del desk, agent
    if value.lower() == NONE:
        return lambda row: row.organization_id is None
    return lambda row: row.organization_id == value


def _after(value: str, desk: Desk, agent: Agent) -> Test:
    del desk, agent
    begin = _midnight(value)
    return lambda row: row.created_at >= begin


def _before(value: str, desk: Desk, agent: Agent) -> Test:
    """Until the end of that day."""
    del desk, agent
    end = _midnight(value) + timedelta(days=1)
    return lambda row: row.created_at < end


def _midnight(value: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(value), time(), UTC)
    except ValueError as error:
        raise ValueError(f"`{value}` is no day; write it as 2026-11-21") from error


_NARROWING: Final = frozenset({FilterName.AFTER, FilterName.BEFORE, FilterName.TAG})
"""Several of these must all hold: a ticket has many tags, and a span two ends."""

_MAKERS: Final[Mapping[FilterName, Callable[[str, Desk, Agent], Test]]] = {
    FilterName.STATUS: _status,
    FilterName.GROUP: _group,
    FilterName.ASSIGNEE: _assignee,
    FilterName.FROM: _from,
    FilterName.TAG: _tag,
    FilterName.CATEGORY: _category,
    FilterName.PRIORITY: _priority,
    FilterName.CHANNEL: _channel,
    FilterName.TYPE: _type,
    FilterName.REQUESTER: _requester,
    FilterName.ORGANIZATION: _organization,
    FilterName.AFTER: _after,
    FilterName.BEFORE: _before,
}
