"""Exceptions (no record could be made), exit codes and the catalogue of issue codes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """What the command's exit status says; the worst outcome of a run wins."""

    OK = 0
    REVIEW = 1
    USAGE = 2
    INPUT = 3
    DECLARATION = 4
    ENGINE = 5
    OUTPUT = 6
    BUG = 70
    INTERRUPTED = 130


class ZhibiaoError(Exception):
    """Base of all errors a user may see: a code, what is wrong, and what to do about it."""

    code = "error"
    exit_code = ExitCode.BUG
    remedy = ""


class UsageError(ZhibiaoError):
    """Wrong arguments or settings."""

    code = "usage"
    exit_code = ExitCode.USAGE


class DeclarationError(ZhibiaoError):
    """A form declaration with faults; the message lists all of them with their key paths."""

    code = "bad-declaration"
    exit_code = ExitCode.DECLARATION


class EngineError(ZhibiaoError):
    """The OCR engine or its weights are missing or broken."""

    code = "engine"
    exit_code = ExitCode.ENGINE
    remedy = "Run `zhibiao doctor` to see which part is missing."


class OutputError(ZhibiaoError):
    """The output folder cannot be written."""

    code = "cannot-write"
    exit_code = ExitCode.OUTPUT
    remedy = "Free disk space or choose another folder with -o."


class OutputGone(OutputError):
    """Somebody removed or replaced the output folder while a run wrote to it."""

    code = "output-gone"
    remedy = "What it held went with it. Run again: records that are missing are read anew."


class StorageError(OutputError):
    """A service that keeps objects cannot be reached or lets nobody in; no file of it can be read or written."""

    code = "storage"
    remedy = "Check the address (AWS_ENDPOINT_URL), the credentials and the network; docs/batches.md names them."


class DatabaseError(OutputError):
    """The database cannot be reached, or does not take the records; it is as it was."""

    code = "database"
    remedy = "Check the address, the rights and the space of the database; nothing in it was changed."


class MigrationRefused(DatabaseError):
    """The database's tables were made for a declaration that differs in more than added or removed values."""

    code = "cannot-migrate"
    remedy = "Load into another database, or change the tables there yourself."


class InputError(ZhibiaoError):
    """One input gave no record; the batch goes on."""

    code = "unreadable"
    exit_code = ExitCode.INPUT
    remedy = "Open the file in a viewer; if it does not open there, scan the paper again."


def summed_up(errors: Sequence[InputError]) -> InputError:
    """One error for the damaged pages of a file: the first one, which says how many there are beside it."""
    first, *others = errors
    if not others:
        return first
    pages = "1 more page" if len(others) == 1 else f"{len(others)} more pages"
    together = type(first)(f"{first} {pages} of the file cannot be read either.")
    together.remedy = first.remedy
    return together


class MissingFile(InputError):
    """The path does not exist or is not a file."""

    code = "not-found"
    remedy = "Check the path."


class EmptyFile(InputError):
    """A file of zero bytes, or one that holds no page."""

    code = "empty"
    remedy = "Scan the paper again; the file holds nothing."


class EncryptedFile(InputError):
    """A PDF or office file that asks for a password."""

    code = "encrypted"
    remedy = "Save a copy without a password and run again."


class TruncatedFile(InputError):
    """The file ends before its content does."""

    code = "truncated"
    remedy = "Copy the file again from its source, or scan the paper again."


class ChangedFile(InputError):
    """The file was written to while it was read."""

    code = "changed"
    remedy = "Run again when nothing writes to it any more."


class UnsupportedFile(InputError):
    """A format that is not read."""

    code = "unsupported"
    remedy = "Save it as PDF, PNG, JPEG, TIFF, BMP, WebP, TXT, CSV, TSV, MD, HTML, DOCX, XLSX or XLS."


class TooLarge(InputError):
    """More pixels, pages or bytes than the limits allow; refused before decoding."""

    code = "too-large"
    remedy = "Scan at 300 dpi, split the file, or raise the limit with --set load.max_megapixels=N."


class NotAForm(InputError):
    """The file was read, and none of its pages is a declared form."""

    code = "not-a-form"
    remedy = "If it is a form, add its declaration (docs/adding-a-form.md) or name one with --form."


class BadRecord(InputError):
    """A file among the records that is none, or that the form's declaration does not allow."""

    code = "bad-record"
    remedy = "Run `zhibiao run` again with the declarations you use now, then repeat the command."


class BadName(InputError):
    """The disk of the output folder does not take the name that the file's record would have."""

    code = "bad-name"
    remedy = "Rename the file, or a folder it lies in, or choose an output folder on another disk."


class TimeLimit(InputError):
    """A file took longer than the limit."""

    code = "timeout"
    remedy = "Raise it with --set batch.max_seconds=N, or scan the paper again."


class WorkerDied(InputError):
    """The process that read the file ended (memory, or a fault in a decoder)."""

    code = "worker-died"
    remedy = "Split the file or scan the paper again; the file was tried twice."


ISSUE_CODES: dict[str, str] = {
    "low-confidence": "The characters were hard to read, or something speaks against what was read.",
    "missing-value": "A required value was not found on the form.",
    "unreadable-value": "There is ink, but it could not be read as what the field holds.",
    "failed-check": "A rule of the form does not hold; one of the values was probably misread.",
    "source-contradiction": (
        "A rule of the form does not hold on the paper itself; every value was read with confidence."
    ),
    "repaired": "A doubtful reading was replaced by the only alternative that satisfies every check.",
    "restored-label": "A label that was split or displaced was put back.",
    "inherited-label": "A label was inferred from its neighbours, as no cell of its own shows it.",
    "doubtful-label": "A row's own label cell is blank; the label was taken from the row above.",
    "unknown-label": "A label is none of the words the form declares for it.",
    "unplaced-text": "Text in the table could not be given to any field.",
    "second-value": "Two texts that differ stand for one value.",
    "label-in-value": "A label, or a piece of one, stands inside of a value.",
    "spanning-cell": "A cell covers several columns; its text was given to one of them.",
    "empty-section": "A part of the form that is declared holds no value.",
    "ambiguous-cut": "A text without walls between its cells can be cut in more than one way.",
    "ambiguous-form": "Two declared forms fit the text nearly alike.",
    "cut-text": "The text ends before its form does.",
    "unknown-character": "The value's text holds a character that stands for none: what was there is not known.",
    "schema": "The value is not what the record's schema allows.",
}
"""Every issue code with its meaning; `docs/issue-codes.md` explains them, a test holds the two together."""
