"""The deployment as a person meets it: run against the local engine, an empty one for this alone, with packages that do nothing."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

import boto3

from check_templates import gradual, routed, templates
from portico_infra.cloud import KEPT, Failure, Stack
from portico_infra.sources import HOME
from portico_infra.stacks import function_names

ROOT = HOME.parent
ASKED = {"PortalUrl": "http://localhost:5173", "MailFrom": "notices@portal.example.org", "FaxUrl": "http://localhost/fax",
         "MailUrl": "http://localhost/mail", "VoiceUrl": "http://localhost/voice", "AlarmEmail": "ops@portal.example.org"}
LOCAL = {"DeletionProtection": "false", "TlsOnly": "false", "Backups": "false", "Rollout": "AllAtOnce", "Architecture": "x86_64"}
BROKEN = """
import sys
sys.path.insert(0, {localstack!r})
from differences import adapt as usual, complete

def adapt(name, template):
    template = usual(name, template)
    if name == {where!r}:
        template["Resources"][{logical!r}] = {resource!r}
    return template
"""


LISTENING = """
import json, sys
sys.path.insert(0, {localstack!r})
from botocore.client import BaseClient
from differences import adapt, complete

usual = BaseClient._make_api_call

def call(self, name, given):
    if name == "CreateChangeSet":
        with open({heard!r}, "a") as heard:
            print(json.dumps([given["StackName"], given["ChangeSetType"], given.get("RollbackConfiguration")]), file=heard)
    return usual(self, name, given)

