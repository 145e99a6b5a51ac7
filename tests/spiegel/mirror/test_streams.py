"""Files of notes go through whole or not at all, whatever their kind, on one core or several."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import spiegel
from spiegel import InputError, cli
from spiegel.mirror import batches, files, streams
from spiegel.mirror.files import Columns

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[3]

TEXTS = [
    "We met on Tuesday. I should have asked who signs before I sent the quote.",
    "Ze hielden ons aan het lijntje. De inkoper koopt van niemand.",
    "",
    'Offerte verstuurd;\n"mooi", zei hij. 4 maart.',
]  # fmt: skip
ROWS = [{"id": f"n{number}", "text": text, "owner": "é"} for number, text in enumerate(TEXTS)]


def make(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as the kind of file the ending says."""
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]), delimiter=";")
            table.writeheader()
            table.writerows(rows)
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """Read rows back."""
    if path.suffix == ".parquet":
        return list(pq.read_table(path).to_pylist())
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    return [
        {**row, "sentences": int(row["sentences"]), "marks": json.loads(row["marks"])}
        for row in rows
    ]


def run(source: Path, target: Path, columns: Columns | None = None, **more: Any) -> Any:
    """Mirror a file on one core unless told otherwise."""
    columns = columns or Columns("text", None)
    return streams.mirror_file(source, target, columns, **{"processes": 1, **more})


@pytest.mark.parametrize("target", files.ENDINGS)
@pytest.mark.parametrize("source", files.ENDINGS)
def test_marks_are_those_of_reflect(tmp_path: Path, source: str, target: str) -> None:
    given, made = make(tmp_path / f"in{source}", ROWS), tmp_path / f"out{target}"
    done = run(given, made)
    assert done == (4, 7, sum(len(row["marks"]) for row in read(made)))
    for row, before in zip(read(made), ROWS, strict=True):
        reflection = spiegel.reflect(before["text"])
        assert {key: row[key] for key in before} == before
        assert (row["lang"], row["sentences"]) == (reflection.lang, len(reflection.sentences))
        expected = [
            (number, mark.label, round(mark.confidence, 3), mark.spans[0], mark.question)
            for number, sentence in enumerate(reflection.sentences)
            for mark in sentence.marks
        ]
        found = [
            (mark["sentence"], mark["label"], mark["confidence"],
             (mark["start"], mark["end"]), mark["question"])
            for mark in row["marks"]
        ]  # fmt: skip
        assert found == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == [given.name, made.name]


def test_many_processes_keep_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_ROWS", 2)
    rows = [{"id": number, "text": TEXTS[number % 4]} for number in range(41)]
    told: list[tuple[float, int]] = []
    source = make(tmp_path / "in.jsonl", rows)
    run(source, tmp_path / "one.jsonl")
    run(source, tmp_path / "two.jsonl", processes=2, progress=lambda *at: told.append(at))
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert [notes for _, notes in told] == [*range(2, 41, 2), 41]
    assert told[-1][0] == 1.0


@pytest.mark.parametrize("kind", files.ENDINGS)
def test_one_column_may_be_kept(tmp_path: Path, kind: str) -> None:
    made = tmp_path / "out.jsonl"
    run(make(tmp_path / f"in{kind}", ROWS), made, Columns("text", "id"), lang="nl")
    assert list(read(made)[0]) == ["id", "lang", "sentences", "marks"]
    assert {row["lang"] for row in read(made)} == {"nl"}


