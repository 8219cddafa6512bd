from komaq.orders.queries.calendar import Entry, calendar_entries, my_visits
from komaq.orders.queries.feed import feed_entries, feed_name
from komaq.orders.queries.history import events_of, history_of
from komaq.orders.queries.order import (
    documents_of,
    filter_orders,
    get_problem,
    get_service_type,
    machine_history,
    orders_near,
    problems_for,
    segments_of,
    service_types,
    similar_orders,
    visits_of,
)
from komaq.orders.queries.people import people_of, technicians_of
from komaq.orders.queries.places import order_url, request_url
from komaq.orders.queries.planning import absences_ahead, get_absence, technicians, technicians_for
from komaq.orders.queries.scope import (
    get_order,
    get_order_with_problems,
    get_request,
    get_request_to_decide,
    get_visit,
    orders_visible_to,
    requests_visible_to,
    visits_visible_to,
)
from komaq.orders.queries.steps import actors_for, progress_of, steps_open_to, visit_steps_open_to
from komaq.orders.queries.waiting import (
    orders_that_stand_still,
    orders_that_wait,
    orders_with_broken_promise,
    requests_made_by,
    requests_to_decide,
)

__all__ = [
    "Entry",
    "absences_ahead",
    "actors_for",
    "calendar_entries",
    "documents_of",
    "events_of",
    "feed_entries",
    "feed_name",
    "filter_orders",
    "get_absence",
    "get_order",
    "get_order_with_problems",
    "get_problem",
    "get_request",
    "get_request_to_decide",
    "get_service_type",
    "get_visit",
    "history_of",
    "machine_history",
    "my_visits",
    "order_url",
    "orders_near",
    "orders_that_stand_still",
    "orders_that_wait",
    "orders_visible_to",
    "orders_with_broken_promise",
    "people_of",
    "problems_for",
    "progress_of",
    "request_url",
    "requests_made_by",
    "requests_to_decide",
    "requests_visible_to",
    "segments_of",
    "service_types",
    "similar_orders",
    "steps_open_to",
    "technicians",
    "technicians_for",
    "technicians_of",
    "visit_steps_open_to",
    "visits_of",
    "visits_visible_to",
]
