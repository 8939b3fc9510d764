"""Templates as AWS gets them."""

import functools
import json
import re
import tomllib

from portico_infra.sources import HOME, Mistake, pascal, walk
from portico_infra.stacks import LIMIT, ROOM_FOR_MORE, Code, before_it_stands, everything, foundation, references
from roles import listed, roles

ROOT = HOME.parent
PRODUCERS = {"reviews", "cases", "groups", "staff", "accounts", "fhir"}
DATA = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret", "AWS::KMS::Key"}


@functools.cache
def templates():
    return {name: json.loads(text) for name, text in everything().items()}


def resources(kind):
    return [(file, logical, of) for file, body in templates().items() for logical, of in body["Resources"].items() if of["Type"] == kind]


def it_leaves_no_transform_to_be_carried_out():
    for name, body in templates().items():
        text = json.dumps(body)
        assert "Transform" not in body and "AWS::Serverless" not in text and "Fn::ForEach" not in text and "Portico::" not in text, name


def it_fits_into_what_cloudformation_takes():
    for name, text in everything().items():
        body = json.loads(text)
        assert len(body["Resources"]) <= ROOM_FOR_MORE < LIMIT, name
        assert len(body.get("Parameters", {})) < 180 and len(body.get("Outputs", {})) < 180 and len(text) < 900_000, name


def it_refuses_a_room_that_is_nearly_full():
    import portico_infra.stacks as stacks
    before, stacks.ROOM_FOR_MORE = stacks.ROOM_FOR_MORE, 100
    try:
        stacks.everything()
    except Mistake as mistake:
        assert int(str(mistake).split(" has ")[1].split()[0]) > 100 and "more than 100 want another room" in str(mistake)
    else:
        raise AssertionError("a room with more than its limit was taken")
    finally:
        stacks.ROOM_FOR_MORE = before


def it_has_a_function_for_every_folder_and_no_other():
    folders = {path.name for path in (ROOT / "functions").iterdir() if (path / "Cargo.toml").exists()}
    assert set(Code().functions()) == folders, set(Code().functions()) ^ folders


def it_brings_consumers_of_events_before_those_who_write_them():
    children = templates()["portico.json"]["Resources"]

    def before(name):
        of = children[name]
        direct = set(of["DependsOn"]) | references(of["Properties"]["Parameters"]) & set(children)
        return direct | {far for near in direct for far in before(near)}
    for room in PRODUCERS:
        assert {"Api", "Events", "Delivery", "Letters", "Feeds"} <= before(pascal(room)), room
    assert before("Operations") == set(children) - {"Operations"}, "the stage opens the doors last"
    writers = {room for room, source in Code().rooms.items() for spec in source.get("Functions", {}).values()
               if "EVENT" in spec.get("Adds", []) and "Routes" in spec}
    assert writers <= PRODUCERS | {"delivery"}, writers


def it_plans_nothing_for_the_foundation_when_only_code_changes():
    names = Code().functions()
    first = everything({name: f"{name}/1.zip" for name in names}, "a")
    second = everything({name: f"{name}/2.zip" if name == "submit-case" else f"{name}/1.zip" for name in names}, "a")
    changed = {name for name in first if first[name] != second[name]}
    assert changed == {"cases.json", "portico.json"}, changed
    old, new = json.loads(first["cases.json"])["Resources"], json.loads(second["cases.json"])["Resources"]
    touched = {re.sub("Version[0-9a-f]{12}$", "Version", name) for name in old | new if old.get(name) != new.get(name)}
    assert touched == {"SubmitCase", "SubmitCaseVersion", "SubmitCaseLive"}, touched
    root_old, root_new = (json.loads(t["portico.json"])["Resources"] for t in (first, second))
    assert {name for name in root_old if root_old[name] != root_new[name]} == {"Cases"}


def it_makes_a_new_version_of_what_has_new_parameters():
    names = {name: f"{name}/1.zip" for name in Code().functions()}
    versions = lambda values: {n for n in json.loads(everything(names, values)["cases.json"])["Resources"] if "Version" in n}
    assert not versions("a") & versions("b") and versions("a") == versions("a")


