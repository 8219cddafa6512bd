"""`komaq backup` and `komaq restore`: what comes back is what was there, and what is doubtful changes nothing."""

import gzip
import hashlib
import io
import json
import random
import resource
import sqlite3
import tarfile
from pathlib import Path

import pytest
from django.conf import settings as live
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from PIL import Image

from komaq.core import audit, files, jobs, mail, mute, sequences, trail, triggers
from komaq.core.action import action
from komaq.core.backup import archive, tables
from komaq.core.models import Attachment, AttachmentState, Event, EventPayload, Installation, OutgoingEmail, Sequence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]
AWKWARD = "Bomba ñandú \\ \\n \t tab\r\nline \\N \x0b\x0c\x08 «fin» 'q' \"d\" 🚜"


@action
def note(text, by):
    """A subject with an event, a number and a photo."""
    subject = Sequence.objects.create(prefix=sequences.take("N")[-6:], year=2030)
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "orange").save(photo, "JPEG")
    files.attach([SimpleUploadedFile("foto.jpg", photo.getvalue())], subject, by=by)
    return trail.record("tests.noted", subject, by=by, text=text, steps=[1, 2.5, None, True])


@pytest.fixture
def history(ana, carla):
    """Events with awkward texts, photos ready and waiting, a mail that waits, one payload erased."""
    made = [note(AWKWARD, ana), note("", ana), note("dos", carla)]
    jobs.work_off()
    made.append(note("cuatro", ana))
    EventPayload.objects.filter(pk=made[1].pk).update(data={}, salt="", erased_at=made[1].at)
    mail.queue(to="carla@andinos.test", subject="Hola", text=AWKWARD)
    gone = mail.queue(to="gone@andinos.test", subject="Gone", text="Hola")
    made[0].last_mail = gone.pk
    gone.delete()
    return made


@pytest.fixture
def backup(history, tmp_path):
    path = tmp_path / "komaq.tar"
    call_command("backup", str(path))
    return path


def restore(path, *options):
    call_command("restore", str(path), *options)


def contents(path):
    """What an archive holds, but for what differs by its moment and by being restored."""
    with path.open("rb") as file:
        found = {member.name: b"".join(member.content) for member in archive.members(file)}
    own = {archive.SUMS, archive.MANIFEST, archive.SEAL, "data/core_installation/000001.gz"}
    return {name: content for name, content in found.items() if name not in own}


def manifest_of(path):
    with path.open("rb") as file:
        return archive.verify(file)


def state():
    """All that a refused restoration must leave alone."""
    names = sorted(str(path) for path in Path(live.MEDIA_ROOT).rglob("*"))
    numbers = {model: model.objects.count() for model in (Event, Attachment, OutgoingEmail, get_user_model())}
    return names, numbers, audit.verify().summary, mute.is_mute(), triggers.missing()


def refused(path, match, *options):
    before = state()
    with pytest.raises(CommandError, match=match):
        restore(path, "--replace", *options)
    assert state() == before


def wreck():
    """Lose and change things after the backup."""
    note("lost with the restoration", None)
    Sequence.objects.update(last=77)
    for path in list(Path(live.MEDIA_ROOT).rglob("*")):
        if path.is_file():
            path.write_bytes(b"broken")
    OutgoingEmail.objects.all().delete()


def test_what_was_lost_comes_back_to_the_byte(history, ana, backup, tmp_path):
    wreck()
    restore(backup, "--replace")
    assert trail.history(Sequence.objects.get(prefix="000001")).get().payload.data["text"] == AWKWARD
    assert EventPayload.objects.get(pk=history[1].pk).data == {}
    assert triggers.missing() == []
    again = tmp_path / "again.tar"
    call_command("backup", str(again))
    assert contents(again) == contents(backup)
    assert manifest_of(again)["audit"] == manifest_of(backup)["audit"] == audit.verify().summary
    photo = Attachment.objects.filter(state=AttachmentState.READY).first()
    with photo.file.open("rb") as file:
        assert Image.open(file).format == "WEBP"
    numbers_go_on(history, ana)


