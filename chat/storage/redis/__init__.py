"""Stores in a Redis or Valkey engine. Only `CHAT_REDIS_URL` imports redis-py, which takes 11 MB and 0.4 s."""
