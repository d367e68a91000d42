"""The channels, against real receivers on loopback: what is sent, how it is signed, which refusals are final."""

import contextlib
import json
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from apprise.plugins.ntfy import NotifyNtfy
from fakes.receiver import Receiver, receiving
from fakes.site import self_signed, trusting
from msgspec.structs import replace

from config.settings import MailServer
from core.errors import DeliveryError
from reports.channels import mail, webhook
from reports.channels.anything import check_apprise, to_apprise
from reports.channels.file import to_file, to_stdout
from reports.channels.mail import to_mail
from reports.channels.values import Notice
from reports.channels.webhook import signature, to_webhook

NOTICE = Notice(
    "n-1",
    datetime(2024, 5, 1, tzinfo=UTC),
    "责任编辑\n已变更",
    "编辑 甲 -> 乙",
    "<p>编辑</p>",
    json.dumps({"kind": "changed"}),
)


def test_a_file_has_one_object_on_each_line(tmp_path: Path) -> None:
    send = to_file("f", tmp_path / "out.jsonl")
    send(NOTICE)
    send(NOTICE)
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == '{"kind": "changed"}\n' * 2


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"channel f: .* cannot be written to; check"):
        to_file("f", tmp_path)
    with pytest.raises(DeliveryError, match=r"channel f: there is no folder .*none; make it"):
        to_file("f", tmp_path / "none" / "out.jsonl")
    send = to_file("f", tmp_path / "out.jsonl")
    (tmp_path / "out.jsonl").mkdir()
    with pytest.raises(DeliveryError, match=r"channel f: .*: Is a directory; check"):
        send(NOTICE)


def test_a_line_that_was_torn_spoils_only_itself(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text('{"kind": "chan')
    send = to_file("f", tmp_path / "out.jsonl")
    send(NOTICE)
    send(NOTICE)
    assert (tmp_path / "out.jsonl").read_text().splitlines()[1:] == ['{"kind": "changed"}'] * 2
    (tmp_path / "empty").touch()
    to_file("f", tmp_path / "empty")(NOTICE)
    assert (tmp_path / "empty").read_text() == '{"kind": "changed"}\n'


def test_standard_output_gets_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    to_stdout("s")(NOTICE)
    assert capsys.readouterr().out == "编辑 甲 -> 乙\n"


def test_standard_output_that_is_full_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sys.stdout.write", write)
    with pytest.raises(DeliveryError, match="standard output: No space left"):
        to_stdout("s")(NOTICE)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def test_a_webhook_is_signed_and_its_id_is_stable(receiver: Receiver) -> None:
    send = to_webhook("w", receiver.url, "whsec_c2VjcmV0", clock=lambda: 1714521600.9)
    send(NOTICE)
    send(NOTICE)
    (first, body), (again, _) = receiver.came
    assert body == NOTICE.json.encode()
    assert first["webhook-id"] == again["webhook-id"] == "n-1"
    assert first["webhook-timestamp"] == "1714521600"
    assert first["webhook-signature"] == signature("whsec_c2VjcmV0", "n-1", 1714521600, body)


def test_the_signature_is_that_of_the_specification() -> None:
    # The example of the Standard Webhooks specification's reference test.
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_that_is_no_base64_is_taken_as_it_is() -> None:
    assert signature("whsec_***", "a", 1, b"") == signature("whsec_***", "a", 1, b"")
    assert signature(f"whsec_{b64encode(b'key').decode()}", "a", 1, b"") == signature("key", "a", 1, b"")


def test_without_a_secret_nothing_is_signed(receiver: Receiver) -> None:
    to_webhook("w", receiver.url, "")(NOTICE)
    assert "webhook-signature" not in receiver.came[0][0]


@pytest.mark.parametrize(
    ("status", "final"), [(400, True), (404, True), (410, True), (302, True), (408, False), (429, False), (503, False)]
)
def test_which_answers_are_worth_another_try(receiver: Receiver, status: int, final: bool) -> None:
    receiver.status, receiver.location = status, "http://127.0.0.1:1/" if status == 302 else ""
    with pytest.raises(DeliveryError, match=str(status)) as raised:
        to_webhook("w", receiver.url, "")(NOTICE)
    assert raised.value.is_final is final
    assert len(receiver.came) == 1


def test_an_answer_whose_body_never_comes_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT_S", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            line.recv(65536)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
            kept.append(line)

        kept: list[socket.socket] = []
        thread = Thread(target=answer)
        thread.start()
        to_webhook("w", f"http://127.0.0.1:{server.getsockname()[1]}/", "")(NOTICE)
        thread.join()
        kept[0].close()


def drip(server: socket.socket, first: bytes) -> None:
    """Take one connection, say something, and then a byte every few moments until the other side has enough."""
    with contextlib.suppress(OSError):
        line, _ = server.accept()
        with line:
            line.sendall(first)
            for _ in range(500):
                line.send(b"x")
                time.sleep(0.02)


@pytest.mark.parametrize(
    ("kind", "first"), [("http", b"HTTP/1.1 "), ("https", b"HTTP/1.1 "), ("mail", b"220 a\r\n250-b")]
)
def test_an_answer_that_drips_byte_by_byte_comes_to_an_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, first: bytes
) -> None:
    monkeypatch.setattr(webhook, "DEADLINE_S", 0.3)
    monkeypatch.setattr(mail, "DEADLINE_S", 0.3)
    certificate, key = self_signed(tmp_path, "localhost")
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting(certificate))
    with socket.create_server(("127.0.0.1", 0)) as plain:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = context.wrap_socket(plain, server_side=True) if kind == "https" else plain
        port = server.getsockname()[1]
        thread = Thread(target=drip, args=(server, first))
        thread.start()
        begun = time.monotonic()
        if kind == "mail":
            send = to_mail("m", MailServer("127.0.0.1", port, "none", "a@b.cn", ("c@d.cn",)))
        else:
            send = to_webhook("w", f"{kind}://localhost:{port}/", "")
        with pytest.raises(DeliveryError, match="cannot be") as raised:
            send(NOTICE)
        assert "certificate" not in str(raised.value)
        assert time.monotonic() - begun < 8
        thread.join()
        server.close()


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_receiver_that_is_down_is_worth_another_try() -> None:
    with pytest.raises(DeliveryError, match=r"cannot be reached: .*refused") as raised:
        to_webhook("w", f"http://127.0.0.1:{closed_port()}/", "")(NOTICE)
    assert not raised.value.is_final


