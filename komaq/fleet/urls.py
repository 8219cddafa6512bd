from django.urls import path

from komaq.fleet.views import portal, staff

app_name = "fleet"
urlpatterns = [
    path("app/maquinas/", staff.machine_list, name="list"),
    path("app/maquinas/exportar/", staff.export, name="export"),
    path("app/maquinas/nueva/", staff.new, name="new"),
    path("app/maquinas/modelos/", staff.catalogue, name="models"),
    path("app/maquinas/<int:machine_id>/", staff.detail, name="detail"),
    path("app/maquinas/<int:machine_id>/editar/", staff.edit, name="edit"),
    path("app/maquinas/<int:machine_id>/trasladar/", staff.move, name="move"),
    path("app/maquinas/<int:machine_id>/horometro/", staff.reading, name="reading"),
    path("app/maquinas/<int:machine_id>/estado/", staff.status, name="status"),
    path("portal/maquinas/", portal.machine_list, name="portal-list"),
    path("portal/maquinas/nueva/", portal.new, name="portal-new"),
    path("portal/maquinas/<int:machine_id>/", portal.detail, name="portal-detail"),
    path("portal/maquinas/<int:machine_id>/horometro/", portal.reading, name="portal-reading"),
]
