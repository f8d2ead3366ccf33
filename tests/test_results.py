"""The run as plain data: held to its published schema, and to itself."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest

from sibmodel import results
from sibmodel.deals import example, examples

SCHEMA = json.loads(resources.files("sibmodel").joinpath("result_schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [one.name for one in examples()])
def test_document_keeps_to_the_schema(name: str) -> None:
    document = results.document(results.run(example(name).deal(), paths=200, seed=3))
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(document, allow_nan=False)))


def test_the_schema_refuses_a_document_without_its_errors() -> None:
    document = results.document(results.run(example("peterborough").deal(), paths=50))
    del document["simulation"]["investor"]["npv"]["error"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_every_statistic_has_its_error() -> None:
    document = results.document(results.run(example("peterborough").deal(), paths=500))["simulation"]
    for view, figure in (("investor", "irr"), ("investor", "moic"), ("investor", "npv"), ("commissioner", "payments")):
        assert {"mean", "sd", "p5", "p50", "p95", "error"} <= document[view][figure].keys()
        assert document[view][figure]["error"] > 0
    assert document["investor"]["probability_of_loss_error"] > 0
    assert document["commissioner"]["probability_of_payment_error"] > 0


def test_figures_not_available_are_none() -> None:
    deal = example("peterborough").deal().replace("assumptions.effect", "-5%")
    base = results.document(results.run(deal, paths=20))["base"]
    assert base["commissioner"]["cost_per_event_avoided"] is None
    assert base["investor"]["irr"] == -1
    assert base["investor"]["irr_status"] == "total_loss"
    assert base["investor"]["payback"] is None
