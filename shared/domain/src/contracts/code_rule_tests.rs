use super::{
    code_rule::{Authorization, CodeRule, Misfit, NoRule, Wanted, rule_for},
    samples::{arkansas, rule},
};
use crate::{
    cases::request::samples::line,
    code::Modifier,
    person::{Member, samples::child},
    service::{Frequency, Line, Per, Setting},
};

fn day_habilitative() -> CodeRule {
    CodeRule {
        modifiers: vec!["U6".parse().unwrap(), "UB".parse().unwrap()],
        max_units_per_day: Some(5),
        age_under: Some(21),
        service_types: vec!["day-habilitative".into()],
        ..rule("T1015", Authorization::Required)
    }
}

fn told(rule: &CodeRule, line: &Line, member: &Member) -> Vec<(String, String)> {
    let errors = rule.check(line, member, "Call us.");
    errors.as_slice().iter().map(|error| (error.pointer.clone(), error.objection.sentence.clone())).collect()
}

fn said(rule: &CodeRule, line: &Line) -> Vec<(String, String)> {
    told(rule, line, &child())
}

fn at(pointer: &str, sentence: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), sentence.to_owned())]
}

/// REQ: CASE-15
#[test]
fn six_units_a_day_are_refused_with_the_cap_named() {
    let rule = day_habilitative();
    assert_eq!(said(&rule, &line("T1015", 30, 150)), []);
    let sentence = "At most 5 units a day (1 unit = 1 hour): 30 days allow 150 units.";
    assert_eq!(said(&rule, &line("T1015", 30, 180)), at("/quantity", sentence));
}

#[test]
fn a_frequency_goes_round_no_cap() {
    let often = |rule: &CodeRule, units: u32, per| {
        let frequency = Some(Frequency { units: units.try_into().unwrap(), per });
        said(rule, &Line { frequency, ..line("T1015", 30, 10) }).first().map(|(_, sentence)| sentence.clone())
    };
    let daily = day_habilitative();
    for (most, per) in [(5, Per::Day), (35, Per::Week), (155, Per::Month)] {
        assert_eq!(often(&daily, most, per), None);
        assert!(often(&daily, most + 1, per).is_some());
    }
    assert_eq!(often(&daily, 50, Per::Week).unwrap(), "At most 5 units a day (1 unit = 1 hour): a week allows 35.");
    let weekly = CodeRule { max_units_per_week: Some(10), ..rule("T1015", Authorization::Required) };
    assert_eq!(often(&weekly, 10, Per::Week), None);
    let sentence = "At most 10 units a week (1 unit = 1 hour): 30 days allow 50 units.";
    assert_eq!(often(&weekly, 11, Per::Week).unwrap(), sentence);
    assert_eq!(often(&weekly, 2, Per::Day).unwrap(), sentence);
}

#[test]
fn weeks_months_years_and_days_of_a_line_have_their_bounds() {
    let bare = || rule("T1015", Authorization::Required);
    let week = CodeRule { max_units_per_week: Some(10), ..bare() };
    assert_eq!(said(&week, &line("T1015", 7, 10)), []);
    let sentence = "At most 10 units a week (1 unit = 1 hour): 8 days allow 20 units.";
    assert_eq!(said(&week, &line("T1015", 8, 21)), at("/quantity", sentence));
    let month = CodeRule { max_units_per_month: Some(10), ..bare() };
    let sentence = "At most 10 units a month (1 unit = 1 hour): 31 days allow 10 units.";
    assert_eq!(said(&month, &line("T1015", 31, 11)), at("/quantity", sentence));
    let year = CodeRule { max_units_per_year: Some(10), ..bare() };
    let sentence = "At most 10 units a year (1 unit = 1 hour): 366 days allow 10 units.";
    assert_eq!(said(&year, &line("T1015", 366, 11)), at("/quantity", sentence));
    let days = CodeRule { shortest_days: Some(7), longest_days: Some(90), ..bare() };
    assert_eq!((said(&days, &line("T1015", 7, 1)), said(&days, &line("T1015", 90, 1))), (vec![], vec![]));
    for wrong in [6, 91] {
        assert_eq!(said(&days, &line("T1015", wrong, 1)), at("/duration", "T1015 is asked for 7 to 90 days."));
    }
    let long = CodeRule { shortest_days: Some(7), ..bare() };
    assert_eq!(said(&long, &line("T1015", 6, 1)), at("/duration", "T1015 is asked for at least 7 days."));
}

