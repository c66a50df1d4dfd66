"""The desk's own settings: its name, language and time zone, how long things take, and what strangers may do."""

from dataclasses import replace

import msgspec

from functions.desk.schemas import general as schemas
from helpdesk import bootstrap
from helpdesk.desk.model import Limits
from helpdesk.kernel.errors import Invalid
from helpdesk.kernel.text import clean_line
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, seen_header

TAG = "Configuration"
_OWN = frozenset(schemas.GeneralIn.__struct_fields__) - {"limits", "name"}


def get_general(call: Call) -> Reply:
    """How the desk is set."""
    del call
    return _reply()


def save_general(call: Call) -> Reply:
    """Sets the desk."""
    from helpdesk.configuration.parts import general_faults  # noqa: PLC0415 - knows all kinds of settings

    body: schemas.GeneralIn = call.body
    desk = bootstrap.desk_store().load()
    wished = replace(
        desk.general,
        name=clean_line(body.name),
        limits=msgspec.convert(msgspec.to_builtins(body.limits), Limits),
        **{name: getattr(body, name) for name in _OWN},
    )
    if faults := general_faults(wished, desk):
        raise Invalid("Some fields are not valid.", faults)
    bootstrap.configuration().set_general(wished, seen=seen_header(call))
    return _reply()


def _reply() -> Reply:
    desk = bootstrap.desk_store().load()
    version = desk.versions.get(("general", "desk"), 0)
    told = {**msgspec.to_builtins(desk.general), "version": version}
    return Reply(msgspec.convert(told, schemas.GeneralOut), headers={"etag": f'"{version}"'})


ENDPOINTS = (
    Endpoint(
        "GET /v1/settings/general",
        name="getGeneralSettings",
        summary="The desk's own settings: name, language, time zone, default group, how long things take",
        handle=get_general,
        needs=Permission.CONFIGURE,
        response=schemas.GeneralOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/settings/general",
        name="saveGeneralSettings",
        summary="Change the desk's own settings",
        handle=save_general,
        needs=Permission.CONFIGURE,
        body=schemas.GeneralIn,
        response=schemas.GeneralOut,
        headers={"If-Match": 'The version that was seen, as `"3"`; left out: whatever it is now is replaced.'},
        errors={409: "The desk's own settings are not at the version in `If-Match`."},
        tag=TAG,
    ),
)
