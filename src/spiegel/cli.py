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

    from .errors import InputError
    from .mirror.types import Reflection, Sentence
    from .signs.types import Sign, Timeline

ENGINE_COMMANDS = ("mirror", "evaluate", "signs", "evaluate-signs")
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
    _add_inspect(commands)
    _add_signs(commands)
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


def _add_inspect(commands: argparse._SubParsersAction[Any]) -> None:
    text = "say what an export of a CRM holds, without a database"
    command = commands.add_parser("inspect-export", help=text, description=f"{text.capitalize()}.")
    command.add_argument("file", metavar="FILE", help="a CSV file or an Excel workbook (.xlsx)")
    command.add_argument("--json", action="store_true", help="print it as JSON")
    command.set_defaults(run=_inspect)


def _inspect(options: argparse.Namespace) -> int:
    from datetime import date

    from .crm.inspect import inspect, lines_of
    from .errors import InputError

    try:
        report = inspect(_file(options.file), today=date.today())  # noqa: DTZ011  (the person's own day)
    except InputError as error:
        if not options.json:
            raise
        print(json.dumps({"refused": error.message}, ensure_ascii=False))
        return 2
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines_of(report)))
    return 0


def _file(name: str) -> Path:
    """Give a file that can be read.

    Raises:
        InputError: ``unreadable-file``.
    """
    path = Path(name)
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError) -> InputError:
    from .errors import InputError

    reason = error.strerror or "no reason given"
    return InputError(
        "unreadable-file", f"{name} cannot be read: {reason}.", file=name, reason=reason
    )


def _add_signs(commands: argparse._SubParsersAction[Any]) -> None:
    text = "find warning signs in timelines of deals, with the events they rest on"
    command = commands.add_parser("signs", help=text, description=f"{text.capitalize()}.")
    command.add_argument("file", metavar="TIMELINE.jsonl", help="one timeline a line, as JSON")
    command.add_argument(
        "--as-of",
        metavar="DATE",
        help="the day to look from, as 2026-03-31; left out: the line's own, or its last event's",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object a timeline")
    command.set_defaults(run=_signs)
    text = "hold the signs found in timelines against those a careful reader found"
    command = commands.add_parser("evaluate-signs", help=text, description=f"{text.capitalize()}.")
    command.add_argument("file", metavar="FILE.jsonl", help='timelines with their "gold" signs')
    command.add_argument("--json", action="store_true", help="print the figures as JSON")
    command.set_defaults(run=_evaluate_signs)


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
        raise _unreadable(name, error) from error
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


def _signs(options: argparse.Namespace) -> int:
    from .signs.find import find_signs
    from .signs.timeline import as_day, timelines

    as_of = None if options.as_of is None else as_day(options.as_of)
    seen = [(timeline, find_signs(timeline, as_of)) for timeline, _ in timelines(options.file)]
    for timeline, signs in seen:
        if options.json:
            row = {"id": timeline.id, "lang": timeline.lang, "signs": [s.to_dict() for s in signs]}
            print(json.dumps(row, ensure_ascii=False))
        else:
            _show_signs(timeline, signs)
    return 0


def _show_signs(timeline: Timeline, signs: tuple[Sign, ...]) -> None:
    print(f"{timeline.id or '?'}: {len(signs) or 'no'} sign{'' if len(signs) == 1 else 's'}")
    for sign in signs:
        topic = f", {sign.topic}" if sign.topic else ""
        print(f"  {sign.sign}{topic}, since {sign.since} ({sign.sure:.2f})")
        print(f"    {sign.reason}")
        for place in sign.evidence:
            event = timeline.events[place]
            print(f"    [{place}] {event.date} {event.kind}: {event.text}")
        if sign.contradiction:
            print(f"    ? {sign.contradiction.question}")


def _evaluate_signs(options: argparse.Namespace) -> int:
    from .signs.evaluate import evaluate_signs

    figures = evaluate_signs(options.file).to_dict()
    if options.json:
        print(json.dumps(figures, indent=1))
        return 0
    for lang, scores in figures.items():
        print(f"{lang:<24}precision  recall  support")
        for name, row in scores["signs"].items():
            numbers = f"{row['precision']:9.2f}{row['recall']:8.2f}{row['support']:9d}"
            print(f"  {name:<22}{numbers}")
        print(f"  false signs per healthy timeline {scores['false_per_healthy']:.2f}\n")
    return 0
