"""The core of Branchboard: reads, builds, trains, judges and asks branched models."""
