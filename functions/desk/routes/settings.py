"""All settings at once: one file of them, and back; every version of each, and back."""

from functions.desk.schemas import settings as schemas
from functions.desk.schemas.tickets import instant
from helpdesk import bootstrap
from helpdesk.configuration.model import MAX_BYTES, Author, Difference
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, seen_header

TAG = "Configuration"


def export_settings(call: Call) -> Reply:
    """All settings as a file."""
    query: schemas.ExportQuery = call.query
    parts = frozenset(one.strip() for one in query.parts.split(",") if one.strip())
    return Reply(schemas.SettingsFile(bootstrap.all_settings().export(parts or None)))


def import_settings(call: Call) -> Reply:
    """Makes the desk as a file says."""
    body: schemas.SettingsFile = call.body
    query: schemas.ImportQuery = call.query
    found = bootstrap.all_settings().take(body.file.encode(), _author(call), dry_run=query.dry_run)
    return _difference(found, applied=not query.dry_run)


def list_versions(call: Call) -> Reply:
    """Versions of a setting."""
    query: schemas.VersionsQuery = call.query
    found = bootstrap.all_settings().versions(query.part, query.id, before=query.before)
    items = [
        schemas.SettingVersionOut(
            version=one.version,
            at=instant(one.at),
            by=one.by,
            removed=one.document is None,
            value=one.document,
        )
        for one in found
    ]
    return Reply(schemas.SettingVersionsOut(items))


def restore_version(call: Call) -> Reply:
    """Makes a setting what it was."""
    body: schemas.RestoreIn = call.body
    found = bootstrap.all_settings().restore(body.part, body.id, body.version, _author(call), seen=seen_header(call))
    return _difference(found, applied=True)


def _author(call: Call) -> Author:
    return Author(call.agent.id, call.now)


def _difference(found: Difference, *, applied: bool) -> Reply:
    changes = [schemas.SettingChangeOut(one.part, one.id, one.change) for one in found.changes]
    counted = {kind: sum(one.change == kind for one in changes) for kind in ("added", "changed", "removed")}
    return Reply(schemas.DifferenceOut(applied=applied, unchanged=found.unchanged, changes=changes, **counted))


ENDPOINTS = (
    Endpoint(
        "GET /v1/settings/export",
        name="exportSettings",
        summary="All settings as one YAML file, the same for the same settings; no secrets",
        handle=export_settings,
        needs=Permission.CONFIGURE,
        query=schemas.ExportQuery,
        response=schemas.SettingsFile,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/settings/import",
        name="importSettings",
        summary="Make the desk's settings what a file says; with anything wrong in it, nothing is changed",
        description="All that is wrong is named, each by a pointer and with the line and column. A part that is missing stays "
        "as it is; of a part that is there, what the file does not name is taken away. Importing the same file again is "
        "safe, and completes what was interrupted.",
        handle=import_settings,
        needs=Permission.MANAGE_AGENTS,  # the file holds colleagues and roles
        body=schemas.SettingsFile,
        query=schemas.ImportQuery,
        response=schemas.DifferenceOut,
        errors={409: "Somebody changed a setting meanwhile; import it again."},
        tag=TAG,
        most_bytes=MAX_BYTES + 1_000_000,
    ),
    Endpoint(
        "GET /v1/settings/versions",
        name="listSettingVersions",
        summary="Versions of one setting, newest first: what it was, who made it so, when",
        handle=list_versions,
        needs=Permission.CONFIGURE,
        query=schemas.VersionsQuery,
        response=schemas.SettingVersionsOut,
        errors={404: "There is no such part of the settings."},
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/settings/restore",
        name="restoreSetting",
        summary="Make a setting what it was in one of its versions, as a new version",
        handle=restore_version,
        needs=Permission.MANAGE_AGENTS,
        body=schemas.RestoreIn,
        response=schemas.DifferenceOut,
        headers={"If-Match": 'The version that was seen, as `"3"`; left out: whatever it is now is replaced.'},
        errors={404: "There is no such version.", 409: "It is not at the version in `If-Match`."},
        tag=TAG,
    ),
)
