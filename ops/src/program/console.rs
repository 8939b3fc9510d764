//! Words to the operator and back.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use anyhow::{Result, bail, ensure};
use portico_ops::Operator;
use serde::Serialize;

/// How this run talks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    /// Results as JSON.
    pub(crate) json: bool,
    /// Changes are agreed to beforehand.
    pub(crate) yes: bool,
}

impl Console {
    /// Shows a result: JSON for programs, lines for people.
    pub(crate) fn show<T: Serialize + ?Sized>(self, value: &T, lines: impl FnOnce(&T) -> Vec<String>) -> Result<()> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(value)?);
        } else {
            for line in lines(value) {
                println!("{line}");
            }
        }
        Ok(())
    }

    /// Says where and what, and waits for a yes.
    pub(crate) fn agree(self, operator: &Operator, change: &[String]) -> Result<()> {
        announce(operator, change);
        if self.yes {
            return Ok(());
        }
        ensure!(io::stdin().is_terminal(), "nothing was changed: nobody is here to agree. Say --yes");
        ensure!(asked("Type yes to go on: ")? == "yes", "nothing was changed");
        Ok(())
    }

    /// Says where and what, and waits for a word that nobody types by habit. `--yes` does not stand for it.
    #[expect(clippy::unused_self, reason = "asking is the console's, whatever was agreed to before")]
    pub(crate) fn agree_by_word(self, operator: &Operator, change: &[String], word: &str) -> Result<()> {
        announce(operator, change);
        let typed = asked(&format!("This cannot be taken back. Type {word} to go on: "))?;
        ensure!(typed == word, "nothing was changed");
        Ok(())
    }

    /// A value that is not to be seen: asked for without echo, or all of standard input.
    #[expect(clippy::unused_self, reason = "asking is the console's, whatever was agreed to before")]
    pub(crate) fn secret(self, what: &str) -> Result<String> {
        let typed = if io::stdin().is_terminal() {
            {
                eprint!("{what} (not shown): ");
                console::Term::stderr().read_secure_line()?
            }
        } else {
            let mut text = String::new();
            io::stdin().take(100_000).read_to_string(&mut text)?;
            text
        };
        let value = typed.trim_end_matches(['\r', '\n']);
        if value.is_empty() {
            bail!("nothing was given, nothing was changed");
        }
        Ok(value.to_owned())
    }
}

fn announce(operator: &Operator, change: &[String]) {
    eprintln!("{}", operator.place());
    for line in change {
        eprintln!("  {line}");
    }
}

fn asked(question: &str) -> Result<String> {
    let mut err = io::stderr();
    write!(err, "{question}")?;
    err.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
