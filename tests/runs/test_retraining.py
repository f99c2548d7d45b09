"""What is said of a script that trained a run's experiment again by several seeds."""

from __future__ import annotations

from mtcore.runs.tasks.takeaways.retraining import told_of_seeds

SEEDS = [
    {"cost": 0.80, "fault": 0.50, "rare": None},
    {"cost": 0.84, "fault": 0.52, "rare": 0.1},
    {"cost": 0.82, "fault": 0.54, "rare": 0.2},
]  # mean and deviation: 0.82 and 0.02, 0.52 and 0.02


def test_a_run_within_two_deviations_of_the_seeds_is_said_to_be() -> None:
    told = told_of_seeds({"cost": 0.859, "fault": 0.481, "rare": 0.9}, SEEDS)
    assert "every head of the run is within two deviations of the 3 seeds" in told


def test_heads_further_than_two_deviations_are_named_with_their_figures() -> None:
    told = told_of_seeds({"cost": 0.861, "fault": 0.50, "rare": None}, SEEDS)
    assert "further than two deviations" in told
    assert "'cost' (0.861, not 0.82 ± 0.02)" in told
    assert "fault" not in told
