"""From readings to figures: registration, checks and repair. Knows no pixels."""
