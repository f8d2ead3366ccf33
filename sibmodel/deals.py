"""Deals by file or by an example's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import resources
from pathlib import Path

from sibmodel.deal import Deal
from sibmodel.errors import NotFoundError
from sibmodel.files import read_terms


@dataclass(frozen=True)
class Example:
    """A deal that comes with the package."""

    name: str
    text: str

    def deal(self) -> Deal:
        return read_terms(self.text, Deal, name=f"example {self.name}")


def examples() -> Iterator[Example]:
    """All deals that come with the package, by name."""
    folder = resources.files("sibmodel.examples")
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".yaml"):
            yield Example(entry.name.removesuffix(".yaml"), entry.read_text(encoding="utf-8"))


def example(name: str) -> Example:
    """The example of that name. Raises NotFoundError, with the nearest."""
    known = {one.name: one for one in examples()}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known)}."
        raise NotFoundError(f'There is no example "{name}". {hint}')
    return known[name]


def read(name: str | Path) -> Deal:
    """The deal in a file, or the example of that name. Raises DealError or NotFoundError."""
    return find(str(name))[0]


def find(name: str) -> tuple[Deal, str]:
    """The deal in the file `name`, or the example of that name; and a short name for what is made of it.

    Raises DealError for a file with problems, NotFoundError where there is neither file nor example.
    """
    path = Path(name)
    looks_like_a_file = path.suffix != "" or path.exists() or len(path.parts) > 1
    if looks_like_a_file:
        if path.suffix in (".yaml", ".yml") or not path.is_file():
            return read_terms(path, Deal), path.stem or "deal"
        raise NotFoundError(
            f"{name} is not a YAML file: a deal file ends in .yaml. Write one with: sibmodel new mydeal.yaml"
        )
    for ending in (".yaml", ".yml"):
        if path.with_suffix(ending).is_file():
            return read_terms(path.with_suffix(ending), Deal), path.name
    try:
        found = example(name)
    except NotFoundError as error:
        raise NotFoundError(
            f'There is no file "{name}" and no example of that name. {str(error).split(". ", 1)[1]}'
        ) from None
    return found.deal(), found.name
