//! A provider's gold card for a code: computed from what people decided, never given by hand, and taken away by hand with a reason. A
//! rule of automatic review may rest on it.

use std::collections::BTreeMap;

use jiff::{Span, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    cases::{
        Case,
        determination::{Determination, LineOutcome},
        request::Request,
    },
    code::ProcedureCode,
    contracts::{Contract, gold_card::MOST_COUNTED},
    field::FieldErrors,
    glyphs::clean,
    id::{CaseId, RequestNumber, Username},
    npi::Npi,
    wrong::Wrong,
};

/// As long may the reason be for which a card is taken away.
const LONGEST_REASON: usize = 1000;

/// What people decided of one request for a code. Of another look at it, that is what counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counted {
    /// The case.
    pub case: CaseId,
    /// The request that was asked first.
    pub request: RequestNumber,
    /// When it was decided.
    pub at: Timestamp,
    /// Whether all of the code was approved as it was asked for.
    pub approved: bool,
}

/// That a card was taken away.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Revoked {
    /// By whom.
    pub by: Username,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Revoked {
    /// With a reason in words.
    ///
    /// # Errors
    /// When it is missing, too long, or cannot be printed.
    pub fn new(by: Username, at: Timestamp, reason: &str) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::none();
        let reason = reason.trim();
        if !(1..=LONGEST_REASON).contains(&reason.chars().count()) {
            let text = format!("Say in 1 to {LONGEST_REASON} characters why the card is taken away.");
            errors.add("/reason", Wrong::length(reason, LONGEST_REASON).says(text));
        } else if let Err(unprintable) = clean(reason) {
            errors.add("/reason", unprintable);
        }
        errors.finish(Some(Self { by, at, reason: reason.to_owned() }))
    }
}

/// What was decided of what a provider asked for of one code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The code.
    pub code: ProcedureCode,
    /// What was decided, the latest cases first.
    pub counted: Vec<Counted>,
    /// That the card was taken away.
    pub revoked: Option<Revoked>,
}

/// What a record comes to on a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The first day whose decisions count.
    pub since: Date,
    /// Requests that people decided since.
    pub decided: u32,
    /// Those that were approved as they were asked for.
    pub approved: u32,
    /// Whether that is enough for a card.
    pub enough: bool,
    /// Whether the card was taken away.
    pub revoked: bool,
}

impl Record {
    /// What it comes to under a contract; `None` where that knows no gold cards.
    #[must_use]
    pub fn standing(&self, contract: &Contract, at: Timestamp) -> Option<Standing> {
        let (rules, zone) = (contract.gold_card?, &contract.calendar.time_zone);
        let since = zone.date_at(at).saturating_sub(Span::new().days(i64::from(rules.days)));
        let within = self.counted.iter().filter(|counted| counted.at <= at && zone.date_at(counted.at) >= since);
        let (decided, approved) = within
            .take(MOST_COUNTED)
            .fold((0_u32, 0_u32), |(decided, approved), counted| (decided + 1, approved + u32::from(counted.approved)));
        let enough = decided >= u32::from(rules.least) && approved * 100 >= decided * u32::from(rules.percent);
        Some(Standing { since, decided, approved, enough, revoked: self.revoked.is_some() })
    }
}

impl Standing {
    /// Whether the provider has a card.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.enough && !self.revoked
    }

    /// On what it rests.
    #[must_use]
    pub fn in_words(&self, code: &ProcedureCode) -> String {
        let Self { since, decided, approved, .. } = self;
        let since = since.strftime("%B %-d, %Y");
        format!("Gold card for {code}: {approved} of {decided} requests decided since {since} were approved as asked.")
    }
}

/// What people decided of a case, for the records of the provider who asked: once for each request and code. A later decision on the same
/// request, or on another look at it, stands in the place of the one before. Nothing of what no person decided.
#[must_use]
pub fn counted(case: &Case, all: &[Determination]) -> Option<(Npi, Vec<(ProcedureCode, Counted)>)> {
    let (submission, npi) = (case.submission.as_ref()?, case.requesting.npi?);
    let mut latest = BTreeMap::<(&ProcedureCode, RequestNumber), Counted>::new();
    let mut made: Vec<_> = all.iter().filter(|made| made.by.is_person()).collect();
    made.sort_by_key(|made| (made.at, made.request, made.number));
    for (made, request) in made.into_iter().filter_map(|made| Some((made, case.request(made.request)?))) {
        let first = asked_first(case, request).number;
        for line in &request.lines {
            let of_code = request.lines.iter().zip(&made.lines).filter(|(other, _)| other.code == line.code);
            let approved = of_code.map(|(_, outcome)| outcome).all(|outcome| matches!(outcome, LineOutcome::Approved));
            let one = Counted { case: submission.case_id.clone(), request: first, at: made.at, approved };
            latest.insert((&line.code, first), one);
        }
    }
    Some((npi, latest.into_iter().map(|((code, _), one)| (code.clone(), one)).collect()))
}

