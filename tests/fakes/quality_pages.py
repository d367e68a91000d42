"""Pages of our own writing that are not the page that was asked for, and look-alikes that are."""

from core.model import QualityKind

BLOCKED, ERROR, GONE = QualityKind.BLOCKED, QualityKind.ERROR_PAGE, QualityKind.GONE
MOVED, PARTIAL, SUSPECT = QualityKind.MOVED, QualityKind.PARTIAL, QualityKind.SUSPECT

NAV = "".join(
    f"<li><a href='/{n}/'>{name}</a></li>"
    for n, name in enumerate(["首页", "政务公开", "办事服务", "互动交流", "走进云岭"])
)
FOOT = """<div class="foot"><p>主办单位：云岭县人民政府办公室</p><p>网站维护：云岭县大数据中心 电话：0999-1234567</p>
<p>网站标识码：5199990001 云ICP备00000001号</p></div>"""
BYLINE = "<p>发布时间：2024-05-06 10:20 来源：云岭县教育局 责任编辑：苏可明</p>"


def page(main: str = "", title: str = "云岭县人民政府", head: str = "") -> str:
    """Return a bare page: what the software of a server or a firewall writes."""
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{main}</body></html>"
    )


def framed(main: str, title: str = "云岭县人民政府", head: str = "") -> str:
    """Return `main` in the frame of the site: navigation above, the operator's lines below."""
    return page(f"<ul class=nav>{NAV}</ul><div class=main>{main}</div>{FOOT}", title, head)


