//! Answers held to a questionnaire: required, asked or not, groups within groups and copies of them, every type; and how far
//! a questionnaire of a case is.

use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    cases::{
        Case, Step,
        answers::{AnsweredItem, Given, Need, held},
        progress::{Part, Standing, progress},
        questionnaires::{Answers, Beside, Progress, required},
        request::samples::line,
        submit::{self, SubmitError},
    },
    contracts::{
        Contract,
        questionnaire::{Answer, MAX_VALUE, MIN_VALUE, Questionnaire, UNIT_OPTION},
        samples::arkansas,
    },
    field::FieldErrors,
    service::{ReviewKind, Urgency},
    tests::{AGREED, at, documents, draft},
};

fn questionnaire(item: &Value) -> Questionnaire {
    let whole = json!({
        "resourceType": "Questionnaire", "id": "need", "url": "https://agency.example/Questionnaire/need", "version": "1",
        "title": "What is needed", "status": "active", "item": item,
    });
    let read: Questionnaire = serde_json::from_value(whole).unwrap();
    assert_eq!(read.problems(&[]), Vec::<String>::new());
    read
}

/// As the API reads it: each item and answer with its pointer.
fn given(items: &Value, pointer: &str) -> Vec<Given> {
    let of = |(place, item): (usize, &Value)| {
        let pointer = format!("{pointer}/item/{place}");
        let answers = item["answer"].as_array().into_iter().flatten().enumerate();
        let answers = answers.map(|(place, value)| {
            (format!("{pointer}/answer/{place}"), serde_json::from_value(value.clone()).unwrap())
        });
        let (answers, item_of) = (answers.collect(), given(&item["item"], &pointer));
        Given { link_id: item["linkId"].as_str().unwrap().to_owned(), answers, item: item_of, pointer }
    };
    items.as_array().into_iter().flatten().enumerate().map(of).collect()
}

fn holds(asked: &Value, items: &Value, need: Need) -> Result<Vec<AnsweredItem>, FieldErrors> {
    held(&questionnaire(asked), &given(items, ""), need, &|id| (id == "doc_1").then(|| "plan.pdf".to_owned()))
}

fn pointers(asked: &Value, items: &Value, need: Need) -> Vec<(String, &'static str)> {
    let errors = holds(asked, items, need).err().unwrap_or_default();
    errors.as_slice().iter().map(|error| (error.pointer.clone(), error.objection.wrong.code())).collect()
}

fn told(pairs: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    pairs.iter().map(|(pointer, code)| ((*pointer).to_owned(), *code)).collect()
}

fn asked_after_yes() -> Value {
    json!([
        { "linkId": "falls", "text": "Did the member fall?", "type": "boolean", "required": true },
        { "linkId": "about", "text": "About the falls", "type": "group",
          "enableWhen": [{ "question": "falls", "operator": "=", "answerBoolean": true }],
          "item": [
            { "linkId": "times", "text": "How often?", "type": "integer", "required": true,
              "extension": [{ "url": MIN_VALUE, "valueInteger": 1 }, { "url": MAX_VALUE, "valueInteger": 99 }] },
            { "linkId": "hurt", "text": "What was hurt?", "type": "string", "required": true,
              "enableWhen": [{ "question": "times", "operator": ">", "answerInteger": 2 }] },
          ] },
        { "linkId": "note", "text": "Anything else?", "type": "text" },
    ])
}

