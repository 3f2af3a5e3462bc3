"""Crops to readings. This package knows no tables and no equations."""
