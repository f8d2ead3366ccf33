"""The public names: which there are, that each is found whatever is imported first, and that each question is the
command's, with its options, its answer and its data."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner

import sibmodel as sib
from sibmodel import questions
from sibmodel.analysis.price import solve
from sibmodel.cli import main

NAMES = {
    *("Band", "Deal", "DealError", "Model", "NotFoundError", "OutputError", "Run", "SibmodelError", "__version__"),
    *("build", "document", "read", "reopen", "run", "simulate", "write_workbook"),
    *("compare", "difference", "error_rates", "frontier", "incentives", "price", "sensitivity", "value"),
    "winners_curse",
}
PRICE = "payments[0].price"
TWO_WAY = (f"{PRICE}=£9,000,£12,000", "assumptions.effect=5%,10%")
COMMANDS = {
    "price": "price",
    "frontier": "price",
    "winners_curse": "price",
    "compare": "compare",
    "value": "value",
    "sensitivity": "sensitivity",
    "incentives": "incentives",
    "difference": "diff",
    "error_rates": "error-rates",
}
"""The command that asks the same."""
OTHERWISE = {"others": "with", "bands": "band", "names": None, "other": None}
"""Arguments that the command has by another name, `with` being a word of Python's own, or in no option."""
MODULES = (
    *("questions", "answers", "analysis.price", "analysis.price.frontier", "analysis.price.winners_curse"),
    *("analysis.incentives", "analysis.sensitivity", "analysis.error_rates", "analysis.transfer.comparing"),
    *("views.price", "views.incentives", "views.error_rates", "commands.price", "commands.value"),
)
"""Modules with the names of questions."""
PAGES = {
    "price": ["Price"],
    "frontier": ["Frontier"],
    "winners_curse": ["Winner's curse"],
    "incentives": ["Incentives"],
    "difference": ["Difference", "What changed"],
    "error_rates": ["Error rates"],
}
AMONG_A_RUNS = {"compare": "Risk transfer", "value": "Value for money", "sensitivity": "Sensitivity"}


@cache
def deal() -> sib.Deal:
    return sib.read("through-the-gate")


ASK: dict[str, Callable[[], Any]] = {
    "price": lambda: sib.price(deal(), PRICE, "irr = 5%", paths=200),
    "frontier": lambda: sib.frontier(deal(), PRICE, "npv = 0", "payments[0].cap=£7m,£9m", paths=200),
    "winners_curse": lambda: sib.winners_curse(deal(), 4, estimate=0.14),
    "compare": lambda: sib.compare(deal(), paths=100),
    "value": lambda: sib.value(deal(), paths=100),
    "sensitivity": lambda: sib.sensitivity(deal(), ["npv"], paths=128, two_way=TWO_WAY),
    "incentives": lambda: sib.incentives(deal(), [sib.Band("Prolific", 8, 2_400)], paths=100),
    "difference": lambda: sib.difference(deal(), deal().replace(PRICE, 15_000), paths=200),
    "error_rates": lambda: sib.error_rates(deal(), 0.05, paths=100),
}  # fmt: skip


@cache
def answer(name: str) -> Any:
    return ASK[name]()


# Names ------------------------------------------------------------------------------------------------------------
def test_the_public_names() -> None:
    assert set(sib.__all__) == NAMES
    assert sorted(sib.__all__) == list(sib.__all__) == dir(sib)
    assert all(inspect.isclass(getattr(sib, name)) for name in NAMES if name[0].isupper())
    assert all(callable(getattr(sib, name)) for name in NAMES - {"__version__"})


def test_no_public_name_is_a_module_that_could_take_its_place() -> None:
    assert {one.name for one in pkgutil.iter_modules(sib.__path__)} & NAMES == set()


@pytest.mark.parametrize("first", ["the names", "the modules"])
def test_a_name_is_the_same_whatever_is_imported_first(first: str) -> None:
    """A module that is imported becomes an attribute of the package that holds it."""
    names = f"names = {{name: getattr(sibmodel, name) for name in {sorted(NAMES)!r}}}"
    modules = f"[importlib.import_module('sibmodel.' + one) for one in {MODULES!r}]"
    steps = [names, modules] if first == "the names" else [modules, names]
    check = (
        "assert all(getattr(sibmodel, name) is one for name, one in names.items()); print(sibmodel.price.__module__)"
    )
    code = "\n".join(["import importlib, sibmodel", *steps, check])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("sibmodel.questions", "")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'prise'"):
        _ = sib.prise


