use jiff::civil::date;
use portico_domain::{
    contracts::{
        Contract, OnExpiry, ReactivatedBy,
        code_rule::{Authorization, Wanted, rule_for},
    },
    factor::Factor,
    person::ProviderKind,
    service::{
        Admission::{Elective, Emergent},
        ReviewKind::{self, Appeal, Concurrent, Extension, Initial, Reconsideration, Renewal, Retrospective, Revision},
        Setting::{self, Inpatient, Outpatient},
        Urgency::{self, Expedited, Standard},
    },
};

use super::{NAMES, contract, folder, pack};

/// The time limit in words; of an inpatient request that of an elective and of an emergent one.
fn limit(contract: &Contract, review: ReviewKind, setting: Setting, urgency: Urgency) -> String {
    let admissions = if setting == Inpatient { vec![Some(Elective), Some(Emergent)] } else { vec![None] };
    let found = admissions.into_iter().map(|admission| contract.turnaround_for(review, setting, admission, urgency));
    let mut words: Vec<_> = found.map(|line| line.map_or("none".to_owned(), |line| line.limit.to_string())).collect();
    words.dedup();
    words.join(" or ")
}

/// REQ: OPS-02, OPS-01
#[test]
fn three_packs_ship_without_problems_and_are_stored_as_json() {
    let all = portico_contracts::load_all(&folder("")).unwrap();
    let names: Vec<_> = all.iter().map(|pack| pack.contract.id.to_string()).collect();
    assert_eq!(names, NAMES);
    for pack in all {
        assert_eq!(serde_json::from_str::<Contract>(&pack.whole).unwrap(), pack.contract);
        assert!(pack.contract.turnaround.iter().all(|line| line.on_expiry == OnExpiry::Escalate));
        assert_eq!(pack.contract.registration.kinds, [ProviderKind::Facility, ProviderKind::Individual]);
        assert_eq!((pack.contract.fax.attempts, &pack.contract.fax.back_off_minutes[..]), (3, &[5, 15][..]));
        assert_eq!(pack.contract.document_max_bytes, 25_000_000);
        assert_eq!(pack.contract.effective_from, date(2026, 1, 1));
    }
}

/// REQ: CASE-06, CASE-07
#[test]
fn colorado_takes_temporary_members_and_the_others_are_called() {
    let takes = |name: &str| contract(name).members.temporary;
    assert_eq!(NAMES.map(takes), [false, true, false]);
}

/// REQ: OPS-02, REV-07
#[test]
fn arkansas_has_the_review_times_of_its_overview() {
    let arkansas = contract("arkansas");
    let time = |review, urgency| limit(&arkansas, review, Outpatient, urgency);
    assert_eq!(time(Initial, Standard), "9 calendar days");
    assert_eq!(time(Retrospective, Standard), "9 calendar days");
    assert_eq!(time(Renewal, Standard), "9 calendar days");
    assert_eq!(time(Reconsideration, Standard), "30 calendar days");
    // Federal defaults where the overview is silent.
    assert_eq!(time(Initial, Expedited), "72 hours");
    assert_eq!(time(Renewal, Expedited), "72 hours");
    assert_eq!(time(Appeal, Standard), "90 calendar days");
    assert_eq!(time(Concurrent, Standard), "none");
}

/// REQ: OPS-02, CASE-17
#[test]
fn windows_are_65_days_in_arkansas_and_12_months_back_in_the_commercial_plan() {
    let windows = |name: &str| contract(name).windows;
    assert_eq!(windows("arkansas").reconsideration_days, 65);
    assert_eq!(windows("commercial").look_back_months, 12);
    // Federal defaults where the documents are silent.
    assert_eq!(windows("colorado").reconsideration_days, 60);
    assert_eq!(windows("commercial").reconsideration_days, 180);
    assert_eq!((windows("arkansas").look_back_months, windows("colorado").look_back_months), (12, 12));
}

/// REQ: OPS-02
#[test]
fn what_may_follow_a_decision_has_its_time_in_every_pack() {
    for (name, revision, extension, grace) in [
        ("arkansas", "7 calendar days", "7 calendar days", 0),
        ("colorado", "7 calendar days", "7 calendar days", 0),
        // Extensions of an outpatient service whose end date has passed are taken.
        ("commercial", "2 business days", "2 business days", 30),
    ] {
        let contract = contract(name);
        let time = |review| limit(&contract, review, Outpatient, Standard);
        assert_eq!((time(Revision).as_str(), time(Extension).as_str()), (revision, extension), "{name}");
        assert_eq!(contract.after_decision.extension_days, grace, "{name}");
        assert_eq!(contract.after_decision.kinds, [Reconsideration, Appeal, Extension, Revision], "{name}");
    }
}

