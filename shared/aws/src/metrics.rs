//! Numbers for CloudWatch, as lines of the log in its embedded metric format: counts and seconds, no PHI (OPS-06).

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::{Aws, clock};

/// The namespace of all of them.
const NAMESPACE: &str = "Portico";

/// Writes metrics, each with its unit, of this function.
pub fn emit(aws: &Aws, metrics: &[(&'static str, &'static str, i64)]) {
    let line = line(aws.config().function.as_deref().unwrap_or("none"), clock::now().as_millisecond(), metrics);
    // A line by itself, in one write: lines of the log may come in between otherwise. Who cannot log cannot tell so.
    let _ = std::io::stdout().lock().write_all(format!("{line}\n").as_bytes());
}

fn line(function: &str, at: i64, metrics: &[(&'static str, &'static str, i64)]) -> Value {
    let names: Vec<Value> = metrics.iter().map(|(name, unit, _)| json!({ "Name": name, "Unit": unit })).collect();
    let directive = json!({ "Namespace": NAMESPACE, "Dimensions": [["FunctionName"]], "Metrics": names });
    let mut line = Map::new();
    line.insert("_aws".to_owned(), json!({ "Timestamp": at, "CloudWatchMetrics": [directive] }));
    line.insert("FunctionName".to_owned(), json!(function));
    line.extend(metrics.iter().map(|(name, _, value)| ((*name).to_owned(), json!(value))));
    Value::Object(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: OPS-04
    #[test]
    fn a_metric_is_a_line_that_cloudwatch_reads() {
        let line = line("portico-send-fax", 1_778_166_000_000, &[("Waiting", "Seconds", 900)]);
        assert_eq!(line["Waiting"], 900);
        assert_eq!(line["FunctionName"], "portico-send-fax");
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Metrics"][0], json!({ "Name": "Waiting", "Unit": "Seconds" }));
        assert_eq!(directive["Dimensions"], json!([["FunctionName"]]));
    }
}
