"""Who reads personal records is on record (PRV-2), and its subject can see it."""

import datetime
import io
import zipfile

from komaq.accounts import actions
from komaq.accounts.models import AccessEntry
from komaq.core import clock, jobs


def deeds():
    return list(AccessEntry.objects.order_by("id").values_list("deed", flat=True))


def test_a_file_opened_twice_a_day_is_one_entry(sign_in, alex, clerk):
    client = sign_in(alex)
    for _time in range(2):
        client.get(f"/app/personas/{clerk.pk}/")
    entry = AccessEntry.objects.get()
    assert (entry.reader, entry.person, entry.deed) == (alex, clerk.person, "opened")


def test_searches_and_exports_are_noted_a_plain_list_is_not(sign_in, alex):
    client = sign_in(alex)
    client.get("/app/personas/")
    client.get("/app/personas/?q=tito")
    client.get("/app/personas/?q=ana")
    b"".join(client.get("/app/personas/exportar/").streaming_content)
    assert deeds() == ["searched", "exported"]


def test_ones_own_file_is_no_entry(sign_in, alex):
    sign_in(alex).get(f"/app/personas/{alex.person.employee.pk}/")
    assert deeds() == []


def test_the_person_sees_how_many_and_in_the_copy_who(sign_in, alex, gina, tito, clerk):
    for reader in (alex, gina):
        sign_in(reader).get(f"/app/personas/{clerk.pk}/")
    client = sign_in(tito)
    assert "2 personas de Komaq" in client.get("/cuentas/mis-datos/").content.decode()
    copy = zipfile.ZipFile(io.BytesIO(client.post("/cuentas/mis-datos/copia/").content))
    assert "Gina Torres,abrió la ficha" in copy.read("readers.csv").decode()


def test_after_two_years_it_is_dropped(alex, tito, run_jobs):
    jobs.load()
    with clock.travel(clock.now() - datetime.timedelta(days=731)):
        actions.note_reading(deed="opened", person=tito.person, by=alex)
    actions.note_reading(deed="opened", person=tito.person, by=alex)
    jobs.enqueue("accounts.forget_old_readings")
    run_jobs()
    assert AccessEntry.objects.get().on == clock.today()
