from django.urls import path

from komaq.parts.views import catalogue, field, kardex, moves, reservations, stock

app_name = "parts"
urlpatterns = [
    path("app/almacenes/", stock.warehouses, name="warehouses"),
    path("app/almacenes/nuevo/", stock.warehouse_new, name="warehouse-new"),
    path("app/almacenes/contar/", moves.count_where, name="count-where"),
    path("app/almacenes/existencias/", stock.stock_list, name="stock"),
    path("app/almacenes/existencias/exportar/", stock.stock_export, name="stock-export"),
    path("app/almacenes/ingreso/", moves.receive, name="receive"),
    path("app/almacenes/traslado/", moves.transfer, name="transfer"),
    path("app/almacenes/ajuste/", moves.adjust, name="adjust"),
    path("app/almacenes/reservas/", reservations.reservations, name="reservations"),
    path("app/almacenes/reservas/exportar/", reservations.reservations_export, name="reservations-export"),
    path("app/almacenes/reservas/apartar/", reservations.set_aside, name="set-aside"),
    path("app/almacenes/reservas/<int:reservation_id>/liberar/", reservations.free, name="reservation-free"),
    path("app/almacenes/<int:warehouse_id>/", stock.warehouse, name="warehouse"),
    path("app/almacenes/<int:warehouse_id>/exportar/", stock.warehouse_export, name="warehouse-export"),
    path("app/almacenes/<int:warehouse_id>/editar/", stock.warehouse_edit, name="warehouse-edit"),
    path("app/almacenes/<int:warehouse_id>/contar/", moves.count, name="count"),
    path("app/repuestos/<int:part_id>/kardex/", kardex.kardex, name="kardex"),
    path("app/repuestos/<int:part_id>/kardex/exportar/", kardex.kardex_export, name="kardex-export"),
    path("app/repuestos/<int:part_id>/etiqueta/", kardex.label, name="label"),
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
