"""What agents do with organizations: describe them, say whose people are theirs, agree on a support plan."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, NotFound, StaleVersion
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import clean, clean_line
from helpdesk.people.model import CustomValue, Organization, OrganizationRow
from helpdesk.people.rules import folded, normal_domain, organization_faults, tidied_tags

KEPT_SECONDS: Final = 60.0
"""How old a container's knowledge of an organization may be."""
MOST_KEPT: Final = 1000
"""How many organizations a container remembers."""


class DomainInUse(Conflict):
    """The domain is another organization's."""

    code = "domain_in_use"
    title = "The domain belongs to another organization"


class OrganizationStore(Protocol):
    """Where organizations are kept."""

    def organization(self, organization_id: str) -> Organization | None:
        """An organization."""
        ...

    def organizations(self, prefix: str, *, limit: int, position: dict[str, str] | None) -> Page[OrganizationRow]:
        """A page of those whose names, folded, begin so, by name: one query."""
        ...

    def write_organization(self, before: Organization | None, after: Organization | None) -> None:
        """Writes one in place of another, with its domains, all or nothing.

        Raises:
            StaleVersion: it is not as `before` any more.
            DomainInUse: a domain is another's.
        """
        ...


@dataclass(frozen=True, slots=True)
class OrganizationWish:
    """What an organization shall be; what is None stays, what is empty goes."""

    name: str | None = None
    domains: tuple[str, ...] | None = None
    shared: bool | None = None
    plan: str | None = None
    notes: str | None = None
    tags: tuple[str, ...] | None = None
    fields: Mapping[str, CustomValue] | None = field(default=None, hash=False)
    group: str | None = None


class Organizations:
    """The organizations.

    Args:
        store: where they are kept.
        desk: the configuration.
        clock: the desk's time.
        has_people: whether anybody belongs to an organization.
    """

    def __init__(
        self, store: OrganizationStore, desk: Callable[[], Desk], clock: Clock, has_people: Callable[[str], bool]
    ) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._has_people = has_people

    def get(self, organization_id: str) -> Organization:
        """An organization.

        Raises:
            NotFound: there is none.
        """
        found = self._store.organization(organization_id) if is_id(organization_id) else None
        if found is None:
            raise NotFound("There is no such organization.")
        return found

    def find(self, text: str, *, limit: int, position: dict[str, str] | None) -> Page[OrganizationRow]:
        """A page of organizations whose names begin so, by name: one query."""
        return self._store.organizations(folded(text), limit=limit, position=position)

    def create(self, wish: OrganizationWish) -> Organization:
        """Adds one.

        Raises:
            Invalid: what is wrong with it, by pointer.
            DomainInUse: a domain is another's.
        """
        now = self._clock()
        made = self._checked(Organization(new_id(now), "", now), wish)
        self._store.write_organization(None, made)
        return made

    def change(self, organization_id: str, wish: OrganizationWish, version: int) -> Organization:
        """Changes one.

        Raises:
            NotFound: there is none.
            StaleVersion: it is not at that version (any more).
            Invalid: what is wrong, by pointer.
            DomainInUse: a domain is another's.
        """
        before = self._seen(organization_id, version)
        after = self._checked(before, wish)
        if after == before:
            return before
        after = replace(after, version=before.version + 1)
        self._store.write_organization(before, after)
        return after

    def delete(self, organization_id: str) -> None:
        """Takes one away that nobody belongs to. Tickets keep its id.

        Raises:
            NotFound: there is none.
            Conflict: people belong to it.
        """
        before = self.get(organization_id)
        if self._has_people(before.id):
            raise Conflict("People belong to the organization; move them first.")
        self._store.write_organization(before, None)

    def _seen(self, organization_id: str, version: int) -> Organization:
        found = self.get(organization_id)
        if found.version != version:
            raise StaleVersion(f"You saw version {version}; it is at {found.version} now.", current=found.version)
        return found

    def _checked(self, before: Organization, wish: OrganizationWish) -> Organization:
        wished: dict[str, object] = {
            "name": clean_line(wish.name) if wish.name is not None else None,
            "domains": _once(wish.domains) if wish.domains is not None else None,
            "shared": wish.shared,
            "tags": tidied_tags(wish.tags) if wish.tags is not None else None,
            "fields": wish.fields,
        }
        after: Organization = replace(
            before,
            **{name: value for name, value in wished.items() if value is not None},  # type: ignore[arg-type]
        )
        if wish.notes is not None:
            after = replace(after, notes=clean(wish.notes).strip() or None)
        if wish.plan is not None:
            after = replace(after, plan=wish.plan or None)
        if wish.group is not None:
            after = replace(after, group=wish.group or None)
        faults = organization_faults(after) + self._unknown(before, after)
        if faults:
            raise Invalid("Some fields are not valid.", faults)
        return after

    def _unknown(self, before: Organization, after: Organization) -> list[FieldError]:
        desk, faults = self._desk(), []
        if after.plan not in {None, before.plan, *desk.plans}:
            faults.append(FieldError("/plan", "is no support plan of this desk"))
        if after.group not in {None, before.group, *desk.groups}:
            faults.append(FieldError("/group", "is not a group of this desk"))
        return faults


def _once(domains: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normal_domain(one) for one in domains))


class KeptOrganizations:
    """Organizations by id: each is read when a decision asks for it, and kept for a minute.

    Organizations are many and a ticket has one: reading all of them beforehand would cost what is stored.

    Args:
        find: reads an organization.
        monotonic: a stopwatch in seconds.
    """

    def __init__(self, find: Callable[[str], Organization | None], monotonic: Callable[[], float]) -> None:
        self._find = find
        self._monotonic = monotonic
        self._kept: dict[str, tuple[float, Organization | None]] = {}

    def get(self, organization_id: str) -> Organization | None:
        """An organization; None: there is none."""
        if not is_id(organization_id):
            return None
        now = self._monotonic()
        kept = self._kept.get(organization_id)
        if kept is None or now - kept[0] > KEPT_SECONDS:
            kept = now, self._find(organization_id)
            while len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[organization_id] = kept
        return kept[1]

    def __iter__(self) -> Iterator[Organization]:
        """Those that were asked for."""
        return (found for _, found in self._kept.values() if found is not None)


class KeptPlans(Mapping[str, str]):
    """Support plans of organizations, by the organization's id.

    Args:
        kept: the organizations.
    """

    def __init__(self, kept: KeptOrganizations) -> None:
        self._kept = kept

    def __getitem__(self, organization_id: str) -> str:
        """The plan of an organization.

        Raises:
            KeyError: it has none.
        """
        found = self._kept.get(organization_id)
        if found is None or found.plan is None:
            raise KeyError(organization_id)
        return found.plan

    def __iter__(self) -> Iterator[str]:
        """Organizations that were asked for and have a plan."""
        return (one.id for one in self._kept if one.plan is not None)

    def __len__(self) -> int:
        """How many those are."""
        return sum(1 for _ in self)
