from django.urls import path

from komaq.comms import views

app_name = "comms"
urlpatterns = [
    path("app/correos/", views.emails, name="emails"),
    path("app/correos/<int:email_id>/reintentar/", views.email_retry, name="email-retry"),
]
