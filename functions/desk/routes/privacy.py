"""Erasing a person, and how long tickets keep what is in them: ordered by who may, looked at while it is done."""

from collections.abc import Mapping

from functions.desk.schemas import privacy as schemas
from functions.desk.schemas import tickets as ticket_schemas
from functions.desk.schemas.tickets import instant
from functions.desk.shapes import ticket_reply
from helpdesk import bootstrap
from helpdesk.conditions.model import Tree
from helpdesk.desk.model import Desk
from helpdesk.kernel.audit import Told
from helpdesk.kernel.errors import Invalid
from helpdesk.people.roles import Permission
from helpdesk.platform.audit import tell_alone
from helpdesk.platform.http import Call, Endpoint, Reply, seen_header
from helpdesk.privacy.checks import RETENTION_KIND, due, faults_of, held_back, soon, tidied
from helpdesk.privacy.model import Carried, RetentionRule
from helpdesk.tickets.commands import SetLegalHold
from helpdesk.tickets.model import Actor, ActorKind
from helpdesk.tickets.views import TicketRow
from helpdesk.views.model import Order
from helpdesk.views.service import Listing, Tickets

TAG = "Privacy"
SOON_DAYS = 30
IF_MATCH = {
    "If-Match": 'The version that was seen, as `"3"`; `"0"`: it must be new. Left out: whatever it is now is replaced.'
}


def order_export(call: Call) -> Reply:
    """Begins an export."""
    bootstrap.erasures().order_export(call.params["id"], call.agent)
    tell_alone(Told("person", call.params["id"], action="export_ordered"))
    return get_export(call)


def get_export(call: Call) -> Reply:
    """How far an export is, and where it is."""
    person_id = call.params["id"]
    found = bootstrap.erasures().find_export(person_id)
    ready = found.ready_at if found is not None else None
    return Reply(
        schemas.ExportOut(
            person_id=person_id,
            ordered_at=instant(found.ordered_at) if found is not None else None,
            ready_at=instant(ready),
            url=bootstrap.portable().link(found.id) if found is not None and ready is not None else None,
        )
    )


def get_erasure(call: Call) -> Reply:
    """What erasing a person would reach, and how far it is."""
    return _shown(call.params["id"])


def order_erasure(call: Call) -> Reply:
    """Erases a person."""
    body: schemas.ErasureIn = call.body
    bootstrap.erasures().order(call.params["id"], body.tickets, call.agent)
    tell_alone(Told("person", call.params["id"], action="erasure_ordered"))
    return _shown(call.params["id"])


def _shown(person_id: str) -> Reply:
    count, held, found = bootstrap.erasures().look(person_id)
    return Reply(
        schemas.ErasureOut(
            person_id=person_id,
            tickets=count,
            held=list(held),
            phase=found.phase if found is not None else None,
            emptied=found.tickets if found is not None else 0,
            by=found.by if found is not None else None,
            started_at=instant(found.started_at) if found is not None else None,
            finished_at=instant(found.finished_at) if found is not None else None,
        )
    )


# --- retention -------------------------------------------------------------------------------------------------------


def list_retention_rules(call: Call) -> Reply:
    """All rules of retention."""
    del call
    desk, carried = bootstrap.desk(), bootstrap.retention_notes().carried()
    return Reply(
        schemas.RetentionRulesOut([_rule_out(one, desk, carried) for _, one in sorted(desk.retention.items())])
    )


def save_retention_rule(call: Call) -> Reply:
    """Adds or changes a rule of retention."""
    rule = _rule(call.params["id"], call.body)
    saved = bootstrap.configuration().put(RETENTION_KIND, rule.id, rule, seen=seen_header(call))
    out = _rule_out(saved, bootstrap.desk(), bootstrap.retention_notes().carried())
    return Reply(out, headers={"etag": f'"{out.version}"'})


def delete_retention_rule(call: Call) -> Reply:
    """Takes a rule of retention away."""
    bootstrap.configuration().remove(RETENTION_KIND, call.params["id"], seen=seen_header(call))
    return Reply()


