"""Parses `CHAT_FILES_URL` without importing obstore."""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_EXAMPLE = "such as s3://bucket, s3://bucket/folder?region=eu-central-1 or s3://key:secret@bucket?endpoint=https://host"
_BUCKET = re.compile(r"[\w.-]{3,255}", re.ASCII)
_PREFIX = re.compile(r"([\w.-]+(/[\w.-]+)*)?", re.ASCII)
_OPTIONS = {"endpoint", "region"}


@dataclass(frozen=True, slots=True)
class BucketUrl:
    """The parts of the URL. The variables of AWS, such as `AWS_ACCESS_KEY_ID`, replace empty ones."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)

    def within(self, folder: str) -> "BucketUrl":
        """Return the same for a folder of it, or for itself if that is empty."""
        return replace(self, prefix="/".join(filter(None, (self.prefix, folder))))


def parse_bucket_url(url: str) -> BucketUrl:
    """Return the parts; raises `ValueError`, whose text doesn't contain the URL: there is a secret in it."""
    try:
        return _parse(url)
    except ValueError:
        raise ValueError(f"this is no URL of an S3 bucket, {_EXAMPLE}") from None


def _parse(url: str) -> BucketUrl:
    found = urlsplit(url)
    options = parse_qs(found.query, keep_blank_values=True, strict_parsing=bool(found.query))
    if found.scheme != "s3" or found.fragment or not options.keys() <= _OPTIONS:
        raise ValueError
    credentials, _, bucket = found.netloc.rpartition("@")
    key, colon, secret = credentials.partition(":")
    prefix, endpoint = unquote(found.path).strip("/"), options.get("endpoint", [""])[0]
    are_credentials = bool(key and secret) if credentials or colon else True
    is_path = _PREFIX.fullmatch(prefix) and not {".", ".."} & set(prefix.split("/"))
    if not (_BUCKET.fullmatch(bucket) and is_path and are_credentials and _is_endpoint(urlsplit(endpoint))):
        raise ValueError
    return BucketUrl(bucket, prefix, endpoint, options.get("region", [""])[0], unquote(key), unquote(secret))


def _is_endpoint(found: SplitResult) -> bool:
    is_empty = not any(found)
    has_more = found.username or found.query or found.fragment
    return is_empty or bool(found.scheme in {"http", "https"} and found.hostname and found.port != 0 and not has_more)
