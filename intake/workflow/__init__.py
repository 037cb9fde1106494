"""What the clinic does, without HTTP and without forms."""
