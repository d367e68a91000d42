"""The table of pages by the systems that make them: UCAP, TRS, Hanweb, VSB, gkmlpt."""

from pages.markup import PARAS, TEXT, TITLE, Page, meta

_FILES = (("线路表.docx", "http://www.example.gov.cn/zwdt/files/1.docx"),)

PAGES = (
    Page(
        "ucap: the state council's template",
        f"""<div class="article oneColumn pub_border"><h1 id="ti">{TITLE}</h1><div class="pages-date">2024-05-11 08:30
        <span class="font">来源： 县教育局</span><span class="font fx">字体：<a>默认</a> <a>大</a> <a>超大</a></span>
        <a class="dy">打印</a><i>|</i></div><div class="pages_content" id="UCAP-CONTENT"><div class="trs_editor_view
        TRS_UEDITOR trs_paper_default">{TEXT}</div><div class="editor">责任编辑：苏可明</div></div></div>""",
        "2024-05-11T08:30:00+08:00", "县教育局", "苏可明", profile="ucap",
    ),
    Page(
        "ucap: elements of its own, made again later",
        f"""<div class="wz"><h2><ucaptitle>青石镇召开山区小学<br>校车安全工作现场会</ucaptitle></h2><p class="xx">
        <span>发布时间：2024-05-11 08:30</span><span>信息来源：县教育局</span><span>浏览次数：<b id="n">12</b>次</span></p>
        <div id="zoomcon"><ucapcontent>{TEXT}</ucapcontent></div><p>【责任编辑:苏可明】</p></div>""",
        "2024-05-11T08:30:00+08:00", "县教育局", "苏可明", title="青石镇召开山区小学 校车安全工作现场会", profile="ucap",
        head=meta(ArticleTitle=TITLE, PubDate="2025-01-03 09:09:09", others="页面生成时间 2025-01-03 09:09:09"),
    ),
    Page(
        "ucap: no date but that of the page being made: the one in the address",
        f"<h1>{TITLE}</h1><div id='UCAP-CONTENT'>{TEXT}</div>",
        "2024-05-11", url="http://www.example.gov.cn/10/20/2024/5/11/abc.shtml", profile="ucap",
        head=meta(PubDate="2025-01-03 09:09:09", others="页面生成时间 2025-01-03 09:09:09"),
    ),
    Page(
        "trs: classic editor, files named by number",
        f"""<div class="xl"><h2 class="bt">{TITLE}</h2><div class="xx">日期：2024年05月11日 08:30:12　来源：县教育局　
        【字体：<a>大</a> <a>中</a> <a>小</a>】</div><div class="view TRS_UEDITOR trs_paper_default"><style>p{{}}</style>{TEXT}
        <p>附件：<a href="./W020240511.doc">1.线路表</a></p><p><a href="./P020240511.ofd">2.台账.ofd</a></p></div>
        <div class="bj">编辑：苏可明</div></div>""",
        "2024-05-11T08:30:12+08:00", "县教育局", "苏可明", body=(*PARAS, "附件：1.线路表", "2.台账.ofd"), profile="trs",
        attachments=(("1.线路表", "http://www.example.gov.cn/zwdt/W020240511.doc"),
                     ("2.台账.ofd", "http://www.example.gov.cn/zwdt/P020240511.ofd")),
    ),
    Page(
        "trs: nested containers, title only from the hidden tags' likeness",
        f"""<div class="detail"><div class="con">{TITLE}</div><div class="sx"><em>2024-05-11</em><em>县教育局</em></div>
        <div class="TRS_Editor"><div class="TRS_PreAppend"><div class=TRS_Editor>{TEXT}</div></div></div></div>""",
        "2024-05-11", "县教育局", profile="trs", head=meta(ArticleTitle=TITLE, PubDate="2024-05-11 10:00"),
    ),
    Page(
        "trs: attachments below the body in a list of their own",
        f"""<div class="xl"><h1>{TITLE}</h1><p>时间：2024/05/11</p><div class="TRS_Editor">{TEXT}</div>
        <div class="fjlist"><p>附件下载：</p><ul><li><a href="files/1.docx">线路表.docx</a></li></ul></div></div>""",
        "2024-05-11", profile="trs", attachments=_FILES,
    ),
    Page(
        "hanweb: meta elements around the body",
        f"""<table id="c"><tr><td class="title">{TITLE}</td></tr><tr><td>发布日期：2024-05-11&nbsp;信息来源：县教育局&nbsp;
        浏览次数：<script>c()</script>&nbsp;字号：[ <a>大</a> <a>中</a> <a>小</a> ]</td></tr><tr><td class="bt_content">
        <div id="zoom"><meta name="ContentStart">{TEXT}<meta name="ContentEnd"></div></td></tr>
        <tr><td>责编：苏可明</td></tr><tr><td><a>打印</a> <a>关闭</a></td></tr></table>""",
        "2024-05-11", "县教育局", "苏可明", url="http://www.example.gov.cn/art/2024/5/11/art_1_2.html", profile="hanweb",
        head=f"<title>云岭县人民政府 部门动态 {TITLE}</title>",
    ),
    Page(
        "hanweb: attributes and files inside the body's container",
        f"""<div class="main-txt"><h1>{TITLE}</h1><p class="a">发布时间：2024-05-11 08:30 来源：县教育局</p>
        <meta name="ContentStart">{TEXT}<p><img src="/i.gif"><a href="/module/download/downfile.jsp?classid=0&filename=1.docx"
        >线路表.docx</a></p><meta name="ContentEnd"><p>扫一扫在手机打开当前页</p><p>【打印本页】【关闭窗口】</p></div>""",
        "2024-05-11T08:30:00+08:00", "县教育局", body=(*PARAS, "线路表.docx"), profile="hanweb",
        attachments=(("线路表.docx", "http://www.example.gov.cn/module/download/downfile.jsp?classid=0&filename=1.docx"),),
    ),
    Page(
        "vsb: a form around all",
        f"""<form name="_newscontent_fromname"><h1 class="title">{TITLE}</h1><div class="sj">时间：2024年05月11日　作者：闻某　
        来源：县教育局　点击：[<span id="dynclicks">12</span>]</div><div id="vsb_content_2"><div class="v_news_content">{TEXT}
        </div></div><div>附件【<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=9">
        线路表.docx</a>】已下载<span>3</span>次</div><p>上一条：<a href="8.htm">植树</a></p><p>下一条：<a href="9.htm">春耕</a></p>
        </form>""",
        "2024-05-11", "县教育局", profile="vsb", url="http://www.example.gov.cn/zwdt/5.htm",
        attachments=(("线路表.docx", "http://www.example.gov.cn/system/_content/download.jsp"
                      "?urltype=news.DownloadAttachUrl&owner=1&wbfileid=9"),),
    ),
    Page(
        "vsb: the editor in the line under the title",
        f"""<div class="content"><h3>{TITLE}</h3><p><i>发布日期：2024-05-11</i> <i>编辑：苏可明</i> <i>审核：闻某</i></p>
        <div id="vsb_content"><div class="v_news_content">{TEXT}</div></div></div>""",
        "2024-05-11", editor="苏可明", profile="vsb",
    ),
    Page(
        "gkmlpt: an information table and no source",
        f"""<link rel="stylesheet" href="/gkmlpt/style.css"><div class="classify"><table><tr><td>索引号:</td><td>5199/2024-1</td>
        <td>分类:</td><td>教育、通知</td></tr><tr><td>发布机构:</td><td>县教育局</td><td>成文日期:</td><td>2024-05-09</td></tr>
        <tr><td>名称:</td><td>{TITLE}</td><td>发布日期:</td><td>2024-05-11</td></tr></table></div><h1 class="title">{TITLE}</h1>
        <div class="article-content">{TEXT}<p>附件：<a class="nfw-cms-attachment" href="/attachment/0/1/1.docx">线路表</a></p>
        </div>""",
        "2024-05-11", "县教育局", body=(*PARAS, "附件：线路表"), profile="gkmlpt",
        attachments=(("线路表", "http://www.example.gov.cn/attachment/0/1/1.docx"),),
        url="http://www.example.gov.cn/gkmlpt/content/1/1/post_1.html",
    ),
    Page(
        "gkmlpt: news page with a subtitle",
        f"""<div class="content"><h1 class="content_title">{TITLE}</h1><h2 class="content_subtitle">三方护送机制全面建立</h2>
        <div class="attr"><span>发布时间：2024-05-11 08:30:12</span><span>来源：县教育局</span><span>字体大小：大 中 小</span></div>
        <div id="zoomcon">{TEXT}</div><p>浏览次数：<b>-</b></p><p>分享</p></div><a href="/ywdt/content/post_77.html">植树</a>""",
        "2024-05-11T08:30:12+08:00", "县教育局", profile="gkmlpt",
    ),
)  # fmt: skip
