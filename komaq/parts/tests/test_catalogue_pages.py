"""The pages of the catalogue: found, read, written, linked and photographed by whoever may."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from komaq.core import jobs, trail
from komaq.core.files import attachments_of
from komaq.parts import actions
from komaq.parts.models import Holding, Part, PartLink

COST, PRICE = "61.37", "88.45"
FACTS = {
    "number": "1R-0751",
    "brand": "CAT",
    "name": "Filtro de aceite",
    "category": "filter",
    "grade": "original",
    "unit": "NIU",
    "price": "41.5",
    "minimum": "2",
    "maximum": "8",
    "description": "Rosca fina",
}


@pytest.fixture
def stocked(nico, store, van, oil_filter):
    """Ten of a part with price and cost, three of them reserved."""
    part = actions.change_part(part=oil_filter, version=1, price=Decimal(PRICE), category="filter", by=nico)
    actions.receive_stock(part=part, warehouse=store, quantity=Decimal(10), unit_cost=Decimal(COST), by=nico)
    actions.transfer_stock(part=part, warehouse=store, to=van, quantity=Decimal(2), by=nico)
    actions.reserve_stock(part=part, quantity=Decimal(3), source=store, need_by=None, by=nico)
    return part


def read(http, name, **kwargs):
    return http.get(reverse(name, kwargs=kwargs)).content.decode()


# Reading


def test_the_list_is_found_by_number_words_category_and_model(sign_in, nico, stocked, cat336):
    actions.create_part(brand="Esco", number="V39", name="Punta", category="ground_engaging", by=nico)
    actions.change_part(part=stocked, version=2, fits=[cat336.model], by=nico)
    http, address = sign_in(nico), reverse("parts:list")
    for query in (
        "?q=0750",
        "?q=1r0750",
        "?q=filtro+petroleo",
        "?category=filter",
        f"?model={cat336.model_id}",
        "?brand=cat",
    ):
        page = http.get(address + query).content.decode()
        assert "1R-0750" in page, query
        assert "V39" not in page, query
    assert "1R-0750" not in http.get(f"{address}?grade=economic").content.decode()


def test_what_is_at_its_minimum_and_what_is_out_of_use_are_lists_of_their_own(sign_in, nico, stocked):
    http, address = sign_in(nico), reverse("parts:list")
    assert "1R-0750" not in http.get(f"{address}?short=on").content.decode()
    part = actions.change_part(part=stocked, version=2, minimum=Decimal(7), by=nico)
    assert "1R-0750" in http.get(f"{address}?short=on").content.decode()
    actions.change_part(part=part, version=3, is_open=False, by=nico)
    assert "1R-0750" not in http.get(address).content.decode()
    assert "1R-0750" in http.get(f"{address}?closed=on").content.decode()


def test_a_filter_that_names_nothing_is_no_fault(sign_in, nico, stocked):
    http, address = sign_in(nico), reverse("parts:list")
    for query in (
        "?model=99999999999999999999",
        "?warehouse=x",
        "?grade=%00",
        "?q=%00",
        "?category=none",
        "?brand=%00",
    ):
        assert http.get(address + query).status_code == 200, query


@pytest.mark.parametrize(
    ("who", "sees_price", "sees_cost"),
    [("nico", True, True), ("lola", True, True), ("fina", True, True), ("gina", True, True), ("ana", True, False)],
)
def test_price_and_cost_by_role(request, sign_in, stocked, who, sees_price, sees_cost):
    http = sign_in(request.getfixturevalue(who))
    for text in (
        read(http, "parts:detail", part_id=stocked.pk),
        read(http, "parts:list"),
        http.get(reverse("parts:export")).getvalue().decode(),
    ):
        assert (PRICE in text, COST in text) == (sees_price, sees_cost)


def test_the_page_says_what_there_is_where_and_what_moved(sign_in, ana, stocked):
    page = read(sign_in(ana), "parts:detail", part_id=stocked.pk)
    assert "7 libres de 10" in page
    for words in ("Almacén central", "Camioneta 1", "Ingreso", "Traslado: salida"):
        assert words in page


def test_technicians_see_stock_and_no_money(sign_in, tito, stocked):
    http = sign_in(tito)
    found, page = http.get(reverse("parts:field-list"), {"q": "0750"}).content.decode(), None
    page = read(http, "parts:field-detail", part_id=stocked.pk)
    assert "1R-0750" in found
    assert "7 libres de 10" in page
    for text in (found, page):
        assert "S/" not in text
        assert PRICE not in text
        assert COST not in text


def test_a_label_leads_technicians_to_their_own_page(sign_in, tito, stocked):
    http = sign_in(tito)
    answer = http.get(stocked.get_absolute_url())
    assert (answer.status_code, answer.url) == (302, reverse("parts:field-detail", args=[stocked.pk]))
    assert http.get(reverse("parts:detail", args=[stocked.pk + 1])).status_code == 404
    assert http.get(reverse("parts:label", args=[stocked.pk])).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("carla", 404), ("alex", 403)])
def test_clients_and_system_administrators_have_no_catalogue(request, sign_in, stocked, who, status):
    http = sign_in(request.getfixturevalue(who))
    for name, args in (
        ("parts:list", []),
        ("parts:detail", [stocked.pk]),
        ("parts:pick", []),
        ("parts:field-list", []),
    ):
        assert http.get(reverse(name, args=args)).status_code == status, name


def test_the_export_is_the_filtered_list(sign_in, nico, stocked):
    actions.create_part(brand="Esco", number="V39", name="Punta", by=nico)
    http = sign_in(nico)
    text = http.get(reverse("parts:export"), {"q": "petroleo"}).getvalue().decode()
    assert "1R-0750" in text
    assert "V39" not in text
    answer = http.get(reverse("parts:export"), {"format": "xlsx"})
    assert answer.getvalue().startswith(b"PK")


def test_a_long_list_is_read_page_by_page(sign_in, nico):
    for number in range(60):
        actions.create_part(brand="CAT", number=f"N-{number:03}", name=f"Perno {number:03}", by=nico)
    http, address = sign_in(nico), reverse("parts:list")
    first = http.get(address).context["page"]
    second = http.get(address, {"cursor": first.next}).context["page"]
    assert len({each.pk for each in [*first.items, *second.items]}) == 60
    assert second.next is None


@pytest.mark.parametrize("who", ["nico", "tito"])
def test_the_search_over_everything_leads_to_the_part(request, sign_in, stocked, who):
    http = sign_in(request.getfixturevalue(who))
    page = http.get(reverse("search"), {"q": "12r 0750"}).content.decode()
    assert "1R-0750" not in page
    page = http.get(reverse("search"), {"q": "1r-0750"}).content.decode()
    target = reverse("parts:detail" if who == "nico" else "parts:field-detail", args=[stocked.pk])
    assert target in page
    assert http.get(target).status_code == 200


# Writing


def test_a_part_enters_the_catalogue(sign_in, nico, cat336):
    answer = sign_in(nico).post(reverse("parts:new"), FACTS | {"fits": [cat336.model_id]})
    part = Part.objects.get()
    assert answer.url == part.get_absolute_url()
    assert (part.number_key, part.price, part.minimum, part.maximum) == ("1R0751", Decimal("41.5"), 2, 8)
    assert [fit.model for fit in part.fits.all()] == [cat336.model]
    assert Holding.objects.get(part=part).quantity == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "--"}, "number"),
        ({"brand": ""}, "brand"),
        ({"name": "  "}, "name"),
        ({"maximum": "1"}, "maximum"),
        ({"price": "-1"}, "price"),
        ({"category": "none"}, "category"),
        ({"fits": ["99999999999999999999"]}, "fits"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(sign_in, nico, wrong, field):
    answer = sign_in(nico).post(reverse("parts:new"), FACTS | wrong)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Part.objects.exists()


def test_what_moved_keeps_the_unit_it_was_counted_in(sign_in, nico, oil_filter, store):
    http, address = sign_in(nico), reverse("parts:edit", args=[oil_filter.pk])
    written = {**FACTS, "number": "1R-0750", "is_open": "on"}
    http.post(address, written | {"unit": "SET", "version": "1"})
    assert Part.objects.get().unit == "SET"
    actions.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(1), unit_cost=Decimal(1), by=nico)
    answer = http.post(address, written | {"unit": "MTR", "version": "2"})
    assert answer.context["form"].errors["unit"] == [
        "La unidad no se puede cambiar: este repuesto ya tiene movimientos de stock."
    ]
    http.post(address, written | {"unit": "SET", "version": "2", "name": "Filtro nuevo"})
    assert (Part.objects.get().unit, Part.objects.get().name) == ("SET", "Filtro nuevo")


def test_the_same_number_of_the_same_brand_is_one_part(sign_in, nico, oil_filter):
    answer = sign_in(nico).post(reverse("parts:new"), FACTS | {"number": "1r 0750", "brand": "cat"})
    assert "number" in answer.context["form"].errors
    assert Part.objects.count() == 1


def test_a_change_meets_a_newer_one_and_loses_nothing(sign_in, nico, cat336):
    part = actions.create_part(
        by=nico, **{**FACTS, "price": None, "minimum": None, "maximum": None}, fits=[cat336.model]
    )
    actions.change_part(part=part, version=1, name="Filtro nuevo", by=nico)
    http, address = sign_in(nico), reverse("parts:edit", args=[part.pk])
    written = FACTS | {"version": "1", "is_open": "on", "fits": [cat336.model_id], "price": "50"}
    answer = http.post(address, written)
    assert answer.status_code == 409
    differing = {row["theirs"]: row["yours"] for row in answer.context["form"].conflicts}
    assert differing["Filtro nuevo"] == "Filtro de aceite"
    assert str([cat336.model]) not in differing
    assert Part.objects.get().name == "Filtro nuevo"
    again = answer.context["form"]["version"].value()
    assert http.post(address, written | {"version": again}).url == part.get_absolute_url()
    assert (Part.objects.get().name, Part.objects.get().price) == ("Filtro de aceite", 50)


@pytest.mark.parametrize("name", ["new", "edit", "link", "photo"])
@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("lola", 403), ("gina", 403), ("tito", 403), ("omar", 404)])
def test_only_logistics_writes(request, sign_in, oil_filter, name, who, status):
    http = sign_in(request.getfixturevalue(who))
    address = reverse(f"parts:{name}", args=[] if name == "new" else [oil_filter.pk])
    assert http.get(address).status_code == status
    assert http.post(address, FACTS | {"version": 1}).status_code == status
    assert Part.objects.get().version == 1


def test_parts_are_linked_both_ways_and_unlinked(sign_in, nico, oil_filter):
    other = actions.create_part(brand="Donaldson", number="P551313", name="Filtro", by=nico)
    http, address = sign_in(nico), reverse("parts:link", args=[oil_filter.pk])
    assert http.post(address, {"kind": "replaces", "other": other.pk}).url == oil_filter.get_absolute_url()
    link = PartLink.objects.get()
    assert (link.kind, link.part, link.other) == ("superseded_by", other, oil_filter)
    assert reverse("parts:detail", args=[other.pk]) in read(http, "parts:detail", part_id=oil_filter.pk)
    assert "Lo reemplaza un número nuevo" in read(http, "parts:detail", part_id=other.pk)
    answer = http.post(reverse("parts:unlink", args=[link.pk]), {"from": other.pk})
    assert answer.url == other.get_absolute_url()
    assert not PartLink.objects.exists()


def test_an_impossible_link_is_refused_in_words(sign_in, nico, oil_filter):
    http, address = sign_in(nico), reverse("parts:link", args=[oil_filter.pk])
    answer = http.post(address, {"kind": "equivalent", "other": oil_filter.pk})
    assert answer.context["form"].non_field_errors() or answer.context["form"].errors
    assert not PartLink.objects.exists()


@pytest.mark.parametrize("who", ["ana", "lola"])
def test_only_logistics_unlinks(request, sign_in, nico, oil_filter, who):
    other = actions.create_part(brand="Donaldson", number="P551313", name="Filtro", by=nico)
    link = actions.link_parts(part=oil_filter, other=other, kind="equivalent", by=nico)
    address = reverse("parts:unlink", args=[link.pk])
    assert sign_in(request.getfixturevalue(who)).post(address).status_code == 403
    assert PartLink.objects.exists()


# Photos


def picture(name="parte.png"):
    content = io.BytesIO()
    Image.new("RGB", (320, 240), "orange").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def test_the_newest_photo_is_shown_to_the_office_and_technicians_alone(sign_in, nico, tito, carla, alex, oil_filter):
    for name in ("uno.png", "dos.png"):
        sign_in(nico).post(reverse("parts:photo", args=[oil_filter.pk]), {"photo": picture(name)})
    jobs.work_off()
    newest = attachments_of(oil_filter).last()
    thumbnail = reverse("core:thumbnail", args=[newest.pk])
    assert thumbnail in read(sign_in(nico), "parts:detail", part_id=oil_filter.pk)
    assert thumbnail in read(sign_in(tito), "parts:field-detail", part_id=oil_filter.pk)
    for who, status in ((tito, 200), (carla, 404), (alex, 404)):
        answer = sign_in(who).get(thumbnail)
        assert (answer.status_code, bool(answer.getvalue())) == (status, True)
    assert [event.kind for event in trail.history(oil_filter)][-1] == "parts.part_photographed"


def test_what_is_no_photo_is_refused(sign_in, nico, oil_filter):
    paper = SimpleUploadedFile("ficha.pdf", b"%PDF-1.7 x", "application/pdf")
    answer = sign_in(nico).post(reverse("parts:photo", args=[oil_filter.pk]), {"photo": paper})
    assert "photo" in answer.context["form"].errors
    assert not attachments_of(oil_filter).exists()
