from django.urls import path

from komaq.accounts.views import areas, audit, keys, me, people, texts, users

app_name = "accounts"
urlpatterns = [
    path("cuentas/terminos/", texts.terms, name="terms"),
    path("cuentas/privacidad/", texts.privacy, name="privacy"),
    path("cuentas/mis-datos/", me.me, name="me"),
    path("cuentas/mis-datos/permiso/", me.consent, name="me-consent"),
    path("cuentas/mis-datos/sesiones/", me.end_sessions, name="me-sessions"),
    path("cuentas/mis-datos/copia/", me.export, name="me-export"),
    path("cuentas/mis-datos/llaves/", keys.keys, name="keys"),
    path("cuentas/mis-datos/llaves/<int:key_id>/quitar/", keys.end, name="key-end"),
    path("cuentas/mis-datos/borrar/", me.erase, name="me-erase"),
    path("app/personas/", people.people, name="people"),
    path("app/personas/exportar/", people.export, name="people-export"),
    path("app/personas/nueva/", people.hire, name="employee-new"),
    path("app/personas/<int:employee_id>/", people.employee, name="employee"),
    path("app/personas/<int:employee_id>/editar/", people.edit, name="employee-edit"),
    path("app/personas/<int:employee_id>/cambio/", people.position_change, name="position-change"),
    path("app/personas/<int:employee_id>/cambio/retirar/", people.withdraw_change, name="position-change-withdraw"),
    path("app/personas/<int:employee_id>/cese/", people.end, name="employee-end"),
    path("app/personas/<int:employee_id>/certificaciones/", people.certification, name="employee-certification"),
    path("app/personas/<int:employee_id>/invitar/", people.invite, name="employee-invite"),
    path("app/accesos/", users.users, name="users"),
    path("app/accesos/<int:user_id>/detener/", users.disable, name="user-disable"),
    path("app/accesos/<int:user_id>/permitir/", users.enable, name="user-enable"),
    path("app/areas/", areas.areas, name="areas"),
    path("app/areas/nueva/", areas.area_new, name="area-new"),
    path("app/areas/<int:area_id>/", areas.area_edit, name="area-edit"),
    path("app/cargos/nuevo/", areas.position_new, name="position-new"),
    path("app/cargos/<int:position_id>/", areas.position_edit, name="position-edit"),
    path("app/auditoria/", audit.audit, name="audit"),
]
