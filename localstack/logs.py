"""Prints what functions logged: `logs.py stack.json FUNCTION|all [--lines N] [--follow]`."""

import argparse
import json
import sys
import time
from pathlib import Path

import boto3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stack", type=Path)
    parser.add_argument("function")
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--follow", action="store_true")
    options = parser.parse_args()
    stack = json.loads(options.stack.read_text())
    client = boto3.client("logs", endpoint_url=stack["endpoint"], region_name=stack["region"],
                          aws_access_key_id=stack["accessKeyId"], aws_secret_access_key=stack["secretAccessKey"])
    groups = stack["logGroups"] if options.function == "all" else {options.function: stack["logGroups"][options.function]}

    def lines(since):
        found = []
        for name, group in groups.items():
            for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since):
                found += [(event["timestamp"], name, event["message"].rstrip()) for event in page["events"]]
        return sorted(found, key=lambda line: line[0])

    def show(found):
        for when, name, message in found:
            stamp = time.strftime("%H:%M:%S", time.localtime(when / 1000))
            print(f"{stamp} {name + ' ' if len(groups) > 1 else ''}{message}", flush=True)

    found = lines(0)
    show(found[-options.lines:])
    while options.follow:
        time.sleep(1)
        # The same millisecond may have had more lines than were there to be seen.
        since = found[-1][0] if found else 0
        last = [line for line in found if line[0] == since]
        found = [line for line in lines(since) if line not in last] or last
        show([line for line in found if line not in last])


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(0)
