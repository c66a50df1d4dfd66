"""Turns bytes of any origin into text, since mail declares its charset wrongly or not at all often enough to matter."""

# ruff: noqa: RUF001 -- words and signs of other scripts are meant as they stand

import codecs
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Names seen in the wild that Python does not know, and narrow charsets whose senders in truth use the wider one.
_ALIASES = {
    "ansi_x3.4-1968": "cp1252",
    "ascii": "ascii",
    "us-ascii": "ascii",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "cp936": "gb18030",
    "windows-936": "gb18030",
    "ms936": "gb18030",
    "chinesebig5": "cp950",
    "x-x-big5": "cp950",
    "big5-eten": "cp950",
    "windows-950": "cp950",
    "euc-kr": "cp949",
    "euckr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "ksc_5601": "cp949",
    "korean": "cp949",
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "ms949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms932": "cp932",
    "x-ms-cp932": "cp932",
    "ms_kanji": "cp932",
    "csshiftjis": "cp932",
    "x-euc-jp": "euc_jp",
    "ujis": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-1": "iso2022_jp_ext",
    "iso-2022-jp-2": "iso2022_jp_2",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "x-unicode-2-0-utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
    "windows-1250": "cp1250",
}
_UNDECLARED = {
    "",
    "unknown",
    "unknown-8bit",
    "x-unknown",
    "default",
    "x-user-defined",
    "8bit",
    "binary",
    "none",
    "null",
}
_UNDECLARED |= {"_autodetect", "_autodetect_all", "_autodetect_kr", "_autodetect_jp", "x-unknown-charset", "charset"}
_SINGLE_BYTE = re.compile(r"^(iso8859|cp125|cp874|cp437|cp85|cp86|koi8|mac|latin|ascii|charmap)", re.IGNORECASE)
_ISO_2022 = re.compile(rb"\x1b(?:\$[@AB]|\$\([A-DO-Q]|\([BIJ])")
_ISO_2022_KR = re.compile(rb"\x1b\$\)C|\x0e[\x21-\x7e]{2}")
_ISO_2022_CN = re.compile(rb"\x1b\$\)[AG]")
_SAMPLE = 6_000
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


@lru_cache(maxsize=256)
def codec_of(name: str) -> str | None:
    """Python's codec for a charset name as mail writes it; None when it is unknown or declares nothing.

    Only text codecs are answered: a mail must not reach `zip` or `rot13` through its charset.
    """
    key = name.strip().strip("\"'<>;,").lower().replace(" ", "").split("*", 1)[0].removeprefix("charset=")
    if key in _UNDECLARED:
        return None
    for guess in (
        key,
        key.replace("_", "-"),
        key.removeprefix("x-"),
        re.sub(r"^(?:windows|cp|win|ibm)[-_]?(?=\d)", "cp", key),
    ):
        wanted = _ALIASES.get(guess, guess)
        try:
            info = codecs.lookup(wanted)
        except (LookupError, ValueError):
            continue
        if getattr(info, "_is_text_encoding", True) and info.name not in {
            "idna",
            "punycode",
            "undefined",
            "mbcs",
            "oem",
        }:
            return _ALIASES.get(info.name, info.name)
    return None


def decode(data: bytes, declared: str | None = None, hints: Iterable[str] = ()) -> tuple[str, str | None]:
    """Text of `data`, and what was wrong with its declaration (None when nothing was).

    Args:
        data: bytes as they stand in the mail, transfer encoding undone.
        declared: charset named for exactly these bytes.
        hints: charsets named elsewhere in the mail, tried before guessing.
    """
    if data.isascii() and b"\x1b" not in data and (declared is None or not _may_be_seven_bit(declared)):
        return data.decode("ascii"), None
    codec = codec_of(declared) if declared else None
    if marked := _by_byte_order_mark(data):
        return marked, None
    if codec is not None:
        text = _strict(data, codec)
        if text is not None and not _is_misdeclared(data, codec):
            return text, None
    for guess in _guesses(data, hints):
        text = _strict(data, guess)
        if text is not None:
            return text, _complaint(declared, guess)
    if codec is not None and codec not in {"ascii", "utf-8"}:
        text = data.decode(codec, "replace")
        if text.count("�") * 20 <= len(text):
            return text, f"bytes that are not {declared} were replaced"
    return _last_resort(data, declared)


def _may_be_seven_bit(declared: str) -> bool:
    codec = codec_of(declared)
    return codec is not None and codec.startswith(("utf-7", "utf-16", "utf-32", "iso2022", "hz", "cp037", "cp500"))


def _by_byte_order_mark(data: bytes) -> str | None:
    for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            text = _strict(data, codec)
            return text.lstrip("\ufeff") if text is not None else None
    return None


