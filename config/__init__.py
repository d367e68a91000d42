"""Who watches what, and how: TOML read into frozen settings, and the shipped profiles and rules."""
