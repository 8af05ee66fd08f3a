"""The list of erasures: under keyed names, so that it can be gone through again after a backup was restored."""