def article(title: str, *paragraphs: str, head: str = "", byline: str = BYLINE) -> str:
    """Return a genuine article, with its headline, date, source and editor."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return framed(f"<h1>{title}</h1>{byline}<div class=TRS_Editor>{text}</div>", f"{title}_云岭县人民政府", head)


JSL = "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('=')+(1);location.href=location.pathname</script>"
RUISHU = "<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=76932;$_ts.cd='qhcrr'</script>"

NOT_THE_PAGE: dict[str, tuple[str, QualityKind, str]] = {
    # Challenges.
    "jsl": (JSL, BLOCKED, "加速乐"),
    "jsl with its cookie": (page(head="<script>go({'ct':'a','tn':'__jsl_clearance_s'})</script>", title=""), BLOCKED, "加速乐"),
    "ruishu": (page(head=f"<meta id='x' content='q' r='m'>{RUISHU}", title=""), BLOCKED, "瑞数"),
    "wzws": (page("<noscript><h1>请开启JavaScript并刷新该页.</h1></noscript><script>eval(1)</script>", ""), BLOCKED, "WZWS"),
    "wzws by its cookie": (page("<script>var wzws_cid='1';location='/WZWSREL'</script>", ""), BLOCKED, "WZWS"),
    "aliyun cookie": ("<html><script>var arg1='1A';document.cookie='acw_sc__v2='+arg1;</script></html>", BLOCKED, "Aliyun"),
    "aliyun refusal": (
        page("<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p><p>请求时间: 2024-05-06 10:20:00</p>"
             "<img src='https://errors.aliyun.com/a.png'>", "405"),
        BLOCKED, "Aliyun",
    ),
    "tencent cookie": ("<script>document['cookie']='__tst_status='+a(0);location.href=location.href</script>", BLOCKED, "Tencent"),
    "tencent captcha": (page("<p>验证码</p><script>x.open('POST','/WafCaptcha')</script>", "验证"), BLOCKED, "Tencent"),
    "cloudflare": (page("<script>window._cf_chl_opt={}</script>", "Just a moment..."), BLOCKED, "Cloudflare"),
    "cloudflare by its title": (page("<h1>www.example.gov.cn</h1><p>Verifying</p>", "Just a moment..."), BLOCKED, "firewall"),
    "yunjiasu": (page("<div id=yunjiasu-captcha></div>", "百度云加速"), BLOCKED, "云加速"),
    "yunsuo": (page("<script>self.location='/?security_verify_data='+s</script>", ""), BLOCKED, "云锁"),
    "safedog": (page("<p>您的请求带有不合法参数，已被网站管理员设置拦截！</p><a href='http://404.safedog.cn'>a</a>"), BLOCKED, "安全狗"),
    "yunaq": (page("<p>当前访问疑似黑客攻击，已被创宇盾拦截</p>"), BLOCKED, "创宇盾"),
    "incapsula": (page("<iframe src='/_Incapsula_Resource?x=1'></iframe>", ""), BLOCKED, "Imperva"),
    "safeline": (page("<div id=slg-box></div><script src='/.safeline/static/sl.js'></script>", "客户端安全检测"), BLOCKED, "SafeLine"),
    "edgeone": (page("<p>The request has been blocked by EdgeOne.</p><p>Request ID: 1</p>", "Restricted Access"), BLOCKED, "firewall"),
    "a check of five seconds": (page("<p>正在进行安全检测，请稍候...</p><script>setTimeout(a, 5000)</script>", "请稍候"), BLOCKED, "firewall"),
    "too fast": (page("<p>您的访问频率过快，请稍后再试</p>", "提示"), BLOCKED, "firewall"),
    "a slider of a shop": (page("<p>亲，小二正忙，滑动一下马上回来</p>", "验证"), BLOCKED, "firewall"),
    "an odd environment": (page("<p>环境异常</p><p>当前环境异常，完成验证后即可继续访问。</p>", ""), BLOCKED, "firewall"),
    "geetest": (page("<div id=box></div><script>initGeetest({gt:'a'})</script>", "验证"), BLOCKED, "captcha"),
    "an unknown cookie script": ("<script>document.cookie='C3VK=1;path=/';window.location.reload()</script>", BLOCKED, "cookie"),
    # Firewalls that say so.
    "firewall in words": (page("<h1>您的请求被拦截</h1><p>网站防火墙</p>", "提示"), BLOCKED, "firewall"),
    "firewall with a time": (page("<p>您的访问请求已被管理员设置拦截</p><p>时间：2024-05-06 10:20:11</p>", "拦截提示"), BLOCKED, "firewall"),
    "too many requests": (framed("<p>对不起，您的访问过于频繁，请稍后再试。</p>"), BLOCKED, "firewall"),
    "slide to verify": (page("<p>请完成安全验证</p><p>拖动滑块</p>", "安全验证"), BLOCKED, "firewall"),
    "access denied": (page("<h1>Access Denied</h1><p>You don't have permission to access this.</p>", "Access Denied"), BLOCKED, "firewall"),
    "you have been blocked": (page("<h1>Sorry, you have been blocked</h1><p>You are unable to access the site.</p>", "x"), BLOCKED, "firewall"),
    # Login walls.
    "login": (page("<form>用户名<input name=u>密码<input type='password' name=p></form>", "云岭县政务平台"), BLOCKED, "login"),
    "login by its title": (page("<div>扫码</div>", "统一身份认证平台"), BLOCKED, "login"),
    "please log in": (framed("<p>您还没有登录，请先登录！</p>"), BLOCKED, "login"),
    "session over": (framed("<p>登录已超时，请重新登录</p>"), BLOCKED, "login"),
    # No such page, under status 200.
    "no such page": (page("<h1>您访问的页面不存在或已被删除</h1><p>返回首页</p>", "提示"), GONE, "no such page"),
    "no such page in the frame": (framed("<p>抱歉，您要查看的信息不存在！</p><p>5秒后返回首页</p>"), GONE, "no such page"),
    "article deleted": (framed("<h2>对不起，该文章已被删除</h2>"), GONE, "no such page"),
    "deleted in the article's frame": (article("关于召开座谈会的通知", "该信息已下线。"), GONE, "no such page"),
    "cannot find": (framed("<p>很抱歉，没有找到您要访问的页面</p>"), GONE, "no such page"),
    "404 in the title": (framed("<p>返回</p>", "404 - 云岭县人民政府"), GONE, "no such page"),
    "404 in the heading": (framed("<h1>404</h1><p>哎呀，走错路了</p>"), GONE, "no such page"),
    "404 not found": (page("<h1>Not Found</h1><p>The requested URL /a was not found on this server.</p>", "404 Not Found"), GONE, "no such page"),
    "gone by its title": (framed("<p>返回</p>", "页面不存在_云岭县人民政府"), GONE, "no such page"),
    "moved in words": (page("<p>本网站已迁移至新域名 www.example.gov.cn，请更新收藏。</p>"), MOVED, "moved"),
    # Maintenance.
    "maintenance": (page("<h1>网站正在维护，请稍后访问</h1>", "提示"), ERROR, "maintenance"),
    "maintenance by its title": (page("<img src=a.png>", "系统维护中"), ERROR, "maintenance"),
    "upgrading": (framed("<p>系统升级中，给您带来不便敬请谅解！</p>"), ERROR, "maintenance"),
    "announced on every page": (page("<p>因机房搬迁，本网站于7月1日至3日暂停对外服务，敬请谅解。</p>"), ERROR, "maintenance"),
    "under maintenance": (page("<h1>We'll be back soon</h1>", "Site Maintenance"), ERROR, "maintenance"),
    # Server errors and the pages a server is shipped with.
    "bad gateway": (page("<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>", "502 Bad Gateway"), ERROR, "server"),
    "tomcat 500": (page("<h1>HTTP Status 500 – Internal Server Error</h1><p>java.lang.NullPointerException</p>", "HTTP Status 500"), ERROR, "server"),
    "stack trace": (page("<pre>java.lang.NullPointerException\n at gov.cms.Show(Show.java:12)</pre>", "云岭县"), ERROR, "server"),
    "php error": (page("<b>Fatal error: Uncaught Error in /www/a.php on line 3</b>", "云岭县"), ERROR, "server"),
    "database": (framed("<p>数据库连接失败！</p>"), ERROR, "server"),
    "system busy": (framed("<p>系统繁忙，请稍后再试</p>"), ERROR, "server"),
    "page in error": (framed("<p>您访问的页面出错了</p>"), ERROR, "server"),
    "error by its title": (page("<p>返回上一页</p>", "系统错误"), ERROR, "server"),
    "site not bound": (page("<p>您的网站未绑定</p>", "提示"), ERROR, "server"),
    "nginx": (page("<h1>Welcome to nginx!</h1><p>If you see this page, nginx is installed and working.</p>", "Welcome to nginx!"), ERROR, "default page"),
    "apache": (page("<p>This is the default welcome page used to test the server after installation. " * 40 + "</p>", "Apache2 Ubuntu Default Page: It works"), ERROR, "default page"),
    "iis": (page("<img src=iisstart.png>", "IIS Windows Server"), ERROR, "default page"),
    "tomcat": (page("<h2>If you're seeing this, you've successfully installed Tomcat.</h2>", "Apache Tomcat/9.0.65"), ERROR, "default page"),
    "it works": ("<html><body><h1>It works!</h1></body></html>", ERROR, "default page"),
    "nginx by its heading": (page("<h1>Welcome to nginx!</h1>", ""), ERROR, "default page"),
    "apache listing": (page("<h1>Index of /files</h1><pre>a.pdf 2024-05-06 10:20 3M</pre>", "Index of /files"), ERROR, "listing"),
    "iis listing": (page("<pre><a href='/'>[To Parent Directory]</a> a.pdf</pre>", "www.example.gov.cn - /files/"), ERROR, "listing"),
    # Stubs and shells.
    "refresh to the home page": (page(head="<meta http-equiv='refresh' content='0; url=/'>", title=""), MOVED, "home page"),
    "script to another page": (page("<script>window.location.href = '/b/2.html';</script>", ""), MOVED, "another page"),
    "script to a login": (page("<script>location.replace('/sso/login.jsp')</script>", ""), BLOCKED, "login"),
    "script to an error": (page("<script>location.assign('/404.html')</script>", ""), GONE, "not there"),
    "braces": (page("<p>{{ item.title }}，</p><p>{{ item.date }}</p><p>{{ item.source }}</p>", ""), SUSPECT, "JavaScript"),
    "empty app": (page("<div id=app></div><script src=a.js></script>", "云岭县"), SUSPECT, "JavaScript"),
    "loading": (page("<div>数据加载中，请稍候...</div>", "云岭县"), SUSPECT, "JavaScript"),
    "please enable": (page("<p>您的浏览器不支持JavaScript</p>", "云岭县"), SUSPECT, "JavaScript"),
    "nothing": (page(), SUSPECT, "nothing to read"),
    # Half a page.
    "cut in a tag": (article("开会", "会议开了很久。" * 40).split("</div>")[0] + "<p cla", PARTIAL, "inside a tag"),
    "cut in a closing tag": (article("开会", "会议开了很久。" * 40).split("</p>")[0] + "</", PARTIAL, "inside a tag"),
    "cut in a script": (page("<div><p>会议。</p>").removesuffix("</body></html>") + "<script>var a", PARTIAL, "in a script"),
    "cut in a comment": (page("<div><p>会议。</p>").removesuffix("</body></html>") + "<!-- foot", PARTIAL, "in a comment"),
    "cut in a sentence": (article("开会", "会议开了很久。" * 40).partition("久。")[0], PARTIAL, "open elements"),
    "an object that is not in its store": (
        "<?xml version='1.0'?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>", GONE, "no such page",
    ),
    "a program that failed": (
        page("<h1>“/”应用程序中的服务器错误。</h1><h2>未将对象引用设置到对象的实例。</h2><p>说明: 出现未经处理的异常。</p>", "未将对象引用设置到对象的实例。"),
        ERROR, "server",
    ),
    "a database that failed": (page("<p>Microsoft OLE DB Provider for SQL Server 错误 '80004005'</p><p>/inc/conn.asp，行 10</p>", ""), ERROR, "server"),
    "a wrong parameter": (page("<p>参数错误！</p>", "提示信息"), ERROR, "server"),
    "a visit that took too long": (page("<p>抱歉，网站访问超时，请稍后再试</p>", "访问超时"), ERROR, "server"),
    "a site that is closed": (framed("<p>本网站已关闭，请访问县政府门户网站</p>", "云岭县教育局"), ERROR, "server"),
}  # fmt: skip
"""What a page may be instead: its markup, the quality it must be given, and a word of the reason."""

LONG = "县政府网站维护升级期间，个别网友反映页面不存在、访问过于频繁等问题，技术人员已逐一解决。" * 6
NOTICE = ("因网站升级维护，本网站将于7月1日至3日暂停服务，敬请谅解。", "云岭县人民政府办公室")
LIST = framed(
    "".join(f"<li><a href='/a/{n}.html'>关于做好第{n}批项目申报工作的通知</a> 2024-05-06</li>" for n in range(30))
)
TINY = "".join(f"<p>{text}</p>" for text in ("关于放假的通知", "2024-05-06", "端午节放假三天。"))

THE_PAGE: dict[str, str] = {
    "an article about maintenance": article("县政府网站完成升级", LONG),
    "a maintenance notice of two lines": article("关于网站停机维护的公告", *NOTICE),
    "a footer that names who maintains": article("关于放假的通知", "端午节放假三天。"),
    "an article about a 404": article("404页面整治工作推进会召开", "会议通报了404 Not Found等错误链接的整治情况。"),
    "an article with a short word on 404": article("关于失效链接的说明", "个别链接打开后显示页面不存在，现已修复。", "特此说明。"),
    "an article about captchas": article("关于启用验证码的通知", "登录时请完成滑动验证，并输入验证码。", "请各单位知悉。"),
    "an article about logging in": article("网上办事指南", "请登录省政务服务网，选择事项后办理。", "未登录的用户不能查看进度。"),
    "an article about an attack": article("网络安全宣传周", "发现疑似黑客攻击或访问异常的，及时上报。", "联系人：苏可明。"),
    "an article about a deleted article": article("致歉声明", "昨日刊发的一则消息有误，该文章已被删除，特向读者致歉，并对由此造成的不便深表歉意。", "编辑部"),
    "a document no longer in force": article("关于印发办法的通知", "该文件已失效。"),
    "an article about moving offices": article("搬迁公告", "因办公楼维修，我局服务大厅暂停对外服务，迁至青石路8号。"),
    "a login box in the frame": article("关于放假的通知", "端午节放假三天。", head="<script>var a='<input type=password>'</script>"),
    "an article behind ruishu": article("关于放假的通知", "端午节放假三天。", head=RUISHU),
    "a list behind ruishu": LIST.replace("</head>", f"{RUISHU}</head>"),
    "a list with a login box": LIST.replace("<ul", "<form><input type=password></form><ul", 1),
    "a page behind cloudflare": article("公告", "端午节放假三天。", head="<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
    "an article with a captcha for comments": article("公告", "端午节放假三天。", head="<script>initGeetest({})</script>"),
    "a picture with a caption": article("一图读懂惠民政策", "<img src=a.png>", "图为政策要点。"),
    "a notice of two lines": article("通知", "今天下午停水。", "云岭县水务局"),
    "a notice on a page without a frame": page(TINY, "关于放假的通知"),
    "a page of english": page("<h1>Budget</h1><p>" + "The budget for next year was published today. " * 12 + "</p>", "Budget - Yunling"),
    "a short page of english": page("<h1>Office hours</h1><p>The office is closed on Monday.</p>", "Office hours"),
    "a page about a template language": article("模板写法", "变量写作{{ name }}、{{ date }}、{{ title }}。", *["另见说明。"] * 12),
    "an application rendered on the server": page("<div id=app><h1>通知</h1><p>发布时间：2024-05-06</p><p>端午节放假三天。</p></div>", "通知"),
    "a page that never closes its html": page("<p>端午节放假三天。</p><div>完</div>").replace("</body></html>", ""),
    "a page that ends in words": "<html><body><p>端午节放假三天。<p>云岭县水务局",
    "a fragment": "<p>端午节放假三天。</p><div>云岭县水务局",
    "an article that counts and sends on": article("公告", "端午节放假三天。", head="<script>document.cookie='n=1';if(m)location.href='/m/'</script>"),
    "an article with error in its title": article("Error 500 公里赛事开赛", "Error 500 公里赛事在青石镇开赛。"),
    "a page with no date about a list of files": page(f"<h1>目录</h1><p>{LONG}</p>", "Index"),
    "a list without news": framed("<h1>最新公告</h1><p>暂无信息</p>"),
    "an announcement of maintenance in its words": article("系统升级公告", "系统正在进行升级维护，预计5月4日恢复。"),
    "an article about a closed site": article("关于关闭网站的公告", "本网站已关闭，内容迁移至县政府门户网站。"),
    "an article about checks": article("机场安检提速", "旅客安全检查中，请稍候的提示牌已撤除。", "浏览器安全检测由信息中心负责。"),
    "an article about speed": article("关于限速的通告", "您的车辆访问园区时车速过快的，将被劝返。"),
    "an article about a timeout": article("关于系统访问超时问题的说明", "访问超时，请重试的问题已修复。", "参数错误的表格请重新填报。"),
    "an article about an application": article("应用程序中的服务器错误如何处理", "应用程序中的服务器错误多由配置引起，请联系信息中心。"),
    "an article about a firewall's maker": article("网络安全产品采购公告", "拟采购Protected By SafeLine等产品，欢迎报名。" * 2, LONG),
}  # fmt: skip
"""Pages that are what was asked for, although something on them looks as if they were not."""