#[test]
fn what_is_asked_follows_the_answers_and_every_missing_one_is_told_in_its_place() {
    let asked = asked_after_yes();
    let nothing = told(&[("/item", "unanswered")]);
    assert_eq!(pointers(&asked, &json!([]), Need::Whole), nothing);
    assert_eq!(pointers(&asked, &json!([]), Need::Part), []);
    let falls = |yes: bool| json!({ "linkId": "falls", "answer": [{ "valueBoolean": yes }] });
    assert_eq!(
        pointers(&asked, &json!([{ "linkId": "falls" }]), Need::Whole),
        told(&[("/item/0/answer/0/valueBoolean", "unanswered")])
    );
    assert_eq!(pointers(&asked, &json!([falls(false)]), Need::Whole), []);
    assert_eq!(pointers(&asked, &json!([falls(true)]), Need::Whole), nothing);
    let about = |times: i32| {
        json!({ "linkId": "about", "item": [
        { "linkId": "times", "answer": [{ "valueInteger": times }] }, { "linkId": "hurt" } ] })
    };
    assert_eq!(pointers(&asked, &json!([falls(true), about(2)]), Need::Whole), []);
    let hurt = told(&[("/item/1/item/1/answer/0/valueString", "unanswered")]);
    assert_eq!(pointers(&asked, &json!([falls(true), about(3)]), Need::Whole), hurt);
    let beyond = told(&[("/item/1/item/0/answer/0/valueInteger", "above-most")]);
    assert_eq!(
        pointers(&asked, &json!([falls(true), about(100)]), Need::Part),
        beyond,
        "a wrong one is not saved either"
    );
}

#[test]
fn what_is_not_asked_any_more_is_kept_while_it_is_written_and_left_out_when_complete() {
    let asked = asked_after_yes();
    let items = json!([
        { "linkId": "note", "answer": [{ "valueString": " One.\r\nTwo\u{7}. " }] },
        { "linkId": "about", "item": [{ "linkId": "times", "answer": [{ "valueInteger": 3 }] }] },
        { "linkId": "falls", "answer": [{ "valueBoolean": false }] },
    ]);
    let names =
        |need| -> Vec<String> { holds(&asked, &items, need).unwrap().into_iter().map(|item| item.link_id).collect() };
    assert_eq!(names(Need::Part), ["falls", "about", "note"], "in the order of the questionnaire");
    assert_eq!(names(Need::Whole), ["falls", "note"]);
    let note = holds(&asked, &items, Need::Whole).unwrap().remove(1);
    assert_eq!((note.text.as_str(), &note.answer[0]), ("Anything else?", &Answer::String("One.\nTwo.".into())));
}

fn medicines() -> Value {
    json!([
        { "linkId": "medicine", "text": "Medicine", "type": "group", "repeats": true, "item": [
            { "linkId": "name", "text": "Name", "type": "string", "required": true },
            { "linkId": "dose", "text": "How is it taken?", "type": "group", "item": [
                { "linkId": "infused", "text": "Infused?", "type": "boolean" },
                { "linkId": "through", "text": "Through what?", "type": "string", "required": true,
                  "enableWhen": [{ "question": "infused", "operator": "=", "answerBoolean": true }] },
            ] },
        ] },
        { "linkId": "nurse", "text": "Who infuses?", "type": "string", "required": true,
          "enableWhen": [{ "question": "infused", "operator": "=", "answerBoolean": true }] },
    ])
}

fn medicine(name: &str, infused: bool) -> Value {
    json!({ "linkId": "medicine", "item": [
        { "linkId": "name", "answer": [{ "valueString": name }] },
        { "linkId": "dose", "item": [{ "linkId": "infused", "answer": [{ "valueBoolean": infused }] }] } ] })
}

#[test]
fn each_copy_of_a_group_answers_for_itself_and_all_of_them_for_what_comes_after() {
    let asked = medicines();
    assert_eq!(pointers(&asked, &json!([]), Need::Whole), [], "a copy need not be");
    assert_eq!(pointers(&asked, &json!([{ "linkId": "medicine", "item": [{ "linkId": "name" }] }]), Need::Whole), []);
    let both = json!([medicine("One", false), medicine("Two", true)]);
    let through = told(&[("/item/1/item/1/item", "unanswered"), ("/item", "unanswered")]);
    assert_eq!(pointers(&asked, &both, Need::Whole), through, "the second copy, and the nurse");
    assert_eq!(pointers(&asked, &json!([medicine("One", false)]), Need::Whole), []);
    let nameless = json!([{ "linkId": "medicine", "item": [
        { "linkId": "name" }, { "linkId": "dose", "item": [{ "linkId": "infused", "answer": [{ "valueBoolean": false }] }] } ] }]);
    assert_eq!(
        pointers(&asked, &nameless, Need::Whole),
        told(&[("/item/0/item/0/answer/0/valueString", "unanswered")])
    );
    let many: Vec<Value> = (0..21).map(|_| medicine("One", false)).collect();
    assert_eq!(pointers(&asked, &json!(many), Need::Part), told(&[("/item/0/linkId", "too-many")]));
    let mut needed = asked.clone();
    needed[0]["required"] = json!(true);
    assert_eq!(pointers(&needed, &json!([]), Need::Whole), told(&[("/item", "unanswered")]), "one copy has to be");
}

