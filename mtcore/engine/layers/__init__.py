"""The network that is trained, layer by layer."""
