//! A request as it was sent (PAS `Claim/$submit`): what it cannot do without, and who is named in it.

use std::collections::BTreeMap;

use portico_domain::{
    cases::{Claim as Asked, Trace},
    contact::Phone,
    id::RequestNumber,
    npi::Npi,
};
use portico_fhir::{
    Fault,
    bundle::{Bundle, Entry},
    types::{Claim, Extension, Identifier, Item, Party, Period, Reached, SupportingInfo, extension},
    url,
};

use super::parties::{Parties, WHO_TREATS, npis};

/// As long an identifier of a Claim may be, and its system.
const LONGEST: usize = 200;
/// As long the trace numbers of all its items may be together: they stay in the case.
const MOST_TRACES: usize = 32_768;
/// The types of claims.
const KINDS: [&str; 5] = ["institutional", "oral", "pharmacy", "professional", "vision"];

/// A request.
#[derive(Debug)]
pub(super) struct Sent<'a> {
    /// Whom it is about and who asks.
    pub(super) parties: Parties<'a>,
    /// The Claim.
    pub(super) claim: Claim,
    /// Where it stands.
    pub(super) first: Entry<'a>,
    identifiers: Vec<(Option<String>, String)>,
}

/// Somebody who is named in it.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// Where.
    pub(super) path: String,
    /// The place of their entry in the Bundle.
    pub(super) entry: usize,
    /// Their NPIs, the likeliest first.
    pub(super) npis: Vec<Npi>,
    /// Five digits of their address, which tell places with one NPI apart.
    pub(super) zip: Option<String>,
}

impl<'a> Sent<'a> {
    /// Reads it.
    pub(super) fn of(bundle: &Bundle<'a>) -> Result<Self, Fault> {
        let (claim, parties) = Parties::of_request(bundle)?;
        let first = bundle.first().ok_or_else(|| Fault::at("Bundle.entry", "The first entry is a Claim."))?;
        if claim.purpose.as_deref() != Some("preauthorization") {
            return Err(Fault::at(first.at("use"), "Only preauthorization is asked for here."));
        }
        let known = |identifier: &Identifier| Some((identifier.system.clone(), identifier.text()?.to_owned()));
        let identifiers: Vec<_> = claim.identifier.iter().take(2).filter_map(known).collect();
        if identifiers.is_empty() {
            return Err(Fault::at(
                first.at("identifier"),
                "Give the Claim an identifier: what is sent again is told by it.",
            ));
        }
        let lengths =
            identifiers.iter().flat_map(|(system, value)| [system.as_ref().map_or(0, String::len), value.len()]);
        if lengths.chain([first.full_url.len()]).any(|length| length > LONGEST) {
            let text = format!("Identifiers and addresses of a Claim have at most {LONGEST} bytes.");
            return Err(Fault::at(first.at("identifier"), text));
        }
        for (place, item) in claim.item.iter().enumerate() {
            let taken = |earlier: &Item| earlier.sequence == item.sequence;
            if item.sequence.is_none_or(|sequence| sequence == 0) || claim.item.iter().take(place).any(taken) {
                let text = "Each item has a number of its own, from 1 on: answers name it by that.";
                return Err(Fault::at(first.at(&format!("item[{place}].sequence")), text));
            }
        }
        let sent = Self { parties, claim, first, identifiers };
        if sent.tracked().map(|(_, identifier)| identifier.len()).sum::<usize>() > MOST_TRACES {
            let text = format!("The trace numbers of all items have at most {MOST_TRACES} bytes together.");
            return Err(Fault::at(first.at("item"), text));
        }
        Ok(sent)
    }

    /// What it is known by, as its answers and a repeated one tell it.
    pub(super) fn known_as(&self) -> Asked {
        let items = self.kept().into_iter().filter_map(|place| self.claim.item.get(place)?.sequence).collect();
        let kind = self.claim.kind.as_ref().and_then(|kind| kind.code(url::CLAIM_TYPE));
        Asked {
            address: self.first.full_url.to_owned(),
            identifiers: self.identifiers.clone(),
            request: RequestNumber::FIRST,
            items,
            cancelled: Vec::new(),
            documents: Vec::new(),
            words: None,
            bundle: None,
            kind: kind.filter(|kind| KINDS.contains(kind)).map(ToOwned::to_owned),
            traces: self.tracked().map(|(item, identifier)| Trace { item, identifier }).collect(),
        }
    }

    /// The places of the items that are asked for: those that are not taken back.
    pub(super) fn kept(&self) -> Vec<usize> {
        let items = self.claim.item.iter().enumerate();
        items.filter(|(_, item)| !is_cancelled(item)).map(|(place, _)| place).collect()
    }

    /// The items that are taken back, by number.
    pub(super) fn cancelled(&self) -> Vec<u32> {
        self.claim.item.iter().filter(|item| is_cancelled(item)).filter_map(|item| item.sequence).collect()
    }

    /// Whether all of it is taken back: by a word for the whole, which needs no items, or by each of them.
    pub(super) fn cancels_all(&self) -> bool {
        is_cancel(&self.claim.extension) || (!self.claim.item.is_empty() && self.kept().is_empty())
    }

