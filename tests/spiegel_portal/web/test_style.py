"""The design system's page: there for builders, not for the world; and every part is on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import spiegel_portal.web
from spiegel_portal.web.views.style import PARTS

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

FOLDER = Path(spiegel_portal.web.__file__).parent / "templates" / "web" / "style" / "parts"


@pytest.mark.django_db
def test_it_is_there_in_debug_only(client: Client, settings: Settings) -> None:
    assert client.get("/style").status_code == 404
    settings.DEBUG = True
    assert client.get("/style").status_code == 200


@pytest.mark.django_db
def test_every_part_is_drawn_beside_how_it_is_written(client: Client, settings: Settings) -> None:
    settings.DEBUG = True

    page = client.get("/style", headers={"accept-language": "en"})

    assert [part.name for part in page.context["parts"]] == list(PARTS)
    buttons = page.context["parts"][list(PARTS).index("buttons")]
    assert 'class="button quiet"' in buttons.drawn
    assert '{% translate "Not now" %}' in buttons.source
    assert "{% translate &quot;Not now&quot; %}" in page.text


def test_every_part_that_is_written_is_on_the_page() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.html")) == sorted(PARTS)


@pytest.mark.django_db
def test_a_form_says_what_belongs_to_which_field(client: Client, settings: Settings) -> None:
    settings.DEBUG = True

    drawn = {
        part.name: part.drawn
        for part in client.get("/style", headers={"accept-language": "en"}).context["parts"]
    }["form"]

    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert drawn.count('id="id_name_error"') == 1
    assert drawn.count('id="id_name_helptext"') == 1
    assert '<label for="id_close">Expected to close <span class="optional">(optional)' in drawn
    assert '<label for="id_again"><input type="checkbox" name="again"' in drawn
