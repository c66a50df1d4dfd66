"""Requesters, organizations, and what is told of them at a glance."""

from functools import cache
from typing import TYPE_CHECKING

from helpdesk.kernel.ids import is_id
from helpdesk.people.model import Person
from helpdesk.wiring import ground, tickets

if TYPE_CHECKING:
    from helpdesk.people.directory import Directory
    from helpdesk.people.organizations import Organizations
    from helpdesk.people.overview import Counting, Overviews
    from helpdesk.people.tally_store import DynamoGlanceStore


def directory() -> "Directory":
    """What agents do with people."""
    from helpdesk.people.directory import Directory  # noqa: PLC0415 - agents alone need it

    def known(organization_id: str) -> bool:
        return is_id(organization_id) and ground.organization_store().organization(organization_id) is not None

    def newest(person: Person, limit: int) -> tuple[str, ...]:
        return tickets.ticket_store().newest_of(person, limit=limit)

    return Directory(ground.people_store(), ground.desk, ground.clock(), organizations=known, tickets=newest)


@cache
def glances() -> "DynamoGlanceStore":
    """Numbers of people, and the tickets they are in."""
    from helpdesk.people.tally_store import DynamoGlanceStore  # noqa: PLC0415

    ground.table_bound()
    return DynamoGlanceStore()


def overviews() -> "Overviews":
    """People and organizations at a glance."""
    from helpdesk.people.overview import Overviews  # noqa: PLC0415

    return Overviews(
        glances(),
        tickets.ticket_store(),
        ground.people_store().by_id,
        ground.organization_store().organization,
        sees_all=lambda: ground.scope().everything,
        sees=lambda row: ground.scope().allows(row),
    )


@cache
def counting() -> "Counting":
    """What keeps their numbers."""
    from helpdesk.people.overview import Counting  # noqa: PLC0415

    return Counting(glances(), tickets.ticket_store().get, ground.pause)


def organizations() -> "Organizations":
    """What agents do with organizations."""
    from helpdesk.people.directory import List, PeopleQuery  # noqa: PLC0415
    from helpdesk.people.organizations import Organizations  # noqa: PLC0415

    def has_people(organization_id: str) -> bool:
        members = PeopleQuery(List.MEMBERS, within=organization_id)
        return bool(ground.people_store().listed(members, limit=1, position=None).items)

    return Organizations(ground.organization_store(), ground.desk, ground.clock(), has_people)
