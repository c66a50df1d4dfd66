"""The headers every page is served with: plain text, so that whoever serves the pages sends the very same."""

from collections.abc import Iterable
from typing import Final

HSTS_SECONDS: Final = 2 * 365 * 24 * 3600

PERMISSIONS_POLICY: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def content_security_policy(*, sign_in: Iterable[str], files: Iterable[str]) -> str:
    """What a page may load and talk to.

    No inline script and no style element, ever. Style attributes are let through for HTML mails, whose frames inherit the
    page's policy; so are pictures from elsewhere, which a mail shows only after its reader asked for them. Files that come
    with messages are played and framed from where they are kept: an origin of their own, which reaches nothing of the page.

    Args:
        sign_in: origins of the OIDC provider.
        files: origins that uploads go to and attachments come from.
    """
    sign_ins, stores = " ".join(sign_in), " ".join(files)
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "style-src-attr": "'unsafe-inline'",
        "img-src": f"'self' data: blob: https: {stores}",
        "font-src": "'self'",
        "connect-src": f"'self' {sign_ins} {stores}",
        "manifest-src": "'self'",
        "media-src": f"'self' blob: {stores}",
        "frame-src": f"'self' {stores}",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {' '.join(value.split())}" for name, value in rules.items())
