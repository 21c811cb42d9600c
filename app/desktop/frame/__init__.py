"""The window around the pages: steps, cases, jobs, messages, menus and their dialogs."""
