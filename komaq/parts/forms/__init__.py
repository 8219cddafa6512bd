from komaq.parts.forms.catalogue import REPLACES, LinkForm, PartChangeForm, PartForm, PhotoForm
from komaq.parts.forms.sheets import LINKS, PARTS, PartRow, names_of, part_rows

__all__ = [
    "LINKS",
    "PARTS",
    "REPLACES",
    "LinkForm",
    "PartChangeForm",
    "PartForm",
    "PartRow",
    "PhotoForm",
    "names_of",
    "part_rows",
]
