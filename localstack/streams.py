"""How AWS hands a table's stream to a function, where the local engine does it differently.

The engine takes a batch as done whatever the answer says. Here, as on AWS: the first record that `batchItemFailures` names
comes again with those behind it, a batch that fails as a whole is halved until the record is found that fails, and a
mapping with a batching window gathers for that long (two seconds at most: tests wait for it).
"""

import json
import threading
import time

LONGEST_WINDOW = 2.0


def place(record):
    return int(record["dynamodb"]["SequenceNumber"])


def first_failure(body, records):
    """How many records are done before the first one that the answer names."""
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            return len(records)
    failures = body.get("batchItemFailures") if isinstance(body, dict) else None
    named = {str(failure.get("itemIdentifier", "")) for failure in failures or []}
    for done, record in enumerate(records):
        if str(record["dynamodb"]["SequenceNumber"]) in named:
            return done
    return 0 if named else len(records)


def hand_over(run, records):
    """Runs the function over records; the last answer, and how many of them are done."""
    result = run(records)
    if not result.get("error"):
        return result, first_failure(result.get("body"), records)
    if len(records) == 1:
        return result, 0
    half = len(records) // 2
    result, done = hand_over(run, records[:half])
    if done < half:
        return result, done
    result, more = hand_over(run, records[half:])
    return result, half + more


def install():
    from ministack.services import lambda_svc as engine

    execute, poll = engine._execute_function, engine._poll_dynamodb_streams
    here, done_until = threading.local(), {}

    def executed(function, event):
        if not getattr(here, "polling", False):
            return execute(function, event)
        name = (function.get("config") or function).get("FunctionArn", "")
        here.ran.add((function.get("config") or function).get("FunctionName"))
        records = [record for record in event["Records"] if place(record) > done_until.get(name, -1)]
        if not records:
            return {"body": {}}
        result, done = hand_over(lambda some: execute(function, {"Records": some}), records)
        if done:
            done_until[name] = place(records[done - 1])
        if done == len(records):
            return result
        return {"error": True, "log": result.get("log", ""),
                "body": {"errorType": "Unfinished", "errorMessage": f"{len(records) - done} of {len(records)} records come again"}}

    def polled():
        here.polling, here.ran = True, set()
        try:
            return poll()
        finally:
            here.polling = False
            for account, region, mapping in engine._iter_all_esms():
                window = min(mapping.get("MaximumBatchingWindowInSeconds") or 0, LONGEST_WINDOW)
                if window and mapping.get("FunctionName") in here.ran and ":dynamodb:" in mapping.get("EventSourceArn", ""):
                    tokens = engine._request_account_id.set(account), engine._request_region.set(region)
                    engine._esm_backoff_until[mapping["UUID"]] = time.time() + window
                    engine._request_account_id.reset(tokens[0])
                    engine._request_region.reset(tokens[1])

    engine._execute_function, engine._poll_dynamodb_streams = executed, polled
