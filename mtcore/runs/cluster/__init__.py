"""The workers: started, found again, asked by a task's name, and made room for."""
