"""Scores that are added up quickly are those of the features one by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from spiegel.mirror import language, model, words
from spiegel.mirror.features import Text, char_part, extract, tokenize
from spiegel.mirror.judge import judge_notes
from spiegel.mirror.labels import LABELS

NOTES = {
    "nl": [
        ["Zo'n inkoopdame koopt van niemand.", "Ik had 3 keer moeten bellen, maar liet het."],
        ["", "\x02", "..."],
        ["Ze hielden\nons aan het lijntje – KL. van 1.250,50 euro?!", "Pech_gehad."],
    ],
    "en": [
        ["They never called me back, so I lost.", "I should’ve asked who signs."],
        ["", "a", "_"],
        ["Our price\nwas too HIGH (again) for 24/7 support.", "Procurement wanted 12% off."],
    ],
}


def one_by_one(trained: model.Model, text: Text, lang: str) -> np.ndarray:
    """Weigh every feature by itself, as training does."""
    parts = [*extract(text, language.load(lang).lexicon), char_part(text)]
    many = len(text.sentences)
    lengths = model.group_lengths(parts, trained.rarity, many)
    scores = np.tile(trained.intercepts, (many, 1))
    for part in parts:
        adds = model.weighed(part, trained.rarity, lengths)[:, None] * trained.weights[part.places]
        np.add.at(scores, part.sentence, adds)
    return scores


@pytest.mark.parametrize("lang", language.codes())
def test_scores_are_those_of_the_features(lang: str) -> None:
    trained, text = model.load(lang), Text.of(NOTES[lang])
    scores = trained.scores(text, language.load(lang).lexicon)
    assert np.allclose(scores, one_by_one(trained, text, lang), atol=1e-4)


@pytest.mark.parametrize("lang", language.codes())
def test_what_words_add_is_what_their_features_add(lang: str) -> None:
    trained, lexicon = model.load(lang), language.load(lang).lexicon
    sentences = [sentence for note in NOTES[lang] for sentence in note]
    alone = Text(sentences, np.arange(len(sentences)))
    parts = [*extract(alone, lexicon), char_part(alone)]
    lengths = model.group_lengths(parts, trained.rarity, len(sentences))
    expected = [np.zeros(len(tokenize(sentence))) for sentence in sentences]
    for part in parts:
        shares = trained.weights[part.places, 2] * model.weighed(part, trained.rarity, lengths)
        rows = zip(part.sentence, part.token, shares / part.width, strict=True)
        for sentence, first, share in rows:
            for token in range(first, first + part.width):
                if 0 <= token < len(expected[sentence]):
                    expected[sentence][token] += share
    row = words.Words().lay(sentences)
    found = trained.contributions(row, lexicon, [2] * len(sentences))
    assert np.allclose(found[row.ids != words.EDGE], np.concatenate(expected), atol=1e-5)


@pytest.mark.parametrize("sentence", [*NOTES["nl"][2], "Don’t pay €1.250,50 - OK?", "", "\x02 a"])
def test_rows_hold_the_tokens(sentence: str) -> None:
    row = words.Words().lay(["one", sentence])
    texts = [row.words.texts[each] for each in row.ids[row.starts[1] :]]
    assert texts == ["\n", *(token.text for token in tokenize(sentence)), "\n"]


def test_a_full_memory_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_MOST", 50)
    monkeypatch.setattr(words, "_FIRST_ROWS", 4)
    monkeypatch.setattr(words, "_current", {})
    loaded, trained = language.load("en"), model.load("en")
    notes = [[rule.example for rule in loaded.rules[first:]] for first in range(8)]
    together = judge_notes(loaded, notes, trained).chances
    apart = [judge_notes(loaded, [note], trained).chances for note in notes]
    assert np.allclose(together, np.concatenate(apart), atol=1e-5)
    assert len(words.current(loaded.lexicon).texts) < 400


def test_threads_do_not_get_in_each_others_way(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, trained = language.load("nl"), model.load("nl")
    notes = [[f"{first}{last} koopt van niemand."] for first in "abcdefgh" for last in "stuvwxyz"]
    expected = [judge_notes(loaded, [note], trained).chances for note in notes]
    monkeypatch.setattr(words, "_current", {})
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda note: judge_notes(loaded, [note], trained).chances, notes))
    assert np.allclose(found, expected, atol=1e-5)
    assert found[0].shape == (1, len(LABELS))
