"""The only home of SQLite: what was fetched, what it said, and what changed."""