#[test]
fn what_needs_no_authorization_or_a_call_is_no_request() {
    let of = |authorization| said(&rule("T1015", authorization), &line("T1015", 1, 1));
    assert_eq!(of(Authorization::NotRequired), at("/code", "T1015 needs no authorization under this contract."));
    assert_eq!(of(Authorization::Call), at("/code", "T1015 cannot be asked for here. Call us."));
    let unborn = Member { birth_date: jiff::civil::date(2090, 1, 1), ..child() };
    let sentence = "The service begins before the member's date of birth.";
    assert_eq!(told(&rule("T1015", Authorization::Required), &line("T1015", 1, 1), &unborn), at("/from", sentence));
}

/// REQ: CASE-15
#[test]
fn twenty_one_is_too_old_and_another_service_type_is_wrong() {
    let (rules, code) = ([day_habilitative()], "T1015".parse().unwrap());
    let modifiers = ["UB", "U6"].map(|text| text.parse::<Modifier>().unwrap());
    let wanted = |age, service| Wanted { age: Some(age), service_type: Some(service), ..Wanted::of(&code, &modifiers) };
    assert!(rule_for(&rules, &wanted(20, "day-habilitative")).is_ok());
    let Err(NoRule::Outside(nearest, misfits)) = rule_for(&rules, &wanted(21, "dme")) else { panic!("it holds") };
    assert_eq!(misfits, [Misfit::ServiceType, Misfit::TooOld(21)]);
    let errors = nearest.outside(&misfits, &code);
    let words: Vec<_> = errors.as_slice().iter().map(|error| error.objection.sentence.as_str()).collect();
    assert_eq!(
        words,
        ["T1015 is not given under the chosen service type.", "T1015 is for members under 21 years of age."]
    );
}

/// REQ: CASE-15
#[test]
fn modifiers_are_needed_in_any_order() {
    let rules = [day_habilitative()];
    let (u6, ub) = ("U6".parse::<Modifier>().unwrap(), "UB".parse::<Modifier>().unwrap());
    let (code, other) = ("T1015".parse().unwrap(), "E0601".parse().unwrap());
    assert!(rule_for(&rules, &Wanted::of(&code, &[ub, u6.clone()])).is_ok());
    let Err(NoRule::Modifiers(error)) = rule_for(&rules, &Wanted::of(&code, &[u6])) else { panic!("it is taken") };
    assert_eq!(error.to_string(), "T1015 is asked for with these modifiers: U6 and UB.");
    assert_eq!(rule_for(&rules, &Wanted::of(&other, &[])), Err(NoRule::Unlisted(other.clone())));
}

/// The sentences of a plan: all inpatient admissions need authorization except routine maternity; therapy does not, one of its codes
/// does for children.
fn plan() -> Vec<CodeRule> {
    let inpatient = |authorization, types: &[&str]| CodeRule {
        settings: vec![Setting::Inpatient],
        service_types: types.iter().map(|id| (*id).to_owned()).collect(),
        ..rule("*", authorization)
    };
    vec![
        inpatient(Authorization::Required, &[]),
        inpatient(Authorization::NotRequired, &["maternity"]),
        rule("97010-97799", Authorization::NotRequired),
        CodeRule { age_under: Some(21), ..rule("97110", Authorization::Required) },
        rule("97110", Authorization::NotRequired),
        CodeRule { diagnoses: vec!["F84*".parse().unwrap()], ..rule("975*", Authorization::Call) },
    ]
}

