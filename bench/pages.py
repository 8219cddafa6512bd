"""What is asked, by the names of the table."""

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
