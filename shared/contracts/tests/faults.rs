//! What the loader says of a pack with faults: all of them, each with its place.

#![cfg(test)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

fn folder(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts")).join(name)
}

/// Where a line of Arkansas' files stands that begins so.
fn line(file: &str, beginning: &str) -> String {
    let text = fs::read_to_string(folder("arkansas").join(file)).unwrap();
    format!("{file}:{}", 1 + text.lines().position(|line| line.starts_with(beginning)).unwrap())
}

/// What the loader says of Arkansas' files, each changed, in a folder of their own.
fn changed(name: &str, change: impl Fn(&str, String) -> String) -> Vec<String> {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).join("arkansas");
    fs::create_dir_all(dir.join("questionnaires")).unwrap();
    for inside in ["", "questionnaires"] {
        for entry in fs::read_dir(folder("arkansas").join(inside)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let file = path.file_name().unwrap().to_str().unwrap().to_owned();
                fs::write(dir.join(inside).join(&file), change(&file, fs::read_to_string(&path).unwrap())).unwrap();
            }
        }
    }
    portico_contracts::load(&dir).err().unwrap_or_default()
}

/// REQ: OPS-01
#[test]
fn a_pack_with_faults_lists_all_of_them_at_once_with_file_and_line() {
    let problems = changed("faults", |file, text| match file {
        "contract.toml" => text
            .replace("dormant-days = 60", "dormant-days = \"sixty\"")
            .replace("amount = 30, unit = \"calendar-days\"", "amount = 30, unit = \"moons\"")
            .replace("review = \"retrospective\"", "review = \"again\"")
            .replace("[fax]", "[telefax]"),
        "calendar.toml" => text.replace("America/Chicago", "America/Little_Rock"),
        "codes.toml" => format!("name = \"Twice\"\n{}", text.replace("\"T1015\"", "\"W1015\"")),
        _ => text
            .replace("{member} is denied", "{patient} is denied")
            .replace("[letters.rights.copies]\nprovider", "[letters.rights.copies]\nmember = \"Free.\"\n# "),
    });
    let told = |file: &str, words: &str| {
        assert!(problems.iter().any(|p| p.starts_with(file) && p.contains(words)), "{file} {words}: {problems:#?}");
    };
    told("contract.toml:", "accounts: invalid type: string \"sixty\"");
    told("contract.toml:", "turnaround: unknown variant `moons`");
    told("contract.toml:", "turnaround: unknown variant `again`");
    told("contract.toml:", "telefax is no part of a contract");
    told("fax", "is missing");
    told("contract.toml:", "name stands in codes.toml:1 too");
    told("codes.toml:", "codes: A procedure code is");
    told("letters.toml:", "duplicate key");
    told(&format!("{}: calendar", line("calendar.toml", "time-zone")), "not an IANA time zone");
}

/// REQ: OPS-01, LTR-04
#[test]
fn a_letter_text_that_would_stop_a_letter_is_found_before_the_first_one() {
    let problems = changed("texts", |file, text| match file {
        "letters.toml" => text
            .replace("{member} is denied", "{patient} is denied")
            .replace("[letters.rights.copies]\nprovider", "[letters.rights.copies]\n# provider"),
        _ => text,
    });
    let at = line("letters.toml", "[letters");
    assert_eq!(
        problems,
        [
            format!("{at}: letters: opening.denied: unknown placeholder {{patient}}"),
            format!(
                "{at}: letters: rights.copies: missing for the Provider letter: right to free copies (42 CFR \
                 438.404(b)(2))"
            ),
        ]
    );
}

/// REQ: OPS-01
#[test]
fn a_text_of_a_letter_that_no_font_prints_is_found_wherever_it_stands() {
    let problems = changed("unprintable", |file, text| match file {
        "contract.toml" => text.replace("\nreason = \"Our records", "\nreason = \"\u{1F4C4} Our records"),
        "codes.toml" => text.replacen("description = \"", "description = \"\u{1F4C4} ", 1),
        _ => text,
    });
    for table in [line("codes.toml", "[[codes]]"), line("contract.toml", "[eligibility]")] {
        assert!(problems.iter().any(|p| p.starts_with(&table) && p.contains("U+1F4C4")), "{table}: {problems:#?}");
    }
    assert_eq!(problems.len(), 2, "{problems:#?}");
}