BaseClient._make_api_call = call
"""


class Engine:
    """An engine with nothing in it; it ends with the check."""

    def __enter__(self):
        self.home = Path(tempfile.mkdtemp(prefix="portico-deployment-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.endpoint = f"http://localhost:{port}"
        for folder in ("state", "s3", "packages"):
            (self.home / folder).mkdir()
        environment = {"PATH": os.defpath, "GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "localhost", "MINISTACK_REGION": "us-east-1",
                       "AWS_ENDPOINT_URL": self.endpoint, "IOT_MTLS_ENABLED": "0", "HOME": str(self.home), "STATE_DIR": str(self.home / "state"),
                       "S3_DATA_DIR": str(self.home / "s3")}
        self.log = open(self.home / "log", "w")
        self.process = subprocess.Popen([sys.executable, ROOT / "localstack/gate.py"], env=environment, cwd=self.home, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{self.endpoint}/_localstack/health", timeout=2).read()
                break
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, (self.home / "log").read_text()[-2000:]
                time.sleep(0.1)
        for name in function_names():
            self.package(name, "1")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.home)

    def package(self, name, text):
        with zipfile.ZipFile(self.home / "packages" / f"{name}.zip", "w") as package:
            entry = zipfile.ZipInfo("bootstrap")
            entry.external_attr = 0o755 << 16
            package.writestr(entry, f"#!/bin/sh\n# {name} {text}\nsleep 60\n")

    def deploy(self, given=None, differences="localstack/differences.py", more=()):
        """Exit code, notes, and what it said at the end."""
        given = LOCAL | ASKED if given is None else given
        command = [sys.executable, "infra/deploy.py", "--endpoint", self.endpoint, "--packages", self.home / "packages", "--out", self.home / "stack.json",
                   "--templates", self.home / "templates", "--differences", differences, "--no-preflight", "--monitor", "0", "--pause", "0.2",
                   "--timeout", "400", *[f"--parameter={name}={value}" for name, value in given.items()], *more]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
        notes = [line.removeprefix("note ") for line in done.stdout.splitlines() if line.startswith("note ")]
        return done.returncode, notes, done.stderr

    def succeed(self, given=None, more=()):
        code, notes, said = self.deploy(given, more=more)
        assert code == 0, said
        return notes

    def broken(self, where, logical, resource):
        path = self.home / f"broken-{logical}.py"
        path.write_text(BROKEN.format(localstack=str(ROOT / "localstack"), where=where, logical=logical, resource=resource))
        return str(path)

    def client(self, service):
        return boto3.client(service, endpoint_url=self.endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")

    def tables(self):
        return self.client("dynamodb").list_tables()["TableNames"]

    def pools(self):
        return [pool["Id"] for pool in self.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]]


# What no account makes.
IMPOSSIBLE = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 99999999}}


def it_can_be_repeated_after_a_first_creation_that_failed():
    """As in production: what is protected once it stands could not be taken back before."""
    production = LOCAL | ASKED | {"DeletionProtection": "true"}
    with Engine() as engine:
        # The pools stand by then.
        impossible = IMPOSSIBLE | {"DependsOn": ["Table", "ProviderPool", "StaffPool"]}
        code, _, said = engine.deploy(production, engine.broken("foundation.json", "Impossible", impossible))
        assert code != 0 and "portico-foundation ended as ROLLBACK_COMPLETE" in said, said
        assert engine.tables() == engine.pools() == [], "what a failed creation made is in the way of the next"
        assert [note for note in engine.succeed(production) if note.startswith("portico")] == [
            "portico-foundation created", "portico-foundation updated", "portico created"]
        (table,), cloud = engine.tables(), engine.client("cloudformation")
        assert engine.client("dynamodb").describe_table(TableName=table)["Table"]["DeletionProtectionEnabled"] is True
        pools = [engine.client("cognito-idp").describe_user_pool(UserPoolId=pool)["UserPool"] for pool in engine.pools()]
        assert [pool["DeletionProtection"] for pool in pools] == ["ACTIVE", "ACTIVE"]
        for name in ("portico-foundation", "portico"):
            assert cloud.describe_stacks(StackName=name)["Stacks"][0]["EnableTerminationProtection"] is True, name
        held = json.loads(cloud.get_stack_policy(StackName="portico-foundation")["StackPolicyBody"])["Statement"]
        denied = next(one for one in held if one["Effect"] == "Deny")
        assert denied["Action"] == ["Update:Replace", "Update:Delete"] and denied["Condition"]["StringEquals"]["ResourceType"] == KEPT, held
        # What was said of protection stays said, and nothing is done twice.
        assert engine.succeed({}) == []


def it_goes_on_to_protect_what_stands_after_an_interruption():
    """The second step fails here; what was said once is done by the next run."""
    with Engine() as engine:
        path = engine.broken("foundation.json", "Impossible", IMPOSSIBLE | {"Condition": "Protected"})
        code, notes, said = engine.deploy(LOCAL | ASKED | {"DeletionProtection": "true"}, path)
        assert code != 0 and "UPDATE_ROLLBACK_COMPLETE" in said and notes == ["portico-foundation created"], (said, notes)
        (table,) = engine.tables()
        silent = {name: value for name, value in (LOCAL | ASKED).items() if name != "DeletionProtection"}
        assert engine.succeed(silent)[0] == "portico-foundation updated" and engine.tables() == [table]
        assert engine.client("dynamodb").describe_table(TableName=engine.tables()[0])["Table"]["DeletionProtectionEnabled"] is True


def it_says_what_to_do_when_what_is_left_cannot_be_removed():
    key = {"AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}
    table = {"Type": "AWS::DynamoDB::Table", "Properties": key | {"BillingMode": "PAY_PER_REQUEST", "DeletionProtectionEnabled": True}}
    with Engine() as engine:
        cloud = engine.client("cloudformation")
        stack = Stack(cloud, "portico-foundation", 0.2, 60)
        cloud.create_stack(StackName=stack.name, TemplateBody=json.dumps({"Resources": {"Table": table}}))
        stack.wait(lambda now: now == "CREATE_COMPLETE")
        for _ in range(2):
            began = time.monotonic()
            try:
                stack.remove()
            except Failure as failure:
                assert "Table (AWS::DynamoDB::Table)" in str(failure) and "protect" in str(failure) and "console" in str(failure), failure
            else:
                raise AssertionError("what is protected was removed")
            assert time.monotonic() - began < 30, "nobody waits for what has failed"
        assert len(engine.tables()) == 1
        code, _, said = engine.deploy()
        assert code != 0 and "If it holds data, leave it as it is" in said, said


def it_names_what_nobody_has_said_and_remembers_what_was_said_once():
    with Engine() as engine:
        code, _, said = engine.deploy(LOCAL | {name: value for name, value in ASKED.items() if name not in ("AlarmEmail", "FaxUrl")})
        assert code != 0 and "--parameter AlarmEmail=" in said and "--parameter FaxUrl=" in said and engine.tables() == [], said
        code, _, said = engine.deploy(LOCAL | ASKED | {"PortalURL": "http://x"})
        assert code != 0 and "there is no parameter PortalURL" in said, said
        engine.succeed(LOCAL | ASKED | {"RequestsPerSecond": "77"})
        table = engine.tables()
        # Nothing given: everything stays, the rate that is not the template's own among it.
        engine.succeed({})
        cloud = engine.client("cloudformation")
        values = {p["ParameterKey"]: p["ParameterValue"] for p in cloud.describe_stacks(StackName="portico")["Stacks"][0]["Parameters"]}
        assert values["RequestsPerSecond"] == "77" and values["PortalUrl"] == ASKED["PortalUrl"], values
        foundation = {p["ParameterKey"]: p["ParameterValue"] for p in cloud.describe_stacks(StackName="portico-foundation")["Stacks"][0]["Parameters"]}
        assert foundation["AlarmEmail"] == ASKED["AlarmEmail"] and foundation["DeletionProtection"] == "false", foundation
        assert engine.tables() == table
        assert engine.succeed({}) == [], "nothing new was said, and something was done"


def it_releases_code_and_leaves_the_foundation_alone():
    with Engine() as engine:
        assert [note.split(" ")[0] for note in engine.succeed()] == ["portico-foundation", "portico"]
        functions, cloud = engine.client("lambda"), engine.client("cloudformation")
        live = lambda name: functions.get_alias(FunctionName=f"portico-{name}", Name="live")["FunctionVersion"]
        before = {name: live(name) for name in ("submit-case", "get-case")}
        marked = cloud.describe_stack_events(StackName="portico-foundation")["StackEvents"][0]["EventId"]
        engine.package("submit-case", "2")
        assert engine.succeed() == ["portico updated"]
        assert live("submit-case") != before["submit-case"] and live("get-case") == before["get-case"]
        assert cloud.describe_stack_events(StackName="portico-foundation")["StackEvents"][0]["EventId"] == marked
        running = functions.get_function_configuration(FunctionName="portico-submit-case", Qualifier="live")
        assert running["CodeSha256"] == functions.get_function_configuration(FunctionName="portico-submit-case")["CodeSha256"]


def it_takes_a_release_back_when_the_api_begins_to_fail():
    """What CloudFormation is told with a change set: a creation has no alarm yet, a release has that of the API."""
    with Engine() as engine:
        heard, listening = engine.home / "heard", engine.home / "listening.py"
        listening.write_text(LISTENING.format(localstack=str(ROOT / "localstack"), heard=str(heard)))
        for version in ("1", "2"):
            engine.package("submit-case", version)
            code, _, said = engine.deploy(differences=str(listening), more=["--monitor", "7"])
            assert code == 0, said
        sets = [json.loads(line) for line in heard.read_text().splitlines()]
        assert [one[:2] for one in sets] == [["portico-foundation", "CREATE"], ["portico", "CREATE"], ["portico", "UPDATE"]], sets
        outputs = engine.client("cloudformation").describe_stacks(StackName="portico")["Stacks"][0]["Outputs"]
        alarm = next(one["OutputValue"] for one in outputs if one["OutputKey"] == "RollbackAlarmArn")
        watched = {"MonitoringTimeInMinutes": 7, "RollbackTriggers": [{"Arn": alarm, "Type": "AWS::CloudWatch::Alarm"}]}
        assert [one[2] for one in sets] == [None, None, watched] and ":alarm:" in alarm, sets


def it_goes_on_after_a_release_that_failed_and_says_where_it_failed():
    with Engine() as engine:
        engine.succeed()
        engine.package("submit-case", "2")
        code, _, said = engine.deploy(differences=engine.broken("events.json", "Impossible", IMPOSSIBLE))
        assert code != 0 and "Impossible" in said, said
        engine.succeed()
        assert engine.succeed() == []


# REQ: OPS-09
def it_is_repeated_after_each_failure_keeps_data_apart_and_releases_what_goes_back():
    """From a first deployment that failed to a release that failed. That CodeDeploy moves a tenth first, AWS alone shows."""
    with Engine() as engine:
        code, _, said = engine.deploy(differences=engine.broken("foundation.json", "Impossible", IMPOSSIBLE | {"DependsOn": ["Table"]}))
        assert code != 0 and engine.tables() == [], said
        engine.succeed()
        functions, cloud, data = engine.client("lambda"), engine.client("cloudformation"), engine.client("dynamodb")
        (table,) = engine.tables()
        data.put_item(TableName=table, Item={"pk": {"S": "CASE#1"}, "sk": {"S": "CASE"}})
        live = lambda: functions.get_alias(FunctionName="portico-submit-case", Name="live")["FunctionVersion"]
        marked = lambda: cloud.describe_stack_events(StackName="portico-foundation")["StackEvents"][0]["EventId"]
        before, foundation = live(), marked()

        engine.package("submit-case", "2")
        code, _, said = engine.deploy(differences=engine.broken("events.json", "Impossible", IMPOSSIBLE))
        assert code != 0 and "Impossible" in said and live() == before, (said, live())
        heard, listening = engine.home / "heard", engine.home / "listening.py"
        listening.write_text(LISTENING.format(localstack=str(ROOT / "localstack"), heard=str(heard)))
        code, _, said = engine.deploy(differences=str(listening), more=["--monitor", "7"])
        assert code == 0 and live() != before, said
        outputs = cloud.describe_stacks(StackName="portico")["Stacks"][0]["Outputs"]
        alarm = next(one["OutputValue"] for one in outputs if one["OutputKey"] == "RollbackAlarmArn")
        (name, kind, back), = [json.loads(line) for line in heard.read_text().splitlines()]
        assert (name, kind, [one["Arn"] for one in back["RollbackTriggers"]]) == ("portico", "UPDATE", [alarm])
        assert gradual(templates()) == len(routed())

        assert marked() == foundation and engine.tables() == [table], "a release planned something for the data"
        assert "Item" in data.get_item(TableName=table, Key={"pk": {"S": "CASE#1"}, "sk": {"S": "CASE"}})
        assert engine.succeed() == []


def it_makes_policies_that_speak_of_resources_by_their_arns():
    """What a reference gives differs from type to type, and a policy that names no ARN allows nothing."""
    with Engine() as engine:
        engine.succeed()
        iam, seen, documents = engine.client("iam"), 0, {}
        for page in iam.get_paginator("list_roles").paginate():
            for role in page["Roles"]:
                for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
                    documents[role["RoleName"], name] = iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"]
        (operator,) = [one for one in iam.list_policies(Scope="Local")["Policies"] if one["PolicyName"] == "portico-operator-us-east-1"]
        documents["operator", ""] = iam.get_policy_version(PolicyArn=operator["Arn"], VersionId=operator["DefaultVersionId"])["PolicyVersion"]["Document"]
        for whose, document in documents.items():
            for statement in document["Statement"]:
                wanted = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
                seen += len(wanted)
                for resource in wanted:
                    assert resource == "*" or re.match("arn:(aws|\\*):", resource), (whose, resource)
        assert seen > 200, seen
        record = json.loads((engine.home / "stack.json").read_text())
        assert all(value.startswith("arn:aws:secretsmanager:") for value in record["secrets"].values()), record["secrets"]
        variables = engine.client("lambda").get_function_configuration(FunctionName="portico-verify-registration")["Environment"]["Variables"]
        for name in ("LOOKUP_SECRET", "PROVIDER_CLIENT_SECRET", "KMS_KEY"):
            assert variables[name].startswith("arn:aws:"), variables[name]


def it_writes_down_what_functions_and_tests_need():
    with Engine() as engine:
        engine.succeed()
        record = json.loads((engine.home / "stack.json").read_text())
        assert set(record["functions"]) == set(function_names()) == set(record["logGroups"])
        assert {"review", "letters", "fax", "mail", "notices", "pins", "received", "subscriptions", "documents", "providerfeeds", "memberfeeds", "claimfeeds"} == set(record["queues"])
        assert set(record["queues"]) | {"events", "schedules"} == set(record["deadLetters"])
        assert {"lookup", "ids", "token", "fax", "faxreports", "mail", "voice", "providerclient", "staffclient", "origin"} == set(record["secrets"])
        manager, identity = engine.client("secretsmanager"), engine.client("cognito-idp")
        for door in ("provider", "staff"):
            made = identity.describe_user_pool_client(UserPoolId=record[f"{door}Pool"], ClientId=record[f"{door}Client"])["UserPoolClient"]["ClientSecret"]
            assert manager.get_secret_value(SecretId=record["secrets"][f"{door}client"])["SecretString"] == made
        iam, held = engine.client("iam"), record["operator"]
        (user,) = [name["UserName"] for name in iam.list_users()["Users"]]
        attached = iam.list_attached_user_policies(UserName=user)["AttachedPolicies"]
        assert [one["PolicyName"] for one in attached] == ["portico-operator-us-east-1"] and not iam.list_user_policies(UserName=user)["PolicyNames"]
        assert re.fullmatch("[0-9a-f]{64}\n", (engine.home / "templates" / "sources.sha256").read_text())
        engine.package("submit-case", "2")
        engine.succeed()
        assert json.loads((engine.home / "stack.json").read_text())["operator"] == held, "who operates is another with each release"
