"""A file's bytes as records of text: unpacked, decoded and taken apart."""
