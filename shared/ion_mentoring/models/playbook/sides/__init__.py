"""The side of a matter that a person stands on: who criticises or is criticised, who dismisses or is dismissed."""
