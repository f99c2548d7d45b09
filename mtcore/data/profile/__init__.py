"""What every column of a data set holds."""
