//! An answer that nobody asked for at this moment: the Bundle of a notification. What the sender gave with its request is not
//! kept, so the parties are written from what the case has.

use portico_domain::{
    cases::request::Request,
    contracts::Contract,
    fhir::subscriptions::Content,
    person::{Gender, Member, Provider},
};
use portico_fhir::{
    answer::{AnswerBundle, Beneficiary, OrganizationParty},
    types::{Identifier, Reference},
    url,
};
use serde_json::value::RawValue;

use crate::answers::{Addresses, File, Terms, answer, asked};

/// What an answer is made with beside the case.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The contract, whose insurer and days they are.
    pub contract: &'a Contract,
    /// The system of our numbers.
    pub system: &'a str,
    /// The system of members' numbers.
    pub members: &'a str,
    /// When it is written.
    pub at: &'a str,
}

/// The parties of a case, written once for as long as the Bundle is made.
#[derive(Debug)]
pub struct Parties {
    patient: (String, Box<RawValue>),
    insurer: (String, Box<RawValue>),
    provider: (String, Box<RawValue>),
}

impl Parties {
    /// Of a case, each under a fresh address.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn of(file: File<'_>, given: Given<'_>, fresh: impl Fn() -> String) -> Result<Self, serde_json::Error> {
        let contract = given.contract;
        let payers = contract.fhir.payers.iter().map(|payer| (None, payer.clone())).collect();
        let insurer = OrganizationParty::new(url::INSURER, payers, contract.name.clone());
        Ok(Self {
            patient: (fresh(), patient(&file.case.member, given.members).raw()?),
            insurer: (fresh(), insurer.raw()?),
            provider: (fresh(), requestor(&file.case.requesting).raw()?),
        })
    }

    fn addresses(&self) -> Addresses<'_> {
        Addresses { patient: &self.patient.0, insurer: &self.insurer.0, provider: &self.provider.0 }
    }
}

fn patient(member: &Member, system: &str) -> Beneficiary {
    let number = member.number().map(|number| (system.to_owned(), number.to_string()));
    let name = (member.last_name.to_string(), member.first_name.to_string());
    let gender = match member.gender {
        Gender::Female => "female",
        Gender::Male => "male",
        Gender::Unknown => "unknown",
    };
    Beneficiary::new(number, name, Some(gender), member.birth_date.to_string())
}

fn requestor(provider: &Provider) -> OrganizationParty {
    let npi = provider.npi.iter().map(|npi| (Some(url::NPI), npi.to_string())).collect();
    OrganizationParty::new(url::REQUESTOR, npi, provider.name.to_string())
}

/// The answer to a request as it is now, with what its provider is asked for; none where only its address is told, or it was
/// never submitted.
#[must_use]
pub fn bundle<'a>(
    content: Content,
    (file, request): (File<'_>, &Request),
    parties: &'a Parties,
    given: Given<'_>,
    fresh: impl Fn() -> String,
) -> Option<AnswerBundle<'a>> {
    if content == Content::IdOnly {
        return None;
    }
    let (calendar, profile) = (&given.contract.calendar, url::CLAIM_RESPONSE);
    let terms = Terms { system: given.system, calendar, profile };
    let mut response = answer(file, request, parties.addresses(), &terms)?;
    let asked = asked(file, request, parties.addresses(), given.system).map(|asked| (fresh(), asked));
    if let Some((address, _)) = &asked {
        response.communication_request.push(Reference::to(address.as_str()));
    }
    let case_id = file.case.submission.as_ref()?.case_id.to_string();
    let value = Some(format!("{case_id}-{}", request.number));
    let identifier = Identifier { system: Some(given.system.to_owned()), value, ..Identifier::default() };
    let theirs: Vec<(&str, &RawValue)> = [&parties.patient, &parties.insurer, &parties.provider]
        .map(|(address, raw)| (address.as_str(), raw.as_ref()))
        .to_vec();
    let first = (fresh(), response);
    let mut bundle = AnswerBundle::new(url::RESPONSE_BUNDLE, Some(identifier), given.at.to_owned(), first, &theirs);
    if let Some((address, asked)) = asked {
        bundle.asks(address, asked);
    }
    Some(bundle)
}
