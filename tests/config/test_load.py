"""Claims about what is told of a configuration that cannot be used, word for word."""

from pathlib import Path

import pytest

from config.load import load_settings, parse_settings
from core.errors import ConfigError

TARGET = '[[target]]\nname = "a"\n'
PAGE = TARGET + 'url = "http://a.cn/"\n'
OPTIONS = (
    "profile, schedule, priority, watch, labels, headers, cookies, proxy, tls, failing_after, failing_for, stale_after"
)
EITHER = 'schedule: must be either { every = "30m" } or { cron = "0 8 * * mon-fri" }'
NO_NETWORK = "'10.0.0.1/8' is not a network: 10.0.0.1/8 has host bits set; write for example 127.0.0.0/8"


def problems(text: str, path: str = "my.toml") -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse_settings(text, path)
    assert caught.value.path == path
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[crawl", 1),
        ('database = "x\n\n[crawl]\n', 1),
        ('[crawl]\ncontact = "x" y\n', 2),
        ('a = 1\nb = """\nc\n\n', 3),
        ("[crawl]\n[crawl]\n", 2),
        ("\n\nurl = www.a.cn\n", 3),
        ("x = " + "1" * 5000, 1),
        ("x = " + "[" * 9999, 1),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(text: str, line: int) -> None:
    (said,) = problems(text)
    assert said.startswith(f"my.toml:{line}: is not TOML: ")
    assert "(at" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('databse = "x"', "databse: unknown key; did you mean 'database'?"),
        (
            "colour = 1",
            "colour: unknown key; known here: database, rules_dir, crawl, absence, defaults, target, channel, retention, metrics",
        ),
        ('crawl.delai = "1s"', "crawl.delai: unknown key; did you mean 'delay'?"),
        ("absence = { confirmation = 1 }", "absence.confirmation: unknown key; did you mean 'confirmations'?"),
        ('[defaults]\nurl = "http://a/"', f"defaults.url: unknown key; known here: {OPTIONS}"),
        ("defaults = { watches = [] }", "defaults.watches: unknown key; did you mean 'watch'?"),
        ("database = 5", "database: must be a text in quotes, not 5"),
        ('database = " "', "database: is empty; fill it in"),
        ('rules_dir = "nowhere"', "rules_dir: there is no folder nowhere; make it, or take this line out"),
        ('rules_dir = ""', "rules_dir: is empty; fill it in"),
        ('crawl = "slow"', 'crawl: must be a table, not "slow"'),
        ("defaults = true", "defaults: must be a table, not true"),
        ("crawl.contact = true", "crawl.contact: must be a text in quotes, not true"),
        ('crawl.obey_robots = "no"', 'crawl.obey_robots: must be true or false, not "no"'),
        ("crawl.obey_robots = 0", "crawl.obey_robots: must be true or false, not 0"),
        ("crawl.concurrency = true", "crawl.concurrency: must be a whole number, not true"),
        ("crawl.retries = 1.5", "crawl.retries: must be a whole number, not 1.5"),
        ("crawl.delay = 2", "crawl.delay: must be a text in quotes, not 2"),
        ("crawl.delay = 2026-01-01", 'crawl.delay: must be a text in quotes, not "2026-01-01"'),
        ('crawl.delay = "soon"', "crawl.delay: 'soon' is not a duration; write for example 30m, 6h or 1d"),
        ('crawl.timeout = "0s"', "crawl.timeout: must be 1s to 366d"),
        ('crawl.retry_wait = "9999w"', "crawl.retry_wait: must be 0s to 366d"),
        ("crawl.concurrency = 0", "crawl.concurrency: must be 1 to 256, not 0"),
        ("crawl.concurrency_per_host = 17", "crawl.concurrency_per_host: must be 1 to 16, not 17"),
        ('crawl.max_size = "8MB"', "crawl.max_size: '8MB' is not a size; write for example 8MiB or 512KiB"),
        ('crawl.allow_networks = "::1"', 'crawl.allow_networks: must be a list, not "::1"'),
        ('crawl.allow_networks = ["10.0.0.1/8"]', f"crawl.allow_networks: {NO_NETWORK}"),
        ("metrics.port = 0", "metrics.port: must be 1 to 65535, not 0"),
        ("absence.confirmations = 101", "absence.confirmations: must be 1 to 100, not 101"),
        ('target = "http://a.cn/"', "target: must be written as [[target]], with two brackets"),
        ('[target]\nname = "a"', "target: must be written as [[target]], with two brackets"),
    ],
)
def test_what_is_wrong_with_the_tables_is_told(text: str, said: str) -> None:
    line = 2 if text.startswith("[defaults]") else 1
    assert problems(text) == (f"my.toml:{line}: {said}",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('url = "www.a.cn/x"', "'www.a.cn/x' has no http:// or https:// in front; write https://www.a.cn/x"),
        ('url = "ftp://a.cn/"', "'ftp://a.cn/' cannot be fetched; only http:// and https:// can"),
        ('url = "http:///x"', "'http:///x' is not an address: it has no host"),
        ('url = "http://a.cn/x y"', "'http://a.cn/x y' is not an address: it has white space inside"),
        ('url = "http://[::1"', "'http://[::1' is not an address: Invalid IPv6 URL"),
        ('url = "http://a:99999/"', "'http://a:99999/' is not an address: Port out of range 0-65535"),
        ('url = ""', "the address is empty; write for example https://www.sc.gov.cn/"),
        ("url = 5", "must be a text in quotes, not 5"),
        ('urls = ["http://a/", 5]', "must be a text in quotes, not 5"),
        (
            'url = "http://u:pw@a/"',
            "the address has a user or password in it; take that out, and give it as a header of the target",
        ),
        ('urls = "http://a/"', 'must be a list, not "http://a/"'),
        ("urls = []", "is empty; give an address, or take the target out"),
        ('urls = ["http://a/", "http://a/#x"]', "http://a/ is in line 3 already; give it once"),
        ('urls_from = ""', "is empty; fill it in"),
        ("urls_from = 5", "must be a text in quotes, not 5"),
        ('urls_from = "no.txt"', "no.txt cannot be read: No such file or directory; check the path"),
        ('urls_from = "a\\u0000b"', "a\0b cannot be read: embedded null byte; check the path"),
    ],
)
def test_what_is_wrong_with_an_address_is_told(text: str, said: str) -> None:
    assert problems(TARGET + text) == (f"my.toml:3: target[1].{text.partition(' ')[0]}: {said}",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("labels = [1]", "labels: must be a text in quotes, not 1"),
        ("profile = false", "profile: must be a text in quotes, not false"),
        ('watch = ["titel"]', "watch: there is no field 'titel'; did you mean 'title'?"),
        (
            'watch = ["x"]',
            "watch: there is no field 'x'; there are: title, published, source, editor, body, attachments",
        ),
        ("watch = []", "watch: is empty, so no change would be told; leave it out to watch every field"),
        ('schedule = "30m"', 'schedule: must be a table, not "30m"'),
        ("schedule = {}", EITHER),
        ('schedule = { every = "1h", cron = "0 8 * * *" }', EITHER),
        ('schedule = { zone = "Asia/Shanghai" }', EITHER),
        ('schedule.every = "5s"', "schedule.every: '5s' is too short; the shortest interval is 10s"),
        ('schedule.every = "1 hour"', "schedule.every: '1 hour' is not a duration; write for example 30m, 6h or 1d"),
        ("schedule.every = 30", "schedule.every: must be a text in quotes, not 30"),
        (
            'schedule = { every = "1h", zone = "UTC" }',
            "schedule.zone: goes with cron or a window, and not with every alone; take it out",
        ),
        (
            'schedule = { cron = "0 8 * * *", window = "08:00-18:00" }',
            "schedule.window: goes with every; a cron line names its hours itself",
        ),
        (
            'schedule = { every = "1h", window = "8-18" }',
            "schedule.window: '8-18' is not a window; write for example mon-fri 08:00-18:00",
        ),
        ('schedule = { every = "1h", jitter = "2h" }', "schedule.jitter: is longer than the interval"),
        (
            'schedule = { cron = "0 8 * * *", jitter = "25h" }',
            "schedule.jitter: '25h' is too long; the longest jitter is 24h",
        ),
        ('priority = "urgent"', "priority: must be high, normal or low, not 'urgent'"),
        ("priority = 1", "priority: must be a text in quotes, not 1"),
        ('schedule = { every = "1h", zon = "UTC" }', "schedule.zon: unknown key; did you mean 'zone'?"),
        ('schedule.cron = "0 25 * * *"', "schedule.cron: the hour field has '25', which is not 0 to 23"),
        ('schedule.cron = "0 0 31 feb *"', "schedule.cron: '0 0 31 feb *' names a day that its months never have"),
        (
            'schedule = { cron = "0 8 * * *", zone = "Asia/Peking" }',
            "schedule.zone: there is no time zone 'Asia/Peking'; write for example Asia/Shanghai",
        ),
        ('tls = "off"', 'tls: must be "verify" or "accept-invalid", not \'off\''),
        ("tls = false", "tls: must be a text in quotes, not false"),
        ('proxy = "u:pass@h:1"', "proxy: is not a proxy's address; write for example http://user:password@host:3128"),
        ('proxy = "env:GW_NO"', "proxy: the environment has no variable 'GW_NO'; set it before the start"),
        ("headers = { X = 1 }", "headers.X: must be a text in quotes, not 1"),
        (
            'headers = { "a b" = "1" }',
            "headers.a b: 'a b' cannot name a header or cookie; use letters, digits and hyphens",
        ),
        ('headers.X = "a\\nb"', "headers.X: has a line break or control character in it; take that out"),
        ('cookies.sid = "env:GW_NO"', "cookies.sid: the environment has no variable 'GW_NO'; set it before the start"),
        ("header = {}", "header: unknown key; did you mean 'headers'?"),
        (
            'every = "1h"',
            f"every: unknown key; known here: name, url, urls, urls_from, {OPTIONS}",
        ),
    ],
)
def test_what_is_wrong_with_an_option_is_told(text: str, said: str) -> None:
    assert problems(PAGE + text) == (f"my.toml:4: target[1].{said}",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[target]]\nurl = "http://a/"', '1: target[1]: has no name; write for example name = "notices"'),
        ('[[target]]\nname = " "\nurl = "http://a/"', "2: target[1].name: is empty; fill it in"),
        ('[[target]]\nname = 1\nurl = "http://a/"', "2: target[1].name: must be a text in quotes, not 1"),
        (
            '[[target]]\nname = "12"\nurl = "http://a/"',
            "2: target[1].name: '12' is a number, which pages have of their own; give it letters",
        ),
        ("[[target]]\nname = 'a'", "1: target[1]: has no address; give url, urls or urls_from"),
        (PAGE + "urls = []", "1: target[1]: has url and urls; give only one"),
        (
            PAGE + '\n[[target]]\nname = "a"\nurl = "http://b/"',
            "6: target[2].name: the name 'a' is in line 2 already; give it once",
        ),
        (
            PAGE + '\n[[target]]\nname = "b"\nurl = "http://a.cn/"',
            "7: target[2].url: http://a.cn/ is in line 3 already; give it once",
        ),
        (
            PAGE + "[target.schedule]\n\nevry = 1\nevery = '1h'",
            "6: target[1].schedule.evry: unknown key; did you mean 'every'?",
        ),
    ],
)
def test_what_is_wrong_with_a_target_is_told(text: str, said: str) -> None:
    assert problems(text) == (f"my.toml:{said}",)


