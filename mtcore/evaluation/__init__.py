"""How good a head is: metrics, reports, baselines, verdicts."""
