"""The door: the command ``gouji``."""