def preview_retention_rule(call: Call) -> Reply:
    """What a rule would do."""
    body: schemas.RetentionPreviewIn = call.body
    rule = tidied(_rule(body.id or "draft", body.rule))
    if faults := faults_of(rule, bootstrap.desk_store().load()):
        raise Invalid("The rule is not valid.", faults)
    found = _tickets(due(rule), call)
    return Reply(
        schemas.RetentionPreviewOut(
            tickets=found.count,
            soon=_tickets(due(soon(rule, SOON_DAYS)), call).count - found.count,
            held=_tickets(held_back(rule), call).count,
            items=_samples(due(rule), body.limit, call),
        )
    )


def _tickets(conditions: Tree, call: Call) -> Tickets:
    listing = Listing("retention", conditions, (), None)
    return bootstrap.whole_desk().tickets(listing, call.agent, limit=1)


def _samples(conditions: Tree, limit: int, call: Call) -> list[schemas.RetentionSampleOut]:
    listing = Listing("retention", conditions, (Order("solved_at", descending=False),), None)
    return [_sample(row) for row in bootstrap.views().tickets(listing, call.agent, limit=limit).rows]


def _sample(row: TicketRow) -> schemas.RetentionSampleOut:
    found = bootstrap.ticket_store().with_messages(row.id, limit=100)
    messages = found[1].items if found is not None else ()
    files = [file for message in messages for file in message.attachments]
    return schemas.RetentionSampleOut(
        ticket_id=row.id,
        number=row.number,
        subject=row.subject,
        category=row.category,
        solved_at=instant(row.solved_at),
        messages=sum(bool(message.text) for message in messages),
        files=len(files),
        bytes=sum(file.size for file in files),
        mails=sum(message.raw_mail_id is not None for message in messages),
    )


def _rule(rule_id: str, body: schemas.RetentionRuleIn) -> RetentionRule:
    return RetentionRule(
        id=rule_id,
        name=body.name,
        conditions=body.conditions,
        after_days=body.after_days,
        removes=tuple(body.removes),
        enabled=body.enabled,
        description=body.description,
        forgets=body.forgets,
    )


def _rule_out(rule: RetentionRule, desk: Desk, carried: Mapping[str, Carried]) -> schemas.RetentionRuleOut:
    version, far = desk.versions.get((RETENTION_KIND.name, rule.id), 0), carried.get(rule.id)
    current = far is not None and far.version == version and rule.enabled
    return schemas.RetentionRuleOut(
        id=rule.id,
        version=version,
        name=rule.name,
        after_days=rule.after_days,
        removes=list(rule.removes),
        conditions=dict(rule.conditions),
        enabled=rule.enabled,
        description=rule.description,
        forgets=rule.forgets,
        begins_at=instant(far.begins_at) if far is not None and current else None,
        tickets=far.tickets if far is not None else 0,
        looked_at=instant(far.looked_at) if far is not None else None,
        failed=len(far.in_hand) if far is not None and current else 0,
    )


def get_addresses(call: Call) -> Reply:
    """For how long network addresses are kept."""
    del call
    desk = bootstrap.desk()
    out = schemas.AddressesOut(desk.general.addresses_days, desk.versions.get(("general", "desk"), 0))
    return Reply(out, headers={"etag": f'"{out.version}"'})


def save_addresses(call: Call) -> Reply:
    """Changes for how long network addresses are kept."""
    body: schemas.AddressesIn = call.body
    bootstrap.configuration().set_addresses_days(body.days, seen=seen_header(call))
    return get_addresses(call)


def hold(call: Call) -> Reply:
    """Puts a ticket under legal hold."""
    return _held(call, held=True)


def release(call: Call) -> Reply:
    """Ends a ticket's legal hold."""
    return _held(call, held=False)


