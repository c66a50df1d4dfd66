"""What readers would see of a brand that is not saved yet, made here because its pages are: for who sets brands up alone."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from helpdesk import bootstrap
from helpdesk.channels.schemas import Locale
from helpdesk.kernel.text import LANGUAGES, supported_language
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.portal.branding import BRAND_KIND
from helpdesk.portal.brands import Brand
from helpdesk.portal.schemas import BrandIn


class PreviewQuery(Struct, frozen=True):
    """In which language."""

    locale: Locale = LANGUAGES[0]


class HelpPreviewOut(Struct, frozen=True):
    """A page of the help centre."""

    html: Annotated[str, Meta(description="The whole document, which needs no script.")]


def preview_help(call: Call) -> Reply:
    """The help centre's home as anybody would see it under a brand as it is written now."""
    from functions.portal.help.pages import home_of  # noqa: PLC0415 - templates: only who reads pages needs them

    query: PreviewQuery = call.query
    draft = msgspec.convert({**msgspec.to_builtins(call.body), "id": call.params["id"]}, Brand)
    brand = bootstrap.configuration().tried(BRAND_KIND, draft.id, draft)
    html = home_of(call, brand, supported_language(query.locale))
    return Reply(HelpPreviewOut(html), headers={"cache-control": "no-store"})


ENDPOINTS = (
    Endpoint(
        "POST /v1/brands/{id}/help-preview",
        name="previewHelpCenter",
        summary="The help centre's home as it would look under a brand that is not saved",
        description="What could not be saved is refused as saving would refuse it. Nothing is kept.",
        handle=preview_help,
        needs=Permission.CONFIGURE,
        query=PreviewQuery,
        body=BrandIn,
        response=HelpPreviewOut,
        errors={409: "There are too many brands already."},
        tag="Configuration",
    ),
)
