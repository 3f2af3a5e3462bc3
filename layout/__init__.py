"""Pixels → lattices. Knows no words: it finds where things are, never what they say."""
