"""The renderers by name; each is imported when it is used, so that text never waits for templates."""

from collections.abc import Callable

from reports.values import ChangeReport, PageReport


def render_change(report: ChangeReport, form: str, colour: bool = False, columns: int | None = None) -> str:
    """Return a change in one of FORMS; colour and columns, at which lines are broken, are for `text`."""
    if form == "text":
        from reports.terminal import render_change

        return render_change(report, colour, columns)
    return _RENDERERS[form](report)


def render_page(report: PageReport) -> str:
    """Return the life of a page as one HTML file."""
    from reports.html import render_page

    return render_page(report)


def _unified(report: ChangeReport) -> str:
    from reports.unified import render_change

    return render_change(report)


def _markdown(report: ChangeReport) -> str:
    from reports.markdown import render_change

    return render_change(report)


def _json(report: ChangeReport) -> str:
    from reports.jsonout import render_change

    return render_change(report)


def _html(report: ChangeReport) -> str:
    from reports.html import render_change

    return render_change(report)


def _side_by_side(report: ChangeReport) -> str:
    from reports.html import render_change

    return render_change(report, is_beside=True)


_RENDERERS: dict[str, Callable[[ChangeReport], str]] = {
    "unified": _unified,
    "markdown": _markdown,
    "json": _json,
    "html": _html,
    "side-by-side": _side_by_side,
}
FORMS = ("text", *_RENDERERS)
"""Every form of a change: for a terminal, for scripts, for tickets, for programs, and for browsers."""
