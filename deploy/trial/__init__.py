"""The shipped deployment, tried on loopback: `.venv/bin/python -m deploy.trial --help`."""
