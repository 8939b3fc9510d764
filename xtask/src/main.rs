//! The project's commands: `cargo xtask up | down | status | logs | demo | test | trace | bench | package | deploy`.
//!
//! No AWS SDK here: what speaks to CloudFormation is `infra/deploy.py`, in a Python environment of its own.
#![allow(clippy::print_stdout, reason = "a command talks to its user on standard output")]

mod calls;
mod checks;
mod deploy;
mod engine;
mod functions;
mod paths;
mod portal;
mod portal_checks;
mod process;
mod progress;
mod python;
mod trace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::checks::Count;
use crate::functions::Profile;
use crate::paths::Paths;

/// Build, run and check Portico.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the local engine and the carriers, build and deploy what changed
    Up,
    /// Stop what `up` started in this checkout; the engine's data goes with it
    Down,
    /// Say what runs, and where
    Status,
    /// Print what a function logged
    Logs {
        /// Name of the folder in functions/, or `all`
        function: String,
        /// Lines to print, counted from the end
        #[arg(short = 'n', long, default_value_t = 200)]
        lines: u32,
        /// Go on printing as lines come
        #[arg(short, long)]
        follow: bool,
    },
    /// Bring everything up and play the stories through the public API
    Demo,
    /// Run every check and test; ends with one line `N passed, N failed`
    Test {
        /// The made-up calls alone, on the stack as it is
        #[arg(long, conflicts_with = "portal")]
        calls: bool,
        /// Only the portal's
        #[arg(long)]
        portal: bool,
    },
    /// Print the requirements that no test names
    Trace {
        /// Compare with docs/untraced.txt instead, and fail on a difference
        #[arg(long, conflicts_with = "update")]
        check: bool,
        /// Write docs/untraced.txt anew
        #[arg(long)]
        update: bool,
    },
    /// Build the functions for AWS (arm64) into target/lambda
    Package {
        /// Only these, separated by commas
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
        /// As for the local engine, quickly; without it as they are shipped
        #[arg(long)]
        dev: bool,
    },
    /// Build for AWS and deploy to the account of your credentials
    Deploy {
        /// AWS Region
        #[arg(long)]
        region: String,
        /// Begins the name of everything; one for each environment of an account
        #[arg(long, default_value = "portico")]
        prefix: String,
        /// A parameter of the templates; those of the last deployment need not be repeated
        #[arg(long = "parameter", value_name = "KEY=VALUE")]
        parameters: Vec<String>,
        /// `CloudFront` and WAF in front of the API
        #[arg(long)]
        edge: bool,
        /// The portal, behind `CloudFront`
        #[arg(long)]
        portal: bool,
        /// Minutes in which an alarm takes a release back
        #[arg(long, default_value_t = 5)]
        monitor: u32,
    },
    /// Measure what is shipped against the budgets
    Bench {
        /// One part of them; without it, all
        part: Option<String>,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// A part of the checks that needs the stack, with the stack as the sources are now.
fn alone(paths: &Paths, part: fn(&Paths) -> Count) -> Result<ExitCode> {
    up(paths)?;
    let count = part(paths);
    println!("{} passed, {} failed", count.passed, count.failed);
    Ok(if count.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run(command: &Command) -> Result<ExitCode> {
    let paths = Paths::find()?;
    match command {
        Command::Up => up(&paths).map(|()| ExitCode::SUCCESS),
        Command::Down => portal::down(&paths).and_then(|()| engine::down(&paths)).map(|()| ExitCode::SUCCESS),
        Command::Status => Ok(deploy::status(&paths)),
        Command::Logs { function, lines, follow } => deploy::logs(&paths, function, *lines, *follow),
        Command::Demo => demo(&paths),
        Command::Bench { part } => bench(&paths, part.as_deref()),
        Command::Package { only, dev } => {
            let profile = if *dev { Profile::Dev } else { Profile::Release };
            functions::package(&paths, only, profile)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Deploy { region, prefix, parameters, edge, portal, monitor } => {
            let mut arguments = vec![format!("--monitor={monitor}")];
            arguments.extend(parameters.iter().map(|parameter| format!("--parameter={parameter}")));
            arguments.extend(edge.then(|| "--edge".to_owned()));
            if *portal {
                // The deployment writes the API's address into its configuration.
                let folder = portal::Portal::install(&paths)?.build("https://api.invalid")?;
                arguments.push(format!("--portal={}", folder.display()));
            }
            deploy::to_aws(&paths, prefix, region, &arguments).map(|()| ExitCode::SUCCESS)
        }
        Command::Test { calls: true, .. } => alone(&paths, calls::run),
        Command::Test { portal: true, .. } => alone(&paths, portal_checks::run),
        Command::Test { .. } => checks::run(&paths),
        Command::Trace { check: true, .. } => trace::check(&paths),
        Command::Trace { update: true, .. } => trace::update(&paths),
        Command::Trace { .. } => trace::print(&paths),
    }
}

/// Everything between a checkout and an API that answers. Does only what is not done yet.
fn up(paths: &Paths) -> Result<()> {
    let _alone = engine::lock(paths)?;
    let python = python::environment(paths, python::ENGINE)?;
    let running = engine::start(paths, &python)?;
    let packages = functions::build(paths, Profile::Dev)?;
    let port = portal::port(paths)?;
    deploy::deploy(paths, &python, &running, &packages, &portal::address(port))?;
    match portal::up(paths, port, &deploy::api_url(paths)?) {
        Ok(address) => println!("  portal at {address}"),
        // The API needs no portal: whoever works on it goes on.
        Err(error) => println!("  the portal is left out: {error:#}"),
    }
    Ok(())
}

/// The stories, then where a person goes on by hand.
fn demo(paths: &Paths) -> Result<ExitCode> {
    let code = with_stack(paths, Profile::Dev, "portico-tests", "demo", None)?;
    if let Some(address) = portal::served(paths) {
        println!(
            "Portal: {address} for providers, {address}/staff for payer staff, with the logins above (target/demo/logins.txt)."
        );
    }
    Ok(code)
}

/// Measures release builds against the stack.
fn bench(paths: &Paths, part: Option<&str>) -> Result<ExitCode> {
    functions::build(paths, Profile::Release)?;
    with_stack(paths, Profile::Release, "portico-bench", "portico-bench", part)
}

/// Runs a program of a package against the running stack.
fn with_stack(
    paths: &Paths,
    profile: Profile,
    package: &str,
    program: &str,
    argument: Option<&str>,
) -> Result<ExitCode> {
    up(paths)?;
    let mut cargo = paths.cargo();
    cargo.args(["run", "--quiet", "--package", package, "--bin", program]).args(profile.arguments());
    let status = cargo.arg("--").args(argument).status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
