"""The nouns of Gouji: frozen values that every other package speaks in.

This package imports nothing of ours, and neither cv2, nor an inference engine, nor the web.
"""
