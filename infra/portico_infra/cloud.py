"""A stack of CloudFormation: its change sets, what they wait for, and why they failed."""

import re
import time

from botocore.exceptions import ClientError

STABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")
# A creation that never was: what is left of it is only in the way.
REMAINS = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED")
# What an update may never replace or remove, whatever a change set says.
KEPT = ["AWS::DynamoDB::Table", "AWS::Cognito::UserPool", "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::SecretsManager::Secret"]


class Failure(Exception):
    """A deployment that cannot go on; its text is for the person at the terminal."""


def say(*words):
    print(*words, flush=True)


class Stack:
    """One stack by name. `pause`: seconds between two looks, `timeout`: seconds until nobody waits any more."""

    def __init__(self, client, name, pause, timeout, role=None):
        self.client, self.name, self.pause, self.timeout, self.role = client, name, pause, timeout, role

    def state(self):
        try:
            return self.client.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def parameters(self, state):
        return {p["ParameterKey"]: p["ParameterValue"] for p in (state or {}).get("Parameters", [])}

    def outputs(self, state=None):
        state = state or self.state()
        return {item["OutputKey"]: item["OutputValue"] for item in (state or {}).get("Outputs", [])}

    def deploy(self, address, parameters, secret=(), monitor=None, first=None):
        """Brings the stack to a template. `secret`: parameters whose last value CloudFormation does not show; `first`: address of
        the template that a new stack is created with, before it is brought to the other."""
        state = self.state()
        if state and state["StackStatus"] in REMAINS:
            say("note", f"an earlier creation of {self.name} ended as {state['StackStatus']}; what is left of it is removed")
            self.remove()
            state = None
        if state and state["StackStatus"].endswith("_IN_PROGRESS") and state["StackStatus"] != "REVIEW_IN_PROGRESS":
            say("note", f"{self.name} is {state['StackStatus']}; waiting for it to end")
            self.wait(lambda now: now and not now.endswith("_IN_PROGRESS"))
            return self.deploy(address, parameters, secret, monitor, first)
        if state and state["StackStatus"] == "UPDATE_ROLLBACK_FAILED":
            say("note", f"an earlier update of {self.name} could not be taken back; that is tried again")
            self.client.continue_update_rollback(StackName=self.name)
            self.wait(lambda now: now and not now.endswith("_IN_PROGRESS"))
            if self.state()["StackStatus"] != "UPDATE_ROLLBACK_COMPLETE":
                raise Failure(f"{self.name} cannot be taken back to what it was; its events say what stands in the way. Repair that, "
                              f"then run the command again (or continue the rollback in the console, passing over the resource).")
        # A stack in review is one whose first change set was refused: it has no resource yet.
        new = not state or state["StackStatus"] == "REVIEW_IN_PROGRESS"
        if new and first:
            self.change(True, state, first, parameters, secret)
            new, state = False, self.state()
        self.change(new, state, address, parameters, secret, monitor)

    def remove(self):
        """Removes what is left of a creation. What refuses to go is named: nobody but a person may lift its protection."""
        before, began = self.newest(), time.time()
        self.client.delete_stack(StackName=self.name)
        self.wait(lambda now: now in (None, "DELETE_COMPLETE") or now == "DELETE_FAILED" and self.newest() != before)
        if (self.state() or {}).get("StackStatus") == "DELETE_FAILED":
            raise Failure(f"what is left of {self.name} cannot be removed. {self.first_failure(began)}\nIf it holds nothing that anybody needs, take "
                          f"its protection against deletion away and delete the stack in the console, then run the command again. If it holds "
                          f"data, leave it as it is: a prefix of its own (--prefix) makes a stack beside it.")

    def newest(self):
        return self.client.describe_stack_events(StackName=self.name)["StackEvents"][0]["EventId"]

    def change(self, new, state, address, parameters, secret=(), monitor=None):
        """One change set, made, looked at and carried out."""
        change = f"change-{int(time.time() * 1000)}"
        known = [] if new else [name for name in secret if name in self.parameters(state)]
        extra = {"RollbackConfiguration": monitor} if monitor and not new else {}
        self.client.create_change_set(
            StackName=self.name, ChangeSetName=change, ChangeSetType="CREATE" if new else "UPDATE", TemplateURL=address,
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()]
            + [{"ParameterKey": name, "UsePreviousValue": True} for name in known if name not in parameters],
            Tags=[{"Key": "project", "Value": "portico"}], Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"], **extra)
        total = self.planned(change)
        if total == 0:
            return
        began = time.time()
        # A creation that fails takes back what it made, so that it can be repeated. An update keeps what it is told to keep.
        self.client.execute_change_set(StackName=self.name, ChangeSetName=change, RetainExceptOnCreate=True)
        self.wait(lambda now: now and not now.endswith("_IN_PROGRESS"), began, total)
        status = self.state()["StackStatus"]
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise Failure(self.cause(status, began))
        say("note", f"{self.name} {'created' if new else 'updated'}")

    def planned(self, change):
        """How many changes a change set has, once it can be executed; one that was refused is removed."""
        deadline = time.time() + 600
        while time.time() < deadline:
            made = self.client.describe_change_set(StackName=self.name, ChangeSetName=change)
            if made["Status"] == "CREATE_COMPLETE":
                return len(made["Changes"]) or 1
            if made["Status"] == "FAILED":
                reason = made.get("StatusReason", "")
                self.client.delete_change_set(StackName=self.name, ChangeSetName=change)
                if "didn't contain changes" in reason or "No updates" in reason:
                    return 0
                raise Failure(f"CloudFormation refuses the template of {self.name}: {reason}")
            time.sleep(min(self.pause, 2))
        raise Failure(f"CloudFormation did not finish reading the template of {self.name} within ten minutes.")

    def wait(self, finished, began=None, total=None):
        deadline = time.time() + self.timeout
        done = set()
        while time.time() < deadline:
            state = self.state()
            if finished(state and state["StackStatus"]):
                return
            if total:
                page = self.client.describe_stack_events(StackName=self.name)["StackEvents"]
                done |= {e["LogicalResourceId"] for e in page if e["ResourceStatus"].endswith("_COMPLETE")
                         and e["Timestamp"].timestamp() >= began - 1}
                say("progress", min(len(done), total), total, self.name)
            time.sleep(self.pause)
        raise Failure(f"stack {self.name} was not ready within {self.timeout} s. CloudFormation goes on by itself: look at its "
                      f"events, and run the same command again once it has ended; what is done is not done twice.")

    def events(self, stack, began):
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=stack)
        return [e for page in pages for e in page["StackEvents"] if e["Timestamp"].timestamp() >= began - 1]

    def cause(self, status, began):
        return f"{self.name} ended as {status}. {self.first_failure(began)}\nRepair it in infra/ and run the command again."

    def first_failure(self, began):
        """In words, looked for in nested stacks too."""
        stack, told = self.name, {}
        for _ in range(4):
            failed = [e for e in self.events(stack, began) if e["ResourceStatus"].endswith("_FAILED")
                      and not re.search("cancelled|canceled", e.get("ResourceStatusReason", ""), re.I)
                      and e.get("PhysicalResourceId") != e["StackId"]]
            told = min(failed, key=lambda e: e["Timestamp"], default=told)
            if not failed or told["ResourceType"] != "AWS::CloudFormation::Stack":
                break
            stack = told.get("PhysicalResourceId") or self.nested(stack, told["LogicalResourceId"])
            if not stack:
                break
        return (f"First failure: {told.get('LogicalResourceId', '?')} ({told.get('ResourceType', '?')}): "
                f"{told.get('ResourceStatusReason', 'no reason given')}")

    def nested(self, stack, logical):
        try:
            of = self.client.describe_stack_resource(StackName=stack, LogicalResourceId=logical)
            return of["StackResourceDetail"].get("PhysicalResourceId")
        except ClientError:
            return None

    def protect(self, kept):
        """Nobody deletes the stack by mistake, and no update replaces what holds data."""
        self.client.update_termination_protection(EnableTerminationProtection=True, StackName=self.name)
        if kept:
            import json
            allow = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
            deny = {"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Principal": "*", "Resource": "*",
                    "Condition": {"StringEquals": {"ResourceType": KEPT}}}
            self.client.set_stack_policy(StackName=self.name, StackPolicyBody=json.dumps({"Statement": [allow, deny]}))
