"""Payment mechanisms, one file each. `PAYMENTS` is the list: to add one, add a file and a line here."""

from sibmodel.payments.common import CohortPayment, Payer, PaymentLines
from sibmodel.payments.threshold import PooledFallback, ThresholdPayment

PAYMENTS = (ThresholdPayment,)
"""Every kind of payment."""

Payment = ThresholdPayment
"""A payment in a deal file: a union over `PAYMENTS`, told apart by `kind`."""

__all__ = ["PAYMENTS", "CohortPayment", "Payer", "Payment", "PaymentLines", "PooledFallback", "ThresholdPayment"]