/// REQ: OPS-01, ACC-11
#[test]
fn a_pack_whose_tables_contradict_each_other_is_refused() {
    let problems = changed("contradictions", |file, text| match file {
        "contract.toml" => text
            .replace("attempts = 3", "attempts = 0")
            .replace("dormancy-warning-days = [7, 1]", "dormancy-warning-days = [7, 60]")
            .replace("factors = [\"app\", ", "factors = [")
            .replace("absolute-hours = 12", "absolute-hours = 25")
            .replace("    \"therapy-evaluations\",", "    \"x-ray\","),
        "codes.toml" => text.replace("\"day-habilitative\"", "\"night-habilitative\""),
        _ => text,
    });
    let at = |beginning: &str, problem: &str| format!("{}: {problem}", line("contract.toml", beginning));
    assert_eq!(
        problems,
        [
            at("[fax]", "fax: no attempt or no back-off"),
            at("[accounts]", "accounts: factors lack app, which users of several contracts have in common"),
            at("[accounts]", "accounts: dormancy-warning-days are not within dormant-days, the earlier first"),
            at("[accounts]", "accounts: absolute-hours is not from 1 to 24, when the tokens of a sign-in end"),
            at("[[service-types]]", "service-types: day-habilitative requires the unknown document type x-ray"),
            format!(
                "{}: codes: T1015 names the unknown service type night-habilitative",
                line("codes.toml", "[[codes]]")
            ),
        ]
    );
}

#[test]
fn a_table_tells_each_of_its_faults_and_what_was_meant() {
    let problems = changed("each", |file, text| match file {
        "contract.toml" => text
            .replace("enrolment-days = 2", "enrolment-days = \"two\"")
            .replace("lock-after-failures = 3", "lock-after-failure = 3")
            .replace("idle-minutes = 30", "idle-minutes = 30.5")
            .replace("[fax]", "[telefax]"),
        "letters.toml" => text.replace("[letters.rights.copies]\nprovider", "[letters.rights.copie]\nprovider"),
        _ => text,
    });
    let told = |file: &str, words: &str| {
        assert!(problems.iter().any(|p| p.starts_with(file) && p.contains(words)), "{file} {words}: {problems:#?}");
    };
    told(&format!("{}: accounts", line("contract.toml", "enrolment-days")), "invalid type: string \"two\"");
    told(&format!("{}: accounts", line("contract.toml", "lock-after")), "; did you mean lock-after-failures?");
    told(&format!("{}: accounts", line("contract.toml", "idle-minutes")), "invalid type");
    told("contract.toml:", "telefax is no part of a contract; did you mean fax?");
    told(&format!("{}: letters", line("letters.toml", "[letters.rights.copies")), "did you mean copies?");
}

/// A mark is told by its words, once, and hides nothing else.
#[test]
fn what_is_still_to_fill_is_listed_with_its_line_beside_what_is_wrong() {
    let problems = changed("marks", |file, text| match file {
        "contract.toml" => text
            .replace("phone = \"888-660-3831\"", "phone = \"<<phone of support>>\"")
            .replace("dormant-days = 60", "dormant-days = \"sixty\""),
        "calendar.toml" => format!("# What stands between << and >> is to fill: <<this not>>.\n{text}"),
        "letters.toml" => text.replace("Call {phone}.", "Call {phone} or <<another phone>>, <<a third one>>."),
        _ => text,
    });
    let fill = |place: String, words: &str| format!("{place}: still to fill: {words}");
    assert_eq!(problems[0], fill(line("contract.toml", "phone"), "phone of support"));
    assert!(problems[1].starts_with("letters.toml:") && problems[1].ends_with(": still to fill: another phone"));
    assert!(problems[2].ends_with(": still to fill: a third one"), "{problems:#?}");
    let last = problems.last().unwrap();
    assert!(last.starts_with(&line("contract.toml", "dormant-days")) && last.contains("accounts: "), "{problems:#?}");
    assert_eq!(problems.iter().filter(|problem| !problem.contains("still to fill")).count(), 1, "{problems:#?}");
}

/// REQ: OPS-01
#[test]
fn a_broken_file_does_not_hide_the_others() {
    let problems = changed("broken", |file, text| match file {
        "codes.toml" => "[[codes]\ncode = ".to_owned(),
        "calendar.toml" => text.replace("\"mon\"", "\"moonday\""),
        _ => text,
    });
    assert!(problems.iter().any(|p| p.starts_with("codes.toml:1:")), "{problems:#?}");
    assert!(problems.iter().any(|p| p.starts_with("calendar.toml:") && p.contains("moonday")), "{problems:#?}");
    assert!(portico_contracts::load(&folder("nowhere")).is_err());
}

const EARLY: &str = "questionnaires/early-development.json";

/// What the loader says when one questionnaire is changed.
fn asked(name: &str, change: impl Fn(&mut Value)) -> Vec<String> {
    changed(name, |file, text| {
        if file != "early-development.json" {
            return text;
        }
        let mut whole: Value = serde_json::from_str(&text).unwrap();
        change(&mut whole);
        whole.to_string()
    })
}

