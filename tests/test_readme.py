"""The README is true: its session is played and its output compared, its other commands are run."""

import re
from pathlib import Path

import pytest
from fakes.desk import Desk
from fakes.site import Page, Site

from govwatch.cli import COMMANDS, cli
from govwatch.demo.article import article_html

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
PLACE = re.compile(r"127\.0\.0\.1:\d+")
ELLIPSIS = "…"
EXAMPLE = "https://www.sc.gov.cn/page.shtml"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", README, re.DOTALL)


def session() -> list[tuple[str, list[str]]]:
    """Each command of the session and the lines below it."""
    (text,) = blocks("console")
    parts = [part.splitlines() for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]]
    return [(part[0], "\n".join(part[1:]).rstrip().splitlines()) for part in parts]


def agrees(shown: list[str], real: list[str]) -> bool:
    """Whether the lines are the real ones; a line `…` stands for any number of them."""
    if not shown or not real:
        return shown in ([], [ELLIPSIS]) and not (real and not shown)
    if shown[0] == ELLIPSIS:
        return agrees(shown[1:], real) or agrees(shown, real[1:])
    return shown[0] == real[0] and agrees(shown[1:], real[1:])


def test_the_session_has_its_real_output(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    played = session()
    assert len(played) >= 4
    for command, shown in played:
        ran = desk.run(*command.split()[1:])
        assert (ran.code, ran.err) == (0, ""), command
        real = PLACE.sub("127.0.0.1:8000", ran.out).rstrip("\n").splitlines()
        assert agrees(shown, real), "\n".join([command, *real])


@pytest.mark.parametrize("block", blocks("sh"))
def test_the_other_commands_work(tmp_path: Path, block: str) -> None:
    desk = Desk(tmp_path)
    config = desk.folder / "govwatch.toml"
    with Site() as site:
        site.pages["/page.shtml"] = Page(article_html())
        if "init" not in block:
            desk.configure()
        for line in block.splitlines():
            words = re.split(r"\s+#", line)[0].replace(EXAMPLE, site.url("/page.shtml")).split()[1:]
            ran = desk.run(*(["run", "--help"] if words == ["run"] else words))
            assert (ran.code, ran.err) == (0, ""), line
            if words == ["init"]:
                text = config.read_text(encoding="utf-8").replace(
                    '"https://www.sc.gov.cn/"', f'"{site.url("/page.shtml")}"'
                )
                config.write_text(text.replace("#allow_networks", "allow_networks"), encoding="utf-8")


def test_every_command_is_listed_with_what_its_help_says() -> None:
    listed = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", README, re.MULTILINE))
    assert list(listed) == list(COMMANDS)
    for name, said in listed.items():
        command = cli.commands.get(name) or cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert command.get_short_help_str(100) == said