#[test]
fn every_type_takes_its_own_answers_and_says_what_is_wrong_with_others() {
    let option = |code: &str| json!({ "valueCoding": { "code": code, "display": code.to_uppercase() } });
    let of = |kind: &str, repeats: bool| {
        json!([{ "linkId": "x", "text": "X", "type": kind, "repeats": repeats,
            "answerOption": if kind.ends_with("choice") { json!([option("a"), option("b")]) } else { json!([]) },
            "extension": if kind == "quantity" { json!([{ "url": UNIT_OPTION, "valueCoding": { "code": "kg", "display": "kilograms" } }]) } else { json!([]) },
        }])
    };
    let answered = |kind: &str, answers: &[Value]| {
        holds(&of(kind, answers.len() > 1), &json!([{ "linkId": "x", "answer": answers }]), Need::Whole)
    };
    let wrong = |kind: &str, answer: Value, pointer: &str, code: &'static str| {
        let found = pointers(&of(kind, false), &json!([{ "linkId": "x", "answer": [answer] }]), Need::Part);
        assert_eq!(found, told(&[(&format!("/item/0/answer/0/{pointer}"), code)]), "{kind}");
    };
    for (kind, answer) in [
        ("boolean", json!({ "valueBoolean": false })),
        ("integer", json!({ "valueInteger": -3 })),
        ("decimal", json!({ "valueDecimal": 2.5 })),
        ("date", json!({ "valueDate": "2026-05-07" })),
        ("string", json!({ "valueString": "One" })),
        ("text", json!({ "valueString": "One\nTwo" })),
        ("open-choice", json!({ "valueString": "Something else" })),
    ] {
        let kept = answered(kind, std::slice::from_ref(&answer)).unwrap();
        assert_eq!(serde_json::to_value(&kept[0].answer).unwrap(), json!([answer]), "{kind}");
    }
    let chosen = answered(
        "choice",
        &[
            json!({ "valueCoding": { "code": "b" } }),
            json!({ "valueCoding": { "code": "b" } }),
            json!({ "valueCoding": { "code": "a" } }),
        ],
    );
    assert_eq!(
        serde_json::to_value(&chosen.unwrap()[0].answer).unwrap(),
        json!([option("b"), option("a")]),
        "each once, in words"
    );
    let weight = answered("quantity", &[json!({ "valueQuantity": { "value": 3.5, "code": "kg" } })]).unwrap();
    assert_eq!(
        serde_json::to_value(&weight[0].answer).unwrap(),
        json!([{ "valueQuantity": { "value": 3.5, "unit": "kilograms", "code": "kg" } }])
    );
    let paper = answered("attachment", &[json!({ "valueAttachment": { "url": "doc_1" } })]).unwrap();
    assert_eq!(
        serde_json::to_value(&paper[0].answer).unwrap(),
        json!([{ "valueAttachment": { "url": "doc_1", "title": "plan.pdf" } }])
    );
    assert_eq!(answered("string", &[json!({ "valueString": " " })]).unwrap(), [], "a blank is no answer");

    wrong("boolean", json!({ "valueString": "yes" }), "valueBoolean", "wrong-type");
    wrong("integer", json!({ "valueDecimal": 1.5 }), "valueInteger", "wrong-type");
    wrong("decimal", json!({ "valueDecimal": 1e13 }), "valueDecimal", "wrong-type");
    wrong("date", json!({ "valueString": "soon" }), "valueDate", "not-a-date");
    wrong("string", json!({ "valueString": "x".repeat(501) }), "valueString", "too-long");
    wrong("text", json!({ "valueString": "x".repeat(4001) }), "valueString", "too-long");
    wrong("choice", json!({ "valueCoding": { "code": "z" } }), "valueCoding", "not-a-choice");
    wrong("choice", json!({ "valueString": "A" }), "valueCoding", "not-a-choice");
    wrong("open-choice", json!({ "valueCoding": { "code": "z" } }), "valueCoding", "not-a-choice");
    wrong("quantity", json!({ "valueQuantity": { "value": 3, "code": "lb" } }), "valueQuantity/code", "not-a-choice");
    wrong("attachment", json!({ "valueAttachment": { "url": "doc_2" } }), "valueAttachment", "not-found");
}

