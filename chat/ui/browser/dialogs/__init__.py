"""In the browser: dialogs, their forms and suggestions."""