#[test]
fn every_fault_of_a_questionnaire_is_told_at_once_with_file_and_key() {
    let problems = asked("asked", |whole| {
        whole["status"] = json!("retired");
        whole.as_object_mut().unwrap().remove("url");
        whole["item"][0]["type"] = json!("slider");
        whole["item"][2]["enableWhen"][0]["operator"] = json!("~");
        whole["item"][4]["requierd"] = json!(true);
        whole["item"][6].as_object_mut().unwrap().remove("text");
        whole["item"][7]["item"][0]["answerOption"][1] = json!({ "valueString": "Speech" });
    });
    let told = |place: &str, words: &str| {
        let wanted = format!("{EARLY}: {place}: ");
        assert!(problems.iter().any(|p| p.starts_with(&wanted) && p.contains(words)), "{place} {words}: {problems:#?}");
    };
    told("status", "unknown variant `retired`");
    told("url", "missing");
    told("item[0].type", "unknown variant `slider`");
    told("item[2].enableWhen[0]", "unknown variant `~`");
    told("item[4].requierd", "unknown field `requierd`");
    told("item[6].text", "missing");
    told("item[7].item[0].answerOption[1]", "unknown field `valueString`");
    assert_eq!(problems.len(), 7, "{problems:#?}");
}

#[test]
fn what_contradicts_itself_in_a_questionnaire_is_told_with_its_place() {
    let problems = asked("contradicts", |whole| {
        whole["id"] = json!("late-development");
        whole["item"][1]["linkId"] = json!("areas");
        whole["item"][0].as_object_mut().unwrap().remove("answerOption");
        whole["item"][6]["enableWhen"][0]["operator"] = json!(">");
    });
    assert_eq!(
        problems,
        [
            format!("{EARLY}: id: the file has another name than late-development"),
            format!("{EARLY}: item[0].answerOption: missing, nothing can be chosen"),
            format!("{EARLY}: item[1].linkId: areas stands twice"),
            format!("{EARLY}: item[2].enableWhen[0].question: measured is the linkId of no item"),
            format!("{EARLY}: item[6].enableWhen[0].operator: not for the type of early"),
        ]
    );
    // One that could not be read takes nothing along that names it.
    let unread = asked("unread", |whole| {
        whole["item"][1]["type"] = json!("slider");
        whole["item"][3]["text"] = json!(" ");
    });
    assert!(unread.len() == 2 && unread[0].starts_with(&format!("{EARLY}: item[1].type: ")), "{unread:#?}");
    assert_eq!(unread[1], format!("{EARLY}: item[3].text: not 1 to 1000 characters"));
}

#[test]
fn a_folder_of_questionnaires_is_bounded_and_has_nothing_else_in_it() {
    let long = asked("long", |whole| whole["description"] = json!("x".repeat(70_000)));
    assert_eq!(long.len(), 1, "{long:#?}");
    assert!(
        long[0].starts_with(&format!("{EARLY}: ")) && long[0].ends_with("bytes, at most 65536 are taken"),
        "{long:#?}"
    );
    let broken =
        changed("no-json", |file, text| if file == "early-development.json" { text.replace('[', "(") } else { text });
    assert!(broken.len() == 1 && broken[0].contains("at line "), "{broken:#?}");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("notes/arkansas/questionnaires");
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("notes.txt"), "To do.").unwrap();
    assert_eq!(
        changed("notes", |_, text| text),
        ["questionnaires/notes.txt: a questionnaire is a file that ends in .json"]
    );
}

#[test]
fn rules_of_a_pack_that_name_what_is_not_there_are_told() {
    let problems = changed("rules", |file, text| match file {
        "questionnaires.toml" => text
            .replace("\"early-development\"", "\"late-development\"")
            .replace("age-from = 14", "age-from = 14, codes = [\"E0601\"], reviews = [\"appeal\"], age-under = 14"),
        _ => text,
    });
    let at = line("questionnaires.toml", "[[questionnaire-rules]]");
    let of = "questionnaire-rules: day-services-from-fourteen:";
    assert_eq!(
        problems,
        [
            format!("{at}: questionnaire-rules: late-development: no such questionnaire"),
            format!("{at}: {of} E0601 can never be asked for: it has no rule in codes"),
            format!("{at}: {of} appeal is asked for on a decided request, which has no questionnaires"),
            format!("{at}: {of} age-from is not below age-under"),
            "questionnaires: no rule asks early-development".to_owned(),
        ]
    );
    let unknown =
        changed(
            "when",
            |file, text| if file == "questionnaires.toml" { text.replace("age-under", "younger") } else { text },
        );
    assert!(
        unknown.iter().any(|p| p.starts_with("questionnaires.toml:") && p.contains("unknown field `younger`")),
        "{unknown:#?}"
    );
}
