"""Packages and templates, each under the digest of its content, in a bucket of this account."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from botocore.exceptions import ClientError

from .cloud import Failure, say


def find_packages(folder, names):
    """Path and digest of the zip of every function: `<name>.zip`, or `<name>/bootstrap.zip` as cargo lambda makes it."""
    found, missing = {}, []
    for name in names:
        path = next((p for p in (folder / f"{name}.zip", folder / name / "bootstrap.zip") if p.exists()), None)
        if path:
            found[name] = (path, hashlib.sha256(path.read_bytes()).hexdigest())
        else:
            missing.append(name)
    if missing:
        raise Failure(f"{folder} has no package of: {', '.join(missing)}.\n`cargo xtask package` builds them; a function that is "
                      "gone is taken out of its room's source in infra/.")
    return found


class Artifacts:
    """The bucket. Whoever owns a bucket of this name in another account is refused, not served."""

    def __init__(self, client, prefix, account, region, partition, over_tls, endpoint):
        self.s3, self.account, self.region, self.partition, self.over_tls = client, account, region, partition, over_tls
        self.bucket = f"{prefix}-artifacts-{account}-{region}"
        self.base = f"{endpoint or f'https://s3.{region}.amazonaws.com'}/{self.bucket}"
        self.owner = {"Bucket": self.bucket, "ExpectedBucketOwner": account}
        self.there = None

    def open(self):
        try:
            self.s3.head_bucket(**self.owner)
        except ClientError as error:
            code = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if code == 403:
                raise Failure(f"bucket {self.bucket} belongs to another account, or this one may not use it. Nothing is put there.") from error
            self.create()
        self.there = set()
        for page in self.s3.get_paginator("list_objects_v2").paginate(**self.owner):
            self.there |= {item["Key"] for item in page.get("Contents", [])}

    def create(self):
        where = {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
        self.s3.create_bucket(Bucket=self.bucket, **({} if self.region == "us-east-1" else where))
        self.s3.put_public_access_block(**self.owner, PublicAccessBlockConfiguration=dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True))
        self.s3.put_bucket_versioning(**self.owner, VersioningConfiguration={"Status": "Enabled"})
        if self.over_tls:
            arn = f"arn:{self.partition}:s3:::{self.bucket}"
            deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, f"{arn}/*"],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
            self.s3.put_bucket_policy(**self.owner, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))

    def put(self, wanted):
        """`wanted`: body or path by key. What is there is the same: a key is a digest."""
        if self.there is None:
            self.open()
        fresh = {key: body for key, body in wanted.items() if key not in self.there}
        read = lambda body: body.read_bytes() if isinstance(body, Path) else body.encode()
        with ThreadPoolExecutor(4) as pool:
            puts = pool.map(lambda item: self.s3.put_object(**self.owner, Key=item[0], Body=read(item[1])), fresh.items())
            for done, (key, _) in enumerate(zip(fresh, puts)):
                say("progress", done + 1, len(fresh), "uploading", key.split("/")[0])
        self.there |= set(fresh)