class Inbox:
    """An SMTP server's handler that keeps what comes, and refuses one address."""

    def __init__(self) -> None:
        self.came: list[bytes] = []
        self.answer = "250 OK"
        self.goodbye = "221 Bye"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("nobody"):
            return "550 no such user"
        if address.startswith("later"):
            return "450 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        return self.goodbye

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.came.append(envelope.content)
        return self.answer


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, MailServer]]:
    handler, port = Inbox(), closed_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, MailServer("127.0.0.1", port, "none", "Govwatch <watch@example.org>", ("a@example.org",))
    controller.stop()


def test_a_mail_is_text_and_html_with_a_stable_id(inbox: tuple[Inbox, MailServer]) -> None:
    handler, server = inbox
    to_mail("m", server)(NOTICE)
    mail = message_from_bytes(handler.came[0], policy=policy.default)
    assert mail["Message-ID"] == "<n-1@example.org>"
    assert mail["Subject"] == "责任编辑 已变更"
    assert [part.get_content_type() for part in mail.walk()][1:] == ["text/plain", "text/html"]
    assert mail.get_body(("plain",)).get_content().strip() == NOTICE.text


@pytest.mark.parametrize(
    ("recipient", "answer", "final"),
    [
        ("nobody@example.org", "250 OK", True),
        ("later@example.org", "250 OK", False),
        ("a@example.org", "554 refused", True),
        ("a@example.org", "451 later", False),
    ],
)
def test_which_refusals_of_a_mail_are_final(
    inbox: tuple[Inbox, MailServer], recipient: str, answer: str, final: bool
) -> None:
    handler, server = inbox
    handler.answer = answer
    with pytest.raises(DeliveryError) as raised:
        to_mail("m", replace(server, recipients=(recipient,)))(NOTICE)
    assert raised.value.is_final is final


def test_a_mail_that_some_recipients_did_not_get_is_told(inbox: tuple[Inbox, MailServer]) -> None:
    handler, server = inbox
    with pytest.raises(DeliveryError, match=r"refused for nobody@example.org$") as raised:
        to_mail("m", replace(server, recipients=("a@example.org", "nobody@example.org")))(NOTICE)
    assert raised.value.is_final
    assert len(handler.came) == 1


def test_a_mail_that_was_taken_is_taken_whatever_the_server_says_at_the_end(inbox: tuple[Inbox, MailServer]) -> None:
    handler, server = inbox
    handler.goodbye = "554 go away"
    to_mail("m", server)(NOTICE)
    assert len(handler.came) == 1


def test_a_mail_server_without_the_security_asked_for_is_told(inbox: tuple[Inbox, MailServer]) -> None:
    _, server = inbox
    with pytest.raises(DeliveryError, match="cannot be used: STARTTLS"):
        to_mail("m", replace(server, security="starttls"))(NOTICE)
    with pytest.raises(DeliveryError, match=r"cannot be used: .*refused"):
        to_mail("m", replace(server, port=closed_port(), security="tls"))(NOTICE)


def test_a_mail_login_that_fails_is_told_without_the_password(inbox: tuple[Inbox, MailServer]) -> None:
    _, server = inbox
    given = replace(server, user="user", password="hush-hush")
    with pytest.raises(DeliveryError) as raised:
        to_mail("m", given)(NOTICE)
    assert "hush-hush" not in str(raised.value)
    assert "hush-hush" not in repr(given)


def test_apprise_is_limited_to_services_that_carry_messages(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyNtfy, "request_rate_per_sec", 0)
    with pytest.raises(DeliveryError, match="scheme 'syslog' is not allowed") as raised:
        check_apprise("a", "syslog://localhost/token")
    assert "token" not in str(raised.value)
    with pytest.raises(DeliveryError, match="does not understand"):
        to_apprise("a", "slack://")
    send = to_apprise("a", f"ntfy://127.0.0.1:{receiver.server_port}/topic")
    send(NOTICE)
    assert "编辑" in json.loads(receiver.came[0][1])["message"]
    receiver.status = 500
    with pytest.raises(DeliveryError, match="did not take"):
        send(NOTICE)


def test_what_is_too_long_for_a_chat_is_cut_unless_the_address_says_otherwise(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyNtfy, "request_rate_per_sec", 0)
    long = replace(NOTICE, text="字" * 30_000)
    for ending, messages in (("", [1]), ("?overflow=split", range(4, 9))):
        receiver.came.clear()
        to_apprise("a", f"ntfy://127.0.0.1:{receiver.server_port}/topic{ending}")(long)
        assert len(receiver.came) in messages
        assert all(len(body.decode()) < 8_000 for _, body in receiver.came)
