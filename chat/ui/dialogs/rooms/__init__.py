"""Dialogs about rooms."""
