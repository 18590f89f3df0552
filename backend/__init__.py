"""Daysheet: a physician's office that keeps running when the network does not."""

VERSION = "2026.11.0"
