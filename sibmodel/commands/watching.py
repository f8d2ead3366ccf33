"""A long simulation watched from a terminal: how far it is, how long it will take, and Ctrl-C."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType

import click

LONG = 50_000
"""Paths from which progress is shown."""


def progress(paths: int | None) -> Callable[[int, int], None] | None:
    """A line on the error stream for long work, where somebody is watching. `paths` is None where it is not known how
    many there will be."""
    if not sys.stderr.isatty() or (paths is not None and paths < LONG):
        return None
    began = monotonic()
    before = 0

    def show(done: int, of: int) -> None:
        nonlocal before
        passed = monotonic() - began
        before = before or done  # what a checkpoint held took no time
        rate = (done - before) / passed if passed > 0 else 0.0
        left = f", {time_left((of - done) / rate)} left" if rate > 0 and done < of else ""
        most = "at most " if paths is None else ""
        click.echo(f"\r\x1b[KSimulating: {done:,} of {most}{of:,} paths{left}", nl=done == of, err=True)

    return show


def time_left(seconds: float) -> str:
    """A time as one says it: `40 seconds`, `12 minutes`, `2 hours 5 minutes`."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} second{'' if seconds < 1.5 else 's'}"
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours {minutes % 60} minutes"


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed: once, to stop with what is done; twice leaves at once."""
    pressed = False
    before = signal.getsignal(signal.SIGINT)

    def press(_number: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, before)
        click.echo("\nStopping: what is done is told. Press Ctrl-C again to leave without it.", err=True)

    signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        if not pressed:
            signal.signal(signal.SIGINT, before)
