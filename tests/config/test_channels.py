"""The settings of channels: what is read, and what is wrong with them, told without their secrets."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.load import parse_settings
from config.settings import Channel, Cron
from core.errors import ConfigError

HOOK = '[[channel]]\nname = "h"\nkind = "webhook"\nurl = "https://example.org/T0KENT0KEN"\n'
MAIL = '[[channel]]\nname = "m"\nkind = "mail"\nserver = "s"\nfrom = "a@b.cn"\nto = ["c@d.cn"]\n'


def channel(text: str) -> Channel:
    (found,) = parse_settings(text, "my.toml").channels
    return found


def problem(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_settings(text, "my.toml")
    (said,) = caught.value.problems
    return said


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("", None),
        ('digest = "immediately"\nhold = "5s"', None),
        ('digest = "hourly"', Cron("0 * * * *")),
        ('digest = "daily at 08:00"', Cron("0 8 * * *")),
        ('digest = "daily at 8:05"\nzone = "Europe/Berlin"', Cron("5 8 * * *", ZoneInfo("Europe/Berlin"))),
    ],
)
def test_a_channel_tells_immediately_hourly_or_daily_at_a_time(text: str, digest: Cron | None) -> None:
    assert channel(HOOK + text).digest == digest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HOOK + 'digest = "weekly"',
            """digest: must be "immediately", "hourly" or such as "daily at 08:00", not 'weekly'""",
        ),
        (HOOK + 'digest = "daily at 24:00"', "digest: must be "),
        (HOOK + 'digest = "hourly"\nhold = "5s"', "hold: goes with no digest"),
        (HOOK + 'digest = "hourly"\nzone = "Asia/Tokyo"', "zone: goes with a digest such as"),
        (HOOK + 'zone = "Asia/Tokyo"', "zone: goes with a digest such as"),
        (HOOK + 'health = "no"', "health: must be true or false"),
        (HOOK + 'secret = "env:GW_NONE"', "secret: the environment has no variable 'GW_NONE'"),
        (HOOK + 'secret = ""', "secret: is empty"),
        (HOOK + 'secret = "whsec_S3CR*T"', "secret: begins with whsec_, but what follows is not base64"),
        (HOOK + 'secret = "file:hook.key"', "secret: names the file hook.key; write its whole path"),
        (
            HOOK + 'secret = "file:/none/hook.key"',
            "secret: names the file /none/hook.key, which cannot be read: No such",
        ),
        (HOOK.replace("https", "ftp"), "url: is not an address that can be posted to"),
        (HOOK.replace("https://", ""), "url: is not an address that can be posted to"),
        (HOOK.replace("T0KENT0KEN", "T0KENT0KEN教"), "url: has letters beyond ASCII"),
        (HOOK.replace("example.org", "T0KENT0KEN@example.org"), "url: has a user and password in it"),
        (HOOK.replace('"h"', '"h\\u0007"'), "name: has a line break or control character"),
        (
            '[[channel]]\nname = "h"\nkind = "hook"\n',
            "kind: must be one of stdout, file, webhook, mail, apprise, not 'hook'",
        ),
        (HOOK.replace("webhook", "apprise").replace("https://", ""), "url: is not an address; write it as its service"),
        (MAIL.replace('["c@d.cn"]', "[]"), "to: is empty"),
        (MAIL.replace("a@b.cn", "nobody"), "from: 'nobody' is not a mail address"),
        (MAIL.replace('["c@d.cn"]', '["c@d.cn", "@"]'), "to: '@' is not a mail address"),
    ],
)
def test_what_is_wrong_with_a_channel_is_told_without_its_secrets(text: str, said: str) -> None:
    told = problem(text)
    assert told.split(": channel[1].")[1].startswith(said)
    assert "T0KEN" not in told
    assert "S3CR" not in told


def test_secrets_come_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("fr0mfile\n")
    monkeypatch.setenv("GW_KEY", "fr0menv")
    assert channel(HOOK + f'secret = "file:{tmp_path}/key"').secret == "fr0mfile"
    found = channel(MAIL + 'user = "u"\npassword = "env:GW_KEY"')
    assert found.mail is not None
    assert found.mail.password == "fr0menv"
    assert "fr0m" not in repr(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[channel]\nname = 'h'\n", "my.toml:1: channel: must be written as [[channel]], with two brackets"),
        (HOOK + HOOK, "my.toml:6: channel[2].name: the name 'h' is given twice; give another"),
        (HOOK.replace('name = "h"\n', ""), "my.toml:1: channel[1]: has no name"),
        (
            HOOK.replace('url = "https://example.org/T0KENT0KEN"\n', ""),
            "my.toml:1: channel[1]: has no url, which this kind",
        ),
    ],
)
def test_a_channel_needs_a_name_of_its_own_and_what_its_kind_asks_for(text: str, said: str) -> None:
    assert problem(text).startswith(said)


def test_a_service_of_apprise_is_given_by_its_address() -> None:
    assert channel(HOOK.replace("webhook", "apprise").replace("https", "ntfy")).url == "ntfy://example.org/T0KENT0KEN"
