"""Who is at a ticket."""

from functions.desk.schemas import together as schemas
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.presence.model import PresenceState
from helpdesk.presence.service import HEARTBEAT_SECONDS


def put_presence(call: Call) -> Reply:
    """Notes what the caller does at a ticket, and tells who else is there."""
    body: schemas.PresenceIn = call.body
    state = PresenceState(body.state) if body.state != "gone" else None
    others = bootstrap.presence().note(call.params["id"], call.agent, state)
    agents = bootstrap.desk().agents
    items = [
        schemas.PresentOut(
            one.agent_id,
            agents[one.agent_id].name if one.agent_id in agents else None,
            one.state,
            format_instant(one.seen_at),
        )
        for one in others
    ]
    return Reply(schemas.PresenceOut(items, HEARTBEAT_SECONDS))


ENDPOINTS = (
    Endpoint(
        "PUT /v1/tickets/{id}/presence",
        name="putPresence",
        summary="Say that you look at a ticket or write on it, and see who else does",
        handle=put_presence,
        needs=Permission.READ,
        body=schemas.PresenceIn,
        response=schemas.PresenceOut,
        tag="Tickets",
    ),
)
