use super::*;
use crate::status::Audience;

fn facts() -> Facts {
    serde_json::from_str(include_str!("fixtures/modified.json")).unwrap()
}

fn texts() -> Texts {
    toml::from_str(include_str!("fixtures/texts.toml")).unwrap()
}

/// The fixture with every line granted.
fn approved() -> Facts {
    let mut facts = facts();
    facts.outcome = Outcome::Approved;
    for line in &mut facts.lines {
        line.authorized = Some(line.requested.clone());
        (line.outcome, line.reason) = (Outcome::Approved, None);
    }
    (facts.criteria, facts.deadlines, facts.reviewer, facts.effective) = (Vec::new(), Vec::new(), None, None);
    facts
}

fn denied() -> Facts {
    let mut facts = facts();
    facts.outcome = Outcome::Denied;
    facts.authorization = None;
    for line in &mut facts.lines {
        (line.outcome, line.authorized, line.reason) = (Outcome::Denied, None, None);
    }
    facts.reasons = vec!["The records do not show a need for the service.".to_owned()];
    facts
}

/// What is missing after one change.
fn missing(mut facts: Facts, audience: Audience, drop: impl FnOnce(&mut Facts, &mut Texts)) -> Vec<MissingElement> {
    let mut texts = texts();
    drop(&mut facts, &mut texts);
    compose(&facts, &texts, audience).err().unwrap_or_default()
}

fn all(element: Element) -> Vec<MissingElement> {
    vec![MissingElement { element, line: None }]
}

fn on_line(element: Element, line: usize) -> Vec<MissingElement> {
    vec![MissingElement { element, line: Some(line) }]
}

const BOTH: [Audience; 2] = [Audience::Provider, Audience::Member];

/// Everything the letter says, in one string.
fn all_words(letter: &Letter) -> String {
    serde_json::to_string(letter).unwrap()
}

type Drop = fn(&mut Facts, &mut Texts);

/// REQ: LTR-04
#[test]
fn an_adverse_letter_without_one_element_names_exactly_that_element() {
    let drops: [(Element, Drop); 17] = [
        (Element::Letterhead, |_, texts| texts.letterhead.agency = " ".to_owned()),
        (Element::Action, |_, texts| texts.opening.modified = None),
        (Element::EffectiveDate, |facts, _| facts.effective = None),
        (Element::Services, |facts, _| facts.lines.clear()),
        (Element::Authorization, |facts, texts| {
            facts.authorization = None;
            texts.opening.modified = Some(Wording::Both("Approved in part: {authorization}".to_owned()));
        }),
        (Element::Criteria, |facts, _| facts.criteria.clear()),
        (Element::Reviewer, |facts, _| facts.reviewer = None),
        (Element::Copies, |_, texts| texts.rights.copies = None),
        (Element::Appeal, |_, texts| texts.rights.appeal = Some(Wording::Both(String::new()))),
        (Element::Deadline(DeadlineKind::Appeal), |facts, _| {
            facts.deadlines.retain(|deadline| deadline.kind != DeadlineKind::Appeal);
        }),
        (Element::Deadline(DeadlineKind::Continuation), |facts, _| {
            facts.deadlines.retain(|deadline| deadline.kind != DeadlineKind::Continuation);
        }),
        (Element::Expedited, |_, texts| texts.rights.expedited = None),
        (Element::Continuation, |_, texts| texts.rights.continuation = None),
        (Element::Representation, |_, texts| texts.rights.representation = None),
        (Element::FinalAction, |_, texts| texts.rights.final_action = None),
        (Element::LanguageHelp, |_, texts| texts.language_help.clear()),
        (Element::Contact, |_, texts| (texts.contact, texts.letterhead.phone) = (None, None)),
    ];
    for audience in BOTH {
        assert_eq!(missing(facts(), audience, |_, _| {}), []);
        for (element, drop) in drops {
            assert_eq!(missing(facts(), audience, drop), all(element), "{audience:?}");
        }
        assert_eq!(missing(facts(), audience, |facts, _| facts.lines[2].reason = None), on_line(Element::Reasons, 3));
        let unit = missing(facts(), audience, |facts, _| facts.lines[0].requested.units = None);
        assert_eq!(unit, on_line(Element::RequestedUnits, 1));
        let dates = missing(facts(), audience, |facts, _| facts.lines[1].authorized.as_mut().unwrap().to = None);
        assert_eq!(dates, on_line(Element::AuthorizedDates, 2));
    }
    let addressee = missing(facts(), Audience::Member, |facts, _| facts.member.address.clear());
    assert_eq!(addressee, all(Element::Addressee));
}

