from django.conf import settings
from django.urls import path

from komaq.core.views.landing import landing
from komaq.core.views.language import choose_language
from komaq.core.views.styleguide import styleguide

app_name = "core"
urlpatterns = [
    path("", landing, name="landing"),
    path("idioma/", choose_language, name="language"),
]
if settings.STYLEGUIDE:
    urlpatterns.append(path("estilo/", styleguide, name="styleguide"))
