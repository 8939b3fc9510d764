//! The embedded code systems, as a user of the portal meets them.

use std::{collections::HashSet, sync::LazyLock};

use jiff::civil::date;
use portico_codes::{
    Entry, MAX_PAGE, MAX_QUERY, find_hcpcs, find_icd10cm, hcpcs, icd10cm,
    import::{Term, common_terms, inclusion, pack_words},
    is_cpt_form,
};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, prop_assert_eq, proptest};

fn codes(found: &[Entry]) -> Vec<&str> {
    found.iter().map(|entry| entry.code).collect()
}

/// REQ: CASE-12
#[test]
fn all_codes_of_both_releases_are_there() {
    assert_eq!(icd10cm().len(), 98_403 + 21, "FY2027 and what it deleted of FY2026");
    let billable = icd10cm().codes().filter_map(|code| icd10cm().get(code)).filter(|entry| entry.billable).count();
    assert_eq!(billable, 74_879);
    let labels: Vec<_> = icd10cm().releases().iter().map(|release| release.label).collect();
    assert_eq!(labels, ["FY2026", "FY2027"]);
    assert!(icd10cm().codes().is_sorted());
}

/// REQ: CASE-12
#[test]
fn obstructive_sleep_apnea_is_billable() {
    let entry = icd10cm().get("g47.33").expect("listed");
    assert_eq!((entry.code, entry.display().as_str(), entry.billable), ("G4733", "G47.33", true));
    assert_eq!(entry.description, "Obstructive sleep apnea (adult) (pediatric)");
    assert_eq!(entry.listed, "FY2027");
}

/// REQ: CASE-12
#[test]
fn a_header_is_not_billable() {
    let entry = icd10cm().get("E11").expect("listed");
    assert_eq!((entry.display().as_str(), entry.billable), ("E11", false));
    assert_eq!(entry.description, "Type 2 diabetes mellitus");
}

/// REQ: CASE-12
#[test]
fn emergency_codes_exist() {
    assert_eq!(icd10cm().get("U07.1").map(|entry| entry.description).as_deref(), Some("COVID-19"));
}

/// REQ: CASE-12
#[test]
fn descriptions_keep_case_and_punctuation() {
    let text = |code: &str| icd10cm().get(code).map(|entry| entry.description).unwrap_or_default();
    assert_eq!(
        text("S52501A"),
        "Unspecified fracture of the lower end of right radius, initial encounter for closed fracture"
    );
    assert_eq!(text("I4722"), "Catecholaminergic polymorphic ventricular tachycardia [CPVT]");
    assert_eq!(text("K5010"), "Crohn's disease of large intestine without complications");
}

/// REQ: CASE-12
#[test]
fn the_date_of_service_decides_which_release_counts() {
    let (september, october) = (date(2026, 9, 30), date(2026, 10, 1));
    let labels = [september, october].map(|date| icd10cm().release_on(date).map(|release| release.label));
    assert_eq!(labels, [Some("FY2026"), Some("FY2027")]);
    // I42.0 became a header in FY2027, I42.00 was added.
    assert_eq!([september, october].map(|date| icd10cm().billable_on("I42.0", date)), [true, false]);
    assert_eq!([september, october].map(|date| icd10cm().billable_on("I42.00", date)), [false, true]);
    assert_eq!(icd10cm().release().map(|release| release.last), Some(date(2027, 9, 30)));
}

/// REQ: CASE-12
#[test]
fn outside_the_embedded_releases_the_nearest_one_judges() {
    assert_eq!(icd10cm().release_on(date(2020, 1, 1)), None);
    assert!(icd10cm().billable_on("I42.0", date(2020, 1, 1)));
    assert!(icd10cm().billable_on("I42.00", date(2030, 1, 1)));
    assert!(!icd10cm().billable_on("Z99.99", date(2030, 1, 1)));
}

/// REQ: CASE-12
#[test]
fn the_beginning_of_words_finds_a_diagnosis() {
    for query in ["obstructive sleep ap", "OBSTRUCTIVE SLEEP AP", "sleep apneas obstructive", "apnea, adult obstr."] {
        assert!(codes(&find_icd10cm().search(query, 5, 0)).contains(&"G4733"), "{query}");
    }
    assert_eq!(codes(&find_icd10cm().search("obstructive sleep apnea adult", 1, 0)), ["G4733"]);
}

/// REQ: CASE-12
#[test]
fn a_code_prefix_lists_the_exact_code_then_billable_ones() {
    for query in ["g47", "G47", "G47.", " g47 "] {
        let found = find_icd10cm().search(query, MAX_PAGE, 0);
        assert_eq!(found.first().map(|entry| entry.code), Some("G47"), "{query}");
        assert!(found.iter().all(|entry| entry.code.starts_with("G47")));
        let rest = &found[1..];
        assert!(rest.is_sorted_by_key(|entry| !entry.billable));
        assert!(rest.chunk_by(|a, b| a.billable == b.billable).all(|run| run.is_sorted_by_key(|entry| entry.code)));
    }
    assert_eq!(codes(&find_icd10cm().search("g47.33", 9, 0)), ["G4733"]);
}