def it_waits_for_every_action_longer_than_it_may_run():
    seen = 0
    longest = templates()["edge.json"]["Resources"]["Front"]["Properties"]["DistributionConfig"]["Origins"][0]["CustomOriginConfig"]["OriginReadTimeout"]
    for file, logical, of in resources("AWS::ApiGatewayV2::Integration"):
        function = templates()[file]["Resources"][logical.removesuffix("Integration")]["Properties"]
        waited = of["Properties"]["TimeoutInMillis"]
        assert function["Timeout"] * 1000 < waited <= longest * 1000 <= 30_000, (logical, function["Timeout"], waited)
        seen += 1
    assert seen == len([spec for spec in Code().functions().values() if "Routes" in spec])
    room = Code()
    room.rooms["reviews"]["Functions"]["preview-letters"]["Timeout"] = 30
    try:
        room.room("reviews")
    except Mistake as mistake:
        assert "preview-letters may run for 30 s" in str(mistake)
    else:
        raise AssertionError("an action may run longer than anybody waits for it")


def it_starts_every_function_through_its_alias():
    for file, logical, of in resources("AWS::Lambda::EventSourceMapping"):
        assert of["Properties"]["FunctionName"]["Ref"].endswith("Live"), (file, logical)
    for file, logical, of in resources("AWS::ApiGatewayV2::Integration"):
        assert of["Properties"]["IntegrationUri"]["Ref"].endswith("Live") and "CredentialsArn" in of["Properties"], (file, logical)
    for file, logical, of in resources("AWS::Scheduler::Schedule"):
        assert of["Properties"]["Target"]["Arn"]["Ref"].endswith("Live"), (file, logical)
    pools = [of["Properties"]["LambdaConfig"] for _, _, of in resources("AWS::Cognito::UserPool")]
    assert all(value["Fn::Sub"].endswith("-on-auth-challenge:live") for config in pools for value in config.values()) and len(pools) == 2


def gradual(templates):
    """Each action of these templates is released a part at a time and taken back by alarm; gives how many there are."""
    rollout, groups = templates["portico.json"]["Parameters"]["Rollout"], 0
    assert rollout["Default"] != "AllAtOnce" and all(word == "AllAtOnce" or re.match("(Canary|Linear)10Percent", word) for word in rollout["AllowedValues"])
    for file, body in templates.items():
        for logical, of in body["Resources"].items():
            if of["Type"] == "AWS::CodeDeploy::DeploymentGroup":
                groups += 1
                alarms = [a["Name"]["Ref"] for a in of["Properties"]["AlarmConfiguration"]["Alarms"]]
                assert alarms and all(body["Resources"][name]["Type"] == "AWS::CloudWatch::Alarm" for name in alarms), (file, logical)
                back, alias = of["Properties"]["AutoRollbackConfiguration"], body["Resources"][logical.removesuffix("Release") + "Live"]
                assert back["Enabled"] is True and {"DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_FAILURE"} <= set(back["Events"]), (file, logical)
                assert of["Properties"]["AlarmConfiguration"]["Enabled"] == {"Fn::If": ["Gradual", True, False]}, (file, logical)
                assert body["Conditions"]["Gradual"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "Rollout"}, "AllAtOnce"]}]}, file
                assert of["Properties"]["DeploymentConfigName"] == {"Fn::Sub": "CodeDeployDefault.Lambda${Rollout}"}, (file, logical)
                assert alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"] == {"Ref": logical}, (file, logical)
    return groups


def routed():
    return [name for name, spec in Code().functions().items() if "Routes" in spec]


def it_releases_actions_a_part_at_a_time_and_takes_them_back_by_alarm():
    assert gradual(templates()) == len(routed())


def it_watches_every_function_queue_and_stream():
    watched, texts = set(), json.dumps([of for _, _, of in resources("AWS::CloudWatch::Alarm")])
    for _, logical, of in resources("AWS::CloudWatch::Alarm"):
        assert of["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopicArn"}], logical
        for metric in of["Properties"].get("Metrics", []):
            watched |= {d["Value"]["Ref"] for d in metric.get("MetricStat", {}).get("Metric", {}).get("Dimensions", [])}
        assert len(of["Properties"].get("Metrics", [])) <= 11, logical
        # Tries of what is away lie up to an hour apart: in between, nothing has recovered.
        assert of["Properties"].get("MetricName") != "Waiting" or of["Properties"]["TreatMissingData"] == "ignore", logical
    assert watched == {pascal(name) for name in Code().functions()}, watched ^ {pascal(name) for name in Code().functions()}
    for _, logical, _ in resources("AWS::SQS::Queue"):
        assert f'"Ref": "{logical}Arn"' in texts, f"nobody watches {logical}"