def test_everything_wrong_is_told_at_once_in_the_order_of_the_lines() -> None:
    text = """
databse = "x"
[[target]]
name = "1"
tls = "off"
[crawl]
delay = 1
dela = "1s"
[[target]]
name = "b"
urls = ["a.cn", "http://b/", "b.cn"]
headers = { A = "env:GW_NO", B = 2 }
[defaults]
watch = ["titel", "source", "edtor"]
"""
    assert [said.removeprefix("my.toml:") for said in problems(text)] == [
        "2: databse: unknown key; did you mean 'database'?",
        "3: target[1]: has no address; give url, urls or urls_from",
        "4: target[1].name: '1' is a number, which pages have of their own; give it letters",
        '5: target[1].tls: must be "verify" or "accept-invalid", not \'off\'',
        "7: crawl.delay: must be a text in quotes, not 1",
        "8: crawl.dela: unknown key; did you mean 'delay'?",
        "11: target[2].urls: 'a.cn' has no http:// or https:// in front; write https://a.cn",
        "11: target[2].urls: 'b.cn' has no http:// or https:// in front; write https://b.cn",
        "12: target[2].headers.A: the environment has no variable 'GW_NO'; set it before the start",
        "12: target[2].headers.B: must be a text in quotes, not 2",
        "14: defaults.watch: there is no field 'titel'; did you mean 'title'?",
        "14: defaults.watch: there is no field 'edtor'; did you mean 'editor'?",
    ]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (b"", "my.toml:3: target[1].urls_from: {file} has no address in it; write one on each line"),
        (b"# nothing\n\n", "my.toml:3: target[1].urls_from: {file} has no address in it; write one on each line"),
        (b"\xff", "my.toml:3: target[1].urls_from: {file} is not UTF-8 (byte 0); save it as UTF-8"),
        (b"# pages\nhttp://a/\n\na.cn\n", "{file}:4: 'a.cn' has no http:// or https:// in front; write https://a.cn"),
        (b"http://a/\r\nhttp://b/\r\nhttp://a/", "{file}:3: http://a/ is in {file}:1 already; give it once"),
    ],
)
def test_what_is_wrong_with_a_file_of_addresses_is_told(tmp_path: Path, listed: bytes, said: str) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(listed)
    path = str(tmp_path / "my.toml")
    (found,) = problems(TARGET + 'urls_from = "list.txt"', path)
    assert found.replace(path, "my.toml") == said.format(file=file)


def unreadable(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    (said,) = caught.value.problems
    return said.removeprefix(f"{path}: ")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert unreadable(tmp_path) == "cannot be read: Is a directory; check the path"
    file = tmp_path / "my.toml"
    assert unreadable(file) == "cannot be read: No such file or directory; check the path"
    file.write_bytes('database = "教"'.encode("gb18030"))
    assert unreadable(file) == "is not UTF-8 (byte 12); save it as UTF-8"