/// REQ: CASE-12
#[test]
fn words_list_what_is_common_then_billable_codes_then_headers() {
    for (query, common) in [
        ("sleep apnea", vec!["G4733", "G4730", "G4739"]),
        ("hypertension", vec!["I10"]),
        ("pneumonia", vec!["J189"]),
        ("diabetes", vec!["E119"]),
    ] {
        let found = find_icd10cm().search(query, MAX_PAGE, 0);
        assert!(codes(&found).starts_with(&common), "{query}: {:?}", codes(&found));
        assert!(found.len() > 3 && found.is_sorted_by_key(|entry| !entry.billable), "{query}");
    }
    // Without a common code the fewest words come first, then the order asked.
    let found = find_icd10cm().search("left femoral artery", MAX_PAGE, 0);
    assert!(found.len() > 3 && found.is_sorted_by_key(|entry| !entry.billable), "{found:?}");
    assert!(found.first().is_some_and(|entry| entry.description.contains("femoral artery, left leg")), "{found:?}");
}

#[test]
fn codes_are_found_with_blanks_dots_or_without_their_letter() {
    for (query, code) in
        [("47.33", "G4733"), ("g 47.33", "G4733"), ("f 84.0", "F840"), ("g4733", "G4733"), ("E 11 9", "E119")]
    {
        assert!(codes(&find_icd10cm().search(query, 5, 0)).contains(&code), "{query}");
    }
    for (query, code) in [("e 0601", "E0601"), ("0601", "E0601"), ("j 1745", "J1745")] {
        assert!(codes(&find_hcpcs().search(query, 5, 0)).contains(&code), "{query}");
    }
}

#[test]
fn accents_slips_and_joined_words_make_no_difference() {
    let first = |query: &str| find_icd10cm().search(query, 1, 0).first().map(|entry| entry.code);
    for (query, same) in [
        ("Sjögren", "sjogren"),
        ("MÉNIÈRE’S disease", "meniere disease"),
        ("diabetis", "diabetes"),
        ("hypertention", "hypertension"),
        ("arthritus", "arthritis"),
        ("pnemonia", "pneumonia"),
        ("autisim", "autism"),
        ("schizofrenia", "schizophrenia"),
        ("hemmoroids", "hemorrhoids"),
        ("kneepain", "knee pain"),
        ("pre eclampsia", "preeclampsia"),
    ] {
        assert!(first(query).is_some(), "{query}");
        assert_eq!(first(query), first(same), "{query}");
    }
}

/// REQ: CASE-12
#[test]
fn nothing_is_found_for_nothing_and_for_unknown_words() {
    for query in ["", "  ", ".", "()", "\0", "zzyzx", "sleep zzyzx", "睡眠", "Z99999"] {
        assert_eq!(find_icd10cm().search(query, 20, 0), [], "{query:?}");
    }
    assert_eq!(find_icd10cm().search("sleep", 0, 0), []);
    assert_eq!(find_icd10cm().search("sleep", 20, usize::MAX), []);
    assert_eq!(find_icd10cm().search("fracture", usize::MAX, 0).len(), MAX_PAGE);
}

/// REQ: CASE-12
#[test]
fn pages_join_without_gap_or_repeat() {
    for query in ["g", "fem", "fracture left", "e11"] {
        let whole = find_icd10cm().search(query, MAX_PAGE, 0);
        let pages: Vec<Entry> = (0..10).flat_map(|page| find_icd10cm().search(query, 10, page * 10)).collect();
        assert_eq!(codes(&whole), codes(&pages), "{query}");
    }
    // `fem` begins no code, `g` begins codes and words: the last code is followed by the first word.
    let prefixed = icd10cm().codes().filter(|code| code.starts_with('G')).count();
    let seam = find_icd10cm().search("g", 2, prefixed - 1);
    assert_eq!(seam.iter().map(|entry| entry.code.starts_with('G')).collect::<Vec<_>>(), [true, false]);
}

/// REQ: CASE-14
#[test]
fn hcpcs_codes_are_found_by_code_and_words() {
    assert_eq!(hcpcs().len(), 7_298);
    let entry = hcpcs().get("t1015").expect("listed");
    assert_eq!(
        (entry.display().as_str(), entry.description.as_str()),
        ("T1015", "Clinic visit/encounter, all-inclusive")
    );
    assert!(entry.billable);
    let entry = hcpcs().get("E0601").expect("listed");
    assert_eq!(entry.description, "Continuous positive airway pressure (cpap) device");
    assert_eq!(entry.listed, "2026-04");
    assert_eq!(codes(&find_hcpcs().search("cpap device", 1, 0)), ["E0601"]);
    assert_eq!(codes(&find_hcpcs().search("e0601", 9, 0)), ["E0601"]);
}

