"""Makes the README's pictures from those of `make shots`: `.venv/bin/uv run --no-project --with pillow tests/e2e/readme_pictures.py`.

With few colours they are a fifth as large, and nobody sees it.
"""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PICTURES = {
    "ticket.light": "desk",
    "ticket.dark": "desk-dark",
    "palette.light": "desk-palette",
    "ticket-ko.ko": "desk-ko",
    "ticket-ja.ja": "desk-ja",
    "team.light": "team",
    "sla-report.light": "sla-report",
    "rules-preview.light": "rules-preview",
    "list.phone": "phone",
    "portal.phone-dark-ko": "portal-ko-dark",
    "help.light": "help",
}
TALLEST = {390: 844, 1440: 900}
EXACT, OTHERS = 144, 112
"""How many colours stay as they are, the most frequent; and how many stand for all the rest."""


def _palette(picture: Image.Image) -> Image.Image:
    found = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    rest = picture.quantize(OTHERS, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in found[:EXACT] for part in colour] + rest[: 3 * OTHERS])
    return palette


if __name__ == "__main__":
    shots = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "shots"
    for shot, picture in PICTURES.items():
        if not (shots / f"{shot}.png").exists():
            continue
        with Image.open(shots / f"{shot}.png") as whole:
            seen = whole.convert("RGB").crop((0, 0, whole.width, min(whole.height, TALLEST[whole.width])))
            few = seen.quantize(palette=_palette(seen), dither=Image.Dither.NONE)
            few.save(ROOT / "docs" / "images" / f"{picture}.png", optimize=True)
