"""The table of pages by structures that were met only after the readers stood: on saved pages of other sites."""

from pages.markup import PARAS, TEXT, TITLE, Page, meta

_WHEN = "2024-05-01T08:05:00+08:00"
_SITE = "<title>云岭县淡水研究所</title>"
_ROWS = """<tr><td>序号</td><td>单位</td><td>得分</td></tr><tr><td>1</td><td>青石小学</td><td>95</td></tr>
<tr><td>2</td><td>松林小学</td><td>93</td></tr><tr><td>3</td><td>云岭中心小学</td><td>90</td></tr>
<tr><td>4</td><td>大河镇第二小学</td><td>88</td></tr>"""
_TABLE = (
    "序号 | 单位 | 得分",
    "1 | 青石小学 | 95",
    "2 | 松林小学 | 93",
    "3 | 云岭中心小学 | 90",
    "4 | 大河镇第二小学 | 88",
)
_MENU = """<div class="menu"><p>一、依法对全县校车安全实行统一监督管理，强化源头监管、过程监管、功能监管、联合监管。</p>
<p>二、对校车运营改革开展系统性研究，参与拟订规划，拟订有关规范性文件草案，提出制定和修改建议。</p></div>"""

PAGES = (
    Page(
        "an article of one table, and a menu that carries sentences",
        f"""{_MENU}<div class="wrap"><div class="tt">{TITLE}</div><p>发布时间：2024-05-01　来源：县教育局</p><table>{_ROWS}</table></div>""",
        "2024-05-01", "县教育局", body=_TABLE, head=meta(ArticleTitle=TITLE),
    ),
    Page(
        "the same with an information table above, and a copy that is not displayed",
        f"""{_MENU}<div class="ng-hide"><div>{TITLE}</div><p>{PARAS[0]}</p></div><div class="wrap"><div>发布时间：2024-05-01　来源：县教育局</div>
        <div class="doc"><p>索 引 号： 1234 主题分类：教育</p><p>办文部门：校安科 发文日期：2024-04-20</p><div><p>{TITLE[:-3]}</p><p>现场会</p>
        </div><table>{_ROWS}</table></div></div>""",
        "2024-05-01", "县教育局", body=_TABLE, head=meta(ArticleTitle=TITLE),
    ),
    Page(
        "the name of the site as the title of the window, the day below year and month",
        f"""<div class="box"><h5>云岭县淡水研究所{TITLE}</h5><div class="day">01</div><div class="year">2024年05月</div><a>分享</a>
        <div class="doc">{TEXT}</div></div>""",
        "2024-05-01", title=f"云岭县淡水研究所{TITLE}", head=_SITE,
    ),
    Page(
        "an address and the name of the site around the time",
        f"""<h1>{TITLE}</h1><div>http://www.example.gov.cn 2024年05月01日08:05 云岭在线</div><div class="k8">{TEXT}</div>""",
        _WHEN,
    ),
    Page(
        "year, day and hour in elements of their own, in a header above the headline",
        f"""<div class="header"><span class="year"><em>2024</em></span><span class="day"><em>05</em>/<em>01</em></span><span> 08:05:00
        </span><div>来源：云岭网</div><h1>{TITLE}</h1></div><div id="detail">{TEXT}</div><span>【责任编辑:苏可明】</span>""",
        _WHEN, "云岭网", "苏可明",
    ),
    Page(
        "the author before the date",
        f"""<h1>{TITLE}</h1><div>作者：闻某 2024-05-01</div><div class="k8">{TEXT}</div>""",
        "2024-05-01",
    ),
    Page(
        "a date in Chinese numerals",
        f"""<h1>{TITLE}</h1><div>发布日期：二〇二四年五月一日</div><div class="k8">{TEXT}<p>云岭县教育局</p><p>二○二四年四月二十日</p></div>""",
        "2024-05-01", body=(*PARAS, "云岭县教育局", "二○二四年四月二十日"),
    ),
    Page(
        "an information table of pairs without colons",
        f"""<table><tr><td>索 引 号</td><td>1234/2024-1</td><td>分类</td><td>教育</td></tr><tr><td>发布机构</td><td>县教育局</td><td>文号</td><td>
        </td></tr><tr><td>公开日期</td><td>2024-05-01</td><td>关键词</td><td></td></tr><tr><td>名称</td><td colspan="3">{TITLE}</td></tr></table>
        <div class="k8">{TEXT}</div>""",
        "2024-05-01", "县教育局", head=f"<title>{TITLE}</title>",
    ),
    Page(
        "the time beside a counter, inside the body's container",
        f"""<table><tr><td>{TITLE}</td></tr><tr><td><p>2024年05月01日 08:05 浏览： 次</p>{TEXT}</td></tr></table>""",
        _WHEN, head=f"<title>{TITLE}-云岭学院</title>",
    ),
    Page(
        "who sent the article in stands for its source",
        f"""<h1>{TITLE}</h1><div>供稿单位：校安科　发布时间：2024-05-01</div><div class="k8">{TEXT}</div>""",
        "2024-05-01", "校安科",
    ),
    Page(
        "the source as the last paragraph, in brackets",
        f"""<h1>{TITLE}</h1><div>2024-05-01 08:05</div><div class="k8">{TEXT}<p>（来源：云岭日报）</p></div>""",
        _WHEN, "云岭日报",
    ),
    Page(
        "pages to turn, a picture series and an applause inside the body's container",
        f"""<h1>{TITLE}</h1><div>2024-05-01 08:05</div><div class="k8">{TEXT}<div><a>上一页</a> <a>1</a> <a>2</a> <a>下一页</a></div>
        <div>图集</div><div>+1</div></div>""",
        _WHEN,
    ),
    Page(
        "a window that names the kind of page, and a menu of headings above the path",
        f"""<ul><li><h3>政策解读</h3></li><li><h3>定点帮扶</h3></li></ul><div>当前位置：<a>首页</a> &gt; <a>新闻动态</a> &gt; 正文</div>
        <div class="k7">{TITLE}</div><p>时间：2024年05月01日 08:05　来源：云岭日报</p><div class="k8">{TEXT}</div>""",
        _WHEN, "云岭日报", head="<title>动态详情</title>",
    ),
    Page(
        "a line of the article that is more like the window than the headline is, but has a label",
        f"""<h1>云岭协会诚聘英才</h1><p>2024-05-01</p><div class="k8"><p>职　务：协会办公室主任</p>{TEXT}</div>""",
        "2024-05-01", title="云岭协会诚聘英才", body=("职 务：协会办公室主任", *PARAS), head="<title>协会办公室主任招聘</title>",
    ),
    Page(
        "text straight in the body of the document",
        f"""<center><h2>{TITLE}</h2></center><font size="2">2024-05-01　来源：县教育局</font><hr>{"<br>".join(PARAS)}""",
        "2024-05-01", "县教育局", head=f"<title>{TITLE}</title>", frame=False,
    ),
    Page(
        "text that was set before",
        f"""<h1>{TITLE}</h1><div>2024-05-01　来源：县教育局 <span>语音播报</span></div><pre>{PARAS[0]}{PARAS[1]}</pre>""",
        "2024-05-01", "县教育局", body=(PARAS[0] + PARAS[1],),
    ),
    Page(
        "labels and values as terms and descriptions",
        f"""<h1>{TITLE}</h1><dl><dt>发布日期：</dt><dd>2024-05-01</dd><dt>来源：</dt><dd>县教育局</dd><dt>责任编辑：</dt><dd>苏可明</dd></dl>
        <div class="k8">{TEXT}</div>""",
        "2024-05-01", "县教育局", "苏可明",
    ),
    Page(
        "a blank editor above a button",
        f"""<h1>{TITLE}</h1><div>2024-05-01</div><div>责任编辑：</div><div>返回首页</div><div class="k8">{TEXT}</div>""",
        "2024-05-01",
    ),
    Page(
        "a file whose address tells nothing, below its heading",
        f"""<h1>{TITLE}</h1><div>2024-05-01</div><div class="k8">{TEXT}</div><div>附件：<br><a href="/api/files/12">线路表.xlsx</a></div>""",
        "2024-05-01", attachments=(("线路表.xlsx", "http://www.example.gov.cn/api/files/12"),),
    ),
    Page(
        "labels and buttons that stand beside their values without a blank",
        f"""<div><p><span>索引号</span>5199-1</p><p><span>发布机构</span>县教育局</p><p><span>发布日期</span>2024-05-01</p></div>
        <h1>{TITLE}</h1><div class="k8">{TEXT}</div><div><h4>附件下载</h4><ul><li><a href="/f/1.pdf">线路表</a><i>(9KB)</i></li></ul></div>""",
        "2024-05-01", "县教育局", attachments=(("线路表", "http://www.example.gov.cn/f/1.pdf"),),
    ),
    Page(
        "a counter and a button that stand beside the source without a blank",
        f"""<h1>{TITLE}</h1><div><i>2024-05-01</i> <i>来源：云岭日报</i><i>阅读人次：9</i></div><div class="k8">{TEXT}</div>""",
        "2024-05-01", "云岭日报",
    ),
    Page(
        "a subtitle below the headline, and a window that names the site",
        f"""<div>当前位置：<a>首页</a> &gt; <a>要闻</a></div><h1>{TITLE}</h1><h3 class="subtitle">三方护送机制全面建立</h3>
        <p>云岭县人民政府门户网站 www.example.gov.cn</p><p>时间：2024-05-01　来源：云岭日报</p><div class="k8">{TEXT}</div>""",
        "2024-05-01", "云岭日报", head="<title>云岭县人民政府门户网站</title>",
    ),
    Page(
        "a window that names the column, as the path through the site does",
        f"""<div>当前位置：<a>首页</a>&gt;<a>部门动态</a> &gt; <a>工作动态</a></div><p class="k7">{TITLE}</p><p>日期：2024-05-01</p>
        <div class="k8">{TEXT}</div>""",
        "2024-05-01", head="<title>工作动态</title>",
    ),
    Page(
        "names below the footer of the site, and a long notice that is not displayed",
        f"""<h1>{TITLE}</h1><p>2024-05-01</p><div class="k8">{TEXT}</div><div class="f1"><p>云ICP备00000001号</p><p>信息来源：数据中心
        责任编辑：管理员</p></div><div style="display:none"><p>{PARAS[1] * 9}</p></div>""",
        "2024-05-01",
    ),
    Page(
        "who sent the article in, as a signature below it, is no source",
        f"""<h1>{TITLE}</h1><div>发布时间：2024-05-01</div><div class="k8">{TEXT}</div><div>供稿单位：校安科</div>""",
        "2024-05-01",
    ),
    Page(
        "an article that is a picture",
        f"""<h1>{TITLE}</h1><div>发布时间：2024-05-01　来源：县教育局</div><div id="vsb_content"><div class="v_news_content"><img
        src="/u/8B91.png"></div></div><p>网站声明：转载请注明出处，违者必究</p>""",
        "2024-05-01", "县教育局", body=("8B91.png",),
    ),
    Page(
        "an article that is an embedded file",
        f"""<h1>{TITLE}</h1><div>发布时间：2024-05-01　来源：县教育局</div><div class="TRS_Editor"><iframe src="/p/1.pdf"></iframe></div>""",
        "2024-05-01", "县教育局", body=("1.pdf",),
    ),
    Page(
        "links to other articles of the day at the end of the body's container",
        f"""<h1>{TITLE}</h1><div>2024-05-01 08:05</div><div class="k8">{TEXT}<div>相关新闻：</div><div>· <a href="1.html">云岭县召开春耕会议</a>
        </div><div>· <a href="2.html">青石镇开展植树活动</a></div></div>""",
        _WHEN,
    ),
    Page(
        "attachments at the end of the body's container stay in it",
        f"""<h1>{TITLE}</h1><div>2024-05-01 08:05</div><div class="k8">{TEXT}<p><a href="1.pdf">1.线路表</a></p><p><a href="2.pdf">2.台账</a>
        </p></div>""",
        _WHEN, body=(*PARAS, "1.线路表", "2.台账"),
        attachments=(("1.线路表", "http://www.example.gov.cn/zwdt/1.pdf"), ("2.台账", "http://www.example.gov.cn/zwdt/2.pdf")),
    ),
    Page(
        "buttons behind the source that are no buttons elsewhere",
        f"""<h1>{TITLE}</h1><div>2024-05-01 08:05 来源：云岭网 <a>手机看新闻</a> <a>我要评论</a></div><div class="k8">{TEXT}</div>""",
        _WHEN, "云岭网",
    ),
)  # fmt: skip
