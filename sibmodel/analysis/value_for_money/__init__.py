"""Value for money for the commissioner: the bill, what a true outcome costs, benefits by kind, net present value."""
