//! How letters about the requests of a period arrived.

use jiff::Timestamp;

use super::{
    fact::{Fact, Sent},
    numbers::{Times, count},
    sheet::{Row, Sheet, Unit},
};
use crate::status::Audience;

/// How far a letter is on one way.
struct Step {
    since: Timestamp,
    tries: u32,
    failed: u32,
    /// When it arrived, or the mail carrier took it.
    done: Option<Timestamp>,
    given_up: bool,
}

/// By who reads them and by which way they go. A letter that could not be faxed is counted by both ways.
#[must_use]
pub fn delivery(facts: &[Fact]) -> Sheet {
    let to = |audience: Audience| facts.iter().flat_map(|fact| &fact.letters).filter(move |sent| sent.to == audience);
    let faxed = to(Audience::Provider).map(|sent| Step {
        since: sent.at,
        tries: sent.calls,
        failed: sent.failed,
        done: sent.faxed,
        given_up: sent.given_up.is_some() && sent.faxed.is_none(),
    });
    let mailed = to(Audience::Provider).filter(|sent| sent.given_up.or(sent.mailed).is_some()).map(by_mail);
    let held = |audience: Audience| {
        let letters = count(facts.iter().flat_map(|fact| &fact.held).filter(|held| **held == audience));
        [letters].into_iter().chain([None; 7]).collect()
    };
    Sheet {
        names: &["audience", "way"],
        measures: &[
            ("letters", Unit::Count),
            ("attempts", Unit::Count),
            ("failed", Unit::Count),
            ("delivered", Unit::Count),
            ("given-up", Unit::Count),
            ("on-its-way", Unit::Count),
            ("mean", Unit::Hours),
            ("median", Unit::Hours),
        ],
        rows: vec![
            Row::new(["provider", "fax"], values(&faxed.collect::<Vec<_>>())),
            Row::new(["provider", "mail"], values(&mailed.collect::<Vec<_>>())),
            Row::new(["member", "mail"], values(&to(Audience::Member).map(by_mail).collect::<Vec<_>>())),
            Row::new(["provider", "held"], held(Audience::Provider)),
            Row::new(["member", "held"], held(Audience::Member)),
        ],
    }
}

/// By mail since it was issued, or since no fax call was left.
fn by_mail(sent: &Sent) -> Step {
    let since = sent.given_up.unwrap_or(sent.at);
    let (mailed, refused) = (sent.mailed.is_some(), sent.mail_refused);
    Step {
        since,
        tries: u32::from(mailed || refused),
        failed: u32::from(refused),
        done: sent.mailed,
        given_up: refused && !mailed,
    }
}

fn values(steps: &[Step]) -> Vec<Option<f64>> {
    let sum = |pick: fn(&Step) -> u32| Some(f64::from(steps.iter().map(pick).fold(0, u32::saturating_add)));
    let times = Times::of(steps.iter().filter_map(|step| Some(step.done?.duration_since(step.since))));
    vec![
        count(steps.iter()),
        sum(|step| step.tries),
        sum(|step| step.failed),
        count(steps.iter().filter(|step| step.done.is_some())),
        count(steps.iter().filter(|step| step.given_up)),
        count(steps.iter().filter(|step| step.done.is_none() && !step.given_up)),
        times.mean(),
        times.median(),
    ]
}
