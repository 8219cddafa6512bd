"""Production's settings, but that one program may ask as often as it can: else the limit would be measured."""

from komaq.config.settings.production import *  # noqa: F403  the same settings but for what stands here

API_PER_MINUTE = dict.fromkeys(("token", "address", "failed"), 10_000_000)
