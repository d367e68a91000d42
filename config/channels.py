"""Reading the `[[channel]]` tables: where changes are reported to, and which of them."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from config.form import Section
from config.schedule import parse_zone
from config.settings import CHANNEL_KINDS, DEFAULT_ZONE, HOLD_S, Channel, Cron, MailServer
from config.values import check_url, filled, parse_field, parse_secret
from core.model import ChangeKind

HOURLY = "0 * * * *"
_DAILY = re.compile(r"daily at ([01]?\d|2[0-3]):([0-5]\d)")
_SECURITY = ("starttls", "tls", "none")


def read_channels(top: Section) -> tuple[Channel, ...]:
    """Return the channels of a configuration."""
    entries = top.values["channel"] if "channel" in top else []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        top.problem("channel", "must be written as [[channel]], with two brackets")
        return ()
    channels: list[Channel] = []
    for number, values in enumerate(entries):
        channel = _channel(top.form.section(values, ("channel", number)))
        if channel.name and channel.name in {other.name for other in channels}:
            top.form.problem(("channel", number, "name"), f"the name {channel.name!r} is given twice; give another")
        channels.append(channel)
    return tuple(channels)


def _channel(entry: Section) -> Channel:
    for key in ("name", "kind"):
        if key not in entry:
            entry.form.problem(entry.where, f"has no {key}")
    kind = entry.parsed("kind", _one_of(CHANNEL_KINDS), "stdout")
    return Channel(
        name=entry.parsed("name", _name, ""),
        kind=kind,
        path=_needed(entry, "path", filled) if kind == "file" else "",
        url=_url(entry, kind) if kind in ("webhook", "apprise") else "",
        secret=entry.parsed("secret", _signing_secret, "") if kind == "webhook" else "",
        mail=_mail(entry) if kind == "mail" else None,
        labels=entry.each("labels", str.strip, ()),
        fields=entry.each("fields", parse_field, ()),
        kinds=entry.each("kinds", _one_of(tuple(ChangeKind)), ()),
        health=entry.get("health", bool, True),
        hold_s=int(entry.seconds("hold", HOLD_S)),
        digest=_digest(entry),
    )


def _digest(entry: Section) -> Cron | None:
    zone = entry.parsed("zone", parse_zone, DEFAULT_ZONE)
    digest = entry.parsed("digest", lambda text: _parse_digest(text, zone), None)
    if digest and "hold" in entry:
        entry.problem("hold", "goes with no digest, which has its own times; take it out")
    if "zone" in entry and (digest is None or digest.line == HOURLY):
        entry.problem("zone", 'goes with a digest such as "daily at 08:00"; take it out')
    return digest


def _parse_digest(text: str, zone: ZoneInfo) -> Cron | None:
    if text in ("immediately", "hourly"):
        return Cron(HOURLY) if text == "hourly" else None
    at = _DAILY.fullmatch(text)
    if at is None:
        raise ValueError(f'must be "immediately", "hourly" or such as "daily at 08:00", not {text!r}')
    return Cron(f"{int(at[2])} {int(at[1])} * * *", zone)


def _name(text: str) -> str:
    """Return the name of a channel, which is told in lines and messages."""
    if any(not character.isprintable() for character in text):
        raise ValueError("has a line break or control character in it; take that out")
    return filled(text)


def _signing_secret(text: str) -> str:
    """Return a secret; what begins with `whsec_` is base64 (Standard Webhooks), and would sign wrongly else."""
    secret = filled(parse_secret(text))
    try:
        if secret.startswith("whsec_"):
            b64decode(secret.removeprefix("whsec_"), validate=True)
    except Base64Error:
        raise ValueError("begins with whsec_, but what follows is not base64; copy it again, whole") from None
    return secret


def _mail_address(text: str) -> str:
    from email.utils import parseaddr  # Costs as much as all of the configuration, and only mail needs it.

    address = filled(text)
    user, at, host = parseaddr(address)[1].rpartition("@")
    if not (user and at and host) or not address.isprintable():
        raise ValueError(f"{text!r} is not a mail address; write for example someone@example.org")
    return address


def _needed(entry: Section, key: str, parse: Callable[[str], str]) -> str:
    if key not in entry:
        entry.form.problem(entry.where, f"has no {key}, which this kind of channel needs")
    return entry.parsed(key, parse, "")


def _url(entry: Section, kind: str) -> str:
    return _needed(entry, "url", _hook_address if kind == "webhook" else _service_address)


def _service_address(text: str) -> str:
    """Return an address, which may come from the environment; its message does not repeat the token it may hold."""
    address = filled(parse_secret(text))
    if "://" not in address:
        raise ValueError("is not an address; write it as its service asks, such as ntfy://example.org/topic")
    return address


def _hook_address(text: str) -> str:
    """Return an address that can be posted to; its message does not repeat the token it may hold."""
    address = filled(parse_secret(text))
    try:
        address = check_url(address)
    except ValueError:
        raise ValueError(
            "is not an address that can be posted to; write for example https://example.org/hook"
        ) from None
    if not address.isascii():
        raise ValueError("has letters beyond ASCII in it; write them percent-encoded, a host as xn--")
    if "@" in urlsplit(address).netloc:
        raise ValueError("has a user and password in it, which are not sent; sign with a secret instead")
    return address


def _mail(entry: Section) -> MailServer:
    security = entry.parsed("security", _one_of(_SECURITY), "starttls")
    recipients = entry.each("to", _mail_address, ())
    if not recipients:
        entry.problem("to", "is empty; list the addresses that the reports go to")
    return MailServer(
        host=_needed(entry, "server", filled),
        port=entry.count("port", 465 if security == "tls" else 587, 1, 65535),
        security=security,
        user=entry.parsed("user", parse_secret, ""),
        password=entry.parsed("password", parse_secret, ""),
        sender=_needed(entry, "from", _mail_address),
        recipients=recipients,
    )


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in known:
            raise ValueError(f"must be one of {', '.join(known)}, not {text!r}")
        return text

    return parse
