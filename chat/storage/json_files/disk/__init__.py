"""Files that survive a crash at any moment: atomic writes, journals, backups, the folder's lock."""
