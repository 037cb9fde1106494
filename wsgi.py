"""The WSGI entry: the application, nothing else."""

from intake import create_app

app = create_app()