# Functions --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", COMMANDS)
def test_options_have_the_names_of_the_commands(name: str) -> None:
    options = {opt.lstrip("-").replace("-", "_") for one in main.commands[COMMANDS[name]].params for opt in one.opts}
    given = [one for one in inspect.signature(getattr(sib, name)).parameters if one != "deal"]
    asked = {OTHERWISE.get(one, one) for one in given} - {None}
    assert asked <= options
    assert given
    every = {
        name for name, one in inspect.getmembers(questions, inspect.isfunction) if one.__module__ == questions.__name__
    }
    assert every == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_an_answer_is_frozen_and_every_argument_after_the_question_is_named(name: str) -> None:
    found = answer(name)
    assert dataclasses.is_dataclass(found)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(found, dataclasses.fields(found)[0].name, None)
    parameters = inspect.signature(getattr(sib, name)).parameters
    kinds = {one: parameters[one].kind for one in ("paths", "seed", "sampler", "estimate_error") if one in parameters}
    assert set(kinds.values()) == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("name", COMMANDS)
def test_an_answer_is_data(name: str) -> None:
    """JSON without nan, and again the same."""
    data = sib.document(answer(name))
    assert json.loads(json.dumps(data, allow_nan=False)) == json.loads(json.dumps(sib.document(answer(name))))
    assert data


