"""What a user's options come to: forms, settings, engine, and the pipeline made of them."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Mapping
from functools import cached_property
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import extract
from extract.errors import EngineError, UsageError
from extract.model import Source
from extract.settings.defaults import Settings
from extract.settings.layers import Layer, fingerprint, layered
from extract.storage.file_version import sha256

if TYPE_CHECKING:
    from extract.forms.spec import FormSpec
    from extract.pipeline import Pipeline


@dataclasses.dataclass(frozen=True)
class Session:
    """The options of one call, small enough to be handed to worker processes.

    `file` and `command` are the settings layers below and above the forms' own; `form` names the only form to look for.
    """

    file: Layer = dataclasses.field(default_factory=dict)
    command: Layer = dataclasses.field(default_factory=dict)
    forms_dirs: tuple[Path, ...] = ()
    form: str | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings without any form's own. Raises UsageError for unknown keys and wrong values."""
        return layered((self.file, self.command))

    @cached_property
    def forms(self) -> tuple[FormSpec, ...]:
        """The forms to look for, their settings less what the command line states.

        Raises DeclarationError for a bad declaration and UsageError for a form that is not declared.
        """
        from extract.forms.declaration.loader import load_forms

        forms = load_forms(self.forms_dirs)
        if self.form is not None:
            known = ", ".join(form.id for form in forms)
            forms = tuple(form for form in forms if form.id == self.form)
            if not forms:
                raise UsageError(f"no form is called {self.form!r}; declared are: {known}")
        return tuple(dataclasses.replace(form, settings=_without(form.settings, self.command)) for form in forms)

    def pipeline(self, threads: int | None = None) -> Pipeline:
        """A pipeline for this process; `threads` bounds the engine's unless the user did."""
        from extract.pipeline import Pipeline

        settings = self.settings
        if threads is not None and "threads" not in {**self.file.get("ocr", {}), **self.command.get("ocr", {})}:
            settings = layered(({"ocr": {"threads": threads}},), settings)
        return Pipeline(self.forms, settings, None)

    @cached_property
    def identity(self) -> str:
        """A hash of all that decides what a scan's record will be, but the scan."""
        digest = hashlib.sha256(fingerprint(self.settings).encode())
        for form in self.forms:
            digest.update(f"{form.id} {form.digest} {sorted(form.settings.items())}".encode())
        digest.update(files("extract.schemas").joinpath("lexicon.toml").read_bytes())
        digest.update(f"{extract.__version__} {self._engine}".encode())
        return digest.hexdigest()

    @property
    def _engine(self) -> str:
        from extract.ocr.engines import weights

        try:
            used = [weights.find(size) for size in self.settings.ocr.sizes]
            found = [checksum.sha256 for one in used for checksum in weights.checksums(one)]
            return f"{version('onnxruntime')} {found}"
        except EngineError:
            return "none"  # text exports need no engine; a scan will say what is missing


def source_of(path: Path) -> Source:
    """Say of a single file where its records come from: its name and its content's hash."""
    return Source(path.name, sha256(path))


def use_models(folder: Path | None) -> None:
    """Look for weights in a folder first, in this process and those it starts."""
    from extract.ocr.engines.weights import MODELS_VARIABLE

    if folder is not None:
        os.environ[MODELS_VARIABLE] = str(folder.absolute())


def _without(layer: Mapping[str, Mapping[str, object]], stronger: Layer) -> Layer:
    return {
        stage: {key: value for key, value in values.items() if key not in stronger.get(stage, {})}
        for stage, values in layer.items()
    }
