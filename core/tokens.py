"""Where a mark may begin or end: numbers with their units, dates, words, and else grapheme by grapheme."""

import re
import unicodedata
from functools import lru_cache

from core.fold import fold_width
from core.lexicon import WORDS
from core.patterns import lazy_pattern

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, for a character class."""
_LETTER = r"(?![\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[^\W\d_][\u0300-\u036f]*"
_WORD = rf"{_LETTER}(?:{_LETTER}|[0-9]|['’\-](?=[^\W_]))*"
"""A word of letters other than Chinese and Japanese, with its digits: `COVID-19`, `don’t`."""
_NUMBER = r"[0-9]+(?:[.,:∶/][0-9]+)*"
_SIZE = "[余多]?[十百千万亿]*[余多]?"
_UNIT = (
    "%|‰|℃|个百分点|个月|个|平方公里|平方千米|平方米|立方米|公里|千米|厘米|毫米|米|公斤|千克|克|吨|公顷|亩|美元|港元|元|人次|人|名|位|户|家"
    "|所|座|栋|套|台|辆|件|份|项|条|款|章|节|页|号|期|次|届|批|类|级|例|倍|岁|年度|年|月|日|天|周年|周|小时|时|分钟|分|秒"
)
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
_DIGIT = "〇○零一二三四五六七八九"
_TOKEN = lazy_pattern(
    "|".join(
        (
            r"(?:[0-9]{2,4}年)?[0-9]{1,2}月(?:[0-9]{1,2}[日号])?",
            rf"[{_DIGIT}]{{4}}年(?:[{_DIGIT}十]{{1,2}}月(?:[{_DIGIT}十]{{1,3}}[日号])?)?",
            rf"第[{_DIGIT}十百千]{{1,7}}[条章节款项届次期号名批类级位]",
            r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|T(?=[0-9]{2}:)",
            rf"[0-9]{{1,2}} {_MONTH}(?: [0-9]{{4}})?(?![^\W_])|{_MONTH} [0-9]{{1,2}}(?:, [0-9]{{4}})?(?![^\W_])",
            rf"第?{_NUMBER}(?:{_WORD}|{_SIZE}(?:{_UNIT})?)",
            _WORD,
            r"[\U0001f1e6-\U0001f1ff]{2}|\r\n|.",
        )
    ),
    re.DOTALL,
)
"""A date, a number with its unit, a word, a flag, any character; widths being folded."""
_JOINER = "\u200d"


def tokens(text: str) -> list[str]:
    """Split a text where a mark may begin or end: numbers, dates and words whole, else grapheme by grapheme.

    Combining marks, variation selectors, skin tones, tags and what a zero-width joiner joins stay with their letter
    (UAX #29 without its rules for Indic conjuncts). Of Chinese words only those of the lexicon are known.
    """
    found: list[str] = []
    for match in _TOKEN.finditer(fold_width(text)):
        token = text[match.start() : match.end()]
        if found and (_extends(token[0]) or found[-1].endswith(_JOINER) or found[-1] + token in WORDS):
            found[-1] += token
        else:
            found.append(token)
    return found


def key(text: str) -> str:
    """Return the form in which texts are compared: widths folded, composed (NFC)."""
    return unicodedata.normalize("NFC", fold_width(text))


@lru_cache(maxsize=4096)
def token_key(token: str) -> str:
    """Return the form in which tokens are compared: a text has the same ones again and again."""
    return key(token)


def _extends(letter: str) -> bool:
    if letter < "\u0300" or letter.isalnum():
        return False
    is_tone_or_tag = "\U0001f3fb" <= letter <= "\U0001f3ff" or "\U000e0020" <= letter <= "\U000e007f"
    return is_tone_or_tag or letter in "\u200c\u200d" or unicodedata.category(letter) in ("Mn", "Me", "Mc")
