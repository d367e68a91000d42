"""How many real pages are read right: the pages with hand-made gold beside the checkout, scored by their own scorer.

Prints a table and the totals as JSON. Where the data is not there it says so and ends well.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PAGES = Path(__file__).parents[2] / "shared" / "pages"
FIELDS = ("title", "published", "source", "editor", "body", "attachments")


def main() -> None:
    """Score articles, pairs and challenges, and print the totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, default=PAGES, help="the folder with score.py, articles and pairs")
    parser.add_argument("--failures", action="store_true", help="print what was read wrong, too")
    given = parser.parse_args()
    if not (given.pages / "score.py").is_file():
        print(f"Nothing was scored: there are no pages with gold at {given.pages}.")
        return
    articles, pairs = report(given.pages, "articles"), report(given.pages, "pairs")
    totals = summed(articles, pairs)
    print(table(totals))
    print(json.dumps(totals, ensure_ascii=False, indent=2))
    for failure in (*articles["failures"], *pairs["failures"]) if given.failures else ():
        print(json.dumps(failure, ensure_ascii=False))


def report(pages: Path, mode: str) -> dict[str, Any]:
    """Run the scorer over `govwatch extract` and return its report."""
    command = f"{sys.executable} -m govwatch extract --jsonl"
    asked = [sys.executable, str(pages / "score.py"), mode, "--pages", str(pages), "--json", "--batch-command", command]
    run = subprocess.run(asked, check=True, capture_output=True, text=True)
    return json.loads(run.stdout)  # type: ignore[no-any-return]


def summed(articles: dict[str, Any], pairs: dict[str, Any]) -> dict[str, Any]:
    """Return the totals of both reports."""
    challenges = articles["quality"]["blocked"]
    return {
        "pages": articles["pages"],
        "right": {name: articles["fields"][name]["right"] for name in FIELDS},
        "every_field": articles["all_fields"]["right"],
        "not_ok": len(articles["quality"]["articles_not_ok"]),
        "challenges": len(challenges),
        "challenges_right": sum(bool(challenge["right"]) for challenge in challenges),
        "pairs": {name: pairs[name] for name in ("pairs", "right", "missed", "partial", "false_alarms")},
        "wall_ms_per_page": articles["timing"]["wall_ms_per_page"],
    }


def table(totals: dict[str, Any]) -> str:
    """Return the totals as lines to read."""
    of = totals["pages"]
    rows = [*totals["right"].items(), ("every field", totals["every_field"]), ("judged ok", of - totals["not_ok"])]
    lines = [f"{name:<14}{right:>4} of {of}" for name, right in rows]
    lines.append(f"{'challenges':<14}{totals['challenges_right']:>4} of {totals['challenges']}")
    pairs = totals["pairs"]
    lines.append(f"{'pairs':<14}{pairs['right']:>4} of {pairs['pairs']}, {pairs['missed']} missed,")
    lines.append(f"{'':<14}     {pairs['false_alarms']} false alarms")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
