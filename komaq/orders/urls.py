from django.urls import path

from komaq.orders.views import (
    calendar,
    feed,
    field,
    parts,
    portal,
    staff_absences,
    staff_order,
    staff_orders,
    staff_requests,
    staff_visits,
)

app_name = "orders"
staff = [
    path("app/solicitudes/", staff_requests.requests, name="requests"),
    path("app/solicitudes/<int:request_id>/", staff_requests.triage, name="request"),
    path("app/solicitudes/<int:request_id>/aceptar/", staff_requests.accept, name="request-accept"),
    path("app/solicitudes/<int:request_id>/rechazar/", staff_requests.reject, name="request-reject"),
    path("app/solicitudes/<int:request_id>/unir/", staff_requests.merge, name="request-merge"),
    path("app/ordenes/", staff_orders.orders, name="list"),
    path("app/ordenes/exportar/", staff_orders.export, name="export"),
    path("app/ordenes/nueva/", staff_orders.new, name="new"),
    path("app/ordenes/<int:order_id>/", staff_order.detail, name="detail"),
    path("app/ordenes/<int:order_id>/editar/", staff_orders.edit, name="edit"),
    path("app/ordenes/<int:order_id>/mover/", staff_order.move, name="move"),
    path("app/ordenes/<int:order_id>/trabajos/", staff_order.segment_add, name="segment-add"),
    path("app/ordenes/<int:order_id>/tareas/", staff_order.task_add, name="task-add"),
    path("app/ordenes/<int:order_id>/tareas/<int:task_id>/", staff_order.task_tick, name="task-tick"),
    path("app/ordenes/<int:order_id>/nota/", staff_order.note, name="note"),
    path("app/ordenes/<int:order_id>/documentos/", staff_order.document, name="document"),
    path("app/ordenes/<int:order_id>/repuestos/", parts.plan, name="part-plan"),
    path("app/ordenes/<int:order_id>/repuestos/reservar/", parts.cover, name="parts-cover"),
    path("app/ordenes/<int:order_id>/repuestos/<int:planned_id>/", parts.change, name="part-change"),
    path("app/ordenes/<int:order_id>/repuestos/<int:planned_id>/quitar/", parts.drop, name="part-drop"),
    path("app/ordenes/<int:order_id>/repuestos/<int:planned_id>/usar/", parts.use, name="part-use"),
    path("app/ordenes/<int:order_id>/repuestos/<int:planned_id>/devolver/", parts.give_back, name="part-return"),
    path("app/ordenes/<int:order_id>/visita/", staff_visits.plan, name="plan"),
    path("app/visitas/<int:visit_id>/", staff_visits.visit, name="visit"),
    path("app/visitas/<int:visit_id>/paso/", staff_visits.visit_step, name="visit-step"),
]
clients = [
    path("portal/", portal.home, name="portal-home"),
    path("portal/solicitar/", portal.request_new, name="portal-request-new"),
    path("portal/solicitudes/<int:request_id>/", portal.request_detail, name="portal-request"),
    path("portal/solicitudes/<int:request_id>/retirar/", portal.request_withdraw, name="portal-request-withdraw"),
    path("portal/pedidos/", portal.orders, name="portal-orders"),
    path("portal/pedidos/exportar/", portal.orders_export, name="portal-export"),
    path("portal/pedidos/<int:order_id>/", portal.order_detail, name="portal-order"),
    path("portal/pedidos/<int:order_id>/aceptar/", portal.accept, name="portal-accept"),
    path("portal/pedidos/<int:order_id>/cancelar/", portal.cancel, name="portal-cancel"),
]
technicians = [
    path("campo/", field.today, name="field-today"),
    path("campo/ordenes/<int:order_id>/", field.order, name="field-order"),
    path("campo/ordenes/<int:order_id>/mover/", field.move, name="field-move"),
    path("campo/ordenes/<int:order_id>/tareas/<int:task_id>/", field.task, name="field-task"),
    path("campo/ordenes/<int:order_id>/fotos/", field.photo, name="field-photo"),
    path("campo/ordenes/<int:order_id>/nota/", field.note, name="field-note"),
    path("campo/ordenes/<int:order_id>/repuestos/", parts.plan_in_field, name="field-part-plan"),
    path("campo/ordenes/<int:order_id>/repuestos/<int:planned_id>/usar/", parts.use_in_field, name="field-part-use"),
    path("campo/visitas/<int:visit_id>/paso/", field.visit_step, name="field-visit-step"),
]
calendars = [
    path("app/calendario/", calendar.staff, name="calendar"),
    path("app/ausencias/", staff_absences.absences, name="absences"),
    path("app/ausencias/terminar/", staff_absences.end, name="absence-end"),
    path("portal/calendario/", calendar.portal, name="portal-calendar"),
    path("campo/calendario/", calendar.field_calendar, name="field-calendar"),
    path("calendario/<str:token>.ics", feed.feed, name="feed"),
]
urlpatterns = [*staff, *clients, *technicians, *calendars]
