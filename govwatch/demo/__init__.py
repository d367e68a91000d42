"""The demo: a replica of a government page on loopback, and a week and a half of its life in seconds."""
