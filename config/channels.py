"""Reading the `[[channel]]` tables: where changes are reported to, and which of them."""

from collections.abc import Callable

from config.form import Section
from config.settings import CHANNEL_KINDS, HOLD_S, Channel, MailServer
from config.values import check_url, filled, parse_field, parse_secret
from core.model import ChangeKind

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
        name=entry.parsed("name", filled, ""),
        kind=kind,
        path=_needed(entry, "path") if kind == "file" else "",
        url=_needed(entry, "url") if kind in ("webhook", "apprise") else "",
        secret=entry.parsed("secret", parse_secret, "") if kind == "webhook" else "",
        mail=_mail(entry) if kind == "mail" else None,
        labels=entry.each("labels", str.strip, ()),
        fields=entry.each("fields", parse_field, ()),
        kinds=entry.each("kinds", _one_of(tuple(ChangeKind)), ()),
        health=entry.get("health", bool, True),
        hold_s=int(entry.seconds("hold", HOLD_S)),
    )


def _needed(entry: Section, key: str) -> str:
    if key not in entry:
        entry.form.problem(entry.where, f"has no {key}, which this kind of channel needs")
    return entry.parsed(key, _web_address if key == "url" else filled, "")


def _web_address(text: str) -> str:
    """Return an address, which may come from the environment; its message does not repeat the token it may hold."""
    address = filled(parse_secret(text))
    if "://" not in address:
        raise ValueError("is not an address; write for example https://example.org/hook")
    if address.startswith("http"):
        try:
            return check_url(address)
        except ValueError:
            raise ValueError("is not an address that can be posted to") from None
    return address


def _mail(entry: Section) -> MailServer:
    security = entry.parsed("security", _one_of(_SECURITY), "starttls")
    recipients = entry.each("to", filled, ())
    if not recipients:
        entry.problem("to", "is empty; list the addresses that the reports go to")
    return MailServer(
        host=_needed(entry, "server"),
        port=entry.count("port", 465 if security == "tls" else 587, 1, 65535),
        security=security,
        user=entry.parsed("user", parse_secret, ""),
        password=entry.parsed("password", parse_secret, ""),
        sender=_needed(entry, "from"),
        recipients=recipients,
    )


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in known:
            raise ValueError(f"must be one of {', '.join(known)}, not {text!r}")
        return text

    return parse
