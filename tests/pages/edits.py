"""One-field edits and noise on the bytes of a page, in its own encoding."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

_HIDDEN = re.compile(r"(?is)<head\b.*?</head>|<script\b.*?</script>|<style\b.*?</style>|<!--.*?-->|<[^<>]*>")
_LINK = re.compile(r"(?is)<a\b[^>]*>\s*([\u4e00-\u9fff]{4,20})\s*</a>")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BETWEEN = r"(?:\s|&nbsp;|<br\s*/?>|</?(?:p|span|strong|b)\b[^<>]{0,200}>){0,12}"


@dataclass(frozen=True)
class Shown:
    """A page with what it displays, and where in its text the article is."""

    id: str
    page: bytes
    encoding: str
    title: str
    published: str
    source: str
    editor: str
    first: str
    sentence: str
    last: str
    files: tuple[str, ...] = ()
    url: str = ""

    @property
    def text(self) -> str:
        """The page as text; the byte order mark stays a character of it."""
        return self.page.decode(self.encoding)


@dataclass(frozen=True)
class Edit:
    """One edited page: which field must be told as changed, or none where the edit is noise."""

    what: str
    page: bytes
    field: str = ""


@dataclass
class _Pen:
    """Collects the edits of one page that did change its bytes."""

    shown: Shown
    edits: list[Edit] = field(default_factory=list)

    def write(self, what: str, text: str, field: str = "") -> None:
        page = text.encode(self.shown.encoding)
        if page != self.shown.page:
            self.edits.append(Edit(f"{self.shown.id}: {what}", page, field))


def edits(shown: Shown, rng: Random) -> list[Edit]:
    """Return the edits of a page: of each field that it displays in one piece, and noise."""
    pen = _Pen(shown)
    text = shown.text
    unseen = [(found.start(), found.end()) for found in _HIDDEN.finditer(text)]
    sentences = _displayed(re.compile(f"()({re.escape(shown.sentence)})"), text, unseen)[:1]
    begins = [
        match.start()
        for match in _displayed(re.compile(re.escape(shown.first[:8])), text, unseen)
        if sentences and match.start() <= sentences[0].start()
    ]
    unseen.append((begins[-1], text.rfind(shown.last) + len(shown.last)) if begins else (0, 0))

    at, new = _other_sign(shown.title, rng)
    begin, end = _loose(shown.title[:at]), _loose(shown.title[at + 1 :])
    letter = re.escape(shown.title[at])
    titles = _displayed(re.compile(rf"(>\s*{begin})({letter})(?={end}\s*<)"), text, unseen)
    head = text.lower().find("</head")
    edited = _replaced(text, titles, new)
    pen.write("title, displayed copies", edited, "title")
    if titles:
        hidden = re.sub(f"({begin}){letter}(?={end})", rf"\g<1>{new}", text[:head])
        pen.write("title, hidden copies too", hidden + edited[head:], "title")
    for name, label in (("source", "来源|机构|部门|单位"), ("editor", "编|编辑")):
        if value := getattr(shown, name):
            labelled = re.compile(rf"((?:{label})(?:[\s:：]|&nbsp;|<[^<>]*>){{0,20}}[(（]?)({re.escape(value)})")
            seen = unseen if name == "source" else unseen[:-1]
            pen.write(name, _replaced(text, _displayed(labelled, text, seen), _other(value, rng)), name)
    dates = (
        _displayed(re.compile(rf"(>[^<>]{{0,40}}?)({re.escape(shown.published)})"), text, unseen)
        if shown.published
        else []
    )
    for what, when in _other_dates(shown.published):
        pen.write(f"date, {what}", _replaced(text, dates, when), "published")
    for what, sentence in _sentences(shown.sentence, rng):
        pen.write(f"sentence {what}", _replaced(text, sentences, sentence), "body")
    for href in shown.files:
        pen.write("link of a file", text.replace(href, href.replace(".", "9.", 2), 1), "attachments")
    _noise(pen, rng)
    return pen.edits


def _noise(pen: _Pen, rng: Random) -> None:
    text, token = pen.shown.text, f"{rng.randrange(10**12):012d}"
    pen.write("comment", _before(text, "</body", f"<!-- made {token} -->"))
    pen.write("script", _before(text, "</head", f"<script>var t='{token}';document.write('来源：{token}')</script>"))
    pen.write(
        "keywords",
        _before(text, "</head", f'<meta name="keywords" content="会议,{token}"><meta name="token" content="{token}">'),
    )
    pen.write(
        "footer", _before(text, "</body", f"<div class='foot'>本站总访问量：{token} 当前时间：2024-06-03 09:05</div>")
    )
    pen.write(
        "visits",
        re.sub(
            r"((?:访问|浏览|阅读|点击)(?:次数|量|数)?[:：]\s*(?:<[^<>]*>)?)\d*", rf"\g<1>{token[:5]}", text, count=1
        ),
    )
    first, last = text.find(pen.shown.title, text.lower().find("<body")), text.rfind(pen.shown.last)
    links = list(_LINK.finditer(text))
    menu = [link for link in links if text.lower().find("<body") < link.start() < first - 2000]
    related = [link for link in links if link.start() > last + 3000] if last > 0 else []
    for what, chosen in (("menu", menu), ("related links", related)):
        if chosen:
            link = rng.choice(chosen)
            pen.write(what, text[: link.start(1)] + "云岭要闻速递" + text[link.end(1) :])


def _before(text: str, tag: str, added: str) -> str:
    """Return `text` with something added before the last `tag`, or as it is where there is no such tag."""
    at = text.lower().rfind(tag)
    return text if at < 0 else text[:at] + added + text[at:]


def _displayed(pattern: re.Pattern[str], text: str, unseen: Sequence[tuple[int, int]]) -> list[re.Match[str]]:
    """Return the matches whose end is displayed: not in the head, in scripts, comments, tags or in other such spans."""
    return [
        match for match in pattern.finditer(text) if not any(start <= match.end() - 1 < end for start, end in unseen)
    ]


def _replaced(text: str, matches: Sequence[re.Match[str]], new: str) -> str:
    """Return `text` with the second group of each match replaced."""
    for match in reversed(matches):
        text = text[: match.start(2)] + new + text[match.end(2) :]
    return text


def _loose(value: str) -> str:
    """Return a pattern for a displayed text that allows for mark-up and white space between its characters."""
    return "".join(re.escape(sign) + _BETWEEN for sign in value if not sign.isspace())


def _other_sign(value: str, rng: Random) -> tuple[int, str]:
    """Return a place in `value` that holds a Chinese character, and one that `value` does not hold."""
    at = rng.choice([match.start() for match in _HAN.finditer(value)])
    return at, next(sign for sign in "曦骏岚翊" if sign not in value)


def _other(value: str, rng: Random) -> str:
    """Return `value` with one character replaced."""
    at, sign = _other_sign(value, rng)
    return value[:at] + sign + value[at + 1 :]


def _other_dates(when: str) -> Iterator[tuple[str, str]]:
    """Yield valid dates that differ from a displayed one by one digit."""
    numbers = [match.span() for match in re.finditer(r"\d+", when)]
    for what, (start, end) in zip(("year", "month", "day", "hour", "minute"), numbers, strict=False):
        digits = when[start:end]
        if len(digits) > 1 and digits[0] == "3":
            digits = "2" + digits[1:]
        else:
            digits = digits[:-1] + str(int(digits[-1]) - 1 if digits[-1] > "1" else int(digits[-1]) + 1)
        yield what, when[:start] + digits + when[end:]


def _sentences(sentence: str, rng: Random) -> Iterator[tuple[str, str]]:
    yield "with another character", _other(sentence, rng)
    yield "added", f"{sentence[:6]}这里添了一句话，以前没有。{sentence[6:]}"
    yield "shortened", sentence[: len(sentence) // 2]
