"""The signals, as data, that tell what a page is when it is not the page that was asked for; each with its reason."""

import re
from functools import cache
from typing import Literal

from msgspec import Struct

from core.model import QualityKind

Place = Literal["source", "title", "block"]


class Signal(Struct, frozen=True):
    """A pattern that says what a page is instead, with the reason in words.

    It is looked for in one place: anywhere in the `source` of a page with little to read; as the whole `title`
    (of the window, or the headline); or at the start of a displayed `block`, apologies taken off. It holds for
    a page that shows no article. A `sure` one holds even where a date or a source is displayed, as some
    challenges do: in a source, because no good page carries it; in a block, where that is a good part of the text.
    """

    kind: QualityKind
    place: Place
    pattern: str
    reason: str
    sure: bool

    def holds(self, text: str) -> bool:
        """Tell whether a text of the signal's place has it."""
        pattern = _compiled(self.pattern)
        look = {"source": pattern.search, "title": pattern.fullmatch, "block": pattern.match}[self.place]
        return look(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is asked for: all of them take 8 ms of a start, and good pages need none."""
    return re.compile(pattern)


def _either(patterns: tuple[str, ...]) -> str:
    return "(?i)" + "|".join(patterns)


def _challenge(name: str, pattern: str, sure: bool = True) -> Signal:
    reason = f"a challenge of {name} instead of the page"
    return Signal(QualityKind.BLOCKED, "source", pattern, reason, sure)


def _source(kind: QualityKind, reason: str, *patterns: str) -> Signal:
    return Signal(kind, "source", _either(patterns), reason, sure=False)


def _title(kind: QualityKind, reason: str, *patterns: str) -> Signal:
    return Signal(kind, "title", _either(patterns), reason, sure=False)


def _block(kind: QualityKind, reason: str, *patterns: str, sure: bool = True) -> Signal:
    return Signal(kind, "block", _either(patterns), reason, sure)


_FIREWALL = "a notice of a web firewall instead of the page"
_LOGIN = "a login instead of the page"
_NO_PAGE = "the page says that there is no such page"
_ELSEWHERE = "the page says that it has moved"
_MAINTENANCE = "a notice of maintenance instead of the page"
_SERVER = "an error of the server instead of the page"
_DEFAULT = "a default page of the server's software instead of the page"
_LISTING = "a listing of a folder instead of the page"
SHELL = "the page is a shell that is filled by JavaScript"

_END = r"(?:$|[,。!.;:?~、 ].{0,80})"
"""Nothing more, or another clause."""
_TAIL = (
    r"(?:$|[。!.]$|[,。!.;:?~、 ]{1,3}"
    r"(?:请|正在|即将|将在|\d+ ?秒|返回|或|可能|点击|如|您|你|谢谢|感谢|抱歉|错误|error).{0,80})"
)
"""Nothing more, or another clause of the kind that only a notice has."""
_VISIT = r"(?:您|你)?(?:所|要|想|正在|当前)?(?:访问|查看|浏览|查找|寻找|请求|打开|输入)的?"
_PAGE = (
    rf"(?:{_VISIT})?(?:该|此|本|这个|当前|对应|相关)?的?"
    r"(?:页面|网页|页|文章|内容|信息|稿件|文件|新闻|资源|链接|地址|网址|url){1,2}"
)
_POINTED = rf"(?:(?:{_VISIT})?(?:该|此|本|这个|当前|对应)|{_VISIT})的?(?:文章|内容|信息|稿件|文件|新闻|资源){{1,2}}"
_OWN = rf"(?:{_VISIT})?(?:该|此|本|这个|当前|对应|相关)?的?(?:页面|网页|页|链接|地址|网址|url){{1,2}}"
_TAKEN = r"(?:文章|内容|信息|稿件|文件|新闻){1,2}(?:已经?|被(?:发布者|作者|管理员)?)+(?:删除|下线|下架|撤[回稿下]|移除)"
_ABSENT = (
    r"(?:暂时|可能|或许|已经?|被(?:发布者|作者|管理员)?)*"
    r"(?:不存在|不见了|丢失|走丢|找不到|未找到|没有找到|无法找到|删除|下线|下架|撤[回稿下]|移除)"
)
_SITE = r"(?:本|该|此)?(?:网站|站点|系统|平台|页面|服务器?|站)"
_WORK = r"(?:系统|例行|日常|紧急|停机)?(?:维护|升级|更新|改版|建设|调试){1,2}(?:改造)?"
_ERROR = r"(?:(?:http|error|错误)(?: status)?[ :]?)?"

SIGNALS = (
    # Challenges: scripts that set a cookie and load the page again.
    _challenge("加速乐 (jsl)", r"document\.cookie\s{0,3}=\s{0,3}\('_'\)\+\('_'\)|__jsl_clearance"),
    _challenge("瑞数 (Ruishu)", r"\$_ts\s{0,3}=\s{0,3}window\b|\$_ts\.(?:nsd|cd)\b|FSSBBIl1UgzbN7N", sure=False),
    _challenge("WZWS", r"(?i:wzws[-_]?(?:waf|challenge|template|cid))|请开启JavaScript并刷新该页"),
    _challenge("Aliyun", r"acw_sc__v[23]|aliyun_waf|errors\.aliyun(?:dun)?\.com|_____tmd_____/punish"),
    _challenge("Tencent", r"__tst_status|EO_Bot_Ssid|/WafCaptcha|waf\.tencent-cloud\.com"),
    _challenge("Cloudflare", r"_cf_chl_opt|cf-chl-|cf-error-details|/challenge-platform/h/"),
    _challenge("百度云加速 (Yunjiasu)", r"yunjiasu-(?:captcha|challenge)|百度云加速(?:正在|提示)"),
    _challenge("云锁 (YunSuo)", r"security_verify_data|YunSuoAutoJump|yunsuologo|网防G01"),
    _challenge("安全狗 (Safedog)", r"404\.safedog\.cn|safedogsite/broswer_logo|服务器安全狗防护验证"),
    _challenge("创宇盾 (Yunaq)", r"365cyd\.(?:com|net)|yunaq\.com/misinformation|已被创宇盾拦截"),
    _challenge(
        "雷池 (SafeLine)", r"/\.safeline/|Protected By SafeLine|id\s{0,3}=\s{0,3}[\"']?slg-(?:bg|box)\b|长亭雷池"
    ),
    _challenge("AWS or Imperva", r"awsWafCookieDomainList|token\.awswaf\.com|_Incapsula_Resource"),
    _challenge("a slider or captcha", r"initGeetest|captcha-delivery\.com|AliyunCaptcha|/TCaptcha\.js", sure=False),
    # Firewalls that say so.
    _title(
        QualityKind.BLOCKED,
        _FIREWALL,
        r"(?:网站|web应用|云)?防火墙|.{0,12}(?:拦截|阻断)(?:提示|页面?)?|Restricted Access|(?:人机|安全|访问)验证",
        r"Just a moment\W*|Attention Required! \| Cloudflare|(?:403 )?(?:Access Denied|Forbidden)|WAF Block Page",
    ),
    _block(
        QualityKind.BLOCKED,
        _FIREWALL,
        r"(?:您|你|当前)的?(?:本次)?(?:访问|请求|操作|ip)(?:地址|的url)?.{0,16}"
        r"(?:被.{0,10}(?:拦截|拒绝|阻断|禁止|屏蔽|限制)|过于频繁|太频繁|频率?(?:过|太)[快高]|不合法|疑似.{0,4}(?:攻击|黑客)|存在(?:异常|风险|威胁))",
        r"由于(?:您|你)访问的url有可能对网站造成安全威胁|(?:访问|请求)(?:过于频繁|被拦截|被拒绝|异常)|(?:网站|web应用)防火墙$",
        r"请(?:先)?(?:完成|进行|通过|拖动|按住)(?:下列|以下|下方)?的?(?:安全|滑动|人机|身份|滑块)?(?:验证|滑块)|人机验证$",
        r"(?:您的)?(?:浏览器|正在进行|正在执行).{0,6}安全(?:检测|检查|验证)中?[,. …]{0,3}(?:请稍[候后]|$)",
        r"(?:当前)?环境异常,?(?:完成验证|$)",
        r"亲,小二正忙,滑动一下",
        r"(?:your|the) (?:request|access|ip).{0,24}blocked|you have been blocked|The requested URL was rejected",
        r"Checking your browser before|Verify(?:ing)? (?:that )?you are (?:a )?human",
        r"You don't have permission to access|(?:403 )?(?:Access Denied|Forbidden)$",
    ),
    # Login walls.
    _title(
        QualityKind.BLOCKED,
        _LOGIN,
        r"(?:用户|会员|管理员?|系统|后台|统一|单点)?(?:身份)?(?:认证|登[录陆])(?:页面?|界面|平台|系统|入口|中心)?",
        r"(?:user |please )?(?:log ?in|sign ?in)(?: page)?",
    ),
    _block(
        QualityKind.BLOCKED,
        _LOGIN,
        r"(?:您|你)(?:还|尚)?(?:没有|未)登[录陆].{0,20}$|请先?登[录陆](?:后|再|后再)?(?:查看|浏览|访问|阅读|操作)?.?$",
        r"(?:登[录陆]|会话|身份)(?:信息|验证)?已?(?:超时|过期|失效).{0,20}$",
    ),
    _source(QualityKind.BLOCKED, _LOGIN, r"""<input[^>]{0,200}\btype\s{0,3}=\s{0,3}["']?password\b"""),
    # There is no such page, or no longer.
    _title(
        QualityKind.GONE,
        _NO_PAGE,
        rf"{_ERROR}(?:404|410)(?:页面?|错误)?(?:\W.{{0,40}})?|(?:page|file)? ?not found",
        rf"{_PAGE}{_ABSENT}(?:\W.{{0,30}}|或已?被?删除)?",
    ),
    _block(
        QualityKind.GONE,
        _NO_PAGE,
        rf"{_OWN}{_ABSENT}(?:了|啦|或.{{0,20}})?{_END}",
        rf"(?:{_POINTED}{_ABSENT}|{_TAKEN})(?:了|啦|或.{{0,20}})?{_TAIL}",
        rf"(?:没有?找到|未(?:能)?找到|无法找到|找不到)(?:该|您|你|相关)?.{{0,6}}{_PAGE}{_END}",
        rf"{_ERROR}404(?:页面?|错误)?(?:$|[ ,:!-]{{1,3}}(?:$|{_ERROR}(?:file |page )?not found|{_PAGE}).{{0,60}})",
        r"(?:Page |File )?Not Found$|The requested (?:URL|resource|page) .{0,80}not (?:found|available)",
    ),
    _source(QualityKind.GONE, _NO_PAGE, r"<Code>NoSuch(?:Key|Bucket)</Code>"),
    _block(QualityKind.GONE, _NO_PAGE, rf"{_PAGE}{_ABSENT}(?:了|啦|或.{{0,20}})?{_TAIL}", sure=False),
    _block(
        QualityKind.MOVED,
        _ELSEWHERE,
        r"(?:本|该|此|原)?(?:网站|站点|页面|网页|栏目)已经?(?:迁移|搬迁|搬家|转移|迁至).{0,60}",
        sure=False,
    ),
    # Maintenance: said plainly or, where no article is shown, in the words of an announcement.
    _title(
        QualityKind.ERROR_PAGE,
        _MAINTENANCE,
        rf"{_SITE}?(?:正在|临时|暂时)?(?:{_WORK}|关闭)中?(?:提示|页面)?",
        r"(?:Site |Down for |Under )?(?:Maintenance|Construction)",
    ),
    _block(
        QualityKind.ERROR_PAGE,
        _MAINTENANCE,
        rf"{_SITE}(?:目前|现在|当前|暂时)?(?:正在|处于)(?:进行)?{_WORK}(?:中|状态)?{_END}",
        rf"{_SITE}(?:进行)?{_WORK}中{_END}",
        sure=False,
    ),
    _block(
        QualityKind.ERROR_PAGE,
        _MAINTENANCE,
        r".{0,40}(?:维护|升级|改版|检修|搬迁).{0,40}(?:暂停|停止|无法|关闭|中断)(?:对外)?(?:服务|访问|使用|开放)",
        sure=False,
    ),
    # The server's software, or a program behind it, failed.
    _title(
        QualityKind.ERROR_PAGE,
        _SERVER,
        rf"{_ERROR}(?:400|50\d|52\d)(?:\W.{{0,60}})?|(?:Internal )?Server Error.{{0,40}}|Error",
        r"(?:系统|服务器?|页面)?(?:发生|内部)?(?:错误|异常|出错[啦了]?)(?:页面?|提示|信息)?",
    ),
    _block(
        QualityKind.ERROR_PAGE,
        _SERVER,
        rf"{_ERROR}50[0234](?:$|[ :–-]{{1,3}}[a-z错内服]).{{0,60}}|(?:Internal )?Server Error|Bad Gateway",
        r"(?:Service|Server) (?:Temporarily )?Unavailable|Gateway Time-?out|Whitelabel Error Page",
        r"Error establishing a database connection|(?:Fatal|Parse) error: .{0,200}",
        r"(?:java|javax|org|com)\.[\w.]{4,80}(?:Exception|Error)\b",
        rf"(?:系统|服务器?|数据库|程序)(?:内部)?(?:发生|出现|连接)?了?(?:未知)?(?:错误|异常|繁忙|失败){_END}",
        rf"{_VISIT}(?:页面|网站|资源)(?:暂时|发生|出现)?了?(?:出错|错误|异常|无法访问|不可用)|页面出错|服务(?:暂时)?不可用",
        rf"(?:该|您的?)?(?:网站|站点|域名)(?:暂时无法访问|已(?:被)?(?:停用|关闭|暂停|过期)|未备案|未绑定){_END}|没有找到站点",
    ),
    _block(
        QualityKind.ERROR_PAGE,
        _SERVER,
        r"应用程序中的服务器错误|Server Error in '.{0,40}' Application",
        r"Microsoft OLE DB Provider for|Microsoft VBScript (?:运行时|编译器|runtime|compilation)|ADODB\.\w{3,20}",
        rf"(?:网站|页面|服务器?|系统)?(?:访问|连接|请求|响应)超时{_END}|(?:链接|请求)?参数(?:错误|有误|无效|不正确)!?$",
        rf"本(?:网站|站点|站)已(?:经|被)?(?:停用|关闭|停止(?:服务|访问)){_END}",
        sure=False,
    ),
    _title(
        QualityKind.ERROR_PAGE,
        _DEFAULT,
        r"Welcome to (?:nginx|OpenResty|tengine).{0,40}|Apache2 \w+ Default Page.{0,20}|(?:\w+ ){0,3}Test Page.{0,60}",
        r"IIS(?: ?\d.{0,3})?(?: Windows)?(?: Server)?|Apache Tomcat(?:/[\d.]+)?|.{0,6}站点创建成功.{0,6}|没有找到站点",
    ),
    _block(QualityKind.ERROR_PAGE, _DEFAULT, r"It works!$|Welcome to nginx!", sure=False),
    _title(QualityKind.ERROR_PAGE, _LISTING, r"Index of /.{0,200}|Directory Listing For .{0,200}"),
    _block(QualityKind.ERROR_PAGE, _LISTING, r"\[(?:To Parent Directory|转到父目录)\]", sure=False),
    # A shell.
    _block(
        QualityKind.SUSPECT,
        SHELL,
        r"(?:数据|页面|内容)?(?:正在)?(?:加载|载入)中?(?:,?请稍[候后等])?[.。·…]{0,6}$|Loading\W{0,6}$",
        r"(?:您的浏览器|本网?站|请).{0,20}(?:启用|开启|打开|支持) ?java ?script",
        sure=False,
    ),
    _source(
        QualityKind.SUSPECT,
        SHELL,
        r"""<div[^>]{0,80}\bid\s{0,3}=\s{0,3}["']?(?:app|root|__next|__nuxt)\b[^>]{0,80}>\s{0,9}</div>""",
        r"doesn't work properly without JavaScript|You need to enable JavaScript to run this app",
    ),
)
"""In the order in which they are asked; the first that holds names the quality and the reason."""