/// REQ: OPS-02, CASE-15, CASE-21
#[test]
fn arkansas_reviews_day_habilitative_services_with_their_documents() {
    let arkansas = contract("arkansas");
    let [rule] = &arkansas.codes[..] else { panic!("{:?}", arkansas.codes) };
    assert_eq!((rule.code.to_string(), rule.unit.as_str()), ("T1015".to_owned(), "1 hour"));
    assert_eq!(rule.modifiers.iter().map(ToString::to_string).collect::<Vec<_>>(), ["U6", "UB"]);
    assert_eq!(rule.description, "Habilitative Services Aged 0-6");
    assert_eq!((rule.max_units_per_day, rule.age_under, rule.age_from), (Some(5), Some(21), None));
    assert_eq!(rule.authorization, Authorization::Required);
    assert_eq!(rule.service_types, ["day-habilitative"]);
    let service = arkansas.service_type("day-habilitative").unwrap();
    let label = |id: &String| arkansas.document_type(id).unwrap().label.clone();
    assert_eq!(
        service.required_documents.iter().map(label).collect::<Vec<_>>(),
        [
            "DMS-693 and Well Child Checkup visit from PCP",
            "Relevant social and medical history",
            "Developmental assessment with Z-scores (BDI-2, E-LAP, Vineland)",
            "Therapy evaluations",
        ]
    );
    assert!(arkansas.disclaimer.contains("Certified PAs are not a guarantee of payment"));
    assert!(arkansas.auto_review.is_empty());
}

/// REQ: OPS-02, ACC-01, ACC-10, ACC-11, ACC-14, ACC-15, ACC-19
#[test]
fn accounts_and_support_follow_each_document() {
    for (name, dormant, label, phone) in [
        ("arkansas", 60, "Provider Registration Code", "888-660-3831"),
        ("colorado", 60, "Medicaid ID", "720-689-6340"),
        ("commercial", 30, "BCBS ID", "800-555-0140"),
    ] {
        let contract = contract(name);
        let accounts = contract.accounts;
        assert_eq!((accounts.enrolment_days, accounts.lock_after_failures), (2, 3), "{name}");
        assert_eq!(accounts.dormant_days, dormant, "{name}");
        assert_eq!(
            (accounts.dormancy_warning_days, accounts.reactivated_by),
            ([7, 1], ReactivatedBy::Support),
            "{name}"
        );
        assert_eq!((accounts.idle_minutes, accounts.absolute_hours), (30, 12), "{name}");
        assert_eq!(accounts.factors.iter().collect::<Vec<_>>(), Factor::ALL, "{name}");
        assert!(contract.registration.code_label.contains(label), "{name}");
        assert_eq!(contract.support.phone.to_string(), phone);
    }
}

/// REQ: OPS-02, REV-07, REV-08
#[test]
fn colorado_has_the_federal_times() {
    let colorado = contract("colorado");
    for setting in [Inpatient, Outpatient] {
        let time = |review, urgency| limit(&colorado, review, setting, urgency);
        for review in [Initial, Concurrent, Renewal] {
            assert_eq!(time(review, Standard), "7 calendar days");
            assert_eq!(time(review, Expedited), "72 hours");
        }
        assert_eq!(time(Retrospective, Standard), "7 calendar days");
        assert_eq!(time(Reconsideration, Standard), "30 calendar days");
        assert_eq!(time(Reconsideration, Expedited), "72 hours");
        assert_eq!(time(Appeal, Standard), "90 calendar days");
    }
}

/// REQ: OPS-02, REV-02
#[test]
fn colorado_approves_cpap_for_adults_with_sleep_apnea_by_a_rule_that_names_itself() {
    let colorado = contract("colorado");
    let [rule] = &colorado.auto_review[..] else { panic!("{:?}", colorado.auto_review) };
    assert_eq!(rule.codes, ["E0601".parse().unwrap()]);
    assert_eq!(rule.diagnoses, ["G47.33".parse().unwrap()]);
    assert_eq!((rule.age_from, rule.max_units), (Some(18), 1));
    assert!(!rule.reason.contains(&rule.id) && rule.reason.contains("E0601") && rule.reason.contains("G47.33"));
    let asked = rule_for(&colorado.codes, &Wanted::of(&rule.codes[0], &[])).unwrap();
    assert_eq!(asked.authorization, Authorization::Required);
}

