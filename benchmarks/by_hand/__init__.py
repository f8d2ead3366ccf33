"""The larger deal written by hand, as somebody would who has only this deal to calculate and wants it quick.

It is what the engines are measured against. Nothing here is read from recorded lines, so a change of the language or of
the model shows as a difference, and the benchmark stops.
"""
