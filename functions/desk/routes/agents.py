"""Who is signed in, who else there is, when they work, and in which groups."""

from collections.abc import Sequence
from dataclasses import replace

from functions.desk.schemas import people as schemas
from functions.desk.schemas.promises import WindowIO
from helpdesk import bootstrap
from helpdesk.desk.colleagues import AGENT_KIND, GROUP_KIND
from helpdesk.kernel.audit import Told
from helpdesk.kernel.errors import Conflict, NotFound
from helpdesk.people.hours import substitute_for, working
from helpdesk.people.model import Absence, Agent, Group
from helpdesk.people.roles import Permission
from helpdesk.platform.audit import tell_alone
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.sla.model import Window
from helpdesk.sla.promises import newest_calendars

TAG = "People"


def me(call: Call) -> Reply:
    """Who is signed in."""
    return _me_reply(call, call.agent)


def change_me(call: Call) -> Reply:
    """Changes what one says of oneself."""
    body: schemas.MePatch = call.body
    own = _stored(call.agent.id)
    own = replace(
        _present(own, body),
        language=own.language if body.locale is None else body.locale,
        languages=own.languages if body.languages is None else tuple(body.languages),
        time_zone=own.time_zone if body.time_zone is None else body.time_zone,
    )
    return _me_reply(call, bootstrap.configuration().put(AGENT_KIND, own.id, own))


def sign_out(call: Call) -> Reply:
    """Lets the trail tell that somebody left."""
    tell_alone(Told("session", call.agent.id, action="signed_out"))
    return Reply()


def _me_reply(call: Call, agent: Agent) -> Reply:
    general = bootstrap.desk().general
    return Reply(
        schemas.MeOut(
            id=agent.id,
            name=agent.name,
            email=agent.address,
            role=call.agent.role,
            groups=list(agent.groups),
            locale=agent.language,
            desk=general.name,
            hold_seconds=general.hold_seconds,
            permissions=[one for one in Permission if one in call.permissions],
            custom_role=agent.custom_role,
            status=agent.status,
            time_zone=agent.time_zone,
            languages=list(agent.languages),
            absences=_absences_out(agent, with_reasons=True),
        )
    )


def agents(call: Call) -> Reply:
    """All colleagues with what they have to do."""
    found = sorted(bootstrap.desk().agents.values(), key=lambda agent: (agent.name, agent.id))
    return Reply(schemas.AgentsOut(_agents_out(found, call)))


def save_agent(call: Call) -> Reply:
    """Adds or changes a colleague."""
    body: schemas.AgentIn = call.body
    before = bootstrap.desk_store().load().agents.get(call.params["id"])
    agent = Agent(
        id=call.params["id"],
        name=body.name,
        address=body.email,
        role=body.role,
        groups=tuple(body.groups),
        capacity=body.capacity,
        available=body.available,
        language=body.locale,
        custom_role=body.custom_role,
        skills=body.skills,
        languages=tuple(body.languages),
        time_zone=body.time_zone,
        calendar_id=body.calendar,
        hours=tuple(tuple(Window(one.start, one.end) for one in day) for day in body.hours),
    )
    if before is not None:  # whether somebody is there is theirs to say, and a supervisor's
        agent = replace(agent, status=before.status, absences=before.absences)
    return Reply(_agents_out([bootstrap.configuration().put(AGENT_KIND, agent.id, agent)], call)[0])


def change_availability(call: Call) -> Reply:
    """Says whether a colleague is there."""
    agent = _present(_stored(call.params["id"]), call.body)
    return Reply(_agents_out([bootstrap.configuration().put(AGENT_KIND, agent.id, agent)], call)[0])


def delete_agent(call: Call) -> Reply:
    """Takes a colleague away."""
    agent_id = call.params["id"]
    open_tickets = bootstrap.people_store().loads([agent_id])[agent_id]
    if open_tickets:
        raise Conflict(f"The agent has {open_tickets} open tickets; hand them over first.")
    bootstrap.configuration().remove(AGENT_KIND, agent_id)
    return Reply()


def groups(call: Call) -> Reply:
    """All groups."""
    del call
    found = sorted(bootstrap.desk().groups.values(), key=lambda group: (group.name, group.id))
    return Reply(schemas.GroupsOut([_group_out(group) for group in found]))


def save_group(call: Call) -> Reply:
    """Adds or changes a group."""
    body: schemas.GroupIn = call.body
    group = Group(call.params["id"], body.name, body.private)
    return Reply(_group_out(bootstrap.configuration().put(GROUP_KIND, group.id, group)))


def delete_group(call: Call) -> Reply:
    """Takes a group away."""
    bootstrap.configuration().remove(GROUP_KIND, call.params["id"])
    return Reply()


