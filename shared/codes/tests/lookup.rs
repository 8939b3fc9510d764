//! The embedded code systems, as a user of the portal meets them.

use jiff::civil::date;
use portico_codes::{Entry, MAX_PAGE, MAX_QUERY, find_hcpcs, find_icd10cm, hcpcs, icd10cm, is_cpt_form};
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
fn words_list_billable_then_short_then_in_the_order_asked() {
    for query in ["sleep apnea", "left femoral artery", "diabetes foot ulcer"] {
        let found = find_icd10cm().search(query, MAX_PAGE, 0);
        assert!(found.len() > 3, "{query}");
        let key = |entry: &Entry| {
            let text = entry.description.to_lowercase();
            let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            let count = words.clone().count();
            let in_order = query.split(' ').all(|asked| words.any(|word| word.starts_with(asked)));
            (!entry.billable, count, !in_order, text.len())
        };
        assert!(found.is_sorted_by_key(key), "{query}: {found:#?}");
    }
    assert_eq!(codes(&find_icd10cm().search("sleep apnea", 2, 0)), ["G4739", "G4730"]);
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

    /// REQ: CASE-12
    #[test]
    fn what_is_found_matches_every_word(query in "[a-z]{1,4}( [a-z]{1,4}){0,3}") {
        for entry in find_icd10cm().search(&query, 20, 0) {
            let text = entry.description.to_lowercase();
            let has = |begin: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(begin));
            let by_words = query.split(' ').all(|word| has(word) || word.len() > 3 && has(&word[..word.len() - 1]));
            prop_assert!(by_words || entry.code.to_lowercase().starts_with(&query), "{}", entry.code);
        }
    }
}
