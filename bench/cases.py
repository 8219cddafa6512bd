"""What is asked of one database: addresses, sessions and statements per request. Prints JSON for the runner.

python -m bench.cases PAGE…       (DATABASE_URL and KOMAQ_VAR say which database)
"""

import json
import os
import sys
import time
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "komaq.config.settings.production")

import django

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.pages import PAGES, STOCK
from komaq.accounts.actions import end_key, make_key
from komaq.accounts.models import AccessKey, Grant, User
from komaq.core.lists import _cursor
from komaq.customers.models import Contact, Customer
from komaq.fleet.models import Machine
from komaq.orders.models import ServiceOrder, ServiceRequest
from komaq.orders.views.staff_orders import SORTS
from komaq.parts.models import StockMove

SUPERVISOR, KEEPER = "supervisor@muestra.demo", "logistica@muestra.demo"
WORDS = "filtro aceite"
TURNS = 9
CSRF = "c" * 32


class World:
    """The rows that the calls name: the largest customer, orders in the middle of the history."""

    def __init__(self) -> None:
        self.staff = User.objects.get(email=SUPERVISOR)
        self.keeper = User.objects.get(email=KEEPER)
        self.customer = Customer.objects.order_by("pk").first()
        last = ServiceOrder.objects.order_by("-pk").first()
        middle = ServiceOrder.objects.filter(pk__lte=last.pk // 2, status="closed").order_by("-pk")
        self.order, self.cursor_row = middle[0], middle[1]
        self.client_user = User.objects.get(pk=Grant.objects.filter(customer_id=self.customer.pk).first().user_id)
        self.machine = Machine.objects.filter(customer=self.customer).first()
        self.contact = Contact.objects.filter(customer=self.customer).first()

    def session(self, user: User) -> tuple[Client, str]:
        http = Client(HTTP_HOST="127.0.0.1")
        http.force_login(user)
        http.cookies["csrftoken"] = CSRF
        return http, "; ".join(f"{name}={morsel.value}" for name, morsel in http.cookies.items())


def orders(**query: object) -> str:
    return f"{reverse('orders:list')}?{urlencode(query)}"


def calls(world: World) -> dict[str, tuple]:
    """By page: who asks, method, address, body, the floor's address and body."""
    customer, order = world.customer, world.order
    word = customer.trade_name.split()[0].lower()
    name = customer.search.split()[1]
    code, cursor = order.code, _cursor(world.cursor_row, SORTS["newest"])
    form = {
        "csrfmiddlewaretoken": CSRF,
        "form_key": "%KEY%",
        "machine": world.machine.pk,
        "contact": world.contact.pk,
        "priority": "normal",
        "description": "Botó aceite por el cilindro del balde.",
    }
    row = {
        "customer_id": customer.pk,
        "machine_id": world.machine.pk,
        "site_id": world.machine.site_id,
        "contact_id": world.contact.pk,
        "description": form["description"],
        "priority": "normal",
        "status": "pending",
        "respond_by": "2026-01-02 12:00:00",
        "created_at": "2026-01-01 12:00:00",
        "asked_by_id": world.client_user.pk,
        "search": ServiceRequest.objects.order_by("pk").first().search,
    }
    status = {"view": "all", "status": "closed"}
    found = name if len(name) >= 3 else word
    return {
        PAGES[0]: ("staff", "GET", orders(**status), "", "/status?status=closed", ""),
        PAGES[1]: (
            "staff",
            "GET",
            orders(**status, customer=customer.pk),
            "",
            f"/customer?status=closed&customer={customer.pk}",
            "",
        ),
        PAGES[2]: (
            "staff",
            "GET",
            orders(view="all", sort="newest", cursor=cursor),
            "",
            f"/deep?below={world.cursor_row.pk}",
            "",
        ),
        PAGES[3]: (
            "staff",
            "GET",
            orders(view="all", sort="newest", q=found),
            "",
            f"/found?{urlencode({'q': found})}",
            "",
        ),
        PAGES[4]: ("staff", "GET", orders(view="all", sort="newest", q=code), "", f"/found?q={code.lower()}", ""),
        PAGES[5]: ("staff", "GET", reverse("orders:detail", args=[order.pk]), "", f"/order?id={order.pk}", ""),
        PAGES[6]: (
            "client",
            "POST",
            reverse("orders:portal-request-new"),
            urlencode(form).replace("%25KEY%25", "%KEY%"),
            "/request",
            urlencode(row),
        ),
        PAGES[7]: ("nobody", "GET", reverse("account_login"), "", "/sign-in", ""),
        PAGES[8]: ("program", "GET", "/api/v1/orders?limit=50", "", "/api/orders", ""),
    }


def stock_calls(world: World) -> dict[str, tuple]:
    """The same of parts; the first of the catalogue moves most. Nothing where there are no parts."""
    part = StockMove.objects.order_by("part_id").values_list("part", "part__number_key").first()
    if part is None:
        return {}
    key, number = part
    found = reverse("parts:list")
    asked = {
        STOCK[0]: (reverse("parts:detail", args=[key]), f"/part?id={key}"),
        STOCK[1]: (reverse("parts:kardex", args=[key]), f"/kardex?part={key}"),
        STOCK[2]: (f"{found}?{urlencode({'q': number[2:8]})}", f"/parts?{urlencode({'q': number[2:8]})}"),
        STOCK[3]: (f"{found}?{urlencode({'q': WORDS})}", f"/parts?{urlencode({'q': WORDS})}"),
        STOCK[4]: (reverse("supply:needs"), "/needs"),
    }
    pages = {name: ("keeper", "GET", path, "", floor, "") for name, (path, floor) in asked.items()}
    return pages | {STOCK[5]: ("program", "GET", f"/api/v1/stock?part={key}", "", f"/api/stock?part={key}", "")}


def key_of(world: World) -> str:
    """A program's key of the supervisor; those of earlier runs are taken away."""
    for key in AccessKey.objects.filter(user=world.staff, ended_at=None):
        end_key(key=key, by=None)
    return make_key(user=world.staff, purpose="api", name="bench", by=None)[1]


def statements(http: Client, method: str, path: str, body: str, headers: dict) -> int:
    """Statements of one warm request; marks of transactions are not counted."""
    for attempt in (1, 2):
        with CaptureQueriesContext(connection) as captured:
            if method == "GET":
                response = http.get(path, headers=headers)
            else:
                data = body.replace("%KEY%", f"{attempt:032x}"[:24] + os.urandom(4).hex())
                response = http.post(path, data, content_type="application/x-www-form-urlencoded", headers=headers)
            response.getvalue()
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return sum(not each["sql"].startswith(marks) for each in captured)


def processor(http: Client, path: str, headers: dict) -> float:
    """Milliseconds of this processor for a page, the least of some: what else the machine does hardly counts."""
    took = []
    for _turn in range(TURNS):
        started = time.process_time()
        http.get(path, headers=headers).getvalue()
        took.append((time.process_time() - started) * 1000)
    return min(took)


def framed(path: str, cookie: str) -> dict:
    """The floor's view behind the product's own door."""
    return {"path": path, "method": "GET", "headers": {"Cookie": cookie}, "body": "", "expect": [200]}


def main(wanted: list[str]) -> None:
    world = World()
    seats = {
        "staff": world.session(world.staff),
        "keeper": world.session(world.keeper),
        "client": world.session(world.client_user),
        "nobody": (Client(HTTP_HOST="127.0.0.1"), ""),
        "program": (Client(HTTP_HOST="127.0.0.1"), ""),
    }
    told = []
    for page, (who, method, path, body, floor, floor_body) in (calls(world) | stock_calls(world)).items():
        if page not in wanted:
            continue
        http, cookie = seats[who]
        headers = {"Authorization": f"Bearer {key_of(world)}"} if who == "program" else {}
        told.append(
            {
                "page": page,
                "queries": statements(http, method, path, body, headers),
                "processor": processor(http, path, headers) if method == "GET" else None,
                "calls": [
                    {
                        "path": path,
                        "method": method,
                        "headers": headers | ({"Cookie": cookie} if cookie else {}),
                        "body": body,
                        "expect": [200] if method == "GET" else [302],
                    },
                    {"path": floor, "method": method, "headers": {}, "body": floor_body, "expect": [200]},
                    framed(floor, seats["staff"][1]) if method == "GET" else None,
                ],
            }
        )
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
