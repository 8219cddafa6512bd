"""Search text: one normalised, unaccented column per searchable thing, and a sort key for Spanish."""

import re
import unicodedata
from functools import lru_cache, reduce
from operator import or_

from django.db import connection, connections, models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.signals import post_migrate

SIGN = re.compile(r"[^0-9a-zñ]")
QUOTE = '"'
WORDS = "_words"
SHORTEST = 3
COMMON = 3_000
"""From so many rows on a word is common: reading the list in its order finds a page sooner than sorting them all."""

indexed: set[str] = set()


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
    """The rows whose search text holds every word; `column` may lie behind a relation.

    What is rare comes from the index of words, what is common from the list itself, read in its own order.
    """
    wanted = [{word, SIGN.sub("", word) or word} for word in fold(words).split()[:8]]
    relation, _dot, name = column.rpartition("__")
    table = _table_of(rows.model, relation)
    long = [word for word in wanted if min(map(len, word)) >= SHORTEST]
    if name == "search" and table in indexed and long and connections[rows.db].vendor == "sqlite":
        found = RawSQL(f"SELECT rowid FROM {table}{WORDS} WHERE {table}{WORDS} MATCH %s", [_match(long)])
        if _is_rare(rows.db, found):
            rows = rows.filter(**{f"{relation or 'pk'}__in": found})
            wanted = [word for word in wanted if word not in long]
    for word in wanted:
        rows = rows.filter(reduce(or_, (models.Q(**{f"{column}__contains": each}) for each in sorted(word))))
    return rows


def _table_of(model: type[models.Model], relation: str) -> str:
    for name in filter(None, relation.split("__")):
        model = model._meta.get_field(name).related_model
    return model._meta.db_table


def _match(words: list[set[str]]) -> str:
    """The words in the language of FTS5: each as it is or without its punctuation."""
    quoted = [[f'"{each.replace(QUOTE, QUOTE * 2)}"' for each in sorted(word)] for word in words]
    return " AND ".join(f"({' OR '.join(each)})" for each in quoted)


def _is_rare(using: str, found: RawSQL) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({found.sql} LIMIT {COMMON})", found.params)
        return cursor.fetchone()[0] < COMMON


# The index of words inside words


def index(table: str) -> None:
    """Let the column `search` of a table be found by any three signs in a row."""
    indexed.add(table)


def install(using: str = "default") -> None:
    """Put every declared index in place that is not there, filled."""
    database = connections[using]
    tables = set(database.introspection.table_names())
    with database.cursor() as cursor:
        lacking = _missing(cursor, database.vendor)
        for table in sorted(indexed & tables):
            if lacking.intersection(_names(table, database.vendor)):
                for statement in _statements(table, database.vendor):
                    cursor.execute(statement)


def lift(using: str = "default") -> None:
    """Take the indexes away while rows come in bulk; `install` brings them back."""
    database = connections[using]
    with database.cursor() as cursor:
        for table in sorted(indexed):
            for statement in _removal(table, database.vendor):
                cursor.execute(statement)


def missing() -> list[str]:
    """What the database lacks of the declared indexes."""
    with connection.cursor() as cursor:
        return sorted(_missing(cursor, connection.vendor))


def _missing(cursor: object, vendor: str) -> set[str]:
    query = "SELECT indexname FROM pg_indexes" if vendor == "postgresql" else "SELECT name FROM sqlite_master"
    cursor.execute(query)
    present = {row[0] for row in cursor.fetchall()}
    return {name for table in indexed for name in _names(table, vendor)} - present


def _names(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [f"{table}{WORDS}"]
    return [f"{table}{WORDS}", *(f"{table}{WORDS}_{event}" for event in ("insert", "update", "delete"))]


def _removal(table: str, vendor: str) -> list[str]:
    first, *others = _names(table, vendor)
    if vendor == "postgresql":
        return [f"DROP INDEX IF EXISTS {first}"]
    return [*(f"DROP TRIGGER IF EXISTS {name}" for name in others), f"DROP TABLE IF EXISTS {first}"]


def _statements(table: str, vendor: str) -> list[str]:
    """PostgreSQL: trigrams in a GIN index. SQLite: an FTS5 table of trigrams over the rows, kept by triggers."""
    if vendor == "postgresql":
        return [
            "CREATE EXTENSION IF NOT EXISTS pg_trgm",
            f"CREATE INDEX {table}{WORDS} ON {table} USING gin (search gin_trgm_ops)",
        ]
    words, insert, update, delete = _names(table, vendor)
    add = f"INSERT INTO {words} (rowid, search) VALUES (NEW.id, NEW.search);"
    drop = f"INSERT INTO {words} ({words}, rowid, search) VALUES ('delete', OLD.id, OLD.search);"
    return [
        *_removal(table, vendor),
        f"CREATE VIRTUAL TABLE {words} USING fts5(search, content='{table}', content_rowid='id', "
        "tokenize='trigram case_sensitive 1')",
        f"CREATE TRIGGER {insert} AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {update} AFTER UPDATE OF search ON {table} WHEN OLD.search <> NEW.search "
        f"BEGIN {drop} {add} END",
        f"CREATE TRIGGER {delete} AFTER DELETE ON {table} BEGIN {drop} END",
        f"INSERT INTO {words} ({words}) VALUES ('rebuild')",
    ]


def install_after_migrate(sender: object, using: str, **kwargs: object) -> None:
    install(using)


def connect(app: object) -> None:
    """Install after every migration: SQLite loses a table's triggers when the table is remade."""
    post_migrate.connect(install_after_migrate, sender=app, dispatch_uid="core.search")
