"""Least privilege by data, held for every function there is."""

import json
import re

from portico_infra.policies import TABLE
from deploy import CARRIERS
from portico_infra.sources import HOME, pascal, read
from portico_infra.stacks import Code
from roles import listed, may, on_table, operator, roles

READS = ("GetItem", "BatchGetItem", "Query")
CHANGES = ("UpdateItem", "DeleteItem", "BatchWriteItem")
WRITES = ("PutItem", *CHANGES)


def partitions():
    """Every kind of partition that the one file of keys builds, of the table and of its index."""
    text = (HOME.parent / "shared/aws/src/table/key.rs").read_text()
    code = "\n".join(line for line in text.split("#[cfg(test)]")[0].splitlines() if not line.lstrip().startswith("//"))
    of_keys = set(re.findall(r'=> format!\("([A-Z]+)#|= format!\("([A-Z]+)#', code))
    found = {name for pair in of_keys for name in pair if name}
    found |= set(re.findall(r'\n\s+format!\("([A-Z]+)#\{', code))
    assert {"CASE", "USER", "AUDIT", "CONTRACT", "WORK", "NAMES", "EVENT", "OUTBOX"} <= found, found
    return found


def tries():
    """What is tried, as the API counts it: the second part of the keys of tries."""
    found = set()
    for path in (HOME.parent / "shared/api/src").rglob("*.rs"):
        found |= set(re.findall(r'Throttle \{\s+what: "([a-z-]+)"|Key::tries\("([a-z-]+)"', path.read_text().split("#[cfg(test)]")[0]))
    found = {name for pair in found for name in pair if name}
    assert {"sign-in", "stranger", "username", "pins"} <= found, found
    return {f"TRIES#{name}" for name in found}


def named():
    """Every kind of partition, whole or a part of it, that a source names."""
    return {part for spec in Code().functions().values() for word in (*TABLE, "Index") for part in spec.get(word, [])}


def it_names_only_partitions_that_keys_are_built_of():
    known = partitions()
    for name, spec in Code().functions().items():
        for word in (*TABLE, "Index"):
            strange = {part.split("#")[0] for part in spec.get(word, [])} - known
            assert not strange, f"{name} {word} {strange}, which key.rs does not build; it has {sorted(known)}"


def it_lets_every_partition_be_read_or_written_by_some_function():
    known, stated = partitions(), {part.split("#")[0] for part in named()}
    assert known == stated, f"nobody may touch {sorted(known - stated)}"


def it_lets_each_function_count_only_what_is_tried_there():
    counted, specs, known = {part for part in named() if part.split("#")[0] == "TRIES"}, Code().functions(), tries()
    assert counted == known, f"by one side alone: {sorted(counted ^ known)}"
    for name, statements in roles().items():
        stated = {part for word in TABLE for part in specs[name].get(word, []) if part.startswith("TRIES#")}
        allowed = {part for part in known | {"TRIES", "TRIES#nothing"} for action in (*READS, *WRITES) if may(statements, action, [part])}
        assert allowed == stated, (name, sorted(allowed ^ stated))
        # A count goes up by an update or is forgotten; none is put in the place of another.
        assert not any(may(statements, action, [part]) for part in known for action in (*READS, "PutItem", "BatchWriteItem")), name


def it_lets_only_the_doors_of_sign_in_touch_its_counters():
    """Who could count at another door would lock anybody's account, or forget what somebody has guessed at it."""
    counters = {part for part in tries() if part in ("TRIES#stranger", "TRIES#on-record") or part.startswith("TRIES#sign-in")}
    assert len(counters) == 5, counters
    for name, spec in Code().functions().items():
        at_sign_in = any(re.match("POST /(staff/)?sessions($|/answers$|/pins$)", route) for route in spec.get("Routes", {}))
        allowed = {(action, part) for part in counters for action in WRITES if may(roles()[name], action, [part])}
        if name == "unlock-user":
            assert allowed == {("DeleteItem", "TRIES#sign-in")} and set(spec["Routes"].values()) == {"staff"}, allowed
        else:
            assert at_sign_in or not allowed, (name, allowed)


