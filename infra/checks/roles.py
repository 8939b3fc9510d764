"""What a role may do, judged as IAM does it for the conditions that our policies have."""

import fnmatch
import functools
import json

from portico_infra.policies import keys_of
from portico_infra.stacks import everything


@functools.cache
def roles():
    """The statements of each function's role, by function."""
    found = {}
    for text in everything().values():
        resources = json.loads(text)["Resources"]
        for logical, of in resources.items():
            if of["Type"] == "AWS::Lambda::Function":
                name = of["Properties"]["FunctionName"]["Fn::Sub"].removeprefix("${Prefix}-")
                role = resources[of["Properties"]["Role"]["Fn::GetAtt"][0]]
                found[name] = [s for policy in role["Properties"]["Policies"] for s in policy["PolicyDocument"]["Statement"]]
    return found


def operator():
    """The statements of the operator's policy."""
    return json.loads(everything()["operations.json"])["Resources"]["OperatorPolicy"]["Properties"]["PolicyDocument"]["Statement"]


def listed(value):
    return value if isinstance(value, list) else [value]


def on_table(statement, index):
    """Whether a statement speaks of the table (or of its index)."""
    place = "${TableArn}/index/work" if index else "${TableArn}"

    def same(resource):
        if isinstance(resource, dict):
            resource = "${TableArn}" if resource == {"Ref": "TableArn"} else str(resource.get("Fn::Sub", ""))
        return fnmatch.fnmatchcase(place, resource)
    return any(same(resource) for resource in listed(statement["Resource"]))


def holds(condition, keys):
    for operator, wanted in condition.items():
        for name, patterns in wanted.items():
            if name != "dynamodb:LeadingKeys":
                if operator == "ForAllValues:StringEquals" and name == "dynamodb:Attributes":
                    continue
                raise AssertionError(f"nobody judges {operator} of {name}")
            fits = [any(fnmatch.fnmatchcase(key, pattern) for pattern in listed(patterns)) for key in keys]
            if operator == "Null":
                if (patterns == "false") != bool(keys):
                    return False
            elif operator == "ForAllValues:StringLike":
                if not all(fits):
                    return False
            elif operator == "ForAnyValue:StringLike":
                if not any(fits):
                    return False
            else:
                raise AssertionError(f"nobody judges {operator}")
    return True


def may(statements, action, partitions, index=False):
    """Deny before Allow, and nothing without Allow."""
    keys = [keys_of(partition).replace("*", "x") for partition in partitions]
    said = set()
    for statement in statements:
        if not on_table(statement, index) or not any(fnmatch.fnmatchcase(f"dynamodb:{action}", pattern) for pattern in listed(statement["Action"])):
            continue
        if holds(statement.get("Condition", {}), keys):
            said.add(statement["Effect"])
    return "Allow" in said and "Deny" not in said
