"""The table of pages by layout, whatever system made them: attribute lines, tables, news sites, old mark-up."""

from pages.markup import PARAS, TEXT, TITLE, Page, meta

_SECTIONS = "".join(f"<section><section><p><span>{text}</span></p></section></section>" for text in PARAS)
_LINES = "<br><br>".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{text}" for text in PARAS)

PAGES = (
    Page(
        "several labels in one line, half width, without blanks",
        f"""<h1>{TITLE}</h1><div><span>发布时间:2024-5-1</span><span>来源:县教育局</span><span>作者:闻某</span><span>责任编辑:苏可明</span>
        </div><div class="k8">{TEXT}</div>""",
        "2024-05-01", "县教育局", "苏可明",
    ),
    Page(
        "one label in each cell of a table",
        f"""<h3 class="tit">{TITLE}</h3><table><tr><td>文章来源：</td><td>县教育局</td><td>更新日期：</td><td>2024.05.01</td></tr></table>
        <div class="k8">{TEXT}</div><div>【编辑：苏可明】 【打印】 【关闭】</div>""",
        "2024-05-01", "县教育局", "苏可明",
    ),
    Page(
        "the labels without a colon",
        f"""<h2>{TITLE}</h2><p>来源 县教育局　时间 2024年5月1日 08:05</p><div class="k8">{TEXT}</div><p>责任编辑 苏可明</p>""",
        "2024-05-01T08:05:00+08:00", "县教育局", "苏可明",
    ),
    Page(
        "no label at all: the publisher beside the date",
        f"""<h1>{TITLE}</h1><p><span>2024-05-01 08:05</span> <span>云岭日报</span></p><div class="k8">{TEXT}</div>""",
        "2024-05-01T08:05:00+08:00", "云岭日报",
    ),
    Page(
        "a source that is shown blank, though a hidden tag has one",
        f"""<h1>{TITLE}</h1><p>来源：　　发布时间：2024-05-01　　阅读次数：<b>3</b></p><div class="k8">{TEXT}</div>""",
        "2024-05-01", head=meta(ContentSource="县教育局", PubDate="2024-05-01"),
    ),
    Page(
        "date and source below the article",
        f"""<h1>{TITLE}</h1><div class="k8">{TEXT}</div><p>（来源：县教育局）</p><p>发布日期：2024-05-01　责编：苏可明　审核：闻某</p>""",
        "2024-05-01", "县教育局", "苏可明",
    ),
    Page(
        "an information table of pairs in list items",
        f"""<ul class="xxgk"><li><b>索 引 号：</b>5199/2024-1</li><li><b>发布机构：</b>县教育局</li><li><b>生成日期：</b>2024-05-01</li>
        <li><b>文　　号：</b>云教〔2024〕5号</li><li><b>有 效 性：</b>有效</li></ul><h1>{TITLE}</h1><div class="k8">{TEXT}</div>""",
        "2024-05-01", "县教育局",
    ),
    Page(
        "an information table whose first row are the labels, inside the body's container",
        f"""<h2>{TITLE}<small>(2024-05-02)</small></h2><div id="zoom"><table><tr><td>索取号</td><td>发布时间</td><td>发布机构</td><td>文件编号
        </td></tr><tr><td>5199/1</td><td></td><td>县教育局</td><td>云教5号</td></tr></table>{TEXT}</div>""",
        "2024-05-02", "县教育局",
    ),
    Page(
        "a document: signed and filed on other days than published",
        f"""<table><tr><td>发文机关：</td><td>县教育局办公室</td><td>成文日期：</td><td>2024年04月20日</td></tr><tr><td>标　　题：</td>
        <td>{TITLE}</td><td>发布日期：</td><td>2024年05月01日</td></tr></table><h1>{TITLE}</h1><div class="k8">{TEXT}
        <p>县教育局</p><p>2024年4月20日</p></div>""",
        "2024-05-01", "县教育局办公室", body=(*PARAS, "县教育局", "2024年4月20日"),
    ),
    Page(
        "title and attributes inside the container of the body, buttons and editor at its foot",
        f"""<div id="zoom"><h1>{TITLE}</h1><p>2024-05-01 08:05　来源：县教育局　【字体：大 中 小】　打印</p>{TEXT}<p>责任编辑：苏可明</p>
        <p>扫一扫在手机打开当前页</p><p>【打印本页】 【关闭窗口】</p></div>""",
        "2024-05-01T08:05:00+08:00", "县教育局", "苏可明",
    ),
    Page(
        "every paragraph in boxes of an editor for phones",
        f"""<h1>{TITLE}</h1><p>发布时间：2024-05-01 来源：县教育局</p><div><div class="rich">{_SECTIONS}</div></div>""",
        "2024-05-01", "县教育局",
    ),
    Page(
        "one cell of a table for layout, lines broken by br",
        f"""<table><tr><td><a href="/">首页</a></td><td><table><tr><td align="center"><font size="5">{TITLE}</font></td></tr>
        <tr><td>发布日期:2024-05-01 &nbsp; 文章来源:县教育局 &nbsp; 点击数:<script>n()</script></td></tr><tr><td>{_LINES}</td></tr>
        <tr><td>【<a>关闭窗口</a>】</td></tr></table></td></tr></table>""",
        "2024-05-01", "县教育局",
    ),
    Page(
        "a kicker above, a subtitle below the headline",
        f"""<div class="a"><h4 class="pre">山区教育</h4><h1>{TITLE}</h1><h4 class="sub">三方护送机制全面建立</h4><div>2024年05月01日08:05 |
        来源：<a href="http://paper.example.cn">云岭日报</a></div></div><div class="rm_txt_con">{TEXT}<div class="edit">(责编：苏可明、闻某)
        </div></div>""",
        "2024-05-01T08:05:00+08:00", "云岭日报", "苏可明、闻某",
    ),
    Page(
        "a news agency: the date in pieces, the editor in brackets",
        f"""<div class="h"><span class="year"><em>2024</em></span> <span class="day"><em>05</em>/<em>01</em></span> <span
        class="time">08:05:12</span><div class="source">来源：云岭日报</div><h1><span class="title">{TITLE}</span></h1></div>
        <div id="detail">{TEXT}</div><span class="editor">【责任编辑:苏可明】</span>""",
        "2024-05-01T08:05:12+08:00", "云岭日报", "苏可明",
    ),
    Page(
        "editor and responsible editor: the responsible one counts",
        f"""<h1>{TITLE}</h1><div class="info1">来源：云岭网 | 2024年05月01日 08:05</div><div class="k8">{TEXT}</div><div class="zebian">
        <span>编辑：闻某</span> <span>责任编辑：苏可明</span></div>""",
        "2024-05-01T08:05:00+08:00", "云岭网", "苏可明",
    ),
    Page(
        "a title that only the site's name stands for in the window, and a list of news beside the article",
        f"""<div class="left"><ul><li><a href="3.html">云岭县召开春耕工作会议部署下一阶段任务</a> <span>2024-06-01</span></li>
        <li><a href="4.html">云岭县召开植树造林工作会议部署任务</a> <span>2024-06-02</span></li></ul></div><div class="right">
        <h2 class="art-title">{TITLE}</h2><p class="info">2024-05-01</p><div class="k8">{TEXT}</div></div>""",
        "2024-05-01", head="<title>云岭县人民政府门户网站</title>",
    ),
    Page(
        "a displayed title that differs from the hidden one by a character",
        f"""<h1>{TITLE.replace("现场会", "现场赛")}</h1><p>2024-05-01</p><div class="k8">{TEXT}</div>""",
        "2024-05-01", title=TITLE.replace("现场会", "现场赛"), head=meta(ArticleTitle=TITLE),
    ),
    Page(
        "a title cut off in the window",
        f"""<div class="bt1">{TITLE}</div><p>时间：2024-05-01</p><div class="k8">{TEXT}</div>""",
        "2024-05-01", head=f"<title>{TITLE[:12]}...-部门动态-云岭县人民政府</title>",
    ),
    Page(
        "attachments of every kind, one of them in a frame that is no attachment",
        f"""<h1>{TITLE}</h1><p>发布时间：2024-05-01</p><div class="k8">{TEXT}</div><div class="fj"><p>附件：</p>
        <p>1.<a href="a.pdf" title="线路">线路</a></p><p>2.<a href="b.XLSX?x=1">台账</a></p><p><a href="c.wps">3.预案.wps</a></p>
        <p><a href="d.rar">4.图集</a></p><p><a href="mailto:a@b.cn">5.来信</a></p></div>""",
        "2024-05-01",
        attachments=tuple((name, f"http://www.example.gov.cn/zwdt/{href}") for name, href in
                          (("线路", "a.pdf"), ("台账", "b.XLSX?x=1"), ("3.预案.wps", "c.wps"), ("4.图集", "d.rar"))),
    ),
    Page(
        "nothing but an article",
        f"<h1>{TITLE}</h1>{TEXT}", "2024-05-01", url="http://www.example.gov.cn/202405/01/a.html", frame=False,
    ),
)  # fmt: skip
