"""What every member of a family must keep to, whichever it is."""
