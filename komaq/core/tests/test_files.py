"""Private files: told by their bytes, images made anew, served only to whom they belong."""

import io
import uuid
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from komaq.core import clock, files, jobs
from komaq.core.action import action
from komaq.core.models import Attachment, AttachmentState, Job, Sequence
from komaq.core.refusals import NotFound, Refusal
from komaq.core.registry import file_scopes

GPS = 0x8825
ORIENTATION = 0x0112


def image(name="foto.jpg", form="JPEG", size=(64, 48), exif=None):
    content = io.BytesIO()
    picture = Image.new("RGB", size, "orange")
    picture.save(content, form, **({"exif": exif} if exif else {}))
    return SimpleUploadedFile(name, content.getvalue())


def office(inside):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(inside, "<x/>")
    return content.getvalue()


@pytest.fixture
def subject(db):
    return Sequence.objects.create(prefix="F", year=2026)


@pytest.fixture
def open_to_ana(ana):
    """Files of these tests' subject are Ana's alone."""
    file_scopes["core.sequence"] = lambda user, _attachment: user == ana
    yield ana
    del file_scopes["core.sequence"]


def kept(upload, subject, by=None):
    (attachment,) = files.attach([upload], subject, by=by)
    return attachment


def bytes_of(file):
    with file.open("rb") as opened:
        return opened.read()


def prepared(attachment):
    files.prepare_image(str(attachment.pk))
    attachment.refresh_from_db()
    return attachment


@pytest.mark.parametrize(
    ("upload", "content_type"),
    [
        (image("a.jpg", "JPEG"), "image/jpeg"),
        (image("a.png", "PNG"), "image/png"),
        (image("a.txt", "WEBP"), "image/webp"),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.7 x"), "application/pdf"),
        (SimpleUploadedFile("a", office("word/document.xml")), files.OFFICE["word/document.xml"]),
        (SimpleUploadedFile("a", office("xl/workbook.xml")), files.OFFICE["xl/workbook.xml"]),
    ],
)
def test_the_bytes_tell_what_it_is(upload, content_type):
    assert files.sniff(upload) == content_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"<?xml version='1.0'?><svg/>",
        b"GIF89a<script>alert(1)</script>",
        b"MZ\x90\x00",
        b"#!/bin/sh\nrm -rf /",
        b" %PDF-1.7",
        b"PK\x03\x04 no archive",
        office("evil.exe"),
        office("xl/vbaProject.bin"),
        b"\xff\xd8",
    ],
)
def test_what_we_do_not_take_is_refused_whatever_its_name(content, subject):
    with pytest.raises(files.FileRefused):
        files.attach([SimpleUploadedFile("foto.jpg", content)], subject, by=None)
    assert not Attachment.objects.exists()


def test_one_bad_file_keeps_none(subject):
    @action
    def keep_both():
        files.attach([image(), SimpleUploadedFile("b.jpg", b"<svg/>")], subject, by=None)

    with pytest.raises(files.FileRefused):
        keep_both()
    assert not Attachment.objects.exists()
    assert not Job.objects.exists()


