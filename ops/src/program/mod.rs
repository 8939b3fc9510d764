//! The commands.

mod console;
mod words;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use console::Console;
use portico_aws::lanes::Which;
use portico_ops::{
    Operator, audit, dead_letters, events, packs, pauses, secrets, stack::Stack, staff, status, template,
};

/// Operates a deployed stack of Portico.
#[derive(Parser, Debug)]
#[command(name = "portico-ops", version)]
pub(crate) struct Options {
    /// The record that the deployment wrote
    #[arg(long, global = true, default_value = "stack.json")]
    stack: PathBuf,
    /// Results as JSON
    #[arg(long, global = true)]
    json: bool,
    /// Agree to changes beforehand
    #[arg(long, global = true)]
    yes: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of it in a program's life")]
enum Command {
    /// Contract packs
    #[command(subcommand)]
    Packs(Packs),
    /// Payer staff
    #[command(subcommand)]
    Staff(Staff),
    /// The carriers' keys
    #[command(subcommand)]
    Secrets(Secrets),
    /// What no worker could do
    #[command(subcommand)]
    DeadLetters(DeadLetters),
    /// Pauses of what leaves the house: fax, mail, notices
    #[command(subcommand)]
    Queues(Queues),
    /// Events and what follows from them
    #[command(subcommand)]
    Events(Events),
    /// What is on record of cases
    #[command(subcommand)]
    Audit(Audit),
    /// Queues, dead letters, outbox, imports and keys at one look
    Status {
        /// End with 1 when somebody should look at something
        #[arg(long)]
        check: bool,
    },
    /// What operators changed, newest first
    History {
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: u16,
    },
}

#[derive(Subcommand, Debug)]
enum Packs {
    /// Begin the pack of a new agency with the template; needs no stack
    New {
        /// A folder that does not exist yet; its name is the contract's id
        folder: PathBuf,
        /// What people call the contract
        #[arg(long)]
        name: String,
    },
    /// List every problem of packs, with file and line; needs no stack
    Check {
        /// Folders of packs, or of folders of packs
        #[arg(required = true)]
        folders: Vec<PathBuf>,
    },
    /// Say what packs change, and apply nothing
    Diff {
        /// Folders of packs, or of folders of packs
        #[arg(required = true)]
        folders: Vec<PathBuf>,
    },
    /// Apply packs, all of them or none
    Apply {
        /// Folders of packs, or of folders of packs
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        /// Replace a version that is in force; on a local engine alone
        #[arg(long)]
        replace: bool,
    },
    /// List what is applied
    List,
    /// Withdraw a version before its first day
    Withdraw {
        /// The contract
        contract: portico_domain::id::ContractId,
        /// Its version
        version: String,
    },
}

#[derive(Subcommand, Debug)]
enum Staff {
    /// Invite the first Contract Manager of a contract, who adds everybody else in the portal
    InviteFirst(staff::Form),
    /// Invite an operator, or have one work for other contracts; nobody else gives the role Operations
    InviteOperator(staff::Form),
    /// Take an operator out
    EndOperator {
        /// Their sign-in name
        username: portico_domain::id::Username,
    },
}

#[derive(Subcommand, Debug)]
enum Queues {
    /// Hold back what waits in a queue
    Pause {
        /// fax, mail or notices
        queue: String,
    },
    /// Let a queue go on
    Resume {
        /// fax, mail or notices
        queue: String,
    },
}

#[derive(Subcommand, Debug)]
enum Secrets {
    /// Say which keys are set; never a value
    List,
    /// Set a carrier's key, from standard input or a prompt without echo
    Set {
        /// Whose
        carrier: secrets::Carrier,
    },
}

/// Which dead letters of a queue.
#[derive(Args, Debug)]
struct Meant {
    /// The queue
    queue: String,
    /// This one alone
    #[arg(long)]
    message: Option<String>,
}

impl Meant {
    fn which(&self) -> Which<'_> {
        self.message.as_deref().map_or(Which::All, Which::Message)
    }

    fn words(&self) -> String {
        match &self.message {
            Some(id) => format!("the message {id} in the dead letters {}", self.queue),
            None => format!("everything in the dead letters {}", self.queue),
        }
    }
}

