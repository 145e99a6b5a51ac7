"""Cutting notes into sentences, as they are really written."""

from __future__ import annotations

import pytest

from spiegel.mirror.language import load
from spiegel.mirror.sentences import split


def cut(text: str, lang: str = "nl") -> list[str]:
    """Cut a text and give the pieces."""
    return [text[start:end] for start, end in split(text, load(lang))]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Kl. belde ma. terug.", "Geen budget."],
        ["Off. gestuurd i.o.v. Dhr. Jansen.", "Daarna stil."],
        ["Mail aan mevr. De Wit t.a.v. de offerte.", "Geen reactie."],
        ["Prijs was 1.250,50 p.st. excl. btw.", "Te hoog, zei hij."],
        ["Afspraak op 14-3 om 10.30 uur.", "Niet verschenen."],
        ["Hij vroeg om art. 7 en nr. 12.", "Kreeg ze."],
        ["Nee!", "Echt niet?", "Jawel…", "Toch."],
        ["Hij zei: 'Bel me terug!' en hing op.", "Nooit gebeld."],
        ["Ik wacht nog… maar niet lang.", "Klaar."],
        ["Fijn gesprek :-)", "Morgen bellen."],
        ["Weer niks. 😂", "Volgende keer beter."],
        ["mail gestuurd.", "geen reactie.", "jammer"],
        ["Hij zei nee.", "We gingen weg."],
        ["J. Jansen tekent.", "P. de Boer ook."],
        ["Geleverd: kabels, dozen, enz.", "Daarna niets."],
        ["Klant betaalt 3 mnd. later.", "Balen."],
        ["Versie 2.0 getoond.", "Site www.voorbeeld.nl/prijs bekeken."],
    ],
)
def test_dutch(sentences: list[str]) -> None:
    assert cut(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Smith asked for no. 4.", "He said no.", "We left."],
        ["Cust. asked re. pricing.", "Sent it approx. 3 p.m. on Fri. as agreed."],
        ["It was down to the U.S. team.", "Not mine."],
        ["We quoted $1.25m incl. install.", "Too much?", "Maybe."],
        ["Never as quick as I.", "True."],
        ["Met Dr. A. B. Jones, i.e. the buyer.", "Nice chap."],
        ['"Too dear!" he said.', "End of story."],
        ["It was him... or me.", "Who knows."],
    ],
)
def test_english(sentences: list[str]) -> None:
    assert cut(" ".join(sentences), "en") == sentences


def test_lines_and_bullets_begin_sentences() -> None:
    text = "Verslag\n- Budget onbekend\n* Geen beslisser\r\n1. Nabellen\n2) Mailen\n• Klaar"
    assert cut(text) == [
        "Verslag",
        "Budget onbekend",
        "Geen beslisser",
        "Nabellen",
        "Mailen",
        "Klaar",
    ]


def test_a_number_at_the_start_of_a_line_is_no_bullet() -> None:
    assert cut("3 bezoeken gedaan\n1.250 euro\n-5% korting\n2.0 getoond") == [
        "3 bezoeken gedaan",
        "1.250 euro",
        "-5% korting",
        "2.0 getoond",
    ]


def test_a_forgotten_space_is_forgiven() -> None:
    assert cut("Gebeld.Geen gehoor.Morgen weer.") == ["Gebeld.", "Geen gehoor.", "Morgen weer."]
    assert cut("Via Booking.com en Node.JS") == ["Via Booking.com en Node.JS"]


def test_what_says_nothing_is_no_sentence() -> None:
    assert cut("...\n---\n😂😂\n?!") == []


def test_dictation_without_stops_stays_whole() -> None:
    text = "ja ik zat er dus een uur en toen zei hij dat hij weg moest"
    assert cut(text) == [text]


def test_odd_white_space_and_control_characters() -> None:
    assert cut("Een.\u00a0Twee.\u2028Drie\x00vier.\tVijf.") == [
        "Een.",
        "Twee.",
        "Drie\x00vier.",
        "Vijf.",
    ]
