"""Sensitivity: what moves a deal's figures, how far, and what it takes to turn them."""

from sibmodel.analysis.sensitivity.break_even import BreakEven, BreakEvens, break_evens
from sibmodel.analysis.sensitivity.drivers import Driver, beliefs_of, drivers_of, luck_of, percentiles
from sibmodel.analysis.sensitivity.reverse import Common, Reverse, reverse
from sibmodel.analysis.sensitivity.sobol import Index, Indices, first_order, indices, total_order
from sibmodel.analysis.sensitivity.stress import Stress, Stressed, applied, read_stresses, shipped, stressed
from sibmodel.analysis.sensitivity.tornado import LEVELS, Bar, Spider, Spoke, Tornado, among_paths, spiders
from sibmodel.analysis.sensitivity.two_way import TwoWay, two_way
from sibmodel.analysis.sensitivity.whole import BREACH, USUAL, Sensitivity, brief, goal_of, question_of, whole

__all__ = [
    "BREACH",
    "LEVELS",
    "USUAL",
    "Bar",
    "BreakEven",
    "BreakEvens",
    "Common",
    "Driver",
    "Index",
    "Indices",
    "Reverse",
    "Sensitivity",
    "Spider",
    "Spoke",
    "Stress",
    "Stressed",
    "Tornado",
    "TwoWay",
    "among_paths",
    "applied",
    "beliefs_of",
    "break_evens",
    "brief",
    "drivers_of",
    "first_order",
    "goal_of",
    "indices",
    "luck_of",
    "percentiles",
    "question_of",
    "read_stresses",
    "reverse",
    "shipped",
    "spiders",
    "stressed",
    "total_order",
    "two_way",
    "whole",
]
