"""Alarms: of a room's functions together, of its queues, and those that operations.yaml lists."""

from .sources import pascal

MOST = 10  # metrics that one alarm may add up
TOPIC = [{"Ref": "AlarmTopicArn"}]
LONG = 300  # seconds: a function with so much time does work in bulk
SPARE = 20  # seconds that should be left at its end; an import is carried on by another call before


def alarm(why, namespace, metric, dimensions, take, over, period, times=1, missing="notBreaching", under=None):
    statistic = {"ExtendedStatistic": take} if take.startswith("p") else {"Statistic": take}
    properties = {
        "AlarmDescription": why, "Namespace": namespace, "MetricName": metric,
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
        "Period": period, "EvaluationPeriods": times, "Threshold": over if under is None else under,
        "ComparisonOperator": "GreaterThanThreshold" if under is None else "LessThanThreshold", "TreatMissingData": missing, "AlarmActions": TOPIC,
    }
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": properties | statistic}


def listed(alarms):
    """Those that a source states in a line each."""
    made = {}
    for name, of in alarms.items():
        namespace, metric = of["Metric"].split(" ")
        namespace = {"Ref": "Prefix"} if namespace == "Prefix" else namespace
        made[name + "Alarm"] = alarm(of["Why"], namespace, metric, of.get("By", {}), of.get("Take", "Sum"), of.get("Over"),
                                     of.get("Period", 300), of.get("Times", 1), under=of.get("Under"))
    return made


def errors(room, names):
    """One alarm for a room (or for ten functions of it): a sum of errors. A canary is taken back by it."""
    made = {}
    for number, start in enumerate(range(0, len(names), MOST)):
        part = names[start:start + MOST]
        metrics = [
            {"Id": f"m{n}", "ReturnData": False, "MetricStat": {"Period": 60, "Stat": "Sum", "Metric": {
                "Namespace": "AWS/Lambda", "MetricName": "Errors",
                "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": pascal(name)}}]}}}
            for n, name in enumerate(part)]
        total = {"Id": "total", "Expression": "SUM(METRICS())", "Label": "errors", "ReturnData": True}
        made[f"Errors{number + 1 if number else ''}Alarm"] = {"Type": "AWS::CloudWatch::Alarm", "Properties": {
            "AlarmDescription": f"Functions of {room} fail ({', '.join(part)}): the dashboard says which, its log group why",
            "Metrics": [total, *metrics], "EvaluationPeriods": 5, "DatapointsToAlarm": 2, "Threshold": 2,
            "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching", "AlarmActions": TOPIC}}
    return made


def queue(function, spec):
    name, logical = spec["Name"], pascal(spec["Name"])
    age = spec.get("Age", 900)
    place = lambda kind: {"QueueName": {"Fn::Select": [5, {"Fn::Split": [":", {"Ref": f"{logical}{kind}Arn"}]}]}}
    return {
        f"{logical}DeadLettersAlarm": alarm(
            f"A message of queue {name} can never succeed or has failed too often; look at it, repair the cause, send it back",
            "AWS/SQS", "ApproximateNumberOfMessagesVisible", place("DeadLetters"), "Maximum", 0, 60),
        f"{logical}AgeAlarm": alarm(
            f"The oldest message of queue {name} waits for more than {age // 60} minutes: its carrier, its worker or a file is stuck",
            "AWS/SQS", "ApproximateAgeOfOldestMessage", place("Queue"), "Maximum", age, 300, 3),
        # The queue's own age forgets a message after its third receive; its worker tells how long it really waits. Up to an
        # hour lies between two tries, and a silence is no recovery: the alarm rings once, until a try succeeds.
        f"{logical}WaitingAlarm": alarm(
            f"A message of queue {name} was tried for more than {age // 60} minutes, and goes on to be; what it is for is away",
            "Portico", "Waiting", {"FunctionName": {"Ref": pascal(function)}}, "Maximum", age, 300, missing="ignore"),
    }


def stream(name, age):
    return {f"{pascal(name)}AgeAlarm": alarm(
        f"Records of the table wait for more than {age // 60} minutes for {name}; none is dropped for a day",
        "AWS/Lambda", "IteratorAge", {"FunctionName": {"Ref": pascal(name)}}, "Maximum", age * 1000, 60, 5)}


def duration(name, timeout):
    """Of what may take minutes: what is cut off in the middle of its work was near to it before."""
    return {f"{pascal(name)}SlowAlarm": alarm(
        f"{name} takes nearly the {timeout} seconds that it has; what it does not reach waits for its next run",
        "AWS/Lambda", "Duration", {"FunctionName": {"Ref": pascal(name)}}, "Maximum", (timeout - SPARE) * 1000, 300)}


def dashboard(panels):
    import json
    widgets = []
    for number, (title, metrics, take) in enumerate(panels):
        widgets.append({"type": "metric", "x": number % 2 * 12, "y": number // 2 * 6, "width": 12, "height": 6, "properties": {
            "title": title, "metrics": metrics, "stat": take, "period": 300, "region": "${AWS::Region}", "view": "timeSeries"}})
    body = {"Fn::Sub": json.dumps({"widgets": widgets})}
    return {"Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardName": {"Ref": "Prefix"}, "DashboardBody": body}}}
