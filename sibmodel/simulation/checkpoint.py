"""Checkpoints: what a simulation has done, in a file from which it goes on.

The file is always whole: it is written beside and moved into place. It holds whole blocks, so a run that goes on from
it gives the same bytes as one that was never interrupted.
"""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from sibmodel import __version__
from sibmodel.errors import OutputError
from sibmodel.files import deal_hash
from sibmodel.simulation.gathering import Gathering

EVERY = 30.0
"""Seconds between writings."""
FORM = 1
"""Of the file; another form is refused."""


class Checkpoint:
    """A file of progress."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._written = monotonic()

    def go_on(self, gathered: Gathering) -> None:
        """Fill a simulation that has not begun with what the file holds; nothing where there is no file.

        Raises OutputError, which names what differs, where it is of another deal, seed, sampler or version, or of more
        paths than are asked for.
        """
        if not self.file.exists():
            self._prove_writable()
            return
        try:
            with np.load(self.file, allow_pickle=False) as stored:
                held = {name: stored[name] for name in stored.files}
            header = json.loads(str(held.pop("header")))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            raise OutputError(f"{self.file} is not a checkpoint of a simulation. {_WAY_OUT}") from None
        wanted = _header(gathered)
        for key, what in _NAMES.items():
            if header.get(key) != wanted[key]:
                raise OutputError(
                    f"{self.file} is the checkpoint of another run: {what} was {header.get(key)}, and is "
                    f"{wanted[key]}. {_WAY_OUT}"
                )
        if header["paths"] > gathered.spread.paths:
            raise OutputError(
                f"{self.file} holds {header['paths']:,} paths already, more than the {gathered.spread.paths:,} asked "
                f"for. Ask for at least as many, or name another file."
            )
        gathered.take_up(header["state"], held)

    def note(self, gathered: Gathering) -> None:
        """Write where it is time to, and blocks are whole."""
        if monotonic() - self._written >= EVERY:
            self.write(gathered)

    def write(self, gathered: Gathering) -> None:
        """Write what is done. Raises OutputError where that cannot be."""
        state, arrays = gathered.state()
        header = {**_header(gathered), "paths": gathered.paths, "state": state}
        arrays["header"] = np.array(json.dumps(header))
        beside = self._beside()
        try:
            with beside.open("wb") as writing:
                np.savez(writing, allow_pickle=False, **arrays)
            os.replace(beside, self.file)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise OutputError(self._refusal(error)) from None
        self._written = monotonic()

    def _prove_writable(self) -> None:
        """Better to hear at once that a file cannot be written than after an hour."""
        try:
            self._beside().open("wb").close()
            self._beside().unlink()
        except OSError as error:
            raise OutputError(self._refusal(error)) from None

    def _beside(self) -> Path:
        return self.file.with_name(f".{self.file.name}.{os.getpid()}")

    def _refusal(self, error: OSError) -> str:
        return f"The checkpoint {self.file} cannot be written: {error.strerror or error}. Name another file."


_WAY_OUT = "Name another file, or delete it."
_NAMES = {
    "form": "its form",
    "version": "the version of sibmodel",
    "deal": "the deal's fingerprint",
    "seed": "the seed",
    "sampler": "the sampler",
    "replicated": "the number of its paths",
    "keep": "the number of paths kept",
    "watched": "what is watched",
}
"""What must be the same, and what it is called."""


def _header(gathered: Gathering) -> dict[str, Any]:
    spread = gathered.spread
    return {
        "form": FORM,
        "version": __version__,
        "deal": deal_hash(gathered.model.deal),
        "seed": gathered.seed,
        "sampler": spread.sampler,
        "replicated": spread.paths if spread.replicates > 1 else None,
        "keep": gathered.keep,
        "watched": [one.name for one in gathered.watched],
    }
