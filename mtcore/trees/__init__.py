"""Trees beside the network: grown by scikit-learn, kept and asked as plain arrays."""
