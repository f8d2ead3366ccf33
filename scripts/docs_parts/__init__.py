"""The parts of README.md and docs/ that come from the package: what makes them, by kind."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
"""The top folder of the checkout."""
