"""The portal as it is given out: with the headers that its browser tests run under, and files that hold as long as they may."""

import hashlib
import json
import re
import tempfile
from pathlib import Path

from check_deployment import Engine
from portico_infra import portal
from portico_infra.sources import HOME, Mistake
from portico_infra.stacks import everything

HEADERS = (HOME.parent / "portal/headers.ts").read_text()


def resources():
    return json.loads(everything()["portal.json"])["Resources"]


def it_gives_the_headers_that_the_portal_is_tested_with():
    given = resources()["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = given["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    tested = re.findall(r'^ {6}["`](.+)["`],$', HEADERS, re.M)
    assert len(tested) > 10, tested
    for directive in policy.split("; "):
        assert directive in tested or directive.startswith("connect-src 'self' ${ApiOrigin} ${DocumentsOrigin}"), directive
    assert len(policy.split("; ")) == len(tested), (policy, tested)
    custom = {item["Header"]: item["Value"] for item in given["CustomHeadersConfig"]["Items"]}
    for name, value in custom.items():
        assert f'"{name}": "{value}"' in HEADERS, name
    assert given["SecurityHeadersConfig"]["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer" and "ContentTypeOptions" in given["SecurityHeadersConfig"]


def it_lets_nobody_but_its_own_cloudfront_read_the_files():
    statements = resources()["PagesPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    allowed = [one for one in statements if one["Effect"] == "Allow"]
    assert [one["Action"] for one in allowed] == ["s3:GetObject"] and "AWS:SourceArn" in json.dumps(allowed), allowed
    assert all(resources()["Pages"]["Properties"]["PublicAccessBlockConfiguration"].values())


def it_answers_each_address_with_the_page_and_files_as_files():
    code = resources()["Addresses"]["Properties"]["FunctionCode"]
    assert "/index.html" in code and "indexOf('.') === -1" in code


def it_puts_the_page_last_and_asks_for_it_each_time():
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "assets").mkdir()
        (home / ".vite").mkdir()
        for name, text in {"index.html": "<!doctype html>", "config.json": '{"name": "Portal", "api": "http://localhost"}', "assets/index-1a2b.js": "1",
                           ".built": "key", ".vite/manifest.json": "{}"}.items():
            (home / name).write_text(text)
        made = portal.files(home, "https://api.agency.test")
        assert [key for key, _, _ in made] == ["assets/index-1a2b.js", "config.json", "index.html"], made
        held = {key: headers["CacheControl"] for key, _, headers in made}
        assert held == {"assets/index-1a2b.js": portal.FOR_EVER, "config.json": "no-cache", "index.html": "no-cache"}
        assert json.loads(made[1][1]) == {"name": "Portal", "api": "https://api.agency.test"}
        before = portal.digest(home)
        (home / "assets/index-1a2b.js").write_text("2")
        assert portal.digest(home) != before


def it_refuses_what_is_not_built():
    with tempfile.TemporaryDirectory() as folder:
        try:
            portal.files(folder, "")
        except Mistake as mistake:
            assert "not built" in str(mistake)
        else:
            raise AssertionError("an empty folder was taken for the portal")


def it_is_reached_through_an_edge_that_stays():
    """The edge is asked for once: a deployment that does not speak of it leaves it, and the API goes on to answer nobody past it."""
    with Engine() as engine:
        cloud, functions = engine.client("cloudformation"), engine.client("lambda")

        def stands():
            stack = lambda name: cloud.describe_stacks(StackName=name)["Stacks"][0]
            given = {p["ParameterKey"]: p["ParameterValue"] for p in stack("portico")["Parameters"]}
            made = {one["OutputKey"]: one["OutputValue"] for one in stack("portico-edge")["Outputs"]}
            variables = functions.get_function_configuration(FunctionName="portico-get-profile", Qualifier="live")["Environment"]["Variables"]
            return given["PublicUrl"], given["OriginKeySha256"], made["PublicHost"], variables["ORIGIN_KEY_SHA256"], stack("portico-edge")["LastUpdatedTime"]
        notes = engine.succeed(more=["--edge"])
        assert [note for note in notes if "edge" in note] == ["portico-edge created"], notes
        url, digest, host, known, _ = before = stands()
        secret = json.loads((engine.home / "stack.json").read_text())["secrets"]["origin"]
        key = engine.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
        assert url == f"https://{host}" and digest == known == hashlib.sha256(key.encode()).hexdigest(), before
        assert engine.succeed() == [] and stands() == before, "a deployment without the edge changes nothing of it"
        engine.package("get-profile", "2")
        assert engine.succeed() == ["portico updated"] and stands() == before, "nor does a release"
        assert engine.succeed(more=["--edge"]) == [] and stands() == before


def it_is_deployed_with_its_files_and_names_the_api():
    with Engine() as engine:
        home = engine.home / "portal"
        (home / "assets").mkdir(parents=True)
        for name, text in {"index.html": "<!doctype html>", "config.json": '{"name": "Portal"}', "assets/index-1a2b.js": "1"}.items():
            (home / name).write_text(text)
        notes = engine.succeed(more=[f"--portal={home}"])
        assert "portico-portal created" in notes and any("the portal is at https://" in note for note in notes), notes
        outputs = engine.client("cloudformation").describe_stacks(StackName="portico-portal")["Stacks"][0]["Outputs"]
        bucket = next(one["OutputValue"] for one in outputs if one["OutputKey"] == "PagesBucket")
        files = engine.client("s3")
        api = json.loads((engine.home / "stack.json").read_text())["apiId"]
        assert api in json.loads(files.get_object(Bucket=bucket, Key="config.json")["Body"].read())["api"]
        page = files.get_object(Bucket=bucket, Key="index.html")
        assert page["ContentType"].startswith("text/html") and page["CacheControl"] == "no-cache"
        (home / "assets/index-3c4d.js").write_text("2")
        assert not any("created" in note for note in engine.succeed(more=[f"--portal={home}"]))
        assert files.get_object(Bucket=bucket, Key="assets/index-3c4d.js")["Body"].read() == b"2", "a new file came with nothing else new"
