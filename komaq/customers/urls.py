from django.urls import path

from komaq.customers.views import portal, register, staff, staff_contacts, staff_sites

app_name = "customers"
urlpatterns = [
    path("cuentas/registro/", register.register, name="register"),
    path("cuentas/espera/", register.waiting, name="waiting"),
    path("app/clientes/", staff.customer_list, name="list"),
    path("app/clientes/exportar/", staff.export, name="export"),
    path("app/clientes/nuevo/", staff.new, name="new"),
    path("app/clientes/<int:customer_id>/", staff.detail, name="detail"),
    path("app/clientes/<int:customer_id>/editar/", staff.edit, name="edit"),
    path("app/clientes/<int:customer_id>/contactos/nuevo/", staff_contacts.new, name="contact-new"),
    path("app/clientes/<int:customer_id>/contactos/invitar/", staff_contacts.invite, name="contact-invite"),
    path("app/contactos/<int:contact_id>/", staff_contacts.edit, name="contact-edit"),
    path("app/contactos/<int:contact_id>/terminar/", staff_contacts.end, name="contact-end"),
    path("app/contactos/<int:contact_id>/aprobar/", staff_contacts.approve, name="contact-approve"),
    path("app/contactos/<int:contact_id>/rechazar/", staff_contacts.refuse, name="contact-refuse"),
    path("app/clientes/<int:customer_id>/sedes/nueva/", staff_sites.new, name="site-new"),
    path("app/sedes/<int:site_id>/", staff_sites.edit, name="site-edit"),
    path("portal/empresa/", portal.company, name="portal-company"),
    path("portal/empresa/editar/", portal.company_edit, name="portal-company-edit"),
    path("portal/empresa/personas/", portal.people, name="portal-people"),
    path("portal/empresa/personas/invitar/", portal.invite, name="portal-invite"),
    path("portal/empresa/personas/<int:contact_id>/", portal.person, name="portal-person"),
    path("portal/empresa/personas/<int:contact_id>/terminar/", portal.end, name="portal-person-end"),
    path("portal/empresa/personas/<int:contact_id>/aprobar/", portal.approve, name="portal-person-approve"),
    path("portal/empresa/personas/<int:contact_id>/rechazar/", portal.refuse, name="portal-person-refuse"),
    path("portal/empresa/sedes/", portal.sites, name="portal-sites"),
    path("portal/empresa/sedes/nueva/", portal.site_new, name="portal-site-new"),
    path("portal/empresa/sedes/<int:site_id>/", portal.site_edit, name="portal-site-edit"),
    path("portal/cambiar-empresa/", portal.switch, name="switch"),
]