def test_a_missing_note_has_no_marks(tmp_path: Path) -> None:
    rows = [{"text": None}, {"text": "Pure pech."}]
    for kind in (".jsonl", ".parquet"):
        made = tmp_path / f"out{kind}"
        run(make(tmp_path / f"in{kind}", rows), made)
        assert read(made)[0] == {"text": None, "lang": None, "sentences": 0, "marks": []}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.txt", "text\n", r"in.txt does not end in .csv, .jsonl or .parquet\."),
        ("in.csv", "note,id\na,b\n", r"There is no column 'text'; there is note, id\."),
        ("in.csv", "", r"There is no column 'text'; there is none\."),
        ("in.csv", "text,marks\na,b\n", r"There is a column 'marks' already"),
        ("in.csv", "text,id\na\n", r"in.csv, line 2, has 1 fields where the first has 2\."),
        ("in.csv", b"text\n\xff\n", r"in.csv is not UTF-8 text"),
        ("in.jsonl", '{"text": "a"}\n{"note": 1}\n', r"line 2: There is no column 'text'"),
        ("in.jsonl", '{"text": 4}\n', r"in.jsonl, line 1, has no text in 'text'\."),
        ("in.jsonl", "[]\n", r"in.jsonl, line 1, is no JSON object\."),
        ("in.jsonl", "{\n", r"in.jsonl, line 1, is no JSON\."),
        ("in.parquet", "PAR1 not", r"in.parquet is no whole Parquet file: "),
        ("none.csv", None, r"none.csv cannot be read: No such file"),
        ("none.parquet", None, r"none.parquet cannot be read: No such file"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_written(
    tmp_path: Path, name: str, content: str | bytes | None, message: str
) -> None:
    source, target = tmp_path / name, tmp_path / "out.jsonl"
    target.write_text("what was there", encoding="utf-8")
    if content is not None:
        source.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=message):
        run(source, target)
    assert target.read_text(encoding="utf-8") == "what was there"
    assert {path.name for path in tmp_path.iterdir()} <= {name, "out.jsonl"}


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    source = make(tmp_path / "in.jsonl", [*ROWS, {"text": "a", "more": 1}])
    with pytest.raises(InputError, match=r"out.txt does not end in"):
        run(source, tmp_path / "out.txt")
    with pytest.raises(InputError, match=r"out.csv cannot be written: No such file"):
        run(source, tmp_path / "none" / "out.csv")
    with pytest.raises(InputError, match=r"in.jsonl is the input too"):
        run(source, source)
    with pytest.raises(InputError, match=r"A later row has 'more', which the first row has not"):
        _in_parts_of(1, source, tmp_path / "out.csv")
    mixed = make(tmp_path / "mixed.jsonl", [{"text": "a", "id": 1}, {"text": "a", "id": "b"}])
    with pytest.raises(InputError, match=r"do not hold the same kinds of values"):
        run(mixed, tmp_path / "out.parquet")
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "mixed.jsonl"}


def _in_parts_of(rows: int, source: Path, target: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_ROWS", rows)
        run(source, target)


def test_an_unknown_language_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="The language 'xx' is not known"):
        run(tmp_path / "none.csv", tmp_path / "out.csv", lang="xx")


def test_csv_needs_no_pyarrow_and_parquet_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make(tmp_path / "in.csv", ROWS)
    parquet = make(tmp_path / "in.parquet", ROWS)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "pyarrow.parquet")
    run(source, tmp_path / "out.jsonl")
    for given, target in ((source, "out.parquet"), (parquet, "out.csv")):
        with pytest.raises(InputError, match="need pyarrow, which is not installed here"):
            run(given, tmp_path / target)


def test_half_a_character_goes_through_as_it_came(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "Pech \\ud83d gehad."}\n', encoding="utf-8")
    run(source, tmp_path / "out.jsonl")
    assert read(tmp_path / "out.jsonl")[0]["text"] == "Pech \ud83d gehad."
    run(source, tmp_path / "out.csv")
    with pytest.raises(InputError, match=r"write to .jsonl instead"):
        run(source, tmp_path / "out.parquet")


