"""Rules: listing, writing, trying and taking them away; and why each did or did not act on a ticket."""

from collections.abc import Mapping

from functions.desk.routes.macros import changes_of, changes_out, differences_out
from functions.desk.schemas import rules as schemas
from helpdesk import bootstrap
from helpdesk.automation.checks import RULE_KIND, faults_of, tidied
from helpdesk.automation.hands import desk_itself
from helpdesk.automation.model import Actions, Hits, Rule, RuleKind, Verdict
from helpdesk.automation.preview import Effect, Previewer
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import FieldError, Invalid, NotFound
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, seen_header

TAG = "Rules"
IF_MATCH = {
    "If-Match": 'The version that was seen, as `"3"`; `"0"`: it must be new. Left out: whatever it is now is replaced.'
}


def list_rules(call: Call) -> Reply:
    """All rules with their hits."""
    del call
    hits, desk = bootstrap.rule_traces().hits(), bootstrap.desk()
    kinds = list(RuleKind)
    found = sorted(desk.rules.values(), key=lambda one: (kinds.index(one.kind), one.order, one.id))
    return Reply(schemas.RulesOut([_out(one, hits, desk) for one in found]))


def save_rule(call: Call) -> Reply:
    """Adds or changes a rule."""
    rule_id = call.params["id"]
    desk = bootstrap.desk_store().load()
    rule = _rule(rule_id, call.body, desk.versions.get((RULE_KIND.name, rule_id), 0) + 1)
    _refuse_unknown_macro(rule, desk)
    saved = bootstrap.configuration().put(RULE_KIND, rule_id, rule, seen=seen_header(call))
    out = _out(saved, bootstrap.rule_traces().hits(), bootstrap.desk())
    return Reply(out, headers={"etag": f'"{out.version}"'})


def delete_rule(call: Call) -> Reply:
    """Takes a rule away."""
    bootstrap.configuration().remove(RULE_KIND, call.params["id"], seen=seen_header(call))
    return Reply()


def preview_rule(call: Call) -> Reply:
    """Tries a draft on the tickets that changed last."""
    body: schemas.RulePreviewIn = call.body
    desk = bootstrap.desk_store().load()
    draft = tidied(_rule(body.id or "draft", body.rule, 0))
    _refuse_unknown_macro(draft, desk)
    if faults := faults_of(draft, desk):
        raise Invalid("The rule is not valid.", faults)
    previewer = Previewer(bootstrap.ticket_store(), bootstrap.rule_hands(), bootstrap.known_to_rules())
    made = previewer.preview(draft, desk, bootstrap.rules(), call.now, limit=body.limit)
    return Reply(
        schemas.RulePreviewOut(
            looked=made.looked,
            matched=len(made.effects),
            items=[_effect_out(one) for one in made.effects],
            misses=[schemas.RuleMissOut(one.where, one.field or None, one.tickets) for one in made.misses],
        )
    )


def list_traces(call: Call) -> Reply:
    """Why rules did or did not act on a ticket."""
    query: schemas.TracesQuery = call.query
    ticket_id = bootstrap.agent_desk().get(call.params["id"]).id
    signer, scope = bootstrap.signer(), f"/v1/tickets/{ticket_id}/rules"
    position = signer.read_cursor(scope, query.cursor, call.now)
    page = bootstrap.rule_traces().page(ticket_id, limit=query.limit, position=position)
    names = bootstrap.desk().rules
    if any(verdict.rule not in names for one in page.items for verdict in one.verdicts):
        bootstrap.kept_desk().forget()  # a rule may have acted sooner than this container heard of it
        names = bootstrap.desk().rules
    items = [
        schemas.TraceOut(
            one.event_id,
            format_instant(one.at),
            list(one.on),
            [_verdict_out(verdict, names) for verdict in one.verdicts],
        )
        for one in page.items
    ]
    return Reply(schemas.TracesOut(items, signer.sign_cursor(scope, page.next_position)))


