"""Backups: database and files in one checked archive that either engine can be restored from.

An archive is a plain tar of ordinary files: rows of tables in PostgreSQL's COPY text, gzipped in pieces; the private
files as they are; the checksums of both; the manifest. It holds data alone: what gives them shape, and what guards
them, comes from the program that restores it.
"""
