"""Who may read: every route there is, against every way in that is none; and what every answer forbids the browser."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.reading import Answered, Reading, reading

from web.routes import routes
from web.safety import COOKIE, HEADERS, LOOPBACK, Guard, Safety, is_loopback

TOKEN = "a-token-of-many-letters"
OPEN = {"/login", "/assets/site.css", "/favicon.ico"}
WRITES = ("/add", "/seen", "/unseen", "/pages/1/pause", "/pages/1/resume", "/pages/1/check")
ROUTES = sorted(
    (
        re.sub(r"\{\w+:int\}", "1", route.path).replace("{name}", "site.css"),
        "POST" if "POST" in route.methods else "GET",
    )
    for route in routes()
    if route.methods
)
OURS = {"sec_fetch_site": "same-origin"}
NAVIGATION = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
FOREIGN = {
    "a script of another site": {
        "sec_fetch_site": "cross-site",
        "sec_fetch_mode": "no-cors",
        "sec_fetch_dest": "script",
    },
    "a fetch of another port": {"sec_fetch_site": "same-site", "sec_fetch_mode": "cors", "sec_fetch_dest": "empty"},
    "a frame of another site": {
        "sec_fetch_site": "cross-site",
        "sec_fetch_mode": "navigate",
        "sec_fetch_dest": "iframe",
    },
    "a fetch by an old browser": {"origin": "https://evil.test"},
    "a sandboxed frame of an old browser": {"origin": "null"},
    "another port to an old browser": {"origin": "http://127.0.0.1:1"},
}
BAD_HOSTS = (
    "evil.test",
    "evil.test:8600",
    "127.0.0.1.evil.test",
    "127.0.0.1@evil.test",
    "evil.test@127.0.0.1",
    "",
    "[",
    "127.0.0.1:x",
)


@pytest.fixture(scope="module")
def guarded(archive: Path) -> Iterator[Reading]:
    with reading(archive, Guard(LOOPBACK, TOKEN)) as guarded:
        yield guarded


@pytest.fixture(scope="module")
def open_to_all(archive: Path) -> Iterator[Reading]:
    with reading(archive) as live:
        yield live


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def basic(token: str) -> dict[str, str]:
    return {"authorization": f"Basic {b64encode(f'reader:{token}'.encode()).decode()}"}


def asked(live: Reading, path: str, method: str, **headers: str) -> Answered:
    query = "?from=1&to=2" if path.endswith("/compare") else ""
    if method == "POST" and not {"origin", "sec_fetch_site"} & headers.keys():
        headers |= OURS
    return live.ask(path + query, method, b"token=wrong" if method == "POST" else None, **headers)


def test_the_table_of_routes_is_walked() -> None:
    assert len(ROUTES) >= 25
    assert {path for path, method in ROUTES if method == "POST"} == {"/login", *WRITES}


@pytest.mark.parametrize(("path", "method"), ROUTES)
@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer"},
        {"authorization": "Basic ==="},
        basic("wrong"),
        basic(""),
        {"cookie": f"{COOKIE}=wrong"},
        {"cookie": f"{COOKIE}="},
        {"cookie": f"{COOKIE}={Guard(LOOPBACK, 'another token').session}"},
        {"cookie": f"{COOKIE}={Guard(LOOPBACK).session}"},
    ],
)
def test_without_the_token_nothing_is_told_but_how_to_log_in(
    guarded: Reading, path: str, method: str, shown: dict[str, str]
) -> None:
    answer = asked(guarded, path, method, **shown)
    assert answer.status == (200 if path in OPEN and method == "GET" else 401)
    if method == "GET" and answer.status == 401:
        assert answer.body == b"A token is needed.\n"
        assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize(("path", "method"), [route for route in ROUTES if route[1] == "GET"])
@pytest.mark.parametrize("show", [bearer, basic])
def test_with_the_token_every_route_answers(guarded: Reading, path: str, method: str, show) -> None:
    assert asked(guarded, path, method, **show(TOKEN)).status == 200


@pytest.mark.parametrize(("path", "method"), ROUTES)
@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_what_another_site_makes_the_browser_ask_is_denied(
    open_to_all: Reading, guarded: Reading, path: str, method: str, headers: dict[str, str]
) -> None:
    assert asked(open_to_all, path, method, **headers).status == 403
    assert asked(guarded, path, method, **headers, **bearer(TOKEN)).status == 403


@pytest.mark.parametrize(("path", "method"), ROUTES)
@pytest.mark.parametrize("host", BAD_HOSTS)
def test_a_host_that_is_not_ours_is_denied(open_to_all: Reading, path: str, method: str, host: str) -> None:
    assert asked(open_to_all, path, method, host=host, sec_fetch_site="same-origin").status == 421


@pytest.mark.parametrize(("path", "method"), ROUTES)
@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE", "OPTIONS", "POST", "TRACE", "PROPFIND"])
def test_nothing_is_changed_by_any_other_method(open_to_all: Reading, path: str, method: str, verb: str) -> None:
    if (path, verb) not in ROUTES:
        assert open_to_all.ask(path, verb, sec_fetch_site="same-origin").status == 405


@pytest.mark.parametrize(
    "path", ["/nowhere", "/assets/../app.py", "/assets/%2e%2e/app.py", "/pages/9", "/pages/x", "//"]
)
def test_what_there_is_not_is_denied_first_and_then_not_found(
    open_to_all: Reading, guarded: Reading, path: str
) -> None:
    assert open_to_all.ask(path).status == 404
    assert guarded.ask(path).status == (404 if path.startswith("/assets/") else 401)


@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_a_link_of_another_site_is_followed_but_a_form_is_not(open_to_all: Reading, path: str, method: str) -> None:
    answer = asked(open_to_all, path, method, sec_fetch_site="cross-site", **NAVIGATION)
    assert answer.status == (403 if method == "POST" else 200)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:8600", "[::1]"])
def test_the_names_of_this_machine_are_ours(open_to_all: Reading, host: str) -> None:
    assert open_to_all.ask("/pages", host=host).status == 200


@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_every_answer_forbids_the_browser_what_it_need_not_do(guarded: Reading, path: str, method: str) -> None:
    for answer in (asked(guarded, path, method), asked(guarded, path, method, **bearer(TOKEN))):
        for name in HEADERS.keys() - {"cache-control"}:
            assert answer.headers[name] == HEADERS[name]
        assert answer.headers["cache-control"] in ("no-store", "private, no-cache")
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answer.headers


def test_the_form_leaves_a_cookie_that_no_script_and_no_other_site_gets(guarded: Reading) -> None:
    form = guarded.ask("/changes/1", accept="text/html")
    assert (form.status, 'name="next" value="/changes/1"' in form.text) == (401, True)
    answer = guarded.ask("/login", "POST", f"token={TOKEN}&next=/changes/1".encode(), sec_fetch_site="same-origin")
    assert (answer.status, answer.headers["location"]) == (303, "/changes/1")
    cookie, _, attributes = answer.headers["set-cookie"].partition("; ")
    assert TOKEN not in cookie
    assert set(attributes.split("; ")) == {"HttpOnly", "Path=/", "SameSite=strict"}
    assert guarded.ask("/changes/1", cookie=cookie).status == 200


def test_behind_a_proxy_with_tls_the_cookie_is_for_tls_only(guarded: Reading) -> None:
    headers = {"sec_fetch_site": "same-origin", "x_forwarded_proto": "https"}
    answer = guarded.ask("/login", "POST", f"token={TOKEN}".encode(), **headers)
    assert "Secure" in answer.headers["set-cookie"].split("; ")
    feed = guarded.ask("/feed.json", x_forwarded_proto="https", **bearer(TOKEN))
    assert '"feed_url": "https://127.0.0.1' in feed.text


@pytest.mark.parametrize("place", ["//evil.test", "/\\evil.test", "https://evil.test", "/%0d%0ax: y", "", "/令"])
def test_the_login_leads_to_no_other_site(guarded: Reading, place: str) -> None:
    body = f"token={TOKEN}&next={place}".encode()
    assert guarded.ask("/login", "POST", body, sec_fetch_site="same-origin").headers["location"] == "/"


@pytest.mark.parametrize("body", [b"", b"token=", b"token=wrong", b"\xff\xfe", b"token=" + b"x" * 4000])
def test_a_wrong_token_is_told_and_leaves_no_cookie(guarded: Reading, body: bytes) -> None:
    answer = guarded.ask("/login", "POST", body, **OURS)
    assert (answer.status, "set-cookie" in answer.headers) == (401, False)
    assert "This is not the token." in answer.text


def test_a_login_that_is_too_long_is_not_read(guarded: Reading) -> None:
    assert guarded.ask("/login", "POST", b"x" * 20_000, **OURS).status == 400


def test_a_websocket_is_closed() -> None:
    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    guarded = Safety(None, Guard(), None)  # type: ignore[arg-type]
    asyncio.run(guarded({"type": "websocket"}, None, send))  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_where_there_is_no_token_none_is_taken(open_to_all: Reading) -> None:
    assert open_to_all.ask("/login", "POST", b"token=", **OURS).status == 401


@pytest.mark.parametrize(
    ("address", "only_here"),
    [
        *((address, True) for address in ("127.0.0.1", "127.9.9.9", "::1", "localhost")),
        *((address, False) for address in ("0.0.0.0", "::", "192.168.1.2", "example.org", "", "localhost.evil.test")),
    ],
)
def test_loopback_is_what_only_this_machine_reaches(address: str, only_here: bool) -> None:
    assert is_loopback(address) is only_here