def it_protects_from_deletion_only_what_stands():
    """What refused its deletion while the stack is created could not be taken back: one condition is off until then."""
    words = {"DeletionProtectionEnabled": (True, False), "DeletionProtection": ("ACTIVE", "INACTIVE")}
    first, seen = before_it_stands(foundation()), 0
    for logical, of in first["Resources"].items():
        for word, (on, off) in words.items():
            if word in of.get("Properties", {}):
                assert of["Properties"][word] == {"Fn::If": ["Protected", on, off]}, logical
                seen += 1
    allowed = foundation()["Parameters"]["DeletionProtection"]["AllowedValues"]
    assert seen == 3 and first["Conditions"]["Protected"]["Fn::Equals"][1] not in allowed
    assert first["Parameters"] == foundation()["Parameters"], "what was said of it is remembered"


def it_tells_of_long_work_before_it_is_cut_off():
    slow = {of["Properties"]["Dimensions"][0]["Value"]["Ref"]: of["Properties"] for _, _, of in resources("AWS::CloudWatch::Alarm")
            if of["Properties"].get("MetricName") == "Duration"}
    long = {pascal(name): spec["Timeout"] for name, spec in Code().functions().items() if spec.get("Timeout", 0) >= 300}
    assert set(slow) == set(long) and len(long) > 4, set(slow) ^ set(long)
    for name, of in slow.items():
        assert long[name] * 900 <= of["Threshold"] < long[name] * 1000 and of["Statistic"] == "Maximum", (name, of)
    # An import ends its call by itself before the alarm rings.
    reserve = int(re.search(r"RESERVE_SECONDS: \w+ = (\d+);", (ROOT / "shared/workers/src/feeds/run.rs").read_text())[1])
    assert (long["ImportMembers"] - reserve) * 1000 < slow["ImportMembers"]["Threshold"], reserve


def it_tells_of_mail_and_texts_that_do_not_arrive_and_of_requests_that_are_late():
    told = {(str(of["Properties"].get("Namespace")), of["Properties"].get("MetricName")) for _, _, of in resources("AWS::CloudWatch::Alarm")}
    for metric in (("AWS/SES", "Reject"), ("AWS/SES", "DeliveryDelay"), ("AWS/SNS", "SMSSuccessRate"), ("Portico", "Overdue")):
        assert metric in told, metric
    texts = templates()["operations.json"]["Resources"]["TextsLostAlarm"]["Properties"]
    assert texts["ComparisonOperator"] == "LessThanThreshold" and 0 < texts["Threshold"] < 1
    assert all(of["Properties"]["Threshold"] is not None for _, _, of in resources("AWS::CloudWatch::Alarm"))
    sent = templates()["foundation.json"]["Resources"]["MailEvents"]["Properties"]["EventDestination"]
    assert {"reject", "deliveryDelay"} <= set(sent["MatchingEventTypes"]), sent


def it_notes_who_fetched_what_from_every_bucket():
    """Those that logs go to are not logged themselves: their entries would be entries."""
    for file, body in templates().items():
        buckets = {logical: of["Properties"] for logical, of in body["Resources"].items() if of["Type"] == "AWS::S3::Bucket"}
        logged = {logical: of["LoggingConfiguration"] for logical, of in buckets.items() if "LoggingConfiguration" in of}
        into = {of["DestinationBucketName"]["Ref"] for of in logged.values()}
        for of in body["Resources"].values():
            if of["Type"] == "AWS::CloudFront::Distribution":
                into.add(of["Properties"]["DistributionConfig"]["Logging"]["Bucket"]["Fn::GetAtt"][0])
        assert set(logged) | into == set(buckets) and not set(logged) & into, (file, set(buckets) - set(logged) - into)
        prefixes = [of["LogFilePrefix"] for of in logged.values()]
        assert len(set(prefixes)) == len(prefixes), (file, prefixes)


def it_backs_up_the_table_and_every_bucket_with_data():
    body = templates()["foundation.json"]["Resources"]
    data = {name for name, of in body.items() if of["Type"] == "AWS::DynamoDB::Table" or of["Type"] == "AWS::S3::Bucket" and name != "AccessLogs"}
    saved = {one["Fn::GetAtt"][0] for one in body["BackupSelection"]["Properties"]["BackupSelection"]["Resources"]}
    assert saved == data and len(data) == 5, saved ^ data


