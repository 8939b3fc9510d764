"""An account of AWS as far as the check before a deployment asks it: answers in the form that AWS documents, over HTTP."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlparse

import boto3
from botocore.config import Config


class Account:
    """What the account has; a check changes what it is about."""

    def __init__(self):
        self.identities = {"portal.example.org": {"VerifiedForSendingStatus": True, "DkimAttributes": {"Status": "SUCCESS"}}}
        self.ses = {"ProductionAccessEnabled": True, "SendingEnabled": True, "SendQuota": {"Max24HourSend": 50000, "MaxSendRate": 14, "SentLast24Hours": 0}}
        self.sandbox, self.numbers, self.spend = False, ["+18005550100"], "500"
        self.concurrency, self.code = 1000, 10 * 2**30
        self.versions = {"Fax": "operator-1", "FaxReports": "operator-1", "Mail": "operator-2", "Voice": "operator-1"}
        self.factors = ["SoftwareTokenMfaConfiguration", "SmsMfaConfiguration", "EmailMfaConfiguration"]
        self.confirmed = True
        self.refuses = set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def client(self, service, region=None):
        return boto3.client(service, region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{self.server.server_port}",
                            aws_access_key_id="x", aws_secret_access_key="x", config=Config(retries={"total_max_attempts": 1}))

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, method, path, headers, body):
        """Status, kind and body of an answer."""
        target = headers.get("X-Amz-Target", "")
        if path.startswith("/v2/email/identities/"):
            identity = self.identities.get(unquote(path.rsplit("/", 1)[1]))
            return (200, "json", {"IdentityType": "DOMAIN"} | identity) if identity else (404, "json", {"__type": "NotFoundException", "message": "none"})
        if path == "/v2/email/account":
            return 200, "json", self.ses
        if path.startswith("/2016-08-19/account-settings"):
            limit = {"ConcurrentExecutions": self.concurrency, "UnreservedConcurrentExecutions": self.concurrency, "TotalCodeSize": 80 * 2**30}
            return 200, "json", {"AccountLimit": limit, "AccountUsage": {"TotalCodeSize": self.code, "FunctionCount": 1}}
        if target == "secretsmanager.DescribeSecret":
            current = self.versions[json.loads(body)["SecretId"]]
            return 200, "json", {"Name": "x", "VersionIdsToStages": {current: ["AWSCURRENT"], "operator-0": ["AWSPREVIOUS"]}}
        if target.endswith("GetUserPoolMfaConfig"):
            return 200, "json", {"MfaConfiguration": "ON"} | {name: {"Enabled": True} for name in self.factors}
        action = parse_qs(body).get("Action", [""])[0]
        inner = {
            "GetSMSSandboxAccountStatus": f"<IsInSandbox>{str(self.sandbox).lower()}</IsInSandbox>",
            "ListOriginationNumbers": "<PhoneNumbers>" + "".join(f"<member><PhoneNumber>{n}</PhoneNumber></member>" for n in self.numbers) + "</PhoneNumbers>",
            "GetSMSAttributes": f"<attributes><entry><key>MonthlySpendLimit</key><value>{self.spend}</value></entry></attributes>",
            "ListSubscriptionsByTopic": "<Subscriptions><member><SubscriptionArn>"
            + ("arn:aws:sns:us-east-1:1:t:s" if self.confirmed else "PendingConfirmation") + "</SubscriptionArn></member></Subscriptions>",
        }[action]
        space = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"'
        return 200, "xml", f"<{action}Response {space}><{action}Result>{inner}</{action}Result></{action}Response>"

    def handler(account):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                url = urlparse(self.path)
                words = [url.path, self.headers.get("X-Amz-Target", ""), body]
                if any(refused in word for refused in account.refuses for word in words):
                    status, kind, answer = 403, "json", {"__type": "AccessDeniedException", "message": "no"}
                    if "Action=" in body:
                        error = "<Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>no</Message></Error>"
                        kind, answer = "xml", f"<ErrorResponse>{error}</ErrorResponse>"
                else:
                    status, kind, answer = account.answer(self.command, url.path, self.headers, body)
                data = (json.dumps(answer) if kind == "json" else answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json" if kind == "json" else "text/xml")
                self.send_header("Content-Length", str(len(data)))
                if kind == "json" and "__type" in (answer if isinstance(answer, dict) else {}):
                    self.send_header("x-amzn-ErrorType", answer["__type"])
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET

            def log_message(self, *_):
                pass
        return Handler
