"""Holds the gate to what AWS documents: sample policies, sample streams, sample faults. Needs the engine's packages, no engine."""

import json
import unittest
from pathlib import Path

import conditions
import gate
import nested
import parsed
import scanner
import streams

EVENTS = Path(__file__).resolve().parent.parent / "events/on-document-uploaded"
TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/portico"
OUTBOX = {"Effect": "Allow", "Action": "dynamodb:BatchWriteItem", "Resource": TABLE,
          "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["OUTBOX#*"]}, "Null": {"dynamodb:LeadingKeys": "false"}}}
WRITE = {"Effect": "Allow", "Action": ["dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem", "dynamodb:GetItem", "dynamodb:Query"], "Resource": TABLE}
KEEP = {"Effect": "Deny", "Action": ["dynamodb:UpdateItem", "dynamodb:DeleteItem"], "Resource": TABLE,
        "Condition": {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": ["AUDIT#*", "EVENT#*"]}}}
TOUCH = {"Effect": "Allow", "Action": "dynamodb:UpdateItem", "Resource": TABLE,
         "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["USER#*"]},
                       "ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "idleUntil"]}}}


def key(pk):
    return {"pk": {"S": pk}, "sk": {"S": "x"}}


def decide(statements, action, request):
    """What the engine's own evaluation makes of the condition keys."""
    from ministack.core import iam_evaluator as engine

    context = {name.lower(): value for name, value in conditions.keys_of(request).items()}
    asked = engine.EvalContext(principal_arn="arn:aws:sts::000000000000:assumed-role/r/f", principal_type="AssumedRole", principal_account="000000000000",
                               action=action, resource_arn=TABLE, region="us-east-1", service_context=context)
    return engine.evaluate(asked, [engine.parse_policy_document({"Statement": statements})]).decision


class Conditions(unittest.TestCase):
    def test_a_batch_is_allowed_only_when_all_its_keys_are(self):
        def batch(*partitions):
            return {"RequestItems": {"portico": [{"DeleteRequest": {"Key": key(pk)}} for pk in partitions]}}
        self.assertEqual(decide([OUTBOX], "dynamodb:BatchWriteItem", batch("OUTBOX#1", "OUTBOX#7")), "Allow")
        self.assertNotEqual(decide([OUTBOX], "dynamodb:BatchWriteItem", batch("OUTBOX#1", "CASE#1")), "Allow")
        # Without keys there is nothing that a condition could hold: the Null check refuses.
        self.assertNotEqual(decide([OUTBOX], "dynamodb:BatchWriteItem", {}), "Allow")

    def test_nobody_changes_or_removes_what_a_deny_keeps(self):
        for action in ("UpdateItem", "DeleteItem"):
            for pk, wanted in (("AUDIT#cas", "Deny"), ("EVENT#cas", "Deny"), ("CASE#cas", "Allow")):
                self.assertEqual(decide([WRITE, KEEP], f"dynamodb:{action}", {"Key": key(pk)}), wanted, (action, pk))
        self.assertEqual(decide([WRITE, KEEP], "dynamodb:PutItem", {"Item": key("AUDIT#cas")}), "Allow")

    def test_an_update_is_held_to_the_attributes_that_it_names(self):
        def update(expression, **names):
            return {"Key": key("USER#ann"), "UpdateExpression": expression, "ConditionExpression": "attribute_exists(pk) AND #sk = :sk",
                    "ExpressionAttributeNames": {"#sk": "sk", **names}}
        self.assertEqual(decide([TOUCH], "dynamodb:UpdateItem", update("SET idleUntil = :until")), "Allow")
        self.assertEqual(decide([TOUCH], "dynamodb:UpdateItem", update("SET #i = :until", **{"#i": "idleUntil"})), "Allow")
        self.assertNotEqual(decide([TOUCH], "dynamodb:UpdateItem", update("SET idleUntil = :until, body.#s = :x", **{"#s": "state"})), "Allow")
        self.assertNotEqual(decide([TOUCH], "dynamodb:UpdateItem", {**update("SET idleUntil = :u"), "Key": key("CASE#1")}), "Allow")

    def test_a_query_is_held_to_its_partition_also_of_an_index(self):
        query = {"KeyConditionExpression": "#work = :work AND workDue BETWEEN :a AND :b", "ExpressionAttributeNames": {"#work": "work"},
                 "ExpressionAttributeValues": {":work": {"S": "DORMANCY#1"}, ":a": {"S": "0"}}}
        self.assertEqual(conditions.leading(query), ["DORMANCY#1"])

    def test_each_item_of_a_transaction_is_asked_for_by_itself(self):
        from ministack.core import iam_actions, iam_evaluator

        kept = iam_actions.dynamodb_service_context, iam_actions.dynamodb_transaction_checks, iam_evaluator.enforce
        asked = []
        iam_evaluator.enforce = lambda *words, **named: asked.append((words[1], named["service_context"]["dynamodb:LeadingKeys"]))
        try:
            conditions.install(conditions.Record())
            items = [{"Put": {"TableName": "portico", "Item": key("CASE#1")}}, {"Delete": {"TableName": "portico", "Key": key("OUTBOX#1")}}]
            checks = iam_actions.dynamodb_transaction_checks("dynamodb:TransactWriteItems", json.dumps({"TransactItems": items}).encode(), "us-east-1", "000000000000")
            for action, arn in checks:
                iam_evaluator.enforce("", action, "dynamodb", "us-east-1", resource_arn=arn, service_context={})
            iam_evaluator.enforce("", "sqs:SendMessageBatch", "sqs", "us-east-1", service_context={"dynamodb:LeadingKeys": []})
        finally:
            iam_actions.dynamodb_service_context, iam_actions.dynamodb_transaction_checks, iam_evaluator.enforce = kept
        self.assertEqual(asked, [("dynamodb:PutItem", ["CASE#1"]), ("dynamodb:DeleteItem", ["OUTBOX#1"]), ("sqs:SendMessage", [])])

    def test_what_was_touched_and_refused_is_told_by_kind_and_never_by_key(self):
        record = conditions.Record()
        record.note("portico-f", "dynamodb:PutItem", TABLE, {"dynamodb:LeadingKeys": ["CASE#cas_1", "AUDIT#cas_1"]}, None)
        record.note("portico-f", "dynamodb:Query", TABLE + "/index/work", {"dynamodb:LeadingKeys": ["WORK#x"]}, object())
        self.assertEqual(record.learned(), {"portico-f": {"dynamodb:PutItem": ["AUDIT#", "CASE#"], "dynamodb:Query": ["index/work/WORK#"]}})
        self.assertEqual([(entry["function"], entry["partitions"]) for entry in record.refused], [("portico-f", ["WORK#"])])


def records(*places):
    return [{"dynamodb": {"SequenceNumber": str(place)}} for place in places]


class Streams(unittest.TestCase):
    def test_the_first_record_that_is_named_comes_again_with_those_behind_it(self):
        answer = {"body": {"batchItemFailures": [{"itemIdentifier": "30"}]}}
        self.assertEqual(streams.hand_over(lambda _: answer, records(10, 20, 30, 40))[1], 2)
        self.assertEqual(streams.hand_over(lambda _: {"body": {"batchItemFailures": []}}, records(10, 20))[1], 2)
        self.assertEqual(streams.hand_over(lambda _: {"body": {"batchItemFailures": [{"itemIdentifier": ""}]}}, records(10, 20))[1], 0)

    def test_a_batch_that_fails_is_halved_until_the_record_is_found(self):
        seen = []

        def function(some):
            places = [streams.place(record) for record in some]
            seen.append(places)
            return {"error": True} if 30 in places else {"body": {}}
        result, done = streams.hand_over(function, records(10, 20, 30, 40))
        self.assertEqual((bool(result.get("error")), done), (True, 2))
        self.assertEqual(seen, [[10, 20, 30, 40], [10, 20], [30, 40], [30]])


class Parsed(unittest.TestCase):
    EXPRESSIONS = ("pk = :pk AND begins_with(sk, :sk)", "sk = :sk OR NOT attribute_exists(gone)", "pk = ", "((pk = :pk))", "name = :pk", "pk = :pk AND size(sk) > :none")

    def answers(self, engine):
        found = []
        for expression in self.EXPRESSIONS:
            for item in ({"pk": {"S": "a"}, "sk": {"S": "CASE#1"}}, {"pk": {"S": "b"}}):
                try:
                    found.append(engine._evaluate_condition(expression, item, {":pk": {"S": "a"}, ":sk": {"S": "CASE#"}}, {}))
                except ValueError as error:
                    found.append(str(error))
        return found

    def test_an_expression_that_was_parsed_before_is_answered_alike(self):
        from ministack.services import dynamodb as engine

        before = self.answers(engine)
        self.assertIn(True, before)
        self.assertTrue(any("redundant parentheses" in str(answer) for answer in before))
        parsed.install()
        self.assertEqual([self.answers(engine), self.answers(engine)], [before, before])


class Faults(unittest.TestCase):
    CALL = {"function": "portico-send-fax", "service": "sqs", "operation": "SendMessageBatch"}

    def test_a_fault_meets_the_calls_it_is_narrowed_to(self):
        fault = gate.Fault("f", {"answer": "refuse", "function": "send-fax", "service": "sqs", "contains": "portico-mail"})
        self.assertTrue(fault.meets(self.CALL, b'{"QueueUrl":"http://x/portico-mail"}'))
        self.assertFalse(fault.meets(self.CALL, b'{"QueueUrl":"http://x/portico-fax"}'))
        self.assertFalse(fault.meets({**self.CALL, "function": "portico-send-mail"}, b"portico-mail"))

    def test_a_share_is_kept_and_a_count_ends(self):
        share = gate.Fault("f", {"answer": "throttle", "share": 0.25})
        self.assertEqual(sum(share.meets(self.CALL, b"") for _ in range(100)), 25)
        count = gate.Fault("f", {"answer": "throttle", "count": 3})
        self.assertEqual(sum(count.meets(self.CALL, b"") for _ in range(100)), 3)
        self.assertTrue(count.is_over())

    def test_a_fault_that_is_not_known_is_refused(self):
        for wish in ({}, {"answer": "explode"}, {"answer": "hang", "shar": 1}):
            self.assertRaises(ValueError, gate.Fault, "f", wish)

    def test_a_throttled_transaction_is_cancelled_with_the_reason_that_aws_gives(self):
        call = {"service": "dynamodb", "operation": "TransactWriteItems"}
        status, answer = gate.words("throttle", call, json.dumps({"TransactItems": [{}, {}]}).encode())
        self.assertEqual((status, [reason["Code"] for reason in answer["CancellationReasons"]]), (400, ["ThrottlingError", "None"]))
        _, answer = gate.words("throttle", {"service": "dynamodb", "operation": "BatchGetItem"}, b'{"RequestItems":{"t":{"Keys":[]}}}')
        self.assertEqual(answer["UnprocessedKeys"], {"t": {"Keys": []}})


class Scans(unittest.TestCase):
    """The simulated scanner says what GuardDuty says: the events that the worker's tests read are in the documented form."""

    def test_a_result_has_the_form_of_the_documented_one(self):
        for name, content in (("clean", b"%PDF-1.7"), ("harmful", b"%PDF-1.7" + scanner.HARMFUL + b"more")):
            batch = json.loads((EVENTS / f"{name}.json").read_text())
            documented = json.loads(batch["Records"][0]["body"])["detail"]
            of = documented["s3ObjectDetails"]
            self.assertEqual(scanner.result(of["bucketName"], of["objectKey"], of["eTag"], of["versionId"], content), documented)

    def test_a_plan_says_what_is_scanned(self):
        properties = {"ProtectedResource": {"S3Bucket": {"BucketName": "b", "ObjectPrefixes": ["incoming/"]}}}
        name, _ = scanner.make("Plan", properties, "portico")
        self.assertEqual(scanner.plans[name], ("b", ("incoming/",)))
        properties["ProtectedResource"]["S3Bucket"]["BucketName"] = "c"
        self.assertEqual(scanner.change(name, None, properties, "portico")[0], name)
        self.assertEqual(scanner.plans.pop(name)[0], "c")


class Secrets(unittest.TestCase):
    def test_a_generated_secret_has_no_punctuation_where_the_template_excludes_it(self):
        from ministack.services.cloudformation import provisioners

        generate = nested.without_punctuation(provisioners._sm_secret_string)
        asked = {"PasswordLength": 4000, "ExcludePunctuation": True}
        made = generate({"GenerateSecretString": asked})
        self.assertEqual((len(made), made.isalnum()), (4000, True))
        self.assertFalse(generate({"GenerateSecretString": {"PasswordLength": 4000}}).isalnum())
        self.assertEqual(generate({"SecretString": "{said}", "GenerateSecretString": asked}), "{said}")


if __name__ == "__main__":
    unittest.main()
