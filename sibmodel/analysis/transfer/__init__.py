"""Risk transfer: the same deal as fee for service, as payment by results to providers, and as a bond; who pays what,
who bears what, and what moving the risk costs. METHOD 4 (docs/method.md)."""