def it_checks_documents_when_a_scan_has_told_of_them_and_never_before():
    """One way into the documents' queue: the results of a plan that scans all that uploads are named as."""
    body = templates()["foundation.json"]["Resources"]
    assert body["Documents"]["Properties"]["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    plan, rule = body["MalwarePlan"], body["ScanResults"]
    assert not {"Condition"} & (set(plan) | set(rule) | set(body["MalwareRole"])), "the scan is a part of every deployment"
    assert plan["Properties"]["ProtectedResource"] == {"S3Bucket": {"BucketName": {"Ref": "Documents"}, "ObjectPrefixes": ["incoming/"]}}
    files = (ROOT / "shared/aws/src/files.rs").read_text()
    assert 'format!("incoming/{case}/{document}")' in files, "uploads arrive elsewhere than where they are scanned"
    event = json.loads(json.loads((ROOT / "events/on-document-uploaded/clean.json").read_text())["Records"][0]["body"])
    pattern = rule["Properties"]["EventPattern"]
    assert event["source"] in pattern["source"] and event["detail-type"] in pattern["detail-type"]
    assert set(pattern["detail"]) == {"s3ObjectDetails"} and set(pattern["detail"]["s3ObjectDetails"]) <= set(event["detail"]["s3ObjectDetails"])
    assert rule["Properties"]["Targets"] == [{"Id": "documents", "Arn": {"Fn::GetAtt": ["DocumentsQueue", "Arn"]}}]
    for _, logical, policy in resources("AWS::SQS::QueuePolicy"):
        if {"Ref": "DocumentsQueue"} in policy["Properties"]["Queues"]:
            allowed = [one for one in policy["Properties"]["PolicyDocument"]["Statement"] if one.get("Effect") == "Allow"]
            assert [(one["Principal"], one["Condition"]) for one in allowed] == [
                ({"Service": "events.amazonaws.com"}, {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["ScanResults", "Arn"]}}})], logical


def it_lets_no_function_read_an_upload_but_the_one_that_a_scan_starts():
    def reads(one):
        of_uploads = [place for place in listed(one["Resource"]) if re.search(r"DocumentsBucketArn[^/]*/(incoming|\*)", str(place))]
        return of_uploads and any(action.startswith(("s3:Get", "s3:*")) for action in listed(one["Action"]))
    assert {name for name, statements in roles().items() if any(map(reads, statements))} == {"on-document-uploaded"}


def it_logs_who_called_from_where_and_why_it_failed_and_no_path():
    stage = templates()["operations.json"]["Resources"]["Stage"]["Properties"]["AccessLogSettings"]
    line = json.loads(stage["Format"])
    wanted = {"from": "$context.identity.sourceIp", "by": "$context.authorizer.claims.username", "route": "$context.routeKey",
              "integrationError": "$context.integrationErrorMessage", "requestId": "$context.requestId", "status": "$context.status"}
    assert wanted.items() <= line.items(), line
    assert not any(word in stage["Format"] for word in ("$context.path", "queryString", "requestOverride", "claims.email")), line


def it_sends_all_mail_under_the_configuration_that_counts_bounces():
    pools = [of["Properties"]["EmailConfiguration"] for _, _, of in resources("AWS::Cognito::UserPool")]
    assert len(pools) == 2 and all(of["ConfigurationSet"] == {"Ref": "MailConfiguration"} and of["EmailSendingAccount"] == "DEVELOPER" for of in pools), pools
    (statement,) = Code().uses["SendEmail"]["Statements"]
    assert {"Ref": "MailConfigurationArn"} in statement["Resource"] and "ses:FromAddress" in statement["Condition"]["StringEquals"], statement
    sender = templates()["delivery.json"]["Resources"]["SendNotice"]["Properties"]["Environment"]["Variables"]
    assert sender["MAIL_CONFIGURATION"] == {"Ref": "MailConfiguration"}
    assert "set_configuration_set_name(self.configuration" in (ROOT / "shared/aws/src/mail.rs").read_text()


