//! `cargo xtask test`: every check in order, one line each, one sum at the end.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::functions::Profile;
use crate::paths::Paths;
use crate::progress::Step;
use crate::{calls, functions, portal_checks, python, trace, up};

/// What has been counted so far.
#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Count {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs everything; a failure does not keep the later checks from running.
pub(crate) fn run(paths: &Paths) -> Result<ExitCode> {
    let mut count = Count::default();
    let cargo = |args: &[&str]| {
        let mut command = paths.cargo();
        command.args(args);
        command
    };
    count.add(check("format", &mut cargo(&["fmt", "--all", "--check"])));
    count.add(infrastructure(paths));
    let began = Instant::now();
    count.add(outcome("requirements", began, trace::compare(paths).map_err(|error| format!("{error:#}"))));
    count.add(check(
        "lints",
        &mut cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
    ));
    let began = Instant::now();
    let stack = up(paths).map_err(|error| format!("{error:#}"));
    let without_stack = stack.is_err();
    count.add(outcome("stack", began, stack));
    count.add(packages(paths));
    count.add(tests(paths)?);
    count.add(portal_checks::run(paths));
    // They use up what one address may try: whoever comes after them has to wait.
    count.add(calls::run(paths));
    if without_stack {
        println!("  the stack was not there: tests that need it failed for that reason");
    }
    // Of a function there is a line to document, in the library that it mounts: a page for each takes four minutes in all.
    let mut doc = without_functions(paths, &["doc", "--workspace", "--no-deps", "--quiet"])?;
    count.add(check("documentation", doc.env("RUSTDOCFLAGS", "-D warnings")));
    println!("{} passed, {} failed", count.passed, count.failed);
    Ok(if count.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Templates as AWS gets them, linted; then the checks of `infra/checks`, each of which counts.
fn infrastructure(paths: &Paths) -> Count {
    let python = match python::environment(paths, python::ENGINE) {
        Ok(python) => python,
        Err(error) => return outcome("infrastructure", Instant::now(), Err(format!("{error:#}"))),
    };
    let mut count = Count::default();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&python);
        command.current_dir(&paths.root).args(arguments);
        command
    };
    count.add(check("gate", run(&["localstack/check_gate.py"]).env("PYTHONDONTWRITEBYTECODE", "1")));
    count.add(check("templates", &mut run(&["infra/expand.py", "--out", "target/templates"])));
    let lint = "import sys; from cfnlint.runner import main; sys.exit(main())";
    let strict = ["--non-zero-exit-code", "informational", "--regions", "us-east-1", "us-west-2"];
    count.add(check("template lints", run(&["-c", lint]).args(strict).args(["--", "target/templates/*.json"])));
    let began = Instant::now();
    match run(&["infra/checks/run.py"]).output() {
        Ok(output) => {
            let mut report = Report::default();
            let said = String::from_utf8_lossy(&output.stdout);
            said.lines().for_each(|line| report.read(line));
            if report.total == Count::default() {
                let text = format!("{said}{}", String::from_utf8_lossy(&output.stderr));
                count.add(outcome("infrastructure", began, Err(text)));
            } else {
                print_tests("infrastructure", &report, began);
                count.add(report.total);
            }
        }
        Err(error) => count.add(outcome("infrastructure", began, Err(error.to_string()))),
    }
    count
}

/// Three functions as they go to AWS: an action, one with a database in it, a worker. The deployment's own look-up finds them.
fn packages(paths: &Paths) -> Count {
    let began = Instant::now();
    let some = ["check-username", "find-codes", "route-events"].map(ToOwned::to_owned);
    let built = functions::package(paths, &some, Profile::Dev).and_then(|folder| {
        let mut look = Command::new(python::environment(paths, python::DEPLOYMENT)?);
        look.current_dir(&paths.root).arg("infra/checks/packages.py").arg(folder).args(&some);
        let output = look.output()?;
        if output.status.success() { Ok(()) } else { bail!("{}", String::from_utf8_lossy(&output.stderr)) }
    });
    outcome("packages for arm64", began, built.map_err(|error| format!("{error:#}")))
}

fn print_tests(name: &str, report: &Report, began: Instant) {
    let Count { passed, failed } = report.total;
    let word = if failed == 0 { "ok    " } else { "FAILED" };
    println!("{word}  {name}: {passed} passed, {failed} failed ({:.1} s)", began.elapsed().as_secs_f64());
    if failed > 0 {
        println!("{}", indent(&report.failures));
    }
}

/// A program that must end with zero; counts as one.
pub(crate) fn check(name: &str, command: &mut Command) -> Count {
    let began = Instant::now();
    let step = Step::begin(name);
    let output = command.stdin(Stdio::null()).output();
    step.abandon();
    let result = match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            Err(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
        }
        Err(error) => Err(format!("cannot start {}: {error}", command.get_program().display())),
    };
    outcome(name, began, result)
}