#[test]
fn what_has_no_place_is_told() {
    let asked = asked_after_yes();
    let of = |items: Value| pointers(&asked, &items, Need::Part);
    assert_eq!(of(json!([{ "linkId": "other" }])), told(&[("/item/0/linkId", "not-found")]));
    assert_eq!(of(json!([{ "linkId": "times" }])), told(&[("/item/0/linkId", "not-found")]), "not in its group");
    assert_eq!(of(json!([{ "linkId": "note" }, { "linkId": "note" }])), told(&[("/item/1/linkId", "repeated")]));
    let two = json!([{ "linkId": "falls", "answer": [{ "valueBoolean": true }, { "valueBoolean": true }] }]);
    assert_eq!(of(two), told(&[("/item/0/answer/1", "too-many")]));
    assert_eq!(
        of(json!([{ "linkId": "about", "answer": [{ "valueBoolean": true }] }])),
        told(&[("/item/0/linkId", "wrong-type")])
    );
    assert_eq!(
        of(json!([{ "linkId": "note", "item": [{ "linkId": "x" }] }])),
        told(&[("/item/0/linkId", "wrong-type")])
    );
}

proptest! {
    /// Whatever is answered: what is complete is complete when it is read again, and holds nothing that is not asked.
    #[test]
    fn what_is_complete_stays_so(falls in any::<Option<bool>>(), times in proptest::option::of(1..6_i32), hurt in proptest::option::of("[a-z]{0,3}")) {
        let asked = asked_after_yes();
        let answer = |name: &str, field: &str, value: Option<Value>| {
            let answers: Vec<Value> = value.into_iter().map(|value| json!({ field: value })).collect();
            json!({ "linkId": name, "answer": answers })
        };
        let items = json!([
            answer("falls", "valueBoolean", falls.map(|yes| json!(yes))),
            { "linkId": "about", "item": [
                answer("times", "valueInteger", times.map(|n| json!(n))),
                answer("hurt", "valueString", hurt.clone().map(|text| json!(text))) ] },
        ]);
        let hurt_needed = times.is_some_and(|times| times > 2);
        let expected = match falls {
            None => false,
            Some(false) => true,
            Some(true) => times.is_some() && (!hurt_needed || hurt.as_ref().is_some_and(|text| !text.is_empty())),
        };
        match holds(&asked, &items, Need::Whole) {
            Ok(kept) => {
                prop_assert!(expected);
                let again = serde_json::to_value(&kept).unwrap();
                prop_assert_eq!(holds(&asked, &again, Need::Part).unwrap(), kept.clone());
                prop_assert_eq!(kept.iter().any(|item| item.link_id == "about"), falls == Some(true));
            }
            Err(_) => prop_assert!(!expected),
        }
    }
}

/// Arkansas with one questionnaire that its one service has to answer.
fn asking() -> Contract {
    let mut contract = arkansas();
    contract.questionnaires = vec![questionnaire(&asked_after_yes())];
    let rule = json!({ "questionnaire": "need", "when": { "codes": ["T1015"] } });
    contract.questionnaire_rules = vec![serde_json::from_value(rule).unwrap()];
    contract
}

fn answers(case: &Case, complete: bool) -> Answers {
    let items = json!([{ "linkId": "falls", "answer": [{ "valueBoolean": false }] }]);
    Answers {
        questionnaire: "need".into(),
        url: "https://agency.example/Questionnaire/need".into(),
        version: "1".into(),
        title: "What is needed".into(),
        item: holds(&asked_after_yes(), &items, Need::Whole).unwrap(),
        at: at(),
        by: "ann".parse().unwrap(),
        complete_for: complete.then(|| case.facts(date(2026, 5, 7))),
    }
}

fn progress_of(case: &Case, answers: &[Answers], contract: &Contract) -> Vec<Progress> {
    let beside = Beside { documents: &documents(), answers };
    required(case, beside, contract, at()).iter().map(|one| one.progress).collect()
}

