"""The screen where people decide what the machine would not."""
