"""The condition keys that AWS gives a request to DynamoDB and the local engine does not, and what followed from them.

`dynamodb:LeadingKeys` holds the partition keys that a request names (of an index, where one is queried), each item of a
transaction by itself; `dynamodb:Attributes` the attributes that it names. The engine's own evaluation of policies does the
rest: conditions, Deny before Allow, for the role of each function.
"""

import json
import re
import threading

EQUALS = re.compile(r"(#?\w+)\s*=\s*(:\w+)")
NAMES = re.compile(r"(?<![\w:#.])#?[A-Za-z_]\w*")
WORDS = {"set", "add", "remove", "delete", "and", "or", "not", "between", "in", "attribute_exists", "attribute_not_exists",
         "attribute_type", "begins_with", "contains", "size", "if_not_exists", "list_append"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem"}
# What AWS checks under one name.
SAME = {"sqs:SendMessageBatch": "sqs:SendMessage", "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility"}


def text(value):
    """A key's value as policies compare it."""
    return str(next(iter(value.values()))) if isinstance(value, dict) and value else ""


def leading(request, hash_key="pk"):
    """The partition keys of one request, or of one item of a transaction."""
    batches = request.get("RequestItems")
    if isinstance(batches, dict):
        found = []
        for wanted in batches.values():
            for item in wanted.get("Keys", []) if isinstance(wanted, dict) else wanted:
                item = item.get("PutRequest", {}).get("Item") or item.get("DeleteRequest", {}).get("Key") or item
                found.append(text(item.get(hash_key)))
        return found
    for name in ("Key", "Item"):
        if isinstance(request.get(name), dict):
            return [text(request[name].get(hash_key))]
    match = EQUALS.search(request.get("KeyConditionExpression") or "")
    if match:
        return [text(request.get("ExpressionAttributeValues", {}).get(match[2]))]
    return []


def attributes(request):
    """The top-level attributes that a request names; none for a read of everything."""
    aliases = request.get("ExpressionAttributeNames") or {}
    found = set()
    expressions = ["ProjectionExpression", "UpdateExpression"]
    if "UpdateExpression" in request or "Item" in request:
        expressions.append("ConditionExpression")
    for name in expressions:
        for word in NAMES.findall(request.get(name) or ""):
            if word.lower() not in WORDS:
                found.add(aliases.get(word, word))
    if "UpdateExpression" in request:
        found |= set(request.get("Key", {}))
    found |= set(request.get("Item", {}))
    return sorted(found | set(request.get("AttributesToGet") or []))


def keys_of(request):
    """The condition keys of a request."""
    context = {}
    if partitions := leading(request):
        context["dynamodb:LeadingKeys"] = partitions
    if names := attributes(request):
        context["dynamodb:Attributes"] = names
    select = request.get("Select")
    context["dynamodb:Select"] = select if isinstance(select, str) and select else "SPECIFIC_ATTRIBUTES" if names else "ALL_ATTRIBUTES"
    return context


def read(body):
    try:
        request = json.loads(body or b"{}")
    except (ValueError, TypeError):
        return {}
    return request if isinstance(request, dict) else {}


class Arn(str):
    """A table, with the condition keys of the one item of a transaction that is asked for."""
    keys = None


class Record:
    """Which function touched what, and what was refused."""

    def __init__(self):
        self.lock, self.touched, self.refused = threading.Lock(), set(), []

    def note(self, function, action, resource, context, denied):
        partitions = sorted({key.split("#")[0] + "#" if "#" in key else key for key in context.get("dynamodb:LeadingKeys", [])})
        where = ["index/" + resource.split("/index/")[1]] if "/index/" in resource else []
        with self.lock:
            for partition in partitions or ["*"] if action.startswith("dynamodb:") else []:
                self.touched.add((function, action, "/".join(where + [partition])))
            if denied:
                self.refused.append({"function": function, "action": action, "resource": resource, "partitions": partitions,
                                     "attributes": context.get("dynamodb:Attributes", [])})

    def learned(self):
        """By function and action, the partitions that it was seen to ask for."""
        with self.lock:
            seen = sorted(self.touched)
        answer = {}
        for function, action, partition in seen:
            answer.setdefault(function, {}).setdefault(action, []).append(partition)
        return answer


def function_of(access_key):
    """The function that the engine gave these credentials; none for anybody else."""
    from ministack.services import sts

    session = sts._sessions.get(access_key or "") or {}
    arn = session.get("Arn", "")
    return arn.rsplit("/", 1)[-1] if ":assumed-role/" in arn else None


def install(record):
    """Puts the condition keys into every request that the engine authorizes."""
    from ministack.core import iam_actions, iam_evaluator

    enforce, transaction = iam_evaluator.enforce, iam_actions._DYNAMODB_TRANSACT_ITEM_ACTIONS

    def checks(action, body, region, account):
        if action not in ("dynamodb:TransactWriteItems", "dynamodb:TransactGetItems"):
            return []
        found = []
        for item in read(body).get("TransactItems", []):
            for member, item_action in transaction.items():
                detail = item.get(member)
                if isinstance(detail, dict) and detail.get("TableName"):
                    arn = Arn(iam_actions._dynamodb_table_arn(detail["TableName"], region, account))
                    arn.keys = keys_of(detail)
                    found.append((item_action, arn))
        return found

    def enforced(access_key, action, service, region, resource_arn="*", service_context=None):
        action = SAME.get(action, action)
        context = {**(service_context or {}), **(getattr(resource_arn, "keys", None) or {})}
        denied = enforce(access_key, action, service, region, resource_arn=str(resource_arn), service_context=context)
        function = function_of(access_key)
        if function and (denied or service == "dynamodb"):
            record.note(function, action, str(resource_arn), context, denied)
        return denied

    iam_actions.dynamodb_service_context = lambda body: keys_of(read(body))
    iam_actions.dynamodb_transaction_checks = checks
    iam_evaluator.enforce = enforced
