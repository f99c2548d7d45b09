"""What is filled in where an experiment does not say: heads, inputs, a recipe."""
