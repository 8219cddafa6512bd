from django.conf import settings
from django.urls import path

from komaq.core.views.files import file, thumbnail
from komaq.core.views.health import health, ready
from komaq.core.views.landing import landing
from komaq.core.views.language import choose_language
from komaq.core.views.styleguide import styleguide

app_name = "core"
urlpatterns = [
    path("", landing, name="landing"),
    path("archivos/<uuid:attachment_id>/", file, name="file"),
    path("archivos/<uuid:attachment_id>/miniatura/", thumbnail, name="thumbnail"),
    path("healthz", health, name="health"),
    path("readyz", ready, name="ready"),
    path("idioma/", choose_language, name="language"),
]
if settings.STYLEGUIDE:
    urlpatterns.append(path("estilo/", styleguide, name="styleguide"))