def it_holds_every_permission_on_the_table_to_partitions():
    for name, statements in roles().items():
        for statement in statements:
            touches = any(action.startswith("dynamodb:") and not action.startswith(("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"))
                          for action in listed(statement["Action"]))
            if touches and statement["Effect"] == "Allow":
                condition = statement.get("Condition", {})
                assert condition.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys"), (name, statement)
                assert condition.get("Null") == {"dynamodb:LeadingKeys": "false"}, (name, statement)


def it_lets_nobody_change_or_remove_what_is_on_record():
    for name, statements in roles().items():
        for partition in ("AUDIT", "EVENT", "CHAIN"):
            for action in CHANGES:
                assert not may(statements, action, [partition]), f"{name} may {action} {partition}"


def it_refuses_changes_of_the_record_even_beside_allowed_ones():
    statements = roles()["submit-case"]
    assert may(statements, "UpdateItem", ["CASE"])
    wide = statements + [{"Effect": "Allow", "Action": ["dynamodb:*"], "Resource": {"Ref": "TableArn"}}]
    assert not may(wide, "DeleteItem", ["AUDIT"]) and not may(wide, "UpdateItem", ["CASE", "EVENT"]) and not may(wide, "DeleteItem", ["CHAIN"])
    assert not may(wide, "Scan", []) and not may(wide, "PartiQLSelect", ["CASE"])


def it_lets_one_function_link_the_record_and_one_show_who_looked():
    linking = {name for name, statements in roles().items() for action in (*READS, *WRITES) if may(statements, action, ["CHAIN"])}
    assert linking == {"keep-records"}, linking
    showing = {name for name, statements in roles().items() for action in READS if may(statements, action, ["AUDIT#cas_x"])}
    assert showing == {"list-accesses"}, showing


def it_lets_one_function_write_contracts_that_does_nothing_else():
    writers = {name for name, statements in roles().items() for action in WRITES if may(statements, action, ["CONTRACT"])}
    assert writers == {"keep-pack"}, writers
    statements = roles()["keep-pack"]
    others = {part for part in partitions() for action in WRITES if part != "CONTRACT" and may(statements, action, [part])}
    assert others <= {"IDEM", "AUDIT", "USER"}, others
    wide = roles()["get-case"] + [{"Effect": "Allow", "Action": ["dynamodb:*"], "Resource": {"Ref": "TableArn"}}]
    assert not any(may(wide, action, ["CONTRACT"]) for action in WRITES)


def it_shows_hashes_of_passwords_only_to_who_compares_a_new_one():
    allowed = {(name, action) for name, statements in roles().items() for action in (*READS, *WRITES) if may(statements, action, ["PASSWORDS"])}
    readers = {name for name, action in allowed if action in READS}
    writers = {name for name, action in allowed if action == "PutItem"}
    assert readers == {"enrol", "reset-password"} and writers == {"answer-challenge", "reset-password"}, (readers, writers)
    assert not any(action in CHANGES for _, action in allowed), allowed


def it_keeps_the_open_doors_away_from_cases_and_the_record():
    for name, spec in Code().functions().items():
        doors = set(spec.get("Routes", {}).values())
        if doors != {"open"} or name == "on-fax-event":
            continue
        statements = roles()[name]
        for partition in ("CASE", "AUDIT", "MEMBER", "LOOKUP", "NUMBER"):
            for action in (*READS, *WRITES):
                assert not may(statements, action, [partition]), f"{name}, which anybody may call, may {action} {partition}"
        assert not may(statements, "Query", ["WORK"], index=True), name


