"""The `komaq` command: Django's management commands, with the settings of the profile in KOMAQ_PROFILE."""

import os
import sys

from django.core.management import ManagementUtility
from django.core.management.base import CommandError

PROFILES = {"production", "demo", "test"}


def settings_module() -> str:
    profile = os.environ.get("KOMAQ_PROFILE", "production")
    if profile not in PROFILES:
        raise SystemExit(f"KOMAQ_PROFILE must be one of {', '.join(sorted(PROFILES))}, not {profile!r}.")
    return f"komaq.config.settings.{profile}"


def main() -> None:
    if sys.argv[1:2] == ["demo"]:
        os.environ["KOMAQ_PROFILE"] = "demo"
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module()
    try:
        ManagementUtility(["komaq", *sys.argv[1:]]).execute()
    except CommandError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
