"""Deploys Portico: foundation, code and, if asked for, the edge; writes down what came out of it.

Started by `cargo xtask deploy` and, for the local engine, by `cargo xtask up`. Parameters of the last deployment stay as
they are unless they are given anew. Standard output: lines `progress DONE TOTAL WHAT` and `note TEXT`. Standard error:
one message, if it fails.
"""

import argparse
import hashlib
import importlib.util
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from expand import write
from portico_infra import portal, preflight, sources
from portico_infra.artifacts import Artifacts, find_packages
from portico_infra.cloud import STABLE, Failure, Stack, say
from portico_infra.sources import Mistake
from portico_infra.stacks import Code, before_it_stands, dump, everything, foundation, function_names

CARRIERS = ("fax", "faxreports", "mail", "voice")


class Deployment:
    def __init__(self, options):
        self.options = options
        self.given = dict(item.split("=", 1) for item in options.parameter) | {"Prefix": options.prefix}
        local = {}
        if options.endpoint:
            local = dict(endpoint_url=options.endpoint, aws_access_key_id="test", aws_secret_access_key="test")
        session = boto3.Session()
        # CloudFormation throttles who asks often; what survives ten attempts is no longer a matter of patience.
        config = Config(retries={"mode": "adaptive", "total_max_attempts": 10}, connect_timeout=5, read_timeout=120,
                        s3={"addressing_style": "path"})
        self.client = lambda service, region=options.region: session.client(service, region_name=region, config=config, **local)
        identity = self.client("sts").get_caller_identity()
        self.account, partition = identity["Account"], identity["Arn"].split(":")[1]
        self.differences = load(options.differences)
        over_tls = self.given.get("TlsOnly", "true") == "true"
        self.artifacts = Artifacts(self.client("s3"), options.prefix, self.account, options.region, partition, over_tls, options.endpoint)
        self.ssm = self.client("ssm")
        self.templates = Path(options.templates)

    def stack(self, suffix, region=None):
        name = f"{self.options.prefix}{suffix}"
        return Stack(self.client("cloudformation", region or self.options.region), name, self.options.pause, self.options.timeout)

    def run(self):
        self.packages = find_packages(Path(self.options.packages), function_names())
        base, code = self.stack("-foundation"), self.stack("")
        inputs = self.inputs()
        if self.is_at("inputs", base, inputs) and self.is_at("inputs", code, inputs) and Path(self.options.out).exists():
            return
        self.refuse_unknown()
        body = self.adapted("foundation.json", foundation())
        self.check(base, body, code)
        self.bring("foundation", base, body, {})
        self.outputs = base.outputs()
        self.write_client_secrets()
        self.deploy_code(code)
        if self.options.edge:
            self.deploy_edge(code)
        if self.options.portal:
            self.deploy_portal(code)
        self.write_down(base, code)
        self.put_mark("inputs", inputs)
        if self.options.preflight:
            for line in preflight.after(self.client, self.outputs):
                say("note", line)

    def inputs(self):
        """All that a deployment is made from; nothing of it new, nothing to do."""
        differences = Path(self.options.differences).read_text() if self.options.differences else ""
        packages = {name: digest for name, (_, digest) in self.packages.items()}
        pages = portal.digest(self.options.portal) if self.options.portal else ""
        text = json.dumps([sources.digest(), packages, self.given, self.options.edge, pages, differences, self.options.carriers], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def refuse_unknown(self):
        known = set()
        for text in everything().values():
            known |= set(json.loads(text).get("Parameters", {}))
        known -= {"OriginHost", "ApiOrigin", "DocumentsOrigin"}
        if strange := set(self.given) - known:
            raise Failure(f"there is no parameter {', '.join(sorted(strange))}. There are: {', '.join(sorted(known))}")

    def check(self, base, body, code):
        """What is missing is said before anything is made."""
        plan = json.loads(Code().expand()["portico.json"])
        later = dict.fromkeys([*body["Outputs"], "ArtifactsBucket", "Templates"], "")
        (of_code, lacks), (of_base, also) = self.known(code, plan, later), self.known(base, body, {})
        if missing := also | lacks:
            raise Failure("nobody has said yet:\n" + "\n".join(missing.values()))
        values = of_code | of_base
        self.protected = values["DeletionProtection"] == "true"
        if self.options.preflight:
            missing, notes = preflight.before(self.client, values, Code())
            for line in notes:
                say("note", line)
            if missing:
                raise Failure("before this can be deployed:\n" + "\n".join(f"- {line}" for line in missing))

    def adapted(self, name, body):
        return self.differences.adapt(name, body) if self.differences else body

    def known(self, stack, body, filled):
        """Every parameter's value: given now, else that of the last deployment, else the template's; and what has none."""
        state = stack.state()
        last = stack.parameters(state) if state and state["StackStatus"] != "REVIEW_IN_PROGRESS" else {}
        values, missing = {}, {}
        for name, of in body["Parameters"].items():
            value = filled.get(name, self.given.get(name, last.get(name, of.get("Default"))))
            if value is None:
                missing[name] = f"--parameter {name}=…  {of.get('Description', '')}"
            else:
                values[name] = str(value)
        return values, missing

    def values(self, stack, body, filled):
        values, missing = self.known(stack, body, filled)
        if missing:
            raise Failure(f"{stack.name} needs, and nobody has said yet:\n" + "\n".join(missing.values()))
        return values

    def bring(self, kind, stack, body, filled, monitor=None, then=lambda: None):
        """Deploys a template unless the stack is what it says; `then` belongs to it."""
        values = self.values(stack, body, filled)
        text = dump(body)
        mark = hashlib.sha256(json.dumps([text, values], sort_keys=True).encode()).hexdigest()
        if self.is_at(kind, stack, mark):
            return
        first = self.put_template(before_it_stands(body)) if kind == "foundation" and self.protected else None
        secret = [name for name, of in body["Parameters"].items() if of.get("NoEcho")]
        stack.deploy(self.put_template(body), values, secret, monitor, first)
        then()
        self.put_mark(kind, mark)
        if self.protected:
            stack.protect(kept=kind == "foundation")

    def put_template(self, body):
        text = dump(body)
        key = f"templates/{hashlib.sha256(text.encode()).hexdigest()}.json"
        self.artifacts.put({key: text})
        return f"{self.artifacts.base}/{key}"

    def mark_of(self, kind):
        return f"/{self.options.prefix}/deployed/{kind}"

    def put_mark(self, kind, mark):
        self.ssm.put_parameter(Name=self.mark_of(kind), Type="String", Overwrite=True, Value=mark, Description="What was deployed last, as a digest")

    def is_at(self, kind, stack, mark):
        try:
            at = self.ssm.get_parameter(Name=self.mark_of(kind))["Parameter"]["Value"]
        except self.ssm.exceptions.ParameterNotFound:
            return False
        state = stack.state()
        return bool(state) and state["StackStatus"] in STABLE[:2] and at == mark

    def deploy_code(self, code, more=None):
        keys = {name: f"{name}/{digest}.zip" for name, (_, digest) in self.packages.items()}
        # The edge is known by the last deployment, unless this one says otherwise.
        filled = self.outputs | {"ArtifactsBucket": self.artifacts.bucket, "Templates": f"{self.artifacts.base}/templates"} | (more or {})
        plan = json.loads(Code(keys).expand()["portico.json"])
        filled = {name: value for name, value in filled.items() if name in plan["Parameters"]}
        values = self.values(code, plan, filled)
        digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
        templates = Code(keys, digest, self.adapted).expand()
        root = json.loads(templates["portico.json"])
        wanted = {f"templates/{hashlib.sha256(text.encode()).hexdigest()}.json": text for text in templates.values()}
        packed = {keys[name]: path for name, (path, _) in self.packages.items()}
        monitor = None
        alarm = code.outputs().get("RollbackAlarmArn") if self.options.monitor else None
        if alarm:
            monitor = {"MonitoringTimeInMinutes": self.options.monitor, "RollbackTriggers": [{"Arn": alarm, "Type": "AWS::CloudWatch::Alarm"}]}
        mark = hashlib.sha256(json.dumps([dump(root), values], sort_keys=True).encode()).hexdigest()
        if not self.is_at("code", code, mark):
            self.artifacts.put(packed | wanted)
            self.bring("code", code, root, filled, monitor, lambda: self.complete(code, values))
        write(self.templates, templates | {"foundation.json": dump(self.adapted("foundation.json", foundation()))})

    def complete(self, code, values):
        if self.differences:
            base = self.stack("-foundation")
            known = base.parameters(base.state()) | values
            self.differences.complete({"foundation.json": foundation(), "api.json": Code().room("api")}, known, self.outputs | code.outputs(), self.client)

    def write_client_secrets(self):
        """Functions read an app client's secret like any other; asking Cognito for it at each start would be too much for it."""
        identity, manager = self.client("cognito-idp"), self.client("secretsmanager")
        for door in ("Provider", "Staff"):
            made = identity.describe_user_pool_client(UserPoolId=self.outputs[f"{door}PoolId"], ClientId=self.outputs[f"{door}ClientId"])
            value, place = made["UserPoolClient"]["ClientSecret"], self.outputs[f"{door}ClientSecretArn"]
            if manager.get_secret_value(SecretId=place)["SecretString"] != value:
                manager.put_secret_value(SecretId=place, SecretString=value)

    def deploy_edge(self, code):
        """The edge knows the API, then the API its edge: from then on it answers nobody else."""
        key = self.client("secretsmanager").get_secret_value(SecretId=self.outputs["OriginSecretArn"])["SecretString"]
        edge = self.stack("-edge", "us-east-1")
        host = urlsplit(code.outputs()["ApiEndpoint"]).hostname
        self.bring_to_front("edge", edge, {"OriginHost": host, "OriginKey": key})
        public = f"https://{edge.outputs()['PublicHost']}"
        self.deploy_code(code, {"PublicUrl": public, "OriginKeySha256": hashlib.sha256(key.encode()).hexdigest()})

    def bring_to_front(self, kind, stack, filled):
        """What CloudFront needs lives in us-east-1, its template too."""
        old = self.artifacts
        if self.options.region != "us-east-1":
            self.artifacts = Artifacts(self.client("s3", "us-east-1"), self.options.prefix, self.account, "us-east-1", "aws", True, None)
        self.bring(kind, stack, json.loads(everything()[f"{kind}.json"]), filled)
        self.artifacts = old

    def deploy_portal(self, code):
        """The bucket and CloudFront, then the files; the page last, so that no browser asks for what is not there yet."""
        front = self.stack("-portal", "us-east-1")
        api = code.parameters(code.state()).get("PublicUrl") or code.outputs()["ApiEndpoint"]
        documents = f"https://{self.outputs['DocumentsBucket']}.s3.{self.options.region}.amazonaws.com"
        self.bring_to_front("portal", front, {"ApiOrigin": api, "DocumentsOrigin": documents})
        made = front.outputs()
        portal.put(self.client("s3", "us-east-1"), made["PagesBucket"], self.options.portal, api)
        say("note", f"the portal is at https://{made['PortalHost']}")

    def write_down(self, base, code):
        out = self.outputs | code.outputs()
        def family(suffix):
            return {key.removesuffix(suffix).lower(): value for key, value in out.items() if key.endswith(suffix)}
        secrets, names = family("SecretArn"), list(self.packages)
        record = {
            "stack": self.options.prefix, "endpoint": self.options.endpoint, "region": self.options.region,
            "account": self.account, "apiId": out["ApiId"], "apiUrl": out["ApiUrl"],
            "table": out["TableName"], "tableStream": out["TableStreamArn"], "kmsKey": out["FilesKeyArn"],
            "documentsBucket": out["DocumentsBucket"], "lettersBucket": out["LettersBucket"],
            "feedsBucket": out["FeedsBucket"], "recordsBucket": out["RecordsBucket"],
            "providerPool": out["ProviderPoolId"], "providerClient": out["ProviderClientId"],
            "staffPool": out["StaffPoolId"], "staffClient": out["StaffClientId"],
            "queues": family("QueueUrl"), "deadLetters": family("DeadLettersUrl"), "secrets": secrets,
            "functions": {name: f"{self.options.prefix}-{name}" for name in names},
            "logGroups": {name: f"/aws/lambda/{self.options.prefix}-{name}" for name in names},
            "parameters": base.parameters(base.state()) | self.given,
        }
        if self.options.endpoint:
            # The engine's root: it may do everything, its signature is not checked. No role of the stack is like that.
            record |= {"accessKeyId": "test", "secretAccessKey": "test", "minuteSeconds": 1}
            if self.options.carriers:
                record["carriersUrl"] = self.options.carriers
            # Not every resolver knows names under .localhost; this address of the same API needs none.
            record["apiUrl"] = f"{self.options.endpoint}/_aws/execute-api/{out['ApiId']}/$default"
        target = Path(self.options.out)
        if self.differences and hasattr(self.differences, "operator"):
            held = json.loads(target.read_text()).get("operator") if target.exists() else None
            record["operator"] = self.differences.operator(self.client, self.options.prefix, self.options.region, held)
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


def load(path):
    """What an engine other than AWS wants changed, as a module with `adapt` and `complete`."""
    if not path:
        return None
    spec = importlib.util.spec_from_file_location("differences", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", help="address of a local engine; none: AWS")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--prefix", default="portico", help="name of the stacks, begins every name in them")
    parser.add_argument("--packages", required=True, help="folder with <function>.zip, or with <function>/bootstrap.zip as cargo lambda makes it")
    parser.add_argument("--parameter", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--edge", action="store_true", help="CloudFront and WAF in front of the API")
    parser.add_argument("--portal", help="folder of the built portal: CloudFront and a bucket for it")
    parser.add_argument("--out", required=True, help="where to write what was deployed, as JSON")
    parser.add_argument("--templates", required=True, help="folder for the templates as they were deployed")
    parser.add_argument("--differences", help="module with what a local engine wants changed")
    parser.add_argument("--keys", help="where to write the carriers' keys; local engine only")
    parser.add_argument("--carriers", help="address of the simulated carriers, for the record")
    parser.add_argument("--no-preflight", dest="preflight", action="store_false", help="do not ask the account what is missing")
    parser.add_argument("--monitor", type=int, default=5, help="minutes in which an alarm takes a release back; 0 for none")
    parser.add_argument("--pause", type=float, default=8, help="seconds between two looks at a stack")
    parser.add_argument("--timeout", type=int, default=3600)
    options = parser.parse_args()
    try:
        Deployment(options).run()
    except (Failure, Mistake) as failure:
        sys.exit(str(failure))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
