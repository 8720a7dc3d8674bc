"""The version of Palyra that runs."""

from importlib.metadata import version

VERSION = version("palyra")
