"""The domain, pure: values and functions without I/O, clock or environment."""
