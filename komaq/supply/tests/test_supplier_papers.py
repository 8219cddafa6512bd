"""Papers of a supplier, with the day they end."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from komaq.core import clock
from komaq.core.models import Attachment
from komaq.core.refusals import NotAllowed
from komaq.supply import actions, rules

PDF = b"%PDF-1.4 certificado"


def pdf(name="iso.pdf"):
    return SimpleUploadedFile(name, PDF)


def address(supplier):
    return f"/app/proveedores/{supplier.pk}/"


def test_papers_are_kept_shown_and_opened(sign_in, nico, lola, ferreycorp):
    ends = clock.today() + datetime.timedelta(days=90)
    form = {"files": [pdf()], "title": "Certificado ISO 9001", "ends_on": ends.isoformat()}
    assert sign_in(nico).post(f"{address(ferreycorp)}documentos/nuevo/", form).url == address(ferreycorp)
    paper = Attachment.objects.get()
    client = sign_in(lola)
    shown = client.get(address(ferreycorp)).content.decode()
    assert "Certificado ISO 9001" in shown
    assert ends.strftime("%d/%m/%Y") in shown
    assert client.get(f"/archivos/{paper.pk}/").getvalue() == PDF


def test_only_who_sees_suppliers_opens_their_papers(sign_in, nico, ana, tito, carla, ferreycorp):
    (paper,) = actions.keep_papers(supplier=ferreycorp, files=[pdf()], by=nico)
    for user in (ana, tito, carla):
        assert sign_in(user).get(f"/archivos/{paper.pk}/").status_code == 404


def test_what_ended_says_so(sign_in, nico, ferreycorp):
    over = clock.today() - datetime.timedelta(days=1)
    actions.keep_papers(supplier=ferreycorp, files=[pdf()], title="Carta", ends_on=over, by=nico)
    page = sign_in(nico).get(address(ferreycorp))
    assert f"venció el {over:%d/%m/%Y}" in page.content.decode()
    assert page.context["papers"][0]["over"]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"files": [], "title": "ISO"}, "files"),
        ({"files": [SimpleUploadedFile("x.exe", b"MZ")]}, "files"),
        ({"files": [SimpleUploadedFile("x.pdf", PDF)], "ends_on": "pronto"}, "ends_on"),
    ],
)
def test_what_is_no_paper_is_refused(sign_in, nico, ferreycorp, form, field):
    page = sign_in(nico).post(f"{address(ferreycorp)}documentos/nuevo/", form)
    errors = page.context["form"].errors
    assert field in errors or "__all__" in errors
    assert not Attachment.objects.exists()


def test_only_who_buys_keeps_papers(sign_in, lola, ferreycorp):
    assert sign_in(lola).post(f"{address(ferreycorp)}documentos/nuevo/", {"files": [pdf()]}).status_code == 403
    with pytest.raises(NotAllowed):
        actions.keep_papers(supplier=ferreycorp, files=[pdf()], by=lola)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("day", [datetime.date(2027, 3, 31), None])
@pytest.mark.parametrize("title", ["ISO 9001", "", "Carta [2026-01-01]", "Carta [2026-13-45]", "x" * 200])
def test_a_caption_gives_back_what_it_was_made_of(title, day):
    caption = rules.caption_of(title, day)
    assert len(caption) <= 160
    told, ends = rules.paper_of(caption)
    assert ends == day
    assert told == (title if len(title) < 100 else title[: len(told)])


def test_a_file_without_our_caption_is_shown_as_it_is():
    assert rules.paper_of("") == ("", None)
    assert rules.paper_of("foto") == ("foto", None)
