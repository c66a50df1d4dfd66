"""Makes the HTML of a mail safe to show, readable as text, and free of its quoted history."""

import html as entities
import re

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_HTML = 1_500_000
"""Characters; what stands beyond is cut, with a problem noted."""
MAX_TAGS = 60_000
_MAX_NESTING = 400
_MAX_REBUILT = 300_000
_MAX_DEPTH = 400

_TAGS = {
    "a", "abbr", "acronym", "address", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "label", "li", "main", "mark", "nav", "ol", "p", "pre",
    "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr", "article", "aside",
}  # fmt: skip
_CLEAN_CONTENT = {
    "script", "style", "svg", "iframe", "object", "embed", "applet", "noscript", "noembed", "noframes", "template",
    "title", "head", "xml", "audio", "video", "canvas", "frameset",
}  # fmt: skip
_BOX = {"align", "valign", "width", "height", "bgcolor", "dir", "lang"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang", "title", "align"},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height", "border", "data-remote-src"},
    "table": _BOX | {"border", "cellpadding", "cellspacing", "summary"},
    "td": _BOX | {"colspan", "rowspan", "nowrap"},
    "th": _BOX | {"colspan", "rowspan", "nowrap", "scope"},
    "tr": _BOX,
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "li": {"value"},
    "blockquote": {"type"},
    "time": {"datetime"},
    "div": set(), "p": set(), "span": set(),
}  # fmt: skip
_STYLES = {
    "color", "background-color", "font-weight", "font-style", "font-size", "font-family", "text-align", "text-decoration",
    "vertical-align", "line-height", "white-space", "border", "border-top", "border-bottom", "border-left", "border-right",
    "border-collapse", "border-color", "border-style", "border-width", "padding", "padding-top", "padding-right",
    "padding-bottom", "padding-left", "margin-left", "width", "max-width", "list-style-type",
}  # fmt: skip
_STYLED = {
    "span",
    "div",
    "p",
    "td",
    "th",
    "tr",
    "table",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "blockquote",
    "b",
    "i",
    "u",
}
_SAFE_DATA_IMAGE = re.compile(r"^data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+$", re.IGNORECASE)
_REMOTE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
_ACTIVE_STYLE = re.compile(r"url\s*\(|expression|javascript|@import|behaviou?r|-moz-binding|position|\\", re.IGNORECASE)
_HIDDEN_SIZE = re.compile(r"^0(?:\.0+)?(?:pt|px|em|rem|ex|%)?$", re.IGNORECASE)


def sanitize(html: str) -> tuple[str, bool]:
    """HTML that may be shown to a colleague, and whether remote images were held back.

    Nothing active remains; links open elsewhere and tell nobody where they were clicked; images load only from the mail
    itself (`cid:`, small `data:` images). A remote image keeps its address in `data-remote-src`.
    """
    remote = False

    def filtered(tag: str, attribute: str, value: str) -> str | None:
        nonlocal remote
        if attribute == "style":
            return None if _ACTIVE_STYLE.search(value) else value
        if tag != "img" or attribute != "src":
            return value
        if value.lower().startswith("cid:") or _SAFE_DATA_IMAGE.match(value):
            return value
        if _REMOTE.match(value):
            remote = True
            return _HELD_BACK + value
        return None

    cleaned = nh3.clean(
        _without_conditional_comments(bounded(html)[0]),
        tags=_TAGS,
        clean_content_tags=_CLEAN_CONTENT,
        attributes=_ALLOWED,
        attribute_filter=filtered,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "tel", "cid", "data", "ftp", "sms", "callto", "sip", "xmpp", "news"},
        filter_style_properties=_STYLES,
    )
    return cleaned.replace(f'src="{_HELD_BACK}', 'data-remote-src="') if remote else cleaned, remote


_ALLOWED = {tag: names | ({"style"} if tag in _STYLED else set()) for tag, names in _ATTRIBUTES.items()}
_ALLOWED |= {tag: {"style"} for tag in _STYLED - set(_ATTRIBUTES)}
_HELD_BACK = "cid:held-back:"


_FOREIGN = re.compile(
    r"</?(?:math|maction|menclose|merror|mfenced|mfrac|mi|mmultiscripts|mn|mo|mover|mpadded|mphantom|mroot|mrow|ms|mspace|msqrt|mstyle|"
    r"msub|msubsup|msup|mtable|mtd|mtext|mtr|munder|munderover|semantics|text|tspan|view|set|filter|image|g|desc|symbol|use|path|line|rect)"
    r"(?=[\s/>])[^>]{0,300}>",
    re.IGNORECASE,
)
"""Elements of drawings and formulas: outside of those the cleaner would drop their words with them."""


