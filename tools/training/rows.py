"""The corpus as rows: one per sentence, with its features, its labels and where it stands."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import scipy.sparse

ROOT = Path(__file__).resolve().parent.parent.parent
for folder in (ROOT / "src", ROOT / "tools" / "corpus"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import notes as corpus_notes  # noqa: E402 - after the path is set

from spiegel.mirror import features as feats  # noqa: E402 - after the path is set
from spiegel.mirror.labels import LABELS  # noqa: E402 - after the path is set
from spiegel.mirror.language import Language, load  # noqa: E402 - after the path is set
from spiegel.mirror.model import group_lengths, weighed  # noqa: E402 - after the path is set

CORPUS = ROOT / "corpus"
FOLDS = 5
#: What a phrase of the phrase bank weighs beside a sentence; chosen on the training notes.
PHRASE_WEIGHT = 0.5


@dataclass(frozen=True)
class Rows:
    """Sentences to train or measure on.

    Attributes:
        language: Their language.
        notes: The sentences of each note.
        parts: Their features, those of letters too.
        gold: Shape (rows, labels), bool.
        note: Which note each row belongs to, shape (rows,).
        fold: Which fold its note is in, by its trade; -1 for a phrase, shape (rows,).
        weight: What a mistake on the row costs, shape (rows,).
    """

    language: Language
    notes: list[tuple[str, ...]]
    parts: list[feats.Part]
    gold: np.ndarray
    note: np.ndarray
    fold: np.ndarray
    weight: np.ndarray

    @property
    def many(self) -> int:
        """How many rows there are."""
        return len(self.gold)

    def rarity(self, rows: np.ndarray) -> np.ndarray:
        """Give the inverse document frequency per hash place over some rows, shape (SIZE,).

        Rounded to what ships, so that training and run time weigh alike. A place never seen gets
        0: it can say nothing, and would only make its group longer.
        """
        keep = np.zeros(self.many, dtype=bool)
        keep[rows] = True
        seen = np.zeros(feats.SIZE, dtype=np.int64)
        cells = np.concatenate(
            [
                part.places[keep[part.sentence]] * self.many + part.sentence[keep[part.sentence]]
                for part in self.parts
            ]
        )
        seen += np.bincount(np.unique(cells) // self.many, minlength=feats.SIZE)
        rarity = np.where(seen > 0, np.log((1 + len(rows)) / (1 + seen)) + 1, 0.0)
        return rarity.astype(np.float16).astype(np.float32)

    def matrix(self, rarity: np.ndarray, groups: frozenset[int]) -> scipy.sparse.csr_matrix:
        """Lay the rows out as a sparse matrix of the features of some groups, (rows, SIZE)."""
        lengths = group_lengths(self.parts, rarity, self.many)
        used = [part for part in self.parts if part.group in groups]
        laid = scipy.sparse.csr_matrix(
            (
                np.concatenate([weighed(part, rarity, lengths) for part in used]),
                (
                    np.concatenate([part.sentence for part in used]),
                    np.concatenate([part.places for part in used]),
                ),
            ),
            shape=(self.many, feats.SIZE),
        )
        laid.sum_duplicates()
        laid.eliminate_zeros()
        return laid


def rows_of(chosen: list[corpus_notes.Note], phrases: list[tuple[str, str]], lang: str) -> Rows:
    """Make rows of notes, and of phrases with their label, or "none"."""
    language = load(lang)
    notes = [note.texts for note in chosen] + [(phrase,) for _, phrase in phrases]
    given = [labels for note in chosen for labels in note.labels]
    given += [() if label == "none" else (label,) for label, _ in phrases]
    text = feats.Text.of(notes)
    parts = [*feats.extract(text, language.lexicon), feats.char_part(text)]
    folds = [fold_of(note.trade) for note in chosen] + [-1] * len(phrases)
    fold = np.repeat(folds, [len(texts) for texts in notes])
    return Rows(
        language=language,
        notes=notes,
        parts=parts,
        gold=np.array([[label in labels for label in LABELS] for labels in given]),
        note=text.note,
        fold=fold,
        weight=np.where(fold < 0, PHRASE_WEIGHT, 1.0),
    )


def fold_of(trade: str) -> int:
    """Give the fold of a trade, so that a trade's notes never stand on both sides."""
    words = corpus_notes.trade_key(trade)
    return crc32(words.encode()) // corpus_notes.HELD_OUT_ONE_IN % FOLDS


def read_phrases(path: Path) -> list[tuple[str, str]]:
    """Read the phrase bank: per line a label and a phrase, with a tab between them."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(label, phrase) for label, phrase in (line.split("\t") for line in lines)]


def fingerprint(folder: Path, lang: str) -> dict[str, str | int]:
    """Say which corpus a model comes from: how much it is, and a sum of its bytes."""
    notes = corpus_notes.read(folder / f"{lang}.jsonl")
    phrases = folder / "phrases" / f"{lang}.tsv"
    raw = (folder / f"{lang}.jsonl").read_bytes()
    raw += phrases.read_bytes() if phrases.exists() else b""
    return {
        "notes": len(notes),
        "sentences": sum(len(note.texts) for note in notes),
        "phrases": len(read_phrases(phrases)),
        "sha256": hashlib.sha256(raw).hexdigest(),
    }
