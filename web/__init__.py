"""The reading application: what was kept, as pages to look at, from disk or live."""
