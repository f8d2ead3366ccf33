"""Value for money on the screen."""

from __future__ import annotations

from sibmodel.analysis.value_for_money.judging import ValueForMoney
from sibmodel.views.sentences import spread_words
from sibmodel.views.value_for_money import basis, sentences
from sibmodel.words import money


def screen(found: ValueForMoney) -> str:
    """What it says, the bill by year, benefits by kind, and how it is reckoned."""
    rows = [
        found.deal.name,
        f"{found.paths:,} paths, seed {found.seed}{spread_words(found.spread, found.spread.replicates)}",
        "",
        *(f"  {sentence}" for sentence in sentences(found)),
        "",
        f"{'Bill, money of the day':<26}{'mean ± error':<28}{'95% of paths at most':<24}highest",
    ]
    for name, one in (*found.years, ("In all", found.bill)):
        mean = f"{money(one.mean.value)} ± {money(one.mean.error)}"
        rows.append(f"  {name:<24}{mean:<28}{money(one.p95.value):<24}{money(one.highest)}")
    if found.benefits:
        rows += ["", f"{'Benefits, present value':<42}{'kind':<12}{'by':<11}{'worth of one':<16}mean ± error"]
        for benefit in found.benefits:
            mean = f"{money(benefit.present.mean.value)} ± {money(benefit.present.mean.error)}"
            rows.append(
                f"  {benefit.terms.name[:38]:<40}{benefit.terms.kind:<12}{benefit.terms.basis:<11}"
                f"{money(benefit.per_event):<16}{mean}"
            )
    rows += ["", *(f"  {sentence}" for sentence in basis(found))]
    return "\n".join(rows)
