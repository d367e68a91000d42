"""`govwatch add`, `pause`, `resume`, `remove`, `init`, `check-config`: which pages are watched."""

import pytest
from fakes.desk import Desk

URL = "https://www.sc.gov.cn/a.shtml"


def test_a_page_is_added_paused_resumed_and_removed(desk: Desk) -> None:
    added = desk.run("add", URL, "--name", "bus", "--every", "6h", "--label", "education", "--field", "editor")
    assert (added.code, added.out) == (0, f"page 1 is watched every 6h: {URL}\n")
    (page,) = desk.run("list", "--json").json
    assert (page["labels"], page["watch"], page["schedule"]) == (["education"], ["editor"], "every 21600")
    assert desk.run("pause", "bus").out == f"page 1 is paused: {URL}\n"
    assert "paused, every 6h" in desk.run("list").out
    assert desk.run("resume", URL).out == f"page 1 is checked again every 6h: {URL}\n"
    assert "history stays" in desk.run("remove", "1").out
    assert "is not watched" in desk.run("pause", "1").err
    assert "No pages yet" in desk.run("list").out
    assert URL in desk.run("list", "--retired").out


def test_adding_again_changes_the_schedule(desk: Desk) -> None:
    desk.run("add", URL)
    assert "cron 0 8 * * mon-fri (Asia/Shanghai)" in desk.run("add", URL, "--cron", "0 8 * * mon-fri").out
    assert len(desk.run("list", "--json").json) == 1


def test_a_name_is_given_once(desk: Desk) -> None:
    desk.run("add", URL, "--name", "bus")
    ran = desk.run("add", URL + "?2", "--name", "bus")
    assert (ran.code, ran.err) == (2, "govwatch: the name 'bus' is taken; give another\n")


def test_a_page_of_the_configuration_is_changed_there(desk: Desk) -> None:
    desk.configure(f'[[target]]\nname = "a"\nurl = "{URL}"\n')
    assert "change it there" in desk.run("add", URL).err


def test_a_name_of_several_pages_asks_for_a_number(desk: Desk) -> None:
    desk.configure(f'[[target]]\nname = "two"\nurls = ["{URL}", "{URL}?2"]\n')
    ran = desk.run("pause", "two")
    assert ran.code == 2
    assert "names 2 pages: 1 (" in ran.err


def test_a_resumed_page_without_a_schedule_says_so(desk: Desk) -> None:
    desk.run("crawl", "http://127.0.0.1:9/")
    assert "has no schedule" in desk.run("resume", "1").out


def test_the_sample_is_written_and_is_good(desk: Desk) -> None:
    (desk.folder / "govwatch.toml").unlink()
    assert "there is no govwatch.toml here" in desk.run("check-config").err
    assert desk.run("init").code == 0
    ran = desk.run("check-config")
    assert (ran.code, ran.err) == (0, "")
    assert "govwatch.toml is good: 1 page," in ran.out
    assert "cannot be written" in desk.run("init", "absent/govwatch.toml").err


def test_the_database_is_moved_by_option_and_environment(desk: Desk) -> None:
    desk.run("add", URL, env={"GOVWATCH_DB": "by-environment.db"})
    desk.run("--db", "by-option.db", "add", URL, env={"GOVWATCH_DB": "by-environment-2.db"})
    assert {file.name for file in desk.folder.glob("*.db")} == {"by-environment.db", "by-option.db"}


def test_a_page_is_watched_in_a_window_and_before_others(desk: Desk) -> None:
    ran = desk.run("add", URL, "--every", "30m", "--window", "Mon-Fri 08:00-18:00", "--priority", "high")
    assert (ran.code, ran.out) == (0, f"page 1 is watched every 30m, mon-fri 08:00-18:00 (Asia/Shanghai): {URL}\n")
    (page,) = desk.run("list", "--json").json
    assert (page["schedule"], page["priority"]) == ("every 1800 window Asia/Shanghai mon-fri 08:00-18:00", "high")
    assert "high priority" in desk.run("list").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--cron", "0 8 * * *", "--window", "08:00-18:00"), "give one of --window and --cron"),
        (("--window", "office hours"), "'office hours' is not a window; write for example mon-fri 08:00-18:00"),
    ],
)
def test_a_window_that_cannot_be_is_told(desk: Desk, words: tuple[str, ...], said: str) -> None:
    ran = desk.run("add", URL, *words)
    assert (ran.code, ran.err) == (2, f"govwatch: {said}\n")
