"""What somebody may write who wants a page to act for them: mails, articles and the words of brands are held against the same."""

from typing import Final

ATTACKS: Final = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    "<svg onload=alert(1)><p>x",
    "<iframe src=//evil.example></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<form action=//evil.example><button formaction="javascript:alert(1)">x</button></form>',
    "<style>body{background:url(//evil.example)}</style>",
    '<div style="background:url(https://evil.example/x)">x</div>',
    '<div style="position:fixed;top:0">x</div>',
    "<base href=//evil.example>",
    '<meta http-equiv=refresh content="0;url=//evil.example">',
    '<img src="data:text/html;base64,PHNjcmlwdD4=">',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
    "<scr<text>ipt>alert(1)</scr<text>ipt>",
    '<object data="x"></object><embed src="x"><applet code=x></applet>',
)
