"""Search text: one normalised, unaccented column per searchable thing, and a sort key for Spanish."""

import re
import unicodedata

from django.db import models
from django.db.models import QuerySet


def fold(text: str) -> str:
    """Lower case without accents; ñ stays ñ."""
    kept = text.lower().replace("\0", " ").replace("ñ", "\0")
    plain = "".join(c for c in unicodedata.normalize("NFKD", kept).lower() if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", plain.replace("\0", "ñ")).strip()


def search_text(*parts: object) -> str:
    """What a thing is found by: its words folded, codes also without their punctuation."""
    words = fold(" ".join(str(part) for part in parts if part))
    bare = " ".join(re.sub(r"[^0-9a-zñ]", "", word) for word in words.split() if re.search(r"[^0-9a-zñ]", word))
    return f"{words} {bare}".strip()[:1000]


def sort_key(text: str) -> str:
    """A key that sorts as Spanish does: accents ignored, ñ after n."""
    return fold(text).replace("ñ", "n\uffff")[:200]


def matching(rows: QuerySet, words: str, column: str = "search") -> QuerySet:
    """The rows whose search text holds every word."""
    for word in fold(words).split()[:8]:
        bare = re.sub(r"[^0-9a-zñ]", "", word)
        rows = rows.filter(
            models.Q(**{f"{column}__contains": word}) | models.Q(**{f"{column}__contains": bare or word})
        )
    return rows
