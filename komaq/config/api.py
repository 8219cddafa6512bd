"""The whole API: the doors of every room behind one gate."""

from komaq.accounts import api as accounts
from komaq.core.api.mount import make_api
from komaq.customers import api as customers
from komaq.fleet import api as fleet
from komaq.orders import api as orders
from komaq.parts import api as parts
from komaq.supply import api as supply

api = make_api(
    [*accounts.DOORS, *customers.DOORS, *fleet.DOORS, *parts.DOORS, *orders.DOORS, *supply.DOORS],
    title="Komaq Service API",
    version="1",
    description=(
        "The service orders of Komaq Service for programs: the same rules and the same rows as the pages. "
        "JSON in UTF-8; moments in ISO 8601 with offset; ids as strings; decimals as text. "
        "What is outside one's scope answers 404, what one's role may not do 403."
    ),
)
