"""What any course needs, no subject in it."""
