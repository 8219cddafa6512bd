"""All addresses. Each room writes its own in Spanish; code names them `room:name`."""

from django.urls import include, path

from komaq.config import docs, views
from komaq.config.api import api
from komaq.core.api.mount import addresses

urlpatterns = [
    path("", include("komaq.core.urls")),
    path("inicio/", views.start, name="start"),
    path("app/", views.inbox, name="inbox"),
    path("app/buscar/", views.search, name="search"),
    path("", include("komaq.accounts.urls")),
    path("", include("komaq.comms.urls")),
    path("", include("komaq.customers.urls")),
    path("", include("komaq.fleet.urls")),
    path("", include("komaq.parts.urls")),
    path("", include("komaq.orders.urls")),
    path("", include("komaq.supply.urls")),
    path("cuentas/", include("komaq.accounts.urls.sign_in")),
]
urlpatterns += [
    path("api/v1/docs", docs.docs, name="api-docs"),
    path("api/v1/openapi.json", docs.openapi, name="api-description"),
    path("api/v1/", include((addresses(api), "api"))),
]
handler400 = "komaq.core.views.errors.bad_request"
handler403 = "komaq.core.views.errors.forbidden"
handler404 = "komaq.core.views.errors.not_found"
handler500 = "komaq.core.views.errors.server_error"
