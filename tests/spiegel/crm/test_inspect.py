"""`spiegel inspect-export` says what a file holds, without a database and without Django."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from spiegel import cli
from spiegel.crm.inspect import inspect

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "tests" / "data" / "crm" / "sales_pipeline.csv"
KEYS = [
    "system", "encoding", "delimiter", "rows", "deals", "stage_types", "rejected", "date_order",
    "decimal_sign", "mapping", "warnings",
]  # fmt: skip


def report(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    """What the command prints as JSON, with its exit code."""
    code = cli.main(["inspect-export", str(file), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_report_has_these_keys_and_no_others(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = report(SAMPLE, capsys)
    assert code == 0
    assert list(found) == KEYS
    assert found["stage_types"] == {
        "open": 2, "won": 2, "lost": 2, "no_decision": 0, "parked": 0, "unknown": 0,
    }  # fmt: skip
    assert (found["rows"], found["deals"], found["rejected"]) == (6, 6, [])
    assert [sorted(warning) for warning in found["warnings"]] == [["code", "text"]] * 2  # type: ignore[attr-defined]  # a list


def test_a_rejected_row_has_its_line_and_one_sentence() -> None:
    found = inspect(b"ID,Name,Stage,Amount\n1,Mill,Won,5\n1,Barn,Lost,6\n")
    assert found["rejected"] == [
        {"line": 3, "reason": "The id 1 is already on line 2; that row was taken."}
    ]


def test_what_would_be_asked_is_said() -> None:
    found = inspect(b"ID,Name,Stage\n1,Mill,Blue\n")
    assert found["warnings"][0] == {
        "code": "stages-unknown",
        "text": "What these stages mean is not known: “Blue”.",
    }
    found = inspect(b"account,sector\nMill,Food\n")
    assert (found["deals"], found["warnings"][0]["code"]) == (0, "column-missing")


def test_a_file_with_events_says_so() -> None:
    found = inspect(b"deal_id,stage,changed_at\n1,Demo,2026-01-02\n1,Won,2026-01-03\n")
    assert (found["deals"], found["mapping"]["at"]) == (0, "changed_at")
    assert found["warnings"][0] == {
        "code": "events-file",
        "text": "This file tells what happened, not which deals there are: 2 events of 1 deals "
        "(stage 2).",
    }
    found = inspect(b"Task Owner,Subject,Due Date\nAnna,Call,2026-01-02\n")
    assert found["warnings"][0]["text"] == (
        "This file tells what happened, but no column says which deal it was."
    )
    found = inspect(b"deal_id,activity,at\n1,W_Nabellen,2026-01-02\n")
    assert [warning["code"] for warning in found["warnings"]] == ["events-file", "kinds-unknown"]


def test_dates_of_stages_are_announced() -> None:
    text = (
        'Record ID,Deal Name,Deal Stage,"Date entered ""Demo (Sales)"""\n1,Mill,Demo,2026-01-02\n'
    )
    assert {"code": "history", "text": "The rows tell 1 dates on which a stage was entered."} in (
        inspect(text.encode(), date(2026, 2, 1))["warnings"]
    )


def test_a_refused_file_exits_2_with_the_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "deals.csv"
    page.write_text("<!doctype html><html></html>")
    assert report(page, capsys) == (
        2,
        {"refused": "This is a web page saved under the name of a table; download the export "
         "itself."},
    )  # fmt: skip
    assert report(tmp_path / "none.csv", capsys)[0] == 2
    assert cli.main(["inspect-export", str(page)]) == 2
    assert capsys.readouterr().err.startswith("spiegel: This is a web page")


def test_it_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "deals.csv"
    file.write_text("ID\tNaam\tFase\n1\tMolen\tGewonnen\n2\tBrug\t\n")
    assert cli.main(["inspect-export", str(file)]) == 0
    assert capsys.readouterr().out == (
        "from      another system\n"
        "file      utf-8, between cells: tab\n"
        "read      2 rows, 1 deals\n"
        "dates     ymd, decimals after “.”\n"
        "columns   external_id = ID, name = Naam, stage = Fase\n"
        "stages    won 1\n"
        "line 3    This row has no stage, so how the deal stands is unknown.\n"
    )


def test_it_works_without_django_and_starts_at_once() -> None:
    program = (
        "import sys\nsys.modules['django'] = None\n"
        "from spiegel.cli import main\nsys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "inspect-export", str(SAMPLE), "--json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=env, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Its own working time: what else the machine does meanwhile is no part of it.
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    assert json.loads(done.stdout)["deals"] == 6
    assert used < 0.3
