"""The version of the program, read from here by whatever builds it."""

VERSION = "0.1.0"