/// REQ: LTR-04
#[test]
fn every_missing_element_is_named_at_once_with_its_source() {
    let gone = missing(facts(), Audience::Member, |facts, texts| {
        facts.effective = None;
        facts.criteria.clear();
        texts.rights = Rights::default();
    });
    let named: Vec<_> = gone.iter().map(ToString::to_string).collect();
    assert_eq!(
        named,
        [
            "effective date (42 CFR 431.210(a))",
            "rule or criteria relied on (42 CFR 431.210(c))",
            "right to appeal and how (42 CFR 431.206(b)(1)-(2); 431.210(d); 438.404(b)(3)-(4))",
            "expedited appeal (42 CFR 431.206(b)(1); 438.404(b)(5))",
            "continuation of benefits (42 CFR 431.210(e); 438.404(b)(6))",
            "right to representation (42 CFR 431.206(b)(3))",
            "right to free copies (42 CFR 438.404(b)(2))",
            "time frame of final action (42 CFR 431.206(b)(4))",
        ]
    );
}

/// REQ: REV-10
#[test]
fn an_approval_needs_its_number_units_and_dates_and_no_notice_of_rights() {
    for audience in BOTH {
        assert_eq!(missing(approved(), audience, |_, texts| texts.rights = Rights::default()), []);
        let number = missing(approved(), audience, |facts, _| facts.authorization = None);
        assert_eq!(number, all(Element::Authorization));
        let units = missing(approved(), audience, |facts, _| facts.lines[1].authorized.as_mut().unwrap().units = None);
        assert_eq!(units, on_line(Element::AuthorizedUnits, 2));
    }
    let letter = compose(&approved(), &texts(), Audience::Provider).unwrap();
    assert!(all_words(&letter).contains("not a guarantee of payment"));
    let rights = letter.sections.iter().any(|section| section.heading.contains("Rights"));
    assert!(!rights);
}

/// REQ: LTR-01
#[test]
fn both_letters_say_the_same_decision_each_in_its_own_words() {
    let provider = compose(&facts(), &texts(), Audience::Provider).unwrap();
    let member = compose(&facts(), &texts(), Audience::Member).unwrap();
    for letter in [&provider, &member] {
        let words = all_words(letter);
        for fact in
            ["261270001", "48 units", "12/01/2026 to 02/28/2027", "February 21, 2027", "Jane Roe, MD, Pediatrics"]
        {
            assert!(words.contains(fact), "{:?} lacks {fact}", letter.audience);
        }
        assert!(!words.contains('{') || !words.contains("{date}"));
    }
    assert!(all_words(&provider).contains("97530 GO"));
    assert_eq!(provider.addressee[0], "River Valley Pediatric Therapy");
    assert_eq!(member.addressee[0], "To the parent or guardian of Maria Gonzalez-Whitfield");
    assert_eq!(member.salutation.as_deref(), Some("Dear parent or guardian of Maria Gonzalez-Whitfield:"));
}