def test_no_rows_give_a_file_without_rows(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("\n", encoding="utf-8")
    for ending in files.ENDINGS:
        assert run(source, tmp_path / f"out{ending}") == (0, 0, 0)
    assert read(tmp_path / "out.parquet") == []


@pytest.mark.parametrize("kind", files.ENDINGS)
def test_a_file_is_read_a_part_at_a_time(tmp_path: Path, kind: str) -> None:
    source = make(tmp_path / f"in{kind}", [{"text": "x" * 2000, "id": n} for n in range(2000)])
    sizes = [len(part.texts) for part in files.parts(source, Columns("text", "id"))]
    assert sum(sizes) == 2000
    assert max(sizes) <= 256


def test_a_process_that_dies_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = make(tmp_path / "in.jsonl", ROWS)
    monkeypatch.setattr(streams, "look", sys.exit)
    monkeypatch.setattr(streams, "ProcessPoolExecutor", _Broken)
    with pytest.raises(spiegel.SpiegelError, match="ended before its work was done"):
        run(source, tmp_path / "out.jsonl", processes=2)
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_no_process_and_no_output(
    tmp_path: Path, how: signal.Signals
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(f"{json.dumps(ROWS[0])}\n" * 200_000, encoding="utf-8")
    words = ["mirror", "--input", source, "--output", tmp_path / "out.jsonl", "--processes", "2"]
    run = subprocess.Popen(
        [sys.executable, "-m", "spiegel", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    wait_until(lambda: any(part.stat().st_size for part in tmp_path.glob(".out.jsonl.*.part")))
    helpers = children(run.pid)
    assert len(helpers) >= 2
    run.send_signal(how)
    output, _ = run.communicate(timeout=60)
    assert b"Traceback" not in output
    assert run.returncode == {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGKILL: -9}[how]
    wait_until(lambda: not any(Path(f"/proc/{each}").exists() for each in helpers))
    assert not (tmp_path / "out.jsonl").exists()
    if how != signal.SIGKILL:
        assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def children(process: int) -> list[int]:
    """List the processes that a process started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            if int(stat.read_text().rpartition(")")[2].split()[1]) == process:
                found.append(int(stat.parent.name))
    return found


def wait_until(there: Callable[[], bool]) -> None:
    """Wait, not for ever."""
    for _ in range(600):
        if there():
            return
        time.sleep(0.1)
    raise AssertionError


class _Broken(streams.ProcessPoolExecutor):
    """A pool whose processes have died."""

    def submit(self, *_given: object, **_named: object) -> Any:
        raise streams.BrokenProcessPool


def test_a_batch_keeps_its_columns_and_its_metadata() -> None:
    schema = pa.schema([("id", pa.int64()), ("note", pa.large_string())], metadata={"a": "b"})
    batch = pa.RecordBatch.from_pylist([{"id": 1, "note": TEXTS[1]}, {"id": 2}], schema=schema)
    found = spiegel.reflect_batch(batch, text="note", lang="nl")
    assert found.schema.names == ["id", "note", "lang", "sentences", "marks"]
    assert found.schema.metadata == {b"a": b"b"}
    assert [len(marks) > 0 for marks in found.column("marks").to_pylist()] == [True, False]
    table = pa.Table.from_batches([batch, batch])
    assert spiegel.reflect_batch(table, text="note", lang="nl").slice(2).to_batches() == [found]
    nothing = spiegel.reflect_batch(batch.slice(0, 0), text="note")
    assert nothing.schema.equals(found.schema)


def test_a_batch_without_notes_is_refused() -> None:
    batch = pa.RecordBatch.from_pylist([{"id": 1, "text": 2}])
    with pytest.raises(InputError, match="The column 'text' holds int64, not text"):
        spiegel.reflect_batch(batch)
    with pytest.raises(InputError, match="There is no column 'note'; there is id, text"):
        spiegel.reflect_batch(batch, text="note")


def test_texts_may_be_held_in_other_ways() -> None:
    plain = pa.array(TEXTS)
    for column in (plain, plain.dictionary_encode(), plain.cast(pa.string_view())):
        batch = pa.RecordBatch.from_arrays([column], ["text"])
        assert batches.texts_of(batch, "text") == TEXTS


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = make(tmp_path / "in.csv", ROWS), tmp_path / "out.jsonl"
    words = ["--input", str(source), "--output", str(target), "--processes", "1"]
    assert cli.main(["mirror", *words, "--id-column", "id"]) == 0
    marks = sum(len(row["marks"]) for row in read(target))
    assert capsys.readouterr() == (f"4 notes, 7 sentences, {marks} marks\n", "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Give files to mirror, or both --input and --output."),
        (["--input", "a.csv"], "Give files to mirror, or both --input and --output."),
        (["--input", "a.csv", "--output", "b.csv", "c"], "Give files to mirror, or both"),
        (["--input", "a.csv", "--output", "b.csv", "--sentences"], "do not go with --input."),
        (["--input", "a.csv", "--output", "b.csv", "--processes", "0"], "a number from 1."),
    ],
)
def test_the_command_says_what_is_wrong(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["mirror", *words]) == 2
    assert message in capsys.readouterr().err


def test_the_bar_fills_up_in_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    quiet = streams.Bar()
    quiet.show(0.5, 1000)
    quiet.end()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    bar = streams.Bar()
    bar.show(0.5, 1000)
    bar.show(0.5, 1000)
    bar.end()
    assert capsys.readouterr().err == f"\r[{'#' * 15}{'.' * 15}]  50%  1,000 notes\n"
