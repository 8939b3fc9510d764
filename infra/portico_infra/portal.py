"""The portal's files as they are put into the bucket: what each is, and how long it holds."""

import hashlib
import json
from pathlib import Path

from .sources import Mistake

KINDS = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".json": "application/json", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8"}
FOR_EVER = "public, max-age=31536000, immutable"
ASKED_EACH_TIME = "no-cache"


def files(folder, api):
    """Key, body and headers of each file, the page last: when it comes, all that it names is there."""
    folder = Path(folder)
    if not (folder / "index.html").exists():
        raise Mistake(f"{folder} has no index.html: the portal is not built")
    paths = [path for path in folder.rglob("*") if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    made = []
    for path in sorted(paths, key=lambda path: (path.name == "index.html", str(path))):
        key = path.relative_to(folder).as_posix()
        if path.suffix not in KINDS:
            raise Mistake(f"the portal has a file of an unknown kind: {key}")
        body = path.read_bytes()
        if key == "config.json":
            body = json.dumps(json.loads(body) | {"api": api}).encode()
        # The names of what is built have a digest of the content.
        made.append((key, body, {"ContentType": KINDS[path.suffix], "CacheControl": FOR_EVER if key.startswith("assets/") else ASKED_EACH_TIME}))
    return made


def digest(folder):
    """Of what is put there."""
    made = hashlib.sha256()
    for key, body, _ in files(folder, ""):
        made.update(key.encode() + b"\0" + body)
    return made.hexdigest()


def put(client, bucket, folder, api):
    for key, body, headers in files(folder, api):
        client.put_object(Bucket=bucket, Key=key, Body=body, **headers)
