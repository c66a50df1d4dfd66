"""The organizations that people belong to."""

from functions.desk.routes.people import person_out
from functions.desk.schemas import people as schemas
from functions.desk.shapes import row_out
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import NotFound
from helpdesk.people.model import Organization
from helpdesk.people.organizations import OrganizationWish
from helpdesk.people.roles import Permission
from helpdesk.people.tally import Contact, Numbers
from helpdesk.platform.http import Call, Endpoint, Reply, version_header
from helpdesk.tickets.model import ActorKind

TAG = "Organizations"


def list_organizations(call: Call) -> Reply:
    """A page of organizations."""
    query: schemas.OrganizationsQuery = call.query
    signer, name = bootstrap.signer(), f"organizations/{query.q or ''}"
    position = signer.read_cursor(name, query.cursor, call.now)
    page = bootstrap.organizations().find(query.q or "", limit=query.limit, position=position)
    items = [schemas.OrganizationRowOut(one.id, one.name, one.plan, list(one.domains)) for one in page.items]
    return Reply(schemas.OrganizationsOut(items, signer.sign_cursor(name, page.next_position)))


def get_organization(call: Call) -> Reply:
    """An organization."""
    return organization_reply(bootstrap.organizations().get(call.params["id"]))


def create_organization(call: Call) -> Reply:
    """Adds an organization."""
    return organization_reply(bootstrap.organizations().create(_wish(call.body)))


def change_organization(call: Call) -> Reply:
    """Changes an organization."""
    return organization_reply(
        bootstrap.organizations().change(call.params["id"], _wish(call.body), version_header(call))
    )


def delete_organization(call: Call) -> Reply:
    """Takes an organization away."""
    bootstrap.organizations().delete(call.params["id"])
    return Reply()


def overview(call: Call) -> Reply:
    """An organization at a glance."""
    found = bootstrap.overviews().of_organization(call.params["id"])
    if found.organization is None:
        raise NotFound("There is no such organization.")
    return Reply(
        schemas.OrganizationOverviewOut(
            organization_out(found.organization),
            numbers_out(found.numbers),
            contact_out(found.contact),
            [row_out(row, call) for row in found.tickets],
        )
    )


def person_overview(call: Call) -> Reply:
    """A person at a glance."""
    found = bootstrap.overviews().of_person(call.params["id"])
    if found.person is None:
        raise NotFound("There is no such person.")
    return Reply(
        schemas.PersonOverviewOut(
            person_out(found.person),
            organization_out(found.organization) if found.organization is not None else None,
            numbers_out(found.numbers),
            contact_out(found.contact),
            [row_out(row, call) for row in found.tickets],
        )
    )


def numbers_out(numbers: Numbers | None) -> schemas.NumbersOut | None:
    """What comes together over all tickets."""
    if numbers is None:
        return None
    return schemas.NumbersOut(
        tickets=numbers.tickets,
        open=numbers.open,
        solved=numbers.solved,
        ratings=numbers.ratings,
        satisfaction=round(numbers.stars / numbers.ratings, 2) if numbers.ratings else None,
        sla_kept=numbers.kept,
        sla_missed=numbers.missed,
        seconds=numbers.seconds,
        billable_seconds=numbers.billable_seconds,
    )


def contact_out(contact: Contact | None) -> schemas.ContactOut | None:
    """The last public message."""
    return schemas.ContactOut(format_instant(contact.at), ActorKind(contact.by)) if contact is not None else None


def _wish(body: schemas.OrganizationPatch) -> OrganizationWish:
    return OrganizationWish(
        name=body.name,
        domains=None if body.domains is None else tuple(body.domains),
        shared=body.shared,
        plan=body.plan,
        notes=body.notes,
        tags=None if body.tags is None else tuple(body.tags),
        fields=body.fields,
        group=body.group,
    )


def organization_reply(organization: Organization) -> Reply:
    """An organization, with its version as `ETag`."""
    return Reply(organization_out(organization), headers={"etag": f'"{organization.version}"'})


def organization_out(organization: Organization) -> schemas.OrganizationOut:
    """An organization as the API tells of it."""
    return schemas.OrganizationOut(
        id=organization.id,
        name=organization.name,
        domains=list(organization.domains),
        shared=organization.shared,
        plan=organization.plan,
        notes=organization.notes,
        tags=list(organization.tags),
        fields=dict(organization.fields),
        group=organization.group,
        version=organization.version,
        created_at=format_instant(organization.created_at),
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/people/{id}/overview",
        name="getPersonOverview",
        summary="A person at a glance",
        handle=person_overview,
        needs=Permission.READ,
        response=schemas.PersonOverviewOut,
        tag="People",
    ),
    Endpoint(
        "GET /v1/organizations/{id}/overview",
        name="getOrganizationOverview",
        summary="An organization at a glance",
        handle=overview,
        needs=Permission.READ,
        response=schemas.OrganizationOverviewOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/organizations",
        name="listOrganizations",
        summary="Organizations by name",
        description="Their people: `GET /v1/people?organization=`; their tickets: `GET /v1/tickets?organization=`.",
        handle=list_organizations,
        needs=Permission.READ,
        query=schemas.OrganizationsQuery,
        response=schemas.OrganizationsOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/organizations",
        name="createOrganization",
        summary="Add an organization",
        handle=create_organization,
        needs=Permission.CHANGE_PEOPLE,
        body=schemas.OrganizationIn,
        response=schemas.OrganizationOut,
        status=201,
        errors={409: "A domain is another organization's."},
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/organizations/{id}",
        name="getOrganization",
        summary="An organization",
        handle=get_organization,
        needs=Permission.READ,
        response=schemas.OrganizationOut,
        tag=TAG,
    ),
    Endpoint(
        "PATCH /v1/organizations/{id}",
        name="changeOrganization",
        summary="Change an organization",
        handle=change_organization,
        needs=Permission.CHANGE_PEOPLE,
        body=schemas.OrganizationPatch,
        response=schemas.OrganizationOut,
        headers={"If-Match": "The version that was seen."},
        errors={409: "It has changed since, or a domain is another organization's."},
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/organizations/{id}",
        name="deleteOrganization",
        summary="Take an organization away",
        description="Tickets keep its id.",
        handle=delete_organization,
        needs=Permission.SUPERVISE,
        status=204,
        errors={409: "People belong to it."},
        tag=TAG,
    ),
)
