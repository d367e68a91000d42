"""Article pages of our own writing, in the markup that www.sc.gov.cn has used since 2022.

People, offices and events are invented. `article_html` gives the whole page as served: the normal copy, the hidden
elder copy, both headers, the footer, the font widget, the QR line, and the noise that differs in every response.
"""

from collections.abc import Sequence
from html import escape

TITLE = "云岭县召开山区小学校车安全工作现场会"
PUBLISHED = "2023年05月22日 14时50分"
PUBLISHED_ISO = "2023-05-22T14:50:00+08:00"
SOURCE = "云岭县教育局"
EDITOR = "苏可明"
PARAGRAPHS = (
    "5月18日,云岭县山区小学校车安全工作现场会在青石镇召开。会议研究建立“学校+交警+家长”三方护送新机制,"
    "部署下半年校车安全工作。",
    "会议总结了去年以来的成效。全县共投入420余万元更新校车36辆,覆盖18所山区小学,接送学生3228人;"
    "随车照管员全部经过培训,持证率达到100%。",
    "据了解,今年前四个月全县校车事故为零,投诉量比上年同期下降4.36%。其余7条线路的候车亭预计10月底前完工。",
    "“孩子的路,一米都不能马虎。”县教育局局长闻远舟强调,各校要把校车台账、线路图和应急预案做实做细;"
    "驾驶员每次出车前要填写检查单,打印一份交学校存档,家长扫一扫车身上的二维码就能看到当天的行车记录。",
    "当日,6所学校与县客运公司签订了接送协议。闻远舟指出,线路优化要听取家长意见,先急后缓、分步实施。",
    "会议要求,各乡镇要在汛期前排查临水临崖路段,能立即整改的马上整改;暂时不能整改的设立警示标志,专人值守。",
    "与会人员还考察了青石镇中心小学的校车停靠点,并乘车走完了最长的一条线路。",
)

_PAGE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
 "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="zh_CN" lang="zh_CN">
<head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}">
<meta name="SiteName" content="云岭县人民政府网站"/>
<meta name="SiteIDCode" content="5199990001"/>
<meta name="ColumnName" content="部门动态"/>
<meta name="ArticleTitle" content="{plain_title}"/>
<meta name="PubDate" content="2024-12-10 08:23:48"/>
<meta name="others" content="页面生成时间 2024-12-10 08:23:48"/>
<meta name="csrf-token" content="{token}"/>
<title>{plain_title}- 云岭县人民政府网站</title>
<meta name="ContentSource" content="{source}"/>
<meta name="Author" content="{editor}"/>
<link rel="stylesheet" href="static/css/public.css"/>
<script>var serverTime = "{server_time}"; var token = "{token}";</script>
<style>.lm_gd {{ display: none; }}</style>
</head>
<body class="zzzqbody" id="zzzqbody">
<div class="szfcommonhead2022" style="display: none;">
 <ul class="clearfix"><li><a href="/index.shtml">首页</a></li><li><a href="/zfld.shtml">政府领导</a></li>
 <li><a href="/zwxx.shtml">政务公开</a></li></ul>
 <span class="today">{server_time} 星期一</span>
</div>
<div class="zzzqcommonhead2022" style="display: none;"><a href="/index.shtml">网站首页</a>
 <a href="#">长者专区</a></div>
<div class="szfcontentwrap2022" id="szfcontentwrap2022"><div id="container"><div id="main"><div id="content">
 <div id="articlecontent">
  <h2>
   <UCAPTITLE>
     {title}
   </UCAPTITLE>
  </h2>
  <div id="articleattributepre">
   <ul id="articleattribute">
    <li style="width:180px;">
      {published}
    </li>
    <li style="width:300px;">来源:
      {source}
    </li>
   </ul>
   <div class="contztfxul">
    <li class="myfont">【字体：<span><a href="javascript:;" title="大">大</a></span><span><a
     href="javascript:;" title="中"> 中</a></span><span><a href="javascript:;" title="小"> 小</a></span>】</li>
    <span class="visits">浏览次数：{visits}</span>
    <div class="share"><span>分享：</span><a class="share-btn gwds_weixin" title="分享到微信"></a></div>
   </div>
  </div>
  <div id="cmsArticleContent">
   <UCAPCONTENT>
{body}
   </UCAPCONTENT>
  </div>
  <div class="zrbj" style="text-align: right;">责任编辑：
    {editor}
  </div>
  <div id="div_div"><div id="qr_container">扫一扫在手机打开当前页</div><canvas id="Canvas"></canvas></div>
  <div id="tblAppendixContainer" class="relatedlinks"><h3>相关附件&gt;&gt; </h3>
   <table width="100%" id="tblAppendix">
{attachments}
   </table>
  </div>
  <div id="tblArticleLinkContainer" class="relatedlinks"><h3>相关链接&gt;&gt; </h3>
   <table id="tblArticleLink"><tr class="xgli"><td><span class="xgid">194ddb4d:</span>
    <a href="/bmdt/2023/5/1/a1.shtml">云岭县：青石镇开展春季植树</a></td></tr></table>
  </div>
  <ul id="bottombtn"><li><a class="print">打印本页</a></li><li><a class="print">关闭窗口</a></li></ul>
 </div>
 <div class="share-title" style="display:none">{plain_title}</div>
 <div class="share-substr" style="display:none">{first}...</div>
