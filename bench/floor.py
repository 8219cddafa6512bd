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


def by_status(http: HttpRequest) -> HttpResponse:
    where = "WHERE o.status = %s ORDER BY o.due_at, o.id LIMIT 51"
    return table(fetched(ORDERS + where, [http.GET["status"]]))


def by_customer(http: HttpRequest) -> HttpResponse:
    where = "WHERE o.customer_id = %s AND o.status = %s ORDER BY o.due_at, o.id LIMIT 51"
    return table(fetched(ORDERS + where, [http.GET["customer"], http.GET["status"]]))


def deep(http: HttpRequest) -> HttpResponse:
    where = "WHERE o.id < %s ORDER BY o.id DESC LIMIT 51"
    return table(fetched(ORDERS + where, [http.GET["below"]]))


def found(http: HttpRequest) -> HttpResponse:
    """By the index that the engine has for words inside words."""
    where = "WHERE o.search LIKE %s ORDER BY o.id DESC LIMIT 51"
    values = [f"%{http.GET['q']}%"]
    if connection.vendor == "sqlite":
        within = "SELECT rowid FROM orders_serviceorder_words WHERE search LIKE %s"
        where = f"WHERE o.id IN ({within}) ORDER BY o.id DESC LIMIT 51"
    return table(fetched(ORDERS + where, values))


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
    rows = fetched(ORDERS + "ORDER BY o.id DESC LIMIT 51", [])
    names = ("id", "code", "title", "status", "priority", "due_at", "customer", "serial", "brand", "model", "site")
    response = JsonResponse({"items": [dict(zip(names, row, strict=True)) for row in rows]})
    response["Content-Length"] = len(response.content)
    return response


urlpatterns = [
    path("status", by_status),
    path("customer", by_customer),
    path("deep", deep),
    path("found", found),
    path("order", order),
    path("request", request_new),
    path("sign-in", sign_in),
    path("api/orders", api_orders),
]