def it_lets_a_function_that_only_shows_change_nothing_but_its_session_and_the_record():
    specs = Code().functions()
    shown = [name for name, spec in specs.items() if spec.get("Routes") and all(route.startswith("GET ") for route in spec["Routes"])]
    assert len(shown) > 8, shown
    for name in shown:
        statements, doors = roles()[name], set(specs[name]["Routes"].values())
        allowed = {(action, partition) for partition in partitions() | tries() for action in WRITES if may(statements, action, [partition])}
        allowed -= {("PutItem", "AUDIT")} | ({("UpdateItem", "TRIES#username")} if doors == {"open"} else {("UpdateItem", "USER")})
        # A report reads a year: how often one person may ask is counted.
        allowed -= {("UpdateItem", "TRIES#reports")} if name == "get-report" else set()
        assert not allowed, f"{name} only shows, and may {sorted(allowed)}"


def it_judges_as_the_sources_say():
    """The judge itself: what is stated is allowed, and nothing else is."""
    statements = roles()["check-username"]
    assert may(statements, "GetItem", ["USER"]) and may(statements, "UpdateItem", ["TRIES#username"])
    assert not may(statements, "GetItem", ["USER", "CASE"]) and not may(statements, "Query", [])
    assert not may(statements, "DeleteItem", ["TRIES#username"]) and not may(statements, "PutItem", ["TRIES#username"])
    assert not may(statements, "UpdateItem", ["TRIES"]) and not may(statements, "UpdateItem", ["TRIES#sign-in"])
    assert may(roles()["list-worklist"], "Query", ["WORK"], index=True)


def it_gives_each_function_its_own_log_and_no_other():
    for name, statements in roles().items():
        logs = [s for s in statements if any(a.startswith("logs:") for a in listed(s["Action"]))]
        assert len(logs) == 1 and logs[0]["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"], (name, logs)
        assert isinstance(logs[0]["Resource"], dict) and "Fn::GetAtt" in logs[0]["Resource"], (name, logs)


def it_has_no_star_where_a_resource_has_a_name():
    spared = {"dynamodb:ListStreams"}
    for name, statements in roles().items():
        for statement in statements:
            if statement["Effect"] == "Allow":
                assert not any("*" in action for action in listed(statement["Action"])), (name, statement)
                assert "*" not in listed(statement["Resource"]) or set(listed(statement["Action"])) <= spared, (name, statement)


def it_gives_a_key_only_through_its_service():
    specs = Code().functions()
    for name, statements in roles().items():
        for statement in statements:
            actions = listed(statement["Action"])
            if any(action.startswith("kms:") for action in actions):
                assert set(actions) <= {"kms:Decrypt", "kms:GenerateDataKey"}, (name, statement)
                through = statement.get("Condition", {}).get("StringEquals", {}).get("kms:ViaService")
                stream = "Stream" in specs[name] and statement["Resource"] == {"Ref": "TableKeyArn"}
                assert through or stream, (name, statement)


def it_reads_a_secret_only_where_it_is_used():
    allowed = {name: {json.dumps(r) for s in statements if "secretsmanager:GetSecretValue" in listed(s["Action"]) for r in listed(s["Resource"])}
               for name, statements in roles().items()}
    carriers = {json.dumps({"Ref": f"{carrier}SecretArn"}): users for carrier, users in (
        ("Ids", {"import-providers", "import-members", "import-claims"}), ("Fax", {"send-fax", "receive-fax"}), ("FaxReports", {"on-fax-event"}), ("Mail", {"send-mail"}), ("Voice", {"send-pin"}))}
    for secret, users in carriers.items():
        assert {name for name, secrets in allowed.items() if secret in secrets} == users, secret
    assert all("OriginSecretArn" not in secret for secrets in allowed.values() for secret in secrets)


