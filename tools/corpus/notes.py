"""Notes of the corpus: read, written in a short form by hand, and kept as JSON Lines.

The short form is for writing quickly; ``python tools/corpus add`` turns it into the kept one::

    ## trade | register | lost
    We quoted before we had seen the roof. ~own
    They have two more sheds. ~

One sentence a line; after the tilde the first three letters of its labels, ``ver`` for
``self_verdict``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = ROOT / "corpus"
LANGUAGES = ("nl", "en")
#: One trade in so many is held out.
HELD_OUT_ONE_IN = 8

CODES = {
    "own": "own",
    "ver": "self_verdict",
    "cus": "customer",
    "com": "competitor",
    "org": "organisation",
    "off": "offer",
    "cir": "circumstances",
    "fin": "final",
}
LABELS = tuple(CODES.values())
OUTCOMES = ("lost", "stalled", "won")
_LINE = re.compile(r"^(?P<text>.*\S)\s*~\s*(?P<labels>[a-z, ]*)$")


@dataclass(frozen=True)
class Note:
    """One look-back.

    Attributes:
        id: Language, batch and number, such as ``nlB-029``.
        lang: ``nl`` or ``en``.
        trade: What the writer sells, in their words.
        register: How they write.
        outcome: One of OUTCOMES.
        texts: The sentences.
        labels: Per sentence its labels, in the order of LABELS.
    """

    id: str
    lang: str
    trade: str
    register: str
    outcome: str
    texts: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the note as the corpus keeps it."""
        pairs = zip(self.texts, self.labels, strict=True)
        return {
            "id": self.id,
            "lang": self.lang,
            "trade": self.trade,
            "register": self.register,
            "outcome": self.outcome,
            "sentences": [{"text": text, "labels": list(labels)} for text, labels in pairs],
        }


def held_out(trade: str) -> bool:
    """Tell whether a trade's notes are kept from training, by a hash of its first word.

    Fixed before any model saw the corpus, so that a trade is on one side in every batch.
    """
    return crc32(trade_key(trade).encode()) % HELD_OUT_ONE_IN == 0


def trade_key(trade: str) -> str:
    """Give what counts as the same trade: its first word."""
    words = re.findall(r"\w+", trade.lower())
    return words[0] if words else ""


def read(path: Path) -> list[Note]:
    """Read a file of the corpus."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_note(json.loads(line)) for line in lines if line.strip()]


def write(path: Path, notes: list[Note]) -> None:
    """Write a file of the corpus, in the order given."""
    lines = [json.dumps(note.to_dict(), ensure_ascii=False) + "\n" for note in notes]
    path.write_text("".join(lines), encoding="utf-8")


def parse(text: str, *, lang: str, batch: str) -> tuple[list[Note], list[str]]:
    """Read the short form.

    Args:
        text: The notes as written.
        lang: Their language.
        batch: What their ids begin with, such as ``nlK-03``.

    Returns:
        The notes, and one sentence per line that cannot be used.
    """
    notes: list[Note] = []
    problems: list[str] = []
    head: list[str] = []
    rows: list[tuple[str, tuple[str, ...]]] = []

    def finish() -> None:
        if rows:
            texts, labels = zip(*rows, strict=True)
            number = f"{batch}-{len(notes) + 1:03d}"
            notes.append(Note(number, lang, head[0], head[1], head[2], texts, labels))
            rows.clear()

    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("## "):
            finish()
            head = [part.strip() for part in line[3:].split("|")]
            if len(head) != 3 or head[2] not in OUTCOMES:
                problems.append(f"line {number}: a head is '## trade | register | outcome'.")
                head = []
        elif line.strip():
            row = _row(line)
            if row is None or not head:
                problems.append(f"line {number}: no sentence with its labels: {line[:60]}")
            else:
                rows.append(row)
    finish()
    return notes, problems


def _row(line: str) -> tuple[str, tuple[str, ...]] | None:
    match = _LINE.match(line)
    if match is None:
        return None
    codes = {code.strip() for code in match["labels"].split(",") if code.strip()}
    if not codes <= set(CODES):
        return None
    return match["text"].strip(), tuple(CODES[code] for code in CODES if code in codes)


def _note(data: dict[str, Any]) -> Note:
    return Note(
        id=data["id"],
        lang=data["lang"],
        trade=data["trade"],
        register=data["register"],
        outcome=data["outcome"],
        texts=tuple(row["text"] for row in data["sentences"]),
        labels=tuple(
            tuple(label for label in LABELS if label in row["labels"]) for row in data["sentences"]
        ),
    )
