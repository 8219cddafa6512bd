"""Every string is found in code and pages, added without loss, and compiled."""

import gettext

import pytest

from komaq.config import messages

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("Accepted as %(code)s")
B = ngettext("%(count)d day", "%(count)d days", 2)
C = pgettext("month", "May")
"""
PAGE = """{% load i18n %}
{% translate "Sign in" %} {% translate "It's" as its %} {% translate "100% ready" %}
{% blocktranslate trimmed %}Hello
  {{ name }}{% endblocktranslate %}
{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{% include "x.html" with title=_("Nothing here") %} {{ _("Shown") }} {% translate "May" context "month" %}
{# {% translate "Commented" %} #}
"""


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A room of its own, with one file of each kind."""
    folder = tmp_path / "yard"
    (folder / "templates/yard").mkdir(parents=True)
    (folder / "tests").mkdir()
    (folder / "apps.py").write_text("")
    (folder / "rules.py").write_text(CODE)
    (folder / "tests/test_it.py").write_text('_("Never shown")')
    (folder / "templates/yard/page.html").write_text(PAGE)
    monkeypatch.setattr(messages, "ROOMS", tmp_path)
    return folder


def ids():
    return {(text.context, text.id) for text in messages.texts_of("yard")}


def test_every_string_is_found(room):
    assert ids() == {
        (None, "Accepted as %(code)s"),
        (None, ("%(count)d day", "%(count)d days")),
        ("month", "May"),
        (None, "Sign in"),
        (None, "It's"),
        (None, "100%% ready"),
        (None, "Hello %(name)s"),
        (None, ("%(n)s row", "%(n)s rows")),
        (None, "Nothing here"),
        (None, "Shown"),
    }


def test_a_new_file_holds_them_all_untranslated(room):
    assert messages.add_missing("yard") == 10
    assert len(messages.gaps_in("yard")) == 11  # May stands in two places


def translate(**texts):
    path = messages.file_of("yard")
    source = path.read_text()
    for english, spanish in texts.items():
        source = source.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{spanish}"')
    path.write_text(source)


def test_what_was_translated_stays_and_what_went_is_kept_aside(room):
    messages.add_missing("yard")
    translate(Shown="Mostrado")
    (room / "rules.py").write_text(CODE + '\nD = _("Brand new")')
    (room / "templates/yard/page.html").write_text(PAGE.replace('{{ _("Shown") }}', ""))
    messages.add_missing("yard")
    source = messages.file_of("yard").read_text()
    assert '#~ msgid "Shown"\n#~ msgstr "Mostrado"' in source
    assert 'msgid "Brand new"\nmsgstr ""' in source
    (room / "templates/yard/page.html").write_text(PAGE)
    messages.add_missing("yard")
    assert 'msgid "Shown"\nmsgstr "Mostrado"' in messages.file_of("yard").read_text()


def test_adding_twice_changes_nothing(room):
    messages.add_missing("yard")
    before = messages.file_of("yard").read_bytes()
    messages.add_missing("yard")
    assert messages.file_of("yard").read_bytes() == before


def test_a_fuzzy_or_broken_text_is_a_gap(room):
    messages.add_missing("yard")
    translate(Shown="Mostrado")
    assert not any("Shown" in gap for gap in messages.gaps_in("yard"))
    path = messages.file_of("yard")
    path.write_text(path.read_text().replace('msgid "Shown"', '#, fuzzy\nmsgid "Shown"'))
    assert any("Shown" in gap for gap in messages.gaps_in("yard"))


def test_a_lost_placeholder_is_a_gap(room):
    messages.add_missing("yard")
    path = messages.file_of("yard")
    path.write_text(
        path.read_text().replace(
            'msgid "Accepted as %(code)s"\nmsgstr ""', 'msgid "Accepted as %(code)s"\nmsgstr "Aceptada"'
        )
    )
    assert any("Accepted" in gap for gap in messages.gaps_in("yard"))


def test_compiled_files_speak(room):
    messages.add_missing("yard")
    translate(Shown="Mostrado")
    assert messages.compile_all() == 1
    assert messages.compile_all() == 0
    with messages.file_of("yard").with_suffix(".mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("Shown") == "Mostrado"
    assert spoken.gettext("Sign in") == "Sign in"


def test_the_command_says_what_lacks(room, capsys):
    assert messages.main(["yard", "--compile"]) == 0
    assert "10 without Spanish text" in capsys.readouterr().out
