"""What the local engine wants otherwise than AWS. Nothing in infra/, shared/ or functions/ bends to it; all of it is here.

`adapt` changes a template before it is uploaded, `complete` applies through the API what the engine reads in a template and
does not carry out. When the engine learns one, its line here goes. `operator` makes what an account has before a stack is
deployed to it: somebody who operates, with the stack's policy and nothing else.
"""

# It does not have these. Releases go to everybody at once, alarms of sums do not ring, nothing is backed up.
UNKNOWN = {"AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup", "AWS::Backup::BackupSelection"}
# A message whose function died comes back soon: a demonstration does not wait.
VISIBILITY = {5400: 30, 720: 30, 360: 15, 180: 15, 30: 5}


def adapt(name, template):
    resources = template["Resources"]
    gone = {logical for logical, of in resources.items()
            if of["Type"] in UNKNOWN or of["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in of["Properties"]}
    for logical in gone:
        del resources[logical]
    for logical, of in resources.items():
        of.pop("UpdatePolicy", None)
        ADAPT.get(of["Type"], lambda properties: None)(of.get("Properties", {}))
    for output in template.get("Outputs", {}).values():
        if isinstance(output["Value"], dict) and output["Value"].get("Ref") in gone:
            output["Value"] = "none"
    return template


def statements(properties):
    for policy in properties.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            condition = statement.get("Condition", {})
            # It never says from whom a mail is.
            if "ses:FromAddress" in condition.get("StringEquals", {}):
                del statement["Condition"]
            # Nor does it ask for an identity by its ARN.
            if statement["Action"] in ("ses:SendEmail", ["ses:SendEmail"]):
                statement["Resource"] = "*"


def queue(properties):
    seconds = properties.get("VisibilityTimeout")
    if seconds:
        properties["VisibilityTimeout"] = VISIBILITY[seconds]


ADAPT = {"AWS::IAM::Role": statements, "AWS::SQS::Queue": queue}


def complete(templates, values, outputs, client):
    """CORS of the API; encryption and object lock of the buckets."""
    resources = {}
    for template in templates.values():
        resources |= template["Resources"]
    attributes = {"FilesKey": outputs["FilesKeyArn"]}

    def plain(value):
        if isinstance(value, list):
            return [plain(item) for item in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Ref"}:
            return values[value["Ref"]]
        if set(value) == {"Fn::GetAtt"}:
            return attributes[value["Fn::GetAtt"][0]]
        return {name: plain(item) for name, item in value.items()}

    client("apigatewayv2").update_api(ApiId=outputs["ApiId"], CorsConfiguration=plain(resources["Api"]["Properties"]["CorsConfiguration"]))
    s3 = client("s3")
    for name in ("Documents", "Letters", "Feeds", "Records"):
        bucket, wanted = outputs[f"{name}Bucket"], resources[name]["Properties"]
        rules = plain(wanted["BucketEncryption"]["ServerSideEncryptionConfiguration"])
        for rule in rules:
            rule["ApplyServerSideEncryptionByDefault"] = rule.pop("ServerSideEncryptionByDefault")
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
        if lock := plain(wanted.get("ObjectLockConfiguration")):
            retention = lock["Rule"]["DefaultRetention"]
            retention["Days"] = int(retention["Days"])
            s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=lock)


def operator(client, prefix, region, held):
    """The keys of an operator; those that a record holds stay while the engine knows them."""
    iam, name = client("iam"), f"{prefix}-operator"
    if name not in [user["UserName"] for user in iam.list_users()["Users"]]:
        iam.create_user(UserName=name)
    (policy,) = [one["Arn"] for one in iam.list_policies(Scope="Local")["Policies"] if one["PolicyName"] == f"{name}-{region}"]
    iam.attach_user_policy(UserName=name, PolicyArn=policy)
    known = [key["AccessKeyId"] for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]]
    if held and held["accessKeyId"] in known:
        return held
    for key in known:
        iam.delete_access_key(UserName=name, AccessKeyId=key)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return {"accessKeyId": made["AccessKeyId"], "secretAccessKey": made["SecretAccessKey"]}
