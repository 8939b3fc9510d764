//! What lists of cases share: what is looked for, the way through the lists of the caller's groups, and what is shown of
//! each case.

use futures::future::try_join_all;
use jiff::{Timestamp, civil::Date};
use portico_aws::table::cases::lists::{CaseSummary, Named, place};
use portico_domain::{
    caller::Caller,
    cases::Case,
    field::FieldErrors,
    id::CaseKey,
    name::{fold, turns},
    npi::Npi,
    status::Status,
    wrong::Wrong,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    form::word,
    page::{Page, cursor},
    problem::Problem,
    words,
};

/// Entries of a group that are looked through at once for those that are looked for.
const LOOK: u8 = 100;
/// How often, before a page is given that is not full.
const ROUNDS: usize = 5;

/// A page of cases. It may hold fewer than asked for while there is a next one.
#[derive(Serialize, ToSchema)]
pub(super) struct ListedCases {
    /// Newest first.
    pub(super) cases: Vec<ListedCase>,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// A case in the list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListedCase {
    key: String,
    /// Once submitted.
    case_id: Option<String>,
    contract: String,
    #[schema(value_type = words::Setting)]
    setting: String,
    member_name: String,
    #[schema(value_type = String, format = Date)]
    member_birth_date: Date,
    requesting_name: String,
    service_type: Option<String>,
    /// The latest request.
    request: String,
    #[schema(value_type = words::ReviewKind)]
    review: String,
    #[schema(value_type = words::Urgency)]
    urgency: String,
    #[schema(value_type = words::Status)]
    status: String,
    /// The status in words.
    status_label: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
}

/// What is looked for; each left out is anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wanted {
    pub(super) status: Option<Status>,
    pub(super) submitted: Option<bool>,
    pub(super) provider: Option<By>,
    /// The day of the submit in the contract's zone.
    pub(super) submitted_on: Span,
    /// Some day of the service.
    pub(super) served_on: Span,
}

/// How a provider on the case is looked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum By {
    Npi(Npi),
    /// The beginning of its name or of a word of it, folded.
    Name(String),
}

/// Days from one to another, both included; open where none is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
}

impl Span {
    /// Whether every day is in it.
    fn is_open(self) -> bool {
        self == Self::default()
    }

    /// Whether one of these days is in it.
    fn meets(self, first: Date, last: Date) -> bool {
        self.from.is_none_or(|from| from <= last) && self.to.is_none_or(|to| first <= to)
    }

    fn what(self, of: &str) -> Option<String> {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        (!self.is_open()).then(|| format!("{of} {}..{}", day(self.from), day(self.to)))
    }
}

impl By {
    /// An NPI, or at least three letters of a name.
    pub(super) fn parse(errors: &mut FieldErrors, text: Option<&str>) -> Option<Self> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return errors.parse("/provider", Some(text)).map(Self::Npi);
        }
        let name = fold(text);
        if name.chars().count() < 3 {
            errors.add(
                "/provider",
                Wrong::TooShort { least: 3 }.says("Enter an NPI, or at least three letters of the name."),
            );
            return None;
        }
        Some(Self::Name(name))
    }

    fn is(&self, provider: &Named) -> bool {
        match self {
            Self::Npi(npi) => provider.npi == Some(*npi),
            Self::Name(name) => turns(&provider.name).iter().any(|turn| turn.starts_with(name)),
        }
    }
}

impl Wanted {
    /// What was looked for, for the record: nothing that says something of a person.
    pub(super) fn what(&self) -> impl Iterator<Item = String> {
        let status = self.status.as_ref().map(word);
        let submitted =
            self.submitted.map(|submitted| if submitted { "submitted" } else { "not submitted" }.to_owned());
        let provider = self.provider.as_ref().map(|_| "provider".to_owned());
        let days = [self.submitted_on.what("submitted"), self.served_on.what("served")];
        status.into_iter().chain(submitted).chain(provider).chain(days.into_iter().flatten())
    }

    /// Whether a case is so that was submitted on this day.
    fn fits(&self, case: &CaseSummary, submitted: Option<Date>) -> bool {
        self.status.is_none_or(|status| status == case.status)
            && self
                .submitted
                .is_none_or(|submitted| submitted == case.submitted_at.is_some() && case.status != Status::Cancelled)
            && self.provider.as_ref().is_none_or(|by| case.providers.iter().any(|provider| by.is(provider)))
            && (self.submitted_on.is_open() || submitted.is_some_and(|day| self.submitted_on.meets(day, day)))
            && (self.served_on.is_open() || case.days.is_some_and(|days| self.served_on.meets(days.from(), days.to())))
    }

    /// Whether some of what is looked through may not be shown.
    fn leaves_out(&self) -> bool {
        *self != Self::default()
    }

    /// Whether it is looked for by what older entries of a list do not have.
    fn looks_deeper(&self) -> bool {
        self.provider.is_some() || !self.served_on.is_open()
    }
}

