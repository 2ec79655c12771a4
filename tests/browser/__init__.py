"""What people meet in a browser: the chat and the source pages, driven through Chromium."""
