"""A query's filters held against a ticket's row as it stands now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
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
type Maker = Callable[[str, Desk, Agent], Test]
type IdsOf = Callable[[str], tuple[str, ...]]
"""All ids of a person: theirs, and those of the people who were merged into them."""

NONE: Final = "none"
ME: Final = "me"
MINE: Final = "mine"


@dataclass(frozen=True, slots=True)
class Filters:
    """A query's filters, ready to be used.

    Attributes:
        holds: whether a ticket passes, as its row stands.
        list: the shortest list in which all tickets are that can pass.
    """

    holds: Test
    list: TicketQuery

    @property
    def narrow(self) -> bool:
        """Whether that list leaves any ticket out."""
        return self.list != TicketQuery()


def compile_filters(filters: tuple[Filter, ...], desk: Desk, agent: Agent, ids_of: IdsOf) -> Filters:
    """All filters of a query. Of several of one name one must hold, of different names all, of excluded ones none.

    Args:
        filters: of a query.
        desk: whose groups, agents and categories they name, by id or by name.
        agent: who `me` is.
        ids_of: asked for each person whom they name.

    Raises:
        Invalid: values that name nothing; each with its place.
    """
    ids_of = cache(ids_of)
    makers: dict[FilterName, Maker] = {**_MAKERS, FilterName.REQUESTER: partial(_requester, ids_of)}
    wanted: dict[tuple[FilterName, int], list[Test]] = {}
    unwanted: list[Test] = []
    faults: list[FieldError] = []
    for one in filters:
        try:
            tests = [makers[one.name](value, desk, agent) for value in _values(one)]
        except ValueError as error:
            faults.append(fault(one.at, str(error)))
            continue
        if one.excluded:
            unwanted += tests
        else:
            wanted.setdefault((one.name, one.at if one.name in _NARROWING else 0), []).extend(tests)
    if faults:
        raise Invalid("The search cannot be read.", faults)
    groups = tuple(tuple(tests) for tests in wanted.values())
    barred = tuple(unwanted)
    return Filters(
        lambda row: all(any(test(row) for test in tests) for tests in groups) and not any(test(row) for test in barred),
        _list(filters, desk, agent, ids_of),
    )


def _list(filters: tuple[Filter, ...], desk: Desk, agent: Agent, ids_of: IdsOf) -> TicketQuery:
    """The shortest list of tickets that holds all who pass."""
    values: dict[FilterName, list[str]] = {}
    for one in filters:
        if not one.excluded:
            values.setdefault(one.name, []).extend(_values(one))
    statuses, further = parse_statuses(",".join(values.get(FilterName.STATUS, ())).lower(), desk.statuses)
    asks = _only(values.get(FilterName.REQUESTER), lambda value: frozenset({value}))
    ids = ids_of(asks) if asks is not None else ()
    return TicketQuery(
        statuses=statuses,
        further=further,
        group=_only(values.get(FilterName.GROUP), lambda value: _group_ids(value, desk, agent)),
        assignee=_only(values.get(FilterName.ASSIGNEE), lambda value: _agent_ids(value, desk, agent)),
        requester_id=ids[0] if ids else None,
        aliases=ids[1:],
    )


def _only(values: list[str] | None, ids: Callable[[str], frozenset[str]]) -> str | None:
    """The one id that some values mean; None: they mean several, or there are none."""
    found = frozenset(one for value in values or () for one in ids(value))
    return next(iter(found)) if len(found) == 1 else None


def _values(one: Filter) -> list[str]:
    """A filter's values, parted by commas; a name may have one, if it is the only value."""
    return [value for value in (part.strip() for part in one.value.split(",")) if value] or [one.value]


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


def _group_ids(value: str, desk: Desk, agent: Agent) -> frozenset[str]:
    """Groups by id or name, `mine`, or `none`."""
    if value.lower() == NONE:
        return frozenset({NONE})
    if value.lower() == MINE:
        return frozenset(agent.groups)
    return _named(value, "group", {key: (one.name,) for key, one in desk.groups.items()})


def _group(value: str, desk: Desk, agent: Agent) -> Test:
    found = _group_ids(value, desk, agent)
    return lambda row: (row.group or NONE) in found


def _agent_ids(value: str, desk: Desk, agent: Agent) -> frozenset[str]:
    """Agents by id, name or the beginning of their address, `me`, or `none`."""
    if value.lower() == NONE:
        return frozenset({NONE})
    if value.lower() == ME:
        return frozenset({agent.id})
    said = fold(value)
    names = {
        key: (one.name, one.address, *((said,) if "@" in said and one.address.lower().startswith(said) else ()))
        for key, one in desk.agents.items()
    }
    return _named(value, "agent", names)


def _assignee(value: str, desk: Desk, agent: Agent) -> Test:
    found = _agent_ids(value, desk, agent)
    return lambda row: (row.assignee or NONE) in found


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


def _requester(ids_of: IdsOf, value: str, desk: Desk, agent: Agent) -> Test:
    """Whoever it is now, and whoever was merged into them: tickets keep the ids they were opened with."""
    del desk, agent
    ids = frozenset(ids_of(value))
    return lambda row: row.requester_id in ids


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

_MAKERS: Final[Mapping[FilterName, Maker]] = {
    FilterName.STATUS: _status,
    FilterName.GROUP: _group,
    FilterName.ASSIGNEE: _assignee,
    FilterName.FROM: _from,
    FilterName.TAG: _tag,
    FilterName.CATEGORY: _category,
    FilterName.PRIORITY: _priority,
    FilterName.CHANNEL: _channel,
    FilterName.TYPE: _type,
    FilterName.ORGANIZATION: _organization,
    FilterName.AFTER: _after,
    FilterName.BEFORE: _before,
}
