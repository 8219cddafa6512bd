"""The shipped files of the deployment agree with the product."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SITE = (DEPLOY / "nginx/komaq.conf").read_text()
UNITS = sorted((DEPLOY / "systemd").iterdir())
NAME = re.compile(r"^#?([A-Z_]+)=", re.MULTILINE)


def described():
    text = (ROOT / "docs/environment.md").read_text()
    return set(re.findall(r"^\| `([A-Z_]+)`", text, re.MULTILINE))


def test_the_example_names_every_setting_of_production():
    named = NAME.findall((DEPLOY / "komaq.env.example").read_text())
    assert len(named) == len(set(named))
    assert set(named) == {name for name in described() if not name.startswith("KOMAQ_DEMO_")}
    assert set(NAME.findall((DEPLOY / "migrate.env.example").read_text())) <= described()


def megabytes(directive):
    number, unit = re.fullmatch(r"client_max_body_size (\d+)([km]);", directive).groups()
    return int(number) * {"k": 1024, "m": 1024**2}[unit]


def test_the_proxy_takes_as_much_as_the_product():
    small, large = re.findall(r"client_max_body_size \w+;", SITE)
    assert megabytes(small) == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert megabytes(large) == settings.REQUEST_MAX_BYTES


@pytest.mark.parametrize(
    "path", [reverse("orders:portal-request-new"), reverse("orders:document", args=[7]), "/api/v1/orders"]
)
def test_files_may_be_sent_where_the_product_takes_them(path):
    assert re.search(re.search(r"location ~ (\S+) \{", SITE)[1], path)


def test_the_proxy_overwrites_what_the_product_believes():
    handed_on = dict(re.findall(r"proxy_set_header (\S+) (\S+);", (DEPLOY / "nginx/proxy.conf").read_text()))
    assert handed_on["X-Forwarded-For"] == "$remote_addr"
    assert handed_on["X-Forwarded-Proto"] == "$scheme"
    assert {handed_on[name] for name in ("Forwarded", "X-Forwarded-Host", "X-Real-IP")} == {'""'}
    assert SITE.count("proxy_pass") == 0
    assert SITE.count("nginx/proxy.conf;") == 3


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_units(tmp_path):
    for unit in UNITS:
        told = unit.read_text().replace("/opt/komaq/current/venv/bin/komaq", "/bin/true")
        (tmp_path / unit.name.replace("@", "@1")).write_text(told)
    names = [tmp_path / unit.name.replace("@", "@1") for unit in UNITS]
    command = ["systemd-analyze", "verify", "--man=no", *names]
    env = {"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(  # noqa: S603  fixed words
        command, capture_output=True, text=True, check=False, env=env
    )
    about_ours = [line for line in done.stderr.splitlines() if "komaq" in line]
    assert (done.returncode, about_ours) == (0, [])
