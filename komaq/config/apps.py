from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "komaq.config"
    label = "config"
