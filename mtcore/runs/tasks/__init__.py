"""What workers run, and the command line in its own process.

Each task gets ids and plain data and ends with `home_root` and `tracking_uri`: the
home that the data sets are in and the store of the run, None for the default one.
Importing a task is light: the engine is imported when a task runs.
"""