def numbers_go_on(history, ana):
    """After the highest ever given, also where its row is gone."""
    assert mail.queue(to="x@komaq.test", subject="Hola", text="Hola").pk == history[0].last_mail + 1
    assert note("cinco", ana).pk > history[-1].pk
    assert action(sequences.take)("N").endswith("000006")
    assert audit.verify().broken is None


def test_a_restored_copy_is_mute_until_told(backup, mailoutbox, client, capsys):
    restore(backup, "--replace")
    assert "This copy is mute" in capsys.readouterr().out
    assert client.get("/readyz").content == b"ok, mute"
    row = OutgoingEmail.objects.get()
    jobs.work_off()
    mail.queue(to="omar@illapa.test", subject="Nueva", text="Hola")
    jobs.work_off()
    row.refresh_from_db()
    assert mailoutbox == []
    assert (row.state, row.attempts, row.error) == ("queued", 0, "")
    call_command("restore", "--unmute")
    call_command("restore", "--unmute")
    assert "2 wait for the worker" in capsys.readouterr().out
    jobs.work_off()
    assert sorted(message.subject for message in mailoutbox) == ["Hola", "Nueva"]
    assert client.get("/readyz").content == b"ok"


def test_the_manifest_counts_what_is_there(backup):
    manifest = manifest_of(backup)
    assert manifest["tables"]["core_event"]["rows"] == Event.objects.count()
    assert manifest["tables"]["core_eventpayload"]["rows"] == Event.objects.count()
    assert manifest["audit"] == audit.verify().summary
    assert manifest["files"]["wrong"] == 0
    assert manifest["files"]["number"] == 3 * 2 + 1
    assert "django_session" not in manifest["tables"]
    assert backup.stat().st_mode & 0o077 == 0


def test_common_tools_agree_with_the_checksums(backup):
    with tarfile.open(backup) as tar:
        sums = tar.extractfile("SHA256SUMS").read().decode().splitlines()
        for digest, name in (line.split("  ") for line in sums):
            assert hashlib.sha256(tar.extractfile(name).read()).hexdigest() == digest
        inside = tar.extractfile("data/core_event/000001.gz").read()
    assert gzip.decompress(inside).count(b"\n") == Event.objects.count()


def test_a_full_target_is_not_given_up_unasked(backup):
    before = state()
    with pytest.raises(CommandError, match="add --replace"):
        restore(backup)
    assert state() == before


def test_a_backup_is_not_overwritten_unasked(backup):
    content = backup.read_bytes()
    with pytest.raises(CommandError, match="add --force"):
        call_command("backup", str(backup))
    assert backup.read_bytes() == content
    call_command("backup", str(backup), "--force")
    assert contents(backup)


def test_a_missing_file_is_told_and_the_rest_is_saved(history, tmp_path, capsys):
    lost = Attachment.objects.filter(state=AttachmentState.READY).first()
    lost.file.storage.delete(lost.file.name)
    changed = Attachment.objects.filter(state=AttachmentState.READY).last()
    Path(changed.file.path).write_bytes(b"another")
    path = tmp_path / "komaq.tar"
    with pytest.raises(CommandError, match="The backup was written, but 2 files"):
        call_command("backup", str(path))
    told = " ".join(manifest_of(path)["files"]["examples"])
    assert f"{lost.file.name}: is missing" in told
    assert f"{changed.file.name}: is not the file that was uploaded" in told
    restore(path, "--verify")


def test_verify_only_looks(backup, capsys):
    before = state()
    restore(backup, "--verify")
    assert "is whole" in capsys.readouterr().out
    assert state() == before


