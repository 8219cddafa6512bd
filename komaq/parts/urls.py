from django.urls import path

from komaq.parts.views import catalogue, field

app_name = "parts"
urlpatterns = [
    path("app/repuestos/", catalogue.part_list, name="list"),
    path("app/repuestos/exportar/", catalogue.export, name="export"),
    path("app/repuestos/nuevo/", catalogue.new, name="new"),
    path("app/repuestos/elegir/", catalogue.pick, name="pick"),
    path("app/repuestos/<int:part_id>/", catalogue.detail, name="detail"),
    path("app/repuestos/<int:part_id>/editar/", catalogue.edit, name="edit"),
    path("app/repuestos/<int:part_id>/vincular/", catalogue.link, name="link"),
    path("app/repuestos/<int:part_id>/foto/", catalogue.photo, name="photo"),
    path("app/repuestos/vinculos/<int:link_id>/quitar/", catalogue.unlink, name="unlink"),
    path("campo/repuestos/", field.part_list, name="field-list"),
    path("campo/repuestos/<int:part_id>/", field.detail, name="field-detail"),
]