def _rule(rule_id: str, body: schemas.RuleIn, version: int) -> Rule:
    written = body.actions
    actions = Actions(
        changes_of(written.changes),
        written.note,
        written.reply,
        written.macro_id,
        tuple(written.webhooks),
        written.sla_policy,
        written.task,
    )
    return Rule(
        id=rule_id,
        name=body.name,
        kind=body.kind,
        on=tuple(body.on),
        conditions=body.conditions,
        actions=actions,
        enabled=body.enabled,
        order=body.order,
        stop=body.stop,
        description=body.description,
        version=version,
    )


def _refuse_unknown_macro(rule: Rule, desk: Desk) -> None:
    if rule.actions.macro is None:
        return
    try:
        bootstrap.macros().library.peek(rule.actions.macro, desk_itself(desk))
    except NotFound as error:
        fault = FieldError("/actions/macro_id", "is not a macro that is shared with all")
        raise Invalid("The rule is not valid.", [fault]) from error


def _out(rule: Rule, hits: Mapping[str, Hits], desk: Desk) -> schemas.RuleOut:
    actions, hit = rule.actions, hits.get(rule.id, Hits())
    return schemas.RuleOut(
        id=rule.id,
        version=desk.versions.get((RULE_KIND.name, rule.id), 0),
        name=rule.name,
        kind=rule.kind,
        on=list(rule.on),
        conditions=dict(rule.conditions),
        actions=schemas.ActionsIO(
            changes_out(actions.changes),
            actions.note,
            dict(actions.reply),
            actions.macro,
            list(actions.webhooks),
            actions.policy,
            actions.task,
        ),
        enabled=rule.enabled,
        order=rule.order,
        stop=rule.stop,
        description=rule.description,
        hits=hit.count,
        last_hit_at=format_instant(hit.last_at) if hit.last_at is not None else None,
    )


def _effect_out(effect: Effect) -> schemas.RuleEffectOut:
    ticket = effect.ticket
    return schemas.RuleEffectOut(
        ticket_id=ticket.id,
        number=ticket.number,
        subject=ticket.copies.subject,
        changes=differences_out(effect.differences),
        notes=[one.text for one in effect.messages if not one.public],
        replies=[one.text for one in effect.messages if one.public],
        webhooks=list(effect.webhooks),
        tasks=list(effect.tasks),
        problem=effect.problem or None,
        conflicts=[schemas.ConflictOut(one.rule, one.name) for one in effect.conflicts],
        loop=list(effect.loop),
    )


def _verdict_out(verdict: Verdict, rules: Mapping[str, Rule]) -> schemas.VerdictOut:
    rule = rules.get(verdict.rule)
    return schemas.VerdictOut(
        rule_id=verdict.rule,
        name=rule.name if rule is not None else None,
        version=verdict.version,
        outcome=verdict.outcome,
        where=verdict.where or None,
        field=verdict.field or None,
        problem=verdict.problem or None,
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/rules",
        name="listRules",
        summary="Triggers and automations, and how often each acted",
        handle=list_rules,
        needs=Permission.READ,
        response=schemas.RulesOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/rules/{id}",
        name="saveRule",
        summary="Add or change a rule",
        handle=save_rule,
        needs=Permission.CONFIGURE,
        body=schemas.RuleIn,
        response=schemas.RuleOut,
        headers=IF_MATCH,
        errors={409: "It has another version than If-Match names, or there are too many already."},
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/rules/{id}",
        name="deleteRule",
        summary="Take a rule away; what it did stays",
        handle=delete_rule,
        needs=Permission.CONFIGURE,
        status=204,
        headers=IF_MATCH,
        errors={409: "It has another version than If-Match names."},
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/rules/preview",
        name="previewRule",
        summary="What a draft of a rule would have done to the tickets that changed last; nothing is written",
        handle=preview_rule,
        needs=Permission.CONFIGURE,
        body=schemas.RulePreviewIn,
        response=schemas.RulePreviewOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/tickets/{id}/rules",
        name="listRuleTraces",
        summary="Why rules did or did not act on a ticket",
        handle=list_traces,
        needs=Permission.READ,
        query=schemas.TracesQuery,
        response=schemas.TracesOut,
        tag=TAG,
    ),
)
