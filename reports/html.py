"""A change, or the life of a page, as one HTML file that needs nothing else: no script, no font, no network.

Whatever a page says is escaped by the templates, and the file forbids every fetch and script by its own policy, so a
hostile page cannot act from inside its report.
"""

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.folding import MOST_OTHERS, folded_body, folded_timeline, group_words
from reports.health import MOST_GROUPS, HealthGroup, rest_words, since
from reports.plain import count, safe, when
from reports.sides import sides
from reports.values import ChangeGroup, ChangeReport, PageReport


def render_change(report: ChangeReport, is_beside: bool = False) -> str:
    """Return one change as a whole HTML file, its body in one text or, as a rewritten one always, side by side."""
    return _templates().get_template("change.html").render(report=report, is_beside=is_beside)


def render_changes(title: str, groups: Sequence[ChangeGroup], health: Sequence[HealthGroup] = ()) -> str:
    """Return several changes, of any pages, and what is told of their health as a whole HTML file."""
    return (
        _templates()
        .get_template("changes.html")
        .render(title=title, groups=groups, health=health[:MOST_GROUPS], rest=rest_words(health))
    )


def render_page(report: PageReport) -> str:
    """Return the life of a page as a whole HTML file: its changes, newest first, then every check."""
    return _templates().get_template("page.html").render(report=report)


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["most_others"] = MOST_OTHERS
    templates.globals["say"] = lambda english, **values: english.format(**values)
    templates.filters |= {
        "when": when,
        "count": count,
        "group_words": group_words,
        "since": since,
        "folded_body": folded_body,
        "sides": sides,
        "folded_timeline": folded_timeline,
        "is_address": lambda text: text.startswith(("http://", "https://")),
    }
    return templates


def _shown(value: object) -> object:
    """Make text of a page safe to show; what a macro made (Markup, a kind of str) is left alone."""
    return safe(value) if type(value) is str else value
