"""What the endpoints of brands take and give, as JSON."""

from typing import Annotated

from msgspec import Meta, Struct

from helpdesk.desk.schemas import SettingVersion
from helpdesk.portal.schemas import BrandIn


class BrandOut(BrandIn, frozen=True, kw_only=True):
    """A brand."""

    id: str
    version: SettingVersion = 0


class BrandsOut(Struct, frozen=True):
    """All brands, in order."""

    items: list[BrandOut]
    next_cursor: str | None = None


class LogoIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A picture that was uploaded."""

    upload: Annotated[str, Meta(max_length=2000, description="What `POST /v1/uploads` called it.")]


class LogoOut(Struct, frozen=True):
    """Where it is shown from."""

    address: str
