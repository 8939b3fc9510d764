"""Simulated fax, print-and-mail and voice carriers: one process, three HTTP interfaces as commercial carriers offer them; and the
servers of systems that are notified.

Fax   POST /fax/v2/faxes       202, then signed call-backs: queued, sending, delivered or failed
      GET /fax/v2/received/{id}/media  the pages of a fax that came in for us
Mail  POST /mail/v1/letters    201
Voice POST /voice/v1/calls     201
Hooks POST /hooks/{name}       200, whoever it is
Tests POST /_script, GET /_sent, POST /_receive, POST /_reset, GET /_health (see README.md beside this file)
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import json
import re
import struct
import threading
import time
import uuid
from datetime import date, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

REASONS = {"busy", "no-answer", "line-error", "invalid-number", "rejected", "media-unavailable"}
NUMBER = re.compile(r"\+[1-9]\d{7,14}")
CALLBACK_ATTEMPTS = 8


class Refused(Exception):
    """An answer that is not a success."""

    def __init__(self, status, code, message, fields=None):
        super().__init__(message)
        self.status, self.body = status, {"error": {"code": code, "message": message, "fields": fields or []}}


def request(method, url, body=None, headers=None):
    """One HTTP exchange. Names under .localhost are this machine (RFC 6761); not every resolver knows."""
    parts = urlsplit(url)
    host = "127.0.0.1" if parts.hostname.endswith("localhost") else parts.hostname
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, parts.port, timeout=15)
    try:
        target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        connection.request(method, target, body=body, headers={"Host": parts.netloc, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def tiff_pages(data):
    """Number of pages of a TIFF; none if it is not one."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if not order or len(data) < 8 or struct.unpack_from(order + "H", data, 2)[0] != 42:
        return None
    pages, offset = 0, struct.unpack_from(order + "I", data, 4)[0]
    try:
        while offset and pages < 10_000:
            pages += 1
            entries = struct.unpack_from(order + "H", data, offset)[0]
            offset = struct.unpack_from(order + "I", data, offset + 2 + 12 * entries)[0]
    except struct.error:
        return None
    return pages


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Carriers:
    """What was accepted, what the tests scripted, and the work that follows."""

    def __init__(self, keys, store):
        self.keys, self.store = Path(keys), Path(store)
        self.lock = threading.RLock()
        self.reset()

    def reset(self):
        with self.lock:
            self.scripts, self.accepted, self.faxes, self.letters, self.calls, self.attempts = {}, {}, [], [], [], {}
            self.received, self.hooks = {}, []

    def key(self, name):
        """Read whenever it is needed: the engine makes new ones with every new stack."""
        try:
            return json.loads(self.keys.read_text())[name]
        except (OSError, ValueError, KeyError):
            raise Refused(503, "not-ready", "the stack has no keys yet") from None

    def authorize(self, carrier, header):
        known = self.key(carrier)
        # Several while keys are exchanged.
        for key in [known] if isinstance(known, str) else known:
            if hmac.compare_digest((header or "").encode(), f"Bearer {key}".encode()):
                return
        raise Refused(401, "unauthorized", "the API key is wrong")

    def script(self, body):
        unknown = set(body) - {"to", "outcomes", "duplicateCallbacks", "outOfOrder", "lateMs", "errors", "answerMs"}
        outcomes = body.get("outcomes", [])
        if unknown or "to" not in body or not set(outcomes) <= REASONS | {"delivered"}:
            raise Refused(422, "invalid", f"unknown fields {sorted(unknown)}, no `to`, or an outcome that is not `delivered` or one of {sorted(REASONS)}")
        with self.lock:
            self.scripts[body["to"]] = body | {"outcomes": list(outcomes), "errors": list(body.get("errors", []))}

    def disturb(self, to):
        """Scripted trouble before an answer: slowness, or a status such as 503."""
        with self.lock:
            script = self.scripts.get(to, {})
            status = script["errors"].pop(0) if script.get("errors") else None
        time.sleep(script.get("answerMs", 0) / 1000)
        if status:
            raise Refused(status, "scripted", "the script of this destination says so")

    def once(self, carrier, key, body, make):
        """The same Idempotency-Key gives the same answer, once; with another body it is a mistake of the caller."""
        if not key:
            raise Refused(422, "invalid", "Idempotency-Key is required", ["Idempotency-Key"])
        # A presigned address is signed anew for a retry: its query is no part of what is asked for.
        same = {name: value.partition("?")[0] if name in ("mediaUrl", "fileUrl") else value for name, value in body.items()}
        digest = hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()
        with self.lock:
            known = self.accepted.get((carrier, key))
            if known and known[0] != digest:
                raise Refused(409, "idempotency-conflict", "this Idempotency-Key came with another body before")
            if not known:
                known = self.accepted[carrier, key] = (digest, make())
            return known[1]

    def fax(self, body, key):
        wrong = [name for name in ("to", "from") if not NUMBER.fullmatch(str(body.get(name, "")))]
        wrong += [name for name in ("mediaUrl", "callbackUrl") if not str(body.get(name, "")).startswith(("http://", "https://"))]
        wrong += [] if body.get("clientReference") else ["clientReference"]
        if wrong:
            raise Refused(422, "invalid", "fields are missing or malformed", wrong)
        self.disturb(body["to"])

        def make():
            script = self.scripts.get(body["to"], {})
            outcome = script["outcomes"].pop(0) if script.get("outcomes") else "delivered"
            reference = body["clientReference"]
            self.attempts[reference] = self.attempts.get(reference, 0) + 1
            fax = {"id": f"fax_{uuid.uuid4().hex}", "to": body["to"], "from": body["from"], "clientReference": reference,
                   "attempt": self.attempts[reference], "status": "queued", "failureReason": None, "pages": None, "file": None,
                   "sha256": None, "acceptedAt": now(), "callbacks": []}
            self.faxes.append(fax)
            threading.Thread(target=self.transmit, args=(fax, dict(body), dict(script), outcome), daemon=True).start()
            return {"id": fax["id"], "status": "queued"}

        return self.once("fax", key, body, make)

    def transmit(self, fax, body, script, outcome):
        queued = self.event(fax, "queued")
        try:
            status, media = request("GET", body["mediaUrl"])
            fax["pages"] = tiff_pages(media) if status == 200 else None
        except OSError:
            status, media = None, b""
        if fax["pages"] is None:
            outcome = "media-unavailable"
        else:
            fax["file"], fax["sha256"] = self.keep("fax", f"{fax['id']}.tiff", media)
        sending = self.event(fax, "sending")
        final = self.event(fax, "delivered" if outcome == "delivered" else "failed", None if outcome == "delivered" else outcome)
        events = [final, queued, sending] if script.get("outOfOrder") else [queued, sending, final]
        for event in events:
            if event is final:
                time.sleep(script.get("lateMs", 0) / 1000)
                fax["status"], fax["failureReason"] = event["type"].removeprefix("fax."), event["failureReason"]
            for _ in range(2 if script.get("duplicateCallbacks") else 1):
                self.call_back(fax, body["callbackUrl"], event)

    def event(self, fax, kind, reason=None):
        return {"eventId": f"evt_{uuid.uuid4().hex}", "type": f"fax.{kind}", "faxId": fax["id"], "clientReference": fax["clientReference"],
                "occurredAt": now(), "pages": fax["pages"], "failureReason": reason, "attempt": fax["attempt"]}

    def call_back(self, fax, url, event, key=None):
        """Until it is taken (2xx), with growing pauses, a bounded number of times; with a wrong key once."""
        body = json.dumps(event, separators=(",", ":")).encode()
        for attempt in range(1 if key else CALLBACK_ATTEMPTS):
            stamp = str(int(time.time()))
            signature = hmac.new((key or self.key("faxreports")).encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
            headers = {"Content-Type": "application/json", "Fax-Signature": f"t={stamp},v1={signature}"}
            try:
                status = request("POST", url, body, headers)[0]
            except OSError as error:
                status = type(error).__name__
            fax["callbacks"].append({"eventId": event["eventId"], "type": event["type"], "answer": status})
            if isinstance(status, int) and 200 <= status < 300:
                return
            time.sleep(min(0.2 * 2**attempt, 5))

    def letter(self, body, key):
        to = body.get("to") if isinstance(body.get("to"), dict) else {}
        wrong = [] if to.get("name") else ["to.name"]
        wrong += [] if isinstance(to.get("lines"), list) and 1 <= len(to["lines"]) <= 5 and all(to["lines"]) else ["to.lines"]
        wrong += [] if str(body.get("fileUrl", "")).startswith(("http://", "https://")) else ["fileUrl"]
        wrong += [] if body.get("reference") else ["reference"]
        if wrong:
            raise Refused(422, "invalid", "fields are missing or malformed", wrong)
        self.disturb("mail")
        self.disturb(to["lines"][0])

        def make():
            try:
                status, data = request("GET", body["fileUrl"])
            except OSError:
                status, data = None, b""
            if status != 200 or not data.startswith(b"%PDF-"):
                raise Refused(422, "invalid", "fileUrl gives no PDF", ["fileUrl"])
            letter = {"id": f"ltr_{uuid.uuid4().hex}", "status": "accepted", "reference": body["reference"], "to": to, "acceptedAt": now()}
            letter["file"], letter["sha256"] = self.keep("mail", f"{letter['id']}.pdf", data)
            letter["expectedDelivery"] = (date.today() + timedelta(days=5)).isoformat()
            self.letters.append(letter)
            return {name: letter[name] for name in ("id", "status", "expectedDelivery")}

        return self.once("mail", key, body, make)

    def call(self, body, key):
        wrong = [] if NUMBER.fullmatch(str(body.get("to", ""))) else ["to"]
        wrong += [name for name in ("say", "reference") if not body.get(name)]
        if wrong:
            raise Refused(422, "invalid", "fields are missing or malformed", wrong)
        self.disturb(body["to"])

        def make():
            call = {"id": f"call_{uuid.uuid4().hex}", "status": "queued", "acceptedAt": now()}
            self.calls.append(call | {name: body[name] for name in ("to", "say", "reference")})
            return {name: call[name] for name in ("id", "status")}

        return self.once("voice", key, body, make)

    def receive(self, body):
        """Somebody faxes to one of our numbers: the pages are kept, and told of by a signed call-back until that is taken."""
        unknown = set(body) - {"to", "from", "media", "callbackUrl", "times", "key", "id"}
        try:
            media = base64.b64decode(body.get("media", ""), validate=True)
        except ValueError:
            media = b""
        wrong = [] if NUMBER.fullmatch(str(body.get("to", ""))) else ["to"]
        wrong += [] if media else ["media"]
        wrong += [] if str(body.get("callbackUrl", "")).startswith(("http://", "https://")) else ["callbackUrl"]
        if unknown or wrong:
            raise Refused(422, "invalid", f"unknown fields {sorted(unknown)}, or fields are missing or malformed", wrong)
        fax = {"id": body.get("id") or f"fax_{uuid.uuid4().hex}", "callbacks": []}
        with self.lock:
            self.received[fax["id"]] = media
        event = {"eventId": f"evt_{uuid.uuid4().hex}", "type": "fax.received", "faxId": fax["id"], "to": body["to"],
                 "from": body.get("from"), "receivedAt": now()}
        for _ in range(body.get("times", 1)):
            self.call_back(fax, body["callbackUrl"], event, body.get("key"))
        return fax

    def hook(self, name, headers, body):
        """A system's server gets a message; it is kept with what was answered."""
        message = {"to": name, "at": now(), "status": 200, "headers": {key.lower(): value for key, value in headers.items()}, "body": body}
        try:
            self.disturb(f"hooks/{name}")
        except Refused as refused:
            message["status"] = refused.status
            raise
        finally:
            with self.lock:
                self.hooks.append(message)

    def media(self, fax):
        with self.lock:
            if fax not in self.received:
                raise Refused(404, "not-found", "no such fax")
            return self.received[fax]

    def keep(self, carrier, name, data):
        folder = self.store / carrier
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        return str(folder / name), hashlib.sha256(data).hexdigest()

    def sent(self, query):
        wanted = query.get("reference", [None])[0]
        with self.lock:
            return {"faxes": [f for f in self.faxes if wanted in (None, f["clientReference"])],
                    "letters": [x for x in self.letters if wanted in (None, x["reference"])],
                    "calls": [x for x in self.calls if wanted in (None, x["reference"])],
                    "hooks": [x for x in self.hooks if wanted in (None, x["to"])]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    carriers: Carriers

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def give(self, data):
        self.send_response(200)
        self.send_header("Content-Type", "image/tiff")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path == "/_health":
            self.answer(200, {"carriers": ["fax", "mail", "voice"]})
        elif parts.path == "/_sent":
            self.answer(200, self.carriers.sent(parse_qs(parts.query)))
        elif pages := re.fullmatch("/fax/v2/received/([A-Za-z0-9_-]+)/media", parts.path):
            try:
                self.carriers.authorize("fax", self.headers.get("Authorization"))
                self.give(self.carriers.media(pages[1]))
            except Refused as refused:
                self.answer(refused.status, refused.body)
        else:
            self.answer(404, {"error": {"code": "not-found", "message": "no such resource"}})

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self.answer(*self.dispatch(urlsplit(self.path).path, raw))
        except Refused as refused:
            self.answer(refused.status, refused.body)

    def dispatch(self, path, raw):
        routes = {"/fax/v2/faxes": ("fax", self.carriers.fax, 202), "/mail/v1/letters": ("mail", self.carriers.letter, 201),
                  "/voice/v1/calls": ("voice", self.carriers.call, 201)}
        if path == "/_reset":
            self.carriers.reset()
            return 200, {}
        hook = re.fullmatch("/hooks/([A-Za-z0-9_-]+)", path)
        if path not in routes and path not in ("/_script", "/_receive") and not hook:
            raise Refused(404, "not-found", "no such resource")
        if path in routes:
            self.carriers.authorize(routes[path][0], self.headers.get("Authorization"))
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused(422, "invalid", "the body is no JSON object")
        if hook:
            self.carriers.hook(hook[1], self.headers, body)
            return 200, {}
        if path == "/_script":
            self.carriers.script(body)
            return 200, {}
        if path == "/_receive":
            return 200, self.carriers.receive(body)
        _, act, status = routes[path]
        return status, act(body, self.headers.get("Idempotency-Key"))

    def log_message(self, form, *words):
        print(f"{now()} {form % words}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=4599)
    parser.add_argument("--keys", required=True, help='JSON file {"fax": key, "faxreports": key, "mail": key, "voice": key}')
    parser.add_argument("--store", required=True, help="folder for what was transmitted")
    options = parser.parse_args()
    Handler.carriers = Carriers(options.keys, options.store)
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer(("127.0.0.1", options.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
