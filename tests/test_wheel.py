"""The built wheel, in a virtual environment that has it and not the source tree."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from govwatch.demo.article import TITLE, article_html

ROOT = Path(__file__).parents[1]
DATA = (
    "config/sample.toml",
    "config/profiles/sc.gov.cn.toml",
    "config/profiles/generic.toml",
    "config/rules/boilerplate.toml",
    "reports/templates/page.html",
    "reports/templates/style.css",
    "web/templates/overview.html",
    "web/static/site.css",
    "web/static/search.js",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    quiet = ["--quiet", "--disable-pip-version-check"]
    build = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *quiet, *build], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_profiles_rules_sample_and_templates_travel_inside(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert not set(DATA) - set(names)
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]


def test_it_works_without_the_source_tree(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    scheme = {"base": str(tmp_path / "venv"), "platbase": str(tmp_path / "venv")}
    packages = Path(sysconfig.get_path("purelib", "venv", scheme))
    zipfile.ZipFile(wheel).extractall(packages)
    # The dependencies are those of this environment; the editable install of the project itself does not come along,
    # since a .pth file of another folder is not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    (tmp_path / "page.html").write_bytes(article_html())
    python = tmp_path / "venv" / "bin" / "python"

    def govwatch(*words: str) -> str:
        run = subprocess.run([python, "-I", "-m", "govwatch", *words], cwd=tmp_path, capture_output=True, check=True)
        return run.stdout.decode()

    found = subprocess.run([python, "-I", "-c", "import core; print(core.__file__)"], capture_output=True, check=True)
    assert str(packages) in found.stdout.decode()
    assert TITLE in govwatch("extract", "page.html", "--url", "https://www.sc.gov.cn/a.shtml")
    assert govwatch("--version") == "govwatch 0.1.0\n"
    govwatch("init")
    assert "is good" in govwatch("check-config")
    assert "restored" in govwatch("demo")
    assert (tmp_path / "govwatch-demo" / "report.html").is_file()
