//! Conditions with every operator on every type, and each fault of a questionnaire with its place.

use serde_json::{Value, json};

use super::{
    questionnaire::{Answer, EnableWhen, MAX_VALUE, MIN_VALUE, Questionnaire, UNIT_OPTION},
    questionnaire_check::{MOST_DEPTH, MOST_ITEMS},
    questionnaire_rules::{Facts, QuestionnaireRule},
    samples::arkansas,
};
use crate::service::{ReviewKind, Setting};

pub(crate) fn questionnaire(item: &Value) -> Questionnaire {
    serde_json::from_value(json!({
        "resourceType": "Questionnaire", "id": "need", "url": "https://agency.example/Questionnaire/need",
        "version": "1", "title": "What is needed", "status": "active", "item": item,
    }))
    .unwrap()
}

pub(crate) fn all_types() -> Value {
    json!([
        { "linkId": "yes", "text": "Yes?", "type": "boolean" },
        { "linkId": "whole", "text": "Whole", "type": "integer" },
        { "linkId": "number", "text": "Number", "type": "decimal" },
        { "linkId": "day", "text": "Day", "type": "date" },
        { "linkId": "line", "text": "Line", "type": "string" },
        { "linkId": "lines", "text": "Lines", "type": "text" },
        { "linkId": "one", "text": "One", "type": "choice",
          "answerOption": [{ "valueCoding": { "code": "a", "display": "A" } }, { "valueCoding": { "code": "b", "display": "B" } }] },
        { "linkId": "open", "text": "Open", "type": "open-choice",
          "answerOption": [{ "valueCoding": { "system": "https://agency.example/s", "code": "a", "display": "A" } }] },
        { "linkId": "weight", "text": "Weight", "type": "quantity",
          "extension": [{ "url": UNIT_OPTION, "valueCoding": { "code": "kg", "display": "kg" } }] },
        { "linkId": "paper", "text": "Paper", "type": "attachment" },
    ])
}

fn when(condition: Value) -> EnableWhen {
    serde_json::from_value(condition).unwrap()
}

fn answer(value: Value) -> Answer {
    serde_json::from_value(value).unwrap()
}

/// For each type an answer, the same again and a greater one; then which operators hold between them.
#[test]
fn every_operator_holds_as_fhir_says_for_every_type() {
    let quantity = |value: f64| json!({ "value": value, "code": "kg", "unit": "kg" });
    let ordered = [
        ("Integer", json!(3), json!(4)),
        ("Decimal", json!(2.5), json!(2.75)),
        ("Date", json!("2026-05-07"), json!("2026-05-08")),
        ("Quantity", quantity(3.0), quantity(3.5)),
    ];
    let others = [
        ("Boolean", json!(false), json!(true)),
        ("String", json!("home"), json!("school")),
        ("Coding", json!({ "code": "a" }), json!({ "code": "b" })),
    ];
    let holds = |kind: &str, operator: &str, given: &[&Value], wanted: &Value| {
        let given: Vec<Answer> = given.iter().map(|value| answer(json!({ format!("value{kind}"): value }))).collect();
        let condition = when(json!({ "question": "x", "operator": operator, format!("answer{kind}"): wanted }));
        condition.holds(&given.iter().collect::<Vec<_>>())
    };
    for (kind, less, more) in ordered.iter().chain(&others) {
        assert!(holds(kind, "=", &[less], less) && !holds(kind, "=", &[less], more), "{kind}");
        assert!(holds(kind, "=", &[less, more], more), "{kind}: one of several is enough");
        assert!(holds(kind, "!=", &[less], more) && !holds(kind, "!=", &[less], less), "{kind}");
        assert!(!holds(kind, "!=", &[less, more], more), "{kind}: none of several may be it");
        assert!(holds(kind, "!=", &[], more) && !holds(kind, "=", &[], more), "{kind}");
    }
    for (kind, less, more) in &ordered {
        for (operator, when_less, when_same, when_more) in
            [(">", false, false, true), ("<", true, false, false), (">=", false, true, true), ("<=", true, true, false)]
        {
            let found = [(less, more), (less, less), (more, less)]
                .map(|(given, wanted)| holds(kind, operator, &[given], wanted));
            assert_eq!(found, [when_less, when_same, when_more], "{kind} {operator}");
            assert!(!holds(kind, operator, &[], less), "{kind} {operator}: nothing is neither");
        }
    }
    let there = |wanted: bool, given: &[&Answer]| {
        when(json!({ "question": "x", "operator": "exists", "answerBoolean": wanted })).holds(given)
    };
    let no = Answer::Boolean(false);
    assert!(there(true, &[&no]) && there(false, &[]) && !there(true, &[]) && !there(false, &[&no]));
    // A whole number may be compared with a part of one; kilograms not with pounds.
    assert_eq!(Answer::Integer(3).compared(&Answer::Decimal(3.5)), Some(std::cmp::Ordering::Less));
    let pounds = answer(json!({ "valueQuantity": { "value": 9, "code": "lb" } }));
    assert_eq!(pounds.compared(&answer(json!({ "valueQuantity": quantity(9.0) }))), None);
}

