//! What an inquiry and a request have in common: the member whom a Claim is about, the insurer, and who asks.

use jiff::civil::Date;
use portico_domain::{contact::Line, name::last_keys, npi::Npi, person::Member};
use portico_fhir::{
    Fault,
    bundle::{Bundle, Entry},
    types::{Claim, Coverage, Extension, Identifier, Party, Patient, PractitionerRole, Reference},
    url,
};
use portico_pas::answers::Addresses;

/// As many items a claim may have.
const MOST_ITEMS: usize = 200;

/// The parties of a Claim.
#[derive(Debug)]
pub(super) struct Parties<'a> {
    /// The Bundle's number.
    pub(super) bundle: Identifier,
    /// The patient, the insurer and who asks, as they came.
    pub(super) patient: Entry<'a>,
    pub(super) insurer: Entry<'a>,
    pub(super) provider: Entry<'a>,
    /// What goes back with each answer: those three, and whom the last of them names.
    pub(super) echoed: Vec<Entry<'a>>,
    /// The member's number, as it may stand in several places.
    pub(super) numbers: Vec<Line>,
    /// The NPIs of who asks.
    pub(super) asking: Vec<Npi>,
    /// The NPI of the person who entered it, else of the one who asks, where a person is named: for the record.
    pub(super) person: Option<Npi>,
    family: Vec<String>,
    birth: Option<Date>,
}

impl<'a> Parties<'a> {
    /// Reads them, with the Claim.
    pub(super) fn of(bundle: &Bundle<'a>) -> Result<(Claim, Self), Fault> {
        Self::read(bundle, &[])
    }

    /// The same of a request: what it takes back is marked.
    pub(super) fn of_request(bundle: &Bundle<'a>) -> Result<(Claim, Self), Fault> {
        Self::read(bundle, &[url::INFO_CANCELLED])
    }

    fn read(bundle: &Bundle<'a>, known: &[&str]) -> Result<(Claim, Self), Fault> {
        let first = bundle.first().ok_or_else(|| Fault::at("Bundle.entry", "The first entry is a Claim."))?;
        let claim: Claim = first.read_as()?;
        if claim.item.len() > MOST_ITEMS {
            return Err(Fault::at(first.at("item"), format!("A Claim may have at most {MOST_ITEMS} items.")));
        }
        no_modifiers(first, &claim, known)?;
        let needed = |reference: Option<&Reference>, element: &str, kinds: &[&str]| {
            let text = reference.and_then(|reference| reference.reference.as_deref());
            let found = text.and_then(|text| bundle.resolve(text, first)).filter(|entry| kinds.contains(&entry.kind));
            found.ok_or_else(|| {
                let what = format!("Point to a {} that is in the Bundle.", kinds.join(" or "));
                Fault::at(first.at(element), what)
            })
        };
        let patient = needed(claim.patient.as_ref(), "patient", &["Patient"])?;
        let insurer = needed(claim.insurer.as_ref(), "insurer", &["Organization"])?;
        let provider = needed(claim.provider.as_ref(), "provider", &WHO_TREATS)?;
        let (asking, behind) = npis(bundle, provider)?;
        if asking.is_empty() {
            return Err(Fault::at(provider.at("identifier"), "Give the NPI of whoever asks."));
        }
        let entered = claim.enterer.as_ref().and_then(|who| bundle.resolve(who.reference.as_deref()?, first));
        let entered = entered.filter(|entry| WHO_TREATS.contains(&entry.kind));
        let asks_for = match entered.map(|entry| person_of(bundle, entry)).transpose()?.flatten() {
            Some(npi) => Some(npi),
            None => person_of(bundle, provider)?,
        };
        let person: Patient = patient.read_as()?;
        let numbers = numbers(bundle, first, &claim, &person)?;
        if numbers.is_empty() {
            return Err(Fault::at(patient.at("identifier"), "Give the member's number: here, or in the Coverage."));
        }
        let family =
            person.name.iter().filter_map(|name| name.family.as_deref()).flat_map(last_keys).collect::<Vec<_>>();
        let birth = person.birth_date.as_deref().and_then(day);
        if family.is_empty() && birth.is_none() {
            let what = "Give the member's family name or date of birth beside the number.";
            return Err(Fault::at(patient.at("name"), what));
        }
        let echoed = [vec![patient, insurer, provider], behind].concat();
        let bundle = bundle.identifier.clone();
        Ok((
            claim,
            Self { bundle, patient, insurer, provider, echoed, numbers, asking, person: asks_for, family, birth },
        ))
    }

