"""Asking: what may be asked of a deal, in words such as `mean npv` or `P(irr >= 5%) >= 80%`, and how it is answered."""

from sibmodel.analysis.asking.figures import CRUMB, Event, Figure, Kind, events, figures
from sibmodel.analysis.asking.statements import Question, Target, read_question, read_target
from sibmodel.analysis.asking.trials import Trials
from sibmodel.analysis.estimates import estimate

__all__ = [
    "CRUMB",
    "Event",
    "Figure",
    "Kind",
    "Question",
    "Target",
    "Trials",
    "estimate",
    "events",
    "figures",
    "read_question",
    "read_target",
]
