"""Files of scenarios beside a deal's: how they are found, what they add, and what is wrong with some."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

import sibmodel as sib
from sibmodel.cli import main
from sibmodel.deals import find, read
from sibmodel.errors import DealError, NotFoundError
from sibmodel.workbook.form import form_bytes
from tests.deals import SMALL

UNCERTAIN_VOLUME = ("assumptions:\n", "assumptions:\n  volume: {triangular: {low: 0.6, mode: 1, high: 1.1}}\n")
BASE_ALONE = """scenarios:
  - name: Few people
    changes:
      assumptions.volume.base: 0.7
"""
LOW = "scenarios:\n  - name: Low\n    source: board paper 12\n    changes:\n      payments[0].price: £9,000\n"
HIGH = LOW.replace("Low", "High").replace("9,000", "19,000")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mydeal.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


def written(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def command(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.mark.usefixtures("folder")
class TestRead:
    def test_a_file_that_is_named_adds_its_scenarios(self) -> None:
        deal = sib.read("mydeal.yaml", scenarios=written("board.yaml", LOW))
        assert [(one.name, one.file, one.source) for one in deal.scenarios] == [("Low", "board.yaml", "board paper 12")]
        assert deal.in_scenario("low").payments[0].price == 9_000
        assert read("mydeal.yaml").scenarios == ()

    def test_several_files_stand_in_their_order_after_the_deals_own(self) -> None:
        written("mydeal.yaml", SMALL + LOW.replace("Low", "Mine"))
        deal = read("mydeal.yaml", scenarios=[written("b.yaml", HIGH), Path(written("a.yaml", LOW))])
        assert [(one.name, one.file) for one in deal.scenarios] == [("Mine", ""), ("High", "b.yaml"), ("Low", "a.yaml")]

    @pytest.mark.parametrize("beside", ["mydeal.scenarios.yaml", "mydeal.scenarios.yml"])
    def test_a_file_beside_the_deal_is_read_by_itself(self, beside: str) -> None:
        written(beside, LOW)
        low, short = find("mydeal.yaml@Low")
        assert (low.payments[0].price, short) == (9_000, "mydeal-low")
        assert low.name.endswith(f"(scenario Low of {beside})")

    def test_a_file_beside_a_deal_in_excel_is_read_by_itself(self) -> None:
        Path("other.xlsx").write_bytes(form_bytes(read("mydeal.yaml")))
        written("other.scenarios.yaml", LOW)
        assert read("other.xlsx@Low").payments[0].price == 9_000

    def test_a_file_that_is_both_beside_and_named_is_read_once(self) -> None:
        written("mydeal.scenarios.yaml", LOW)
        assert len(read("mydeal.yaml", scenarios=Path("mydeal.scenarios.yaml").resolve()).scenarios) == 1

    def test_an_example_takes_scenarios_too(self) -> None:
        deal = read("peterborough@Dear", written("board.yaml", LOW.replace("Low", "Dear")))
        assert deal.payments[0].price == 9_000

    def test_the_terms_are_those_of_one_file(self) -> None:
        apart = read("mydeal.yaml", written("board.yaml", LOW))
        assert apart.plain() == read(written("together.yaml", SMALL + LOW)).plain()

    def test_a_new_deal_file_is_a_copy_of_the_deals_alone(self) -> None:
        written("mydeal.scenarios.yaml", LOW)
        command("new", "copy.xlsx", "--from", "mydeal.yaml")
        assert read("copy.xlsx").scenarios == ()


WRONG = [
    ("deal: Another\n" + LOW, "line 1", "deal", 'are for "Another", and the deal is "Small deal"'),
    (LOW.replace("price", "prise"), "line 5", 'scenarios[0].changes["payments[0].prise"]', 'Did you mean "price"?'),
    (LOW.replace("£9,000", "ten"), "line 5", 'scenarios[0].changes["payments[0].price"]', "ten"),
    (LOW.replace("payments[0]", "payments[Bonus]"), "line 5", 'scenarios[0].changes["payments[Bonus].price"]', "Bonus"),
    (LOW.replace("name", "nam"), "line 2", "scenarios[0].nam", 'Did you mean "name"?'),
    (LOW + LOW.partition("\n")[2], "line 1", "scenarios", '2 of the scenarios are named "Low"'),
    ("scenarios: []\n", "line 1", "scenarios", "There are no scenarios"),
    ("", "line 1", "", "Write `scenarios:`"),
    ("- Low\n", "line 1", "", "is a list. Write `scenarios:`, and below it a list of scenarios"),
    (SMALL, "line 1", "", "is a deal, not a file of scenarios. Its own scenarios are read with it"),
]


@pytest.mark.usefixtures("folder")
class TestFaults:
    @pytest.mark.parametrize(("text", "place", "path", "words"), WRONG)
    def test_what_is_wrong_is_said_in_its_place(self, text: str, place: str, path: str, words: str) -> None:
        with pytest.raises(DealError) as raised:
            read("mydeal.yaml", written("board.yaml", text))
        found = [f"{one.message} {one.fix}" for one in raised.value.problems if (one.place, one.path) == (place, path)]
        assert raised.value.source == "board.yaml"
        assert any(words in one for one in found), str(raised.value)

    def test_all_faults_are_told_at_once(self) -> None:
        text = LOW.replace("price", "prise") + HIGH.partition("\n")[2].replace("£19,000", "ten")
        with pytest.raises(DealError) as raised:
            read("mydeal.yaml", written("board.yaml", text))
        assert [one.place for one in raised.value.problems] == ["line 5", "line 9"]

    def test_a_name_that_is_in_both_is_refused_with_both_places(self) -> None:
        written("mydeal.yaml", SMALL + LOW)
        line = len(SMALL.splitlines()) + 2
        with pytest.raises(DealError, match=f'"low" is a scenario in mydeal.yaml, line {line}, too') as raised:
            read("mydeal.yaml", written("board.yaml", HIGH.replace("High", "low")))
        assert (raised.value.source, raised.value.problems[0].place) == ("board.yaml", "line 2")

    def test_a_name_that_is_in_two_files_is_refused(self) -> None:
        other = written("other.yaml", HIGH.replace("High", "Low"))
        with pytest.raises(DealError, match=r"is a scenario in board\.yaml, too"):
            read("mydeal.yaml", [written("board.yaml", LOW), other])

    def test_the_same_scenario_in_both_is_one(self) -> None:
        """A run's workbook holds the scenarios of the file beside, and may come to stand beside it."""
        written("mydeal.yaml", SMALL + LOW)
        written("mydeal.scenarios.yaml", LOW)
        assert [one.file for one in read("mydeal.yaml").scenarios] == [""]

    def test_too_many_together_are_refused(self) -> None:
        many = LOW + "".join(LOW.partition("\n")[2].replace("Low", f"Low {one}") for one in range(9))
        written("mydeal.yaml", SMALL + many.replace("Low", "Mine"))
        with pytest.raises(DealError, match=r"there are 20 scenarios\. Keep at most 12"):
            read("mydeal.yaml", written("board.yaml", many))

    def test_a_file_that_is_not_there_is_told_with_a_near_one(self) -> None:
        written("board.yaml", LOW)
        with pytest.raises(NotFoundError, match=r"There is no file boord\.yaml\. Did you mean board\.yaml\?"):
            read("mydeal.yaml", "boord.yaml")

    def test_a_workbook_is_no_file_of_scenarios(self) -> None:
        Path("board.xlsx").write_bytes(form_bytes(read("mydeal.yaml")))
        with pytest.raises(NotFoundError, match="is no file of scenarios"):
            read("mydeal.yaml", "board.xlsx")

    def test_a_file_of_scenarios_is_no_deal(self) -> None:
        with pytest.raises(NotFoundError, match="Name the deal first: sibmodel check DEAL --scenarios"):
            read(written("mydeal.scenarios.yaml", LOW))

    def test_an_unknown_scenario_is_refused_with_those_of_the_file(self) -> None:
        with pytest.raises(NotFoundError, match="There are: Low"):
            read("mydeal.yaml@High", written("board.yaml", LOW))


