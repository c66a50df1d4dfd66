"""Tickets that say the same: likely duplicates, and possible incidents with what supervisors decide on them."""

from functions.desk.schemas import incidents as schemas
from functions.desk.schemas.tickets import TicketOut
from functions.desk.shapes import row_out, ticket_reply
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.routing.clusters import Suspicion

TAG = "Incidents"


def get_alike(call: Call) -> Reply:
    """What is said by a ticket and by others, too."""
    ticket_id = call.params["id"]
    rows = bootstrap.search().duplicates(ticket_id, call.agent)
    found = bootstrap.clusters().of_ticket(ticket_id)
    suspicion = _suspicion_out(found, call) if found is not None else None
    return Reply(schemas.AlikeOut([row_out(row, call) for row in rows], suspicion))


def list_suspicions(call: Call) -> Reply:
    """Possible incidents."""
    return Reply(schemas.SuspicionsOut([_suspicion_out(one, call) for one in bootstrap.clusters().open()]))


def make_incident(call: Call) -> Reply:
    """Makes an incident's ticket of a possible one."""
    body: schemas.IncidentIn = call.body
    ticket = bootstrap.clusters().make_incident(call.params["id"], call.agent, subject=body.subject)
    return ticket_reply(ticket, call)


def dismiss(call: Call) -> Reply:
    """It is none."""
    bootstrap.clusters().dismiss(call.params["id"], call.agent)
    return Reply()


def _suspicion_out(found: Suspicion, call: Call) -> schemas.SuspicionOut:
    cluster = found.cluster
    return schemas.SuspicionOut(
        id=cluster.id,
        at=format_instant(cluster.at),
        people=cluster.people,
        tickets=[row_out(row, call) for row in found.rows],
        incident=cluster.incident,
        settled_by=cluster.settled_by,
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/tickets/{id}/alike",
        name="getAlike",
        summary="Likely duplicates of a ticket, and the possible incident that it belongs to",
        handle=get_alike,
        needs=Permission.READ,
        response=schemas.AlikeOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/suspected-incidents",
        name="listSuspectedIncidents",
        summary="Possible incidents of the day that nobody has decided on, newest first",
        description="Several people who write the same within an hour, though it is not usual, are told to the supervisors.",
        handle=list_suspicions,
        needs=Permission.SUPERVISE,
        response=schemas.SuspicionsOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/suspected-incidents/{id}/ticket",
        name="makeIncident",
        summary="Open an incident's ticket, and make all that say the same part of it",
        description="Answers with the incident's ticket. Asked for again, it is the same one, and what came in since is "
        "tied to it; 60 tickets a call at most.",
        handle=make_incident,
        needs=Permission.SUPERVISE,
        body=schemas.IncidentIn,
        response=TicketOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/suspected-incidents/{id}/dismiss",
        name="dismissIncident",
        summary="Say that it is no incident",
        handle=dismiss,
        needs=Permission.SUPERVISE,
        status=204,
        errors={409: "An incident's ticket was made of it."},
        tag=TAG,
    ),
)
