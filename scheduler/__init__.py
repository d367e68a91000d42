"""The only home of APScheduler: when pages are checked."""
