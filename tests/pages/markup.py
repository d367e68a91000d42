"""Pages of our own writing in the markup of each family of systems, with the fields that they display."""

from dataclasses import dataclass, field

TITLE = "青石镇召开山区小学校车安全工作现场会"
PARAS = (
    "5月18日，青石镇山区小学校车安全工作现场会在云岭县召开。会议研究建立三方护送新机制，部署下半年工作。",
    "会议总结了去年以来的成效。全县共投入420余万元更新校车36辆，覆盖18所山区小学，接送学生3228人。",
    "当日，6所学校与县客运公司签订了接送协议，线路优化要听取家长意见，先急后缓、分步实施。",
)
TEXT = "".join(f"<p>&#12288;&#12288;{text}</p>" for text in PARAS)
NAV = """<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>
<li><a href="/bsfw/">办事服务</a></li><li><a href="/hd/">互动交流</a></li></ul><form><input name="q"></form></div>"""
PATH = """<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwdt/">政务动态</a> &gt; 部门动态</div>"""
RELATED = """<div class="related"><h3>相关阅读</h3><ul><li><a href="/1.html">云岭县召开春耕会议</a><span>2024-04-01</span></li>
<li><a href="/2.html">青石镇开展植树</a><span>2024-03-12</span></li></ul></div>"""
FOOT = """<div class="footer"><p>主办单位：云岭县人民政府办公室　承办：云岭县大数据中心</p>
<p>网站标识码：5199990001　云ICP备00000001号　云公网安备 51990002000001号</p><p><a href="/map.html">网站地图</a>
<a href="/files/app.zip">下载客户端</a></p></div>"""


@dataclass(frozen=True)
class Page:
    """One page: its name, what stands between navigation and footer, and what it displays."""

    name: str
    html: str
    published: str
    source: str = ""
    editor: str = ""
    title: str = TITLE
    body: tuple[str, ...] = PARAS
    attachments: tuple[tuple[str, str], ...] = ()
    url: str = "http://www.example.gov.cn/zwdt/5.html"
    head: str = f"<title>{TITLE}_云岭县人民政府</title>"
    profile: str = ""
    frame: bool = field(default=True)

    @property
    def document(self) -> str:
        """The whole page."""
        inner = f"{NAV}{PATH}{self.html}{RELATED}{FOOT}" if self.frame else self.html
        return f"<!DOCTYPE html><html><head><meta charset='utf-8'>{self.head}</head><body>{inner}</body></html>"


def meta(**named: str) -> str:
    """Return `<title>` and meta elements, as the standard for government sites has them."""
    tags = "".join(f'<meta name="{name}" content="{value}">' for name, value in named.items())
    return f"<title>{TITLE}-云岭县人民政府网站</title>{tags}"
