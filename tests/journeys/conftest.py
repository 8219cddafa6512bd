"""A real browser, one window per person, against a real server of the suite."""

import io
import os
import re
import shutil
from pathlib import Path

import pytest
from django.core import mail
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from conftest import PASSWORD
from komaq.core import jobs

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}
DESK = {"width": 1440, "height": 900}
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=10_000)


def photo(name="fuga.jpg"):
    """A picture as a phone's camera hands it over."""
    target = io.BytesIO()
    Image.new("RGB", (1200, 900), (196, 148, 40)).save(target, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": target.getvalue()}


def letters_to(address):
    """What the person found in the mailbox, the oldest first."""
    return [letter for letter in mail.outbox if address in letter.to[0]]


def link_in(letter):
    """The first address a letter shows."""
    return re.search(r"https?://\S+", letter.body)[0]


def sign_in(page, email):
    """The person types e-mail and password."""
    page.goto("/cuentas/ingresar/")
    page.get_by_label("Correo").fill(email)
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Ingresar").click()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium, live_server, settings):
    """`window(size)` opens a person's own browser window on the product."""
    settings.SITE_URL = live_server.url
    contexts = []

    def open_window(size=DESK, **more) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport=size, locale="es-PE", reduced_motion="reduce", **more
        )
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def worker():
    """What the worker would do meanwhile."""
    return jobs.work_off


@pytest.fixture
def accessible():
    """`accessible(page)`: axe-core finds nothing serious on the page, in both themes."""

    def check(page: Page) -> None:
        page.evaluate(AXE.read_text())
        for theme in ("light", "dark"):
            page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
            serious = [
                f"{v['id']}: {v['nodes'][0]['html'][:160]}"
                for v in found["violations"]
                if v["impact"] in {"serious", "critical"}
            ]
            assert serious == [], f"{page.url} in {theme}: {serious}"

    return check
