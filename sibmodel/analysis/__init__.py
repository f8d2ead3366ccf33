"""Analysis: questions asked of a deal, each a function of it and a verb of the command."""
