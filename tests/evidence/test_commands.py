"""The verbs `evidence` and `prior` as a user meets them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sibmodel.cli import main
from sibmodel.evidence import library

RUNNER = CliRunner()


def run(*arguments: str, code: int = 0) -> str:
    done = RUNNER.invoke(main, arguments)
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "Traceback" not in done.output
    return done.output


def document(*arguments: str) -> dict:  # type: ignore[type-arg]
    return json.loads(run(*arguments, "--json"))  # type: ignore[no-any-return]


def test_all_rows_are_listed_with_their_sources_at_the_end() -> None:
    shown = run("evidence")
    assert shown.splitlines()[0].split() == ["Row", "Figure", "Period", "Source", "Status"]
    rows, addresses = shown.split(" rows, from:\n")
    assert all(entry.id in rows for entry in library.entries())
    assert addresses.count("http") == len(library.sources())


def test_words_kind_and_source_choose() -> None:
    assert document("evidence", "doncaster", "historical")["count"] >= 4
    assert {row["kind"] for row in document("evidence", "--kind", "lag")["rows"]} == {"lag"}
    assert {row["source"] for row in document("evidence", "--source", "wsipp-cbt")["rows"]} == {"wsipp-cbt"}
    assert run("evidence", "wsipp-cbt").startswith("Cognitive behavioural therapy")


def test_one_row_is_shown_in_full() -> None:
    shown = run("evidence", "doncaster-cohort-1")
    for said in (
        "doncaster-cohort-1 (effect)",
        "5.7 points",
        "historical baseline",
        "secondary",
        "caution",
        "https://",
    ):
        assert said in shown
    row = document("evidence", "doncaster-cohort-1")["rows"][0]
    assert row["value"] == 5.7
    assert row["address"].startswith("https://archive.northumbria-pcc.gov.uk/")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("evidence", "petrborough"), 'Did you mean "peterborough"?'),
        (("evidence", "--kind", "efect"), 'Did you mean "effect"?'),
        (("evidence", "--source", "wsip-cbt"), "Did you mean: wsipp-cbt"),
        (("prior", "netral"), 'Did you mean "neutral"?'),
        (("prior", "--rows", "rikers-abel"), "Did you mean: rikers-able"),
        (("prior", "neutral", "--rows", "rikers-able"), "not both"),
        (("prior", "--pilot", "10%"), "belong together"),
        (("prior", "--pilot-people", "10"), "belong together"),
        (("prior", "neutral", "--haircut", "75%"), "--haircut is for pooled rows"),
        (("prior", "--bid", "10"), "For 10 % write 0.10 or 10%."),
        (("prior", "--bid", "100%"), "is not a share between -1 and 0.99"),
        (("prior", "--baseline", "0", "--pilot", "5%", "--pilot-people", "9"), "0.001<=x<=1000"),
    ],
)
def test_a_wrong_command_ends_with_2_and_the_way_out(arguments: tuple[str, ...], said: str) -> None:
    assert said in run(*arguments, code=2)


@pytest.mark.parametrize("rows", ["rikers-able", ",", "wsipp-housing", "proven-2023-all"])
def test_rows_that_cannot_be_pooled_end_with_1(rows: str) -> None:
    assert run("prior", "--rows", rows, code=1).strip().endswith(".")


def test_priors_stand_side_by_side() -> None:
    shown = run("prior", "--bid", "10%")
    assert "neutral     library" in shown
    assert "A bid of 10.0% is the 79th percentile of neutral" in shown
    assert "76 in 100" in shown


def test_one_prior_and_the_line_for_a_deal() -> None:
    shown = run("prior", "neutral", "--bid", "10%")
    assert "the 79th percentile of this belief" in shown
    assert shown.rstrip().endswith("effect: {prior: neutral}")


def test_a_pilot_updates_a_prior() -> None:
    shown = run("prior", "neutral", "--pilot", "14%", "--pilot-people", "180", "--bid", "10%")
    assert "the belief moves 24% of the way to it." in shown
    assert "7.1%" in shown
    found = document("prior", "neutral", "--pilot", "15%", "--pilot-people", "200", "--dispersion", "0.693")["answers"][
        0
    ]
    assert round(found["pilot"]["weight"], 2) == 0.25
    assert round(100 * found["belief"]["median"], 1) == 7.5
    assert found["yaml"].startswith("effect: {log_reduction: {mean: 0.0783")
    assert len(document("prior", "--pilot", "15%", "--pilot-people", "200")["answers"]) == 4


def test_matching_error_counts_and_may_be_none() -> None:
    sure = document("prior", "neutral", "--pilot", "15%", "--pilot-people", "200", "--matching-error", "0")
    assert round(sure["answers"][0]["pilot"]["standard_error"], 2) == 0.11


def test_rows_are_pooled_and_their_cautions_said() -> None:
    rows = "peterborough-cohort-1-frequency, wsipp-cbt-adjusted,jdl-city-and-guilds-binary"
    shown = run("prior", "--rows", rows, "--haircut", "0.75", "--delivery", "75%", "--bid", "10%")
    for said in (
        "From rows of the library",
        "Student's t, 1 degree of freedom",
        "cut to 75%",
        "kept in delivery",
        "log_reduction",
    ):
        assert said in shown
    found = document("prior", "--rows", rows)["answers"][0]
    assert [row["id"] for row in found["pooled"]["rows"]] == [row.strip() for row in rows.split(",")]
    assert found["prior"]["degrees_of_freedom"] == 1


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=15), max_size=3))
def test_no_words_give_a_traceback(words: list[str]) -> None:
    for verb in ("evidence", "prior"):
        done = RUNNER.invoke(main, [verb, "--", *words])
        assert isinstance(done.exception, SystemExit | None), (verb, words, done.exception)


@given(st.lists(st.sampled_from([entry.id for entry in library.search(kind="effect")]), max_size=5), st.booleans())
def test_no_rows_give_a_traceback(rows: list[str], with_pilot: bool) -> None:
    more = ["--pilot", "-30%", "--pilot-people", "12", "--delivery", "0"] if with_pilot else []
    done = RUNNER.invoke(main, ["prior", "--rows", ",".join(rows), *more, "--bid", "5%"])
    assert isinstance(done.exception, SystemExit | None), (rows, done.exception)


def test_a_deal_may_name_a_prior() -> None:
    from sibmodel.deals import example

    deal = example("through-the-gate").deal().replace("assumptions.effect", "{prior: neutral}")
    effect = deal.assumptions.effect
    assert effect is not None
    assert effect.prior == "neutral"
    assert effect.source == "library/neutral"
    other = deal.replace("assumptions.effect.prior", "sceptical").assumptions.effect
    assert other is not None
    assert other.source == "library/sceptical"


def test_looking_at_rows_needs_no_heavy_import() -> None:
    shown = "import sys; import sibmodel.evidence.library as l, sibmodel.evidence.answers; l.entries();"
    shown += " print(*sorted(set(sys.modules) & {'scipy', 'pandas', 'openpyxl', 'xlsxwriter'}))"
    ran = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.split() == []
