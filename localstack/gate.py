"""The local engine, with a gate that every call of a function goes through.

Started by `cargo xtask up` in place of `python -m ministack`, with the engine's environment. It adds what AWS does and the
engine does not (`conditions.py`, `streams.py`, `scanner.py`), and trouble as tests ask for it. Only calls of functions meet trouble:
those of the engine's root, of people and of carriers pass.

GET    /_gate/touched   by function, what it asked of the table: {function: {action: [partitions]}}
GET    /_gate/refused   calls that a role's policies refused; DELETE forgets them
POST   /_gate/faults    one fault (below); answers its id
GET    /_gate/faults    those that are set, with their hits
DELETE /_gate/faults    all, or ?id=…

A fault: {"answer": "throttle" | "refuse" | "unavailable" | "hang" | "lose", and as far as it is to be narrowed:
"function": "send-fax", "service": "dynamodb", "operation": "TransactWriteItems", "contains": text of the body,
"share": 0.2, "count": 50, "seconds": 20}. It ends by itself after two minutes. `lose` does what was asked and loses the answer.
"""

import asyncio
import itertools
import json
import re
import time
from urllib.parse import parse_qs

import conditions
import nested
import parsed
import scanner
import streams

LONGEST = 120
HANG = 30
CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/[^/]*/[^/]*/([^/]+)/aws4_request")
FIELDS = {"answer", "function", "service", "operation", "contains", "share", "count", "seconds"}
ANSWERS = {"throttle", "refuse", "unavailable", "hang", "lose"}


class Fault:
    def __init__(self, name, wish):
        unknown = set(wish) - FIELDS
        if unknown or wish.get("answer") not in ANSWERS:
            raise ValueError(f"unknown fields {sorted(unknown)}, or no answer of {sorted(ANSWERS)}")
        self.name, self.wish, self.hits, self.owed = name, wish, 0, 0.0
        self.until = time.monotonic() + min(float(wish.get("seconds", LONGEST)), LONGEST)

    def is_over(self):
        return time.monotonic() >= self.until or self.hits >= self.wish.get("count", float("inf"))

    def meets(self, call, body):
        """Whether this call is one of those that the fault is for; the share is kept evenly, not by chance."""
        wish = self.wish
        if self.is_over() or not all((
            "function" not in wish or (call["function"] or "").endswith("-" + wish["function"]),
            "service" not in wish or call["service"] == wish["service"],
            "operation" not in wish or call["operation"] == wish["operation"],
            "contains" not in wish or wish["contains"].encode() in body,
        )):
            return False
        self.owed += wish.get("share", 1.0)
        if self.owed < 1.0:
            return False
        self.owed -= 1.0
        self.hits += 1
        return True

    def shown(self):
        return {"id": self.name, "hits": self.hits, "over": self.is_over(), **self.wish}


