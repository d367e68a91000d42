"""How long a difference of 1 MB against 1 MB takes, in CPU of this process, for edits, rewrites and hostile shapes.

Prints JSON: for each shape its milliseconds, and how many times the baseline that is. The baseline is counting the
characters of 1 MB one by one, timed in the same run, so that figures of two machines can be compared. 1 MB is of UTF-8,
about 350,000 Chinese characters.
"""

import json
import string
import sys
import time
from collections.abc import Callable
from operator import add
from random import Random
from statistics import median

from core.diff import TextDiff, diff_texts
from core.model import NormalText
from core.summary import summary

HAN = [chr(code) for code in range(0x4E00, 0x5A00)]
CHARS = 345_000
Body = list[str]
_RANDOM = Random(20240501)
_BASE64 = string.ascii_letters + string.digits + "+/"
EDITED, ONE_PARAGRAPH = "1% of the paragraphs edited", "one paragraph, 1% edited in runs of ten"
REWRITTEN, FEW_LETTERS = "rewritten", "short lines of two letters, all with one start"


def sentence() -> str:
    """Return a sentence of 12 to 40 characters with a comma in it."""
    words = _RANDOM.choices(HAN, k=_RANDOM.randint(12, 40))
    words[len(words) // 2] = "，"
    return "".join(words) + "。"


def body(sentences: int) -> Body:
    """Return paragraphs of so many sentences, 1 MB in all."""
    found: Body = []
    size = 0
    while size < CHARS:
        found.append("".join(sentence() for _ in range(sentences)))
        size += len(found[-1])
    return found


def edited(lines: Body, share: float = 0.01) -> Body:
    """Return the same with one word replaced in this share of the lines."""
    return [edit(line) if _RANDOM.random() < share else line for line in lines]


def edit(text: str, chars: int = 2) -> str:
    """Return a text with a word in it replaced."""
    at = _RANDOM.randrange(len(text) - chars)
    return text[:at] + "".join(_RANDOM.choices(HAN, k=chars)) + text[at + chars :]


def scattered(text: str, share: float = 0.01, chars: int = 10) -> str:
    """Return a text with this share of its characters replaced, in runs of so many."""
    for _ in range(int(len(text) * share / chars)):
        text = edit(text, chars)
    return text


def noise(letters: str, count: int) -> str:
    """Return so many letters at random."""
    return "".join(_RANDOM.choices(letters, k=count))


def shapes() -> dict[str, Callable[[], tuple[Body, Body]]]:
    """Return what is measured, by name, to be made when it is measured."""
    ordinary, short, han = body(6), body(1), "".join(HAN)
    one = "".join(ordinary)
    return {
        EDITED: lambda: (ordinary, edited(ordinary)),
        "1% of 13,000 short paragraphs edited": lambda: (short, edited(short)),
        ONE_PARAGRAPH: lambda: ([one], [scattered(one)]),
        "one paragraph, 1% edited one by one": lambda: ([one], [scattered(one, chars=1)]),
        "every paragraph edited": lambda: (ordinary, edited(ordinary, 1)),
        "a third of every paragraph edited": lambda: (ordinary, [scattered(text, 0.33, 1) for text in ordinary]),
        REWRITTEN: lambda: (ordinary, body(6)),
        "rewritten, short paragraphs": lambda: (short, body(1)),
        "rewritten, one paragraph": lambda: ([one], ["".join(body(6))]),
        "rewritten, no punctuation": lambda: ([noise(han, CHARS)], [noise(han, CHARS)]),
        "all moved": lambda: (short, _RANDOM.sample(short, len(short))),
        "20,000 equal lines, 19,000 left": lambda: (["同一行文字。"] * 20_000, ["同一行文字。"] * 19_000),
        "20,000 equal lines, all edited alike": lambda: (["甲行的文字。"] * 20_000, ["乙行的文字。"] * 20_000),
        "20,000 lines of two, shuffled": lambda: (list(noise("甲乙", 20_000)), list(noise("甲乙", 20_000))),
        "two turned lines, to and fro": lambda: (
            ["甲行的文字。", "乙行的词句。"] * 9_999,
            ["乙行的词句。", "甲行的文字。"] * 9_999,
        ),
        "one paragraph of two letters": lambda: ([noise("甲乙", CHARS)], [noise("甲乙", CHARS)]),
        FEW_LETTERS: lambda: _behind_one_start(noise("甲乙", CHARS), noise("甲乙", CHARS)),
        "full stops alone": lambda: (["。" * CHARS], [f"甲{'。' * CHARS}乙"]),
        "500-letter paragraphs of six": lambda: _in_lines(noise("甲乙丙丁戊己", CHARS), noise("甲乙丙丁戊己", CHARS)),
        "500-letter paragraphs of six, half like": lambda: _half_like(),
        "one letter, all but one": lambda: (["甲" * CHARS], ["甲" * (CHARS - 1) + "乙" + "甲" * 5]),
        "base64": lambda: ([noise(_BASE64, CHARS)], [noise(_BASE64, CHARS)]),
    }


def _in_lines(old: str, new: str, size: int = 500) -> tuple[Body, Body]:
    return tuple([text[at : at + size] for at in range(0, CHARS, size)] for text in (old, new))  # type: ignore[return-value]


def _behind_one_start(old: str, new: str) -> tuple[Body, Body]:
    """Return short lines that begin alike: this once took two minutes."""
    start = noise("".join(HAN), 8)
    before, after = _in_lines(old, new, 9)
    return [start + line for line in before], [start + line for line in after]


def _half_like() -> tuple[Body, Body]:
    """Return paragraphs that are alike by their letters, each with a start of its own, and far apart word by word."""
    old, new = _in_lines(noise("甲乙丙丁戊己", CHARS), noise("甲乙丙丁戊己", CHARS), 490)
    starts = [noise("".join(HAN), 10) for _ in old]
    return list(map(add, starts, old)), list(map(add, starts, new))


def measure(old: Body, new: Body) -> tuple[float, TextDiff]:
    """Return the milliseconds of CPU that a difference takes, and the difference."""
    one, other = (NormalText("标题", "2024-05-01", "", "", tuple(side), ()) for side in (old, new))
    start = time.process_time()
    diff = diff_texts(one, other)
    return (time.process_time() - start) * 1000, diff


def baseline(runs: int = 5) -> float:
    """Return the milliseconds of CPU that counting the characters of 1 MB takes."""
    text, times = "".join(HAN) * (CHARS // len(HAN)), []
    for _ in range(runs):
        start = time.process_time()
        counts: dict[str, int] = {}
        for char in text:
            counts[char] = counts.get(char, 0) + 1
        times.append((time.process_time() - start) * 1000)
    return median(times)


def main() -> None:
    """Measure every shape three times and print the best, which other work on the machine disturbs least."""
    unit = baseline()
    figures: dict[str, object] = {"baseline_ms": round(unit, 1)}
    for name, make in shapes().items():
        sides = make()
        took, diff = min((measure(*sides) for _ in range(3)), key=lambda found: found[0])
        figures[name] = {"ms": round(took), "times_baseline": round(took / unit, 1), "said": summary(diff)[:90]}
        print(f"{name:45} {took:8.0f} ms {took / unit:6.1f}  {summary(diff)[:80]}", file=sys.stderr, flush=True)
    print(json.dumps(figures, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
