"""What people see and use: chat, source pages, server and command line."""
