"""The words of mails, as admins change them."""

from functions.desk.schemas import templates as schemas
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import NotFound, TooMany
from helpdesk.mail.letters import Kind, Template
from helpdesk.mail.template_service import Saved, TemplateKey, TemplateView
from helpdesk.mail.wording import FILTERS, PLACEHOLDERS, REQUIRED
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, version_header
from helpdesk.tickets.model import Message, Ticket

TESTS_AN_HOUR = 30


def list_templates(call: Call) -> Reply:
    """All templates."""
    del call
    return Reply(schemas.TemplatesOut([_row(view) for view in bootstrap.templates().list()]))


def get_template(call: Call) -> Reply:
    """A template."""
    return _reply(*bootstrap.templates().read(_key(call)))


def save_template(call: Call) -> Reply:
    """Uses an admin's words."""
    body: schemas.WordsIn = call.body
    key, words = _key(call), Template(body.subject, body.preview, body.body)
    bootstrap.templates().save(key, words, call.agent, version=version_header(call))
    return _reply(*bootstrap.templates().read(key))


def restore_template(call: Call) -> Reply:
    """Uses the shipped words again."""
    key = _key(call)
    bootstrap.templates().restore(key, call.agent, version=version_header(call))
    return _reply(*bootstrap.templates().read(key))


def preview_template(call: Call) -> Reply:
    """What a template gives."""
    key = _key(call)
    written = bootstrap.templates().preview(key, _tried(call, key), _about(call))
    return Reply(schemas.PreviewOut(written.subject, written.text, written.html))


def send_test(call: Call) -> Reply:
    """Sends what a template gives to who asks."""
    if bootstrap.limiter().count("template-test", call.agent.id, 3600, call.now) > TESTS_AN_HOUR:
        raise TooMany("That were many test mails; try again later.", retry_after_seconds=600)
    key = _key(call)
    delivery = bootstrap.templates().send_test(key, _tried(call, key), _about(call), call.agent)
    return Reply(schemas.TestSentOut(call.agent.address, format_instant(delivery.at)))


def _key(call: Call) -> TemplateKey:
    query: schemas.TemplateQuery = call.query
    if call.params["kind"] not in set(Kind):
        raise NotFound("There is no such kind of mail.")
    return TemplateKey(Kind(call.params["kind"]), call.params["language"], query.mailbox)


def _tried(call: Call, key: TemplateKey) -> Template:
    body: schemas.TryIn = call.body
    used = bootstrap.templates().read(key)[0].template
    parts = (body.subject, body.preview, body.body)
    kept = (used.subject, used.preview, used.body)
    return Template(*(kept if part is None else part for part, kept in zip(parts, kept, strict=True)))


def _about(call: Call) -> tuple[Ticket, Message | None] | None:
    body: schemas.TryIn = call.body
    if body.ticket_id is None:
        return None
    ticket, page = bootstrap.agent_desk().messages(body.ticket_id, limit=20, position=None)
    return ticket, next((message for message in page.items if message.public), None)


def _reply(view: TemplateView, versions: tuple[Saved, ...]) -> Reply:
    row = _row(view)
    out = schemas.TemplateOut(
        **{name: getattr(row, name) for name in row.__struct_fields__},
        words=_words(view.template),
        shipped=_words(view.shipped),
        placeholders=[
            schemas.PlaceholderOut(name, meaning, name in REQUIRED.get(view.key.kind, ()))
            for name, meaning in PLACEHOLDERS[view.key.kind].items()
        ],
        filters=sorted(FILTERS),
        versions=[
            schemas.VersionOut(
                one.version,
                format_instant(one.changed_at),
                one.changed_by,
                _words(one.template) if one.template is not None else None,
            )
            for one in versions
        ],
    )
    return Reply(out, headers={"etag": f'"{view.version}"'})


def _row(view: TemplateView) -> schemas.TemplateRowOut:
    return schemas.TemplateRowOut(
        kind=view.key.kind,
        language=view.key.language,
        mailbox=view.key.mailbox,
        overridden=view.overridden,
        version=view.version,
        changed_at=format_instant(view.changed_at) if view.changed_at is not None else None,
        changed_by=view.changed_by,
        faults=[schemas.FaultOut(fault.part, fault.line, fault.message) for fault in view.faults],
    )


def _words(template: Template) -> schemas.WordsOut:
    return schemas.WordsOut(template.subject, template.preview, template.body)


_IF_MATCH = {"If-Match": 'The version that was seen, as `"3"`; `"0"` where nobody changed it yet.'}

ENDPOINTS = (
    Endpoint(
        "GET /v1/mail-templates",
        name="listMailTemplates",
        summary="The words of mails, and which of them were changed",
        handle=list_templates,
        needs=Permission.CONFIGURE,
        response=schemas.TemplatesOut,
        tag="Mail templates",
    ),
    Endpoint(
        "GET /v1/mail-templates/{kind}/{language}",
        name="getMailTemplate",
        summary="A template, what comes with the desk, what can stand in it, and its versions",
        handle=get_template,
        needs=Permission.CONFIGURE,
        query=schemas.TemplateQuery,
        response=schemas.TemplateOut,
        tag="Mail templates",
    ),
    Endpoint(
        "PUT /v1/mail-templates/{kind}/{language}",
        name="saveMailTemplate",
        summary="Use words of one's own",
        description="A template that could not be used is refused, with each fault's part and line.",
        handle=save_template,
        needs=Permission.CONFIGURE,
        body=schemas.WordsIn,
        query=schemas.TemplateQuery,
        response=schemas.TemplateOut,
        errors={409: "It has a newer version than If-Match names."},
        headers=_IF_MATCH,
        tag="Mail templates",
    ),
    Endpoint(
        "DELETE /v1/mail-templates/{kind}/{language}",
        name="restoreMailTemplate",
        summary="Use again what comes with the desk",
        handle=restore_template,
        needs=Permission.CONFIGURE,
        query=schemas.TemplateQuery,
        response=schemas.TemplateOut,
        errors={409: "It has a newer version than If-Match names."},
        headers=_IF_MATCH,
        tag="Mail templates",
    ),
    Endpoint(
        "POST /v1/mail-templates/{kind}/{language}/preview",
        name="previewMailTemplate",
        summary="What a template gives, for a sample or a ticket",
        handle=preview_template,
        needs=Permission.CONFIGURE,
        body=schemas.TryIn,
        query=schemas.TemplateQuery,
        response=schemas.PreviewOut,
        tag="Mail templates",
    ),
    Endpoint(
        "POST /v1/mail-templates/{kind}/{language}/test",
        name="sendTestMail",
        summary="Send what a template gives to oneself",
        handle=send_test,
        needs=Permission.CONFIGURE,
        body=schemas.TryIn,
        query=schemas.TemplateQuery,
        response=schemas.TestSentOut,
        errors={409: "The desk has no mailbox, or the mail service does not take the mail."},
        tag="Mail templates",
    ),
)
