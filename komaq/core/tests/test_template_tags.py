"""The template tags every page is drawn with."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from komaq.core import clock
from komaq.core.lists import Page
from komaq.core.templatetags import komaq as tags

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # 12:00 in Lima


def draw(source, http=None, **context):
    return engines["django"].from_string("{% load komaq %}" + source).render(context, http)


class Sample(forms.Form):
    serial = forms.CharField(help_text="On the plate.")
    hours = forms.DecimalField(required=False)
    urgency = forms.ChoiceField(choices=[("normal", "Normal"), ("down", "Down")], widget=forms.RadioSelect)
    symptoms = forms.MultipleChoiceField(choices=[("leak", "Leak")], widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField(label="I agree")
    photo = forms.FileField(widget=forms.FileInput(attrs={"data-upload": ""}))
    password = forms.CharField(widget=forms.PasswordInput)
    token = forms.CharField(widget=forms.HiddenInput)


def test_icon_uses_our_sprite_and_is_silent():
    assert draw('{% icon "inbox" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/core/icons.svg#i-inbox"/></svg>'
    )


def test_icon_that_stands_alone_has_a_name():
    assert 'role="img" aria-label="A &quot;b&quot;"' in draw("{% icon 'inbox' label %}", label='A "b"')


def test_unknown_icon_is_refused():
    with pytest.raises(LookupError, match="no icon named 'unicorn'"):
        draw('{% icon "unicorn" %}')


@pytest.mark.parametrize(
    ("kind", "symbol"), [("excavator", "excavator"), ("shovel", "excavator"), ("lhd", "loader"), ("boat", "other")]
)
def test_drawing_by_kind_of_machine(kind, symbol):
    assert f"#m-{symbol}" in draw("{% drawing kind %}", kind=kind)


def test_every_drawing_is_in_the_sprite():
    shapes = set(tags._machine_words()) | set(tags.LOOKS_LIKE.values())
    assert {f"m-{shape}" for shape in shapes} <= tags.sprite_names()


def test_chip_is_glyph_word_and_tone():
    assert draw('{% chip "Overdue" "late" "bad" %}').strip().startswith('<span class="chip" data-tone="bad"><svg')
    assert "data-tone" not in draw('{% chip "Pending" "st0" %}')


@pytest.mark.parametrize(
    ("value", "digits"),
    [(Decimal("12486.5"), "12486|5"), (7204.84, "07204|8"), (99.96, "00100|0"), (0, "00000|0")],
)
def test_meter_shows_five_digits_and_a_tenth(value, digits):
    whole, tenth = digits.split("|")
    html = draw("{% meter value %}", value=value)
    assert "".join(f"<b>{digit}</b>" for digit in whole) + f"<i>{tenth}</i><span>h</span>" in html


def test_meter_reads_aloud_in_both_languages():
    with translation.override("es-pe"):
        assert 'aria-label="Horómetro: 12,486.5 horas"' in draw("{% meter 12486.5 %}")
        assert 'aria-label="Odómetro: 800.0 kilómetros"' in draw('{% meter 800 "km" %}')
    with translation.override("en"):
        assert 'aria-label="Hour meter: 12,486.5 hours"' in draw("{% meter 12486.5 %}")


def test_field_ties_label_hint_and_control():
    html = draw("{% field form.serial %}", form=Sample())
    assert '<label class="field__label" for="id_serial">Serial</label>' in html
    assert 'class="input" aria-describedby="id_serial_hint"' in html
    assert '<p class="field__hint" id="id_serial_hint">On the plate.</p>' in html
    assert "aria-invalid" not in html


def test_field_says_its_error_beside_and_keeps_what_was_typed():
    html = draw("{% field form.hours %}", form=Sample({"hours": "doce"}))
    assert 'value="doce"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_hours_error"' in html
    assert 'class="field__error" id="id_hours_error"' in html
    assert "#i-bad" in html


def test_field_with_unit_prefix_and_attributes():
    html = draw('{% field form.hours unit="h" prefix="≈" inputmode="decimal" data_x="1" %}', form=Sample())
    assert '<div class="affix"><span>≈</span><input' in html
    assert "<span>h</span></div>" in html
    assert 'inputmode="decimal"' in html
    assert 'data-x="1"' in html


def test_field_marks_what_may_be_left_out():
    with translation.override("en"):
        assert "(optional)" in draw("{% field form.hours %}", form=Sample())
        assert "(optional)" not in draw("{% field form.serial %}", form=Sample())
        assert "(optional)" not in draw("{% field form.hours optional=False %}", form=Sample())
    with translation.override("es-pe"):
        assert "(opcional)" in draw("{% field form.hours %}", form=Sample())


def test_field_takes_other_words_and_escapes_them():
    html = draw("{% field form.serial label=b hint=i label_hidden=True %}", form=Sample(), b="<b>", i="<i>")
    assert 'class="field__label vh" for="id_serial">&lt;b&gt;' in html
    assert "&lt;i&gt;" in html


def test_choice_rows_say_their_consequence():
    html = draw('{% field_choice form.urgency notes=notes stop="down" %}', form=Sample(), notes={"normal": "Tomorrow"})
    assert "<legend>Urgency</legend>" in html
    assert "<b>Normal</b><small>Tomorrow</small>" in html
    assert '<label class="choice" for="id_urgency_1" data-stop>' in html


@pytest.mark.parametrize(
    ("look", "sign"),
    [("tags", 'class="tag"'), ("line", 'class="check"'), ("pair", "choices--pair"), ("tri", 'data-tone="bad"')],
)
def test_looks_of_a_choice(look, sign):
    html = draw(
        "{% field_choice form.urgency look=look tones=tones icons=icons %}",
        form=Sample(),
        look=look,
        tones={"down": "bad"},
        icons={"down": "stop"},
    )
    assert sign in html


def test_error_of_a_choice_is_told_by_its_group():
    html = draw('{% field form.symptoms look="tags" %}', form=Sample({}))
    assert '<fieldset class="field" id="id_symptoms" aria-describedby="id_symptoms_error">' in html
    assert 'id="id_symptoms_error"' in html


def test_checkbox_file_password_and_hidden():
    form = Sample()
    assert '<label class="check" for="id_agree"><input type="checkbox"' in draw("{% field form.agree %}", form=form)
    drop = draw('{% field form.photo look="camera" %}', form=form)
    assert 'class="drop"' in drop
    assert "data-upload" in drop
    assert 'aria-label="Photo"' in drop
    assert "data-reveal" in draw("{% field form.password %}", form=form)
    assert draw("{% field form.token %}", form=form) == '<input type="hidden" name="token" id="id_token">'


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (Decimal("1234.5"), "PEN", "S/\u00a01,234.50"),
        ("14797.2", "USD", "US$\u00a014,797.20"),
        (Decimal("-0.005"), "PEN", "-S/\u00a00.01"),
        (0, "EUR", "€\u00a00.00"),
        (7, "CLP", "CLP\u00a07.00"),
        (None, "PEN", "\u2013"),
        ("", "PEN", "\u2013"),
    ],
)
@pytest.mark.parametrize("language", ["es-pe", "en"])
def test_money(value, currency, text, language):
    with translation.override(language):
        assert draw("{{ value|money:currency }}", value=value, currency=currency) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("12486.5", "12,486.5\u00a0h"), (2000, "2,000\u00a0h"), (0.04, "0\u00a0h"), (None, "\u2013"), ("", "\u2013")],
)
@pytest.mark.parametrize("language", ["es-pe", "en"])
def test_hours(value, text, language):
    with translation.override(language):
        assert tags.hours(value) == text


def test_days_are_those_of_lima():
    late = datetime(2026, 11, 25, 3, 5, tzinfo=UTC)
    for language in ("es-pe", "en"):
        with translation.override(language):
            assert tags.day(late) == "24/11/2026"
            assert tags.day_time(late) == "24/11/2026 22:05"
            assert tags.day(date(2026, 11, 24)) == "24/11/2026"
    assert tags.day(None) == tags.day_time(None) == tags.ago(None) == "\u2013"


@pytest.mark.parametrize(
    ("gone", "spanish", "english"),
    [
        (timedelta(seconds=20), "ahora", "now"),
        (timedelta(minutes=35), "hace 35 min", "35 min ago"),
        (timedelta(hours=16), "hace 16 h", "16 h ago"),
        (timedelta(days=1), "hace 1 día", "1 day ago"),
        (timedelta(days=6), "hace 6 días", "6 days ago"),
        (timedelta(hours=-2), "en 2 h", "in 2 h"),
        (timedelta(days=7), "17/11/2026", "17/11/2026"),
    ],
)
def test_ago(gone, spanish, english):
    with clock.travel(NOON):
        with translation.override("es-pe"):
            assert tags.ago(NOON - gone) == spanish
        with translation.override("en"):
            assert tags.ago(NOON - gone) == english


def test_away_counts_days_beyond_a_week():
    with clock.travel(NOON):
        assert tags.away(NOON - timedelta(hours=16)) == tags.ago(NOON - timedelta(hours=16))
        assert tags.away(NOON - timedelta(days=12)) == "hace 12 días"
        assert tags.away(NOON + timedelta(days=30)) == "en 30 días"
        assert tags.away(None) == tags.NOTHING


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Salas", "AS"),
        ("Carla Quispe Mendoza", "CQ"),
        ("rosa de la Cruz", "RC"),
        ("Tito", "T"),
        ("", ""),
        (None, ""),
    ],
)
def test_initials(name, letters):
    assert tags.initials(name) == letters


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("054 205 118", "tel:+5154205118"),
        ("958 204 116", "tel:+51958204116"),
        ("+51 1 205 4000", "tel:+5112054000"),
        ("51 958204116", "tel:+51958204116"),
    ],
)
def test_tel(phone, link):
    assert tags.tel(phone) == link


def test_query_string_changes_only_what_it_is_told():
    http = RequestFactory().get("/app/", {"q": "ñandú 336", "cursor": "abc", "estado": ["a", "b"]})
    html = draw("{% query_string cursor=None estado=many page=2 as url %}{{ url|safe }}", http, many=["c", "d"])
    assert html == "?q=%C3%B1and%C3%BA+336&estado=c&estado=d&page=2"


@pytest.mark.parametrize(
    ("page", "total", "address", "there", "missing"),
    [
        (
            Page([1, 2], "next", "new"),
            None,
            "/?q=a",
            ["2 here, more follow", "?q=a&amp;cursor=next"],
            ["From the start"],
        ),
        (Page([1], None, "new"), None, "/", ["1 row"], ["<a ", "<button"]),
        (Page([1, 2], None, "new"), 52, "/?cursor=x", ["2 of 52", "From the start", "disabled"], ["cursor="]),
    ],
)
def test_pager(page, total, address, there, missing):
    with translation.override("en"):
        html = draw(
            "{% pager page total=total keys=keys %}",
            RequestFactory().get(address),
            page=page,
            total=total,
            keys=[("J", "down")],
        )
    assert all(words in html for words in there)
    assert not any(words in html for words in missing)
    assert "<kbd>J</kbd> down" in html
