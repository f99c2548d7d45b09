"""How a table becomes numbers for a network: what is learned from training rows."""
