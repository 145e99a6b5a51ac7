"""The figures of the corpus's data card, counted from the corpus itself."""

from __future__ import annotations

import json
from collections import Counter
from statistics import mean
from typing import TYPE_CHECKING

from notes import CORPUS, LABELS, LANGUAGES, Note, held_out, read
from sklearn.metrics import cohen_kappa_score

if TYPE_CHECKING:
    from collections.abc import Sequence


def sizes() -> str:
    """Say how much there is per language, and how much of it is held out."""
    lines = ["| | nl | en |", "|---|---|---|"]
    every = [read(CORPUS / f"{lang}.jsonl") for lang in LANGUAGES]
    kept = [[note for note in notes if held_out(note.trade)] for notes in every]
    rows: list[tuple[str, list[str]]] = [
        ("notes", [f"{len(notes):,}" for notes in every]),
        ("sentences", [f"{_sentences(notes):,}" for notes in every]),
        ("of these held out: notes", [f"{len(notes):,}" for notes in kept]),
        ("of these held out: sentences", [f"{_sentences(notes):,}" for notes in kept]),
        ("trades", [f"{len({note.trade for note in notes}):,}" for notes in every]),
        ("notes of won deals", [f"{_part(notes, 'won'):.0%}" for notes in every]),
        ("sentences without a label", [f"{_unlabelled(notes):.0%}" for notes in every]),
        ("words in a sentence with a label", [f"{_words(notes, True):.1f}" for notes in every]),
        ("words in one without", [f"{_words(notes, False):.1f}" for notes in every]),
    ]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    return "\n".join(lines)


def labels() -> str:
    """Say how many sentences carry each label."""
    counts = [
        Counter(
            label
            for note in read(CORPUS / f"{lang}.jsonl")
            for given in note.labels
            for label in given
        )
        for lang in LANGUAGES
    ]
    lines = ["| label | nl | en |", "|---|---|---|"]
    lines += [
        f"| `{label}` | {' | '.join(f'{count[label]:,}' for count in counts)} |" for label in LABELS
    ]
    return "\n".join(lines)


def agreement() -> str:
    """Say how far two readers agree: Cohen's (1960) kappa per label."""
    first_and_second = [_readings(lang) for lang in LANGUAGES]
    many = [f"{len(first):,}" for first, _ in first_and_second]
    lines = ["| label | nl | en |", "|---|---|---|"]
    for label in LABELS:
        cells = [f"{_kappa(first, second, label):.2f}" for first, second in first_and_second]
        lines.append(f"| `{label}` | {' | '.join(cells)} |")
    lines.append(f"| sentences read twice | {' | '.join(many)} |")
    return "\n".join(lines)


def _readings(lang: str) -> tuple[list[list[str]], list[list[str]]]:
    path = CORPUS / "second-reading" / f"{lang}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return (
        [given for row in rows for given in row["first"]],
        [given for row in rows for given in row["second"]],
    )


def _kappa(first: list[list[str]], second: list[list[str]], label: str) -> float:
    return float(
        cohen_kappa_score([label in given for given in first], [label in given for given in second])
    )


def _sentences(notes: Sequence[Note]) -> int:
    return sum(len(note.texts) for note in notes)


def _part(notes: Sequence[Note], outcome: str) -> float:
    return mean(note.outcome == outcome for note in notes)


def _unlabelled(notes: Sequence[Note]) -> float:
    return mean(not given for note in notes for given in note.labels)


def _words(notes: Sequence[Note], labelled: bool) -> float:
    return mean(
        len(text.split())
        for note in notes
        for text, given in zip(note.texts, note.labels, strict=True)
        if bool(given) == labelled
    )
