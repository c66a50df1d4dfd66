"""A brand's colour as mails can use it: whatever it is, what stands on it and what is written in it can be read.

Contrast as in WCAG 2.2, "contrast ratio": 4.5 for text.
"""

import re
from dataclasses import dataclass
from typing import Final

LEGIBLE: Final = 4.5
_WHITE: Final = (255, 255, 255)
_PAPER: Final = (0xF6, 0xF6, 0xF8)
_PAPER_DARK: Final = (0x17, 0x17, 0x1A)
_INK: Final = (0x18, 0x18, 0x1C)
_STEPS: Final = 50
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")

type Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """A brand's colours in a mail, each legible where it stands.

    Attributes:
        button, on_button: the button and its words, in light and dark alike.
        link: on white and on the grey around it.
        link_dark: on the dark ground.
    """

    button: str
    on_button: str
    link: str
    link_dark: str


USUAL: Final = Palette("#2f4fd0", "#ffffff", "#2f4fd0", "#93a8ff")


def is_colour(text: str) -> bool:
    """Whether a text is a colour as settings have it, like `#2f4fd0`."""
    return _COLOUR.fullmatch(text) is not None


def palette(colour: str | None) -> Palette:
    """What a brand's colour gives; the desk's own palette for what is no colour.

    >>> palette("#ffe600")
    Palette(button='#ffe600', on_button='#18181c', link='#7a6e00', link_dark='#ffe600')
    """
    shown = (colour or "").lower()
    if not is_colour(shown):
        return USUAL
    rgb = _rgb(shown)
    on_button = _WHITE if contrast(rgb, _WHITE) >= LEGIBLE else _INK
    return Palette(
        _hex(_until_legible(rgb, on_button, away=(0, 0, 0) if on_button == _WHITE else _WHITE)),
        _hex(on_button),
        _hex(_until_legible(rgb, _PAPER, away=(0, 0, 0))),
        _hex(_until_legible(rgb, _PAPER_DARK, away=_WHITE)),
    )


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of two colours: 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _until_legible(colour: Rgb, ground: Rgb, *, away: Rgb) -> Rgb:
    """The nearest shade of a colour, towards `away`, that can be read on a ground."""
    for step in range(_STEPS + 1):
        part = step / _STEPS
        red, green, blue = (round(a + (b - a) * part) for a, b in zip(colour, away, strict=True))
        if contrast((red, green, blue), ground) >= LEGIBLE:
            return red, green, blue
    return away


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (one / 255 for one in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(text: str) -> Rgb:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
