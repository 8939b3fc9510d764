//! Reports of a contract, and its yearly metrics, for contract managers and for provider users with Reports.

pub mod get_report;
mod metrics;
mod rows;
mod view;

use jiff::{Timestamp, tz::TimeZone};
use portico_aws::table::reports::Read;
use portico_domain::{
    contracts::Contract,
    field::FieldErrors,
    period::Period,
    reports::{fact::Fact, sheet::received_in},
    wrong::Wrong,
};

use crate::{Action, problem::Problem};

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[("get-report", get_report::route)];

/// Said to whoever asks for more reports than anybody reads.
const OFTEN: &str = "You have asked for very many reports.";

/// A report covers a year at most.
const MOST_DAYS: u32 = 366;

/// The days of a report: those that were asked for, or the current month so far as UTC has it.
fn period(now: Timestamp, errors: &mut FieldErrors, (from, to): (Option<&str>, Option<&str>)) -> Option<Period> {
    let today = TimeZone::UTC.to_datetime(now).date();
    let usual = (|_| today.first_of_month(), today.last_of_month());
    let often = format!("A report covers at most {MOST_DAYS} days.");
    crate::form::days(errors, (from, to), usual, (MOST_DAYS, &often))
}

/// What was read, without what was received on other days in the contract's zone. `field`: where fewer can be asked for.
fn within(
    read: Read,
    days: Option<Period>,
    (contract, field): (&Contract, Option<&str>),
) -> Result<Vec<Fact>, Problem> {
    let zone = &contract.calendar.time_zone;
    match read {
        Read::All(mut facts) => {
            facts.retain(|fact| days.is_none_or(|days| received_in(fact, days, zone)));
            Ok(facts)
        }
        Read::TooMany => {
            let sentence = match field {
                Some("/to") => "These days have more requests than one report can count. Choose fewer days.",
                _ => "There are more requests than one report can count.",
            };
            let wrong = Wrong::TooMany { most: portico_aws::table::reports::MOST_FACTS };
            Err(Problem::invalid_field(field.unwrap_or("/contract"), wrong.says(sentence)))
        }
    }
}
