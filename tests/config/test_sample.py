"""Claims about configurations that are good: no file, an empty one, one with every option, and the sample."""

import re
from importlib.resources import files
from ipaddress import ip_network
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.load import load_settings, parse_settings
from config.schedule import cron
from config.settings import AbsencePolicy, CrawlSettings, Every, Settings, Target, Window
from core.errors import ConfigError
from core.model import FIELDS

SAMPLE = files("config").joinpath("sample.toml").read_text(encoding="utf-8")
ALL_OF_IT = re.sub(r"^#(?! )", "", SAMPLE, flags=re.MULTILINE)
EVERYTHING = """
database = "/var/lib/govwatch/pages.db"
rules_dir = "mine"
crawl = { contact = "a@b.cn", obey_robots = false, delay = "0s", concurrency = 256, concurrency_per_host = 16 }
absence = { confirmations = 1, hold = "2d" }
[defaults]
profile = "generic"
schedule = { every = "90s", window = "Mon-Fri  8:00-18:00", jitter = "30s" }
priority = "high"
watch = ["editor"]
labels = ["edu"]
headers = { Accept-Language = "zh-CN" }
cookies.sid = "env:GW_SID"
proxy = "http://u:p@10.0.0.1:3128/"
tls = "accept-invalid"
failing_after = 5
failing_for = "0s"
stale_after = "2d"
[[target]]
name = "group"
urls = ["http://a.cn/1#top", " https://a.cn/2 "]
[[target]]
name = "own"
url = "HTTP://教育.cn:8080/?x=1"
profile = ""
priority = "low"
watch = ["body", "title"]
labels = []
headers = {}
cookies = { region = "51" }
proxy = ""
tls = "verify"
failing_after = 2
[target.schedule]
cron = "0  8 * * mon-fri"
zone = "Europe/Berlin"
jitter = "1m"
[[target]]
name = "listed"
urls_from = "list.txt"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine").mkdir()
    (tmp_path / "my-rules").mkdir()
    (tmp_path / "list.txt").write_bytes("\ufeff# two\r\nhttp://b.cn/1 # one\r\n\r\n  http://b.cn/#2\r\n".encode())
    (tmp_path / "addresses.txt").write_text("http://b.cn/1\n")
    return tmp_path


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"# nothing\r\n\r\n", b"[crawl]\n[absence]\n[defaults]\n"])
def test_an_empty_file_is_good_and_means_the_defaults(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "my.toml"
    file.write_bytes(content)
    assert load_settings(file) == Settings(path=str(file))


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_bytes('\ufeffdatabase = "教.db"\r\n'.encode())
    assert load_settings(file).database == "教.db"


def test_every_option_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GW_SID", "secret")
    settings = parse_settings(EVERYTHING, str(folder / "my.toml"))
    assert settings.database == "/var/lib/govwatch/pages.db"
    assert settings.rules_dir == str(folder / "mine")
    assert settings.crawl == CrawlSettings("a@b.cn", False, 0, concurrency=256, concurrency_per_host=16)
    assert settings.absence == AbsencePolicy(1, 2 * 86400)
    one, two, own, three, four = settings.targets
    assert one == Target(
        name="group",
        url="http://a.cn/1",
        profile="generic",
        schedule=Every(90, Window("mon-fri 8:00-18:00"), 30),
        priority="high",
        watch=("editor",),
        labels=("edu",),
        headers=(("Accept-Language", "zh-CN"),),
        cookies=(("sid", "secret"),),
        proxy="http://u:p@10.0.0.1:3128/",
        accept_invalid_tls=True,
        failing_after=5,
        failing_for_s=0,
        stale_after_s=2 * 86400,
    )
    assert own == Target(
        name="own",
        url="http://教育.cn:8080/?x=1",
        schedule=replace(cron("0 8 * * mon-fri", "Europe/Berlin"), jitter_s=60),
        priority="low",
        watch=("body", "title"),
        cookies=(("region", "51"),),
        failing_after=2,
        failing_for_s=0,
        stale_after_s=2 * 86400,
    )
    assert (two.url, three.url, four.url) == ("https://a.cn/2", "http://b.cn/1", "http://b.cn/")
    assert (two.name, three.name, four.name) == ("group", "listed", "listed")


def test_the_rest_of_how_pages_are_fetched_is_read() -> None:
    text = 'timeout = "1m"\ndeadline = "2m"\nmax_size = "512KiB"\nretries = 0\nretry_wait = "0s"\n'
    crawl = parse_settings(f'[crawl]\n{text}allow_networks = ["::1", "10.0.0.0/8"]', "my.toml").crawl
    assert (crawl.timeout_s, crawl.deadline_s, crawl.max_bytes, crawl.retries) == (60, 120, 512 * 1024, 0)
    assert (crawl.retry_wait_s, crawl.allow_networks) == (0, ("::1/128", "10.0.0.0/8"))


def test_the_sample_is_good_as_it_is_and_means_the_defaults() -> None:
    settings = parse_settings(SAMPLE, "my.toml")
    example = Target(name="example", url="https://www.sc.gov.cn/")
    assert settings == Settings(path="my.toml", targets=(example,))


def test_the_sample_with_every_option_in_force_is_good_and_the_values_it_shows_are_the_defaults(folder: Path) -> None:
    settings = parse_settings(ALL_OF_IT, str(folder / "my.toml"))
    networks = settings.crawl.allow_networks
    assert all(ip_network(network).is_private for network in networks)
    assert settings.crawl == CrawlSettings(allow_networks=networks)
    assert settings.absence == AbsencePolicy()
    assert settings.rules_dir == str(folder / "my-rules")
    assert [target.name for target in settings.targets] == ["example", "notices", "notices", "listed"]
    assert settings.targets[0].watch == FIELDS
    assert settings.targets[0].accept_invalid_tls


def test_the_sample_shows_every_option() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_settings(
            "_ = 1\n[crawl]\n_ = 1\n[absence]\n_ = 1\n[defaults]\nschedule._ = 1\n[[target]]\n_ = 1", "my.toml"
        )
    known = {key for said in caught.value.problems for key in said.partition("known here: ")[2].split(", ") if key}
    shown = set(re.findall(r"^\[*(\w+)|(?<=[{,] )(\w+) =", ALL_OF_IT, flags=re.MULTILINE))
    assert len(known) > 30
    assert known <= {key for pair in shown for key in pair}
