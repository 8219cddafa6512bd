from komaq.parts.forms.picker import PartField, picked

__all__ = ["PartField", "picked"]
