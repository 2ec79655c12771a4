"""What people meet on somebody else's page: the widget, driven through Chromium."""
