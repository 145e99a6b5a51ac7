"""Reading timelines, scoring signs, and both commands."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import spiegel
from spiegel import cli
from spiegel.signs.evaluate import SignCounts, SignEvaluation, SignScores

if TYPE_CHECKING:
    from pathlib import Path

EVENT = {"date": "2026-03-02", "kind": "call", "text": "Asked for a date. Mila won't commit."}
LINE: dict[str, Any] = {
    "id": "a",
    "lang": "en",
    "events": [EVENT],
    "gold": [{"sign": "refuses_commitment", "evidence": [0], "topic": "timing"}],
}


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def _write(*lines: Any) -> str:
        path = tmp_path / "timelines.jsonl"
        rows = [each if isinstance(each, str) else json.dumps(each) for each in lines]
        path.write_text("\n".join(rows), encoding="utf-8")
        return str(path)

    return _write


def test_a_timeline_is_read(write: Any) -> None:
    facts = {
        "opened": "2026-01-01", "close_dates": [["2026-01-01", "2026-05-01"]],
        "forecasts": [["2026-01-01", 0.5]], "contacts": ["Mila"], "stage": "Quote",
        "plan": [{"owner": "buyer", "due": "2026-04-01"}],
    }  # fmt: skip
    ((timeline, gold),) = spiegel.timelines(write({**LINE, "as_of": "2026-03-31", "facts": facts}))
    assert timeline.as_of == date(2026, 3, 31)
    assert timeline.events[0].date == date(2026, 3, 2)
    assert timeline.facts
    assert timeline.facts.plan[0].due == date(2026, 4, 1)
    assert gold
    assert gold[0].evidence == (0,)


def test_a_language_that_is_left_out_is_told_from_the_texts(write: Any) -> None:
    row = {"events": [{"date": "2026-03-02", "text": "Gebeld met Mila, ze wil er niet over."}]}
    ((timeline, gold),) = spiegel.timelines(write(row))
    assert (timeline.lang, gold) == ("nl", None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "it is not JSON"),
        ("[1]", "it is not an object in braces"),
        ({"events": []}, "'events' is not a list with at least one event"),
        ({"events": [{"date": "2026-03-02"}]}, "event 0 lacks its 'text'"),
        ({"events": [{"date": "2 maart", "text": "a"}]}, "the 'date' of event 0 is '2 maart'"),
        ({"events": [{**EVENT, "kind": 3}]}, "the 'kind' of event 0 is not text"),
        ({**LINE, "lang": "de"}, "'lang' is 'de' instead of one of en, nl"),
        ({**LINE, "as_of": "soon"}, "'as_of' is 'soon' instead of a day"),
        ({**LINE, "gold": 3}, "'gold' is not a list of signs"),
        ({**LINE, "gold": [{"sign": "odd"}]}, "there is no sign 'odd'"),
        ({**LINE, "gold": [{"sign": "delay", "evidence": [4]}]}, "does not point to events"),
        ({**LINE, "gold": [{"sign": "delay", "topic": "odd"}]}, "there is no topic 'odd'"),
        ({**LINE, "facts": 3}, "'facts' is not an object in braces"),
        ({**LINE, "facts": {"odd": 1}}, "'facts' has an unknown key 'odd'"),
        ({**LINE, "facts": {"opened": "x"}}, "a value of 'facts' cannot be read"),
    ],
)
def test_a_bad_line_is_named(
    write: Any, capsys: pytest.CaptureFixture[str], line: Any, reason: str
) -> None:
    path = write(LINE, line)
    assert cli.main(["signs", path]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"spiegel: {path}, line 2: ")
    assert reason in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("command", ["signs", "evaluate-signs"])
def test_a_file_that_is_not_there(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([command, "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl cannot be read" in capsys.readouterr().err


def test_a_file_that_is_not_utf_8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xfe\x00")
    assert cli.main(["signs", str(tmp_path / "a.jsonl")]) == 2
    assert "is not UTF-8 text" in capsys.readouterr().err


def test_a_day_that_is_none(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["signs", write(LINE), "--as-of", "31-3-2026"]) == 2
    assert "give a day such as 2026-03-31" in capsys.readouterr().err


def test_signs_as_json(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["signs", write(LINE), "--as-of", "2026-03-31", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["id"], row["lang"]) == ("a", "en")
    (sign,) = row["signs"]
    assert (sign["sign"], sign["evidence"], sign["topic"]) == ("refuses_commitment", [0], "timing")


def test_signs_as_text_quote_the_events(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ("Mila: I decide this myself.", "Mila: the board has to sign.")
    events = [{"date": f"2026-03-0{place + 1}", "text": text} for place, text in enumerate(texts)]
    assert cli.main(["signs", write({"id": "b", "lang": "en", "events": events})]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("b: 1 sign\n  contradiction, authority, since 2026-03-02")
    assert all(text in printed for text in texts)
    assert "  ? How did it go the last time" in printed


def test_evaluation_as_json(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    healthy = {**LINE, "gold": []}
    missed = {**LINE, "events": [{**EVENT, "text": "Nice chat."}]}
    assert cli.main(["evaluate-signs", write(LINE, healthy, missed), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == ["nl", "en", "all"]
    row = {"precision": 0.5, "recall": 0.5, "support": 2}
    assert figures["en"]["signs"]["refuses_commitment"] == row
    assert figures["en"]["false_per_healthy"] == 1.0
    assert figures["all"] == figures["en"]
    assert figures["nl"]["signs"]["delay"] == {"precision": 0.0, "recall": 0.0, "support": 0}


def test_evaluation_as_a_table(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate-signs", write(LINE)]) == 0
    assert "refuses_commitment         1.00    1.00        1" in capsys.readouterr().out


def test_evaluation_needs_gold(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    row = {key: value for key, value in LINE.items() if key != "gold"}
    assert cli.main(["evaluate-signs", write(row)]) == 2
    assert "timeline a lacks 'gold'" in capsys.readouterr().err


def test_evaluations_add_up() -> None:
    one = SignEvaluation({"nl": SignScores({"delay": SignCounts(1, 0, 1)}, 2, 1)})
    both = (one + one).to_dict()
    assert both["nl"]["signs"]["delay"] == {"precision": 1.0, "recall": 0.5, "support": 4}
    assert both["all"]["false_per_healthy"] == 0.5


def test_two_thousand_events_take_seconds_at_most() -> None:
    event = spiegel.TimelineEvent(date(2026, 3, 2), "email", "Mila: can we say the 29th instead?")
    begun = time.monotonic()
    spiegel.find_signs(spiegel.Timeline((event,) * 2_000, "en"))
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("text", ['"' * 3_000, "not " * 3_000, "What? " * 2_000, " " * 20_000])
def test_odd_texts_take_no_time(text: str) -> None:
    event = spiegel.TimelineEvent(date(2026, 3, 2), "email", text)
    begun = time.monotonic()
    assert spiegel.find_signs(spiegel.Timeline((event,), "en")) == ()
    assert time.monotonic() - begun < 3
