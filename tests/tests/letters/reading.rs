//! Letters in the member's language and print, as the plan's file and the clinic say them, and of requests that were taken back.

use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use portico_domain::caller::StaffRole;
use portico_testkit::{clinic::Clinic, files, people::Person, portal::Answer, seeding::World, wizard::Wizard};
use serde_json::{Value, json};

use super::CONTRACT;

const REASON: &str = "The records show that a walker was not tried before.";

/// A wheelchair that waits with the nurses.
fn waiting<'a>(world: &World, clinic: &Clinic, by: &'a Person) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(by, clinic, "outpatient")?;
    wizard.wheelchair(world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    Ok(wizard)
}

fn denied() -> Value {
    json!({
        "decision": "determine",
        "lines": [{ "outcome": "denied", "reason": REASON }],
        "criteria": [{ "title": "Wheelchairs", "citation": "8.590.5", "text": "A walking aid is tried first." }],
    })
}

/// A letter of a case, as it is listed and as whoever opens it has it.
fn letter(of: &Person, case: &Answer, audience: &str) -> Result<(Value, Vec<u8>)> {
    let listed = case.list("/letters")?.iter().find(|letter| letter["audience"] == audience).context("the letter")?;
    let id = listed["id"].as_str().context("an id")?;
    let url = of.portal.get(format!("/cases/{}/letters/{id}", case.text("/key")?)).expect(200)?.text("/url")?;
    Ok((listed.clone(), of.portal.download(&url)?))
}

fn says(pdf: &[u8], words: &[&str]) -> Result<()> {
    let said = files::words_of_pdf(pdf)?;
    for word in words {
        ensure!(said.contains(word), "{word} not in {said}");
    }
    Ok(())
}

/// The address in the window of the envelope is smaller; it stands on the first page alone.
fn is_large(pdf: &[u8]) -> Result<()> {
    let pages = files::sizes_of_pdf(pdf)?;
    ensure!(pages.len() > 2 && pages.iter().all(|sizes| !sizes.is_empty()), "{pages:?}");
    ensure!(pages.iter().skip(1).flatten().all(|size| *size >= 18.0), "{pages:?}");
    let small = pages.iter().flatten().filter(|size| **size < 18.0).count();
    ensure!(small <= 4, "{small} pieces of text are smaller: {pages:?}");
    Ok(())
}

#[test]
fn a_member_whom_the_plan_says_to_read_spanish_in_large_print_gets_the_letter_so() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let (import, report) = world.stack.imported(&world.stack.drop_reading(&clinic.member, "spa", "large-print")?)?;
    ensure!((import.counts.changed, import.counts.rejected) == (1, 0), "{report}");
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let physician = Person::of_staff(&world, CONTRACT, StaffRole::Physician)?;

    // Both sides see how the member reads.
    for case in [wizard.look()?, physician.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)?] {
        let said = ["/member/language", "/member/lettersIn", "/member/format"].map(|field| case.text(field));
        ensure!(said.into_iter().collect::<Result<Vec<_>>>()? == ["es", "es", "large-print"], "{}", case.body);
    }

    // The physician sees the letter that the member will read.
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    physician.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let preview = physician.portal.post(format!("{request}/determination/preview"), &denied()).expect(200)?;
    let of = |place: usize| preview.at(&format!("/letters/{place}"));
    ensure!((&of(0)?["language"], &of(0)?["format"]) == (&json!("en"), &json!("standard")), "{}", of(0)?);
    ensure!((&of(1)?["language"], &of(1)?["format"]) == (&json!("es"), &json!("large-print")));
    let shown = BASE64_STANDARD.decode(of(1)?["pdf"].as_str().context("a PDF")?)?;
    says(&shown, &["Sus derechos", "Not issued"])?;
    physician.portal.post(format!("{request}/determination"), &denied()).expect(200)?;

    let case = wizard.until("both letters", |case| Ok(case.list("/letters")?.len() == 2))?;
    let (listed, pdf) = letter(&dana, &case, "member")?;
    ensure!((&listed["language"], &listed["format"]) == (&json!("es"), &json!("large-print")), "{listed}");
    ensure!(listed["pages"] == of(1)?["pages"]);
    ensure!(files::language_of_pdf(&pdf)? == "es");
    is_large(&pdf)?;
    says(
        &pdf,
        &[
            "Aviso sobre su solicitud de servicios",
            "No aprobamos esta solicitud",
            "Silla de ruedas",
            "Por qué decidimos esto",
            "Lo que sigue está en el idioma en que se escribió.",
            REASON,
            "Las reglas que usamos",
            "Quién tomó esta decisión",
            "Pida una apelación a más tardar el",
            "Usted puede apelar",
            "Alguien puede ayudarle",
            "Puede ver su expediente gratis",
            "Ayuda con el idioma",
            "Página 1 de",
        ],
    )?;
    let said = files::words_of_pdf(&pdf)?;
    for english in ["Your rights", "You can appeal", "Page 1", "Dear "] {
        ensure!(!said.contains(english), "{english} in {said}");
    }
    let (listed, pdf) = letter(&dana, &case, "provider")?;
    ensure!((&listed["language"], &listed["format"]) == (&json!("en"), &json!("standard")), "{listed}");
    ensure!(files::language_of_pdf(&pdf)? == "en");
    says(&pdf, &["Notice of decision on prior authorization", "Page 1 of"])
}

