"""Views with nothing but the rows: one hand-written statement, its rows as HTML (or JSON), no middleware.

Each answers with the same rows as the page beside it. What a page costs above this is what the product adds:
session, roles, scope, menu, counts, translation, templates.
"""

import uuid
from html import escape

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

ORDERS = """
SELECT o.id, o.code, o.title, o.status, o.priority, o.due_at, c.trade_name, m.serial, k.brand, k.name, s.name
FROM orders_serviceorder o
JOIN customers_customer c ON c.id = o.customer_id
JOIN fleet_machine m ON m.id = o.machine_id
JOIN fleet_machinemodel k ON k.id = m.model_id
LEFT JOIN customers_site s ON s.id = o.site_id
"""
HISTORY = """
SELECT o.id, o.code, o.title, o.description, o.status, o.due_at, c.name, m.serial, e.kind, e.at, e.actor_id, p.data
FROM orders_serviceorder o
JOIN customers_customer c ON c.id = o.customer_id
JOIN fleet_machine m ON m.id = o.machine_id
LEFT JOIN core_event e ON e.subject_kind = 'orders.serviceorder' AND e.subject_id = CAST(o.id AS VARCHAR(40))
LEFT JOIN core_eventpayload p ON p.event_id = e.id
WHERE o.id = %s ORDER BY e.id DESC
"""
COLUMNS = (
    "code",
    "customer_id",
    "machine_id",
    "machine_described",
    "site_id",
    "place_described",
    "contact_id",
    "description",
    "priority",
    "status",
    "reason",
    "respond_by",
    "form_key",
    "asked_by_id",
    "created_at",
    "search",
)
MARKS = ", ".join(["%s"] * len(COLUMNS))
INSERT = f"INSERT INTO orders_servicerequest ({', '.join(COLUMNS)}) VALUES ({MARKS})"
SIGN_IN = (
    "<!doctype html><html><head><title>Komaq</title></head><body><form method=post>"
    "<label>Correo <input type=email name=login></label><label>Contraseña <input type=password name=password></label>"
    "<button>Entrar</button></form></body></html>"
)


def fetched(statement: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def answer(text: str) -> HttpResponse:
    return HttpResponse(text, headers={"Content-Length": len(text.encode())})


def table(rows: list[tuple]) -> HttpResponse:
    cells = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows)
    return answer("<!doctype html><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")


def picked(chosen: str, order: str, values: list) -> list[tuple]:
    """The rows whose keys `chosen` finds by an index alone: the plan that both engines run fastest."""
    keys = f"SELECT id FROM orders_serviceorder {chosen} ORDER BY {order.replace('o.', '')} LIMIT 51"
    return fetched(f"{ORDERS} WHERE o.id IN ({keys}) ORDER BY {order}", values)


def by_status(http: HttpRequest) -> HttpResponse:
    return table(picked("WHERE status = %s", "o.due_at, o.id", [http.GET["status"]]))


def by_customer(http: HttpRequest) -> HttpResponse:
    values = [http.GET["customer"], http.GET["status"]]
    return table(picked("WHERE customer_id = %s AND status = %s", "o.due_at, o.id", values))


def deep(http: HttpRequest) -> HttpResponse:
    return table(picked("WHERE id < %s", "o.id DESC", [http.GET["below"]]))


def found(http: HttpRequest) -> HttpResponse:
    """By the index that the engine has for words inside words."""
    words = http.GET["q"]
    if connection.vendor == "postgresql":
        return table(picked("WHERE search LIKE %s", "o.id DESC", [f"%{words}%"]))
    keys = "SELECT rowid FROM orders_serviceorder_words WHERE orders_serviceorder_words MATCH %s"
    return table(
        fetched(
            f"{ORDERS} WHERE o.id IN ({keys} ORDER BY rowid DESC LIMIT 51) ORDER BY o.id DESC",
            [f'"{words}"'],
        )
    )


def order(http: HttpRequest) -> HttpResponse:
    return table(fetched(HISTORY, [http.GET["id"]]))


def request_new(http: HttpRequest) -> HttpResponse:
    """One row in one transaction."""
    values = {name: http.POST.get(name) or None for name in COLUMNS}
    values |= {"form_key": uuid.uuid4().hex, "code": f"PISO-{uuid.uuid4().hex[:14]}"}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [values[name] or "" if name in TEXTS else values[name] for name in COLUMNS])
    return answer("ok")


