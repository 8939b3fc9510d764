//! How much came in: by time, by what it is, by who asks.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};

use super::{
    fact::Fact,
    numbers::count,
    sheet::{Row, Sheet, Unit},
};
use crate::{
    contracts::Contract,
    id::WordError,
    service::{Setting, Urgency},
};

/// What a volume is told by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum By {
    /// The day of receipt.
    Day,
    /// The week of receipt, from Monday.
    Week,
    /// The month of receipt.
    #[default]
    Month,
    /// Why it is made.
    Review,
    /// The contract's service type.
    ServiceType,
    /// With a bed or without.
    Setting,
    /// Who asks.
    Provider,
}

impl std::str::FromStr for By {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        match text {
            "day" => Ok(Self::Day),
            "week" => Ok(Self::Week),
            "month" => Ok(Self::Month),
            "review" => Ok(Self::Review),
            "service-type" => Ok(Self::ServiceType),
            "setting" => Ok(Self::Setting),
            "provider" => Ok(Self::Provider),
            _ => Err(WordError("day, week, month, review, service-type, setting or provider")),
        }
    }
}

/// In the order of their names, and all.
#[must_use]
pub fn volumes(facts: &[Fact], by: By, contract: &Contract) -> Sheet {
    let mut groups: BTreeMap<(String, String), Vec<&Fact>> = BTreeMap::new();
    for fact in facts {
        groups.entry(group(fact, by, contract)).or_default().push(fact);
    }
    let row = |((name, _), facts): (&(String, String), &Vec<&Fact>)| {
        Row::new([name.as_str()], values(&facts.iter().copied()))
    };
    let mut rows: Vec<Row> = groups.iter().map(row).collect();
    rows.push(Row::new(["all"], values(&facts.iter())));
    let names: &'static [&'static str] = match by {
        By::Day => &["day"],
        By::Week => &["week"],
        By::Month => &["month"],
        By::Review => &["review"],
        By::ServiceType => &["service-type"],
        By::Setting => &["setting"],
        By::Provider => &["provider"],
    };
    Sheet { names, measures: &[("received", Unit::Count), ("standard", Unit::Count), ("expedited", Unit::Count)], rows }
}

/// What a request is counted under, and what tells two of one name from each other.
fn group(fact: &Fact, by: By, contract: &Contract) -> (String, String) {
    let day = contract.calendar.time_zone.date_at(fact.received);
    let name = match by {
        By::Day => day.to_string(),
        By::Week => monday(day).to_string(),
        By::Month => day.strftime("%Y-%m").to_string(),
        By::Review => fact.review.to_string(),
        By::ServiceType => {
            let known = contract.service_types.iter().find(|known| known.id == fact.service_type);
            known.map_or_else(|| fact.service_type.clone(), |known| known.label.clone())
        }
        By::Setting => match fact.setting {
            Setting::Inpatient => "inpatient".to_owned(),
            Setting::Outpatient => "outpatient".to_owned(),
        },
        By::Provider => return (fact.provider_name.clone(), fact.provider.to_string()),
    };
    (name, String::new())
}

fn monday(day: Date) -> Date {
    let since = day.weekday().to_monday_zero_offset();
    day.checked_sub(i64::from(since).days()).unwrap_or(day)
}

fn values<'a>(facts: &(impl Iterator<Item = &'a Fact> + Clone)) -> Vec<Option<f64>> {
    let of = |urgency: Urgency| count(facts.clone().filter(|fact| fact.urgency == urgency));
    vec![count(facts.clone()), of(Urgency::Standard), of(Urgency::Expedited)]
}
