"""A function of a source as CloudFormation: function, role, log group, version, alias, and what starts it."""

import hashlib
import json
import re

from . import alarms, policies
from .sources import Mistake, pascal

KNOWN = {"Routes", "Queue", "Stream", "Schedule", "Triggers", "Memory", "Timeout", "Rate", "Age", "Environment", "Uses", "Index",
         *policies.TABLE}
# A `client` shows a token of our own, which the function itself looks up.
GUARDS = {"open", "client", "provider", "staff"}
OURS = {"open", "client"}  # what the gateway lets through
USUAL = 10  # seconds of a function that says nothing else
LONGEST = 30  # seconds that an HTTP API waits, and the edge
START = 5  # seconds in which a copy of a function that is not there yet begins


class Functions:
    """Expands the functions of one room. `code` gives a function's package, `values` a digest of the stack's parameters."""

    def __init__(self, room, specs, uses, environment, code, values):
        self.room, self.specs, self.uses, self.environment, self.code, self.values = room, specs, uses, environment, code, values

    def expand(self):
        made = {}
        for name, spec in self.specs.items():
            if unknown := set(spec) - KNOWN:
                raise Mistake(f"{self.room}.yaml: {name} says {', '.join(sorted(unknown))}, which nothing reads")
            if wrong := set(spec.get("Routes", {}).values()) - GUARDS:
                raise Mistake(f"{self.room}.yaml: {name} is guarded by {', '.join(wrong)}; there is {', '.join(sorted(GUARDS))}")
            if "Routes" in spec and spec.get("Timeout", USUAL) >= LONGEST:
                raise Mistake(f"{self.room}.yaml: {name} may run for {spec['Timeout']} s; its caller gets no answer after {LONGEST}")
            made |= self.function(name, spec) | self.starts(name, spec)
        if self.specs:
            made |= alarms.errors(self.room, list(self.specs))
        if any("Schedule" in spec for spec in self.specs.values()):
            made |= self.scheduler()
        return made

    def function(self, name, spec):
        logical = pascal(name)
        variables = dict(self.environment) | spec.get("Environment", {})
        if "Queue" in spec:
            queue = pascal(spec["Queue"]["Name"])
            variables |= {"QUEUE_URL": {"Ref": f"{queue}QueueUrl"}, "DEAD_LETTERS_URL": {"Ref": f"{queue}DeadLettersUrl"}}
        if "Rate" in spec:
            variables["SENDS_PER_SECOND"] = spec["Rate"]
        guarded = any(guard not in OURS for guard in spec.get("Routes", {}).values())
        properties = {
            "FunctionName": {"Fn::Sub": f"${{Prefix}}-{name}"},
            "Runtime": "provided.al2023", "Handler": "bootstrap", "Architectures": [{"Ref": "Architecture"}],
            "MemorySize": spec.get("Memory", 256), "Timeout": spec.get("Timeout", USUAL),
            "Role": {"Fn::GetAtt": [f"{logical}Role", "Arn"]},
            "Code": {"S3Bucket": {"Ref": "ArtifactsBucket"}, "S3Key": self.code(name)},
            "Environment": {"Variables": variables},
        }
        # A version is what a function was at one time: another code, setting or parameter wants another one.
        text = json.dumps([properties, self.values], sort_keys=True)
        version = f"{logical}Version{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        alias = {"FunctionName": {"Ref": logical}, "Name": "live", "FunctionVersion": {"Fn::GetAtt": [version, "Version"]}}
        made = {
            # The group exists before the first line, so that it has a retention and a key.
            f"{logical}Log": {"Type": "AWS::Logs::LogGroup", "Properties": {
                "LogGroupName": {"Fn::Sub": f"/aws/lambda/${{Prefix}}-{name}"},
                "RetentionInDays": {"Ref": "LogRetentionDays"}, "KmsKeyId": {"Ref": "LogsKeyArn"}}},
            f"{logical}Role": {"Type": "AWS::IAM::Role", "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
                "Policies": policies.role(name, spec, self.uses, guarded)}},
            logical: {"Type": "AWS::Lambda::Function", "DependsOn": [f"{logical}Log"], "Properties": properties},
            version: {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": logical}}},
            f"{logical}Live": {"Type": "AWS::Lambda::Alias", "Properties": alias},
        }
        if "Routes" in spec:
            made[f"{logical}Live"]["UpdatePolicy"] = {"CodeDeployLambdaAliasUpdate": {
                "ApplicationName": {"Ref": "ReleasesName"}, "DeploymentGroupName": {"Ref": f"{logical}Release"}}}
            made[f"{logical}Release"] = self.release()
        return made

    def release(self):
        """A release goes to a part of the callers first; an alarm of the room takes it back."""
        names = list(alarms.errors(self.room, list(self.specs)))
        return {"Type": "AWS::CodeDeploy::DeploymentGroup", "Properties": {
            "ApplicationName": {"Ref": "ReleasesName"}, "ServiceRoleArn": {"Ref": "ReleaseRoleArn"},
            "DeploymentConfigName": {"Fn::Sub": "CodeDeployDefault.Lambda${Rollout}"},
            "DeploymentStyle": {"DeploymentType": "BLUE_GREEN", "DeploymentOption": "WITH_TRAFFIC_CONTROL"},
            "AutoRollbackConfiguration": {"Enabled": True, "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]},
            "AlarmConfiguration": {"Enabled": {"Fn::If": ["Gradual", True, False]}, "Alarms": [{"Name": {"Ref": name}} for name in names]}}}

    def starts(self, name, spec):
        logical, made = pascal(name), {}
        live = {"Ref": f"{logical}Live"}
        if "Routes" in spec:
            made[f"{logical}Integration"] = {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
                "ApiId": {"Ref": "ApiId"}, "IntegrationType": "AWS_PROXY", "IntegrationUri": live,
                "CredentialsArn": {"Ref": "InvokeRoleArn"}, "PayloadFormatVersion": "2.0",
                "TimeoutInMillis": waits(spec) * 1000}}
        for route, guard in spec.get("Routes", {}).items():
            properties = {"ApiId": {"Ref": "ApiId"}, "RouteKey": route,
                          "Target": {"Fn::Sub": f"integrations/${{{logical}Integration}}"}, "AuthorizationType": "NONE"}
            if guard not in OURS:
                properties |= {"AuthorizationType": "JWT", "AuthorizerId": {"Ref": f"{pascal(guard)}Authorizer"}}
            made[route_id(route)] = {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}
        if "Queue" in spec:
            queue = spec["Queue"]
            made[f"{logical}Mapping"] = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
                "FunctionName": live, "EventSourceArn": {"Ref": f"{pascal(queue['Name'])}QueueArn"}, "BatchSize": queue["Batch"],
                "FunctionResponseTypes": ["ReportBatchItemFailures"], "ScalingConfig": {"MaximumConcurrency": queue["Concurrency"]}}}
            made |= alarms.queue(name, queue)
        if "Stream" in spec:
            made[f"{logical}Mapping"] = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
                "FunctionName": live, "EventSourceArn": {"Ref": "TableStreamArn"},
                "FunctionResponseTypes": ["ReportBatchItemFailures"]} | spec["Stream"]}
            made |= alarms.stream(name, spec["Age"])
        for pool, service in spec.get("Triggers", {}).items():
            made[f"{logical}From{pool}"] = {"Type": "AWS::Lambda::Permission", "Properties": {
                "Action": "lambda:InvokeFunction", "FunctionName": live, "Principal": service,
                "SourceArn": {"Ref": f"{pool}Arn"}, "SourceAccount": {"Ref": "AWS::AccountId"}}}
        if "Schedule" in spec:
            made |= self.schedule(name, spec["Schedule"])
        if spec.get("Timeout", 0) >= alarms.LONG:
            made |= alarms.duration(name, spec["Timeout"])
        return made

    def schedule(self, name, spec):
        logical = pascal(name)
        return {
            f"{logical}Schedule": {"Type": "AWS::Scheduler::Schedule", "Properties": {
                "Name": {"Fn::Sub": f"${{Prefix}}-{name}"}, "Description": spec["Why"], "ScheduleExpression": spec["At"],
                "ScheduleExpressionTimezone": "UTC", "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {"Arn": {"Ref": f"{logical}Live"}, "RoleArn": {"Fn::GetAtt": ["SchedulerRole", "Arn"]},
                           "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 3600},
                           "DeadLetterConfig": {"Arn": {"Ref": "SchedulesDeadLettersArn"}}}}},
            # The schedule's dead letters hold what could not be started; these what was started and failed.
            f"{logical}Failures": {"Type": "AWS::Lambda::EventInvokeConfig", "DependsOn": [f"{logical}Live"], "Properties": {
                "FunctionName": {"Ref": logical}, "Qualifier": "live", "MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600,
                "DestinationConfig": {"OnFailure": {"Destination": {"Ref": "SchedulesDeadLettersArn"}}}}},
        }

    def scheduler(self):
        scheduled = [pascal(name) for name, spec in self.specs.items() if "Schedule" in spec]
        statements = [policies.allow(["lambda:InvokeFunction"], [{"Ref": f"{name}Live"} for name in scheduled]),
                      policies.allow(["sqs:SendMessage"], {"Ref": "SchedulesDeadLettersArn"})]
        trust = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole",
                 "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}}
        return {"SchedulerRole": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": "start-scheduled-work", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}]}}}


def waits(spec):
    """Seconds that the API waits for a function with a route: longer than it may run."""
    return min(spec.get("Timeout", USUAL) + START, LONGEST)


def route_id(route):
    """`POST /cases/{id}/submission` as `RoutePostCasesIdSubmission`: the same whatever order routes stand in."""
    return "Route" + "".join(pascal(word.lower()) for word in re.findall(r"[A-Za-z]+(?:-[A-Za-z]+)*", route))
