"""`govwatch serve`: what it listens on, what it refuses, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from fakes.desk import Desk

TOKEN = "0123456789abcdef"


@contextmanager
def served(archive: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The running command, and its port."""
    command = [sys.executable, "-m", "govwatch", "serve", "--db", str(archive), "--port", "0", *words]
    env = os.environ | {"READER_TOKEN": TOKEN}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    try:
        assert running.stdout
        told = running.stdout.readline()
        yield running, int(told.partition("/  ")[0].rpartition(":")[2])
    finally:
        running.kill()
        running.communicate()


def status(port: int, **headers: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/", headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_this_machine_until_it_is_stopped(archive: Path, end: signal.Signals) -> None:
    with served(archive) as (running, port):
        assert status(port) == 200
        running.send_signal(end)
        assert (running.wait(10), running.communicate()) == (0, ("", ""))


def test_with_a_token_it_may_be_reached_by_others(archive: Path) -> None:
    with served(archive, "--bind", "0.0.0.0", "--token", "env:READER_TOKEN", "--allow-host", "Watch.test") as (_, port):
        assert status(port) == 401
        assert status(port, Authorization=f"Bearer {TOKEN}", Host="watch.test") == 200
        assert status(port, Authorization=f"Bearer {TOKEN}", Host="0.0.0.0") == 421


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.168.1.1", "example.org", ""])
def test_to_be_reached_by_others_is_refused_without_a_token(archive: Path, tmp_path: Path, bind: str) -> None:
    ran = Desk(tmp_path).run("serve", "--db", str(archive), "--bind", bind, "--port", "0")
    assert (ran.code, ran.out) == (2, "")
    assert "give a token" in ran.err


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("env:GOVWATCH_NONE", "shorter than 16"),
        ("env:SHORT", "shorter than 16"),
        ("none.txt", "no file to read"),
        ("token.txt", "does not fit into a header"),
        (TOKEN, "no file to read"),
    ],
)
def test_a_token_that_cannot_be_is_refused(archive: Path, tmp_path: Path, token: str, said: str) -> None:
    (tmp_path / "token.txt").write_text("令牌" * 10, encoding="utf-8")
    ran = Desk(tmp_path).run("serve", "--db", str(archive), "--token", token, "--port", "0", env={"SHORT": " x "})
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_token_is_read_from_a_file(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n", encoding="utf-8")
    with served(archive, "--token", str(tmp_path / "token")) as (_, port):
        assert status(port, Authorization=f"Bearer {TOKEN}") == 200


def test_a_port_that_is_taken_and_a_database_that_is_not_there_are_told(archive: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = Desk(tmp_path).run("serve", "--db", str(archive), "--port", str(taken.getsockname()[1]))
    assert (ran.code, "cannot be listened on" in ran.err) == (2, True)
    ran = Desk(tmp_path).run("serve", "--db", "none.db")
    assert (ran.code, "there is no database" in ran.err) == (2, True)
