//! What the loader says of a pack with faults: all of them, each with its place.

#![cfg(test)]

use std::{
    fs,
    path::{Path, PathBuf},
};

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
    fs::create_dir_all(&dir).unwrap();
    for entry in fs::read_dir(folder("arkansas")).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        fs::write(dir.join(&file), change(&file, fs::read_to_string(&path).unwrap())).unwrap();
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
