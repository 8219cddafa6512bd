"""Pages obey the content security policy, speak Spanish whole, and the documents tell the truth."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.urls import resolve

from komaq.config import environment, messages
from komaq.config.docs import described

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "komaq").rglob("templates/**/*.html"))
# Mail programs know no style sheets of ours: only a mail may carry its own looks.
MAILS = {"notice.html", "letter.html"}
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


def source(path):
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [t for t in TEMPLATES if t.name not in MAILS], ids=lambda path: path.name)
def test_no_inline_style_script_or_handler(path):
    text = TAG.sub("", source(path))
    assert not re.search(r"<style\b|\sstyle\s*=", text), "a style of its own"
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", text), "a script of its own"
    assert not re.search(r"\son\w+\s*=", text), "a handler of its own"
    assert "javascript:" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path):
    assert not re.search(r"""(src|href)=["'](https?:)?//""", source(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_form_that_writes_carries_its_token(path):
    for form in re.findall(r"<form\b[^>]*method=.post.*?</form>", source(path), re.DOTALL | re.IGNORECASE):
        assert "{% csrf_token %}" in form


@pytest.mark.parametrize("room", messages.rooms())
def test_every_text_has_its_spanish(room):
    assert messages.gaps_in(room) == []


def test_one_english_text_has_one_spanish_text():
    """Catalogues of all rooms are read as one: two texts for one string would depend on their order."""
    texts = defaultdict(dict)
    for room in messages.rooms():
        for message in messages.catalog_of(room):
            if message.id:
                texts[(message.context, str(message.id))][str(message.string)] = room
    assert {key: found for key, found in texts.items() if len(found) > 1} == {}


def test_the_environment_is_described_whole():
    described = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/environment.md").read_text(), re.MULTILINE))
    named = set(environment.NAMES) | demo_names()
    assert described == named


def demo_names():
    """What only the demo's profile reads, which the suite does not load."""
    text = (ROOT / "komaq/config/settings/demo.py").read_text(encoding="utf-8")
    return set(re.findall(r'env\.\w+\("([A-Z_]+)"', text))


def test_the_modules_name_pages_operations_and_tests_that_exist():
    text = (ROOT / "docs/modules.md").read_text(encoding="utf-8")
    tests = set(re.findall(r"`(\w+/tests/test_\w+\.py)`", text))
    assert [name for name in sorted(tests) if not (ROOT / "komaq" / name).exists()] == []
    for page in sorted(set(re.findall(r"`(/[a-z/-]*)`", text))):
        assert resolve(page), page
    described_paths = {re.sub(r"{\w+}", "{id}", path) for path in described()["paths"]}
    operations = set(re.findall(r"`(/api/v1/[a-z{][^`]*)`", text)) - {"/api/v1/docs", "/api/v1/openapi.json"}
    assert sorted(operations - described_paths) == []


def test_links_between_documents_lead_somewhere():
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    broken = [
        f"{document.name}: {link}"
        for document in documents
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
        if not (document.parent / link).exists()
    ]
    assert broken == []