/// `CASE#2026-05-07#cas_…`: the place of a case in a group's list.
pub(super) fn is_place(text: &str) -> bool {
    let parts: Vec<&str> = text.split('#').collect();
    matches!(parts[..], ["CASE", day, key] if day.len() == 10 && day.parse::<Date>().is_ok() && key.parse::<CaseKey>().is_ok())
}

/// What is said of a status that is none.
const STATUSES: &str = "Choose draft, submitted, nurse-review, physician-review, pended, pended-eligibility, approved, modified, denied, void, withdrawn or cancelled.";

/// One of the statuses.
pub(super) fn status(errors: &mut FieldErrors, text: Option<&str>) -> Option<Status> {
    let text = text.filter(|text| !text.is_empty())?;
    crate::form::choice(errors, "/status", Some(text), STATUSES)
}

/// Whether a case is as wanted. Its contract is asked only for a day in its zone.
async fn fits(app: &App, wanted: &Wanted, case: &CaseSummary) -> Result<bool, Problem> {
    let submitted = match case.submitted_at.filter(|_| !wanted.submitted_on.is_open()) {
        Some(at) => Some(app.contract(&case.contract).await?.calendar.time_zone.date_at(at)),
        None => None,
    };
    Ok(wanted.fits(case, submitted))
}

/// The case of a key, if the caller may see it and it is as wanted.
pub(super) async fn one(
    app: &App,
    caller: &Caller,
    wanted: &Wanted,
    key: CaseKey,
) -> Result<Vec<CaseSummary>, Problem> {
    let seen = app.seen(caller, app.table().cases([key]).await?).await?;
    Ok(entries(app, wanted, &seen).await?.into_iter().map(|(_, case)| case).collect())
}

/// Those of the cases that are as wanted, each with its place in a list, the newest first.
pub(super) async fn entries(app: &App, wanted: &Wanted, cases: &[Case]) -> Result<Vec<(String, CaseSummary)>, Problem> {
    let mut entries = Vec::new();
    for case in cases {
        let contract = app.contract(&case.contract).await?;
        let Some(summary) = CaseSummary::of(case, &contract.calendar) else { continue };
        if fits(app, wanted, &summary).await? {
            entries.push((place(case, &contract.calendar), summary));
        }
    }
    entries.sort_by(|a, b| b.0.cmp(&a.0));
    Ok(entries)
}

/// A page over all groups of the caller.
pub(super) async fn many(
    app: &App,
    caller: &Caller,
    wanted: &Wanted,
    page: &Page,
) -> Result<(Vec<CaseSummary>, Option<String>), Problem> {
    let (limit, mut before) = (usize::from(page.limit), page.after.clone());
    let look = if wanted.leaves_out() { LOOK } else { page.limit };
    let (mut found, groups, mut held) = (Vec::new(), caller.groups(), None);
    for _ in 0..ROUNDS {
        let pages = try_join_all(groups.iter().map(|group| app.table().group_cases(*group, before.as_deref(), look)));
        let (mut pages, providers) = match held.take() {
            Some(providers) => (pages.await?, providers),
            None => {
                let held = try_join_all(groups.iter().map(|group| app.table().held_providers(*group)));
                let (pages, held) = futures::join!(pages, held);
                (pages?, held?.concat())
            }
        };
        // Cases that a provider was on before the group registered it (ACT-07).
        let theirs = providers.iter().map(|id| app.table().provider_cases(*id, before.as_deref(), look));
        pages.extend(try_join_all(theirs).await?);
        held = Some(providers);
        let (entries, more) = merge(pages, usize::from(look));
        for (place, case) in whole(app, wanted, entries).await? {
            if fits(app, wanted, &case).await? {
                if found.len() == limit {
                    return Ok((found, before.as_deref().map(cursor)));
                }
                found.push(case);
            }
            before = Some(place);
        }
        if !more {
            return Ok((found, None));
        }
        if found.len() == limit {
            break;
        }
    }
    Ok((found, before.as_deref().map(cursor)))
}

/// Entries that were stored before they told providers and days, as they would be stored now.
async fn whole(
    app: &App,
    wanted: &Wanted,
    mut entries: Vec<(String, CaseSummary)>,
) -> Result<Vec<(String, CaseSummary)>, Problem> {
    if !wanted.looks_deeper() {
        return Ok(entries);
    }
    let older = entries.iter().filter(|(_, case)| case.providers.is_empty()).map(|(_, case)| case.key);
    for case in app.table().cases(older.collect::<Vec<_>>()).await? {
        let contract = app.contract(&case.contract).await?;
        let entry = entries.iter_mut().find(|(_, entry)| entry.key == case.key);
        if let Some(((_, entry), now)) = entry.zip(CaseSummary::of(&case, &contract.calendar)) {
            *entry = now;
        }
    }
    Ok(entries)
}

