"""What keeps the clinic's data: accounts and their passwords, backups."""
