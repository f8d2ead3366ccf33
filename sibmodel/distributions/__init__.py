"""The distributions that a belief may have. Each is a few numbers, an expected value and a distribution function; a
simulation draws by its inverse. A new one is one class and one line in `Shapes`."""

from sibmodel.distributions.bell import WIDEST_LOG, LogReduction, Normal, StudentT
from sibmodel.distributions.bounded import Beta, Pert, Triangular, Uniform
from sibmodel.distributions.common import Distribution, Floats
from sibmodel.distributions.composed import SHAPES, Component, Mixture, Shapes, Truncated
from sibmodel.distributions.elicited import Between, Quantiles
from sibmodel.distributions.fitted import Fitted
from sibmodel.distributions.points import Discrete, Empirical, Event
from sibmodel.distributions.positive import Gamma, Lognormal

__all__ = [
    "SHAPES", "WIDEST_LOG",
    "Beta", "Between", "Component", "Discrete", "Distribution", "Empirical", "Event", "Fitted", "Floats", "Gamma",
    "LogReduction", "Lognormal", "Mixture", "Normal", "Pert", "Quantiles", "Shapes", "StudentT", "Triangular",
    "Truncated", "Uniform",
]  # fmt: skip