/// The request that another look is about, through all looks.
fn asked_first<'a>(case: &'a Case, mut request: &'a Request) -> &'a Request {
    while request.review.is_another_look() {
        let before = request.follows.as_ref().and_then(|follows| case.request(follows.of));
        // Later ones follow earlier ones only, so this ends.
        match before.filter(|before| before.number < request.number) {
            Some(before) => request = before,
            None => break,
        }
    }
    request
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use uuid::Uuid;

    use super::*;
    use crate::{
        cases::determination::Criterion,
        contracts::{auto_rule::AutoRule, gold_card::GoldCardRules, samples::arkansas},
        events::{EventKind, Lack, Why},
        id::CaseKey,
        reviews::{self, Decision, Holder, Known, correct::Corrected},
        status::Status,
        tests::{at, nurse, physician, routed, submitted},
    };

    const R01: RequestNumber = RequestNumber::FIRST;

    fn contract() -> Contract {
        let rule = AutoRule {
            id: "trusted".into(),
            reason: "Usual hours, asked for by a provider whose requests are approved.".into(),
            codes: vec!["T1015".parse().unwrap()],
            max_units: 150,
            gold_card: true,
            ..AutoRule::default()
        };
        let gold_card = Some(GoldCardRules { days: 365, least: 5, percent: 80, sample_percent: 0 });
        Contract { auto_review: vec![rule], gold_card, ..arkansas() }
    }

    /// So many requests that were decided so many days ago, of which some were approved.
    fn record(decided: u32, approved: u32, days: i64) -> Record {
        let one = |count: u32| Counted {
            case: submitted().submission.unwrap().case_id,
            request: R01,
            at: at().checked_sub((days * 24).hours()).unwrap(),
            approved: count < approved,
        };
        Record { code: "T1015".parse().unwrap(), counted: (0..decided).map(one).collect(), revoked: None }
    }

    fn by_rule(contract: &Contract, records: &[Record]) -> crate::cases::Change {
        let known = Known { others: &[], records };
        reviews::automatic(submitted(), R01, contract, known, at()).unwrap()
    }

    fn why(change: &crate::cases::Change) -> Why {
        let [EventKind::RequestRouted { why: Some(why), .. }] = &change.events[..] else {
            panic!("{:?}", change.events)
        };
        why.clone()
    }

    #[test]
    fn a_card_takes_enough_decisions_enough_of_them_approved_and_lately() {
        let contract = contract();
        let lacks = Why::NoRule { rule: "trusted".into(), lacks: vec![Lack::GoldCard] };
        for (decided, approved, days, holds) in [
            (5, 4, 1, true),
            (5, 5, 364, true),
            (5, 5, 367, false),
            (4, 4, 1, false),
            (5, 3, 1, false),
            (100, 80, 1, true),
            (100, 79, 1, false),
        ] {
            let change = by_rule(&contract, &[record(decided, approved, days)]);
            assert_eq!(change.determination.is_some(), holds, "{approved} of {decided}, {days} days ago");
            if !holds {
                assert_eq!(why(&change), lacks);
            }
        }
        assert_eq!(why(&by_rule(&contract, &[])), lacks, "nothing is known");
        let other = Record { code: "E0601".parse().unwrap(), ..record(9, 9, 1) };
        assert_eq!(why(&by_rule(&contract, &[other])), lacks, "for another code");
        let taken = Revoked { by: "mia.manager".parse().unwrap(), at: at(), reason: "Audit".into() };
        assert_eq!(
            why(&by_rule(&contract, &[Record { revoked: Some(taken), ..record(9, 9, 1) }])),
            lacks,
            "it was taken away"
        );
        let unknown = Contract { gold_card: None, ..contract };
        assert_eq!(why(&by_rule(&unknown, &[record(9, 9, 1)])), lacks, "the contract knows none");
    }

    #[test]
    fn whoever_is_approved_by_it_is_told_on_what_it_rests() {
        let change = by_rule(&contract(), &[record(10, 9, 1)]);
        assert_eq!(change.case.status(), Status::Approved);
        let ledger = format!("{:?}", change.case.request(R01).unwrap().clock().unwrap());
        let said = "Gold card for T1015: 9 of 10 requests decided since May 7, 2025 were approved as asked.";
        assert!(ledger.contains(said), "{ledger}");
    }

    #[test]
    fn some_go_to_a_person_all_the_same_and_a_rule_without_a_card_comes_first() {
        let mut contract = contract();
        let drawn = |percent: u8, contract: &Contract| {
            let rules = GoldCardRules { sample_percent: percent, ..contract.gold_card.unwrap() };
            let contract = Contract { gold_card: Some(rules), ..contract.clone() };
            (0..1000_u128)
                .filter(|count| {
                    // Spread as the random part of a key is.
                    let key = CaseKey::new(Uuid::from_u128(count.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
                    let known = Known { others: &[], records: &[record(9, 9, 1)] };
                    let case = Case { key, ..submitted() };
                    let change = reviews::automatic(case, R01, &contract, known, at()).unwrap();
                    let sample = change.events.iter().any(|event| {
                        matches!(event, EventKind::RequestRouted { why: Some(Why::Sample { rule }), .. } if rule == "trusted")
                    });
                    assert_eq!(sample, change.determination.is_none());
                    sample
                })
                .count()
        };
        assert_eq!(drawn(0, &contract), 0);
        assert!((150..250).contains(&drawn(20, &contract)));
        let any = AutoRule { id: "any".into(), gold_card: false, ..contract.auto_review[0].clone() };
        contract.auto_review.push(any);
        assert_eq!(drawn(99, &contract), 0, "what a rule approves for anybody needs no card");
    }

    #[test]
    fn a_past_request_is_tried_with_what_was_known_then() {
        let (held, case) = (arkansas(), submitted());
        let contract = contract();
        let twin = Case { key: CaseKey::new(Uuid::from_u128(44)), ..submitted() };
        let later = at().checked_add(1.hour()).unwrap();
        let taken = Revoked { by: "mia.manager".parse().unwrap(), at: later, reason: "Audit".into() };
        let records = [Record { revoked: Some(taken), ..record(9, 9, 1) }];
        let tried = |submitted: Timestamp| {
            let mut twin = twin.clone();
            twin.submission.as_mut().unwrap().at = submitted;
            let known = Known { others: &[twin], records: &records };
            let request = case.request(R01).unwrap();
            let (before, after) = reviews::tried(&case, request, (&held, &contract), known, at());
            let rule = match after {
                reviews::Verdict::Approves { rule, .. } => Some(rule.id.clone()),
                reviews::Verdict::Person(_) => None,
            };
            (matches!(before, reviews::Verdict::Person(_)), rule)
        };
        assert_eq!(
            tried(later),
            (true, Some("trusted".to_owned())),
            "the twin came later, the card was taken away later"
        );
        let earlier = at().checked_sub(1.hour()).unwrap();
        assert_eq!(tried(earlier), (true, None), "the twin came before");
    }

    #[test]
    fn what_people_decide_is_counted_once_for_each_code_and_what_rules_decide_is_not() {
        let by_rule = by_rule(&contract(), &[record(9, 9, 1)]);
        assert_eq!(counted(&by_rule.case, &[by_rule.determination.unwrap()]).unwrap().1, []);
        let claimed = |by| reviews::claim(routed(), R01, by, (&arkansas(), Holder::Works), at()).unwrap().unwrap().case;
        let all = Decision::Determine { lines: vec![LineOutcome::Approved], criteria: Vec::new() };
        let change = reviews::decide(claimed(&nurse()), R01, &nurse(), all, &arkansas(), at()).unwrap();
        let npi = change.case.requesting.npi.unwrap();
        let all = [change.determination.clone().unwrap()];
        let first = counted(&change.case, &all).unwrap();
        let case = change.case.submission.as_ref().unwrap().case_id.clone();
        let expected = Counted { case, request: R01, at: at(), approved: true };
        assert_eq!(first, (npi, vec![("T1015".parse().unwrap(), expected.clone())]));
        // Corrected: the same request, so the same place.
        let corrected = Corrected {
            of: 1,
            reason: "Another case was meant.".into(),
            lines: vec![LineOutcome::Denied { reason: "No goal is named in the treatment plan.".into() }],
            criteria: vec![Criterion {
                title: "Manual".into(),
                citation: "220.000".into(),
                text: "Goals are needed.".into(),
            }],
        };
        let change =
            reviews::correct::correct(change.case, R01, &physician(), corrected, &all, &arkansas(), at()).unwrap();
        let all = [change.determination.unwrap(), all[0].clone()];
        let now = counted(&change.case, &all).unwrap();
        let taken = Counted { approved: false, ..expected };
        assert_eq!(now, (npi, vec![("T1015".parse().unwrap(), taken)]), "in whatever order they are read");
        let nameless =
            Case { requesting: crate::person::Provider { npi: None, ..change.case.requesting.clone() }, ..change.case };
        assert_eq!(counted(&nameless, &all), None);
    }

    #[test]
    fn a_card_is_taken_away_for_a_reason() {
        let of = |reason: &str| Revoked::new("mia.manager".parse().unwrap(), at(), reason);
        assert_eq!(of(" Audit of May. ").unwrap().reason, "Audit of May.");
        for wrong in ["", "  ", &"x".repeat(LONGEST_REASON + 1), "\u{202E}"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