def _strict(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except (UnicodeDecodeError, LookupError, ValueError):
        if codec.startswith("iso2022_jp"):
            return _japanese_seven_bit(data)
        return _windows_with_holes(data) if codec == "cp1252" else None
    return text


def _windows_with_holes(data: bytes) -> str | None:
    """cp1252 leaves five bytes undefined that ISO-8859-1 calls control characters; browsers read them so too."""
    if any(byte in data for byte in b"\x00\x01\x02\x03\x04\x05\x06"):
        return None
    return data.decode("latin-1").translate(_WINDOWS)


_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}


def _japanese_seven_bit(data: bytes) -> str | None:
    """ISO-2022-JP as Windows writes it: NEC and IBM characters, half-width kana, 8-bit bytes in between.

    Each double-byte run is read as EUC-JP in the Windows way by moving it into the range of cp932's table.
    """
    out: list[str] = []
    mode = b"(B"
    for piece in re.split(rb"\x1b(\$[@AB]|\$\([A-DO-Q]|\([BIJ])", data):
        if piece in {b"$@", b"$B", b"(B", b"(I", b"(J"} or (len(piece) == 3 and piece.startswith(b"$(")):
            mode = piece
        elif mode in {b"$@", b"$B"}:
            lines = piece.split(b"\n")
            out.append(_jis_run(lines[0]))
            if len(lines) > 1:  # a line end closes the run (RFC 1468)
                mode = b"(B"
                out.append("\n" + b"\n".join(lines[1:]).decode("cp932", "replace"))
        elif mode == b"(I":
            out.append(bytes(byte | 0x80 for byte in piece if byte > 0x20).decode("cp932", "replace"))
        elif mode == b"$(D":
            out.append(_run_in("euc_jp", b"".join(b"\x8f" + piece[at : at + 2] for at in range(0, len(piece) - 1, 2))))
        else:
            out.append(piece.decode("cp932", "replace"))
    text = "".join(out)
    return text if text.count("�") * 20 <= len(text) else None


def _run_in(codec: str, data: bytes) -> str:
    return bytes(byte if byte == 0x8F else byte | 0x80 for byte in data).decode(codec, "replace")


def _jis_run(run: bytes) -> str:
    out = bytearray()
    for at in range(0, len(run) - 1, 2):
        row, cell = run[at] & 0x7F, run[at + 1] & 0x7F
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            out += b"?"
            continue
        cell += 0x1F if row & 1 else 0x7E
        if row & 1 and cell >= 0x7F:
            cell += 1
        row = (row - 0x21 >> 1) + 0x81
        out += bytes([row if row <= 0x9F else row + 0x40, cell])
    return out.decode("cp932", "replace")


def _is_misdeclared(data: bytes, codec: str) -> bool:
    """Whether bytes that decode are nevertheless not what they claim: UTF-8 or ISO-2022 called by another name."""
    if _SINGLE_BYTE.match(codec):
        return (not data.isascii() and _is_utf8(data)) or (
            _ISO_2022.search(data[:_SAMPLE]) is not None and data.isascii()
        )
    return (
        codec in {"cp949", "gb18030", "cp950", "cp932", "euc_jp"}
        and not data.isascii()
        and _is_utf8(data)
        and (
            _strangeness(data[:_SAMPLE].decode(codec, "replace"), codec)
            >= _strangeness(data[:_SAMPLE].decode("utf-8", "ignore"), "utf-8")
        )
    )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(sample: bytes) -> bool:
    """Whether a few broken bytes spoil what is otherwise UTF-8: truncated characters, a pasted line."""
    text = sample.decode("utf-8", "replace")
    good = sum(1 for char in text if char > "\x7f" and char != "�")
    return good >= 3 and text.count("�") * 5 <= good


def _guesses(data: bytes, hints: Iterable[str]) -> Iterable[str]:
    sample = data[:_SAMPLE]
    if _ISO_2022.search(sample):
        yield "iso2022_jp_ext"
    if _ISO_2022_KR.search(sample) and b"\x1b$)C" in sample:
        yield "iso2022_kr"
    if data.isascii():
        yield "ascii"
    yield "utf-8"
    if _is_mostly_utf8(sample):
        return
    for hint in hints:
        codec = codec_of(hint)
        if codec not in {None, "ascii", "utf-8"} and codec is not None:
            yield codec
    yield from _by_letters(sample)


def _by_letters(sample: bytes) -> list[str]:
    """Codecs that can read the sample, the one that yields the most ordinary letters first."""
    rated = []
    for codec, handicap in (
        ("cp949", 0.0), ("euc_jp", 0.02), ("cp932", 0.04), ("gb18030", 0.06), ("cp950", 0.10),
        ("cp1252", 0.12), ("cp1251", 0.14), ("koi8_r", 0.18), ("cp1250", 0.20),
    ):  # fmt: skip
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError as broken:
            if len(sample) < _SAMPLE or broken.start < len(sample) - 4:
                continue
            text = sample[: broken.start].decode(codec)
        rated.append((_strangeness(text, codec) + handicap, codec))
    rated.sort()
    return [codec for score, codec in rated if score < 0.75][:2]


