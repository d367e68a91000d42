"""How the database file is recognised: which program it belongs to, and which version of its tables it has."""

APPLICATION_ID = 0x676F7677
"""`govw` in ASCII, in the file's header (SQLite file format, offset 68)."""

SCHEMA_VERSION = 16
"""The number of migrations, kept as `user_version`."""
