"""How a deal's other forms are derived from it, for a comparison: a fee for service, and payment by results to
providers. What no contract says is assumed here, and every default says so."""

from __future__ import annotations

from sibmodel.terms import Terms, money, share, yearly_rate


class Comparison(Terms):
    """What is assumed where the same service is bought otherwise."""

    management_under_fee: float = share(
        "Share of the intermediary's bills that the commissioner pays under a fee for service (assumed: somebody "
        "still manages it)",
        default=1.0,
    )
    assessment_under_fee: float = share(
        "Share of the assessor's bills that it pays then (assumed: no payment hangs on what is measured)", default=0.0
    )
    management_under_results: float = share(
        "Share of the intermediary's bills that the commissioner pays where providers are paid by results (assumed: "
        "providers manage themselves)",
        default=0.0,
    )
    assessment_under_results: float = share(
        "Share of the assessor's bills that it pays then (assumed: payment hangs on it)", default=1.0
    )
    borrowing_rate: float = yearly_rate(
        "Interest a year at which providers that are paid by results borrow what they lack (assumed)",
        default=0.08,
        minimum=0.0,
    )
    credit: float | None = money(
        "Most that such a provider can borrow; unless told, without limit where its own cash is not told, and nothing "
        "where it is (assumed)",
        default=None,
    )
    step_in_cost: float = share(
        "What it costs the commissioner to step in for a provider that has run out of cash, beside the cash that it "
        "lacks, as a share of that (assumed)",
        default=0.1,
        maximum=10.0,
    )
