from django.urls import path

from komaq.parts.views import catalogue

app_name = "parts"
urlpatterns = [
    path("app/repuestos/", catalogue.part_list, name="list"),
    path("app/repuestos/elegir/", catalogue.pick, name="pick"),
    path("app/repuestos/<int:part_id>/", catalogue.detail, name="detail"),
]
