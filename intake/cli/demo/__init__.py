"""The demonstration: `seed` fills an empty instance with the invented people of `patients`."""
