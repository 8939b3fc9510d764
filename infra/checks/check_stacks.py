"""What stands in the way of a deployment, and what it says of it."""

import json

from check_deployment import ROOT, Engine

from portico_infra.artifacts import Artifacts


# The engine reads any template; AWS ends a change set that it cannot read like this, and the stack stays in review.
REFUSING = """
import sys
sys.path.insert(0, {localstack!r})
from botocore.client import BaseClient
from differences import *

usual = BaseClient._make_api_call

def call(self, name, given):
    answer = usual(self, name, given)
    if name == "DescribeChangeSet" and given["StackName"] == "portico-foundation":
        answer |= {{"Status": "FAILED", "StatusReason": "Template error: instance of Fn::GetAtt references undefined resource Nowhere"}}
    return answer

BaseClient._make_api_call = call
"""


def it_says_why_a_first_change_set_was_refused_and_can_be_repeated():
    with Engine() as engine:
        refusing = engine.home / "refusing.py"
        refusing.write_text(REFUSING.format(localstack=str(ROOT / "localstack")))
        cloud = engine.client("cloudformation")
        for _ in range(2):
            code, notes, said = engine.deploy(differences=str(refusing))
            assert code != 0 and notes == [] and "Traceback" not in said, said
            assert "CloudFormation refuses the template of portico-foundation: Template error: " in said and "undefined resource Nowhere" in said, said
            (stack,) = cloud.describe_stacks()["Stacks"]
            assert stack["StackStatus"] == "REVIEW_IN_PROGRESS" and engine.tables() == engine.pools() == []
            assert cloud.list_change_sets(StackName=stack["StackName"])["Summaries"] == [], "a refused change set is left"
        assert [note for note in engine.succeed() if note.startswith("portico")] == ["portico-foundation created", "portico created"]


def it_says_in_words_what_cloudformation_answers_at_once():
    """A template that is refused before there is a change set."""
    with Engine() as engine:
        unknown = {"Type": "AWS::Nowhere::Thing", "Properties": {}}
        code, _, said = engine.deploy(differences=engine.broken("foundation.json", "Lost", unknown))
        assert code != 0 and "Nowhere" in said and "Traceback" not in said, said
        assert engine.tables() == engine.pools() == []
        engine.succeed()


def it_stops_waiting_when_it_was_told_and_goes_on_where_it_was():
    with Engine() as engine:
        code, notes, said = engine.deploy(more=["--timeout", "0"])
        assert code != 0 and "portico-foundation was not ready within 0 s. CloudFormation goes on by itself" in said, said
        assert notes == []
        engine.succeed()
        assert len(engine.tables()) == 1 and engine.succeed() == []


def it_keeps_packages_and_templates_in_a_bucket_that_is_nobody_elses():
    with Engine() as engine:
        s3, account = engine.client("s3"), engine.client("sts").get_caller_identity()["Account"]
        held = Artifacts(s3, "portico", account, "us-east-1", "aws", True, engine.endpoint)
        held.put({"templates/one.json": "{}"})
        closed = s3.get_public_access_block(Bucket=held.bucket)["PublicAccessBlockConfiguration"]
        assert set(closed) == {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"} and all(closed.values()), closed
        assert s3.get_bucket_versioning(Bucket=held.bucket)["Status"] == "Enabled"
        (deny,) = json.loads(s3.get_bucket_policy(Bucket=held.bucket)["Policy"])["Statement"]
        assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "s3:*") and deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}, deny
        # What is there is not put a second time, by another run neither.
        for same in (held, Artifacts(s3, "portico", account, "us-east-1", "aws", True, engine.endpoint)):
            same.put({"templates/one.json": "{}", "templates/two.json": "[]"})
        versions = s3.list_object_versions(Bucket=held.bucket)["Versions"]
        assert sorted(one["Key"] for one in versions) == ["templates/one.json", "templates/two.json"], versions
