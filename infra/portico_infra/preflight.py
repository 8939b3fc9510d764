"""What an account lacks, said in words before anything is made, and what is left to do afterwards.

`before` gives what stops a deployment and what only deserves a note; `after` what nobody but a person can do.
"""

from botocore.exceptions import BotoCoreError, ClientError

# Copies that Lambda wants left for functions without a number of their own.
UNRESERVED = 100


def ask(call, notes, what):
    """An answer, or a note that it was not to be had: a check that cannot be made is no check that passed."""
    try:
        return call()
    except (ClientError, BotoCoreError) as error:
        notes.append(f"{what} could not be looked at ({type(error).__name__}: {error}); look at it by hand")
        return None


def before(client, values, code):
    missing, notes = [], []
    mail(client, values, missing, notes)
    texts(client, notes)
    functions(client, code, missing, notes)
    return missing, notes


def mail(client, values, missing, notes):
    ses = client("sesv2")
    sender = values["MailFrom"]
    domain = values.get("MailIdentity") or sender.split("@")[1]
    try:
        identity = ses.get_email_identity(EmailIdentity=domain)
        if not identity.get("VerifiedForSendingStatus"):
            missing.append(f"SES has not verified {domain} yet: publish its DKIM records, and wait until it says so. The user pools "
                           f"cannot be created before")
        elif identity.get("DkimAttributes", {}).get("Status") not in ("SUCCESS", None):
            notes.append(f"mail from {domain} is not signed with DKIM yet; much of it will be taken for spam")
    except ses.exceptions.NotFoundException:
        missing.append(f"SES does not know {domain}: create the identity in this Region and publish its DKIM records "
                       f"(or name another with MailIdentity). The user pools cannot be created before")
    except (ClientError, BotoCoreError) as error:
        notes.append(f"SES could not be asked about {domain} ({error}); look at it by hand")
    account = ask(ses.get_account, notes, "The SES account")
    if account is None:
        return
    if not account.get("ProductionAccessEnabled"):
        notes.append("SES is in its sandbox: 200 mails a day, one a second, and only to addresses that are verified. Ask for production access")
    if not account.get("SendingEnabled", True):
        missing.append("SES has stopped sending for this account: its reputation has to be mended first")
    rate = account.get("SendQuota", {}).get("MaxSendRate", 0)
    notices = 2 * int(values.get("NoticesPerSecond", 5))
    if rate and rate < notices + 2:
        notes.append(f"SES takes {rate:g} mails a second; notices alone may send {notices}, and PINs need some. "
                     f"Lower NoticesPerSecond or ask for more")


def texts(client, notes):
    sns = client("sns")
    sandbox = ask(sns.get_sms_sandbox_account_status, notes, "The sandbox for texts")
    if sandbox and sandbox.get("IsInSandbox"):
        notes.append("texts are in the sandbox of SNS: PINs go only to numbers that are verified. Ask to leave it")
    numbers = ask(sns.list_origination_numbers, notes, "The numbers that texts come from")
    if numbers is not None and not numbers.get("PhoneNumbers"):
        notes.append("no number is registered that texts may come from; carriers in the US take none without (toll-free or 10DLC, some weeks)")
    spend = ask(sns.get_sms_attributes, notes, "The spending limit for texts")
    limit = (spend or {}).get("attributes", {}).get("MonthlySpendLimit")
    if spend is not None and float(limit or 1) <= 1:
        notes.append("texts may cost one dollar a month in this account: after some hundred PINs none is sent. Ask for more")


def functions(client, code, missing, notes):
    workers = sum(spec["Queue"]["Concurrency"] for spec in code.functions().values() if "Queue" in spec)
    settings = ask(client("lambda").get_account_settings, notes, "The quotas of Lambda")
    if settings is None:
        return
    quota = settings["AccountLimit"]["ConcurrentExecutions"]
    if quota < workers + UNRESERVED:
        missing.append(f"Lambda may run {quota} copies at one time in this account; workers alone may take {workers}, and the API needs "
                       f"{UNRESERVED} beside them. Ask for 1000 (quota \"Concurrent executions\")")
    elif quota < 1000:
        notes.append(f"Lambda may run {quota} copies at one time; 1000 is usual")
    free = settings["AccountLimit"].get("TotalCodeSize", 0) - settings.get("AccountUsage", {}).get("TotalCodeSize", 0)
    if settings["AccountLimit"].get("TotalCodeSize") and free < 2 * 2**30:
        notes.append(f"{free / 2**30:.1f} GB are left for packages; each release takes about a third of one until the old versions go")


def after(client, outputs):
    notes = []
    manager = client("secretsmanager")
    generated = []
    for name in ("Fax", "FaxReports", "Mail", "Voice"):
        told = ask(lambda name=name: manager.describe_secret(SecretId=outputs[f"{name}SecretArn"]), notes, f"The secret {name.lower()}")
        current = [version for version, stages in (told or {}).get("VersionIdsToStages", {}).items() if "AWSCURRENT" in stages]
        # The operator's program gives what it sets a version of this name.
        if told is not None and not any(version.startswith("operator-") for version in current):
            generated.append(name.lower())
    if generated:
        notes.append(f"these secrets of the carriers are still the generated ones: {', '.join(generated)}. Set what the carrier gave you; nothing is "
                     f"sent before")
    identity = client("cognito-idp")
    for door in ("Provider", "Staff"):
        told = ask(lambda door=door: identity.get_user_pool_mfa_config(UserPoolId=outputs[f"{door}PoolId"]), notes, f"The pool of {door.lower()}s")
        if told is None:
            continue
        factors = {"app": "SoftwareTokenMfaConfiguration", "text": "SmsMfaConfiguration", "e-mail": "EmailMfaConfiguration"}
        lacking = [word for word, key in factors.items() if told.get(key) is None]
        if told.get("MfaConfiguration") != "ON" or lacking:
            notes.append(f"the {door.lower()}s' pool asks for a second factor: {told.get('MfaConfiguration')}; it lacks: {', '.join(lacking) or 'none'}")
    topic = outputs.get("AlarmTopicArn")
    told = ask(lambda: client("sns").list_subscriptions_by_topic(TopicArn=topic), notes, "Who is told of alarms")
    if told is not None:
        heard = [s for s in told["Subscriptions"] if s["SubscriptionArn"].startswith("arn:")]
        if not heard:
            notes.append("nobody hears an alarm yet: the mail from AWS Notifications has to be confirmed")
    return notes
