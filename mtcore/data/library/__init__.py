"""The data sets of an installation, and how a file becomes one."""
