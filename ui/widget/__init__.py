"""The widget: one script that puts the chat into anybody's page, and the pages around it."""
