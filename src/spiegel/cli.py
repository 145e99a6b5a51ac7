"""The program ``spiegel``: the engine's commands, and the way in to the portal's.

Exit codes: 0 done; 2 what was given cannot be used (one sentence on standard error says what);
1 something that ships with Spiegel is missing or damaged, or a process was ended from outside.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .mirror.types import Reflection, Sentence

ENGINE_COMMANDS = ("mirror", "evaluate")
#: The portal's commands; each takes its own options, and needs Django.
PORTAL_COMMANDS = {
    "import": "read an export of a CRM into the portal",
    "serve": "serve the portal, with its background jobs",
    "worker": "run background jobs, on a machine of their own",
    "demo": "load the demo data",
    "manage": "run one of Django's management commands",
}

_BOLD, _DIM, _UNDERLINE, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[4m", "\x1b[0m"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: The words after the program's name; those of this process when not given.

    Returns:
        The exit code.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    from .errors import InputError, SpiegelError

    try:
        return _run(words)
    except SpiegelError as error:
        print(f"spiegel: {error.message}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    except BrokenPipeError:
        # The reader has gone, as with `| head`. Nothing more may be written, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        return 130


def _run(words: list[str]) -> int:
    if words and words[0] in PORTAL_COMMANDS:
        return _portal(words[0], words[1:])
    if words and words[0].isidentifier() and words[0] not in ENGINE_COMMANDS:
        from .errors import InputError

        known = ", ".join([*ENGINE_COMMANDS, *PORTAL_COMMANDS])
        raise InputError("no-command", f"There is no command '{words[0]}'; there is {known}.")
    options = parser().parse_args(words)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
    code: int = options.run(options)
    sys.stdout.flush()
    return code


def _portal(name: str, argv: list[str]) -> int:
    from .errors import InputError

    try:
        importlib.import_module("django")
        commands = importlib.import_module("spiegel_portal.commands")
    except ModuleNotFoundError as error:
        raise InputError(
            "no-portal",
            f"'spiegel {name}' needs the portal, which is not installed here ({error.name} is "
            "missing); 'make run' in a checkout of Spiegel installs it.",
            name=name,
        ) from error
    code: int = commands.run(name, argv)
    return code


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Say it, point to the help, and end with 2."""
        self.exit(2, f"{self.prog}: {message}; see '{self.prog} --help'.\n")


def parser() -> argparse.ArgumentParser:
    """Describe the engine's commands; those of the portal are only listed."""
    listed = "\n".join(f"  {name:<10}{text}" for name, text in PORTAL_COMMANDS.items())
    top = Parser(
        prog="spiegel",
        description="Turn every no into a lesson you own.",
        epilog=f"the portal's commands ('spiegel NAME --help' tells more):\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(
        title="the engine's commands", metavar="COMMAND", required=True, parser_class=Parser
    )
    _add_mirror(commands)
    _add_evaluate(commands)
    return top


def _add_mirror(commands: argparse._SubParsersAction[Any]) -> None:
    text = "mark where each sentence of a look-back puts the cause"
    command = commands.add_parser("mirror", help=text, description=f"{text.capitalize()}.")
    command.add_argument(
        "files", nargs="*", metavar="FILE", help="a UTF-8 text file; - is standard input"
    )
    command.add_argument("--lang", metavar="CODE", help="nl or en; told from the text if left out")
    command.add_argument(
        "--sentences", action="store_true", help="each line is one sentence: do not cut it further"
    )
    command.add_argument(
        "--format",
        choices=("text", "json", "jsonl"),
        default="text",
        help="text to read (the default), one JSON document, or one JSON object per sentence",
    )
    many = command.add_argument_group("many notes at once, instead of FILE")
    kinds = "a .parquet, .csv or .jsonl file"
    many.add_argument("--input", type=Path, metavar="FILE", help=f"{kinds}, one note a row")
    many.add_argument("--output", type=Path, metavar="FILE", help=f"{kinds} to write")
    many.add_argument(
        "--text-column", metavar="NAME", default="text", help="the notes (default: text)"
    )
    many.add_argument(
        "--id-column", metavar="NAME", help="keep this column alone; all are kept if left out"
    )
    many.add_argument(
        "--processes", type=int, metavar="N", help="share the work over so many; one per core"
    )
    command.set_defaults(run=_mirror)


def _add_evaluate(commands: argparse._SubParsersAction[Any]) -> None:
    text = "hold the mirror against sentences or notes that readers have labelled"
    command = commands.add_parser("evaluate", help=text, description=f"{text.capitalize()}.")
    command.add_argument(
        "file", metavar="FILE.jsonl", help="one labelled sentence or note a line, as JSON"
    )
    command.add_argument("--json", action="store_true", help="print the figures as JSON")
    command.add_argument(
        "--alone", action="store_true", help="see every sentence by itself, without its note"
    )
    command.set_defaults(run=_evaluate)


