"""The demo's company: believable, in Spanish, the same every time, dated around today."""

from komaq.config.demo.build import build

__all__ = ["build"]
