from django.urls import path

from komaq.supply.views import pieces, prices, rates, suppliers

app_name = "supply"
urlpatterns = [
    path("app/proveedores/", suppliers.supplier_list, name="suppliers"),
    path("app/proveedores/exportar/", suppliers.export, name="suppliers-export"),
    path("app/proveedores/nuevo/", suppliers.new, name="supplier-new"),
    path("app/proveedores/<int:supplier_id>/", suppliers.detail, name="supplier"),
    path("app/proveedores/<int:supplier_id>/editar/", suppliers.edit, name="supplier-edit"),
    path("app/proveedores/<int:supplier_id>/contactos/nuevo/", pieces.contact_new, name="supplier-contact-new"),
    path("app/proveedores/<int:supplier_id>/cuentas/nueva/", pieces.account_new, name="account-new"),
    path("app/proveedores/<int:supplier_id>/documentos/nuevo/", pieces.paper_new, name="paper-new"),
    path("app/proveedores/<int:supplier_id>/repuestos/", prices.part_list, name="supplier-parts"),
    path("app/proveedores/<int:supplier_id>/repuestos/exportar/", prices.export, name="supplier-parts-export"),
    path("app/proveedores/<int:supplier_id>/repuestos/<int:part_id>/", prices.part_prices, name="part-prices"),
    path("app/proveedores/<int:supplier_id>/repuestos/<int:part_id>/quitar/", prices.stop, name="part-stop"),
    path("app/proveedores/<int:supplier_id>/precios/nuevo/", prices.note, name="price-new"),
    path("app/proveedores/<int:supplier_id>/cumplimiento/", prices.record, name="supplier-record"),
    path("app/contactos-de-proveedor/<int:supplier_contact_id>/", pieces.contact_edit, name="supplier-contact"),
    path(
        "app/contactos-de-proveedor/<int:supplier_contact_id>/terminar/",
        pieces.contact_end,
        name="supplier-contact-end",
    ),
    path("app/cuentas-de-proveedor/<int:account_id>/terminar/", pieces.account_end, name="account-end"),
    path("app/tipo-de-cambio/", rates.rates, name="rates"),
    path("app/tipo-de-cambio/exportar/", rates.export, name="rates-export"),
]
