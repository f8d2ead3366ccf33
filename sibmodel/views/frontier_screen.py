"""A frontier on the screen: the answers and what each contract costs its payers, then who bears what."""

from __future__ import annotations

from collections.abc import Sequence

from sibmodel.analysis.price import Frontier, Point, Term
from sibmodel.views.kinds import paragraph
from sibmodel.views.price import (
    amount,
    by_command,
    changed_before,
    columns,
    constraints_met,
    of_term,
    with_error,
    without_answer,
)
from sibmodel.words import money, number

BILLS = ("along", "solved", "mean bill", "P95 bill", "highest bill")
RISKS = ("along", "paid in", "bill without effect", "spread of investors' NPV", "likeness")
SAID = (
    "Highest bill: of any path. Paid in: paths in which anything is paid for results. Bill without effect: its mean "
    "where the true effect is nil or harmful.",
    "Spread: standard deviation. Likeness: correlation of the bill with the true effect. ± is the Monte Carlo "
    "standard error.",
)


def frontier_screen(found: Frontier, changes: Sequence[str] = ()) -> str:
    """A frontier as a table, of the deal with `changes` made beforehand."""
    first = found.points[0].solution
    met = [one for one in found.points if one.contract is not None and one.solution.answer is not None]
    lines = [
        first.deal.name,
        *[paragraph(line) for line in changed_before(changes)],
        paragraph(f"{first.term.path} for {first.target.text}, along {found.along.path}"),
    ]
    if met:
        lines += ["", *columns([BILLS, *(_bills(one, found.along) for one in met)])]
        lines += ["", *columns([RISKS, *(_risks(one, found.along) for one in met)]), "", *map(paragraph, SAID)]
    for point in found.points:
        lines += [paragraph(f"At {of_term(point.along, found.along)}: {one}") for one in _point_words(point)]
    return "\n".join(lines)


def _bills(point: Point, along: Term) -> tuple[str, ...]:
    one, answer, term = point.contract, point.solution.answer, point.solution.term
    assert one is not None
    assert answer is not None
    error = f" ± {of_term(answer.error, term)}" if answer.error > 0 else ""
    solved = of_term(answer.value, term) + error
    return (of_term(point.along, along), solved, amount(one.mean_bill), amount(one.p95_bill), money(one.most))


def _risks(point: Point, along: Term) -> tuple[str, ...]:
    one = point.contract
    assert one is not None
    return (
        of_term(point.along, along),
        with_error(one.paid, "share"),
        amount(one.paid_without_effect),
        amount(one.investors_spread),
        number(one.likeness, 2),
    )


def _point_words(point: Point) -> list[str]:
    if point.solution.answer is None:
        return without_answer(point.solution, by_command(point.solution))
    return constraints_met(point.solution, by_command(point.solution))
