"""What can be wrong with a rule as an admin writes it, each fault with its place; and rules as a kind of settings. Pure."""

from dataclasses import replace
from typing import Final

from helpdesk.automation.model import Actions, Happening, Rule, RuleKind
from helpdesk.automation.rules import fields_of
from helpdesk.canned.placeholders import unknown_names
from helpdesk.canned.rules import is_language
from helpdesk.conditions.fields import FIELD_VALUES, ME, MY_GROUPS
from helpdesk.conditions.rules import hollow, leaves_of, parse
from helpdesk.desk.model import Desk
from helpdesk.desk.rules import catalogue_of
from helpdesk.desk.settings import Kind
from helpdesk.forms.rules import checked
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.text import clean, clean_line
from helpdesk.macros.model import ME as WHO_RUNS_IT
from helpdesk.macros.model import NONE, MacroChanges
from helpdesk.macros.rules import checked_changes
from helpdesk.tickets.todo import MAX_TITLE_LENGTH

LONGEST_NAME: Final = 100
LONGEST_TEXT: Final = 10_000
GREATEST_ORDER: Final = 100_000
_CHANGES: Final = "/actions/changes"


def tidied(rule: Rule) -> Rule:
    """A rule as it is kept.

    Raises:
        Invalid: tags that are empty, or both come and go.
    """
    actions = rule.actions
    texts = {language: clean(text).strip() for language, text in actions.reply.items()}
    actions = replace(
        actions,
        changes=checked_changes(actions.changes, _CHANGES),
        note=clean(actions.note).strip(),
        task=clean_line(actions.task),
        reply={language: text for language, text in texts.items() if text},
        webhooks=tuple(dict.fromkeys(actions.webhooks)),
    )
    on = tuple(one for one in Happening if one in rule.on)
    return replace(rule, name=clean_line(rule.name), description=clean_line(rule.description), on=on, actions=actions)


def faults_of(rule: Rule, desk: Desk) -> list[FieldError]:
    """All that is wrong with a rule on this desk."""
    faults: list[FieldError] = []
    if not 0 < len(rule.name) <= LONGEST_NAME:
        faults.append(FieldError("/name", f"must have 1 to {LONGEST_NAME} characters"))
    if not 0 <= rule.order <= GREATEST_ORDER:
        faults.append(FieldError("/order", f"must be 0 to {GREATEST_ORDER}"))
    return faults + _start_faults(rule) + _condition_faults(rule, desk) + _action_faults(rule.actions, desk)


def _start_faults(rule: Rule) -> list[FieldError]:
    if Happening.TIME in rule.on:
        return [FieldError("/on", "cannot hold time: that is what automations react to")]
    if rule.kind is RuleKind.TRIGGER:
        return [] if rule.on else [FieldError("/on", "must name one thing at least that it reacts to")]
    faults = [FieldError("/on", "must be empty: an automation reacts to time")] if rule.on else []
    if not rule.conditions:
        faults.append(FieldError("/conditions", "must hold a comparison: else it would act on every open ticket"))
    return faults


def _condition_faults(rule: Rule, desk: Desk) -> list[FieldError]:
    known = {
        "group": desk.groups.keys(),
        "assignee": desk.agents.keys(),
        "category": desk.categories.keys(),
        "product": desk.products.keys(),
        "mailbox": desk.mailboxes.keys(),
        "custom_status": [one.id for one in desk.statuses.values() if one.further],
        "sla_policy": [one.id for one in desk.policies],
        "organization_plan": desk.plans.keys(),
        "organization_group": desk.groups.keys(),
        FIELD_VALUES: desk.fields.keys(),
    }
    try:
        tree = parse(dict(rule.conditions), known, pointer="/conditions", further=fields_of(rule.kind))
    except Invalid as refusal:
        return list(refusal.errors)
    faults = [FieldError(at, "holds nothing") for at in hollow(tree, "/conditions")]
    viewers = {one for leaf in leaves_of(tree) for one in leaf.values if one in {ME, MY_GROUPS}}
    if viewers:
        faults.append(
            FieldError("/conditions", f"asks about {', '.join(sorted(map(str, viewers)))}: nobody looks here")
        )
    return faults


def _action_faults(actions: Actions, desk: Desk) -> list[FieldError]:
    faults: list[FieldError] = []
    if actions == Actions():
        faults.append(FieldError("/actions", "must change, write or call something"))
    if len(actions.task) > MAX_TITLE_LENGTH:
        faults.append(FieldError("/actions/task", f"must have {MAX_TITLE_LENGTH} characters at most"))
    for at, text in (("/actions/note", actions.note), *((f"/actions/reply/{k}", t) for k, t in actions.reply.items())):
        if len(text) > LONGEST_TEXT:
            faults.append(FieldError(at, f"must have {LONGEST_TEXT} characters at most"))
        faults += [FieldError(at, f"{{{{{name}}}}} is no placeholder") for name in unknown_names(text)]
    faults += [
        FieldError(f"/actions/webhooks/{place}", "is not a webhook of this desk")
        for place, one in enumerate(actions.webhooks)
        if one not in desk.webhooks
    ]
    faults += [FieldError(f"/actions/reply/{one}", "is no language") for one in actions.reply if not is_language(one)]
    if actions.policy is not None and actions.policy not in {NONE, *(one.id for one in desk.policies)}:
        faults.append(FieldError("/actions/sla_policy", "is not an SLA policy of this desk"))
    return faults + _change_faults(actions.changes, desk)


def _change_faults(changes: MacroChanges, desk: Desk) -> list[FieldError]:
    checks = (
        ("group", changes.group, {*desk.groups, NONE}),
        ("category", changes.category, {*desk.categories, NONE}),
        ("product", changes.product, {*desk.products, NONE}),
        ("custom_status", changes.custom_status, {one.id for one in desk.statuses.values() if one.further}),
        ("assignee", changes.assignee, {*desk.agents, NONE} - {WHO_RUNS_IT}),
    )
    faults = [
        FieldError(f"{_CHANGES}/{name}", f"names no {name} of this desk")
        for name, value, known in checks
        if value is not None and value not in known
    ]
    if changes.status is not None and changes.custom_status is not None:
        faults.append(FieldError(f"{_CHANGES}/custom_status", "cannot be given beside status"))
    try:
        checked(catalogue_of(desk), changes.fields, {}, f"{_CHANGES}/fields")
    except Invalid as refusal:
        faults += refusal.errors
    return faults


RULE_KIND: Final = Kind(
    "rule",
    "rule",
    lambda desk: desk.rules,
    tidied,
    lambda rule, _before, desk: faults_of(rule, desk),
    lambda *_: [],
)