    /// Under which addresses they stand.
    pub(super) fn addresses(&self) -> Addresses<'a> {
        let (patient, insurer, provider) = (self.patient.full_url, self.insurer.full_url, self.provider.full_url);
        Addresses { patient, insurer, provider }
    }

    /// Whether a member who was found by the number is the person meant: as far as name and birth date are given, they agree.
    pub(super) fn means(&self, member: &Member) -> bool {
        let keys = last_keys(member.last_name.as_str());
        let named = self.family.is_empty() || self.family.iter().any(|key| keys.contains(key));
        named && self.birth.is_none_or(|birth| birth == member.birth_date)
    }
}

/// Who may ask, and who may take part.
pub(super) const WHO_TREATS: [&str; 3] = ["Organization", "Practitioner", "PractitionerRole"];

/// What changes the meaning of an element, and is not known, is not passed over.
fn no_modifiers(first: Entry<'_>, claim: &Claim, known: &[&str]) -> Result<(), Fault> {
    let what = "This modifier extension is not known here, so that the Claim could be misunderstood.";
    let unknown =
        |all: &[Extension], known: &[&str]| all.iter().position(|extension| !known.contains(&extension.address()));
    if let Some(place) = unknown(&claim.modifier_extension, &[]) {
        return Err(Fault::at(first.at(&format!("modifierExtension[{place}]")), what));
    }
    let items = claim.item.iter().map(|item| &item.modifier_extension).enumerate();
    let items = items.map(|(place, all)| (format!("item[{place}]"), all));
    let info = claim.supporting_info.iter().map(|info| &info.modifier_extension).enumerate();
    let info = info.map(|(place, all)| (format!("supportingInfo[{place}]"), all));
    for (element, all) in items.chain(info) {
        if let Some(place) = unknown(all, known) {
            return Err(Fault::at(first.at(&format!("{element}.modifierExtension[{place}]")), what));
        }
    }
    Ok(())
}

/// The NPIs of who asks: its own, or those of the person and the organization behind a role; and these two.
pub(super) fn npis<'a>(bundle: &Bundle<'a>, provider: Entry<'a>) -> Result<(Vec<Npi>, Vec<Entry<'a>>), Fault> {
    let mut parties = vec![provider];
    let mut behind = Vec::new();
    if provider.kind == "PractitionerRole" {
        let role: PractitionerRole = provider.read_as()?;
        let of = |reference: &Reference| bundle.resolve(reference.reference.as_deref()?, provider);
        behind = [role.practitioner, role.organization].iter().flatten().filter_map(of).collect();
        parties.clone_from(&behind);
    }
    let mut found = Vec::new();
    for party in parties {
        let party: Party = party.read_as()?;
        let own = party.identifier.iter().filter(|id| id.system.as_deref() == Some(url::NPI));
        found.extend(own.filter_map(|id| id.text()?.parse::<Npi>().ok()));
    }
    Ok((found, behind))
}

/// The NPI of the person that an entry is, or that stands behind a role.
fn person_of<'a>(bundle: &Bundle<'a>, entry: Entry<'a>) -> Result<Option<Npi>, Fault> {
    let (_, behind) = npis(bundle, entry)?;
    let person = std::iter::once(entry).chain(behind).find(|one| one.kind == "Practitioner");
    Ok(person.map(|person| npis(bundle, person)).transpose()?.and_then(|(own, _)| own.into_iter().next()))
}

/// The member's number: that of the coverage first, then any that the patient has.
fn numbers<'a>(bundle: &Bundle<'a>, first: Entry<'a>, claim: &Claim, person: &Patient) -> Result<Vec<Line>, Fault> {
    let focal = claim.insurance.iter().find(|insurance| insurance.focal == Some(true)).or(claim.insurance.first());
    let reference = focal.and_then(|insurance| insurance.coverage.as_ref()?.reference.as_deref());
    let coverage = reference.and_then(|text| bundle.resolve(text, first)).filter(|entry| entry.kind == "Coverage");
    let coverage: Coverage = match coverage {
        Some(entry) => entry.read_as()?,
        None => Coverage::default(),
    };
    let of = |all: &[Identifier], member: bool| {
        let all = all.iter().filter(|id| !member || id.is_a("MB"));
        all.filter_map(|id| id.text().map(ToOwned::to_owned)).collect::<Vec<_>>()
    };
    let all = [
        of(&coverage.identifier, true),
        coverage.subscriber_id.into_iter().collect(),
        of(&person.identifier, true),
        of(&person.identifier, false),
    ];
    let mut found: Vec<Line> = Vec::new();
    for number in all.concat().iter().filter_map(|text| text.parse().ok()) {
        if !found.contains(&number) && found.len() < 4 {
            found.push(number);
        }
    }
    Ok(found)
}

/// A whole day, also of an instant.
pub(super) fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}
