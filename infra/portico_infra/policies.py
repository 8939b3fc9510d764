"""What a function may do, as the policies of its role.

The table is shut by partition: `dynamodb:LeadingKeys` holds a function to the kinds of item that its action names.
`Null` closes the gap that `ForAllValues` leaves, which is true of a call without keys.
"""

from .sources import Mistake, pascal

READ = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem"]
# The words of a source, and what each lets a function do with items of a partition.
TABLE = {
    "Reads": READ,
    "Writes": ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
    "Adds": ["dynamodb:PutItem"],
    "Changes": ["dynamodb:UpdateItem"],
    "Removes": ["dynamodb:DeleteItem"],
    # Many at once, by the one action that a batch has.
    "Clears": ["dynamodb:BatchWriteItem"],
}
# What happened, who looked, and the chains over both are never changed or removed; packs are applied by an operator and by the one function that does nothing else.
KEPT = ["AUDIT#*", "EVENT#*", "CHAIN#*"]
APPLIED = ["CONTRACT#*"]
TABLE_ARN = {"Ref": "TableArn"}


def allow(actions, resource, condition=None):
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def keys_of(name):
    """The partitions that a word of a source stands for: `CASE` for all of cases, `TRIES#pins` for a part of all tries, `AUDIT#cas_*` for
    what is said by its beginning; one in capitals with its own second part, as `AUDIT#OPERATIONS`, for itself."""
    return name if name.endswith("*") or "#" in name and name.isupper() else f"{name}#*"


def within(partitions):
    return {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": [keys_of(name) for name in partitions]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }


def table(spec, guarded, denied=APPLIED):
    """Statements on the table and its index, and those that refuse whatever else is said."""
    wanted = {word: list(spec.get(word, [])) for word in TABLE}
    if guarded and "USER" not in wanted["Reads"]:
        wanted["Reads"].insert(0, "USER")
    if guarded and "AUDIT" not in wanted["Adds"]:
        # Who is refused something goes on record, whatever the action is.
        wanted["Adds"].append("AUDIT")
    statements = [allow(TABLE[word], TABLE_ARN, within(names)) for word, names in wanted.items() if names]
    if guarded and "USER" not in wanted["Writes"]:
        # Moves the idle end of the caller's session, and nothing else.
        attributes = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "idleUntil"]}}
        ours = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["USER#*"]}, "Null": {"dynamodb:LeadingKeys": "false"}}
        statements.append(allow(["dynamodb:UpdateItem"], TABLE_ARN, ours | attributes))
    if spec.get("Index"):
        index = {"Fn::Sub": "${TableArn}/index/work"}
        statements.append(allow(["dynamodb:Query"], index, within(spec["Index"])))
    if not statements:
        return []
    any_of = lambda keys: {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": keys}}
    denied = denied and [keys for keys in denied if keys not in map(keys_of, wanted["Writes"])]
    applied = [{"Effect": "Deny", "Action": TABLE["Writes"], "Resource": TABLE_ARN, "Condition": any_of(denied)}] if denied else []
    return statements + [
        {"Effect": "Deny", "Action": ["dynamodb:UpdateItem", "dynamodb:DeleteItem"], "Resource": TABLE_ARN, "Condition": any_of(KEPT)},
        *applied,
        # SQL, batches and whole-table reads would pass by the partitions, of the table and of its index.
        {"Effect": "Deny", "Action": ["dynamodb:PartiQL*", "dynamodb:Scan"] + ([] if spec.get("Clears") else TABLE["Clears"]),
         "Resource": {"Fn::Sub": "${TableArn}*"}},
    ]


def keys(statements, uses):
    """The data keys that go with what is used, each through its one service."""
    wanted = {}
    if statements:
        wanted["TableKeyArn"] = "dynamodb"
    for use in uses:
        wanted |= use.get("Keys", {})
    result = []
    for key, service in wanted.items():
        via = {"StringEquals": {"kms:ViaService": {"Fn::Sub": f"{service}.${{AWS::Region}}.${{AWS::URLSuffix}}"}}}
        actions = ["kms:Decrypt"] if service == "secretsmanager" else ["kms:Decrypt", "kms:GenerateDataKey"]
        result.append(allow(actions, {"Ref": key}, via))
    return result


def operator(spec, known_uses):
    """The managed policy of whoever runs the operator's program: packs are applied with it, the record is kept from it too."""
    data = table(spec, False, denied=None)
    uses = [known_uses[use] for use in spec["Uses"]]
    statements = data + keys(data, uses) + [one for use in uses for one in use["Statements"]] + spec["Statements"]
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": {
        "ManagedPolicyName": {"Fn::Sub": "${Prefix}-operator-${AWS::Region}"}, "Description": spec["Why"],
        "PolicyDocument": {"Version": "2012-10-17", "Statement": together(statements)}}}


def together(statements):
    """What is allowed on the same thing under the same condition stands in one statement: a managed policy has little room."""
    made = []
    for one in statements:
        alike = lambda other: all(other.get(word) == one.get(word) for word in ("Effect", "Resource", "Condition"))
        if (before := next(filter(alike, made), None)) is None:
            made.append(one)
            continue
        actions = [word if isinstance(word, list) else [word] for word in (before["Action"], one["Action"])]
        made[made.index(before)] = before | {"Action": list(dict.fromkeys(actions[0] + actions[1]))}
    return made


def role(name, spec, known_uses, guarded):
    """The inline policies of a function's role."""
    for use in spec.get("Uses", []):
        if use not in known_uses:
            raise Mistake(f"{name} uses {use}, which uses.yaml does not have")
    uses = [known_uses[use] for use in spec.get("Uses", [])]
    logs = allow(["logs:CreateLogStream", "logs:PutLogEvents"], {"Fn::GetAtt": [pascal(name) + "Log", "Arn"]})
    data = table(spec, guarded)
    policies = {"logs": [logs], "table": data, "keys": keys(data, uses)}
    policies |= {use: known_uses[use]["Statements"] for use in spec.get("Uses", [])}
    if "Queue" in spec:
        queue = pascal(spec["Queue"]["Name"])
        receive = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]
        # What can never succeed is put aside by the worker itself; a file that is not done is sent on.
        policies["queue"] = [allow(receive, {"Ref": f"{queue}QueueArn"})]
        policies["queue"].append(allow(["sqs:SendMessage"], [{"Ref": f"{queue}DeadLettersArn"}, {"Ref": f"{queue}QueueArn"}]))
    if "Stream" in spec:
        policies["stream"] = [
            allow(["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"], {"Ref": "TableStreamArn"}),
            # It has no resource to be held to.
            allow(["dynamodb:ListStreams"], "*"),
            allow(["kms:Decrypt"], {"Ref": "TableKeyArn"}),
            allow(["sqs:SendMessage"], {"Ref": "EventsDeadLettersArn"}),
        ]
    if "Schedule" in spec:
        policies["failed-runs"] = [allow(["sqs:SendMessage"], {"Ref": "SchedulesDeadLettersArn"})]
    document = lambda statements: {"Version": "2012-10-17", "Statement": statements}
    return [{"PolicyName": word, "PolicyDocument": document(of)} for word, of in policies.items() if of]
