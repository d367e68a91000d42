"""Reports to whatever Apprise reaches (an optional package), by schemes that only carry messages."""

from core.errors import DeliveryError
from reports.channels.values import Notice, Send

ALLOWED = frozenset(
    (
        *("bark", "dingtalk", "discord", "feishu", "gotify", "gotifys", "lark", "mattermost", "mmost", "mmosts"),
        *("matrix", "matrixs", "ntfy", "ntfys", "pover", "pushplus", "rocket", "rockets", "schan", "signal"),
        *("signals", "slack", "telegram", "tgram", "wecombot", "wxpusher"),
    )
)
"""Schemes of chat and push services. Those that run commands, write files or speak raw protocols are not among them."""


def check_apprise(name: str, url: str) -> str:
    """Return the address of an Apprise service. Raises DeliveryError, which does not repeat the token it holds."""
    scheme = url.partition("://")[0].lower()
    if scheme not in ALLOWED:
        raise DeliveryError(
            name, f"the scheme {scheme!r} is not allowed; there are: {', '.join(sorted(ALLOWED))}", True
        )
    return url


def to_apprise(name: str, url: str) -> Send:
    """Return what sends reports through Apprise.

    Raises DeliveryError where it is not installed or knows no such address.
    """
    address = check_apprise(name, url)
    try:
        from apprise import Apprise, NotifyFormat, OverflowMode
    except ImportError as error:
        raise DeliveryError(
            name, "needs the package apprise: pip install 'govwatch[apprise]'", is_final=True
        ) from error
    service = Apprise()
    if not service.add(address):
        raise DeliveryError(name, "Apprise does not understand the address; check it", is_final=True)
    if "overflow=" not in address:
        # A chat takes a few thousand characters, and refuses what is longer; the address may say to split it.
        for one in service:
            one.overflow_mode = OverflowMode.TRUNCATE

    def send(notice: Notice) -> None:
        if not service.notify(body=notice.text, title=notice.subject, body_format=NotifyFormat.TEXT):
            raise DeliveryError(name, "the service did not take the message")

    return send