#[test]
fn several_conditions_hold_together_or_one_by_one() {
    let condition = |wanted| json!({ "question": "yes", "operator": "=", "answerBoolean": wanted });
    let asked = |behavior: &str| {
        let mut items = json!([{ "linkId": "more", "text": "More", "type": "text", "enableBehavior": behavior,
                             "enableWhen": [condition(true), condition(false)] }]);
        let item = questionnaire(&items).item.remove(0);
        items.take();
        let yes = Answer::Boolean(true);
        item.is_asked(|_| vec![&yes])
    };
    assert!(asked("any") && !asked("all"));
}

#[test]
fn a_questionnaire_of_all_types_is_without_fault() {
    assert_eq!(questionnaire(&all_types()).problems(&[]), Vec::<String>::new());
}

/// What is said of an item that stands behind all types.
fn faults(item: &Value) -> Vec<String> {
    let mut items = all_types();
    items.as_array_mut().unwrap().push(item.clone());
    questionnaire(&items).problems(&[])
}

#[test]
fn every_fault_is_told_with_its_place() {
    let with =
        |condition: Value| json!({ "linkId": "last", "text": "Last", "type": "string", "enableWhen": [condition] });
    let condition = |question: &str, operator: &str, kind: &str, value: Value| {
        faults(&with(json!({ "question": question, "operator": operator, format!("answer{kind}"): value })))
    };
    let one = |found: Vec<String>, wanted: &str| assert_eq!(found, [wanted], "{wanted}");

    one(
        condition("nobody", "=", "Boolean", json!(true)),
        "item[10].enableWhen[0].question: nobody is the linkId of no item",
    );
    one(
        condition("last", "=", "String", json!("x")),
        "item[10].enableWhen[0].question: last does not stand before this item",
    );
    for (question, kind, value) in
        [("yes", "Boolean", json!(true)), ("line", "String", json!("x")), ("one", "Coding", json!({ "code": "a" }))]
    {
        for operator in [">", "<", ">=", "<="] {
            let wanted = format!("item[10].enableWhen[0].operator: not for the type of {question}");
            one(condition(question, operator, kind, value.clone()), &wanted);
        }
    }
    for (question, kind, value) in [
        ("yes", "Integer", json!(1)),
        ("whole", "Decimal", json!(1.5)),
        ("day", "String", json!("2026-05-07")),
        ("one", "Coding", json!({ "code": "z" })),
        ("one", "String", json!("A")),
        ("open", "Coding", json!({ "code": "a" })),
        ("weight", "Quantity", json!({ "value": 1, "code": "lb" })),
        ("paper", "String", json!("x")),
    ] {
        let wanted = format!("item[10].enableWhen[0]: {question} cannot be answered like that");
        one(condition(question, "=", kind, value), &wanted);
    }
    one(
        condition("paper", "exists", "Integer", json!(1)),
        "item[10].enableWhen[0]: paper cannot be answered like that",
    );
    one(
        faults(&with(json!({ "question": "yes", "operator": "=" }))),
        "item[10].enableWhen[0]: not one answer[x] but 0",
    );

    let last = |more: Value| {
        let mut item = json!({ "linkId": "last", "text": "Last", "type": "string" });
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        faults(&item)
    };
    one(last(json!({ "linkId": "yes" })), "item[10].linkId: yes stands twice");
    one(last(json!({ "text": " " })), "item[10].text: not 1 to 1000 characters");
    one(last(json!({ "type": "choice" })), "item[10].answerOption: missing, nothing can be chosen");
    one(last(json!({ "type": "group" })), "item[10].item: an empty group");
    one(last(json!({ "type": "quantity" })), &format!("item[10].extension: a quantity has no unit ({UNIT_OPTION})"));
    one(
        last(json!({ "type": "display", "required": true })),
        "item[10].type: a display is neither required nor repeated",
    );
    one(last(json!({ "maxLength": 501 })), "item[10].maxLength: 501, which is not from 1 to 500 for this type");
    let inner = json!({ "item": [{ "linkId": "inner", "text": "Inner", "type": "string" }] });
    one(last(inner), "item[10].item: only a group has items; put them beside the question, with enableWhen");
    let limits = |kind: &str, least: i32, most: i32| {
        let limit = |url: &str, value: i32| json!({ "url": url, "valueInteger": value });
        last(json!({ "type": kind, "extension": [limit(MIN_VALUE, least), limit(MAX_VALUE, most)] }))
    };
    assert_eq!(limits("integer", 1, 7), Vec::<String>::new());
    one(limits("integer", 8, 7), "item[10].extension: minValue is more than maxValue");
    assert_eq!(limits("string", 1, 7).len(), 2);
    let twice = json!({ "valueCoding": { "code": "a", "display": "A" } });
    one(
        last(json!({ "type": "choice", "answerOption": [twice.clone(), twice] })),
        "item[10].answerOption[1].valueCoding.code: a stands twice",
    );
    let foreign = json!({ "extension": [{ "url": "https://other.example/hidden", "valueInteger": 1 }] });
    one(last(foreign), "item[10].extension[0].url: https://other.example/hidden is not heeded here");
    let open = json!({ "question": "yes", "operator": "exists", "answerBoolean": true });
    one(
        last(json!({ "enableWhen": [open.clone(), open] })),
        "item[10].enableBehavior: missing, with several conditions",
    );
}

