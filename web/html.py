"""The templates of the reading views: one environment, two sets of links.

Whatever a page says is escaped by the templates and made `safe`; only addresses that are http(s) become links.
"""

import re
from functools import cache
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from msgspec import Struct

from reports.folding import folded_body
from reports.plain import safe, when
from reports.sides import sides
from web.links import Links
from web.pictures import life_line
from web.views import page_state, shown_title
from web.watching import schedule_words
from web.words import count, say

FILE_POLICY = (
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)
"""What a file may load: style and scripts of its folder. Firefox takes 'self' of a file as nothing: hence `file:`."""
ASSETS = ("report.css", "site.css", "site.js", "list.js", "page.js", "compare.js", "search.js")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class Views(Struct, frozen=True, dict=True):
    """Renders views with one set of links. `policy`: what each page forbids itself; empty where a header does."""

    links: Links
    policy: str = ""

    def render(self, template: str, **values: object) -> str:
        """Return a template of `web/templates` with these values, as a whole page."""
        return _environment().get_template(template).render(links=self.links, policy=self.policy, **values)


def asset(name: str) -> bytes:
    """Return one of ASSETS. Raises KeyError for any other name."""
    if name not in ASSETS:
        raise KeyError(name)
    place = files("reports") / "templates" / "style.css" if name == "report.css" else files("web") / "static" / name
    return place.read_bytes()


@cache
def _environment() -> Environment:
    own, shared = PackageLoader("web"), PrefixLoader({"reports": PackageLoader("reports")})
    templates = Environment(
        loader=ChoiceLoader([own, shared]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals |= {"say": say, "life_line": life_line}
    templates.filters |= {
        "when": when,
        "count": count,
        "folded_body": folded_body,
        "sides": sides,
        "is_address": lambda text: text.startswith(("http://", "https://")),
        "shown_title": shown_title,
        "state": page_state,
        "tongue": tongue,
        "schedule": schedule_words,
        "pair": lambda value, name: (name, value),
    }
    return templates


def tongue(text: str) -> str:
    """Return the language of a page's text for its `lang` attribute: Chinese where it has Han, else not known."""
    return "zh-CN" if _HAN.search(text) else ""


def _shown(value: object) -> object:
    """Make text of a page safe to show; Markup, a kind of str, and words are left alone."""
    return safe(value) if type(value) is str else value
