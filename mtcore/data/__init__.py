"""Files in, tables out: each step and what stands around it has a folder of its own."""
