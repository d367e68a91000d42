"""`govwatch report`: all that was kept as a folder of files to read in a browser, from disk or from any web server."""

from pathlib import Path

import click

from govwatch.app import App
from govwatch.command import command


@command("report", "govwatch report --out site\ngovwatch report --db archive.db --out /srv/www/changes")
@click.option("--out", metavar="DIR", required=True, help="The folder to write into, over an older report.")
def report_command(app: App, out: str) -> None:
    """Write a site to read, which needs no network."""
    from reports.plain import count
    from storage.overview import open_overview
    from web.site import write_site

    with open_overview(app.database) as reader:
        site = write_site(reader, Path(out), app.now())
    click.echo(f"{count(site.pages, 'page')}, {count(site.changes, 'change')}; open {site.index}")