@pytest.mark.parametrize("name", [*PAGES, *AMONG_A_RUNS])
def test_an_answer_is_a_workbook(name: str, tmp_path: Path) -> None:
    sib.write_workbook(answer(name), tmp_path / "answer.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "answer.xlsx", read_only=True).sheetnames
    if name in PAGES:
        assert sheets == PAGES[name]
    else:
        assert {AMONG_A_RUNS[name], "Inputs", "Investor view"} <= set(sheets)


def test_nothing_else_is_an_answer(tmp_path: Path) -> None:
    none: Any = deal()
    with pytest.raises(TypeError, match="A Deal is neither a run nor an answer"):
        sib.document(none)
    with pytest.raises(TypeError, match="A Deal is neither a run nor an answer"):
        sib.write_workbook(none, tmp_path / "none.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(sib.OutputError, match="Choose another folder"):
        sib.write_workbook(answer("winners_curse"), tmp_path / "nowhere" / "answer.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("price", ["through-the-gate", "--solve", PRICE, "--target", "irr = 5%", "--paths", "200"]),
        ("difference", ["through-the-gate", "--set", f"{PRICE}=15000", "--paths", "200"]),
        ("error_rates", ["through-the-gate", "--target", "5%", "--paths", "100"]),
        ("incentives", ["through-the-gate", "--band", "Prolific=8:£2,400", "--paths", "100"]),
        ("value", ["through-the-gate", "--paths", "100"]),
        ("compare", ["through-the-gate", "--paths", "100"]),
    ],
)
def test_the_answer_is_the_commands(name: str, arguments: list[str], tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [COMMANDS[name], *arguments, "--json"])
    printed, found = json.loads(done.stdout), json.loads(json.dumps(sib.document(answer(name))))
    for names_of_the_two in ("from", "to"):
        printed.pop(names_of_the_two, None), found.pop(names_of_the_two, None)
    assert printed == found


def test_a_frontier_and_a_curse_are_parts_of_what_the_command_prints() -> None:
    along = ["--along", "payments[0].cap=£7m,£9m", "--bidders", "4", "--estimate", "14%", "--paths", "200"]
    done = CliRunner().invoke(
        main, ["price", "through-the-gate", "--solve", PRICE, "--target", "npv = 0", *along, "--json"]
    )
    printed = json.loads(done.stdout)
    assert printed["frontier"] == json.loads(json.dumps(sib.document(answer("frontier"))))
    assert printed["winners_curse"] == json.loads(json.dumps(sib.document(answer("winners_curse"))))


def test_the_solution_is_that_of_the_analysis() -> None:
    """And the deal with it reaches the target: 5% in the base case."""
    found = answer("price")
    assert found.answer == solve(deal(), PRICE, "irr = 5%", paths=200).answer
    assert sib.price(found.solved, PRICE, "irr = 5%", paths=200).now.value == pytest.approx(0.05, abs=1e-6)


def test_others_are_compared_under_their_names() -> None:
    cheaper = deal().replace(PRICE, 12_000)
    found = sib.compare(deal(), {"cheaper": cheaper}, paths=64)
    own, other = found.contracts[-2:]
    assert other.name == "cheaper"
    assert other.bills.shape == own.bills.shape == (64,)
    assert np.all(other.bills <= own.bills + 1e-6)


def test_stresses_come_from_a_file_or_as_they_are(tmp_path: Path) -> None:
    text = "stresses:\n  - {name: Half the people, source: assumed, changes: {assumptions.volume.base: 0.5}}\n"
    (tmp_path / "stresses.yaml").write_text(text, encoding="utf-8")
    from_file = sib.sensitivity(deal(), ["npv"], stress=tmp_path / "stresses.yaml", paths=64)
    stresses = importlib.import_module("sibmodel.analysis.sensitivity").read_stresses(tmp_path / "stresses.yaml")
    as_they_are = sib.sensitivity(deal(), ["npv"], stress=stresses, paths=64)
    assert [one.name for one in from_file.stresses] == ["As it is", "Half the people"]
    assert sib.document(from_file) == sib.document(as_they_are)


def test_words_that_mean_nothing_are_refused_with_what_can_be_asked() -> None:
    with pytest.raises(sib.NotFoundError, match='Did you mean "price"'):
        sib.price(deal(), "payments[0].prise", "irr = 5%")
    with pytest.raises(sib.NotFoundError, match="needs a sign and a value"):
        sib.price(deal(), PRICE, "irr")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_question_is_asked_of_a_deal_and_not_of_the_name_of_a_file(name: str) -> None:
    given = {one: "x" for one in inspect.signature(getattr(sib, name)).parameters.values() if one.default is one.empty}
    with pytest.raises(TypeError, match=re.escape('deal = sibmodel.read("mydeal.yaml")')):
        getattr(sib, name)(*given.values())


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "winners_curse"])
def test_so_few_paths_that_there_is_no_error_are_refused(name: str) -> None:
    asked: dict[str, tuple[Any, ...]] = {
        "frontier": (PRICE, "npv = 0", "payments[0].cap=£7m,£9m"),
        "price": (PRICE, "npv = 0"),
        "difference": (deal().replace(PRICE, 15_000),),
    }
    with pytest.raises(sib.NotFoundError, match=r"paths = 1 is too few\. Ask for [0-9]+ or more"):
        getattr(sib, name)(deal(), *asked.get(name, ()), paths=1)


def test_a_share_is_of_one() -> None:
    with pytest.raises(sib.NotFoundError, match=re.escape("estimate = 14 is 1,400%. It is a share from -1 to 0.99.")):
        sib.winners_curse(deal(), 4, estimate=14)
    with pytest.raises(sib.NotFoundError, match=re.escape("For 5% write 0.05.")):
        sib.error_rates(deal(), target=5, paths=100)


def test_one_text_among_several_may_stand_alone() -> None:
    alone = sib.price(
        deal(), PRICE, "irr = 5%", subject_to="P(loss) <= 20%", in_proportion="payments[0].cap", paths=100
    )
    several = sib.price(
        deal(), PRICE, "irr = 5%", subject_to=["P(loss) <= 20%"], in_proportion=["payments[0].cap"], paths=100
    )
    assert sib.document(alone) == sib.document(several)


def test_others_need_names() -> None:
    listed: Any = [deal()]
    with pytest.raises(TypeError, match="Give each other deal under its name"):
        sib.compare(deal(), listed)


@pytest.mark.parametrize("name", ASK)
def test_an_answer_is_shown_without_the_deal_and_the_model_behind_it(name: str) -> None:
    shown = repr(answer(name))
    assert deal().description[:40] not in shown
    assert len(shown) < 30_000
