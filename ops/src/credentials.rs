//! The operator's own credentials: those of the environment, else what the AWS CLI finds by AWS's ordinary chain (profile,
//! single sign-on, role, process, instance). Functions have neither; docs/decisions/0019-the-operators-program.md.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use aws_credential_types::Credentials;
use serde::Deserialize;

/// How the AWS CLI hands credentials to a program; the form of a `credential_process`.
const EXPORT: [&str; 4] = ["configure", "export-credentials", "--format", "process"];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Exported {
    version: u32,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
}

/// Whoever runs this program.
pub(crate) fn find() -> Result<Credentials> {
    match of_environment(variable) {
        Some(found) => Ok(found),
        None => of_cli("aws"),
    }
}

#[expect(clippy::disallowed_methods, reason = "an operator's credentials are no configuration of a function")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Option<Credentials> {
    // A profile that somebody names is meant, as for AWS's own tools.
    if variable("AWS_PROFILE").is_some() {
        return None;
    }
    let (key, secret) = variable("AWS_ACCESS_KEY_ID").zip(variable("AWS_SECRET_ACCESS_KEY"))?;
    Some(Credentials::from_keys(key, secret, variable("AWS_SESSION_TOKEN")))
}

fn of_cli(program: &str) -> Result<Credentials> {
    let output = Command::new(program).args(EXPORT).stdin(Stdio::null()).output();
    let output = output.context(
        "there are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or install the AWS CLI 2.9 or \
         later and sign in with it",
    )?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the AWS CLI gives no credentials: {}", said.trim());
    let found: Exported = serde_json::from_slice(&output.stdout).context("the AWS CLI gives no credentials")?;
    ensure!(found.version == 1, "the AWS CLI gives credentials in a form of version {}", found.version);
    Ok(Credentials::from_keys(found.access_key_id, found.secret_access_key, found.session_token))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

    use super::*;

    fn parts(found: &Credentials) -> (&str, &str, Option<&str>) {
        (found.access_key_id(), found.secret_access_key(), found.session_token())
    }

    /// A program in place of the AWS CLI.
    fn cli(name: &str, script: &str) -> PathBuf {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/ops-tests");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// REQ: OPS-08
    #[test]
    fn keys_of_the_environment_hold_unless_a_profile_is_named() {
        let of = |pairs: &'static [(&str, &str)]| {
            of_environment(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        let found =
            of(&[("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "B"), ("AWS_SESSION_TOKEN", "C")]).unwrap();
        assert_eq!(parts(&found), ("A", "B", Some("C")));
        assert!(of(&[("AWS_ACCESS_KEY_ID", "A")]).is_none());
        assert!(of(&[("AWS_PROFILE", "p"), ("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "B")]).is_none());
    }

    /// REQ: OPS-08
    #[test]
    fn the_cli_is_asked_for_what_it_would_use_itself() {
        let answer = r#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "B", "SessionToken": "C", "Expiration": "2030-01-01T00:00:00Z"}"#;
        let script = format!("[ \"$*\" = 'configure export-credentials --format process' ] && echo '{answer}'");
        let found = of_cli(cli("signed-in", &script).to_str().unwrap()).unwrap();
        assert_eq!(parts(&found), ("A", "B", Some("C")));
        let refused = cli("signed-out", "echo 'The SSO session has expired' >&2; exit 255");
        let error = of_cli(refused.to_str().unwrap()).unwrap_err().to_string();
        assert_eq!(error, "the AWS CLI gives no credentials: The SSO session has expired");
        assert!(of_cli("/nowhere/aws").unwrap_err().to_string().contains("install the AWS CLI"));
    }
}
