"""A look at a channel tells whether it can be reached, and sends nothing to the reader."""

import socket
import ssl
import threading
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from fakes.receiver import receiving
from fakes.site import Site, self_signed, trusting

from config.settings import Channel, MailServer
from core.errors import DeliveryError
from reports.channels.look import look

HERE = Path()


def mail(port: int, **other: str) -> Channel:
    server = MailServer("127.0.0.1", port, "none", "a@b.cn", ("c@d.cn",), **other)
    return Channel("post", "mail", mail=server)


def hook(url: str) -> Channel:
    return Channel("hook", "webhook", url=url)


def test_a_webhook_is_connected_to_and_nothing_is_posted() -> None:
    with receiving() as receiver:
        said = look(hook(receiver.url), HERE)
        assert receiver.came == []
    assert said == f"127.0.0.1 port {receiver.server_port} takes connections; nothing was posted"


def test_a_webhook_that_cannot_be_reached_is_told_without_its_token() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(DeliveryError, match=r"channel hook: .*refused") as caught:
        look(hook(f"http://user:pass@127.0.0.1:{port}/token"), HERE)
    assert "token" not in str(caught.value)
    assert "pass" not in str(caught.value)
    with pytest.raises(DeliveryError, match="none of http:// or https://"):
        look(hook("ftp://127.0.0.1/token"), HERE)


def test_the_certificate_of_a_webhook_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = self_signed(tmp_path, "localhost")
    with Site(tls=files) as site:
        url = site.url("/hook", host="localhost")
        with pytest.raises(DeliveryError, match="self-signed certificate"):
            look(hook(url), HERE)
        monkeypatch.setattr(ssl, "create_default_context", lambda: trusting(files[0]))
        assert "has a good certificate; nothing was posted" in look(hook(url), HERE)
        assert site.requests == []


def test_a_mail_server_is_asked_for_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        assert look(mail(port), HERE) == f"127.0.0.1 port {port} takes connections; nothing was sent"
        with pytest.raises(DeliveryError, match="AUTH"):
            look(mail(port, user="me", password="secret"), HERE)
    finally:
        controller.stop()


def test_a_server_that_hangs_up_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            listener.accept()[0].close()

        threading.Thread(target=hang_up).start()
        with pytest.raises(DeliveryError, match="channel post"):
            look(mail(listener.getsockname()[1]), HERE)


def test_a_file_need_not_be_there_but_its_folder_must(tmp_path: Path) -> None:
    assert look(Channel("f", "file", path="out.jsonl"), tmp_path) == f"{tmp_path}/out.jsonl can be written to"
    (tmp_path / "out.jsonl").touch()
    assert look(Channel("f", "file", path="out.jsonl"), tmp_path).endswith("out.jsonl can be written to")
    with pytest.raises(DeliveryError, match="there is no folder"):
        look(Channel("f", "file", path="absent/out.jsonl"), tmp_path)
    with pytest.raises(DeliveryError, match="cannot be written to"):
        look(Channel("f", "file", path=""), tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "out.jsonl"]


def test_of_others_nothing_is_tried() -> None:
    for kind in ("stdout", "apprise"):
        assert "nothing was tried" in look(Channel("c", kind, url="ntfy://topic"), HERE)
