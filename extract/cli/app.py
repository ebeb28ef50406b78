"""The commands and their options; what they do is imported when one is called, so that help comes at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import extract
from extract.cli import options
from extract.cli.edge import guarded
from extract.cli.options import Arrangement, Engine, Format, Printed, Stage

app = typer.Typer(
    name="zhibiao",
    help="Archived paper forms to checked records.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
forms_app = typer.Typer(help="Look at the declared forms.", no_args_is_help=True)
models_app = typer.Typer(help="Look at the OCR weights.", no_args_is_help=True)
app.add_typer(forms_app, name="forms")
app.add_typer(models_app, name="models")

Report = Annotated[Format, typer.Option("--report", help="How to print the result.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zhibiao {extract.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass


@app.command()
@guarded
def run(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Scans, PDFs, text exports, or folders; URLs as well.")
    ],
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="DIR", help="Folder for records and report, or its URL.")
    ],
    form: options.Form = None,
    forms: options.Forms = None,
    models: options.Models = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes. [default: one for each core]")
    ] = None,
    engine: options.Where = Engine.LOCAL,
    address: options.Address = None,
    force: Annotated[bool, typer.Option("--force", help="Read again what is unchanged.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read; write nothing.")] = False,
    assignments: options.Assignments = None,
    config: options.Config = None,
    report: Report = Format.TEXT,
    log: options.Log = None,
) -> int:
    """Digitise scans into records; unchanged ones are skipped."""
    from extract.cli import run as command

    session = options.session(config, assignments, forms, form, models)
    plan = command.plan(paths, output, session, jobs, force, options.cluster(engine, address))
    return command.preview(plan, report) if dry_run else command.run(plan, report, log)


@app.command()
@guarded
def watch(
    folders: Annotated[list[str], typer.Argument(metavar="FOLDER...", help="Folders that a scanner writes to.")],
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="DIR", help="Folder for records and report, or its URL.")
    ],
    form: options.Form = None,
    forms: options.Forms = None,
    models: options.Models = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes. [default: one for each core]")
    ] = None,
    engine: options.Where = Engine.LOCAL,
    address: options.Address = None,
    settle: Annotated[
        float, typer.Option("--settle", min=0, metavar="SECONDS", help="A file unchanged for this long is complete.")
    ] = 5.0,
    assignments: options.Assignments = None,
    config: options.Config = None,
    log: options.Log = None,
) -> int:
    """Digitise what arrives in folders, until stopped with Ctrl-C."""
    from extract.cli import run
    from extract.cli import watch as command

    session = options.session(config, assignments, forms, form, models)
    plan = run.plan(folders, output, session, jobs, False, options.cluster(engine, address))
    return command.watch(plan, settle, log)


@app.command()
@guarded
def status(
    output: Annotated[str, typer.Argument(metavar="DIR", help="The output folder of a run, or its URL.")],
    failed: Annotated[bool, typer.Option("--failed", help="List only files that gave no record.")] = False,
    review: Annotated[bool, typer.Option("--review", help="List only files with records to review.")] = False,
    report: Report = Format.TEXT,
) -> int:
    """List what must be scanned again or looked at, with reasons; works while a run goes on."""
    from extract.cli import status as command

    return command.status(output, failed, review, report)


@app.command()
@guarded
def verify(
    output: Annotated[str, typer.Argument(metavar="DIR", help="The output folder of a run, or its URL.")],
    report: Report = Format.TEXT,
) -> int:
    """Check that records and ledger are as they were written: missing, altered, orphaned, gone."""
    from extract.cli import verify as command

    return command.verify_output(output, report)


@app.command()
@guarded
def show(
    scan: Annotated[Path, typer.Argument(metavar="SCAN", help="Scan or PDF.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Picture to write (PNG or JPEG).")],
    stage: Annotated[Stage, typer.Option("--stage", help="What to draw.")] = Stage.VALUES,
    page: Annotated[int, typer.Option("--page", min=1, help="Page to draw, from 1.")] = 1,
    form: options.Form = None,
    forms: options.Forms = None,
    models: options.Models = None,
    assignments: options.Assignments = None,
    config: options.Config = None,
) -> int:
    """Draw on a scan what a stage found."""
    from extract.cli import show as command

    session = options.session(config, assignments, forms, form, models)
    return command.show(session, scan, output, stage, page)


@app.command()
@guarded
def explain(
    record: Annotated[Path, typer.Argument(metavar="RECORD.json", help="A record that `run` wrote.")],
    pointer: Annotated[str, typer.Argument(metavar="POINTER", help="A value in it, e.g. /indicators/3/score.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the crop of the ink (PNG).")
    ] = None,
    scan: Annotated[
        Path | None, typer.Option("--scan", metavar="FILE", help="The scan, where it has been moved.")
    ] = None,
    report: Report = Format.TEXT,
) -> int:
    """Say where a value comes from: its ink, what was read, how sure, which checks it takes part in."""
    from extract.cli import explain as command

    return command.show_value(record, pointer, output, scan, report)


@app.command()
@guarded
def load(
    output: options.Output,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="URL", help="Database: postgresql://user@host/name … [default: OUT/zhibiao.db]"),
    ] = None,
    only: options.Taken = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Take out of the database whatever OUT does not hold (any more).")
    ] = False,
    forms: options.Forms = None,
    report: Report = Format.TEXT,
) -> int:
    """Load records into SQLite, PostgreSQL, DuckDB, MySQL or MariaDB; loading again changes nothing."""
    from extract.cli import downstream as command

    return command.load(output, to, tuple(forms or ()), command.Choice(only is not None, prune), report)


@app.command()
@guarded
def export(
    output: options.Output,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="File to write: .xlsx, .csv, .jsonl or .parquet.")],
    layout: Annotated[
        Arrangement, typer.Option("--layout", help="Tables, or sheets that look like the paper (.xlsx).")
    ] = Arrangement.TABLES,
    only: options.Taken = None,
    forms: options.Forms = None,
) -> int:
    """Write records to a workbook, CSV, JSON lines or Parquet."""
    from extract.cli import downstream as command

    return command.export(output, target, tuple(forms or ()), only is not None, layout is Arrangement.FORM)


@app.command()
@guarded
def searchable(
    output: options.Output,
    target: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder for the PDFs.")],
    report: Report = Format.TEXT,
) -> int:
    """Write the scans as PDFs whose text can be searched."""
    from extract.cli import downstream as command

    return command.searchable(output, target, report)


@app.command()
@guarded
def query(
    output: options.Output,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A query over the tables that `load` makes.")],
    only: options.Taken = None,
    forms: options.Forms = None,
    printed: Annotated[Printed, typer.Option("--format", help="How to print the answer.")] = Printed.TABLE,
) -> int:
    """Ask the records in SQL, without a database."""
    from extract.cli import downstream as command

    return command.query(output, sql, tuple(forms or ()), only is not None, printed)


@app.command()
@guarded
def stats(
    output: options.Output,
    chart: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Also draw the figures (PNG).")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="FIELD", help="Field of the organisation. [default: the last required text]"),
    ] = None,
    only: options.Taken = None,
    forms: options.Forms = None,
    report: Report = Format.TEXT,
) -> int:
    """Count forms, scores, rates and issues by year and organisation."""
    from extract.cli import downstream as command

    return command.stats(output, by, tuple(forms or ()), only is not None, chart, report)


@app.command()
@guarded
def doctor(
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="DIR", help="Also check that this folder can be written.")
    ] = None,
    models: options.Models = None,
    report: Report = Format.TEXT,
) -> int:
    """Check this machine: weights, libraries, memory, output folder."""
    from extract.cli import doctor as command

    return command.doctor(output, models, report)


@app.command()
@guarded
def settings(
    assignments: options.Assignments = None,
    config: options.Config = None,
    report: Report = Format.TEXT,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the tables of docs/settings.md.")] = False,
) -> int:
    """Show what can be set, its range, and to what it is set here."""
    from extract.cli import settings as command

    if markdown:
        return command.show_markdown()
    return command.show(options.session(config, assignments).settings, report)


@forms_app.command("list")
@guarded
def forms_list(forms: options.Forms = None, report: Report = Format.TEXT) -> int:
    """List the declared forms."""
    from extract.cli import forms as command

    return command.list_forms(tuple(forms or ()), report)


@forms_app.command("check")
@guarded
def forms_check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE.toml...]", help="Declarations; all known ones without any.")
    ] = None,
    forms: options.Forms = None,
) -> int:
    """Check form declarations and list all of their faults."""
    from extract.cli import forms as command

    return command.check(tuple(files or ()), tuple(forms or ()))


@forms_app.command("schema")
@guarded
def forms_schema(
    form: Annotated[str, typer.Argument(metavar="ID", help="A form of `zhibiao forms list`.")],
    forms: options.Forms = None,
) -> int:
    """Print the JSON Schema of a form's records."""
    from extract.cli import forms as command

    return command.print_schema(form, tuple(forms or ()))


@models_app.command("list")
@guarded
def models_list(models: options.Models = None, report: Report = Format.TEXT) -> int:
    """List the OCR weights on this machine, with their checksums."""
    from extract.cli import models as command

    return command.list_models(models, report)


@models_app.command("fetch")
@guarded
def models_fetch(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to put the weights in, for --models.")],
    size: Annotated[str, typer.Option("--size", help="small, tiny or medium.")] = "small",
) -> int:
    """Download OCR weights: the only command that uses the network."""
    from extract.cli import models as command

    return command.fetch(size, target)