def test_a_disk_that_is_full_leaves_nothing_behind(history, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, hard))
    try:
        with pytest.raises(CommandError, match="No backup was written"):
            call_command("backup", str(folder / "komaq.tar"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(folder.iterdir()) == []


def test_a_bit_flipped_anywhere_is_found(backup):
    """One bit in each block of 512 bytes: headers, contents, fillings, checksums, manifest, end."""
    whole = backup.read_bytes()
    dice = random.Random(336)  # noqa: S311
    unnoticed = []
    for start in range(0, len(whole), 512):
        place = start + dice.randrange(512)
        damaged = bytearray(whole)
        damaged[place] ^= 1 << dice.randrange(8)
        if not is_refused(backup, damaged):
            unnoticed.append(place)
    assert unnoticed == []


def is_refused(path, content):
    damaged = path.with_name("damaged.tar")
    damaged.write_bytes(content)
    try:
        manifest_of(damaged)
    except archive.BadArchive:
        return True
    return False


def test_a_backup_cut_short_or_prolonged_is_refused(backup):
    whole = backup.read_bytes()
    for content in (
        whole[:-1],
        whole[:-1024],
        whole[: len(whole) // 2],
        whole + b"x",
        whole + bytes(512),
        b"",
        b"x" * 9,
    ):
        assert is_refused(backup, content)


def test_a_damaged_backup_changes_nothing(backup):
    damaged = bytearray(backup.read_bytes())
    damaged[damaged.index(b"data/core_event/000001.gz") + 512 + 30] ^= 4
    backup.write_bytes(damaged)
    refused(backup, "data/core_event/000001.gz does not fit its checksum")


def forge(path, *, change=None, extra=(), said=None):
    """A backup whose checksums all fit, as somebody who means harm would write it."""
    manifest = manifest_of(path)
    with path.open("rb") as file:
        names = {archive.SUMS, archive.MANIFEST, archive.SEAL}
        found = {m.name: b"".join(m.content) for m in archive.members(file) if m.name not in names}
    found.update(extra)
    if change:
        change(found)
    if said:
        said(manifest)
    forged = path.with_name("forged.tar")
    with forged.open("wb") as file, archive.Writer(file) as writer:
        for name, content in sorted(found.items()):
            writer.add(name, len(content), [content])
        writer.finish(manifest)
    return forged


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/evil", "media/../../evil", "media//evil", "media/.restoring/x", "data/../x/000001.gz", "x"],
)
def test_a_name_that_leaves_its_place_is_refused(backup, name):
    refused(forge(backup, extra={name: b"evil"}), "has no place in a backup|stands in the wrong place")
    assert not list(backup.parent.rglob("evil"))


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (tarfile.SYMTYPE, "/etc/passwd"),
        (tarfile.LNKTYPE, "media/x"),
        (tarfile.CHRTYPE, ""),
        (tarfile.BLKTYPE, ""),
        (tarfile.FIFOTYPE, ""),
        (tarfile.DIRTYPE, ""),
        (tarfile.GNUTYPE_SPARSE, ""),
        (tarfile.GNUTYPE_LONGNAME, ""),
        (tarfile.XHDTYPE, ""),
    ],
)
def test_links_devices_and_folders_are_refused(backup, kind, target):
    info = tarfile.TarInfo("media/aa")
    info.type, info.linkname = kind, target
    backup.write_bytes(info.tobuf(tarfile.USTAR_FORMAT) + backup.read_bytes())
    refused(backup, "is a link, a device or a folder")


def rows_of(text):
    return gzip.compress(text, mtime=0)


def test_an_unknown_table_is_refused(backup):
    def said(manifest):
        manifest["tables"]["evil"] = {"columns": ["id"], "rows": 1, "pieces": 1, "last_number": None}

    refused(forge(backup, extra={"data/evil/000001.gz": rows_of(b"1\n")}, said=said), "other tables or columns")
    refused(forge(backup, extra={"data/evil/000001.gz": rows_of(b"1\n")}), "holds a table evil")


def test_an_unknown_column_is_refused(backup):
    def said(manifest):
        manifest["tables"]["core_event"]["columns"].append("evil")

    refused(forge(backup, said=said), "other tables or columns")


