"""The style guide shows everything there is, and only where it may be shown."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from komaq.core.templatetags.komaq import sprite_names
from komaq.core.tests.test_shells import obeys

PIECES = """
btn--main btn--risk field__error affix choice tag chip note toast table--cards pager track--flat bar fig kpi tl__item
talk__msg empty skel drop upload photo sign opt queue__item board__row plate hm tri bulk cal__week map hours act
rows__item
"""
STYLES = Path(settings.ROOT) / "frontend" / "styles"


@pytest.fixture
def guide(client, db):
    answer = client.get(reverse("core:styleguide"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_guide_obeys_the_content_policy(guide):
    obeys(guide)


def test_guide_shows_every_icon_and_drawing(guide):
    shown = set(re.findall(r"core/icons\.svg#([\w-]+)", guide))
    assert sprite_names() - shown == set()


@pytest.mark.parametrize("piece", PIECES.split())
def test_guide_shows_each_piece(guide, piece):
    assert re.search(rf'class="[^"]*\b{piece}\b', guide)


def test_guide_shows_both_a_right_and_a_wrong_field(guide):
    assert 'aria-invalid="true"' in guide
    assert "Digits missing: a RUC has 11." in guide


def test_styles_use_only_tokens_that_exist():
    text = "".join(path.read_text() for path in STYLES.glob("*.css"))
    used = set(re.findall(r"var\((--[\w-]+)", text))
    assert used - set(re.findall(r"(--[\w-]+):", text)) == set()


def test_rooms_bring_no_colours_of_their_own():
    strays = [p.name for p in STYLES.glob("room-*.css") if re.search(r"#[0-9a-f]{3,8}\b|rgb\(", p.read_text())]
    assert strays == []


def test_styles_have_no_classes_for_states():
    text = "".join(path.read_text() for path in STYLES.glob("*.css"))
    assert not re.search(r"\.(is|has)-\w+", text)
