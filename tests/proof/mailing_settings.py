"""The suite's settings with real e-mail: the test database does not wait for its disk, which production refuses."""

from komaq.config.settings.test import *  # noqa: F403, TID251  the same settings but for what stands here

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
