"""The story itself: a document in, a report out."""
