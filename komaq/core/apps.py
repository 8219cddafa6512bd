from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "komaq.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from komaq.core import checks, deploy_checks, files, mail, once, search, triggers

        self.declares_jobs = (files, mail, once)
        self.declares_checks = (checks, deploy_checks)
        triggers.connect(self)
        search.connect(self)
