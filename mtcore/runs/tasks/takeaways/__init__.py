"""What people take away from a run: files, and the check of its script."""
