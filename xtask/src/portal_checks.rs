//! The portal's part of `cargo xtask test`: what its own commands check, with their counts.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::checks::{Count, check, indent, outcome};
use crate::paths::Paths;
use crate::portal::{self, Portal};
use crate::progress::Step;

/// Everything of it. The stories need the stack.
pub(crate) fn run(paths: &Paths) -> Count {
    let mut count = Count::default();
    let portal = match Portal::install(paths) {
        Ok(portal) => portal,
        Err(error) => return outcome("portal", Instant::now(), Err(format!("it is not checked: {error:#}"))),
    };
    for (name, script) in [("portal lints", "lint"), ("portal types", "types"), ("portal's client", "stale")] {
        count.add(check(name, &mut portal.npm(&["run", "--silent", script])));
    }
    count.add(advisories(&portal));
    let home = paths.root.join("target/portal");
    count.add(tests("portal units", &mut portal.npm(&["run", "--silent", "unit"]), &home.join("unit.json"), units));
    let began = Instant::now();
    match stage(paths, &home) {
        Ok(address) => {
            let mut stories = portal.npm(&["run", "--silent", "browser"]);
            count.add(tests(
                "portal stories",
                stories.env("PORTICO_PORTAL", address),
                &home.join("browser.json"),
                told,
            ));
        }
        Err(error) => count.add(outcome("portal stories", began, Err(format!("{error:#}")))),
    }
    count
}

/// What the registry knows of the packages that a browser is given. A registry without that answer is no failure, and said.
fn advisories(portal: &Portal) -> Count {
    let began = Instant::now();
    let report = match portal.npm(&["audit", "--omit=dev", "--json"]).output() {
        Ok(output) => serde_json::from_slice(&output.stdout).unwrap_or_default(),
        Err(error) => return outcome("portal advisories", began, Err(error.to_string())),
    };
    match weaknesses(&report) {
        Some(known) if known.is_empty() => outcome("portal advisories", began, Ok(())),
        Some(known) => outcome("portal advisories", began, Err(known.join("\n"))),
        None => {
            println!("  portal advisories: not checked, the npm registry answers no audits");
            Count::default()
        }
    }
}

/// What `npm audit` reports: each package with its weaknesses.
fn weaknesses(report: &Value) -> Option<Vec<String>> {
    let packages = report.get("vulnerabilities")?.as_object()?;
    let title = |via: &Value| via.get("title").unwrap_or(via).as_str().unwrap_or_default().to_owned();
    let of = |(name, package): (&String, &Value)| {
        let via = package.get("via").and_then(Value::as_array).into_iter().flatten();
        format!("{name}: {}", via.map(title).collect::<Vec<_>>().join("; "))
    };
    Some(packages.iter().map(of).collect())
}

/// Where the stories play: the portal's address. The stack is seeded, and who is in no story made, staff, has accounts.
fn stage(paths: &Paths, home: &Path) -> Result<String> {
    let address = portal::served(paths).context("the portal is not served: its stories were not played")?;
    fs::create_dir_all(home)?;
    let output = paths.cargo().args(["run", "--quiet", "--package", "portico-tests", "--bin", "cast"]).output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    fs::write(home.join("cast.json"), output.stdout).context("cannot write cast.json")?;
    Ok(address)
}

/// A program that leaves a report of its tests; without one it counts as one that failed.
fn tests(name: &str, command: &mut Command, report: &Path, read: fn(&Value) -> Option<Count>) -> Count {
    let began = Instant::now();
    let _ = fs::remove_file(report);
    let step = Step::begin(name);
    let output = command.output();
    step.abandon();
    let output = match output {
        Ok(output) => output,
        Err(error) => return outcome(name, began, Err(error.to_string())),
    };
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let count = fs::read(report).ok().and_then(|text| read(&serde_json::from_slice(&text).ok()?));
    let Some(count) =
        count.filter(|count| count.passed + count.failed > 0 && (count.failed > 0) != output.status.success())
    else {
        return outcome(name, began, Err(said));
    };
    let word = if count.failed == 0 { "ok    " } else { "FAILED" };
    let took = began.elapsed().as_secs_f64();
    println!("{word}  {name}: {} passed, {} failed ({took:.1} s)", count.passed, count.failed);
    if count.failed > 0 {
        println!("{}", indent(&failed(&said)));
    }
    count
}

/// What is said of the tests that failed: each that passed has a line too, and there are many.
fn failed(said: &str) -> String {
    said.lines().filter(|line| !line.trim_start().starts_with('✓')).fold(String::new(), |all, line| all + line + "\n")
}

/// What vitest reports.
fn units(report: &Value) -> Option<Count> {
    Some(Count { passed: report.get("numPassedTests")?.as_u64()?, failed: report.get("numFailedTests")?.as_u64()? })
}

/// What Playwright reports. One that passed at a second try, or was skipped, did not pass.
fn told(report: &Value) -> Option<Count> {
    let stats = report.get("stats")?;
    let number = |name: &str| stats.get(name).and_then(Value::as_u64).unwrap_or(0);
    Some(Count {
        passed: stats.get("expected")?.as_u64()?,
        failed: number("unexpected") + number("flaky") + number("skipped"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{failed, told, units, weaknesses};
    use crate::checks::Count;

    #[test]
    fn reports_of_both_programs_are_counted() {
        let unit = json!({ "numPassedTests": 24, "numFailedTests": 1, "numTotalTests": 25 });
        assert_eq!(units(&unit), Some(Count { passed: 24, failed: 1 }));
        let browser = json!({ "stats": { "expected": 3, "unexpected": 1, "flaky": 1, "skipped": 2 } });
        assert_eq!(told(&browser), Some(Count { passed: 3, failed: 4 }));
        assert_eq!(told(&json!({})), None);
    }

    #[test]
    fn of_a_long_list_only_what_failed_is_said() {
        let said = "  ✓  1 a.spec.ts › opens (1.0s)\n  ✘  2 b.spec.ts › closes (2.0s)\n\n  1) b.spec.ts › closes\n    Error: no\n";
        assert_eq!(failed(said), "  ✘  2 b.spec.ts › closes (2.0s)\n\n  1) b.spec.ts › closes\n    Error: no\n");
    }

    #[test]
    fn an_audit_names_packages_and_a_registry_without_audits_is_told_apart() {
        let via = json!([{ "title": "Prototype pollution", "severity": "high" }, "another-package"]);
        let found = json!({ "auditReportVersion": 2, "vulnerabilities": { "some-package": { "via": via } } });
        assert_eq!(weaknesses(&found), Some(vec!["some-package: Prototype pollution; another-package".to_owned()]));
        assert_eq!(weaknesses(&json!({ "vulnerabilities": {} })), Some(Vec::new()));
        assert_eq!(weaknesses(&json!({ "message": "405 Method Not Allowed", "error": { "summary": "" } })), None);
    }
}
