"""Financial modelling of social impact bonds that reduce reoffending."""

__version__ = "0.1.0"