#[derive(Subcommand, Debug)]
enum DeadLetters {
    /// List them: ids and reasons
    List {
        /// One queue; without it, all
        queue: Option<String>,
        /// How many of each queue
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Send them back to their queue
    Redrive(Meant),
    /// Take them away for good
    Drop(Meant),
}

#[derive(Subcommand, Debug)]
enum Events {
    /// Send the tasks of events again; workers do a task once
    Replay(events::Form),
    /// List the events that have not reached their queues
    Pending {
        /// How many of each of the outbox's parts
        #[arg(long, default_value_t = 20)]
        limit: u16,
    },
}

#[derive(Subcommand, Debug)]
enum Audit {
    /// Say whether who looked and what happened is as it was written; ends with 1 when it is not
    Check(audit::Form),
}

/// Does what was asked.
pub(crate) async fn run(options: Options) -> Result<ExitCode> {
    let console = Console { json: options.json, yes: options.yes };
    if let Command::Packs(Packs::Check { folders }) = &options.command {
        let checked = packs::check(folders);
        console.show(&checked, |all| words::checked(all))?;
        let good = checked.iter().all(|one| one.problems.is_empty());
        return Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    if let Command::Packs(Packs::New { folder, name }) = &options.command {
        let made = template::begin(folder, name)?;
        console.show(&made, words::begun)?;
        return Ok(ExitCode::SUCCESS);
    }
    let operator = Operator::of(Stack::read(&options.stack)?).await?;
    match options.command {
        Command::Packs(command) => of_packs(&operator, console, command).await?,
        Command::Staff(command) => of_staff(&operator, console, command).await?,
        Command::Secrets(command) => of_secrets(&operator, console, command).await?,
        Command::DeadLetters(command) => of_dead_letters(&operator, console, command).await?,
        Command::Queues(command) => of_queues(&operator, console, command).await?,
        Command::Events(command) => of_events(&operator, console, command).await?,
        Command::Audit(Audit::Check(form)) => {
            let checked = audit::check(&operator, &form).await?;
            console.show(&checked, |all| words::record(all))?;
            if !checked.iter().all(audit::Checked::is_whole) {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Status { check } => {
            let found = status::look(&operator).await?;
            console.show(&found, words::status)?;
            if check && !found.attention.is_empty() {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::History { limit } => {
            let all = operator.table().operations(limit).await?;
            console.show(&all, |all| words::history(all))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn of_packs(operator: &Operator, console: Console, command: Packs) -> Result<()> {
    match command {
        // Answered before, without a stack.
        Packs::New { .. } | Packs::Check { .. } => Ok(()),
        Packs::Diff { folders } => {
            let (read, mut planned) = (packs::read(&folders)?, Vec::new());
            for pack in &read {
                planned.push(packs::plan(operator, pack, packs::Changed::OnlyBefore).await?);
            }
            console.show(&planned, |all| words::planned(all, &read))
        }
        Packs::Apply { folders, replace } => {
            let changed = if replace { packs::Changed::Replaced } else { packs::Changed::OnlyBefore };
            let read = packs::read(&folders)?;
            let mut planned = Vec::new();
            for pack in &read {
                planned.push(packs::plan(operator, pack, changed).await?);
            }
            if planned.iter().any(|plan| plan.applied.effect != packs::Effect::Nothing) {
                console.agree(operator, &words::planned(&planned, &read))?;
            }
            let applied = packs::apply_all(operator, &read, changed).await?;
            console.show(&applied, |all| words::applied(all))
        }
        Packs::List => console.show(&packs::list(operator).await?, |all| words::held(all)),
        Packs::Withdraw { contract, version } => {
            packs::withdrawable(operator, &contract, &version).await?;
            console.agree(operator, &[format!("{contract} {version} is withdrawn")])?;
            let withdrawn = packs::withdraw(operator, &contract, &version).await?;
            console.show(&serde_json::json!({ "contract": contract, "version": version }), |_| {
                vec![format!(
                    "{contract} {version} is withdrawn; it would have held from {} on",
                    withdrawn.effective_from
                )]
            })
        }
    }
}

async fn of_staff(operator: &Operator, console: Console, command: Staff) -> Result<()> {
    let (person, what) = match &command {
        Staff::InviteFirst(form) => (form.parse()?, "the first Contract Manager"),
        Staff::InviteOperator(form) => (form.parse()?, "an operator for the whole stack, who sees what is due"),
        Staff::EndOperator { username } => {
            console.agree(operator, &[format!("the operator {username} is taken out")])?;
            let ended = staff::end_operator(operator, username).await?;
            return console.show(&serde_json::json!({ "username": username, "ended": ended }), |_| {
                vec![if ended {
                    format!("{username} is taken out.")
                } else {
                    format!("{username} was taken out before. Nothing changed.")
                }]
            });
        }
    };
    let contracts: Vec<String> = person.contracts.iter().map(ToString::to_string).collect();
    let change = format!(
        "{} ({}) is invited as {what} of {}; a link goes to {}",
        person.contact.full_name(),
        person.username,
        contracts.join(", "),
        person.contact.email
    );
    console.agree(operator, &[change])?;
    let invitation = match command {
        Staff::InviteFirst(_) => staff::invite_first(operator, &person).await?,
        Staff::InviteOperator(_) | Staff::EndOperator { .. } => staff::invite_operator(operator, &person).await?,
    };
    console.show(&invitation, |invitation| words::invitation(invitation, &person))
}

async fn of_queues(operator: &Operator, console: Console, command: Queues) -> Result<()> {
    match command {
        Queues::Pause { queue } => {
            let lane = pauses::pausable(&queue)?;
            console
                .agree(operator, &[format!("{lane} is paused: nothing of it is sent until somebody lets it go on")])?;
            let pause = pauses::pause(operator, lane).await?;
            console.show(&pause, |pause| vec![format!("{lane} is paused since {} by {}.", pause.at, pause.by)])
        }
        Queues::Resume { queue } => {
            let lane = pauses::pausable(&queue)?;
            console.agree(operator, &[format!("{lane} goes on: what waits is sent within a quarter of an hour")])?;
            let resumed = pauses::resume(operator, lane).await?;
            console.show(&serde_json::json!({ "queue": lane, "resumed": resumed }), |_| {
                vec![if resumed { format!("{lane} goes on.") } else { format!("{lane} was not paused.") }]
            })
        }
    }
}

async fn of_secrets(operator: &Operator, console: Console, command: Secrets) -> Result<()> {
    match command {
        Secrets::List => console.show(&secrets::list(operator).await?, |all| words::keys(all)),
        Secrets::Set { carrier } => {
            let name = carrier.name();
            console.agree(operator, &[format!("the {name} key is set"), format!("{}.", carrier.rotates())])?;
            let value = console.secret(&format!("The {name} key"))?;
            secrets::set(operator, carrier, &value).await?;
            console.show(&serde_json::json!({ "carrier": carrier, "set": true }), |_| {
                vec![format!("The {name} key is set. {}.", carrier.rotates())]
            })
        }
    }
}

async fn of_dead_letters(operator: &Operator, console: Console, command: DeadLetters) -> Result<()> {
    match command {
        DeadLetters::List { queue, limit } => {
            let dead = dead_letters::list(operator, queue.as_deref(), limit).await?;
            console.show(&dead, |all| words::dead(all))
        }
        DeadLetters::Redrive(meant) => {
            console.agree(operator, &[format!("{} goes back to its queue", meant.words())])?;
            let done = dead_letters::redrive(operator, &meant.queue, meant.which()).await?;
            console.show(&done, |done| words::redriven(*done))
        }
        DeadLetters::Drop(meant) => {
            let word = meant.message.as_deref().unwrap_or(&meant.queue);
            console.agree_by_word(operator, &[format!("{} is dropped", meant.words())], word)?;
            let count = dead_letters::drop(operator, &meant.queue, meant.which()).await?;
            console.show(&serde_json::json!({ "dropped": count }), |_| vec![format!("{count} were dropped.")])
        }
    }
}

async fn of_events(operator: &Operator, console: Console, command: Events) -> Result<()> {
    match command {
        Events::Replay(form) => {
            let replay = events::look(operator, &form).await?;
            console.agree(operator, &words::replay(&replay))?;
            let replayed = events::replay(operator, &replay).await?;
            console.show(&replayed, words::replayed)?;
            anyhow::ensure!(
                replayed.unsent == 0,
                "a queue did not take the tasks of {} events: try again",
                replayed.unsent
            );
            Ok(())
        }
        Events::Pending { limit } => console.show(&events::pending(operator, limit).await?, |all| words::pending(all)),
    }
}