#[test]
fn what_is_no_language_and_no_print_is_refused_at_its_column_and_a_language_without_letters_is_not() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let (import, report) = world.stack.imported(&world.stack.drop_reading(&clinic.member, "Spanish", "big")?)?;
    ensure!(import.counts.rejected == 1 && report.contains("2,language,") && report.contains("2,format,"), "{report}");
    let (import, report) = world.stack.imported(&world.stack.drop_reading(&clinic.member, "vi", "")?)?;
    ensure!((import.counts.changed, import.counts.rejected) == (1, 0), "{report}");
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    let case = wizard.look()?;
    let said = ["/member/language", "/member/lettersIn", "/member/format"].map(|field| case.text(field));
    ensure!(said.into_iter().collect::<Result<Vec<_>>>()? == ["vi", "en", "standard"], "{}", case.body);
    Ok(())
}

/// The clinic says how a member reads whom no file has brought yet.
#[test]
fn a_temporary_members_withdrawn_request_is_told_in_their_language_and_to_the_provider() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let unknown = Clinic::unknown(&world, CONTRACT)?.member;
    let form = json!({
        "contract": CONTRACT, "firstName": "Ada", "lastName": unknown.last_name, "gender": "female", "birthDate": "1970-03-02",
        "address1": "7 Spruce Way", "city": "Boulder", "country": "US", "state": "CO", "county": "Boulder",
        "postalCode": "80302", "language": "es", "format": "large-print",
    });
    let mut wrong = form.clone();
    (wrong["language"], wrong["format"]) = (json!("Spanish"), json!("big"));
    let refused = dana.portal.post("/members", &wrong).refused(422, "invalid")?;
    refused.error_at("/language")?;
    refused.error_at("/format")?;
    let added = dana.portal.post("/members", &form).expect(201)?.text("/id")?;
    let clinic =
        Clinic { member: portico_domain::person::Member { id: added.parse()?, ..clinic.member.clone() }, ..clinic };
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let why = "Ella se mudó – another clinic asks for it.";
    let place = format!("/cases/{}/requests/R01/withdrawal", wizard.key);
    let odd = json!({ "reason": format!("{why} \u{1F4C4}") });
    dana.portal.put(&place, &odd, "\"0\"").refused(422, "invalid")?.wrong_at("/reason", "unprintable")?;
    dana.portal.put(&place, &json!({ "reason": why }), "\"0\"").expect(200)?;

    let case = wizard.until("both letters", |case| Ok(case.list("/letters")?.len() == 2))?;
    ensure!(case.list("/letters")?.iter().all(|letter| letter["about"] == "withdrawal"), "{}", case.body);
    let (listed, pdf) = letter(&dana, &case, "member")?;
    ensure!((&listed["language"], &listed["format"]) == (&json!("es"), &json!("large-print")), "{listed}");
    ensure!(files::language_of_pdf(&pdf)? == "es");
    is_large(&pdf)?;
    says(&pdf, &["Esta solicitud se retiró", "retiró esta solicitud", "Por eso no decidimos nada.", "Retirado", why])?;
    let (_, pdf) = letter(&dana, &case, "provider")?;
    let by = format!("by {}", dana.username);
    says(&pdf, &["Withdrawn", &by, "Nothing was decided", "Reason for the withdrawal", why])?;
    // Written once, however often it is asked for.
    dana.portal.put(&place, &json!({ "reason": why }), "\"0\"").expect(200)?;
    ensure!(wizard.look()?.list("/letters")?.len() == 2);
    Ok(())
}
