from django.urls import path

from komaq.supply.views import suppliers

app_name = "supply"
urlpatterns = [
    path("app/proveedores/", suppliers.supplier_list, name="suppliers"),
    path("app/proveedores/exportar/", suppliers.export, name="suppliers-export"),
    path("app/proveedores/<int:supplier_id>/", suppliers.detail, name="supplier"),
]
