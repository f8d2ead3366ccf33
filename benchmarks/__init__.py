"""How fast the model is calculated, beside the loop that somebody would write by hand. Run: python -m benchmarks"""

import os

ONE_THREAD = "OPENBLAS_NUM_THREADS"
"""Set before NumPy is loaded: processor time is compared, and threads that wait for each other spend it on nothing."""
os.environ.setdefault(ONE_THREAD, "1")
