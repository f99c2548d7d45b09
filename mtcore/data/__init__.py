"""Files in, tables out: reading, profile, library, splits, samples."""
