"""The profile of a real installation; also what a command without a profile gets."""

from komaq.config.settings.base import *
