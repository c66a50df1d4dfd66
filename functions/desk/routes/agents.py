"""Who is signed in, who else there is, and in which groups."""

from functions.desk.schemas import people as schemas
from helpdesk import bootstrap
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply


def me(call: Call) -> Reply:
    """Who is signed in."""
    agent = call.agent
    hold = bootstrap.desk().general.hold_seconds
    return Reply(
        schemas.MeOut(
            agent.id,
            agent.name,
            agent.address,
            agent.role,
            list(agent.groups),
            agent.language,
            hold,
            [one for one in Permission if one in call.permissions],
            agent.custom_role,
        )
    )


def agents(call: Call) -> Reply:
    """All colleagues with what they have to do."""
    del call
    found = sorted(bootstrap.desk().agents.values(), key=lambda agent: (agent.name, agent.id))
    loads = bootstrap.people_store().loads(agent.id for agent in found)
    items = [
        schemas.AgentOut(
            agent.id,
            agent.name,
            agent.address,
            agent.role,
            list(agent.groups),
            agent.available,
            loads[agent.id],
            agent.capacity,
        )
        for agent in found
    ]
    return Reply(schemas.AgentsOut(items))


def groups(call: Call) -> Reply:
    """All groups."""
    del call
    found = sorted(bootstrap.desk().groups.values(), key=lambda group: (group.name, group.id))
    return Reply(schemas.GroupsOut([schemas.GroupOut(group.id, group.name) for group in found]))


ENDPOINTS = (
    Endpoint(
        "GET /v1/me",
        name="getMe",
        summary="Who is signed in",
        handle=me,
        needs=Permission.READ,
        response=schemas.MeOut,
        tag="People",
    ),
    Endpoint(
        "GET /v1/agents",
        name="listAgents",
        summary="Colleagues and their load",
        handle=agents,
        needs=Permission.READ,
        response=schemas.AgentsOut,
        tag="People",
    ),
    Endpoint(
        "GET /v1/groups",
        name="listGroups",
        summary="Groups",
        handle=groups,
        needs=Permission.READ,
        response=schemas.GroupsOut,
        tag="People",
    ),
)
