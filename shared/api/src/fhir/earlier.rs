//! The earlier Claim that a request changes (PAS update): as it is named, and whether a Claim of ours is that one.

use portico_domain::cases::Claim;
use portico_fhir::{
    answer::Refusal,
    bundle::Bundle,
    types::{self, Identifier},
};

use super::{
    request::Sent,
    wishes::{MISSING, WRONG, refusal},
};

/// X12: there is no such authorization.
pub(super) const UNKNOWN: &str = "AA";

/// An earlier Claim, as it is named.
#[derive(Debug)]
pub(super) struct Earlier {
    /// Where.
    pub(super) path: String,
    address: Option<String>,
    identifiers: Vec<(Option<String>, String)>,
}

impl Earlier {
    /// Reads it; none where the request stands for itself.
    pub(super) fn of(sent: &Sent<'_>, bundle: &Bundle<'_>) -> Result<Option<Self>, Refusal> {
        let path = sent.first.at("related[0]");
        let (related, more) = match sent.claim.related.as_slice() {
            [] => return Ok(None),
            [first, more @ ..] => (first, more),
        };
        if !more.is_empty() {
            let text = "A change is of one earlier Claim.";
            return Err(refusal(WRONG, sent.first.at("related[1]"), text));
        }
        let relationship = related.relationship.as_ref().and_then(|kind| kind.any_code());
        if relationship.is_some_and(|kind| kind != "prior") {
            let text = "Only the Claim that this one changes is named here, with the relationship prior.";
            return Err(refusal(WRONG, path, text));
        }
        let claim = related.claim.as_ref();
        let reference = claim.and_then(|claim| claim.reference.as_deref());
        let entry = reference.and_then(|text| bundle.resolve(text, sent.first)).filter(|entry| entry.kind == "Claim");
        let own = entry.filter(|entry| entry.place == sent.first.place);
        if own.is_some() {
            return Err(refusal(
                WRONG,
                path,
                "A Claim does not change itself: name the earlier one by its identifier.",
            ));
        }
        let included: Option<types::Claim> = entry.and_then(|entry| entry.read_as().ok());
        let named = claim.and_then(|claim| claim.identifier.as_deref()).into_iter();
        let all = named.chain(included.iter().flat_map(|claim| &claim.identifier));
        let known = |one: &Identifier| Some((one.system.clone(), one.text()?.to_owned()));
        let identifiers: Vec<_> = all.filter_map(known).collect();
        let whole = |text: &str| match sent.first.full_url.rsplitn(3, '/').nth(2) {
            Some(base) if text.starts_with("Claim/") => format!("{base}/{text}"),
            _ => text.to_owned(),
        };
        let address = entry.map(|entry| entry.full_url.to_owned()).or_else(|| reference.map(whole));
        if address.is_none() && identifiers.is_empty() {
            let text = "Name the earlier Claim, by its address or its identifier.";
            return Err(refusal(MISSING, path, text));
        }
        Ok(Some(Self { path, address, identifiers }))
    }

    /// Whether it is this one: by its identifiers where they are known, else by its address.
    pub(super) fn is(&self, claim: &Claim) -> bool {
        if self.identifiers.is_empty() {
            return self.address.as_ref() == Some(&claim.address);
        }
        self.identifiers.iter().any(|known| claim.identifiers.contains(known))
    }
}