    /// Its identifiers, and those of what it changes, as one text.
    pub(super) fn key(&self) -> String {
        serde_json::json!([self.identifiers, self.claim.related]).to_string()
    }

    /// The same numbers as they are kept.
    fn tracked(&self) -> impl Iterator<Item = (u32, String)> {
        let of = |(item, all): (u32, Vec<Extension>)| {
            let all = all.into_iter().filter_map(|trace| serde_json::to_string(&trace.value_identifier?).ok());
            all.map(move |identifier| (item, identifier))
        };
        self.traces().into_iter().flat_map(of)
    }

    /// The numbers by which its sender tracks the items.
    pub(super) fn traces(&self) -> BTreeMap<u32, Vec<Extension>> {
        let of = |item: &Item| {
            let traces = item.extension.iter().filter(|one| one.address() == url::ITEM_TRACE_NUMBER);
            Some((item.sequence?, traces.cloned().collect()))
        };
        self.claim.item.iter().filter_map(of).collect()
    }

    /// What the insurer is known by.
    pub(super) fn payers(&self) -> Result<Vec<String>, Fault> {
        let insurer: Party = self.parties.insurer.read_as()?;
        Ok(insurer.identifier.iter().filter_map(Identifier::text).map(ToOwned::to_owned).collect())
    }

    /// Who asks.
    pub(super) fn asking(&self, bundle: &Bundle<'a>) -> Result<Named, Fault> {
        named(bundle, self.parties.provider, self.parties.provider.at("identifier"))
    }

    /// The fax number of who asks: where letters go.
    pub(super) fn fax(&self) -> Result<Option<Phone>, Fault> {
        for entry in self.parties.echoed.iter().filter(|entry| WHO_TREATS.contains(&entry.kind)) {
            // The insurer is an organization too.
            if entry.place == self.parties.insurer.place {
                continue;
            }
            let reached: Reached = entry.read_as()?;
            let mut faxes = reached.telecom.iter().filter(|point| point.system.as_deref() == Some("fax"));
            if let Some(fax) = faxes.find_map(|point| point.value.as_deref()?.parse().ok()) {
                return Ok(Some(fax));
            }
        }
        Ok(None)
    }

    /// What supports it, of this kind.
    pub(super) fn supporting(&self, kind: &str) -> impl Iterator<Item = (usize, &SupportingInfo)> {
        let is = move |info: &SupportingInfo| info.category.as_ref().and_then(|of| of.any_code()) == Some(kind);
        self.claim.supporting_info.iter().enumerate().filter(move |(_, info)| is(info))
    }

    /// The first and last day that supporting information of this kind names.
    pub(super) fn days(&self, kind: &str) -> Option<Period> {
        let of = |(_, info): (usize, &SupportingInfo)| {
            let day = info.timing_date.clone().map(|day| Period { start: Some(day.clone()), end: Some(day) });
            day.or_else(|| info.timing_period.clone())
        };
        self.supporting(kind).find_map(of)
    }

    /// The code of an extension of the Claim, or of any item that is asked for, each with its place.
    pub(super) fn coded(&self, address: &str, system: &str) -> Vec<(String, String)> {
        let of = |all: &[Extension]| -> Option<String> {
            extension(all, address)?.value_codeable_concept.as_ref()?.code(system).map(ToOwned::to_owned)
        };
        let own = of(&self.claim.extension).map(|code| (code, self.first.at("extension")));
        let item = |place: usize| {
            let code = of(&self.claim.item.get(place)?.extension)?;
            Some((code, self.first.at(&format!("item[{place}].extension"))))
        };
        own.into_iter().chain(self.kept().into_iter().filter_map(item)).collect()
    }
}

/// X12: taken back.
const CANCEL: &str = "3";

fn is_cancel(extensions: &[Extension]) -> bool {
    let kind = extension(extensions, url::CERTIFICATION_TYPE).and_then(|kind| kind.value_codeable_concept.as_ref());
    kind.and_then(|kind| kind.code(url::X12_CERTIFICATION)) == Some(CANCEL)
}

/// Whether it is marked as taken back. A mark that says no means nothing.
pub(super) fn is_marked(modifiers: &[Extension]) -> bool {
    extension(modifiers, url::INFO_CANCELLED).is_some_and(|mark| mark.value_boolean == Some(true))
}

fn is_cancelled(item: &Item) -> bool {
    is_marked(&item.modifier_extension) || is_cancel(&item.extension)
}

pub(super) fn named<'a>(bundle: &Bundle<'a>, entry: Entry<'a>, path: String) -> Result<Named, Fault> {
    let (mut found, behind) = npis(bundle, entry)?;
    // Of a role, the place stands behind the person.
    found.reverse();
    let zip = |entry: &Entry<'_>| -> Result<Option<String>, Fault> {
        let reached: Reached = entry.read_as()?;
        let code = reached.address.first().and_then(|address| address.postal_code.clone());
        Ok(code.and_then(|code| code.get(..5).map(ToOwned::to_owned)))
    };
    let mut known = zip(&entry)?;
    for entry in behind.iter().rev() {
        known = known.or(zip(entry)?);
    }
    Ok(Named { path, entry: entry.place, npis: found, zip: known })
}