TEXTS = {"machine_described", "place_described", "reason"}


def sign_in(http: HttpRequest) -> HttpResponse:
    return answer(SIGN_IN)


def api_orders(http: HttpRequest) -> HttpResponse:
    rows = picked("", "o.id DESC", [])
    names = ("id", "code", "title", "status", "priority", "due_at", "customer", "serial", "brand", "model", "site")
    response = JsonResponse({"items": [dict(zip(names, row, strict=True)) for row in rows]})
    response["Content-Length"] = len(response.content)
    return response


PART = """
SELECT p.id, p.brand, p.number, p.name, p.category, p.grade, p.price, h.quantity, h.value, w.name, s.on_hand, s.reserved
FROM parts_part p
JOIN parts_holding h ON h.part_id = p.id
LEFT JOIN parts_stock s ON s.part_id = p.id
LEFT JOIN parts_warehouse w ON w.id = s.warehouse_id
WHERE p.id = %s
"""
KARDEX = """
SELECT m.id, m.kind, m.quantity, m.value, m.on_hand_after, m.held_after, m.value_after, m.reason, m.at, w.name,
       e.given_names, e.surnames
FROM parts_stockmove m
JOIN parts_warehouse w ON w.id = m.warehouse_id
LEFT JOIN accounts_user u ON u.id = m.by_id
LEFT JOIN accounts_person e ON e.id = u.person_id
WHERE m.part_id = %s ORDER BY m.id DESC LIMIT 51
"""
PARTS = """
SELECT p.id, p.brand, p.number, p.name, p.category, p.grade, p.price, h.quantity, h.value,
       (SELECT SUM(s.on_hand - s.reserved) FROM parts_stock s WHERE s.part_id = p.id)
FROM parts_part p
JOIN parts_holding h ON h.part_id = p.id
WHERE p.is_open AND {found} ORDER BY p.sort_key, p.id LIMIT 51
"""
NEEDS = """
SELECT p.id, p.brand, p.number, p.name, n.wanted, n.first_day, o.price, o.currency, o.lead_days, s.trade_name
FROM (SELECT part_id, SUM(quantity) AS wanted, MIN(need_by) AS first_day FROM supply_partsneed
      WHERE state = 'open' GROUP BY part_id ORDER BY first_day, part_id LIMIT 51) n
JOIN parts_part p ON p.id = n.part_id
LEFT JOIN supply_supplierpart o ON o.id = (
    SELECT id FROM supply_supplierpart WHERE part_id = p.id ORDER BY price, id LIMIT 1)
LEFT JOIN supply_supplier s ON s.id = o.supplier_id
"""


def part(http: HttpRequest) -> HttpResponse:
    return table(fetched(PART, [http.GET["id"]]))


def kardex(http: HttpRequest) -> HttpResponse:
    return table(fetched(KARDEX, [http.GET["part"]]))


def parts(http: HttpRequest) -> HttpResponse:
    """By the index that the engine has for words inside words."""
    words = http.GET["q"].lower().split()
    if connection.vendor == "postgresql":
        found, values = " AND ".join(["p.search LIKE %s"] * len(words)), [f"%{word}%" for word in words]
    else:
        found = "p.id IN (SELECT rowid FROM parts_part_words WHERE parts_part_words MATCH %s)"
        values = [" ".join(f'"{word}"' for word in words)]
    return table(fetched(PARTS.format(found=found), values))


def needs(http: HttpRequest) -> HttpResponse:
    return table(fetched(NEEDS, []))


def api_stock(http: HttpRequest) -> HttpResponse:
    rows = fetched(PART, [http.GET["part"]])
    names = ("part", "brand", "number", "name", "category", "grade", "price", "held", "value", "place", "here", "kept")
    response = JsonResponse({"items": [dict(zip(names, row, strict=True)) for row in rows]})
    response["Content-Length"] = len(response.content)
    return response


urlpatterns = [
    path("part", part),
    path("kardex", kardex),
    path("parts", parts),
    path("needs", needs),
    path("api/stock", api_stock),
    path("status", by_status),
    path("customer", by_customer),
    path("deep", deep),
    path("found", found),
    path("order", order),
    path("request", request_new),
    path("sign-in", sign_in),
    path("api/orders", api_orders),
]
