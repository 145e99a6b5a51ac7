"""Train the mirror anew from the corpus: `make train`, or `python tools/training`.

Per language: hashed features (spiegel.mirror.features), one linear decision per label, a second
look at each sentence within its note (spiegel.mirror.context), and per label a logistic curve that
turns log-odds into a probability (Platt 1999). Curves and thresholds come from sentences of trades
that neither the decisions nor the networks had seen: five folds by trade. The weights that ship
are then fitted on every note that is not held out, and measured on those that are.

The same corpus and the same versions of numpy and scikit-learn give the same files, byte for byte.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rows as training_rows
import sklearn
from fitting import fit_model
from measuring import figures, span_figures
from notes import held_out, read
from rows import CORPUS, ROOT, fingerprint, read_phrases, rows_of

from spiegel.mirror import features as feats
from spiegel.mirror.labels import LABELS

if TYPE_CHECKING:
    from spiegel.mirror.model import Model

WEIGHTS = ROOT / "src" / "spiegel" / "mirror" / "weights"


def train(folder: Path, target: Path, lang: str, when: dict[str, str]) -> dict[str, Any]:
    """Train one language's model, write its weights and metadata, and measure it.

    Args:
        folder: The corpus: LANG.jsonl, and perhaps phrases/LANG.tsv.
        target: The folder to write LANG.npz and LANG.json to.
        lang: Two letters, such as "nl".
        when: The "date" of the training and the "commit" it started from.

    Returns:
        The figures on held-out trades, as in the metadata.
    """
    notes = read(folder / f"{lang}.jsonl")
    kept = [note for note in notes if not held_out(note.trade)]
    others = [note for note in notes if held_out(note.trade)]
    phrases = read_phrases(folder / "phrases" / f"{lang}.tsv")
    model = fit_model(rows_of(kept, phrases, lang))
    measured = figures(model, others, lang)
    marked = folder / "spans" / f"{lang}.jsonl"
    if marked.exists():
        measured["spans"] = span_figures(model, marked, lang)
    raw = packed(model)
    meta = {
        "labels": list(LABELS),
        "size": feats.SIZE,
        "sha256": hashlib.sha256(raw).hexdigest(),
        **{
            name: rounded(getattr(model, name))
            for name in ("intercepts", "slopes", "offsets", "likely", "shown")
        },
        "corpus": fingerprint(folder, lang),
        "figures": measured,
        "trained": when,
        "trained_with": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    }
    target.mkdir(parents=True, exist_ok=True)
    (target / f"{lang}.npz").write_bytes(raw)
    (target / f"{lang}.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    return measured


def packed(model: Model) -> bytes:
    """Lay a model's arrays out as they ship."""
    networks = model.context.networks
    raw = io.BytesIO()
    np.savez_compressed(
        raw,
        rarity=model.rarity.astype(np.float16),
        weights=model.weights.astype(np.float16),
        context_mean=model.context.mean.astype(np.float32),
        context_scale=model.context.scale.astype(np.float32),
        **{
            f"context_{name}": np.stack([getattr(network, name) for network in networks]).astype(
                np.float32
            )
            for name in ("into", "into_bias", "out", "out_bias")
        },
    )
    return raw.getvalue()


def rounded(numbers: np.ndarray) -> list[float]:
    """Keep six decimals, enough for a threshold and readable in a file."""
    return [round(float(number), 6) for number in numbers]


def now() -> dict[str, str]:
    """Say which day it is and at which commit the repository stands."""
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    return {"date": datetime.now(UTC).date().isoformat(), "commit": commit}


def main() -> None:
    """Train every language of the corpus, print what came of it, and renew the model card."""
    parser = argparse.ArgumentParser(description="Train the mirror anew from the corpus.")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of LANG.jsonl files")
    parser.add_argument("--target", type=Path, default=WEIGHTS, help="folder for the weights")
    parser.add_argument("--lang", action="append", help="only this language")
    args = parser.parse_args()
    for source in sorted(args.corpus.glob("*.jsonl")):
        if args.lang and source.stem not in args.lang:
            continue
        began = time.monotonic()
        measured = train(args.corpus, args.target, source.stem, now())
        print(f"{source.stem}: {json.dumps(measured)} ({time.monotonic() - began:.0f} s)")
    if args.target == WEIGHTS and not args.lang:
        sys.path.insert(0, str(training_rows.ROOT / "tools"))
        import model_card  # noqa: PLC0415 - after the path is set

        model_card.main([])


if __name__ == "__main__":
    main()