pub(crate) fn outcome(name: &str, began: Instant, result: Result<(), String>) -> Count {
    let took = began.elapsed().as_secs_f64();
    match result {
        Ok(()) => {
            println!("ok      {name} ({took:.1} s)");
            Count { passed: 1, failed: 0 }
        }
        Err(output) => {
            println!("FAILED  {name} ({took:.1} s)\n{}", indent(&output));
            Count { passed: 0, failed: 1 }
        }
    }
}

/// The output of a failed check; the first 200 lines say it.
pub(crate) fn indent(text: &str) -> String {
    let lines = text.trim_end().lines();
    let rest = lines.clone().count().saturating_sub(200);
    let shown = lines.take(200).fold(String::new(), |all, line| all + "    " + line + "\n");
    if rest == 0 { shown } else { format!("{shown}    … and {rest} lines more\n") }
}

/// A command of cargo for the workspace without its functions.
fn without_functions(paths: &Paths, arguments: &[&str]) -> Result<Command> {
    let mut command = paths.cargo();
    command.args(arguments);
    command.args(functions::names(paths)?.iter().flat_map(|name| ["--exclude", name.as_str()]));
    Ok(command)
}

/// All tests of the workspace, documentation tests among them; each counts.
fn tests(paths: &Paths) -> Result<Count> {
    let began = Instant::now();
    let step = Step::begin("tests");
    // A function is a single line over the library it serves: linking a test program for each shows nothing.
    let mut command = without_functions(paths, &["test", "--workspace", "--no-fail-fast"])?;
    command.env("CARGO_TERM_COLOR", "never").env("RUST_BACKTRACE", "0");
    // Most of them wait for the stack most of the time.
    command.env("RUST_TEST_THREADS", "4");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().context("cargo has no output")?;
    let mut stderr = child.stderr.take().context("cargo has no error output")?;
    let mut report = Report::default();
    let said = thread::scope(|scope| -> Result<String> {
        let listener = scope.spawn(move || {
            let mut said = String::new();
            stderr.read_to_string(&mut said).map(|_| said)
        });
        for line in BufReader::new(stdout).lines() {
            report.read(&line?);
            step.message(&format!("tests: {} passed, {} failed", report.running.passed, report.running.failed));
        }
        Ok(listener.join().unwrap_or_else(|_| Ok(String::new()))?)
    })?;
    let status = child.wait()?;
    step.abandon();
    if !status.success() && report.total.failed == 0 {
        // It did not compile, or a test program died without a sum.
        report.total.failed = 1;
        report.failures.push_str(&said);
    }
    print_tests("tests", &report, began);
    Ok(report.total)
}

/// What libtest prints, line by line.
#[derive(Default)]
struct Report {
    /// Sum of the `test result:` lines.
    total: Count,
    /// Tests seen to end so far, for whoever watches.
    running: Count,
    failures: String,
    in_failures: bool,
}

impl Report {
    fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.total.add(result_line(counts));
            self.in_failures = false;
        } else if line.starts_with("test ") && line.ends_with("... ok") {
            self.running.passed += 1;
        } else if line.starts_with("test ") && line.ends_with("... FAILED") {
            self.running.failed += 1;
        } else if line == "failures:" {
            self.in_failures = true;
        } else if self.in_failures {
            self.failures.push_str(line);
            self.failures.push('\n');
        }
    }
}

/// `FAILED. 3 passed; 1 failed; 0 ignored; …` → 3 and 1. An ignored test is no test that passed.
fn result_line(text: &str) -> Count {
    let number = |word: &str| {
        text.split([';', '.']).find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok()).unwrap_or(0)
    };
    Count { passed: number("passed"), failed: number("failed") }
}

#[cfg(test)]
mod tests {
    use super::{Count, Report, result_line};

    #[test]
    fn a_result_line_gives_its_counts() {
        let line = "FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.30s";
        assert_eq!(result_line(line), Count { passed: 12, failed: 3 });
        assert_eq!(result_line("ok. 0 passed; 0 failed; 0 ignored"), Count::default());
    }

    #[test]
    fn results_of_several_programs_are_summed_and_failures_kept() {
        let mut report = Report::default();
        let output = "running 2 tests\ntest a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nleft is not right\n\n\
                      failures:\n    b\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored\n\nrunning 1 test\ntest c ... ok\n\n\
                      test result: ok. 1 passed; 0 failed; 0 ignored\n";
        output.lines().for_each(|line| report.read(line));
        assert_eq!(report.total, Count { passed: 2, failed: 1 });
        assert!(report.failures.contains("left is not right"));
    }
}