</div></div></div></div>
{elder}
<div class="newfootbox"><div class="foot">
 <p class="p2">主办单位：云岭县人民政府办公室</p>
 <p class="p3">运行维护单位：云岭县大数据中心</p>
 <p class="p4">网站标识码：5199990001 云ICP备00000001号</p>
 <p class="p5">网站维护请拨打值班电话。本页已被访问 {visits} 次 当前时间 {server_time}</p>
 <ul><li>微信</li><li>微博</li><li>客户端</li><li>头条号</li></ul>
 <div class="changepcbtn"><a>手机版</a> <a>电脑版</a></div>
</div></div>
<script>track("{token}", {visits});</script>
</body>
</html>
"""

_ELDER = """<div class="zzzqcontentwrap2022" id="zzzqcontentwrap2022"><div class="content container">
 <div id="articlezzzqcontent">
  <h2>
   <UCAPTITLE>
     {title}
   </UCAPTITLE>
  </h2>
  <div id="wzmessg"><li class="fl">{published}</li><li class="fr">来源:
    {source}
  </li></div>
  <div id="cmsArticlezzzqContent">
   <UCAPCONTENT>
{body}
   </UCAPCONTENT>
  </div>
  <div class="zzzqzrbjcommon">责任编辑：{editor}</div>
  <div id="div_div"><div id="qr_container">扫一扫在手机打开当前页</div></div>
 </div>
</div></div>"""

_TEXT_FOOT = """    主办单位:云岭县人民政府办公室
    运行维护单位:云岭县大数据中心
  • 微信
  • 微博
  • 客户端
  • 头条号
  • 手机版 电脑版
"""


def article_html(
    title: str = TITLE,
    published: str = PUBLISHED,
    source: str = SOURCE,
    editor: str = EDITOR,
    paragraphs: Sequence[str] = PARAGRAPHS,
    *,
    noise: int = 0,
    attachments: Sequence[tuple[str, str]] = (),
    elder: bool = True,
    elder_paragraphs: Sequence[str] | None = None,
    charset: str = "utf-8",
) -> bytes:
    """Return one article page as served, encoded in `charset`.

    `published` is the text displayed. `noise` seeds the visit counter, the server's time and the token: two
    numbers give pages whose noise differs and whose article is the same. `attachments` are (name, href).
    `elder_paragraphs` is what the elder copy shows, where that differs from the normal copy. A `<br>` in
    `title` stays markup; all else is escaped.
    """
    shown = escape(title).replace("&lt;br&gt;", "<br>")
    fields = {
        "title": shown,
        "plain_title": escape(title.replace("<br>", " ")),
        "published": escape(published),
        "source": escape(source),
        "editor": escape(editor),
    }
    page = _PAGE.format(
        **fields,
        body=_paragraphs(paragraphs),
        first=escape(paragraphs[0][:40] if paragraphs else ""),
        attachments="".join(
            f'<tr><td><a href="{escape(href)}" target="_blank">{escape(name)}</a></td></tr>'
            for name, href in attachments
        ),
        elder=_ELDER.format(**fields, body=_paragraphs(elder_paragraphs or paragraphs)) if elder else "",
        charset=charset,
        visits=1000 + 7 * noise,
        token=f"{(noise + 1) * 2654435761 % 2**64:016x}",
        server_time=f"2024-06-{1 + noise // 1440 % 28:02d} {noise // 60 % 24:02d}:{noise % 60:02d}:07",
    )
    return page.encode(charset)


def article_text(
    title: str = TITLE,
    published: str = PUBLISHED,
    source: str = SOURCE,
    editor: str = EDITOR,
    paragraphs: Sequence[str] = PARAGRAPHS,
    *,
    captured: str = "2024-07-14",
    elder: bool = True,
) -> bytes:
    """Return the same page as a plain-text dump, the way a reader would copy it, encoded in UTF-8."""
    body = "\n\n".join(f"      {text}" for text in paragraphs).lstrip()
    head = f"  • {published}\n  • 来源: {source}\n"
    foot = f"  • {body}\n    责任编辑: {editor}\n    扫一扫在手机打开当前页\n"
    second = f"    {title}\n\n{head}{foot}" if elder else ""
    return f"{captured}\n\n{title}\n\n{head}  • 【字体:\n{foot}{second}{_TEXT_FOOT}".encode()


def _paragraphs(paragraphs: Sequence[str]) -> str:
    return "\n".join(f'<p style="text-indent: 2em; line-height: 2;">{escape(text)}</p>' for text in paragraphs)