def _stored(agent_id: str) -> Agent:
    """A colleague as they are kept: `call.agent` may be shown with another role."""
    agent = bootstrap.desk_store().load().agents.get(agent_id)
    if agent is None:
        raise NotFound("There is no such agent.")
    return agent


def _present(agent: Agent, body: schemas.AvailabilityPatch) -> Agent:
    absences = agent.absences
    if body.absences is not None:
        absences = tuple(Absence(one.first_day, one.last_day, one.reason, one.substitute) for one in body.absences)
    return replace(agent, status=body.status or agent.status, absences=absences)


def _agents_out(found: Sequence[Agent], call: Call) -> list[schemas.AgentOut]:
    desk, calendars = bootstrap.desk(), newest_calendars(bootstrap.desk())
    loads = bootstrap.people_store().loads(agent.id for agent in found)
    plans = Permission.SUPERVISE in call.permissions
    made = []
    for agent in found:
        substitute = substitute_for(agent, call.now, desk.agents)
        made.append(
            schemas.AgentOut(
                id=agent.id,
                name=agent.name,
                email=agent.address,
                role=agent.role,
                groups=list(agent.groups),
                available=agent.available,
                open_tickets=loads[agent.id],
                capacity=agent.capacity,
                custom_role=agent.custom_role,
                locale=agent.language,
                skills=dict(agent.skills),
                languages=list(agent.languages),
                time_zone=agent.time_zone,
                calendar=agent.calendar_id,
                hours=[[WindowIO(one.start, one.end) for one in day] for day in agent.hours],
                status=agent.status,
                absences=_absences_out(agent, with_reasons=plans or agent.id == call.agent.id),
                working=working(agent, call.now, calendars),
                substitute=substitute.id if substitute is not None else None,
            )
        )
    return made


def _absences_out(agent: Agent, *, with_reasons: bool) -> list[schemas.AbsenceIO]:
    return [
        schemas.AbsenceIO(one.first_day, one.last_day, one.reason if with_reasons else None, one.substitute)
        for one in agent.absences
    ]


def _group_out(group: Group) -> schemas.GroupOut:
    return schemas.GroupOut(group.id, group.name, group.private)


ENDPOINTS = (
    Endpoint(
        "GET /v1/me",
        name="getMe",
        summary="Who is signed in",
        handle=me,
        needs=Permission.READ,
        response=schemas.MeOut,
        tag=TAG,
    ),
    Endpoint(
        "PATCH /v1/me",
        name="changeMe",
        summary="Change what you say of yourself: status, absences, languages, time zone",
        handle=change_me,
        needs=Permission.READ,
        body=schemas.MePatch,
        response=schemas.MeOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/me/sign-out",
        name="endSession",
        summary="Say that you leave, before you sign out at the identity provider",
        description="The trail tells of it. The token is the identity provider's, and is good until it ends.",
        handle=sign_out,
        needs=Permission.READ,
        status=204,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/agents",
        name="listAgents",
        summary="Colleagues, their load, and whether they work now",
        handle=agents,
        needs=Permission.READ,
        response=schemas.AgentsOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/agents/{id}",
        name="saveAgent",
        summary="Add or change a colleague",
        description="Their id is their user name at the identity provider, where they are admitted apart from this. "
        "Status and absences stay as they are.",
        handle=save_agent,
        needs=Permission.MANAGE_AGENTS,
        body=schemas.AgentIn,
        response=schemas.AgentOut,
        errors={409: "There are too many already."},
        tag=TAG,
    ),
    Endpoint(
        "PATCH /v1/agents/{id}",
        name="changeAvailability",
        summary="Say whether a colleague is there",
        handle=change_availability,
        needs=Permission.SUPERVISE,
        body=schemas.AvailabilityPatch,
        response=schemas.AgentOut,
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/agents/{id}",
        name="deleteAgent",
        summary="Take a colleague away",
        description="What they did stays theirs in histories.",
        handle=delete_agent,
        needs=Permission.MANAGE_AGENTS,
        status=204,
        errors={409: "They have open tickets, or something else needs them; `detail` says what."},
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/groups",
        name="listGroups",
        summary="Groups",
        handle=groups,
        needs=Permission.READ,
        response=schemas.GroupsOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/groups/{id}",
        name="saveGroup",
        summary="Add or change a group",
        handle=save_group,
        needs=Permission.MANAGE_AGENTS,
        body=schemas.GroupIn,
        response=schemas.GroupOut,
        errors={409: "There are too many already."},
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/groups/{id}",
        name="deleteGroup",
        summary="Take a group away",
        description="Tickets that are in it keep its id.",
        handle=delete_group,
        needs=Permission.MANAGE_AGENTS,
        status=204,
        errors={409: "Something else uses it; `detail` says what."},
        tag=TAG,
    ),
)
