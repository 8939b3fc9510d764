"""What an account lacks is said in words before anything is made."""

from contextlib import contextmanager

from portico_infra import preflight
from portico_infra.stacks import Code
from stand_in import Account

VALUES = {"MailFrom": "notices@portal.example.org", "NoticesPerSecond": "5"}
OUTPUTS = {"FaxSecretArn": "Fax", "FaxReportsSecretArn": "FaxReports", "MailSecretArn": "Mail", "VoiceSecretArn": "Voice", "ProviderPoolId": "us-east-1_a", "StaffPoolId": "us-east-1_b",
           "AlarmTopicArn": "arn:aws:sns:us-east-1:1:t"}


@contextmanager
def account(**changes):
    made = Account()
    for name, value in changes.items():
        setattr(made, name, value)
    try:
        yield made
    finally:
        made.close()


def before(**changes):
    with account(**changes) as made:
        return preflight.before(made.client, VALUES, Code())


def after(**changes):
    with account(**changes) as made:
        return preflight.after(made.client, OUTPUTS)


def only(lines, *words):
    assert len(lines) == 1 and all(word in lines[0] for word in words), lines


def it_has_nothing_to_say_of_an_account_that_has_everything():
    assert before() == ([], []) and after() == []


def it_stops_where_the_sender_is_not_known_or_not_verified():
    missing, _ = before(identities={})
    only(missing, "SES does not know portal.example.org")
    missing, _ = before(identities={"portal.example.org": {"VerifiedForSendingStatus": False}})
    only(missing, "has not verified portal.example.org", "DKIM")


def it_looks_at_the_identity_that_is_named():
    with account(identities={"notices@portal.example.org": {"VerifiedForSendingStatus": True}}) as made:
        assert preflight.before(made.client, VALUES | {"MailIdentity": "notices@portal.example.org"}, Code())[0] == []


def it_tells_of_the_sandboxes_of_mail_and_texts():
    missing, notes = before(ses={"ProductionAccessEnabled": False, "SendingEnabled": True, "SendQuota": {"MaxSendRate": 1}})
    assert not missing and any("sandbox" in note for note in notes) and any("1 mails a second" in note for note in notes), notes
    only(before(sandbox=True)[1], "sandbox of SNS")
    only(before(numbers=[])[1], "no number is registered")
    only(before(spend="1")[1], "one dollar a month")


def it_stops_where_ses_does_not_send():
    only(before(ses={"ProductionAccessEnabled": True, "SendingEnabled": False})[0], "stopped sending")


def it_stops_where_workers_would_take_all_of_lambda():
    missing, _ = before(concurrency=50)
    only(missing, "50 copies", "Ask for 1000")
    missing, notes = before(concurrency=400)
    assert not missing
    only(notes, "400 copies", "1000 is usual")
    only(before(code=79 * 2**30)[1], "1.0 GB are left")


def it_tells_what_is_left_to_do_afterwards():
    only(after(versions={"Fax": "5f0c", "FaxReports": "operator-1", "Mail": "operator-1", "Voice": "77aa"}), "still the generated ones: fax, voice")
    only(after(confirmed=False), "nobody hears an alarm")
    notes = after(factors=["SoftwareTokenMfaConfiguration"])
    assert len(notes) == 2 and all("text, e-mail" in note for note in notes), notes


def it_does_not_take_a_question_that_was_refused_for_an_answer():
    for refused, word in (("/v2/email/account", "SES account"), ("account-settings", "quotas of Lambda"), ("GetSMSSandboxAccountStatus", "sandbox for texts")):
        missing, notes = before(refuses={refused})
        assert not missing
        only(notes, word, "by hand")
    assert len(after(refuses={"DescribeSecret"})) == 4
