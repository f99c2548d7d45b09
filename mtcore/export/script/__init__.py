"""A script that does without us what a run did: read, train, answer."""