def _mirror(options: argparse.Namespace) -> int:
    if options.input or options.output or not options.files:
        return _mirror_many(options)
    from .mirror.reflect import reflect, reflect_sentences

    seen = []
    for name in options.files:
        text = _read(name)
        if options.sentences:
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            reflection = reflect_sentences(lines, options.lang)
        else:
            reflection = reflect(text, options.lang)
        seen.append((name, reflection))
    show = {"text": _show_text, "json": _show_json, "jsonl": _show_lines}[options.format]
    show(seen)
    return 0


def _mirror_many(options: argparse.Namespace) -> int:
    from .errors import InputError
    from .mirror.files import Columns
    from .mirror.streams import Bar, mirror_file, stoppable

    if not (options.input and options.output) or options.files:
        raise InputError("no-files", "Give files to mirror, or both --input and --output.")
    if options.sentences or options.format != "text":
        raise InputError("no-format", "--sentences and --format do not go with --input.")
    if options.processes is not None and options.processes < 1:
        raise InputError("no-processes", "--processes takes a number from 1.")
    bar = Bar()
    try:
        with stoppable():
            done = mirror_file(
                options.input,
                options.output,
                Columns(options.text_column, options.id_column),
                lang=options.lang,
                processes=options.processes,
                progress=bar.show,
            )
    finally:
        bar.end()
    print(f"{done.notes:,} notes, {done.sentences:,} sentences, {done.marks:,} marks")
    return 0


def _read(name: str) -> str:
    from .errors import InputError

    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise InputError(
            "unreadable-file", f"{name} cannot be read: {reason}.", file=name, reason=reason
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            "not-utf-8", f"{name} is not UTF-8 text; save it as UTF-8.", file=name
        ) from error


def _show_json(seen: list[tuple[str, Reflection]]) -> None:
    rows = [{"file": name, **reflection.to_dict()} for name, reflection in seen]
    print(json.dumps(rows[0] if len(rows) == 1 else rows, ensure_ascii=False, indent=1))


def _show_lines(seen: list[tuple[str, Reflection]]) -> None:
    for name, reflection in seen:
        for sentence in reflection.sentences:
            row = {"file": name, "lang": reflection.lang, **sentence.to_dict()}
            print(json.dumps(row, ensure_ascii=False))


def _show_text(seen: list[tuple[str, Reflection]]) -> None:
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for place, (name, reflection) in enumerate(seen):
        if len(seen) > 1:
            print(f"{'' if place == 0 else chr(10)}== {name} ==")
        for sentence in reflection.sentences:
            for line in _lines(sentence, colour=colour):
                print(line)


def _lines(sentence: Sentence, *, colour: bool) -> Iterator[str]:
    start, end = (_UNDERLINE, _PLAIN) if colour else ("[", "]")
    bold, dim, plain = (_BOLD, _DIM, _PLAIN) if colour else ("", "", "")
    if not sentence.marks:
        yield f"{dim}{sentence.text}{plain}"
        return
    pieces, last = [], 0
    for first, stop in _joined(sentence):
        pieces += [sentence.text[last:first], start, sentence.text[first:stop], end]
        last = stop
    yield "".join([*pieces, sentence.text[last:]])
    for mark in sentence.marks:
        yield f"    {bold}{mark.label}{plain} ({mark.confidence:.2f})  {mark.question}"


def _joined(sentence: Sentence) -> list[tuple[int, int]]:
    """Give the marked runs of a sentence, in order, overlapping ones as one."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(span for mark in sentence.marks for span in mark.spans):
        first, last = start - sentence.start, end - sentence.start
        if runs and first <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(last, runs[-1][1]))
        else:
            runs.append((first, last))
    return runs


def _evaluate(options: argparse.Namespace) -> int:
    from .mirror.evaluate import evaluate

    figures = evaluate(options.file, alone=options.alone).to_dict()
    if options.json:
        print(json.dumps(figures, indent=1))
        return 0
    for lang, scores in figures.items():
        print(f"{lang:<16}precision  recall      f1  support")
        for label, row in scores["labels"].items():
            numbers = f"{row['precision']:9.2f}{row['recall']:8.2f}{row['f1']:8.2f}"
            print(f"  {label:<14}{numbers}{row['support']:9d}")
        shown = scores["shown"]
        print(f"  macro-F1 {scores['macro_f1']:.3f}, micro-F1 {scores['micro_f1']:.3f}; of what")
        print(f"  is shown {shown['precision']:.3f} is right, {shown['coverage']:.3f} is covered\n")
    return 0
