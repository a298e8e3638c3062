"""Script vectors, one of each kind. A script that runs opens a dialog."""

from __future__ import annotations

from pathlib import Path

from indexer.build.builder import build
from indexer.sources.archive import Archive
from tests.archives import small

VECTORS = (
    "<script>alert(1)</script>",
    "<ScRiPt >alert(1)</sCrIpT >",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<form><button formaction=javascript:alert(1)>x",
    "<a href=javascript:alert(1)>x</a>",
    "<base href=javascript:alert(1)//>",
    "<link rel=stylesheet href=data:text/css,*{color:red}>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<style>@import 'data:text/css,*{}';</style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[><script>alert(1)</script>]]>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover=alert(1) x='",
    "`onmouseover=alert(1)",
    "{{7*7}}{% raw %}${alert(1)}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\u003cscript\\u003ealert(1)",
    "＜script＞alert(1)＜/script＞",
    "<x onclick=alert(1)>x</x>",
    "<p style=background:url(javascript:alert(1))>",
)
ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java&#10;script:alert(1)",
    "&#106;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript://a.example/%0aalert(1)",
    "\x01javascript:alert(1)",
    "vbscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "blob:https://a.example/1",
    "file:///etc/passwd",
    "view-source:javascript:alert(1)",
    "feed:javascript:alert(1)",
    'https://a.example/" onmouseover="alert(1)',
    "https://a.example/'><script>alert(1)</script>",
)


def issue(number: int = 1) -> str:
    """Return an issue with each vector in a title, a link's text, an author, code and prose."""
    heads = "\n\n".join(
        f"#### [Tool {n} {vector}](https://a.example/{n})\n\nText {n} {vector} and `{vector}`.\n\n```\n{vector}\n```"
        for n, vector in enumerate(VECTORS)
    )
    links = "\n".join(
        f"- Link {n} to [{address}]({address}) and <a href='{address}'>this</a>." for n, address in enumerate(ADDRESSES)
    )
    patches = "\n".join(
        f"- {vector[:40]}, [[PATCH {n}/99] bpf: {vector}](https://p.example/{n})" for n, vector in enumerate(VECTORS)
    )
    head = f"---\nnewsletter: bpf-updates\nnumber: {number}\ntitle: '{VECTORS[0]}'\ndate: 2017-06-01\n---\n\n"
    return f"{head}Intro.\n\n## Projects\n\n{heads}\n\n## Links\n\n{links}\n\n## Patches\n\n{patches}\n"


def archive(folder: Path) -> Archive:
    """Return an indexed archive of such an issue."""
    made = small(folder)
    (made.folder / "bpf-updates" / "01.md").write_text(issue(), encoding="utf-8")
    build(made)
    return made