#[test]
fn a_questionnaire_is_bounded() {
    let items: Vec<Value> =
        (0..=MOST_ITEMS).map(|n| json!({ "linkId": format!("i{n}"), "text": "I", "type": "string" })).collect();
    assert_eq!(questionnaire(&json!(items)).problems(&[]), ["item: 201 items, at most 200 are taken"]);
    let mut deep = json!({ "linkId": "deepest", "text": "I", "type": "string" });
    for n in 0..MOST_DEPTH {
        deep = json!({ "linkId": format!("g{n}"), "text": "G", "type": "group", "item": [deep] });
    }
    let found = questionnaire(&json!([deep])).problems(&[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("deeper than 5 levels"), "{found:?}");
    assert_eq!(questionnaire(&json!([])).problems(&[]), ["item: asks nothing"]);
}

fn rule(when: &Value) -> QuestionnaireRule {
    serde_json::from_value(json!({ "questionnaire": "need", "when": when })).unwrap()
}

#[test]
fn rules_pick_by_all_that_they_name_and_once() {
    let facts = |codes: &[&str], age| Facts {
        service_type: Some("day-habilitative".into()),
        setting: Setting::Outpatient,
        review: ReviewKind::Initial,
        codes: codes.iter().map(|code| code.parse().unwrap()).collect(),
        age,
    };
    let picks = |when: Value, facts: &Facts| {
        let mut contract = arkansas();
        contract.questionnaires = vec![questionnaire(&all_types())];
        contract.questionnaire_rules = vec![rule(&when), rule(&when)];
        contract.questionnaires_for(facts).len()
    };
    let known = facts(&["T1015"], Some(4));
    for (fitting, other) in [
        (json!({ "service-types": ["dme", "day-habilitative"] }), json!({ "service-types": ["dme"] })),
        (json!({ "codes": ["E0601", "T1015"] }), json!({ "codes": ["E0601"] })),
        (json!({ "settings": ["outpatient"] }), json!({ "settings": ["inpatient"] })),
        (json!({ "reviews": ["initial", "renewal"] }), json!({ "reviews": ["renewal"] })),
        (json!({ "age-from": 4, "age-under": 5 }), json!({ "age-from": 5 })),
        (json!({ "age-under": 5 }), json!({ "age-under": 4 })),
        (json!({}), json!({ "codes": ["T1015"], "age-from": 5 })),
    ] {
        assert_eq!((picks(fitting.clone(), &known), picks(other.clone(), &known)), (1, 0), "{fitting} {other}");
    }
    assert_eq!(picks(json!({ "age-under": 5 }), &facts(&["T1015"], None)), 0, "an age that nobody knows");
    let unknown = Facts { service_type: None, ..facts(&[], None) };
    assert_eq!(picks(json!({ "service-types": ["day-habilitative"] }), &unknown), 0);
}

#[test]
fn rules_and_questionnaires_that_miss_each_other_are_told() {
    let mut contract = arkansas();
    let mut idle = questionnaire(&all_types());
    idle.id = "idle".into();
    contract.questionnaires = vec![questionnaire(&all_types()), idle];
    contract.questionnaire_rules = vec![
        rule(
            &json!({ "service-types": ["night"], "codes": ["E0601"], "reviews": ["appeal"], "age-from": 6, "age-under": 6 }),
        ),
        QuestionnaireRule { questionnaire: "nobody".into(), ..rule(&json!({})) },
    ];
    let found = contract.problems();
    let wanted = [
        "questionnaire-rules: need: unknown service type night",
        "questionnaire-rules: need: E0601 can never be asked for: it has no rule in codes",
        "questionnaire-rules: need: appeal is asked for on a decided request, which has no questionnaires",
        "questionnaire-rules: need: age-from is not below age-under",
        "questionnaire-rules: nobody: no such questionnaire",
        "questionnaires: no rule asks idle",
    ];
    assert_eq!(found, wanted);
}