_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,20})")
_UNPAIRED = {
    "p", "li", "td", "th", "tr", "dt", "dd", "tbody", "thead", "tfoot", "option", "br", "img", "hr", "meta", "link", "input", "col", "wbr",
    "area", "base", "embed", "source", "html", "head", "body", "o:p", "param",
}  # fmt: skip
_FORMATTING = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}


def bounded(html: str) -> tuple[str, str | None]:
    """HTML that no parser needs more than a moment for, and what was left out (None for nothing).

    The rules of HTML make parsers repeat unclosed formatting in every later block and search all open elements at every
    block: a small hostile mail could cost minutes. Length, number of tags, nesting and repetition are limited beforehand.
    """
    problem = "the HTML is too long; its end is not shown" if len(html) > MAX_HTML else None
    html = html[:MAX_HTML]
    if html.count("<") < 300:
        return html, problem
    depth = unclosed = most = tags = 0
    for found in _TAG.finditer(html):
        tags += 1
        name = found[2].lower()
        step = -1 if found[1] else 1
        if name in _FORMATTING:
            unclosed = max(0, unclosed + step)
            most = max(most, unclosed)
        if name not in _UNPAIRED:
            depth = max(0, depth + step)
        if depth > _MAX_NESTING or tags > MAX_TAGS:
            html, problem = html[: found.start()], "the HTML is too deep or has too many elements; its end is not shown"
            break
    if most * tags > _MAX_REBUILT and most > 20:
        html = re.sub(r"</?(?:" + "|".join(_FORMATTING) + r")\b(?:[^>]{0,2000}>)?", "", html, flags=re.IGNORECASE)
    return html, problem


def _without_conditional_comments(html: str) -> str:
    """Drops what only Word reads, keeping what it wraps for everybody else."""
    html = _FOREIGN.sub("", html)
    return re.sub(r"<!\[(?:if[^\]>]{0,100}|endif)\]>(?=\s*<|\s*$|[^\]])", "", html) if "<![" in html else html


_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot",
    "thead", "tr", "ul", "fieldset", "caption", "summary", "details", "title",
}  # fmt: skip
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "table", "blockquote"}
_SILENT = {"script", "style", "head", "title", "noscript", "template", "svg", "math", "object", "embed", "iframe", "xml", "meta",
           "link", "textarea", "select", "o:p-none", "audio", "video"}  # fmt: skip
_NO_MARGIN = re.compile(r"margin(?:-(?:top|bottom))?\s*:\s*0", re.IGNORECASE)


