"""Accounts as use cases: sign-up, sign-in, passwords, invitations, pictures of people."""
