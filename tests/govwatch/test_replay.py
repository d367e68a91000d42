"""Replay: history read again under edited rules is what a fresh start under them would have given; nobody is alarmed."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from fakes.desk import Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings import Settings
from core.model import Capture, FailureKind, FetchFailure, NotModified, Outcome
from govwatch.app import App
from govwatch.demo.article import PARAGRAPHS, article_html
from govwatch.recording import Finding, record
from govwatch.replaying import replay_pages
from storage.rows import PageDraft
from storage.write import Store, Transaction, open_store

URL = "https://www.sc.gov.cn/a.shtml"
T0 = datetime(2024, 5, 1, tzinfo=UTC)
RULE = '[[rule]]\nid = "{0}"\nwhy = "a test"\npattern = "{1}"\nkind = "{2}"\n'
RULES = {
    "none": "",
    "counts": RULE.format("counts", "今日到访[0-9]+人", "block"),
    "hotline": RULE.format("hotline", "热线[0-9]+", "part"),
    "both": RULE.format("counts", "今日到访[0-9]+人", "block") + RULE.format("hotline", "热线[0-9]+", "part"),
}
EXTRAS = ((), ("今日到访1人",), ("今日到访2人",), ("咨询请拨热线100。",), ("咨询请拨热线200。",), ("新的一段。",))
STEPS = [*range(len(EXTRAS)), "editor", "gone", "blocked", "failure", "same"]


def outcome(step: int | str, at: datetime) -> Outcome:
    if step == "failure":
        return FetchFailure(URL, FailureKind.TIMEOUT, "no answer", at, at)
    if step == "same":
        return NotModified(URL, (), at, at)
    status = {"gone": 404, "blocked": 521}.get(str(step), 200)
    extra = EXTRAS[step] if isinstance(step, int) else ()
    editor = "贺茜" if step == "editor" else "苏可明"
    body = article_html(editor=editor, paragraphs=(*PARAGRAPHS, *extra), noise=at.day) if status == 200 else b"no"
    return Capture(URL, URL, status, (), body, at, at)


@cache
def app_of(rules: str, folder: str) -> App:
    mine = Path(folder) / rules
    (mine / "rules").mkdir(parents=True, exist_ok=True)
    (mine / "rules" / "mine.toml").write_text(RULES[rules], encoding="utf-8")
    return App(Settings(rules_dir=str(mine)), Path(folder) / "unused.db", lambda: T0)


def live(store: Store, app: App, step: int | str, day: int) -> None:
    with store.transaction() as tx:
        (page,) = tx.pages()
    at = T0 + timedelta(days=day)
    record(app, store, [Finding(page, outcome(step, at), at)])


def life(tx: Transaction) -> list[tuple[object, ...]]:
    spells = tx.history(1)
    texts = [version.text for spell in spells if (version := tx.version(1, spell.number))]
    return [(s.first_seen_at, s.last_seen_at, text) for s, text in zip(spells, texts, strict=True)]


def watched(play: Callable[[Store], None]) -> tuple[list[tuple[object, ...]], list[int]]:
    """Play on a database of one page; return its life, and the numbers of the told changes."""
    with open_store(Path(":memory:")) as store:
        with store.transaction() as tx:
            tx.put_page(PageDraft(URL), T0)
        play(store)
        with store.transaction() as tx:
            return life(tx), [change.id for change in tx.changes()]


FOLDER = TemporaryDirectory()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(list(RULES))), min_size=1, max_size=12),
    st.sampled_from(list(RULES)),
)
def test_replay_gives_what_a_fresh_start_would_have_given(steps: Sequence[tuple[int | str, str]], rules: str) -> None:
    app = app_of(rules, FOLDER.name)

    def edited(store: Store) -> None:
        for day, (step, under) in enumerate(steps):
            live(store, app_of(under, FOLDER.name), step, day)
        with store.transaction() as tx:
            pages, told = tx.pages(), tx.changes()
        list(replay_pages(app, store, pages))
        assert list(replay_pages(app, store, pages)) == []
        with store.transaction() as tx:
            assert [change.id for change in tx.changes()] == [change.id for change in told]
            assert [check.content for check in tx.checks(1)].count("reprocessed") <= len(steps)

    def fresh(store: Store) -> None:
        for day, (step, _) in enumerate(steps):
            live(store, app, step, day)

    assert watched(edited)[0] == watched(fresh)[0]


def test_a_rule_that_takes_a_change_away_marks_it_and_history_loses_the_turn(desk: Desk) -> None:
    for day, visits in ((1, 11), (2, 22), (3, 33)):
        editor = "贺茜" if day == 3 else "苏可明"
        body = (*PARAGRAPHS, f"今日到访{visits}人")
        (desk.folder / "page.html").write_bytes(article_html(editor=editor, paragraphs=body))
        assert desk.run("import", "page.html", "--url", URL, "--at", f"2024-05-0{day}").code == 0
    assert len(desk.run("history", "1", "--json").json) == 3
    (desk.folder / "mine" / "rules").mkdir(parents=True)
    (desk.folder / "mine" / "rules" / "a.toml").write_text(RULES["counts"], encoding="utf-8")
    config = desk.folder / "govwatch.toml"
    config.write_text('rules_dir = "mine"\n' + config.read_text())
    told = desk.run("changes", "--json").json
    dry = desk.run("replay", "--dry-run").out
    assert "2024-05-02 00:00  vanishes  body" in dry
    assert "2024-05-03 00:00  vanishes  editor, body" in dry
    assert "2024-05-03 00:00  appears   editor" in dry
    assert "1 page would be read again." in dry
    assert len(desk.run("history", "1", "--json").json) == 3
    assert desk.run("replay", "--page", "1").out == dry.replace("would be read again", "read again")
    assert len(desk.run("history", "1", "--json").json) == 2
    after = desk.run("changes", "--json").json
    assert [change["change"] for change in after] == [change["change"] for change in told]
    assert [change["superseded"] for change in after] == [False, True]
    assert "no change under today's rules" in desk.run("changes").out
    assert "read under different rules" in desk.run("diff", "1", "--from", "1").out
    assert "different rules" not in desk.run("diff", "1", "--from", "1", "--to", "2").out
    assert desk.run("replay").out == "Every page was read under today's rules already.\n"
    config.write_text(config.read_text().replace('rules_dir = "mine"\n', ""))
    desk.run("replay")
    assert [change["superseded"] for change in desk.run("changes", "--json").json] == [False, False]
    assert len(desk.run("history", "1", "--json").json) == 3
