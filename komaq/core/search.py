"""Search text: one normalised, unaccented column per searchable thing, and a sort key for Spanish."""

import re
import unicodedata
from functools import lru_cache

from django.db import models
from django.db.models import QuerySet

SIGN = re.compile(r"[^0-9a-zñ]")


def fold(text: str) -> str:
    """Lower case without accents; ñ stays ñ."""
    kept = text.lower().replace("\0", " ").replace("ñ", "\0")
    plain = "".join(c for c in unicodedata.normalize("NFKD", kept).lower() if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", plain.replace("\0", "ñ")).strip()


def search_text(*parts: object) -> str:
    """What a thing is found by: its words folded, codes also without their punctuation."""
    known = [_words(str(part)) for part in parts if part]
    return " ".join(filter(None, [*(words for words, _bare in known), *(bare for _words, bare in known)]))[:1000]


@lru_cache(maxsize=4096)
def _words(part: str) -> tuple[str, str]:
    """The folded words of a part, and its codes without punctuation."""
    words = fold(part)
    return words, " ".join(SIGN.sub("", word) for word in words.split() if SIGN.search(word))


def sort_key(text: str) -> str:
    """A key that sorts as Spanish does: accents ignored, ñ after n."""
    return fold(text).replace("ñ", "n\uffff")[:200]


def matching(rows: QuerySet, words: str, column: str = "search") -> QuerySet:
    """The rows whose search text holds every word."""
    for word in fold(words).split()[:8]:
        bare = SIGN.sub("", word)
        rows = rows.filter(
            models.Q(**{f"{column}__contains": word}) | models.Q(**{f"{column}__contains": bare or word})
        )
    return rows
