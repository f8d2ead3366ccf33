"""The example deals, read with `importlib.resources.files("sibmodel.examples")`."""