def it_keeps_what_a_schedule_could_not_do():
    schedules = resources("AWS::Scheduler::Schedule")
    assert len(schedules) == len([spec for spec in Code().functions().values() if "Schedule" in spec]) > 3
    for file, logical, of in schedules:
        name = logical.removesuffix("Schedule")
        failures = templates()[file]["Resources"][f"{name}Failures"]
        assert failures["Type"] == "AWS::Lambda::EventInvokeConfig" and failures["Properties"]["Qualifier"] == "live", (file, logical)
        assert failures["Properties"]["FunctionName"] == {"Ref": name}, (file, logical)
        letters = {"Ref": "SchedulesDeadLettersArn"}
        assert failures["Properties"]["DestinationConfig"]["OnFailure"]["Destination"] == of["Properties"]["Target"]["DeadLetterConfig"]["Arn"] == letters, logical


def it_gives_a_scan_a_whole_processor_and_no_other_beside_it():
    body = templates()["cases.json"]["Resources"]
    assert body["OnDocumentUploaded"]["Properties"]["MemorySize"] == 1769
    assert body["OnDocumentUploadedMapping"]["Properties"]["BatchSize"] == 1


def it_wakes_nobody_for_a_single_error():
    sums = [(file, logical, of["Properties"]) for file, logical, of in resources("AWS::CloudWatch::Alarm") if "Metrics" in of["Properties"]]
    assert len(sums) > 10
    for file, logical, of in sums:
        assert (of["DatapointsToAlarm"], of["EvaluationPeriods"]) == (2, 5), (file, logical)


def it_holds_no_condition_that_is_true_of_what_is_absent():
    """`…IfExists` lets everything pass that does not say; so does a key that a service never fills in."""
    seen = []

    def found(value):
        seen.extend(operator for operator in value.get("Condition", {}) if isinstance(value.get("Condition"), dict))
    for body in templates().values():
        walk(body["Resources"], found)
    assert len(seen) > 100 and not any("IfExists" in operator for operator in seen), set(seen)


def it_gives_what_holds_data_no_name_of_its_own():
    named = {"BucketName", "TableName", "Name", "AliasName"}
    for kind in DATA:
        for file, logical, of in resources(kind):
            assert not named & set(of["Properties"]), (file, logical)
            assert of["DeletionPolicy"] == "RetainExceptOnCreate" and of["UpdateReplacePolicy"] == "Retain", (file, logical)
    kept = {of["Type"] for body in templates().values() for of in body["Resources"].values() if "DeletionPolicy" in of}
    assert kept == DATA | {"AWS::Cognito::UserPool", "AWS::Backup::BackupVault"}, kept


def it_asks_for_what_only_the_owner_knows():
    asked = {name for file in ("foundation.json", "portico.json") for name, of in templates()[file]["Parameters"].items() if "Default" not in of}
    assert {"MailFrom", "PortalUrl", "FaxUrl", "MailUrl", "VoiceUrl", "AlarmEmail"} <= asked, asked
    text = json.dumps(templates())
    assert "ReservedConcurrentExecutions" not in text and "FAX_RETRY" not in text and "MINUTE_SECONDS" not in text and "example" not in text


def it_leaves_a_failed_message_time_and_a_slow_worker_six_of_its_own():
    queues = {of["Properties"]["QueueName"]["Fn::Sub"].removeprefix("${Prefix}-"): of["Properties"] for _, _, of in resources("AWS::SQS::Queue")}
    for name, spec in Code().functions().items():
        if "Queue" in spec:
            queue = queues[spec["Queue"]["Name"]]
            assert queue["VisibilityTimeout"] >= 6 * spec.get("Timeout", 10), name
            # Between receives its worker waits: only a PIN is of no use after some minutes.
            assert queue["RedrivePolicy"]["maxReceiveCount"] >= (5 if spec["Queue"]["Name"] == "pins" else 100), name
            assert 2 <= spec["Queue"]["Concurrency"] <= 1000, name
    assert all(queue["MessageRetentionPeriod"] == 1209600 for queue in queues.values())


def it_shuts_every_queue_and_bucket_to_anything_but_tls():
    base = foundation()["Resources"]
    shut = set()
    for of in base.values():
        if of["Type"] in ("AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy") and "aws:SecureTransport" in json.dumps(of):
            shut |= {ref["Ref"] for ref in of["Properties"].get("Queues", []) + [of["Properties"].get("Bucket", {"Ref": ""})]}
    holders = {name for name, of in base.items() if of["Type"] in ("AWS::SQS::Queue", "AWS::S3::Bucket")}
    assert holders == shut - {""}, holders ^ shut
    owners = [name for of in base.values() if of["Type"] == "AWS::SQS::QueuePolicy" for name in (q["Ref"] for q in of["Properties"]["Queues"])]
    assert len(owners) == len(set(owners)), "a queue has one policy: the last one set is the only one"


