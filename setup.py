"""The packages: all below sibmodel, and two folders at the top of the checkout. The rest is in setup.cfg."""

from setuptools import find_packages, setup

BESIDE = {"sibmodel.examples": "examples", "sibmodel.templates": "templates"}

setup(packages=[*find_packages(include=["sibmodel", "sibmodel.*"]), *BESIDE], package_dir=BESIDE)
