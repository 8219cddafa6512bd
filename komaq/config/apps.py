from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "komaq.config"
    label = "config"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        autodiscover_modules("panels", "receivers")