/// REQ: LTR-04
#[test]
fn a_member_never_reads_a_procedure_code() {
    let letter = compose(&facts(), &texts(), Audience::Member).unwrap();
    let words = all_words(&letter);
    for line in &facts().lines {
        assert!(!words.contains(&line.code));
    }
    let bare = missing(facts(), Audience::Member, |facts, _| facts.lines[0].description = Some("97530".to_owned()));
    assert_eq!(bare, on_line(Element::Description, 1));
    assert_eq!(missing(facts(), Audience::Provider, |facts, _| facts.lines[0].description = None), []);
}

/// REQ: LTR-01
#[test]
fn a_right_that_has_run_out_is_not_offered() {
    let mut last = denied();
    last.deadlines.retain(|deadline| deadline.kind != DeadlineKind::Reconsideration);
    let headings = |facts: &Facts| -> Vec<_> {
        let letter = compose(facts, &texts(), Audience::Provider).unwrap();
        letter.sections.into_iter().map(|section| section.heading).collect()
    };
    assert!(headings(&denied()).contains(&"Ask for reconsideration".to_owned()));
    assert!(!headings(&last).contains(&"Ask for reconsideration".to_owned()));
    // The fixture offers reconsideration to the provider alone.
    let member = compose(&denied(), &texts(), Audience::Member).unwrap();
    assert!(!all_words(&member).contains("econsideration"));
}

/// REQ: LTR-01
#[test]
fn pend_extension_and_void_have_letters_of_their_own() {
    let mut pend = denied();
    (pend.outcome, pend.reasons) = (Outcome::InformationRequested, Vec::new());
    assert_eq!(
        missing(pend.clone(), Audience::Provider, |_, _| {}),
        [all(Element::Information), all(Element::Deadline(DeadlineKind::Information))].concat()
    );
    pend.information = vec!["The therapy evaluation".to_owned()];
    let mut until = pend.deadlines[0].clone();
    until.kind = DeadlineKind::Information;
    pend.deadlines = vec![until.clone()];
    let letter = compose(&pend, &texts(), Audience::Provider).unwrap();
    assert_eq!(letter.sections[1].blocks[0], Block::List(pend.information.clone()));

    let mut extended = pend.clone();
    (extended.outcome, extended.reasons) =
        (Outcome::Extended, vec!["The hospital's records are on the way.".to_owned()]);
    until.kind = DeadlineKind::Decision;
    extended.deadlines = vec![until];
    assert_eq!(missing(extended.clone(), Audience::Member, |_, _| {}), []);
    let silent = missing(extended, Audience::Member, |_, texts| texts.rights.grievance = None);
    assert_eq!(silent, all(Element::Grievance));

    let mut void = denied();
    (void.outcome, void.deadlines, void.reasons) = (Outcome::Void, Vec::new(), Vec::new());
    assert_eq!(missing(void, Audience::Provider, |_, _| {}), all(Element::Reasons));
}

/// REQ: OPS-01
#[test]
fn a_pack_learns_of_every_fault_in_its_texts() {
    assert_eq!(texts().check(), Ok(()));
    let mut faulty = texts();
    faulty.contact = Some(Wording::Both("Call {telephone}, {} or {phone".to_owned()));
    faulty.opening.denied = Some(Wording::Both("Denied by {date}".to_owned()));
    faulty.rights.copies = Some(Wording::Each { provider: None, member: Some("Free.".to_owned()), member_es: None });
    let problems: Vec<_> = faulty.check().unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "opening.denied: unknown placeholder {date}",
            "contact: unknown placeholder {telephone}",
            "contact: unknown placeholder {}",
            "rights.copies: missing for the Provider letter: right to free copies (42 CFR 438.404(b)(2))",
        ]
    );
}

/// REQ: OPS-06
#[test]
fn debug_output_names_no_one() {
    let (facts, texts) = (facts(), texts());
    let letter = compose(&facts, &texts, Audience::Member).unwrap();
    let shown = format!("{facts:?} {:?} {:?} {letter:?}", facts.member, facts.lines);
    assert!(shown.contains("261270001"));
    assert!(!shown.contains("Gonzalez") && !shown.contains("2018") && !shown.contains("97530"));
}

