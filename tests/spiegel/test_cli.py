"""The command line: what it prints, what it refuses, and how it ends."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import spiegel
from spiegel import cli

ROOT = Path(__file__).resolve().parents[2]
ENV = {"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
TEXT = "We met on Tuesday. I should have asked who signs before I sent the quote."
BLOCK_DJANGO = """
import importlib.abc, sys
class Block(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {'django', 'spiegel_portal', 'sklearn', 'scipy'}:
            raise ModuleNotFoundError(f'{name} is blocked', name=name)
sys.meta_path.insert(0, Block())
from spiegel.cli import main
sys.exit(main())
"""


def spiegel_run(*words: str, given: str = "", code: str | None = None) -> tuple[int, str, str]:
    """Run the program in a process of its own: exit code, output, errors."""
    start = ["-c", code] if code else ["-m", "spiegel"]
    done = subprocess.run(
        [sys.executable, *start, *words],
        input=given.encode(),
        capture_output=True,
        env=ENV,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_text_shows_the_words_and_the_question(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mark,) = spiegel.reflect(TEXT).sentences[1].marks
    ((start, end),) = mark.spans
    assert cli.main(["mirror", str(note)]) == 0
    assert capsys.readouterr().out == (
        "We met on Tuesday.\n"
        f"{TEXT[19:start]}[{TEXT[start:end]}]{TEXT[end:]}\n"
        f"    own ({mark.confidence:.2f})  {mark.question}\n"
    )


def test_marks_that_overlap_are_shown_as_one() -> None:
    spans = ((10, 15), (13, 18), (20, 22))
    marks = tuple(spiegel.Mark("own", 0.9, (span,), "Why?") for span in spans)
    sentence = spiegel.Sentence("0123456789abcdef", 8, 24, marks)
    assert next(cli._lines(sentence, colour=False)) == "01[23456789]ab[cd]ef"


def test_colour_underlines_instead() -> None:
    mark = spiegel.Mark("own", 0.9, ((0, 3),), "Why?")
    lines = list(cli._lines(spiegel.Sentence("our fault", 0, 9, (mark,)), colour=True))
    assert lines[0] == "\x1b[4mour\x1b[0m fault"


def test_json_is_the_reflection(note: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["mirror", str(note), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(note),
        **spiegel.reflect(TEXT).to_dict(),
    }


def test_json_of_several_files_is_a_list(note: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["mirror", str(note), str(note), "--format", "json"]) == 0
    assert [row["file"] for row in json.loads(capsys.readouterr().out)] == [str(note)] * 2


def test_jsonl_has_a_sentence_a_line(note: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["mirror", str(note), "--format", "jsonl", "--lang", "en"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["file"], row["lang"], row["text"]) for row in rows] == [
        (str(note), "en", TEXT[:18]),
        (str(note), "en", TEXT[19:]),
    ]


def test_several_files_are_named(note: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["mirror", str(note), str(note)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines.count(f"== {note} ==") == 2


def test_sentences_are_taken_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("Called. No answer.\n\n  We met on Tuesday.\r\n", encoding="utf-8")
    assert cli.main(["mirror", str(path), "--sentences", "--format", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["text"] for row in rows] == ["Called. No answer.", "We met on Tuesday."]


def test_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = SimpleNamespace(buffer=io.BytesIO("\ufeffKlant heeft 40 medewerkers.".encode()))
    monkeypatch.setattr(sys, "stdin", given)
    assert cli.main(["mirror", "-"]) == 0
    assert capsys.readouterr().out == "Klant heeft 40 medewerkers.\n"


def test_evaluate_prints_json_and_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "labelled.jsonl"
    row = {"id": "1", "lang": "en", "text": "I should have asked who signs.", "labels": ["own"]}
    path.write_text(json.dumps(row), encoding="utf-8")
    assert cli.main(["evaluate", str(path), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == ["en", "all"]
    assert figures["en"]["labels"]["own"]["f1"] == 1.0
    assert cli.main(["evaluate", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "en              precision  recall      f1  support",
        "  own                1.00    1.00    1.00        1",
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["mirror", "none.txt"], ": none.txt cannot be read: No such file or directory."),
        (["mirror", "."], ": . cannot be read: Is a directory."),
        (["evaluate", "none.txt"], ": none.txt cannot be read: No such file or directory."),
        (["mirror", "-", "--lang", "fr"], ": The language 'fr' is not known; give one of en, nl."),
        (
            ["bogus"],
            (
                ": There is no command 'bogus'; "
                "there is mirror, evaluate, signs, evaluate-signs, "
                "import, serve, worker, demo, manage."
            ),
        ),
        ([], ": the following arguments are required: COMMAND; see 'spiegel --help'."),
        (
            ["mirror"],
            ": Give files to mirror, or both --input and --output.",
        ),
        (["evaluate", "a", "--xml"], ": unrecognized arguments: --xml; see 'spiegel --help'."),
    ],
)
def test_bad_input_gets_one_sentence(words: list[str], sentence: str) -> None:
    assert spiegel_run(*words) == (2, "", f"spiegel{sentence}\n")


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes("café".encode("latin-1"))
    sentence = f"spiegel: {path} is not UTF-8 text; save it as UTF-8.\n"
    assert spiegel_run("mirror", str(path)) == (2, "", sentence)


def test_the_engine_works_without_django(note: Path) -> None:
    code, out, errors = spiegel_run("mirror", str(note), "--format", "json", code=BLOCK_DJANGO)
    assert (code, errors) == (0, "")
    assert json.loads(out)["sentences"][1]["marks"][0]["label"] == "own"


@pytest.mark.parametrize("name", sorted(cli.PORTAL_COMMANDS))
def test_a_portal_command_without_django_says_so(name: str) -> None:
    assert spiegel_run(name, "--help", code=BLOCK_DJANGO) == (
        2,
        "",
        (
            f"spiegel: 'spiegel {name}' needs the portal, which is not installed here (django is "
            "missing); 'make run' in a checkout of Spiegel installs it.\n"
        ),
    )


def test_a_reader_that_leaves_is_no_error(note: Path) -> None:
    note.write_text("We met on Tuesday.\n" * 20_000, encoding="utf-8")
    command = f"{sys.executable} -m spiegel mirror {note} | head -n 1"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, env=ENV, check=True
    )
    assert (done.stdout, done.stderr) == ("We met on Tuesday.\n", "")


def test_help_loads_nothing_heavy() -> None:
    code = """
import sys
from spiegel.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
print([name for name in ("numpy", "django", "dataclasses") if name in sys.modules])
"""
    assert spiegel_run(code=code)[1].splitlines()[-1] == "[]"


def test_the_program_starts_quickly() -> None:
    spiegel_run("--help")
    begun = time.monotonic()
    assert spiegel_run("--help")[0] == 0
    assert time.monotonic() - begun < 1.0  # 0.1 s on an idle machine


@pytest.mark.parametrize("name", ["mirror", "evaluate"])
def test_each_engine_command_has_help(name: str) -> None:
    code, out, errors = spiegel_run(name, "--help")
    assert (code, errors) == (0, "")
    assert out.startswith(f"usage: spiegel {name} ")


def options() -> list[tuple[str, str]]:
    """List every option of the engine's commands, with its command."""
    actions = [action for action in cli.parser()._actions if action.dest == "==SUPPRESS=="]
    (commands,) = [action for action in actions if action.choices]
    assert isinstance(commands.choices, dict)
    return [
        (name, option)
        for name, command in commands.choices.items()
        for action in command._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    ]


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    commands = [*cli.PORTAL_COMMANDS, *{name for name, _ in options()}]
    assert [name for name in commands if f"\n## `spiegel {name}" not in text] == []
    sections = {part.split("`")[1].split()[1]: part for part in text.split("\n## ")[1:]}
    assert [pair for pair in options() if f"`{pair[1]}" not in sections[pair[0]]] == []


def test_the_example_in_the_documentation_is_true(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert cli.main(["mirror", str(note)]) == 0
    assert f"$ spiegel mirror note.txt\n{capsys.readouterr().out}```" in text


def test_every_portal_command_has_a_line_of_help() -> None:
    listed = cli.parser().format_help()
    assert [text for text in cli.PORTAL_COMMANDS.values() if text not in listed] == []