def test_a_file_too_large_is_refused(subject, settings):
    settings.UPLOAD_MAX_BYTES = 1024**2
    with pytest.raises(files.FileRefused, match="1 MB"):
        files.attach([SimpleUploadedFile("a.pdf", b"%PDF-" + b"0" * 1024**2)], subject, by=None)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\foto.jpg", "foto.jpg"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ('<img src=x onerror="alert(1)">.png', "img src=x onerror=alert(1).png"),
        ("\x00", "archivo"),
        ("...", "archivo"),
        ("informe de la máquina.pdf", "informe de la máquina.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_only_data(name, clean):
    assert files.clean_name(name) == clean


def test_a_hostile_name_never_names_the_stored_file(subject):
    attachment = kept(SimpleUploadedFile("evil.pdf", b"%PDF-1.7"), subject)
    assert attachment.file.name.startswith("attachments/")
    assert "evil" not in attachment.file.name


def test_a_photo_loses_its_exif_and_stands_upright(subject):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[2] = (13.0, 31.0, 0.0)
    original = image(size=(64, 48), exif=exif.tobytes())
    assert b"Exif" in original.read()
    attachment = prepared(kept(original, subject))
    content = bytes_of(attachment.file)
    assert b"Exif" not in content
    picture = Image.open(io.BytesIO(content))
    assert (picture.format, picture.size, dict(picture.getexif())) == ("WEBP", (48, 64), {})
    assert attachment.state == AttachmentState.READY


def test_a_large_photo_shrinks_and_its_original_goes(subject):
    attachment = kept(image(size=(3000, 1500)), subject)
    original, storage = attachment.file.name, attachment.file.storage
    prepared(attachment)
    assert Image.open(io.BytesIO(bytes_of(attachment.file))).size == (2048, 1024)
    assert max(Image.open(io.BytesIO(bytes_of(attachment.thumbnail))).size) == 360
    assert storage.exists(original), "a backup under way may still need it"
    with clock.travel(clock.now() + files.KEPT_FOR_BACKUPS):
        jobs.work_off()
    assert not storage.exists(original)
    assert storage.exists(Attachment.objects.get().file.name)


def test_preparing_twice_changes_nothing(subject):
    attachment = prepared(kept(image(), subject))
    name = attachment.file.name
    assert prepared(attachment).file.name == name


def test_a_polyglot_is_made_anew_without_its_second_half(subject):
    poly = SimpleUploadedFile("a.jpg", image().read() + b"<script>alert(1)</script><?php system($_GET[0]); ?>")
    content = bytes_of(prepared(kept(poly, subject)).file)
    assert b"script" not in content
    assert b"php" not in content


def test_a_pixel_bomb_is_refused_unopened(subject):
    bomb = io.BytesIO()
    Image.new("1", (9000, 9000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000
    assert prepared(kept(SimpleUploadedFile("b.png", bomb.getvalue()), subject)).state == AttachmentState.REFUSED


@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff" + b"x" * 500, b"\x89PNG\r\n\x1a\n" + b"\x00" * 50], ids=["jpeg", "png"]
)
def test_what_only_begins_like_a_photo_is_refused(subject, content):
    assert prepared(kept(SimpleUploadedFile("a.jpg", content), subject)).state == AttachmentState.REFUSED


def test_the_worker_prepares_the_photo(subject, run_jobs):
    attachment = kept(image(), subject)
    assert attachment.state == AttachmentState.PENDING
    run_jobs()
    attachment.refresh_from_db()
    assert attachment.state == AttachmentState.READY


def test_a_rolled_back_upload_leaves_no_row_and_no_job(subject):
    @action
    def keep_and_refuse():
        kept(image(), subject)
        raise Refusal

    with pytest.raises(Refusal):
        keep_and_refuse()
    assert not Attachment.objects.exists()
    assert not Job.objects.exists()


def address(attachment, *, small=False):
    return f"/archivos/{attachment.pk}/{'miniatura/' if small else ''}"


def test_a_photo_is_shown_sealed(subject, open_to_ana, sign_in):
    attachment = prepared(kept(image("bomba rota.jpg"), subject))
    answer = sign_in(open_to_ana).get(address(attachment))
    assert answer["Content-Type"] == "image/webp"
    assert answer["Content-Disposition"] == 'inline; filename="bomba rota.webp"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "private" in answer["Cache-Control"]
    assert answer.getvalue()[8:12] == b"WEBP"


def test_a_document_is_downloaded_never_shown(subject, open_to_ana, sign_in):
    attachment = kept(SimpleUploadedFile("informe ñ.pdf", b"%PDF-1.7 x"), subject)
    answer = sign_in(open_to_ana).get(address(attachment))
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.getvalue() == b"%PDF-1.7 x"
    assert sign_in(open_to_ana).get(address(attachment, small=True)).status_code == 404


@pytest.mark.parametrize("small", [False, True])
def test_until_it_is_prepared_a_drawing_stands_in(subject, open_to_ana, sign_in, small):
    answer = sign_in(open_to_ana).get(address(kept(image(), subject), small=small))
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_refused_photo_is_not_found(subject, open_to_ana, sign_in):
    attachment = prepared(kept(SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"x" * 500), subject))
    assert sign_in(open_to_ana).get(address(attachment)).status_code == 404


def test_outside_its_scope_it_does_not_exist(subject, open_to_ana, sign_in, carla):
    attachment = prepared(kept(image(), subject))
    assert sign_in(carla).get(address(attachment)).status_code == 404
    with pytest.raises(NotFound):
        files.get_attachment(carla, uuid.uuid4())


def test_a_subject_that_no_room_answers_for_is_nobody_s(subject, ana):
    with pytest.raises(NotFound):
        files.get_attachment(ana, kept(image(), subject).pk)


def test_a_stranger_signs_in_first(subject, client):
    answer = client.get(address(kept(image(), subject)))
    assert answer.status_code == 302
    assert answer.url.startswith("/cuentas/ingresar/")
