"""Which rows train, choose and judge, and what they hold."""
