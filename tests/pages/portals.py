"""The table of pages by the habits of portals and news sites: what stands beside the attributes and behind the body."""

from pages.markup import PARAS, TEXT, TITLE, Page, meta

_WHEN = "2024-05-01T08:05:00+08:00"

PAGES = (
    Page(
        "date and linked source side by side, editor as the last paragraph",
        f"""<h1 class="main-title">{TITLE}</h1><div class="date-source"><span class="date">2024年05月01日 08:05</span> <a
        class="source">云岭新闻网</a></div><div class="article" id="artibody">{TEXT}<p class="show_author">责任编辑：苏可明 </p></div>""",
        _WHEN, "云岭新闻网", "苏可明",
    ),
    Page(
        "buttons behind the source",
        f"""<h1 class="post_title">{TITLE}</h1><div class="post_info">2024-05-01 08:05:00　来源: <a>云岭日报</a>&nbsp;<a>举报</a></div>
        <div class="post_body">{TEXT}</div><div class="post_author">本文来源：云岭日报 责任编辑：苏可明</div>""",
        _WHEN, "云岭日报", "苏可明",
    ),
    Page(
        "letter sizes behind the source",
        f"""<div class="content_left_title">{TITLE}</div><div class="content_left_time">2024年05月01日 08:05　来源：<a>云岭新闻网</a> <a>
        大字体</a> <a>小字体</a> <a>分享到：</a></div><div class="left_zw">{TEXT}</div><div class="adEditor">【编辑:苏可明】</div>""",
        _WHEN, "云岭新闻网", "苏可明",
    ),
    Page(
        "the weekday between day and hour",
        f"""<h1>{TITLE}</h1><div>发布时间：2024年05月01日 星期三 08:05</div><div>来源：县教育局</div><div class="k8">{TEXT}</div>""",
        _WHEN, "县教育局",
    ),
    Page(
        "labels and values in boxes of their own",
        f"""<h1>{TITLE}</h1><div class="a"><div>来源：</div><div>县教育局</div><div>发布时间：</div><div>2024-05-01</div></div>
        <div class="k8">{TEXT}</div>""",
        "2024-05-01", "县教育局",
    ),
    Page(
        "a blank source in a list, before the letter sizes",
        f"""<h1>{TITLE}</h1><ul><li>2024-05-01</li><li>来源：</li><li>大 中 小</li><li>打印本页</li></ul><div class="k8">{TEXT}</div>""",
        "2024-05-01",
    ),
    Page(
        "a source with the issue of the paper",
        f"""<h1>{TITLE}</h1><p>来源：云岭日报（2024年5月1日 第3版）</p><div class="k8">{TEXT}</div>""",
        "2024-05-01", "云岭日报",
    ),
    Page(
        "three readers behind the editor",
        f"""<h1>{TITLE}</h1><p>发布时间：2024-05-01</p><div class="k8">{TEXT}<p>编 辑：苏可明　一审：甲某　二审：乙某</p></div>""",
        "2024-05-01", editor="苏可明",
    ),
    Page(
        "the editor in brackets at the end of the last paragraph",
        f"""<h1>{TITLE}</h1><p>发布时间：2024-05-01</p><div class="k8">{TEXT.removesuffix("</p>")}【责任编辑：苏可明】</p></div>""",
        "2024-05-01", editor="苏可明", 
    ),
    Page(
        "one who publishes is no editor",
        f"""<h1>{TITLE}</h1><p>发布人：闻某　发布时间：2024-05-01　录入：甲某</p><div class="k8">{TEXT}</div><p>（作者：乙某）</p>""",
        "2024-05-01",
    ),
    Page(
        "sources that are no source of the article",
        f"""<h1>{TITLE}</h1><p>发布时间：2024-05-01</p><div class="k8">{TEXT}<p>资金来源：县财政</p><p>图片来源：闻某</p></div>""",
        "2024-05-01", body=(*PARAS, "资金来源：县财政", "图片来源：闻某"),
    ),
    Page(
        "a time of an event in the article is not that of publication",
        f"""<h1>{TITLE}</h1><p>来源：县教育局</p><div class="k8"><p>时间：2024年6月1日上午9:00</p><p>地点：青石镇中心小学</p>{TEXT}</div>""",
        "2024-05-01", "县教育局", body=("时间：2024年6月1日上午9:00", "地点：青石镇中心小学", *PARAS),
        url="http://www.example.gov.cn/202405/t20240501_1.html",
    ),
    Page(
        "summaries of other articles below",
        f"""<h1>{TITLE}</h1><p>2024-05-01 08:05　来源：县教育局</p><div class="k8">{TEXT}</div><div class="rec"><h4>为你推荐</h4>
        <div><a href="7.html">云岭县启动防汛演练，各乡镇参加，演练分三个阶段</a><p>演练分三个阶段进行，各乡镇派员参加，效果良好。</p>2024-05-03</div>
        <div><a href="8.html">云岭县举办春茶节，客商云集，签约金额创下新高</a><p>春茶节为期三天，客商云集，签约金额创下新高。</p>2024-05-02</div>
        </div>""",
        _WHEN, "县教育局",
    ),
    Page(
        "a long notice on copyright below",
        f"""<h1>{TITLE}</h1><p>2024-05-01 08:05　来源：县教育局</p><div class="k8">{TEXT}</div><div class="tip">凡本网注明来源的作品，版权均属本网，
        转载请注明来源。</div>""",
        _WHEN, "县教育局",
    ),
    Page(
        "share text that repeats the beginning, hidden",
        f"""<h1>{TITLE}</h1><p>2024-05-01 08:05　来源：县教育局</p><div class="k8">{TEXT}</div><div style="display:none">{PARAS[0]}</div>""",
        _WHEN, "县教育局",
    ),
    Page(
        "a short notice with a list",
        """<h1>关于校车安全检查的通知</h1><p>2024-05-01 08:05　来源：县教育局</p><div id="zoom"><p>各小学：</p><p>现将检查安排通知如下。</p>
        <ol><li>青石镇</li><li>白沙镇</li></ol><p>附件：<a href="a.xls">安排表</a></p><p style="text-align:right">县教育局</p>
        <p style="text-align:right">2024年4月30日</p></div>""",
        _WHEN, "县教育局", title="关于校车安全检查的通知", head="<title>关于校车安全检查的通知-通知公告-云岭县教育局</title>",
        body=("各小学：", "现将检查安排通知如下。", "青石镇", "白沙镇", "附件：安排表", "县教育局", "2024年4月30日"),
        attachments=(("安排表", "http://www.example.gov.cn/zwdt/a.xls"),),
    ),
    Page(
        "a table of figures in the article",
        f"""<h1>{TITLE}</h1><p>2024-05-01 08:05　来源：县教育局</p><div class="k8">{TEXT}<table><tr><td>名称</td><td>数量</td><td>备注</td></tr>
        <tr><td>校车</td><td>36</td><td></td></tr></table></div>""",
        _WHEN, "县教育局", body=(*PARAS, "名称 | 数量 | 备注", "校车 | 36"),
    ),
    Page(
        "the hidden title is stale, the column's name is a heading",
        f"""<h2>部门动态</h2><div class="dt"><div class="tt">{TITLE}</div><div>时间：2024-05-01 08:05 来源：县教育局</div></div>
        <div class="k8">{TEXT}</div>""",
        _WHEN, "县教育局", head=meta(ArticleTitle=TITLE.replace("召开", "举行")),
    ),
)  # fmt: skip
