"""The stacks: foundation, code (a root and a nested stack for each room), edge, portal."""

import copy
import hashlib
import json

from . import alarms, policies, sources
from .functions import Functions
from .sources import Mistake, pascal, read, walk

PSEUDO = "AWS::"
# CloudFormation refuses a template with more; what is near to it wants to be split before it is urgent.
LIMIT = 500
ROOM_FOR_MORE = 400


def template(description, **sections):
    made = {"AWSTemplateFormatVersion": "2010-09-09", "Description": f"Portico: {description}"}
    return made | {name: value for name, value in sections.items() if value}


def merge(total, part, what):
    if twice := set(total) & set(part):
        raise Mistake(f"{what}: {', '.join(sorted(twice))} stands in two sources")
    total |= part


def references(node):
    """Names that a template refers to, by Ref, GetAtt, Sub or If."""
    import re
    names = set()

    def found(value):
        if set(value) == {"Ref"}:
            names.add(value["Ref"])
        elif set(value) == {"Fn::GetAtt"}:
            names.add(value["Fn::GetAtt"][0])
        elif set(value) == {"Fn::Sub"}:
            text = value["Fn::Sub"]
            own = set() if isinstance(text, str) else set(text[1])
            text = text if isinstance(text, str) else text[0]
            names.update({name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", text)} - own)
    walk(node, found)
    return {name for name in names if not name.startswith(PSEUDO)}


def foundation():
    parameters, conditions, resources, outputs = {}, {}, {}, {}
    for name in ("data", "queues", "identity", "watch"):
        source = read(name)
        for total, section in ((parameters, "Parameters"), (conditions, "Conditions"), (resources, "Resources"), (outputs, "Outputs")):
            merge(total, source.get(section, {}), name)
        for secret, use in source.get("Secrets", {}).items():
            resources[f"{secret}Secret"] = {
                "Type": "AWS::SecretsManager::Secret", "DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain",
                "Properties": {"Description": {"Fn::Sub": f"${{Prefix}}: {use}"}, "KmsKeyId": {"Fn::GetAtt": ["SecretsKey", "Arn"]},
                               "GenerateSecretString": {"PasswordLength": 48, "ExcludePunctuation": True}}}
            outputs[f"{secret}SecretArn"] = {"Value": {"Fn::GetAtt": [f"{secret}Secret", "Id"]}}
        if "Queues" in source:
            merge(resources, queues(source, outputs), name)
    return template("data and identity, which outlive every release", Parameters=parameters, Conditions=conditions,
                    Resources=resources, Outputs=outputs)


def before_it_stands(body):
    """The foundation as it is created: what refuses to be deleted could not be taken back if its creation failed."""
    return body | {"Conditions": body["Conditions"] | {"Protected": {"Fn::Equals": [{"Ref": "DeletionProtection"}, "once it stands"]}}}


def queues(source, outputs):
    made = {}
    plain = {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 1209600}
    fed = {"documents", "provider-feeds", "member-feeds", "claim-feeds"}
    alone = []
    for name, spec in source["Queues"].items():
        logical = pascal(name)
        made[f"{logical}Queue"] = {"Type": "AWS::SQS::Queue", "Properties": plain | {
            "QueueName": {"Fn::Sub": f"${{Prefix}}-{name}"}, "VisibilityTimeout": spec["Visibility"], "ReceiveMessageWaitTimeSeconds": 20,
            "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": [f"{logical}DeadLetters", "Arn"]}, "maxReceiveCount": spec["Receives"]}}}
        outputs[f"{logical}QueueUrl"] = {"Value": {"Ref": f"{logical}Queue"}}
        outputs[f"{logical}QueueArn"] = {"Value": {"Fn::GetAtt": [f"{logical}Queue", "Arn"]}}
        if name not in fed:
            alone.append(f"{logical}Queue")
    for name in [*source["Queues"], *source["DeadLetters"]]:
        logical = f"{pascal(name)}DeadLetters"
        made[logical] = {"Type": "AWS::SQS::Queue", "Properties": plain | {"QueueName": {"Fn::Sub": f"${{Prefix}}-{name}-dead-letters"}}}
        outputs[f"{logical}Url"] = {"Value": {"Ref": logical}}
        outputs[f"{logical}Arn"] = {"Value": {"Fn::GetAtt": [logical, "Arn"]}}
        alone.append(logical)
    # A queue's policy can speak of that queue alone: the star is it.
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    made["QueuesPolicy"] = {"Type": "AWS::SQS::QueuePolicy", "Condition": "OverTls", "Properties": {
        "Queues": [{"Ref": name} for name in alone], "PolicyDocument": {"Version": "2012-10-17", "Statement": [deny]}}}
    return made


