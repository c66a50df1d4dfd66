"""Those who write to the desk: found, described, put together where two are one."""

from collections.abc import Sequence

from functions.desk.schemas import people as schemas
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.people.directory import PersonWish
from helpdesk.people.model import Merge, Person, PersonRow
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, version_header

TAG = "People"


def list_people(call: Call) -> Reply:
    """A page of people."""
    query: schemas.PeopleQuery = call.query
    signer, name = bootstrap.signer(), f"people/{query.organization or ''}/{query.q or ''}"
    position = signer.read_cursor(name, query.cursor, call.now)
    page = bootstrap.directory().find(query.q or "", query.organization, limit=query.limit, position=position)
    return Reply(schemas.PeopleOut(rows_out(page.items), signer.sign_cursor(name, page.next_position)))


def get_person(call: Call) -> Reply:
    """A person."""
    return person_reply(bootstrap.directory().get(call.params["id"]))


def create_person(call: Call) -> Reply:
    """Makes somebody known."""
    body: schemas.PersonIn = call.body
    wish = PersonWish(
        name=body.name,
        addresses=tuple(body.emails),
        phones=tuple(body.phones),
        language=body.locale,
        time_zone=body.time_zone,
        organization_id=body.organization,
        tags=tuple(body.tags),
        notes=body.notes,
        fields=body.fields,
    )
    return person_reply(bootstrap.directory().create(wish))


def change_person(call: Call) -> Reply:
    """Changes what is known of somebody."""
    body: schemas.PersonPatch = call.body
    wish = PersonWish(
        name=body.name,
        addresses=_all(body.emails),
        phones=_all(body.phones),
        language=body.locale,
        time_zone=body.time_zone,
        organization_id=body.organization,
        tags=_all(body.tags),
        notes=body.notes,
        fields=body.fields,
        undeliverable=body.undeliverable,
        complained=body.complained,
    )
    # Whether mail arrives is no opinion: it needs no look at the rest.
    version = None if body.about_mail_only and "if-match" not in call.headers else version_header(call)
    return person_reply(bootstrap.directory().change(call.params["id"], wish, version))


def merge_person(call: Call) -> Reply:
    """Lets another person be this one."""
    body: schemas.MergeIn = call.body
    return person_reply(bootstrap.directory().merge(call.params["id"], body.person, call.agent))


def unmerge_person(call: Call) -> Reply:
    """Tells another person apart from this one again."""
    body: schemas.MergeIn = call.body
    survivor, _ = bootstrap.directory().unmerge(call.params["id"], body.person, call.agent)
    return person_reply(survivor)


def list_merges(call: Call) -> Reply:
    """Who is perhaps the same person, and who was found to be."""
    directory = bootstrap.directory()
    person = directory.get(call.params["id"])
    suggested = rows_out(directory.duplicates(person))
    return Reply(schemas.MergesOut(suggested, [_merge_out(one) for one in directory.merges(person.id)]))


def person_reply(person: Person) -> Reply:
    """A person, with their version as `ETag`."""
    return Reply(person_out(person), headers={"etag": f'"{person.version}"'})


def person_out(person: Person) -> schemas.PersonOut:
    """A person as the API tells of them."""
    desk = bootstrap.desk()
    return schemas.PersonOut(
        id=person.id,
        name=person.name,
        email=person.address,
        emails=list(person.addresses),
        phones=list(person.phones),
        locale=person.language,
        time_zone=person.time_zone,
        organization=person.organization_id,
        tags=list(person.tags),
        notes=person.notes,
        fields=dict(person.fields),
        undeliverable=person.undeliverable,
        complained=person.complained,
        unreachable=list(person.unreachable),
        blocked=any(desk.blocks(one) for one in person.addresses),
        merged=[alias.id for alias in person.aliases],
        version=person.version,
        created_at=format_instant(person.created_at),
    )


def rows_out(rows: Sequence[PersonRow]) -> list[schemas.PersonRowOut]:
    """People as lists tell of them."""
    return [
        schemas.PersonRowOut(
            id=row.id,
            name=row.name,
            email=row.address,
            locale=row.language,
            organization=row.organization_id,
            undeliverable=row.undeliverable,
            complained=row.complained,
        )
        for row in rows
    ]


def _merge_out(merge: Merge) -> schemas.MergeOut:
    undone = merge.undone_at
    return schemas.MergeOut(
        person=merge.merged.id,
        name=merge.merged.name,
        emails=list(merge.merged.addresses),
        at=format_instant(merge.at),
        by=merge.by,
        undone_at=format_instant(undone) if undone is not None else None,
        undone_by=merge.undone_by,
    )


def _all(given: list[str] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(given)


ENDPOINTS = (
    Endpoint(
        "GET /v1/people",
        name="listPeople",
        summary="People by name, or who begins so",
        handle=list_people,
        needs=Permission.READ,
        query=schemas.PeopleQuery,
        response=schemas.PeopleOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/people",
        name="createPerson",
        summary="Make somebody known",
        handle=create_person,
        needs=Permission.CHANGE_PEOPLE,
        body=schemas.PersonIn,
        response=schemas.PersonOut,
        status=201,
        errors={409: "An address is somebody else's."},
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/people/{id}",
        name="getPerson",
        summary="A person",
        description="Under the id of somebody who was merged into another: that other.",
        handle=get_person,
        needs=Permission.READ,
        response=schemas.PersonOut,
        tag=TAG,
    ),
    Endpoint(
        "PATCH /v1/people/{id}",
        name="changePerson",
        summary="Change what is known of a person",
        description="`If-Match` is needed, but where only `undeliverable` or `complained` are said.",
        handle=change_person,
        needs=Permission.CHANGE_PEOPLE,
        body=schemas.PersonPatch,
        response=schemas.PersonOut,
        headers={"If-Match": "The version that was seen."},
        errors={409: "It has changed since, or an address is somebody else's."},
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/people/{id}/merges",
        name="listMerges",
        summary="Who is perhaps the same person, and who was found to be",
        description="Suggested are people of the same name at the same company, or with the same telephone number.",
        handle=list_merges,
        needs=Permission.READ,
        response=schemas.MergesOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/people/{id}/merge",
        name="mergePerson",
        summary="Let another person be this one",
        description="All addresses, numbers and tickets of the other are theirs at once, and the other's id leads here. "
        "Doing it again does nothing.",
        handle=merge_person,
        needs=Permission.CHANGE_PEOPLE,
        body=schemas.MergeIn,
        response=schemas.PersonOut,
        errors={409: "Together they have more than one person can."},
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/people/{id}/unmerge",
        name="unmergePerson",
        summary="Tell another person apart from this one again",
        description="Tickets that were opened since stay this one's.",
        handle=unmerge_person,
        needs=Permission.CHANGE_PEOPLE,
        body=schemas.MergeIn,
        response=schemas.PersonOut,
        errors={409: "Addresses are missing to tell them apart."},
        tag=TAG,
    ),
)
