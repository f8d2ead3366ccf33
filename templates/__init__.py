"""The blank input workbooks and deal files, read with `importlib.resources.files("sibmodel.templates")`."""