def it_encrypts_and_keeps_every_log():
    for file, logical, of in resources("AWS::Logs::LogGroup"):
        assert of["Properties"]["KmsKeyId"] and of["Properties"]["RetentionInDays"], (file, logical)
    assert len(resources("AWS::Logs::LogGroup")) == len(Code().functions()) + 1


def it_lets_a_session_last_as_long_as_any_contract_says():
    hours = [tomllib.loads(path.read_text()) for path in (ROOT / "contracts").glob("*/contract.toml")]
    longest = max(value for pack in hours for value in numbers(pack, "absolute-hours"))
    rule = re.search(r"MAX_ABSOLUTE_HOURS: \w+ = (\d+);", (ROOT / "shared/domain/src").joinpath("contracts/mod.rs").read_text())
    most = int(rule[1])
    clients = [of["Properties"]["RefreshTokenValidity"] for _, _, of in resources("AWS::Cognito::UserPoolClient")]
    assert longest <= most and clients == [most, most], (longest, most, clients)


def numbers(node, name):
    if isinstance(node, dict):
        return [v for k, value in node.items() for v in ([value] if k == name else numbers(value, name))]
    return []


def it_gives_open_doors_a_rate_of_their_own():
    stage = templates()["operations.json"]["Resources"]["Stage"]["Properties"]
    opened = {route for spec in Code().functions().values() for route, guard in spec.get("Routes", {}).items() if guard in ("open", "client")}
    assert set(stage["RouteSettings"]) == opened and len(opened) > 10
    routes = {of["Properties"]["RouteKey"] for _, _, of in resources("AWS::ApiGatewayV2::Route") if of["Properties"]["AuthorizationType"] == "NONE"}
    assert routes == opened


def it_holds_each_address_at_every_open_door_of_the_edge():
    rules = templates()["edge.json"]["Resources"]["Firewall"]["Properties"]["Rules"]

    def pattern(name):
        rule = next(rule for rule in rules if rule["Name"] == name)
        return re.compile(rule["Statement"]["RateBasedStatement"]["ScopeDownStatement"]["RegexMatchStatement"]["RegexString"])
    doors, call_backs = pattern("each-address-at-open-doors"), pattern("each-address-at-call-backs")
    for spec in Code().functions().values():
        for route, guard in spec.get("Routes", {}).items():
            path = route.split(" ")[1]
            assert guard != "open" or bool(doors.match(path)) != bool(call_backs.match(path)), f"no rate of the edge is for {route}"
    assert len({rule["Priority"] for rule in rules}) == len(rules)


def it_says_at_the_edge_what_every_answer_says():
    front = templates()["edge.json"]["Resources"]["Front"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"]
    assert front["ResponseHeadersPolicyId"] == {"Ref": "Always"}
    policy = templates()["edge.json"]["Resources"]["Always"]["Properties"]["ResponseHeadersPolicyConfig"]
    assert set(policy["SecurityHeadersConfig"]) == {"ContentTypeOptions", "StrictTransportSecurity", "ReferrerPolicy"}
    said = re.search(r"const ALWAYS.*?\];", (ROOT / "shared/api/src/lambda.rs").read_text(), re.S).group()
    for value in ("no-store", "nosniff", "max-age=31536000; includeSubDomains", "no-referrer"):
        assert value in said, value


def it_stays_within_what_an_environment_takes():
    for file, logical, of in resources("AWS::Lambda::Function"):
        names = sum(len(name) for name in of["Properties"]["Environment"]["Variables"])
        assert names + 90 * len(of["Properties"]["Environment"]["Variables"]) < 4096, (file, logical)


def it_passes_every_parameter_of_a_room_on():
    root = templates()["portico.json"]
    for name, child in root["Resources"].items():
        room = templates()[f"{name.lower()}.json"]
        assert set(child["Properties"]["Parameters"]) == set(room.get("Parameters", {})), name
        unused = set(room.get("Parameters", {})) - references([room["Resources"], room.get("Conditions", {}), room.get("Outputs", {})])
        assert not unused, (name, unused)
