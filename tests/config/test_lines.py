"""Claims about finding the line of a key in a TOML file."""

import pytest

from config.lines import KeyPath, key_lines, line_of

TEXT = """\
# name = "not this"
database = "x"  # delay = 1
crawl.delay = "1s"
"quoted" . 'dotted'.key-1 = 1
text = "[crawl]"

[ absence ]
  hold="6h"
[[target]]
name = "a"
urls = [
  "http://a/?x=1",
]
[target.schedule]
every = "1h"
[[ target ]]  # the second
headers = { A = "1" }
name = "b"
name = "again"
[target.cookies]
"a b" = "1"
[defaults.schedule]
cron = "0 8 * * *"
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("database",), 2),
        (("crawl", "delay"), 3),
        (("quoted", "dotted", "key-1"), 4),
        (("absence",), 7),
        (("absence", "hold"), 8),
        (("target", 0), 9),
        (("target", 0, "name"), 10),
        (("target", 0, "urls"), 11),
        (("target", 0, "schedule"), 14),
        (("target", 0, "schedule", "every"), 15),
        (("target", 1), 16),
        (("target", 1, "headers"), 17),
        (("target", 1, "name"), 18),
        (("target", 1, "cookies", "a b"), 21),
        (("defaults", "schedule", "cron"), 23),
    ],
)
def test_a_key_is_found_in_its_table(path: KeyPath, line: int) -> None:
    assert line_of(path, key_lines(TEXT)) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("absence", "confirmations"), 7),
        (("target", 1, "headers", "A"), 17),
        (("target", 1, "url"), 16),
        (("target", 0, "schedule", "cron"), 14),
        (("target", 2, "name"), 1),
        (("delay",), 1),
        ((), 1),
    ],
)
def test_a_key_that_has_no_line_is_where_the_nearest_around_it_is(path: KeyPath, line: int) -> None:
    assert line_of(path, key_lines(TEXT)) == line


def test_line_ends_of_windows_count_once() -> None:
    assert line_of(("b",), key_lines("a = 1\r\n\r\nb = 2\r\n")) == 3
