"""Files in a bucket of an S3-compatible server. Only `CHAT_FILES_URL` imports obstore."""