proptest::proptest! {
    /// REQ: LTR-04
    #[test]
    fn filling_never_loses_or_invents_words(before in "[a-z ]{0,12}", after in "[a-z ]{0,12}", value in "\\PC{0,12}") {
        let filled = texts::fill(&format!("{before}{{case}}{after}"), |_| Some(value.clone()));
        proptest::prop_assert_eq!(filled, Ok(format!("{before}{value}{after}")));
    }
}

#[test]
fn a_member_reads_no_names_of_rules_and_a_day_once() {
    let mut facts = facts();
    facts.outcome = Outcome::Approved;
    for line in &mut facts.lines {
        let day = Amount { to: line.requested.from, ..line.requested.clone() };
        (line.outcome, line.requested, line.authorized, line.reason) =
            (Outcome::Approved, day.clone(), Some(day), None);
    }
    (facts.criteria, facts.deadlines, facts.reviewer, facts.effective) = (Vec::new(), Vec::new(), None, None);
    facts.reasons = vec!["One CPAP device for an adult.".to_owned()];
    facts.rule = Some("cpap-adult-sleep-apnea".to_owned());
    facts.requesting.npi.clear();
    facts.member.care_of = None;
    let member = compose(&facts, &texts(), Audience::Member).unwrap();
    let words = all_words(&member);
    assert!(words.contains("One CPAP device for an adult.") && !words.contains("cpap-adult-sleep-apnea"));
    assert!(!words.contains("Rule ") && !words.contains("Effective date"));
    assert!(
        !member.footer.contains(&facts.letter) && member.barcode.contains(&facts.letter),
        "our ids are for machines"
    );
    assert_eq!(member.salutation.as_deref(), Some("Dear Maria Gonzalez-Whitfield:"));
    assert!(member.decision.facts.contains(&super::compose::pair("Approved date", "December 1, 2026")));
    let provider = compose(&facts, &texts(), Audience::Provider).unwrap();
    assert!(all_words(&provider).contains("Rule cpap-adult-sleep-apnea: One CPAP device for an adult."));
    let named = provider.about.iter().find(|pair| pair.label == "Requesting provider").unwrap();
    assert_eq!(named.value, "River Valley Pediatric Therapy", "an atypical provider has no NPI");
}

#[test]
fn what_cannot_be_printed_is_an_element_that_is_missing() {
    let odd = |change: fn(&mut Facts)| missing(facts(), Audience::Member, |facts, _| change(facts));
    let glyph = [MissingElement { element: Element::Glyph('📄'), line: None }];
    assert_eq!(odd(|facts| facts.member.name.push('📄')), glyph);
    assert_eq!(odd(|facts| facts.member.address[0].push('📄')), glyph);
    assert_eq!(odd(|facts| facts.lines[0].reason = Some("See 📄 above.".to_owned())), glyph);
    assert_eq!(odd(|facts| facts.criteria[0].text = Some("📄".to_owned())), glyph);
    assert_eq!(odd(|facts| facts.reviewer.as_mut().unwrap().name.push('📄')), glyph);
    let pasted = "\u{F0B7} one\r\n\ttwo".to_owned();
    let letter = compose(&Facts { reasons: vec![pasted], ..facts() }, &texts(), Audience::Member).unwrap();
    assert!(letter.sections.iter().any(|part| part.blocks.contains(&Block::Paragraph("• one\n two".to_owned()))));
}

#[test]
fn a_pack_with_words_that_cannot_be_printed_is_told_so() {
    let mut texts = texts();
    texts.contact = Some(Wording::Both("Call {phone} 📄".to_owned()));
    texts.language_help[0].text.push('😀');
    let told: Vec<_> = texts.check().unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("contact: The character “📄”") && told[1].starts_with("language-help: "), "{told:?}");
}
