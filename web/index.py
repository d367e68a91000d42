"""The search index of the static site: each text of a page once, with the versions that show it."""

from collections.abc import Iterator, Sequence
from typing import Any

from reports.plain import safe
from storage.rows import PageRow
from web.steps import Step
from web.views import shown_title


def index_entry(page: PageRow, steps: Sequence[Step]) -> dict[str, Any]:
    """Return what can be found of a page; `texts` are (text, numbers of versions), as the page shows them in time."""
    found: dict[str, list[int]] = {}
    for step in steps:
        for text in _texts(step):
            numbers = found.setdefault(safe(text), [])
            if step.version not in numbers:
                numbers.append(step.version)
    return {
        "page": page.id,
        "title": safe(shown_title(page)),
        "name": safe(page.name),
        "url": safe(page.url),
        "labels": [safe(label) for label in page.labels],
        "now": page.head_number,
        "texts": [[text, sorted(numbers)] for text, numbers in found.items()],
    }


def _texts(step: Step) -> Iterator[str]:
    yield from filter(None, (field.new for field in step.fields))
    for paragraph in step.body:
        text = "".join(span.new for span in paragraph.spans)
        if text and paragraph.kind != "moved-away":
            yield text
    yield from (f"{file.name} {file.url}" for file in step.files if file.kind != "removed")
