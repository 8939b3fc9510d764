"""Deploys infra/template.yaml through CloudFormation and writes down what came out of it.

Started by `cargo xtask up` for the local engine; without --endpoint it deploys to the AWS account of the caller's
credentials. Standard output: lines `progress DONE TOTAL WHAT` and `note TEXT`. Standard error: one message, if it fails.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from completion import complete

CODE = re.compile(r"(?m)^( +CodeUri: )\S*/([a-z-]+)$")
CARRIERS = ("fax", "faxreports", "mail", "voice")
DOORS = ("Provider", "Staff")
STABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


class Failure(Exception):
    """A deployment that cannot go on; its text is for the person at the terminal."""


def say(*words):
    print(*words, flush=True)


class Deployment:
    def __init__(self, options):
        self.options = options
        local = {}
        if options.endpoint:
            local = dict(endpoint_url=options.endpoint, aws_access_key_id="test", aws_secret_access_key="test")
        session = boto3.Session(region_name=options.region)
        retries = Config(retries={"max_attempts": 3}, connect_timeout=5, read_timeout=120, s3={"addressing_style": "path"})
        self.client = lambda service: session.client(service, config=retries, **local)
        self.cloudformation, self.s3, self.awslambda = map(self.client, ("cloudformation", "s3", "lambda"))
        self.account = self.client("sts").get_caller_identity()["Account"]
        self.artifacts = f"{options.prefix}-artifacts-{self.account}-{options.region}"
        self.template = Path(options.template).read_text()
        self.packages = self.find_packages()
        self.parameters = dict(item.split("=", 1) for item in options.parameter) | {"Prefix": options.prefix}

    def find_packages(self):
        """Path and digest of the zip of every function that the template names."""
        found, missing = {}, []
        for _, name in CODE.findall(self.template):
            folder = Path(self.options.packages)
            path = next((p for p in (folder / f"{name}.zip", folder / name / "bootstrap.zip") if p.exists()), None)
            if path:
                found[name] = (path, hashlib.sha256(path.read_bytes()).digest())
            else:
                missing.append(name)
        if missing:
            raise Failure(f"the template names functions that were not built: {', '.join(missing)}.\n"
                          f"Add functions/<name>, or take them out of {self.options.template}.")
        return found

    def fingerprint(self):
        """What a stack was made from, code aside."""
        text = self.template + json.dumps(self.parameters, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def stack(self):
        try:
            return self.cloudformation.describe_stacks(StackName=self.options.prefix)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def run(self):
        stack = self.stack()
        tags = {tag["Key"]: tag["Value"] for tag in (stack or {}).get("Tags", [])}
        current = stack and stack["StackStatus"] in STABLE and tags.get("fingerprint") == self.fingerprint()
        if not current:
            self.upload()
            self.deploy(stack)
            stack = self.stack()
            if self.options.endpoint:
                outputs = {item["OutputKey"]: item["OutputValue"] for item in stack["Outputs"]}
                complete(self.template, self.parameters, outputs, self.client)
        self.keep_client_secrets(stack)
        self.update_code()
        self.write_down(stack)

    def upload(self):
        try:
            self.s3.head_bucket(Bucket=self.artifacts)
        except ClientError:
            where = {"CreateBucketConfiguration": {"LocationConstraint": self.options.region}}
            self.s3.create_bucket(Bucket=self.artifacts, **({} if self.options.region == "us-east-1" else where))
        there = set()
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.artifacts):
            there |= {item["Key"] for item in page.get("Contents", [])}
        wanted = {self.key(name): path for name, (path, _) in self.packages.items()}
        fresh = {key: path for key, path in wanted.items() if key not in there}
        for done, (key, path) in enumerate(fresh.items()):
            say("progress", done, len(fresh), "uploading", key.split("/")[0])
            self.s3.put_object(Bucket=self.artifacts, Key=key, Body=path.read_bytes())

    def key(self, name):
        return f"{name}/{self.packages[name][1].hex()}.zip"

    def deploy(self, stack):
        if stack and stack["StackStatus"] in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"):
            say("note", f"an earlier creation ended as {stack['StackStatus']}; its remains are removed")
            self.cloudformation.delete_stack(StackName=self.options.prefix)
            self.wait(lambda status: status in (None, "DELETE_COMPLETE"))
            stack = None
        body = CODE.sub(lambda m: f"{m[1]}s3://{self.artifacts}/{self.key(m[2])}", self.template)
        key = f"template/{hashlib.sha256(body.encode()).hexdigest()}.yaml"
        self.s3.put_object(Bucket=self.artifacts, Key=key, Body=body.encode())
        base = self.options.endpoint or f"https://s3.{self.options.region}.amazonaws.com"
        name = "change-" + str(int(time.time()))
        kind = "UPDATE" if stack else "CREATE"
        # Templates with transforms are deployed through change sets, on AWS as here.
        self.cloudformation.create_change_set(
            StackName=self.options.prefix, ChangeSetName=name, ChangeSetType=kind, TemplateURL=f"{base}/{self.artifacts}/{key}",
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in self.parameters.items()],
            Tags=[{"Key": "fingerprint", "Value": self.fingerprint()}, {"Key": "project", "Value": "portico"}],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"])
        total = self.await_change_set(name)
        if total == 0:
            return
        began = time.time()
        self.cloudformation.execute_change_set(StackName=self.options.prefix, ChangeSetName=name)
        self.wait(lambda status: status and not status.endswith("IN_PROGRESS"), began, total)
        status = self.stack()["StackStatus"]
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise Failure(self.cause(status, began))
        say("note", f"{'created' if kind == 'CREATE' else 'updated'} from the template")

    def await_change_set(self, name):
        deadline = time.time() + 300
        while time.time() < deadline:
            made = self.cloudformation.describe_change_set(StackName=self.options.prefix, ChangeSetName=name)
            if made["Status"] == "CREATE_COMPLETE":
                return len(made["Changes"]) or 1
            if made["Status"] == "FAILED":
                reason = made.get("StatusReason", "")
                if "didn't contain changes" in reason or "No updates" in reason:
                    return 0
                raise Failure(f"CloudFormation refuses the template: {reason}")
            time.sleep(0.2)
        raise Failure("CloudFormation did not finish reading the template within five minutes.")

    def wait(self, finished, began=None, total=None):
        deadline = time.time() + self.options.timeout
        while time.time() < deadline:
            stack = self.stack()
            if finished(stack and stack["StackStatus"]):
                return
            if total:
                done = {e["LogicalResourceId"] for e in self.events(began) if e["ResourceStatus"].endswith("_COMPLETE")}
                say("progress", min(len(done), total), total, "resources")
            time.sleep(0.3)
        raise Failure(f"the stack was not ready within {self.options.timeout} s; see the events of stack {self.options.prefix}.")

    def events(self, began):
        pages = self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=self.options.prefix)
        return [e for page in pages for e in page["StackEvents"] if not began or e["Timestamp"].timestamp() >= began - 1]

    def cause(self, status, began):
        failed = [e for e in self.events(began) if e["ResourceStatus"].endswith("_FAILED")
                  and "cancelled" not in e.get("ResourceStatusReason", "").lower()]
        first = min(failed, key=lambda e: e["Timestamp"], default={})
        return (f"the deployment ended as {status}. First failure: {first.get('LogicalResourceId', '?')} "
                f"({first.get('ResourceType', '?')}): {first.get('ResourceStatusReason', 'no reason given')}\n"
                f"Repair {self.options.template} and run the command again; `cargo xtask down` first for a clean engine.")

    def update_code(self):
        """Uploads only the functions whose code differs from what runs."""
        running = {}
        for page in self.awslambda.get_paginator("list_functions").paginate():
            running |= {f["FunctionName"]: f["CodeSha256"] for f in page["Functions"]}
        stale = [name for name, (_, digest) in self.packages.items()
                 if running.get(f"{self.options.prefix}-{name}") != base64.b64encode(digest).decode()]
        for done, name in enumerate(stale):
            say("progress", done, len(stale), "updating", name)
            self.awslambda.update_function_code(
                FunctionName=f"{self.options.prefix}-{name}", ZipFile=self.packages[name][0].read_bytes())
            say("note", f"updated {name}")
        waiter = self.awslambda.get_waiter("function_updated_v2")
        for name in stale:
            waiter.wait(FunctionName=f"{self.options.prefix}-{name}", WaiterConfig={"Delay": 1})

    def keep_client_secrets(self, stack):
        """Functions read the app clients' secrets from Secrets Manager: the pools themselves tell them five times a second at most."""
        out = {item["OutputKey"]: item["OutputValue"] for item in stack["Outputs"]}
        cognito, manager = self.client("cognito-idp"), self.client("secretsmanager")
        for door in DOORS:
            described = cognito.describe_user_pool_client(UserPoolId=out[f"{door}PoolId"], ClientId=out[f"{door}ClientId"])
            secret, place = described["UserPoolClient"]["ClientSecret"], out[f"{door}ClientSecretArn"]
            if manager.get_secret_value(SecretId=place)["SecretString"] != secret:
                manager.put_secret_value(SecretId=place, SecretString=secret)

    def write_down(self, stack):
        out = {item["OutputKey"]: item["OutputValue"] for item in stack["Outputs"]}
        def family(suffix):
            return {key.removesuffix(suffix).lower(): value for key, value in out.items() if key.endswith(suffix)}
        secrets = family("SecretArn")
        record = {
            "stack": self.options.prefix, "endpoint": self.options.endpoint, "region": self.options.region,
            "account": self.account, "apiId": out["ApiId"], "apiUrl": out["ApiUrl"],
            "table": out["TableName"], "tableStream": out["TableStream"], "kmsKey": out["KmsKey"],
            "documentsBucket": out["DocumentsBucket"], "lettersBucket": out["LettersBucket"],
            "feedsBucket": out["FeedsBucket"], "recordsBucket": out["RecordsBucket"],
            "providerPool": out["ProviderPoolId"], "providerClient": out["ProviderClientId"],
            "staffPool": out["StaffPoolId"], "staffClient": out["StaffClientId"],
            "queues": family("QueueUrl"), "deadLetters": family("DeadLettersUrl"), "secrets": secrets,
            "functions": {name: f"{self.options.prefix}-{name}" for name in self.packages},
            "logGroups": {name: f"/aws/lambda/{self.options.prefix}-{name}" for name in self.packages},
            "parameters": self.parameters,
        }
        if self.options.endpoint:
            # The engine's root: it may do everything, its signature is not checked. No role of the stack is like that.
            record |= {"accessKeyId": "test", "secretAccessKey": "test", "minuteSeconds": 1}
            if self.options.carriers:
                record["carriersUrl"] = self.options.carriers
            # Not every resolver knows names under .localhost; this address of the same API needs none.
            record["apiUrl"] = f"{self.options.endpoint}/_aws/execute-api/{out['ApiId']}/$default"
        target = Path(self.options.out)
        text = json.dumps(record, indent=2) + "\n"
        if not target.exists() or target.read_text() != text:
            part = target.with_suffix(".part")
            part.write_text(text)
            part.replace(target)
        if self.options.keys:
            manager = self.client("secretsmanager")
            with ThreadPoolExecutor() as pool:
                values = pool.map(lambda name: manager.get_secret_value(SecretId=secrets[name])["SecretString"], CARRIERS)
            keys = Path(self.options.keys)
            keys.touch(mode=0o600)
            keys.write_text(json.dumps(dict(zip(CARRIERS, values))))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", help="address of the local engine; none: AWS")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--prefix", default="portico", help="name of the stack, begins every name in it")
    parser.add_argument("--template", default="infra/template.yaml")
    parser.add_argument("--packages", required=True, help="folder with <function>.zip, or with <function>/bootstrap.zip as cargo lambda makes it")
    parser.add_argument("--parameter", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--out", required=True, help="where to write what was deployed, as JSON")
    parser.add_argument("--keys", help="where to write the carriers' keys; local engine only")
    parser.add_argument("--carriers", help="address of the simulated carriers, for the record")
    parser.add_argument("--timeout", type=int, default=900)
    options = parser.parse_args()
    try:
        Deployment(options).run()
    except Failure as failure:
        sys.exit(str(failure))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