/// REQ: CASE-14
#[test]
fn no_cpt_or_dental_code_is_described() {
    assert!(hcpcs().codes().all(|code| !is_cpt_form(code) && !code.starts_with('D')));
    for code in ["99213", "0042T", "0001U", "2000F", "0001m"] {
        assert!(is_cpt_form(code), "{code}");
        assert_eq!(hcpcs().get(code), None);
    }
    for code in ["E0601", "9921", "992133", "0042X", "T9921", "", "９９２１３"] {
        assert!(!is_cpt_form(code), "{code}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// REQ: CASE-12, CASE-14
    #[test]
    fn every_code_is_found_by_itself(at in any::<prop::sample::Index>()) {
        for finder in [find_icd10cm(), find_hcpcs()] {
            let index = finder.index();
            let code = index.codes().nth(at.index(index.len())).expect("in range");
            let entry = index.get(code).expect("listed");
            prop_assert_eq!(&index.get(&entry.display().to_lowercase()), &Some(entry.clone()));
            prop_assert_eq!(finder.search(&entry.display(), 1, 0), [entry.clone()]);
            // Headers may come after a page of the billable codes below them.
            if entry.billable && entry.description.len() <= MAX_QUERY {
                let found = finder.search(&entry.description, MAX_PAGE, 0);
                prop_assert!(found.contains(&entry), "{} by its description", entry.code);
            }
        }
    }

    /// REQ: CASE-12, CASE-14
    #[test]
    fn no_query_panics(query in any::<String>(), limit in any::<usize>(), offset in any::<usize>()) {
        prop_assert!(find_icd10cm().search(&query, limit, offset).len() <= MAX_PAGE);
        prop_assert!(hcpcs().get(&query).is_none_or(|entry| entry.code.len() == 5));
    }

}

proptest! {
    // Each case reads all texts.
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    /// What is found for words that texts have is what a plain reading of all texts finds: descriptions, inclusion terms, everyday names.
    /// REQ: CASE-12
    #[test]
    fn what_is_found_matches_every_word(query in "[b-y]{2,4}( [b-y]{2,4}){0,2}") {
        let found = find_icd10cm().search(&query, 20, 0);
        let texts = texts();
        let fits = |text: &str| {
            let has = |begin: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(begin));
            query.split(' ').all(has)
        };
        let fitting: HashSet<&str> = texts.iter().filter(|(_, text)| fits(text)).map(|(code, _)| code.as_str()).collect();
        // Few matches are followed by what may be meant instead, and a word may have another meaning or number.
        let meant = query.split(' ').any(|word| word.ends_with(['s', 'y']) || has_meaning(word));
        if fitting.len() >= 20 && !meant {
            for entry in found {
                prop_assert!(fitting.contains(entry.code) || entry.code.to_lowercase().starts_with(&query), "{}", entry.code);
            }
        }
    }
}

/// Every text of ICD-10-CM that is searched, lower case, with its code.
fn texts() -> &'static [(String, String)] {
    static TEXTS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
        let described = icd10cm().codes().filter_map(|code| icd10cm().get(code));
        let described = described.map(|entry| (entry.code.to_owned(), entry.description.to_lowercase()));
        let terms = icd10cm_terms().into_iter().map(|term| (term.code, term.text.to_lowercase()));
        described.chain(terms).collect()
    });
    &TEXTS
}

fn icd10cm_terms() -> Vec<Term> {
    let common = common_terms(include_str!("../data/icd10cm-terms.csv").as_bytes(), icd10cm());
    let inclusion = inclusion(include_str!("../data/icd10cm-inclusion.csv").as_bytes(), icd10cm());
    common.into_iter().chain(inclusion).flatten().collect()
}

fn has_meaning(word: &str) -> bool {
    include_str!("../data/icd10cm-synonyms.csv")
        .lines()
        .any(|line| line.split_once(',').is_some_and(|(phrase, _)| phrase.split(' ').any(|part| part == word)))
}

#[test]
fn the_files_of_words_are_what_the_importer_makes_of_the_terms() {
    let made = pack_words(icd10cm(), &icd10cm_terms()).expect("fits");
    assert!(made == include_bytes!("../data/icd10cm-words.bin"), "run the importer: words");
    let terms = common_terms(include_str!("../data/hcpcs-terms.csv").as_bytes(), hcpcs()).expect("good");
    let made = pack_words(hcpcs(), &terms).expect("fits");
    assert!(made == include_bytes!("../data/hcpcs-words.bin"), "run the importer: words");
}

#[test]
fn every_synonym_means_something_that_codes_have() {
    let mut empty = Vec::new();
    for (finder, file) in [
        (find_icd10cm(), include_str!("../data/icd10cm-synonyms.csv")),
        (find_hcpcs(), include_str!("../data/hcpcs-synonyms.csv")),
    ] {
        for (phrase, meanings) in file.lines().skip(1).filter_map(|line| line.split_once(',')) {
            let unknown = meanings.split(';').filter(|meaning| finder.search(meaning, 1, 0).is_empty());
            empty.extend(unknown.map(|meaning| format!("{phrase},{meaning}")));
        }
    }
    assert_eq!(empty, <[String; 0]>::default());
}
