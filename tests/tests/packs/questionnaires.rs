use portico_domain::{
    contracts::questionnaire_rules::Facts,
    service::{ReviewKind, Setting},
};

use super::{NAMES, contract};

/// What a request of this service, code and age is asked.
fn asked(name: &str, service: &str, code: &str, age: u8) -> Vec<String> {
    let facts = Facts {
        service_type: Some(service.to_owned()),
        setting: Setting::Outpatient,
        review: ReviewKind::Initial,
        codes: vec![code.parse().unwrap()],
        age: Some(age),
    };
    contract(name).questionnaires_for(&facts).iter().map(|picked| picked.id.clone()).collect()
}

#[test]
fn each_contract_asks_what_its_rules_say_and_nothing_else() {
    for name in NAMES {
        assert_eq!(contract(name).questionnaires.len(), 2, "{name}");
    }
    let day = |age| asked("arkansas", "day-habilitative", "T1015", age);
    assert_eq!(
        (day(2), day(14)),
        (vec!["early-development".to_owned()], vec!["day-services-from-fourteen".to_owned()])
    );
    assert!(day(3).is_empty() && day(13).is_empty());
    let equipment = |code| asked("colorado", "durable-medical-equipment", code, 60);
    assert_eq!(
        (equipment("E1390"), equipment("E0431")),
        (vec!["home-oxygen".to_owned()], vec!["home-oxygen".to_owned()])
    );
    assert_eq!(equipment("K0823"), ["power-wheelchair"]);
    assert!(equipment("K0001").is_empty() && equipment("E0601").is_empty());
    assert_eq!(asked("commercial", "home-health", "G0151", 60), ["home-health-need"]);
    assert_eq!(asked("commercial", "home-infusion", "S9494", 60), ["home-infusion-safety"]);
    assert!(asked("commercial", "outpatient-procedure", "29881", 60).is_empty());
}
