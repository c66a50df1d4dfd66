"""Writes the API's description from the routes, or says whether the committed one is still true (`--check`)."""

import argparse
import json
import sys
from pathlib import Path

from functions.desk import handler as desk
from functions.intake import http as intake
from functions.portal import handler as portal
from helpdesk.platform.openapi import document

VERSION = "1"


def text() -> str:
    """The description as it is committed."""
    endpoints = (*intake.ENDPOINTS, *portal.ENDPOINTS, *desk.ENDPOINTS)
    return json.dumps(document(endpoints, version=VERSION), indent=1, ensure_ascii=False, sort_keys=False) + "\n"


def main() -> int:
    """Writes or checks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 if the committed file is not what routes say")
    path: Path = portal.OPENAPI_FILE
    if not parser.parse_args().check:
        path.write_text(text(), encoding="utf-8")
        return 0
    if path.read_text(encoding="utf-8") != text():
        print("functions/portal/openapi.json is not what the routes say: run `make openapi`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