/// REQ: OPS-02, REV-07, REV-08
#[test]
fn the_commercial_plan_has_the_times_of_its_training_faq() {
    let commercial = contract("commercial");
    for review in [Initial, Concurrent, Renewal] {
        assert_eq!(limit(&commercial, review, Outpatient, Standard), "2 business days");
        assert_eq!(limit(&commercial, review, Inpatient, Standard), "2 business days or 1 business day");
    }
    for setting in [Inpatient, Outpatient] {
        assert_eq!(limit(&commercial, Retrospective, setting, Standard), "30 calendar days");
        assert_eq!(limit(&commercial, Reconsideration, setting, Standard), "30 calendar days");
        assert_eq!(limit(&commercial, Appeal, setting, Standard), "30 calendar days");
        assert_eq!(limit(&commercial, Appeal, setting, Expedited), "72 hours");
        assert_eq!(limit(&commercial, Concurrent, setting, Expedited), "24 hours");
    }
    assert_eq!(limit(&commercial, Initial, Inpatient, Expedited), "48 hours or 24 hours");
    assert_eq!(limit(&commercial, Initial, Outpatient, Expedited), "48 hours");
}

/// REQ: OPS-02, CASE-15, CASE-11
#[test]
fn the_commercial_plan_says_what_needs_authorization() {
    let commercial = contract("commercial");
    let authorization =
        |code: &str| rule_for(&commercial.codes, &Wanted::of(&code.parse().unwrap(), &[])).unwrap().authorization;
    // Admissions, residential treatment, planned surgery, home health and home infusion.
    for code in ["0120", "1001", "27447", "29881", "G0299", "G0151", "S9494"] {
        assert_eq!(authorization(code), Authorization::Required, "{code}");
    }
    // Maternity, outpatient diagnostics, physical, occupational and speech therapy.
    for code in ["0122", "59400", "70551", "97110", "97530", "92507"] {
        assert_eq!(authorization(code), Authorization::NotRequired, "{code}");
    }
    // What the FAQ says of a kind of care holds for any code of it, with whatever modifiers.
    let (modifiers, codes) = (["GP".parse().unwrap()], ["0128", "99223", "97112", "76770", "T1021"]);
    for (setting, service, verdict) in [
        (Inpatient, "acute-inpatient", Some(Authorization::Required)),
        (Inpatient, "elective-surgery", Some(Authorization::Required)),
        (Inpatient, "residential-treatment-facility", Some(Authorization::Required)),
        (Inpatient, "maternity", Some(Authorization::NotRequired)),
        (Outpatient, "outpatient-diagnostics", Some(Authorization::NotRequired)),
        (Outpatient, "outpatient-therapy", Some(Authorization::NotRequired)),
        (Outpatient, "home-health", Some(Authorization::Required)),
        (Outpatient, "outpatient-procedure", None),
    ] {
        for code in codes.map(|code| code.parse().unwrap()) {
            let of = Wanted::of(&code, &modifiers);
            let wanted = Wanted { setting: Some(setting), service_type: Some(service), ..of };
            let found = rule_for(&commercial.codes, &wanted).map(|rule| rule.authorization).ok();
            assert_eq!(found, verdict, "{code} {service}");
        }
    }
    let residential = commercial.service_types.iter().find(|s| s.label == "Residential Treatment Facility").unwrap();
    assert_eq!(residential.settings, [Inpatient]);
    // Every service type has a code that can be asked for under it.
    for service in &commercial.service_types {
        assert!(commercial.codes.iter().any(|rule| rule.service_types.contains(&service.id)), "{}", service.id);
    }
}

/// REQ: REV-08
#[test]
fn what_is_beyond_the_federal_ceiling_is_reported_and_nothing_else() {
    assert_eq!(
        pack("arkansas").warnings,
        [
            "turnaround: 9 calendar days for initial authorization is beyond the ceiling of CMS-0057-F",
            "turnaround: 9 calendar days for renewal is beyond the ceiling of CMS-0057-F",
        ]
    );
    assert_eq!(pack("colorado").warnings, Vec::<String>::new());
    assert_eq!(pack("commercial").warnings, Vec::<String>::new());
}
