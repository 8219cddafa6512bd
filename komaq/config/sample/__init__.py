"""A large, believable history for measuring and for practice: the same for a seed and a day, written in bulk."""

from komaq.config.sample.build import is_empty, load

__all__ = ["is_empty", "load"]
