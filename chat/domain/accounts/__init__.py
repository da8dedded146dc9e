"""Accounts and access: names, invitations, preferences, shared passwords."""
