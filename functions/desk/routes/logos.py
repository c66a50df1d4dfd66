"""Logos: uploaded by admins, shown by pages and mails of a brand or a mailbox."""

from functions.desk.schemas import brands as schemas
from helpdesk import bootstrap
from helpdesk.people.roles import Permission
from helpdesk.platform.access import uploads_of
from helpdesk.platform.http import Call, Endpoint, Reply


def add_logo(call: Call) -> Reply:
    """Takes a logo in."""
    body: schemas.LogoIn = call.body
    (upload,) = uploads_of(call, [body.upload], bootstrap.signer())
    return Reply(schemas.LogoOut(bootstrap.logos().take(upload)))


ENDPOINTS = (
    Endpoint(
        "POST /v1/logos",
        name="addLogo",
        summary="Make an uploaded PNG, JPEG or WebP a logo: 512 KB, and 16 to 2,000 pixels each way",
        description="What comes back goes into `logo_url` of a brand or a letterhead.",
        handle=add_logo,
        needs=Permission.CONFIGURE,
        body=schemas.LogoIn,
        response=schemas.LogoOut,
        status=201,
        tag="Settings",
    ),
)