def it_gives_an_operator_what_the_program_does_and_no_more():
    statements, every = operator(), partitions() | tries() | {"AUDIT#OPERATIONS", "AUDIT#x", "AUDIT#cas_x", "AUDIT#cli_x"}
    wanted = {
        "CONTRACT": {*READS, "PutItem", "DeleteItem"}, "USER": {*READS, "PutItem", "DeleteItem"}, "STAFF": {*READS, "PutItem", "DeleteItem"}, "LINK": {"PutItem", "DeleteItem"},
        "EVENT": {*READS, "PutItem"}, "NUMBER": set(READS), "OUTBOX": {*READS, "PutItem", "BatchWriteItem"}, "IMPORT": set(READS), "PAUSE": {*READS, "PutItem", "DeleteItem"},
        "AUDIT#OPERATIONS": {*READS, "PutItem"}, "AUDIT#cas_x": set(READS), "CHAIN": set(READS)}
    for part in every:
        allowed = {action for action in (*READS, *WRITES) if may(statements, action, [part])}
        assert allowed == wanted.get(part, set()), (part, sorted(allowed))
        assert not may(statements, "Query", [part], index=True), part
    for statement in statements:
        actions, resource = listed(statement["Action"]), listed(statement["Resource"])
        assert statement["Effect"] == "Deny" or not any("*" in word for word in (*actions, *map(str, resource))), statement
        assert not any(action.startswith(("cognito", "s3:", "iam:", "lambda:")) for action in actions), statement
        assert not any(action.startswith("kms:") for action in actions) or statement["Condition"]["StringEquals"]["kms:ViaService"], statement


def it_keeps_the_record_from_an_operator_who_may_do_everything_else():
    wide = operator() + [{"Effect": "Allow", "Action": ["dynamodb:*"], "Resource": {"Ref": "TableArn"}}]
    for action in ("UpdateItem", "DeleteItem"):
        assert may(wide, action, ["CASE"])
        assert not may(wide, action, ["AUDIT#OPERATIONS"]) and not may(wide, action, ["AUDIT"]) and not may(wide, action, ["EVENT"]) and not may(wide, action, ["CHAIN"])
    assert not may(wide, "Scan", []) and not may(wide, "PartiQLDelete", ["AUDIT"])


def it_lets_an_operator_set_the_carriers_keys_and_move_every_dead_letter():
    def allowed(action):
        return {one["Ref"] for s in operator() if s["Effect"] == "Allow" and action in listed(s["Action"]) for one in listed(s["Resource"])}
    carriers = {f"{pascal(re.sub('reports', '-reports', name))}SecretArn" for name in CARRIERS}
    assert allowed("secretsmanager:PutSecretValue") == allowed("secretsmanager:DescribeSecret") == carriers
    assert allowed("secretsmanager:GetSecretValue") == {"TokenSecretArn"}, "a key that was set is shown to nobody"
    source = read("queues")
    queues = {f"{pascal(name)}QueueArn" for name in source["Queues"]}
    dead = {f"{pascal(name)}DeadLettersArn" for name in (*source["Queues"], *source["DeadLetters"])}
    assert allowed("sqs:SendMessage") == queues and allowed("sqs:GetQueueAttributes") == queues | dead
    for action in ("ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"):
        assert allowed(f"sqs:{action}") == dead, action


def it_fits_into_what_iam_takes_for_a_managed_policy():
    """With every reference as long as it becomes: an ARN of a stack with the longest prefix."""
    text = json.dumps(operator(), separators=(",", ":"))
    arn = {"QueueArn": 90, "DeadLettersArn": 103, "SecretArn": 110, "TableArn": 100, "KeyArn": 85}
    long = re.sub(r'\{"Ref":"(\w+)"\}', lambda ref: '"' + "x" * next(size for word, size in arn.items() if ref[1].endswith(word)) + '"', text)
    long = re.sub(r'\{"Fn::Sub":"([^"]*)"\}', lambda sub: '"' + sub[1].replace("${TableArn}", "x" * 100).replace("${AWS::Region}", "us-gov-west-1").replace("${AWS::URLSuffix}", "amazonaws.com") + '"', long)
    assert "Ref" not in long and "Fn::" not in long and len(long) < 6000, f"{len(long)} characters; a managed policy takes 6,144"


def it_fits_into_what_iam_takes_for_a_role():
    for name, statements in roles().items():
        size = len(json.dumps(statements, separators=(",", ":")))
        assert size < 9000, f"the policies of {name} have {size} characters; a role takes 10,240"
    assert all(on_table({"Resource": "*"}, index) for index in (True, False))