#[test]
fn the_most_specific_rule_holds() {
    let plan = plan();
    let by = |code: &str, setting, service_type, age, diagnosis: &str| {
        let (code, known) = (code.parse().unwrap(), [diagnosis.parse().unwrap()]);
        let of = Wanted::of(&code, &[]);
        let wanted = Wanted { setting: Some(setting), service_type, age: Some(age), diagnoses: Some(&known), ..of };
        rule_for(&plan, &wanted).map(|rule| rule.authorization).map_err(|error| error.nearest().is_some())
    };
    let inpatient = |service| by("0120", Setting::Inpatient, service, 30, "O80");
    assert_eq!(inpatient(Some("acute")), Ok(Authorization::Required));
    assert_eq!(inpatient(Some("maternity")), Ok(Authorization::NotRequired));
    assert_eq!(inpatient(None), Ok(Authorization::Required), "what surely holds comes first");
    let outpatient = |code, age, diagnosis| by(code, Setting::Outpatient, Some("therapy"), age, diagnosis);
    assert_eq!(outpatient("97110", 9, "M54.5"), Ok(Authorization::Required));
    assert_eq!(outpatient("97110", 30, "M54.5"), Ok(Authorization::NotRequired));
    assert_eq!(outpatient("97112", 30, "F84.0"), Ok(Authorization::NotRequired));
    assert_eq!(outpatient("97530", 30, "M54.5"), Ok(Authorization::NotRequired));
    assert_eq!(outpatient("97530", 30, "F84.0"), Ok(Authorization::Call));
    assert_eq!(
        outpatient("0120", 30, "M54.5"),
        Err(false),
        "what is for all codes in a bed says nothing of one without"
    );
}

#[test]
fn two_rules_of_which_none_is_the_more_specific_are_no_pack() {
    let mut contract = arkansas();
    let problems = |contract: &super::Contract| {
        contract.problems().into_iter().filter(|problem| problem.starts_with("codes[")).collect::<Vec<_>>()
    };
    assert_eq!(problems(&contract), Vec::<String>::new());
    let wide = |code: &str| rule(code, Authorization::Required);
    let with = |rules: Vec<CodeRule>, contract: &mut super::Contract| {
        contract.codes = rules;
        problems(contract)
    };
    let equal = |one: &str, other: &str| {
        vec![format!("codes[0]: {one} and codes[1]: {other} hold for the same line, and none is the more specific")]
    };
    assert_eq!(with(vec![wide("T1015"), wide("T1015")], &mut contract), equal("T1015", "T1015"));
    assert_eq!(with(vec![wide("97010-97109"), wide("971*")], &mut contract), equal("97010-97109", "971*"));
    assert_eq!(with(vec![wide("97010-97110"), wide("971*")], &mut contract), Vec::<String>::new());
    assert_eq!(with(vec![wide("970*"), wide("971*")], &mut contract), Vec::<String>::new());
    let aged = |from, under| CodeRule { age_from: from, age_under: under, ..wide("T1015") };
    assert_eq!(with(vec![aged(None, Some(21)), aged(Some(21), None)], &mut contract), Vec::<String>::new());
    assert_eq!(with(vec![aged(None, Some(22)), aged(Some(21), None)], &mut contract), equal("T1015", "T1015"));
    let in_bed = CodeRule { settings: vec![Setting::Inpatient], ..wide("*") };
    let habilitative = CodeRule { service_types: vec!["day-habilitative".into()], ..wide("*") };
    assert_eq!(
        with(vec![in_bed, habilitative], &mut contract),
        Vec::<String>::new(),
        "it is given without a bed alone"
    );
}

#[test]
fn a_rule_that_nothing_meets_is_no_pack() {
    let mut contract = arkansas();
    contract.codes = vec![CodeRule {
        settings: vec![Setting::Inpatient],
        service_types: vec!["day-habilitative".into()],
        places: vec!["moon".into()],
        documents: vec!["poem".into()],
        age_from: Some(21),
        age_under: Some(21),
        shortest_days: Some(9),
        longest_days: Some(8),
        ..rule("T1015", Authorization::Required)
    }];
    let problems = contract.problems();
    for told in [
        "codes[0]: T1015 names the unknown place of service moon",
        "codes[0]: T1015 needs the unknown document type poem",
        "codes[0]: T1015 is for nobody: age-from is not below age-under",
        "codes[0]: T1015 has a shortest-days above its longest-days",
        "codes[0]: T1015 can never be asked for: none of its service types is offered in its settings",
    ] {
        assert!(problems.iter().any(|problem| problem == told), "{told}: {problems:#?}");
    }
}