#[test]
fn a_questionnaire_is_asked_again_when_it_or_the_request_has_changed() {
    let (contract, case) = (asking(), draft());
    assert_eq!(progress_of(&case, &[], &contract), [Progress::NotBegun]);
    assert_eq!(progress_of(&case, &[answers(&case, false)], &contract), [Progress::Begun]);
    let complete = [answers(&case, true)];
    assert_eq!(progress_of(&case, &complete, &contract), [Progress::Complete]);

    let mut newer = contract.clone();
    newer.questionnaires[0].version = "2".into();
    assert_eq!(progress_of(&case, &complete, &newer), [Progress::VersionChanged]);
    let renewed = Step::Request { review: ReviewKind::Renewal, urgency: Urgency::Standard };
    let renewed = case.clone().save_step(renewed, &contract, at()).unwrap().case;
    assert_eq!(progress_of(&renewed, &complete, &contract), [Progress::RequestChanged]);
    let mut older = case.clone();
    older.member.birth_date = date(2020, 1, 1);
    assert_eq!(progress_of(&older, &complete, &contract), [Progress::RequestChanged]);
    let mut others = case.clone();
    others.requests[0].lines.push(line("E0601", 1, 1));
    assert_eq!(progress_of(&others, &complete, &contract), [Progress::RequestChanged]);
    others.requests[0].lines.remove(0);
    assert_eq!(progress_of(&others, &complete, &contract), [], "no rule picks it");

    let mut named = complete;
    let attachment =
        |url: String| serde_json::from_value::<Answer>(json!({ "valueAttachment": { "url": url } })).unwrap();
    named[0].item[0].answer = vec![attachment(documents()[0].id.to_string())];
    assert_eq!(progress_of(&case, &named, &contract), [Progress::Complete]);
    named[0].item[0].answer = vec![attachment("doc_gone".into())];
    assert_eq!(progress_of(&case, &named, &contract), [Progress::DocumentGone]);
}

#[test]
fn a_submit_needs_each_required_questionnaire_and_keeps_which_they_were() {
    let (contract, case, documents) = (asking(), draft(), documents());
    for (answers, code) in [(vec![], "questionnaire-missing"), (vec![answers(&case, false)], "questionnaire-missing")] {
        let beside = Beside { documents: &documents, answers: &answers };
        let Err(SubmitError::Incomplete(errors)) = submit::check(case.clone(), beside, &contract, AGREED, at()) else {
            panic!()
        };
        let found: Vec<_> = errors.as_slice().iter().map(|e| (e.pointer.as_str(), e.objection.wrong.code())).collect();
        assert_eq!(found, [("/questionnaires/need", code)]);
    }
    let complete = [answers(&case, true)];
    let beside = Beside { documents: &documents, answers: &complete };
    let ready = submit::check(case, beside, &contract, AGREED, at()).unwrap();
    let case_id = "261270001".parse().unwrap();
    let case = ready.submit(case_id, "501-555-0123".parse().unwrap(), at(), "ann".parse().unwrap()).case;
    assert_eq!(case.submission.clone().unwrap().questionnaires, ["need"]);
    assert!(case.with_answers(at()).is_err(), "what is submitted is not answered any more");
}

#[test]
fn the_step_is_needed_when_a_rule_picks_something_and_unknown_before_there_are_codes() {
    let standing = |case: &Case, answers: &[Answers], contract: &Contract| {
        let beside = Beside { documents: &documents(), answers };
        let all = progress(case, (beside, false), contract, at(), FieldErrors::none());
        all.into_iter().find(|step| step.part == Part::Questionnaires).unwrap().standing
    };
    let case = draft();
    assert_eq!(standing(&case, &[], &arkansas()), Standing::NotNeeded);
    assert_eq!(standing(&case, &[], &asking()), Standing::Missing);
    assert_eq!(standing(&case, &[answers(&case, true)], &asking()), Standing::Complete);
    let mut begun = case;
    begun.requests[0].lines.clear();
    assert_eq!(standing(&begun, &[], &arkansas()), Standing::Missing, "which are required follows from the codes");
}