def _held(call: Call, *, held: bool) -> Reply:
    ticket = bootstrap.agent_desk().get(call.params["id"])
    done = bootstrap.tickets().run(ticket.id, SetLegalHold(held), actor=Actor(ActorKind.AGENT, call.agent.id))
    if done.events:
        tell_alone(Told("ticket", ticket.id, action="legal_hold_begun" if held else "legal_hold_ended"))
    return ticket_reply(done.ticket, call)


ENDPOINTS = (
    Endpoint(
        "GET /v1/people/{id}/export",
        name="getExport",
        summary="How far an export of a person's data is, and a link to it",
        handle=get_export,
        needs=Permission.PRIVACY,
        response=schemas.ExportOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/people/{id}/export",
        name="orderExport",
        summary="Have all that is kept of a person written into one ZIP file, which is gone after a day",
        handle=order_export,
        needs=Permission.PRIVACY,
        response=schemas.ExportOut,
        status=202,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/people/{id}/erasure",
        name="getErasure",
        summary="How many tickets erasing a person would empty, and how far it is",
        handle=get_erasure,
        needs=Permission.PRIVACY,
        response=schemas.ErasureOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/people/{id}/erasure",
        name="erasePerson",
        summary="Erase a person for good: name, addresses and every word of the tickets they opened",
        description="Done step by step behind the call; asking again answers how far it is. History stays and verifies, as it "
        "never held a word. docs/privacy.md says what goes and what stays.",
        handle=order_erasure,
        needs=Permission.PRIVACY,
        body=schemas.ErasureIn,
        response=schemas.ErasureOut,
        errors={409: "A ticket of theirs is under legal hold."},
        status=202,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/retention-rules",
        name="listRetentionRules",
        summary="For how long tickets keep what is in them, and how far each rule is",
        handle=list_retention_rules,
        needs=Permission.PRIVACY,
        response=schemas.RetentionRulesOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/retention-rules/{id}",
        name="saveRetentionRule",
        summary="Add or change a rule of retention",
        description="What it takes out of tickets is gone for good. So it begins a day after it was written switched on, and "
        "`POST /v1/retention-rules/preview` says before what it will do.",
        handle=save_retention_rule,
        needs=Permission.PRIVACY,
        body=schemas.RetentionRuleIn,
        response=schemas.RetentionRuleOut,
        headers=IF_MATCH,
        errors={409: "It has another version than If-Match names, or there are too many already."},
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/retention-rules/{id}",
        name="deleteRetentionRule",
        summary="Take a rule of retention away; what it took out of tickets stays gone",
        handle=delete_retention_rule,
        needs=Permission.PRIVACY,
        status=204,
        headers=IF_MATCH,
        errors={409: "It has another version than If-Match names."},
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/retention-rules/preview",
        name="previewRetentionRule",
        summary="How many tickets a rule of retention would take something out of, and what; nothing is written",
        handle=preview_retention_rule,
        needs=Permission.PRIVACY,
        body=schemas.RetentionPreviewIn,
        response=schemas.RetentionPreviewOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/kept-addresses",
        name="getKeptAddresses",
        summary="For how long network addresses of agents and requesters are kept",
        handle=get_addresses,
        needs=Permission.PRIVACY,
        response=schemas.AddressesOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/kept-addresses",
        name="saveKeptAddresses",
        summary="Change for how long network addresses of agents and requesters are kept; older ones go within the hour",
        handle=save_addresses,
        needs=Permission.PRIVACY,
        body=schemas.AddressesIn,
        response=schemas.AddressesOut,
        headers=IF_MATCH,
        errors={409: "The desk's own settings have another version than If-Match names."},
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/tickets/{id}/legal-hold",
        name="holdTicket",
        summary="Let nothing be taken out of a ticket, by whatever rule or erasure; closed ones take it as well",
        handle=hold,
        needs=Permission.PRIVACY,
        response=ticket_schemas.TicketOut,
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/tickets/{id}/legal-hold",
        name="releaseTicket",
        summary="End a ticket's legal hold; what is due goes with the next run",
        handle=release,
        needs=Permission.PRIVACY,
        response=ticket_schemas.TicketOut,
        tag=TAG,
    ),
)