def words(kind, call, body):
    """Status and body of a failure, as the service says it."""
    service = call["service"]
    if kind == "unavailable":
        return 503, {"__type": "ServiceUnavailable", "message": "Service is unavailable."}
    if kind == "refuse":
        return (403, "AccessDenied") if service == "s3" else (400, {"__type": "AccessDeniedException", "message": "refused by a fault"})
    if service == "s3":
        return 503, "SlowDown"
    if service == "dynamodb":
        request = conditions.read(body)
        if call["operation"] == "BatchGetItem":
            return 200, {"Responses": {}, "UnprocessedKeys": request["RequestItems"]}
        if call["operation"] == "BatchWriteItem":
            return 200, {"UnprocessedItems": request["RequestItems"]}
        prefix = "com.amazonaws.dynamodb.v20120810#"
        if call["operation"] == "TransactWriteItems":
            reasons = [{"Code": "ThrottlingError", "Message": "Throughput exceeds the current capacity of your table or index."}]
            reasons += [{"Code": "None"} for _ in request["TransactItems"][1:]]
            codes = ", ".join(reason["Code"] for reason in reasons)
            return 400, {"__type": prefix + "TransactionCanceledException", "CancellationReasons": reasons,
                         "Message": f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"}
        return 400, {"__type": prefix + "ProvisionedThroughputExceededException", "message": "The level of configured provisioned throughput for the table was exceeded."}
    kinds = {"sqs": "com.amazonaws.sqs#RequestThrottled", "ses": "TooManyRequestsException", "cognito-idp": "TooManyRequestsException"}
    return (429 if service == "ses" else 400), {"__type": kinds.get(service, "ThrottlingException"), "message": "Rate exceeded"}


class Gate:
    """An ASGI application in front of the engine's."""

    def __init__(self, engine, record):
        self.engine, self.record, self.faults, self.names = engine, record, [], itertools.count(1)

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.engine(scope, receive, send)
        if scope["path"].startswith("/_gate/"):
            return await self.speak(scope, receive, send)
        if not self.faults:
            return await self.engine(scope, receive, send)
        call = self.call(scope)
        if not call["function"]:
            return await self.engine(scope, receive, send)
        body = await collect(receive)
        fault = next((fault for fault in list(self.faults) if fault.meets(call, body)), None)
        if not fault:
            return await self.engine(scope, replay(body, receive), send)
        print(f"fault {fault.name} ({fault.wish['answer']}) for {call['function']}: {call['service']} {call['operation']}", flush=True)
        kind = fault.wish["answer"]
        if kind == "lose":
            await self.engine(scope, replay(body, receive), nowhere)
            kind = "unavailable"
        if kind == "hang":
            await asyncio.sleep(max(0.0, min(HANG, fault.until - time.monotonic())))
            kind = "unavailable"
        status, answer = words(kind, call, body)
        await reply(send, status, answer)

    @staticmethod
    def call(scope):
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        credential = CREDENTIAL.search(headers.get(b"authorization", ""))
        access_key, service = credential.groups() if credential else (None, None)
        return {"function": conditions.function_of(access_key), "service": service,
                "operation": headers.get(b"x-amz-target", "").rsplit(".", 1)[-1] or scope["method"]}

    async def speak(self, scope, receive, send):
        """The gate's own addresses."""
        self.faults = [fault for fault in self.faults if not fault.is_over()] if scope["method"] == "POST" else self.faults
        what, body = (scope["method"], scope["path"].removeprefix("/_gate/")), await collect(receive)
        if what == ("GET", "touched"):
            return await reply(send, 200, self.record.learned())
        if what == ("GET", "refused"):
            return await reply(send, 200, self.record.refused)
        if what == ("DELETE", "refused"):
            self.record.refused.clear()
            return await reply(send, 200, {})
        if what == ("GET", "faults"):
            return await reply(send, 200, [fault.shown() for fault in self.faults])
        if what == ("POST", "faults"):
            try:
                fault = Fault(f"fault-{next(self.names)}", json.loads(body))
            except (ValueError, TypeError) as error:
                return await reply(send, 422, {"error": str(error)})
            self.faults.append(fault)
            return await reply(send, 201, {"id": fault.name})
        if what == ("DELETE", "faults"):
            wanted = parse_qs(scope["query_string"].decode()).get("id", [None])[0]
            gone = [fault.shown() for fault in self.faults if wanted in (None, fault.name)]
            self.faults = [fault for fault in self.faults if wanted not in (None, fault.name)]
            return await reply(send, 200, gone)
        await reply(send, 404, {"error": "no such address of the gate"})


async def collect(receive):
    body = b""
    while True:
        part = await receive()
        body += part.get("body", b"")
        if part["type"] != "http.request" or not part.get("more_body"):
            return body


def replay(body, receive):
    """Gives a body that was read once more."""
    given = False

    async def again():
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def nowhere(_):
    """An answer that is lost."""


async def reply(send, status, answer):
    kind = b"application/json"
    if isinstance(answer, str):
        kind, data = b"application/xml", f"<Error><Code>{answer}</Code><Message>{answer}</Message></Error>".encode()
    else:
        data = json.dumps(answer).encode()
    headers = [(b"content-type", kind), (b"content-length", str(len(data)).encode())]
    if isinstance(answer, dict) and "__type" in answer:
        headers.append((b"x-amzn-errortype", answer["__type"].encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})


def main():
    import ministack.app as engine

    record = conditions.Record()
    conditions.install(record)
    nested.install()
    parsed.install()
    scanner.install()
    streams.install()
    engine.app = Gate(engine.app, record)
    engine.main()


if __name__ == "__main__":
    main()