/// The newest `limit` of several groups' entries, each case once, and whether there are more.
fn merge(pages: Vec<Vec<(String, CaseSummary)>>, limit: usize) -> (Vec<(String, CaseSummary)>, bool) {
    let mut entries: Vec<_> = pages.into_iter().flatten().collect();
    entries.sort_by(|a, b| b.0.cmp(&a.0));
    entries.dedup_by(|a, b| a.0 == b.0);
    let more = entries.len() > limit;
    entries.truncate(limit);
    (entries, more)
}

impl ListedCase {
    pub(super) fn of(case: CaseSummary) -> Self {
        Self {
            key: case.key.to_string(),
            case_id: case.case_id.map(|id| id.to_string()),
            contract: case.contract.to_string(),
            setting: word(&case.setting),
            member_name: case.member_name,
            member_birth_date: case.member_birth_date,
            requesting_name: case.requesting_name,
            service_type: case.service_type,
            request: case.request.to_string(),
            review: word(&case.review),
            urgency: word(&case.urgency),
            status: word(&case.status),
            status_label: case.status.to_string(),
            created_at: case.created_at,
            changed_at: case.changed_at,
            submitted_at: case.submitted_at,
            due: case.due,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn entry(day: &str, key: u8) -> (String, CaseSummary) {
        let summary = CaseSummary::of(&samples::draft(), &samples::contract().calendar).unwrap();
        (format!("CASE#{day}#cas_{key:032x}"), summary)
    }

    #[test]
    fn a_status_that_is_none_is_told_all_that_are() {
        use Status::{
            Approved, Cancelled, Denied, Draft, Modified, NurseReview, Pended, PendedEligibility, PhysicianReview,
            Submitted, Void, Withdrawn,
        };
        let all =
            [Draft, Submitted, NurseReview, PhysicianReview, Pended, PendedEligibility, Approved, Modified, Denied];
        let named: Vec<&str> = STATUSES.split([' ', ',', '.']).collect();
        for one in all.into_iter().chain([Void, Withdrawn, Cancelled]) {
            let (mut errors, text) = (FieldErrors::none(), crate::form::word(&one));
            assert_eq!(status(&mut errors, Some(&text)), Some(one));
            assert!(named.contains(&text.as_str()), "{text}");
        }
    }

    /// REQ: CASE-01
    #[test]
    fn groups_are_merged_newest_first_and_each_case_once() {
        let pages = vec![
            vec![entry("2026-05-07", 9), entry("2026-05-05", 1)],
            vec![entry("2026-05-07", 9), entry("2026-05-06", 4)],
        ];
        let (entries, more) = merge(pages.clone(), 3);
        let days: Vec<_> = entries.iter().map(|(place, _)| &place[5..15]).collect();
        assert_eq!((days, more), (vec!["2026-05-07", "2026-05-06", "2026-05-05"], false));
        assert!(merge(pages, 2).1);
    }

    fn found(wanted: &Wanted) -> bool {
        let contract = samples::contract();
        let case = CaseSummary::of(&samples::submitted(), &contract.calendar).unwrap();
        let submitted = case.submitted_at.map(|at| contract.calendar.time_zone.date_at(at));
        wanted.fits(&case, submitted)
    }

    #[test]
    fn a_provider_is_found_by_npi_or_by_the_beginning_of_a_word() {
        let by = |text: &str| {
            let mut errors = FieldErrors::none();
            let by = By::parse(&mut errors, Some(text));
            by.map(|by| found(&Wanted { provider: Some(by), ..Wanted::default() })).ok_or(errors.as_slice().len())
        };
        for (text, expected) in [
            ("1234567893", true),
            ("river", true),
            ("DAY cl", true),
            ("clinic", true),
            ("linic", false),
            ("Ozark", false),
        ] {
            assert_eq!(by(text), Ok(expected), "{text}");
        }
        assert_eq!((by("ri"), by("1234567890"), by("  ")), (Err(1), Err(1), Err(0)));
    }

    #[test]
    fn days_are_those_of_the_submit_in_the_contracts_zone_and_any_of_the_service() {
        let day = |text: &str| Some(text.parse().unwrap());
        let span = |from, to| Span { from, to };
        for (submitted_on, expected) in [
            (span(day("2026-05-07"), day("2026-05-07")), true),
            (span(day("2026-05-08"), None), false),
            (span(None, day("2026-05-06")), false),
        ] {
            assert_eq!(found(&Wanted { submitted_on, ..Wanted::default() }), expected, "{submitted_on:?}");
        }
        for (served_on, expected) in [
            (span(day("2026-06-09"), None), true),
            (span(None, day("2026-05-11")), true),
            (span(day("2026-05-20"), day("2026-05-21")), true),
            (span(day("2026-06-10"), None), false),
            (span(None, day("2026-05-10")), false),
        ] {
            assert_eq!(found(&Wanted { served_on, ..Wanted::default() }), expected, "{served_on:?}");
        }
    }
}
