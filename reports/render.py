"""The renderers by name; each is imported when it is used, so that text never waits for templates."""

from collections.abc import Callable

from reports.values import ChangeReport, PageReport


def render_change(report: ChangeReport, form: str, colour: bool = False) -> str:
    """Return a change as `text`, `html`, `markdown` or `json`; colour is for text."""
    return _RENDERERS[form](report, colour)


def render_page(report: PageReport) -> str:
    """Return the life of a page as one HTML file."""
    from reports.html import render_page

    return render_page(report)


def _text(report: ChangeReport, colour: bool) -> str:
    from reports.terminal import render_change

    return render_change(report, colour)


def _html(report: ChangeReport, colour: bool) -> str:
    from reports.html import render_change

    return render_change(report)


def _markdown(report: ChangeReport, colour: bool) -> str:
    from reports.markdown import render_change

    return render_change(report)


def _json(report: ChangeReport, colour: bool) -> str:
    from reports.jsonout import render_change

    return render_change(report)


_RENDERERS: dict[str, Callable[[ChangeReport, bool], str]] = {
    "text": _text,
    "html": _html,
    "markdown": _markdown,
    "json": _json,
}
