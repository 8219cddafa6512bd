"""What is asked, by the names of the tables: of databases that differ in orders, and of such that differ in moves."""

PAGES = (
    "orders by status",
    "orders by client and status",
    "orders, a deep page",
    "orders found by client",
    "orders found by code",
    "order",
    "request created",
    "sign-in",
    "API orders",
)
STOCK = (
    "part with its stock",
    "kardex of a busy part",
    "parts found by number",
    "parts found by words",
    "needs",
    "API availability",
)
SUBJECTS = {"orders": PAGES, "moves": STOCK}
