"""The models that ship are whole, small, and the ones that were trained."""

from __future__ import annotations

import hashlib
import json
import time

import numpy as np
import pytest

from spiegel.errors import DataError
from spiegel.mirror import language, model
from spiegel.mirror.features import SIZE, Text, char_part, extract
from spiegel.mirror.judge import RULE_CHANCE, judge, judge_notes
from spiegel.mirror.labels import LABELS
from spiegel.mirror.model import weighed
from spiegel.mirror.words import Words

MOST = 15_000_000  # bytes, of all weights together


def test_every_language_has_its_model_and_no_other() -> None:
    assert sorted(path.stem for path in model.WEIGHTS.glob("*.npz")) == list(language.codes())
    assert sorted(path.stem for path in model.WEIGHTS.glob("*.json")) == list(language.codes())


def test_the_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in model.WEIGHTS.iterdir()) <= MOST


@pytest.mark.parametrize("lang", language.codes())
def test_weights_are_those_of_their_metadata(lang: str) -> None:
    meta = json.loads((model.WEIGHTS / f"{lang}.json").read_text(encoding="utf-8"))
    raw = (model.WEIGHTS / f"{lang}.npz").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == meta["sha256"]
    model.check_metadata(lang, meta, raw)
    loaded = model.load(lang)
    assert loaded.weights.shape == (SIZE, len(LABELS))
    assert loaded.rarity.shape == (SIZE,)
    assert bool(np.isfinite(loaded.weights).all())
    assert bool((loaded.shown >= loaded.likely).all())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"more": 1}, "has missing or unknown keys: more"),
        ({"size": 8}, "was made for another version"),
        ({"labels": ["own"]}, "was made for another version"),
        ({"sha256": "0"}, "are not those that were trained"),
    ],
)
def test_a_damaged_model_is_refused(change: dict[str, object], message: str) -> None:
    meta = json.loads((model.WEIGHTS / "nl.json").read_text(encoding="utf-8"))
    with pytest.raises(DataError, match=message):
        model.check_metadata("nl", meta | change, b"")


def test_a_missing_model_is_refused() -> None:
    with pytest.raises(DataError, match="The mirror's model for xx cannot be read"):
        model.load("xx")


def test_loading_is_quick() -> None:
    begun = time.process_time()
    model.load.__wrapped__("nl")
    assert time.process_time() - begun < 0.2


def test_contributions_add_up_to_the_score() -> None:
    """What the tokens and the edges add, and the intercept, is the score without neighbours."""
    trained = model.load("en")
    text, lexicon = Text.of([["I should have asked who signs."]]), language.load("en").lexicon
    own = LABELS.index("own")
    shares = trained.contributions(Words().lay(text.sentences), lexicon, [own])[1:-1]
    assert len(shares) == 7
    every = [*extract(text, lexicon), char_part(text)]
    lengths = model.group_lengths(every, trained.rarity, 1)
    added = sum(
        float((trained.weights[part.places, own] * weighed(part, trained.rarity, lengths)).sum())
        for part in every
    )
    score = float(trained.scores(text, lexicon)[0, own])
    assert added + trained.intercepts[own] == pytest.approx(score, abs=1e-4)
    assert 0 < sum(shares) < 2 * added


@pytest.mark.parametrize("lang", language.codes())
def test_many_notes_at_once_are_judged_as_each_is(lang: str) -> None:
    loaded = language.load(lang)
    notes = [[rule.example, "4 maart."] for rule in loaded.rules[:5]]
    together = judge_notes(loaded, notes)
    apart = np.concatenate([judge(loaded, note).chances for note in notes])
    assert np.allclose(together.chances, apart, atol=1e-5)


@pytest.mark.parametrize(
    ("lang", "rule"),
    [(lang, rule) for lang in language.codes() for rule in language.load(lang).rules],
)
def test_every_rule_does_what_it_says(lang: str, rule: language.Rule) -> None:
    loaded, trained = language.load(lang), model.load(lang)
    verdict = judge(loaded, [rule.example])
    for place in map(LABELS.index, rule.labels):
        if rule.effect == "never":
            assert verdict.chances[0, place] == 0.0
            assert not verdict.shown(trained)[0, place]
        else:
            assert verdict.chances[0, place] >= RULE_CHANCE
            assert verdict.shown(trained)[0, place]
            ((start, end),) = verdict.words(loaded, trained, [(0, place)])
            assert 0 <= start < end <= len(rule.example)


@pytest.mark.parametrize("piece", [": 'ik ", '" i ', "niet aan ", "i can't blame the ", "klant "])
def test_no_rule_is_slow_on_odd_text(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    begun = time.process_time()
    for lang in language.codes():
        for rule in language.load(lang).rules:
            assert sum(1 for _ in rule.pattern.finditer(text)) <= len(text)
    assert time.process_time() - begun < 3


def test_a_rule_marks_its_own_sentence() -> None:
    note = ["We met on Tuesday.", "The customer strung us along.", "I’ve sent the quote."]
    verdict = judge(language.load("en"), note)
    customer = LABELS.index("customer")
    assert list(verdict.phrases) == [(1, customer)]
    start, end = verdict.phrases[1, customer]
    assert note[1][start:end] == "strung us along"