def _strangeness(text: str, codec: str) -> float:
    """0 for text that people write, 1 for noise: share of rare characters among those beyond ASCII."""
    beyond = [char for char in text if char > "\x7f"][:1_000]
    if not beyond:
        return 0.0
    without_kana = codec in {"euc_jp", "cp932"} and not any("\u3041" <= char <= "\u30fe" for char in beyond)
    return sum(_rarity(char, codec) for char in beyond) / len(beyond) + _case_noise(text) + 0.15 * without_kana


_COMMON_HANGUL = frozenset(
    "이다는의에을가고하지은를도로사기리한대서인나시있자해어일그아수과정라부제만전들보스으니주게상여면원장비조안소연화요신우공경성세되동구오무국문"
    "것당회생년개위거선적심였했습까러할내청유계마모명미방분학업합없본와식여저진말때드용통영교발관회문의감"
)
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文"
    "无开手十用主行方又如前所本见经头面公同三已老从动两长理管机效件网系电话请贵司谢谢您関係報告会社様願致"
)
_CJK_PAGES = {"cp949", "gb18030", "cp950", "cp932", "euc_jp"}


def _rarity(char: str, codec: str) -> float:
    code = ord(char)
    if 0xAC00 <= code <= 0xD7A3:  # Hangul: the two bytes of KS X 1001 hold the common syllables
        return 0.0 if char in _COMMON_HANGUL else 0.4 if _in_table(char, "euc_kr") else 0.8
    if 0x4E00 <= code <= 0x9FFF:
        return _rarity_of_han(char, codec)
    if 0x3041 <= code <= 0x30FE:  # kana belong to Japanese; the Chinese and Korean tables hold them for completeness
        return 0.0 if codec in {"euc_jp", "cp932", "utf-8"} else 0.4
    if 0x3000 <= code <= 0x3002 or 0xFF01 <= code <= 0xFF5E:
        return 0.0
    return _rarity_of_sign(char, code, codec)


def _rarity_of_han(char: str, codec: str) -> float:
    if char in _COMMON_HAN:
        return 0.05
    ordinary = any(_in_table(char, table) for table in ("gb2312", "big5", "shift_jis"))
    return 0.6 if codec == "cp949" else 0.25 if ordinary else 0.8


def _rarity_of_sign(char: str, code: int, codec: str) -> float:
    if 0xFF61 <= code <= 0xFF9F:  # half-width kana: what most noise turns into
        return 0.7
    if char.isalpha() and (0xC0 <= code <= 0x17F or 0x410 <= code <= 0x44F or 0x370 <= code <= 0x3CE):
        return 0.6 if codec in _CJK_PAGES else 0.1
    if char in "\xa0–—‘’“”„«»€°§·…•©®´¿¡":
        return 0.2
    return 0.9 if unicodedata.category(char) in {"Cc", "Co", "Cn", "Cs"} else 0.5


def _in_table(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _case_noise(text: str) -> float:
    """Single-byte text read in the wrong page shows capitals within words ("pÅÁcsi") or runs of accents."""
    noise = len(re.findall(r"[a-zà-öø-ÿа-я][À-ÖØ-ÞА-Я]|[À-ÿ]{4}", text[:4_000]))
    noise += 4 * len(re.findall(r"\b[а-я][А-Я]{2}", text[:4_000]))  # KOI8 read as cp1251 turns the case around
    return min(0.6, noise / (1 + sum(1 for char in text[:4_000] if char > "\x7f")))


def _last_resort(data: bytes, declared: str | None) -> tuple[str, str | None]:
    as_utf8 = data.decode("utf-8", "replace")
    if as_utf8.count("�") * 4 <= sum(1 for char in as_utf8 if char > "\x7f"):
        return as_utf8, "bytes that are not UTF-8 were replaced"
    from charset_normalizer import from_bytes  # noqa: PLC0415 -- slow to load and rarely needed

    best = from_bytes(data[:_SAMPLE]).best()
    codec = best.encoding if best is not None else "cp1252"
    return data.decode(codec, "replace"), _complaint(declared, codec)


def _complaint(declared: str | None, used: str) -> str | None:
    if used == "ascii":
        return None
    return f"charset {declared} was wrong, read as {used}" if declared else f"no charset was declared, read as {used}"


def clean(text: str) -> str:
    r"""Normalised text: NFC, "\n" line ends, no NUL and no other control characters but tab and newline."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _NOT_TEXT.sub("", text).encode("utf-8", "replace").decode("utf-8")
    return text if text.isascii() else unicodedata.normalize("NFC", text)