class Code:
    """The code stack. `packages`: S3 key of each function's package, without them one that only lint sees; `values`: digest of
    all parameters; `adapted`: what an engine other than AWS wants changed in a template."""

    def __init__(self, packages=None, values="", adapted=lambda _, body: body):
        self.packages, self.values, self.adapted = packages, values, adapted
        self.common, self.uses = read("common"), read("uses")
        self.rooms = {name: read(name) for step in self.common["Order"] for name in step}
        self.base = foundation()

    def functions(self):
        return {name: spec for room in self.rooms.values() for name, spec in room.get("Functions", {}).items()}

    def key(self, name):
        return self.packages[name] if self.packages is not None else f"{name}/unbuilt.zip"

    def room(self, name):
        source = copy.deepcopy(self.rooms[name])
        resources = source.get("Resources", {})
        functions = source.get("Functions", {})
        made = Functions(name, functions, self.uses, self.common["Environment"], self.key, self.values)
        merge(resources, made.expand(), name)
        merge(resources, alarms.listed(source.get("Alarms", {})), name)
        if "Operator" in source:
            merge(resources, {"OperatorPolicy": policies.operator(source["Operator"], self.uses)}, name)
        if "Dashboard" in source:
            merge(resources, alarms.dashboard(source["Dashboard"]), name)
        conditions = dict(source.get("Conditions", {}))
        if any("Routes" in spec for spec in functions.values()):
            conditions["Gradual"] = {"Fn::Not": [{"Fn::Equals": [{"Ref": "Rollout"}, "AllAtOnce"]}]}
        self.fill(resources)
        wanted = references([resources, source.get("Outputs", {}), conditions]) - set(resources)
        return template(source["Description"], Parameters={n: self.parameter(n, name) for n in sorted(wanted)},
                        Conditions=conditions, Resources=resources, Outputs=source.get("Outputs", {}))

    def fill(self, resources):
        """What is a list of all functions or routes."""
        routed = [name for name, spec in self.functions().items() if "Routes" in spec]
        rates = {"open": "OpenRequestsPerSecond", "client": "RequestsPerSecond"}
        rate = lambda route, guard: {"Ref": "CallBacksPerSecond" if " /carriers/" in route else rates[guard]}
        arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Prefix}-"
        lists = {
            "Portico::ActionArns": [{"Fn::Sub": f"{arn}{name}:live"} for name in routed],
            "Portico::OpenRoutes": {
                route: {"DetailedMetricsEnabled": True, "ThrottlingRateLimit": rate(route, guard), "ThrottlingBurstLimit": rate(route, guard)}
                for name in routed for route, guard in self.functions()[name]["Routes"].items() if guard in rates},
        }

        def found(value):
            for key, inner in value.items():
                if isinstance(inner, str) and inner in lists:
                    value[key] = lists[inner]
        walk(resources, found)

    def parameter(self, name, room):
        """A room takes what it refers to from the root, without a default: nothing is forgotten on the way."""
        for source in (self.common["Parameters"], self.rooms[room].get("Parameters", {}), self.base.get("Parameters", {})):
            if name in source:
                return {key: value for key, value in source[name].items() if key != "Default"}
        if name in self.base["Outputs"] or any(name in other.get("Outputs", {}) for other in self.rooms.values()):
            return {"Type": "String"}
        raise Mistake(f"{room}.yaml refers to {name}, which is no resource, parameter or output")

    def expand(self):
        """Templates by file name; `portico.json` is the root."""
        made, children = {}, {}
        parameters = dict(self.common["Parameters"])
        for room in self.rooms.values():
            merge(parameters, room.get("Parameters", {}), "parameters")
        before = []
        for step in self.common["Order"]:
            for name in step:
                room = self.room(name)
                file = f"{name}.json"
                text = dump(self.adapted(file, room))
                made[file] = text
                given = {}
                for wanted in room.get("Parameters", {}):
                    owner = next((n for n, s in self.rooms.items() if wanted in s.get("Outputs", {})), None)
                    given[wanted] = {"Fn::GetAtt": [pascal(owner), f"Outputs.{wanted}"]} if owner else {"Ref": wanted}
                    if not owner and wanted not in parameters:
                        parameters[wanted] = {"Type": "String"}
                address = f"${{Templates}}/{hashlib.sha256(text.encode()).hexdigest()}.json"
                waits = [pascal(n) for n in before if pascal(n) not in references(given)]
                children[pascal(name)] = {"Type": "AWS::CloudFormation::Stack", "DependsOn": waits,
                                          "Properties": {"TemplateURL": {"Fn::Sub": address}, "Parameters": given}}
            before = list(step)
        outputs = {name: {"Value": {"Fn::GetAtt": ["Api", f"Outputs.{name}"]}} for name in ("ApiId", "ApiEndpoint", "ApiUrl")}
        outputs["RollbackAlarmArn"] = {"Value": {"Fn::GetAtt": ["Operations", "Outputs.RollbackAlarmArn"]}}
        root = template("the code, a nested stack for each room", Parameters=parameters, Resources=children, Outputs=outputs)
        made["portico.json"] = dump(self.adapted("portico.json", root))
        return made


def function_names():
    """Of every function that a room states, without looking at anything else of it."""
    rooms = [name for step in read("common")["Order"] for name in step]
    return [name for room in rooms for name in read(room).get("Functions", {})]


def everything(packages=None, values=""):
    """All templates as AWS gets them, by file name."""
    made = Code(packages, values).expand()
    made["foundation.json"] = dump(foundation())
    for alone in ("edge", "portal"):
        source = read(alone)
        made[f"{alone}.json"] = dump(template(source.pop("Description"), **source))
    for name, text in made.items():
        count = len(json.loads(text)["Resources"])
        if count > ROOM_FOR_MORE:
            raise Mistake(f"{name} has {count} resources of {LIMIT}; more than {ROOM_FOR_MORE} want another room")
    return made


def dump(value):
    return json.dumps(value, indent=1) + "\n"
