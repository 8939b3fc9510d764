"""A simulated GuardDuty Malware Protection for S3: what the engine does not have of AWS.

A plan of the stack's template says which bucket it looks through, and under which names. Of each object that arrives there, it
tells the default bus what it found in that version, in the words and the form that GuardDuty publishes: rule, queue and worker are
the product's own. It knows one thing that is harmful, the text with which scanners are tried (EICAR), and looks into nothing that
is packed.
"""

import json
import uuid

# In two parts, so that no scanner takes this file for it.
HARMFUL = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

# By the name of each plan: its bucket, and how the names begin that it looks at.
plans = {}


def make(logical_id, properties, stack_name):
    name, of = uuid.uuid4().hex[:20], properties["ProtectedResource"]["S3Bucket"]
    plans[name] = of["BucketName"], tuple(of["ObjectPrefixes"])
    return name, {"MalwareProtectionPlanId": name, "Status": "ACTIVE"}


def change(name, before, after, stack_name):
    of = after["ProtectedResource"]["S3Bucket"]
    plans[name] = of["BucketName"], tuple(of["ObjectPrefixes"])
    return name, {"MalwareProtectionPlanId": name, "Status": "ACTIVE"}


def result(bucket, key, etag, version, content):
    """The detail of the event, as the guide of GuardDuty shows it."""
    harmful = HARMFUL in content
    return {
        "schemaVersion": "1.0", "scanStatus": "COMPLETED", "resourceType": "S3_OBJECT",
        "s3ObjectDetails": {"bucketName": bucket, "objectKey": key, "eTag": etag, "versionId": version, "s3Throttled": False},
        "scanResultDetails": {"scanResultStatus": "THREATS_FOUND" if harmful else "NO_THREATS_FOUND",
                              "threats": [{"name": "EICAR-Test-File (not a virus)"}] if harmful else None},
    }


def install():
    from ministack.services import eventbridge, s3
    from ministack.services.cloudformation import provisioners

    provisioners._RESOURCE_HANDLERS["AWS::GuardDuty::MalwareProtectionPlan"] = {
        "create": make, "update": change, "delete": lambda name, *_: plans.pop(name, None)}
    usual = s3._fire_s3_event

    def fire(bucket, key, event, *more, version_id=None, **named):
        usual(bucket, key, event, *more, version_id=version_id, **named)
        if not event.startswith("s3:ObjectCreated:") or not version_id:
            return
        for name, (of, prefixes) in list(plans.items()):
            content = s3._get_object_data(bucket, key, version_id) if bucket == of and key.startswith(prefixes) else None
            if content is not None:
                etag = next((value for value in more[1:2]), "").strip('"')
                tell(eventbridge, name, result(bucket, key, etag, version_id, content))

    s3._fire_s3_event = fire


def tell(eventbridge, plan, detail):
    # Sources of AWS may be published by AWS alone; here that is this.
    eventbridge._put_events({"Entries": [{
        "Source": "aws.guardduty", "DetailType": "GuardDuty Malware Protection Object Scan Result", "Detail": json.dumps(detail),
        "Resources": [f"arn:aws:guardduty:::malware-protection-plan/{plan}"]}]}, allow_aws_source=True)
