"""Applies through the API what the local engine reads in a template and does not carry out.

The values come from the template itself. AWS needs none of this; when the engine learns one, its line here goes.
"""

import yaml


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags as the long forms."""


def tag(loader, suffix, node):
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


Loader.add_multi_constructor("!", tag)


def complete(template, parameters, outputs, client):
    """CORS of the API; encryption and object lock of the buckets."""
    parsed = yaml.load(template, Loader)
    values = {name: p.get("Default") for name, p in parsed["Parameters"].items()} | parameters
    attributes = {"Key.Arn": outputs["KmsKey"]}

    def plain(value):
        if isinstance(value, list):
            return [plain(item) for item in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Ref"}:
            return values[value["Ref"]]
        if set(value) == {"Fn::GetAtt"}:
            return attributes[value["Fn::GetAtt"]]
        return {name: plain(item) for name, item in value.items()}

    def properties(name):
        return parsed["Resources"][name]["Properties"]

    client("apigatewayv2").update_api(ApiId=outputs["ApiId"], CorsConfiguration=plain(properties("Api")["CorsConfiguration"]))
    s3 = client("s3")
    for name in ("Documents", "Letters", "Feeds", "Records"):
        bucket, wanted = outputs[f"{name}Bucket"], properties(name)
        rules = plain(wanted["BucketEncryption"]["ServerSideEncryptionConfiguration"])
        for rule in rules:
            rule["ApplyServerSideEncryptionByDefault"] = rule.pop("ServerSideEncryptionByDefault")
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
        lock = plain(wanted.get("ObjectLockConfiguration"))
        if lock:
            retention = lock["Rule"]["DefaultRetention"]
            retention["Days"] = int(retention["Days"])
            s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=lock)
