"""`python -m sibmodel`: the command, where it is not on the path."""

from sibmodel.cli import main

if __name__ == "__main__":
    main(prog_name="sibmodel")
