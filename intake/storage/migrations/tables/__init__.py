"""The tables as the first revision creates them, by what they are about."""
