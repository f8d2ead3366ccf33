"""What a simulation of a deal calculates: the tape's operations, counted and written out."""

from __future__ import annotations

from dataclasses import dataclass

from sibmodel.deal import Deal
from sibmodel.lines import Line, Tape
from sibmodel.lines.listing import Step, by_kind, by_line, steps_of
from sibmodel.model import Model
from sibmodel.simulation.kept import kept_of

MOST_LINES = 20
"""Lines shown with their counts."""


@dataclass(frozen=True, eq=False)
class Listed:
    """The tape of a simulation's figures."""

    model: Model
    tape: Tape

    def as_dict(self) -> dict[str, object]:
        """In numbers: the whole, by kind, and by line."""
        said, order = self.tape.description, self.tape.player.order
        return {
            "deal": self.model.deal.name,
            **said.__dict__,
            "by_kind": by_kind(self.tape.rows, order),
            "by_line": {line.key: kinds for line, kinds in by_line(self.tape.rows, order).items()},
        }

    def steps(self, line: Line) -> list[Step]:
        """The operations recorded for a line."""
        return steps_of(self.tape, line)


def listed(model: Model) -> Listed:
    """The tape that a simulation of the model plays for its figures."""
    keep = kept_of(model).lines
    cells = [one.cell for one in model.uncertain]
    return Listed(model, Tape(keep, model.book.periods, cells, model.book.draws, keep))


def listed_text(one: Listed) -> str:
    """The counts, for a terminal."""
    order = one.tape.player.order
    kinds, lines = by_kind(one.tape.rows, order), by_line(one.tape.rows, order)
    texts = [f"{one.model.deal.name}: a simulation's figures need {one.tape.describe()}.", "", "By kind"]
    texts += [f"  {count:>7,}  {kind.replace('_', ' ')}" for kind, count in kinds.items()]
    texts += ["", "By line"]
    for line, of in list(lines.items())[:MOST_LINES]:
        parts = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in of.items())
        texts.append(f"  {sum(of.values()):>7,}  {line.key}: {parts}")
    rest = list(lines.values())[MOST_LINES:]
    if rest:
        texts.append(f"  {sum(sum(of.values()) for of in rest):>7,}  in {len(rest)} more lines; --json has them all")
    return "\n".join(texts)


def steps_text(one: Listed, line: Line, deal: Deal) -> str:
    """A line's operations month by month, for a terminal."""
    steps = one.steps(line)
    if not steps:
        others = dict.fromkeys(one.tape.rows.lines[row] for row in one.tape.rows_of(line))
        shared = "; ".join(other.key for other in others if other is not None and other is not line)
        if shared:
            return f"{line.key} has no operations of its own: its rows are those of {shared}."
        return f"{line.key} has no operations: it is the same in every path, or no figure of a simulation needs it."
    head = f"{line.key}: {len(steps)} operation{'' if len(steps) == 1 else 's'} in every path"
    return "\n".join([head, *(f"  {deal.start.plus(step.period - 1)}  row {step.row} = {step.text}" for step in steps)])