@pytest.mark.usefixtures("folder")
class TestCommands:
    def test_check_says_what_it_read(self) -> None:
        written("mydeal.scenarios.yaml", HIGH)
        shown = command("check", "mydeal.yaml", "--scenarios", written("board.yaml", LOW)).output
        assert "Scenarios of mydeal.scenarios.yaml: High\n  Scenarios of board.yaml: Low\n" in shown
        assert "Next: sibmodel run mydeal.yaml --scenarios board.yaml" in shown

    def test_a_run_has_them_in_workbook_and_results(self) -> None:
        written("mydeal.scenarios.yaml", LOW)
        shown = command("run", "mydeal.yaml", "--paths", "256").output
        assert "Scenarios of mydeal.scenarios.yaml: Low" in shown
        results = json.loads(Path("out/mydeal.json").read_text(encoding="utf-8"))
        low = {"name": "Low", "description": None, "source": "board paper 12", "file": "mydeal.scenarios.yaml"}
        assert results["scenarios"] == [low]
        sheets = openpyxl.load_workbook("out/mydeal.xlsx")
        texts = [str(cell.value) for row in sheets["Scenarios"].iter_rows() for cell in row if cell.value]
        assert "Low" in texts
        assert any("From the file mydeal.scenarios.yaml." in text for text in texts)
        made = [str(cell.value) for row in sheets["Assurance"].iter_rows() for cell in row if cell.value]
        assert "Scenarios of mydeal.scenarios.yaml" in made
        listed = sheets["Scenarios"].data_validations.dataValidation
        assert any("D7" in str(one.sqref) for one in listed)  # the selector, over the headings that hold its name

    def test_the_workbook_of_a_run_may_stand_beside_the_file(self) -> None:
        written("mydeal.scenarios.yaml", LOW)
        assert command("run", "mydeal.yaml", "--paths", "256", "--out", ".").exit_code == 0
        assert read("mydeal.xlsx@Low").payments[0].price == 9_000

    def test_diff_goes_from_a_deal_to_its_scenario(self) -> None:
        board = written("board.yaml", LOW)
        done = command("diff", "mydeal.yaml", "mydeal.yaml@Low", "--paths", "100", "--scenarios", board)
        assert "payments[0].price: £10,000 → £9,000" in done.output

    def test_a_scenario_of_the_base_case_is_told_to_move_no_simulated_figure(self) -> None:
        written("mydeal.yaml", SMALL.replace(*UNCERTAIN_VOLUME))
        board = written("board.yaml", BASE_ALONE)
        done = command("diff", "mydeal.yaml", "mydeal.yaml@few PEOPLE", "--paths", "100", "--scenarios", board)
        assert "From mydeal to mydeal@Few people\n" in done.output
        assert "No figure over the paths moves: what changed is the base case alone" in done.output
        assert "words alone" not in done.output  # that it is a scenario is no change of the deal's name
        assert max(map(len, done.output.splitlines())) <= 100

    def test_a_scenario_of_the_base_case_is_not_compared_with_its_deal(self) -> None:
        written("mydeal.yaml", SMALL.replace(*UNCERTAIN_VOLUME))
        board = written("board.yaml", BASE_ALONE)
        asked = ("compare", "mydeal.yaml", "--with", "mydeal.yaml@Few people", "--paths", "100", "--scenarios", board)
        done = command(*asked)
        assert done.exit_code == 2
        assert "mydeal@Few people changes the base case alone" in done.output
        assert 'sibmodel diff mydeal.yaml "mydeal.yaml@Few people"' in " ".join(done.output.split())

    def test_the_base_case_of_a_plain_number_is_all_there_is_of_it(self) -> None:
        board = written("board.yaml", BASE_ALONE)  # the small deal's volume is certain
        assert "in the base case alone" not in find("mydeal.yaml@Few people", [Path(board)])[0].name
        done = command("diff", "mydeal.yaml", "mydeal.yaml@Few people", "--paths", "100", "--scenarios", board)
        assert "\n  Mean payments: " in done.output
        assert "No figure over the paths moves" not in done.output

    def test_a_file_for_one_deal_does_not_stop_a_comparison_with_another(self) -> None:
        written("other.yaml", SMALL.replace("name: Small deal", "name: Other"))
        board = written("board.yaml", "deal: Small deal\n" + LOW)
        done = command("diff", "mydeal.yaml@Low", "other.yaml", "--paths", "100", "--scenarios", board)
        assert (done.exit_code, "payments[0].price: £9,000 → £10,000" in done.output) == (0, True)

    def test_every_command_that_opens_a_deal_takes_them(self) -> None:
        takers = [name for name, verb in main.commands.items() if any(one.name == "changes" for one in verb.params)]
        for name in takers:
            assert any(one.name == "scenarios" for one in main.commands[name].params), name
        assert len(takers) == 13