class _Writer:
    """Collects text as a browser lays it out: spaces collapse, blocks stand on their own lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quote = 0
        self.blank_at: int | None = None

    def want_blank(self) -> None:
        self.blank_at = self.quote if self.blank_at is None else min(self.blank_at, self.quote)

    def put(self, text: str, *, verbatim: bool) -> None:
        if verbatim:
            first, *rest = text.split("\n")
            self.line.append(first)
            for more in rest:
                self.end_line(force=True)
                self.line.append(more)
            return
        text = re.sub(r"[ \t\n\r\f]+", " ", text)
        if not self.line or self.line[-1].endswith(" "):
            text = text.lstrip(" ")
        if text:
            self._flush_blank()
            self.line.append(text)

    def end_line(self, *, force: bool = False) -> None:
        text = "".join(self.line).replace("\xa0", " ").rstrip()
        if text or force:
            if text:
                self._flush_blank()
            self.lines.append(("> " * self.quote + text).rstrip() if self.quote else text)
        self.line = []

    def _flush_blank(self) -> None:
        if self.blank_at is not None and self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(self.blank_at, self.quote)).rstrip())
        self.blank_at = None

    def text(self) -> str:
        self.end_line()
        joined = re.sub(r"\n{4,}", "\n\n\n", "\n".join(self.lines))
        return joined.strip("\n ")


def to_text(html: str, *, mark_links: bool = True) -> str:
    """The readable text of HTML: links keep their address, lists their bullets, quotes their ">"."""
    body = LexborHTMLParser(_prepared(html)).root
    writer = _Writer()
    if body is not None:
        _write(body, writer, mark_links=mark_links)
    return writer.text()


def _prepared(html: str) -> str:
    html, _ = bounded(html)
    return re.sub(r"<!\[if[^\]>]{0,200}\]>|<!\[endif\]>", "", html) if "<![" in html else html


def _write(root: LexborNode, writer: _Writer, *, mark_links: bool) -> None:
    """Walks the tree with a stack of its own: a mail may nest deeper than Python recurses."""
    todo: list[tuple[LexborNode, bool, bool]] = [(root, False, False)]
    left = MAX_TAGS * 5
    while todo and left:
        left -= 1
        node, leaving, verbatim = todo.pop()
        tag = node.tag
        if tag == "-text":
            writer.put(node.text_content or "", verbatim=verbatim)
            continue
        if leaving:
            _leave(node, tag or "", writer, mark_links=mark_links)
            continue
        if tag is None or tag in _SILENT or tag.startswith(("-", "!", "_")):
            continue
        _enter(node, tag, writer)
        inner = verbatim or tag == "pre"
        todo.append((node, True, verbatim))
        children = []
        child = node.first_child
        while child is not None:
            children.append((child, False, inner))
            child = child.next
        todo.extend(reversed(children))


def _enter(node: LexborNode, tag: str, writer: _Writer) -> None:
    match tag:
        case "br":
            writer.end_line(force=True)
        case "hr":
            writer.end_line()
            writer.lines.append("> " * writer.quote + "-" * 20)
        case "img":
            _write_image(node, writer)
        case "td" | "th":
            if writer.line and not writer.line[-1].endswith(" "):
                writer.put(" ", verbatim=False)
        case _ if tag in _BLOCKS:
            _enter_block(node, tag, writer)


def _write_image(node: LexborNode, writer: _Writer) -> None:
    alt = (node.attributes.get("alt") or "").strip()
    if alt and len(alt) < 200 and not re.search(r"\.(png|jpe?g|gif)$", alt, re.IGNORECASE):
        writer.put(f"[{alt}]", verbatim=False)


def _enter_block(node: LexborNode, tag: str, writer: _Writer) -> None:
    writer.end_line()
    if tag in _PARAGRAPHS and _has_margin(node):
        writer.want_blank()
    if tag == "blockquote":
        writer.quote = min(writer.quote + 1, 20)
    elif tag == "li":
        writer.put("- ", verbatim=False)


def _leave(node: LexborNode, tag: str, writer: _Writer, *, mark_links: bool) -> None:
    if tag == "a" and mark_links:
        _mark_link(node, writer)
    elif tag in _BLOCKS and tag != "hr":
        writer.end_line()
        if tag == "blockquote":
            writer.quote = max(0, writer.quote - 1)
        if tag in _PARAGRAPHS and _has_margin(node):
            writer.want_blank()


def _has_margin(node: LexborNode) -> bool:
    attributes = node.attributes
    return "mso" not in (attributes.get("class") or "").lower() and not _NO_MARGIN.search(attributes.get("style") or "")


def _mark_link(node: LexborNode, writer: _Writer) -> None:
    target = (node.attributes.get("href") or "").strip()
    if not re.match(r"https?://", target, re.IGNORECASE) or len(target) > 500:
        return
    shown = (node.text(deep=True) or "").strip()
    if shown and not _same_address(shown, target):
        writer.put(f" <{target}>", verbatim=False)


def _same_address(shown: str, target: str) -> bool:
    def bare(text: str) -> str:
        return re.sub(r"^https?://(?:www\.)?|/$", "", text.strip().lower())

    return bare(shown) == bare(target)


_QUOTES = (
    "blockquote[type=cite]", "blockquote.gmail_quote", "div.gmail_quote", "div.gmail_extra div.gmail_quote", "div.gmail_attr",
    "blockquote[class*=gmail_quote]", "div[class*=gmail_quote]", "div.moz-cite-prefix", "div.yahoo_quoted", "div[class*=yahoo_quoted]",
    "div.yahoo-quoted-begin", "div.protonmail_quote", "blockquote.protonmail_quote", "div.tutanota_quote", "blockquote.tutanota_quote",
    "div.zmail_extra", "div.zmail_extra_hr", "blockquote#blockquote_zmail", "div.OutlookMessageHeader", "table.OutlookMessageHeader",
    "#divRplyFwdMsg", "#appendonsend", "#mail-editor-reference-message-container", "#reply-intro", "div.quote[data-quote]",
    "div.BeginningOfReply", "div[name=quote]", "div#ms-outlook-mobile-body-separator-line", "div.ms-outlook-mobile-reference-message",
    "div#OLK_SRC_BODY_SECTION", "span#OLK_SRC_BODY_SECTION", "hr#stopSpelling", "#isReplyContent", "blockquote#isReplyContent",
    "div#mailbox-conversation", "div.WordSection1 div[style*='border-top:solid']", "div.mail-quote-collapse", "div.wisestamp_quote",
    "blockquote.iosymail", "div#yiv-quoted", "div.mailcopy", "div.reply_quote", "div[data-naver-mail-quote]",
)  # fmt: skip
"""Where mail programs put what they quote. Of those that mark only the beginning, everything after it goes as well."""
_STARTS = {"divrplyfwdmsg", "appendonsend", "stopspelling", "mail-editor-reference-message-container", "reply-intro",
           "ms-outlook-mobile-body-separator-line", "outlookmessageheader", "beginningofreply", "moz-cite-prefix-forward"}  # fmt: skip
_SIGNATURES = (
    "div.gmail_signature", "div[class*=gmail_signature]", "div.moz-signature", "pre.moz-signature", "div#Signature", "#signature",
    "div.signature", "div[data-signatureblock]", "div.protonmail_signature_block", "div.tutanota-signature", "div#AppleMailSignature",
    "div[id^=AppleMailSignature]", "div.ms-outlook-mobile-signature", "div#ms-outlook-mobile-signature",
    "div[data-smartmail=gmail_signature]", "span.gmail_signature_prefix", "div.yahoo-signature", "div.elementToProof#Signature",
    "#x_Signature", "#ms-outlook-mobile-signature",
)  # fmt: skip


def without_history(html: str) -> str | None:
    """HTML without quoted history and signature as mail programs mark them; None when no mark was found.

    Quotes that are followed by further text are answered inline and stay.
    """
    tree = LexborHTMLParser(_prepared(html))
    if tree.body is None:
        return None
    changed = _cut_quotes(tree)
    for node in tree.css(", ".join(_SIGNATURES)):
        if node.parent is not None:
            node.decompose()
            changed = True
    return (tree.body.html or "") if changed and tree.body is not None else None


def _cut_quotes(tree: LexborHTMLParser) -> bool:
    """Removes marked quotes from the end upwards, as long as nothing new stands below them."""
    marked = tree.css(", ".join(_QUOTES))[:2_000]
    changed = False
    for node in marked:
        if node.parent is None or tree.body is None:
            continue
        identity = {
            (node.attributes.get("id") or "").lower().removeprefix("x_"),
            *(node.attributes.get("class") or "").lower().split(),
        }
        if identity & _STARTS:
            _drop_after(node)
            node.decompose()
            changed = True
        elif not _text_after(node):
            node.decompose()
            changed = True
    return changed


def _drop_after(node: LexborNode) -> None:
    """Removes everything that follows a node in the document."""
    current: LexborNode | None = node
    for _ in range(_MAX_DEPTH):
        if current is None or current.tag in {"body", "html"}:
            return
        follower = current.next
        while follower is not None:
            after = follower.next
            follower.decompose()
            follower = after
        current = current.parent


def _text_after(node: LexborNode) -> bool:
    """Whether anything readable but further quotes follows a node."""
    current: LexborNode | None = node
    for _ in range(_MAX_DEPTH):
        if current is None or current.tag in {"body", "html"}:
            return False
        follower = current.next
        while follower is not None:
            if follower.tag not in {"blockquote", "style", "script", "-comment"} and (
                (follower.text(deep=True) if follower.tag != "-text" else follower.text_content) or ""
            ).strip("\xa0 \t\r\n\u200b"):
                return True
            follower = follower.next
        current = current.parent
    return False


def from_text(text: str) -> str:
    """Plain text as HTML, for a mail that mixes both."""
    return '<div style="white-space: pre-wrap">' + entities.escape(text) + "</div>"


def referenced_ids(html: str) -> frozenset[str]:
    """Content ids that HTML shows as images, without `cid:`, percent signs resolved, lower case."""
    from urllib.parse import unquote  # noqa: PLC0415 -- only mails with inline images need it

    return frozenset(unquote(found).strip().lower() for found in re.findall(r"cid:([^\"'\s>)]+)", html, re.IGNORECASE))