def test_a_bomb_is_bounded(backup):
    bomb = gzip.compress(b"\n" * (tables.LARGEST_PIECE + 1), 9)
    forged = forge(backup, extra={"data/core_event/000001.gz": bomb})
    refused(forged, "larger than it may be")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (b"1\n", "more or fewer values"),
        (b"\xff\xfe\n", "not text|more or fewer"),
        (b"no newline", "cut short"),
    ],
)
def test_rows_that_do_not_fit_change_nothing(backup, text, match):
    refused(forge(backup, extra={"data/core_event/000001.gz": rows_of(text)}), match)


def test_rows_that_point_to_nobody_change_nothing(backup):
    def change(found):
        del found["data/core_event/000001.gz"]

    def said(manifest):
        manifest["tables"]["core_event"]["rows"] = 0

    refused(forge(backup, change=change), "does not hold the rows")
    refused(forge(backup, change=change, said=said), "did not take")


def test_a_history_that_was_changed_in_the_archive_is_refused_or_accepted_knowingly(backup):
    def change(found):
        text = gzip.decompress(found["data/core_event/000001.gz"])
        found["data/core_event/000001.gz"] = rows_of(text.replace(b"tests.noted", b"tests.other", 1))

    forged = forge(backup, change=change)
    refused(forged, "history in the backup is broken at core.sequence")
    with pytest.raises(CommandError, match="Restored with a broken history"):
        restore(forged, "--replace", "--accept-broken-audit")
    assert Event.objects.filter(kind="tests.other").exists()


def test_a_history_without_its_end_does_not_fit_the_noted_head(backup):
    def cut(content):
        return rows_of(b"\n".join(gzip.decompress(content).split(b"\n")[:-2]) + b"\n")

    def change(found):
        for name in ("data/core_event/000001.gz", "data/core_eventpayload/000001.gz"):
            found[name] = cut(found[name])

    def said(manifest):
        for name in ("core_event", "core_eventpayload"):
            manifest["tables"][name]["rows"] -= 1

    refused(forge(backup, change=change, said=said), "not the one that its manifest names")


def test_a_newer_backup_is_refused(backup):
    refused(forge(backup, said=lambda m: m["migrations"]["core"].append("0999_later")), "newer than this program")
    refused(forge(backup, said=lambda m: m.update(format=2)), "format that this program does not know")
    refused(forge(backup, said=lambda m: m.pop("tables")), "manifest of the backup is not complete")


def test_an_older_backup_is_brought_up_to_date(backup, history):
    def said(manifest):
        kept = ["0001_initial", "0002_cache_table", "0003_kept_answers"]
        manifest["migrations"]["core"] = kept
        for table in later:
            del manifest["tables"][table]

    def change(found):
        for table in later:
            found.pop(f"data/{table}/000001.gz", None)

    later = ("core_installation", "core_exchangerate")
    restore(forge(backup, said=said, change=change), "--replace")
    assert Event.objects.count() == len(history)
    assert Installation.objects.get().restored_from
    assert triggers.missing() == []


def test_what_is_no_backup_is_said_to_be_none(db, tmp_path):
    path = tmp_path / "x.tar"
    for content in (b"", b"hello", json.dumps({}).encode() * 600):
        path.write_bytes(content)
        with pytest.raises(CommandError, match="Nothing was restored"):
            restore(path)
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        restore(tmp_path / "none.tar")
    with pytest.raises(CommandError, match="Give either an archive or --unmute"):
        call_command("restore")


def test_a_database_in_use_is_not_replaced(backup):
    """SQLite: a writer at work would go on writing into the old file."""
    if connection.vendor != "sqlite":
        return
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(CommandError, match="database is in use"):
            restore(backup, "--replace")
    finally:
        other.close()
    assert not mute.is_mute()
    assert len([path for path in Path(live.MEDIA_ROOT).rglob("*") if path.is_file()]) == 3 * 3 + 1
