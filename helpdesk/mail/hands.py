"""Two hands that write a mail's pieces down: one in text, one in HTML. Whatever one can write, the other can."""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from helpdesk.mail import typography
from helpdesk.mail.brand import Palette
from helpdesk.mail.letters import Quoted, Waiting
from helpdesk.mail.markup import (
    Block,
    Button,
    Inline,
    Items,
    Lead,
    Paragraph,
    Piece,
    Quote,
    Rows,
    Scale,
    Words,
    plain,
)
from helpdesk.mail.wording import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment


class TextHand:
    """Writes text."""

    def write(self, piece: Piece) -> str:
        """One piece, with a blank line behind it."""
        match piece:
            case Lead():
                text = piece.words
            case Paragraph():
                text = plain(piece.inline)
            case Rows():
                text = "\n".join(f"{label}: {plain(value)}" for label, value in piece.rows)
            case Items():
                text = "\n".join(f"- {plain(item)}" for item in piece.items)
            case Quote():
                text = "\n".join(f"> {line}" for line in piece.text.split("\n"))
            case Button() | Scale():
                text = f"{piece.label}:\n{piece.target}"
            case _:
                text = str(piece.block).strip("\n")
        return text + "\n\n"

    def foot(self, piece: Piece) -> str:
        """One piece of the foot."""
        return self.write(piece)


class HtmlHand:
    """Writes HTML.

    Args:
        colours: of the brand.
    """

    def __init__(self, colours: Palette) -> None:
        self._colours = colours
        self._parts: Any = environment().get_template("parts.html.j2").make_module({"colours": colours})

    def write(self, piece: Piece) -> str:  # noqa: PLR0911 - one return a piece
        """One piece."""
        parts = self._parts
        match piece:
            case Lead():
                return str(parts.lead(piece.words, piece.alarm))
            case Paragraph():
                return str(parts.paragraph(self.inline(piece.inline)))
            case Rows():
                return str(parts.rows([(label, self.inline(value)) for label, value in piece.rows]))
            case Items():
                return str(parts.items([self.inline(item) for item in piece.items]))
            case Quote():
                return str(parts.quote(typography.paragraphs(piece.text)))
            case Button():
                return str(parts.button(piece.target, piece.label))
            case Scale():
                return str(parts.scale(piece.target, piece.low, piece.high, piece.label))
            case _:
                return piece.block.html

    def foot(self, piece: Piece) -> str:
        """One piece of the foot: sentences are set small there."""
        return str(self._parts.small(self.inline(piece.inline))) if isinstance(piece, Paragraph) else self.write(piece)

    def inline(self, inline: Inline) -> Markup:
        """Words with their weight and links."""
        return Markup("").join(self._words(one) for one in inline)

    def _words(self, words: Words) -> Markup:
        shown = Markup("<br>\n").join(escape(line) for line in words.text.split("\n"))
        if words.target is not None:
            return Markup(self._parts.anchor(words.target, shown))  # noqa: S704 - the part escapes
        return Markup(self._parts.strong(shown)) if words.strong else shown  # noqa: S704 - the same

    def paragraphs(self, text: str) -> Markup:
        """An agent's plain text. Only in theirs are addresses made links: others' words are not passed on as such."""
        return typography.paragraphs(text, self._colours.link)

    # --- blocks that values bring along ---

    def said(self, text: str, html: str | None) -> Block:
        """What an agent wrote: their own HTML, which was sanitised when it came, or made of the text."""
        body = Markup(html) if html else self.paragraphs(text)  # noqa: S704 - `Message.html` is stored sanitised
        return Block(text, str(self._parts.said(body)))

    def files(self, files: Iterable[Waiting]) -> Block:
        """Links to files that wait elsewhere."""
        listed = [(one.filename, typography.size(one.size), one.link) for one in files]
        if not listed:
            return Block("", "")
        lines = [
            f"- {name}" + (f" ({size})" if size else "") + (f": {link}" if link else "") for name, size, link in listed
        ]
        return Block("\n".join(lines), str(self._parts.files(listed)))

    def signature(self, inlines: Iterable[Inline]) -> Block:
        """What stands below an answer; in text behind the line by which mail programs know a signature."""
        said = [inline for inline in inlines if plain(inline).strip()]
        if not said:
            return Block("", "")
        text = "\n\n".join(plain(inline) for inline in said)
        return Block(f"-- \n{text}", str(self._parts.signature([self.inline(inline) for inline in said])))

    def quoted(self, before: Iterable[Quoted], language: str) -> Block:
        """Earlier messages, in the form in which mail programs fold them away."""
        shown = [(typography.introduction(language, one.author, one.at, one.zone), one.text.strip()) for one in before]
        if not shown:
            return Block("", "")
        text = "\n\n".join(
            f"{intro}\n" + "\n".join(f"> {line}".rstrip() for line in said.split("\n")) for intro, said in shown
        )
        return Block(text, str(self._parts.quoted([(intro, typography.paragraphs(said)) for intro, said in shown])))


@cache
def environment() -> "Environment":
    """The desk's own HTML around what templates say. Imported when the first mail is made: it costs more than the rest."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["font"] = typography.font
    return made
