"""A small network that reads figures: the second reader, trained here on drawn crops only.

``alphabet`` and ``inputs`` are used when reading; the other modules draw cells, train and
export, and need torch, Pillow and fonts, which reading does not.
"""
