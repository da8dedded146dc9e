"""Pictures and types of files, through libraries."""
