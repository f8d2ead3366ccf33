"""Published figures, each with its source and status, and priors on the effect that are built from them.

One YAML file here is one source. `library` finds rows, `pooling` turns rows on effects into a prior, `priors` has those
that come with the package, and `pilots` what a pilot of one's own adds.
"""
