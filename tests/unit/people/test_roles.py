"""What roles may, and which tickets they see."""

from dataclasses import replace

import pytest

from helpdesk.people.model import Agent, Group, Role
from helpdesk.people.roles import BUILT_IN, Permission, RoleDefinition, Sees, permissions_of, standing_of
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.visibility import EVERYTHING, Scope, scope_of
from tests.support.desks import RULES
from tests.support.lives import REQUESTER, Life, opening

KIM = Agent("kim", "Kim", "kim@desk.test", Role.AGENT, ("support",))
GROUPS = {
    one.id: one for one in (Group("support", "Support"), Group("billing", "Billing"), Group("hr", "HR", private=True))
}
OWN = RoleDefinition("own", permissions=(Permission.REPLY,), sees=Sees.GROUPS)
MINE = RoleDefinition("mine", sees=Sees.ASSIGNED)
ROLES = {one.id: one for one in (OWN, MINE)}


def a_ticket() -> Ticket:
    life = Life(RULES)
    life.do(opening(), REQUESTER)
    return life.stands


def sees(agent: Agent, **ticket: str | None) -> bool:
    return scope_of(agent, ROLES, GROUPS).allows(
        replace(a_ticket(), group=ticket.get("group"), assignee=ticket.get("assignee"))
    )


def test_each_built_in_role_may_all_that_the_one_before_it_may() -> None:
    for lower, higher in zip(Role, list(Role)[1:], strict=False):
        assert BUILT_IN[lower] < BUILT_IN[higher]


def test_a_light_agent_reads_and_notes_and_may_nothing_else() -> None:
    assert BUILT_IN[Role.LIGHT] == {Permission.READ, Permission.NOTE}


def test_a_custom_role_alone_says_what_its_agents_may() -> None:
    admin = replace(KIM, role=Role.ADMIN, custom_role="own")
    assert permissions_of(admin, ROLES) == {Permission.READ, Permission.REPLY}


def test_an_agent_whose_role_was_taken_away_only_reads_what_is_assigned_to_them() -> None:
    lost = replace(KIM, custom_role="gone")
    assert permissions_of(lost, ROLES) == {Permission.READ}
    assert scope_of(lost, ROLES, GROUPS) == Scope(everything=False, agent_id="kim")


def test_rules_that_know_built_in_roles_alone_take_nobody_for_more_than_they_may() -> None:
    everything_but_one = RoleDefinition("most", permissions=tuple(BUILT_IN[Role.SUPERVISOR] - {Permission.REPLY}))
    for role, expected in ((everything_but_one, Role.LIGHT), (OWN, Role.LIGHT)):
        assert standing_of(replace(KIM, custom_role=role.id), {role.id: role}) is expected
    assert standing_of(KIM, ROLES) is Role.AGENT


@pytest.mark.parametrize("role", [Role.LIGHT, Role.AGENT, Role.SUPERVISOR])
def test_a_private_groups_tickets_are_seen_by_its_members_and_admins_alone(role: Role) -> None:
    kim = replace(KIM, role=role)
    assert not sees(kim, group="hr")
    assert sees(replace(kim, groups=("hr",)), group="hr")
    assert sees(replace(kim, role=Role.ADMIN), group="hr")


def test_who_is_no_member_of_a_private_group_sees_all_else() -> None:
    assert sees(KIM, group="billing")
    assert sees(KIM)
    assert sees(KIM, group="hr", assignee="kim")


def test_a_desk_without_private_groups_hides_nothing_from_built_in_roles() -> None:
    open_groups = {one: replace(group, private=False) for one, group in GROUPS.items()}
    assert scope_of(KIM, ROLES, open_groups).everything
    assert EVERYTHING.everything


def test_own_groups_are_those_of_the_agent_and_what_is_assigned_to_them() -> None:
    kim = replace(KIM, custom_role="own")
    assert sees(kim, group="support", assignee="lee")
    assert sees(kim, group="billing", assignee="kim")
    assert not sees(kim, group="billing")
    assert not sees(kim)


def test_assigned_only_is_what_it_says() -> None:
    kim = replace(KIM, custom_role="mine")
    assert sees(kim, group="billing", assignee="kim")
    assert not sees(kim, group="support")


def test_who_follows_a_ticket_may_open_it_though_no_list_offers_it() -> None:
    scope = scope_of(replace(KIM, custom_role="mine"), ROLES, GROUPS)
    assert scope.allows(replace(a_ticket(), group="billing", followers=("kim",)))
