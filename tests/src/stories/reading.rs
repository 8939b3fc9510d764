//! Letters as their readers get them: by the portal, by fax, by mail.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use portico_testkit::{
    carriers::{self, Mailed},
    files,
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
    wizard::Wizard,
};
use sha2::{Digest, Sha256};

use super::expect::{item, text};

/// A letter downloaded through the portal.
#[derive(Debug)]
pub(super) struct Read {
    /// Its id.
    pub(super) id: String,
    /// The PDF.
    pub(super) pdf: Vec<u8>,
    /// Its words.
    pub(super) words: String,
}

/// Waits for the letter to this audience and downloads it; its hash must be the one on the case (LTR-07).
pub(super) fn letter(wizard: &mut Wizard<'_>, audience: &str) -> Result<Read> {
    let case = wizard.until(&format!("the letter to the {audience}"), |case| {
        Ok(case.list("/letters")?.iter().any(|letter| letter["audience"] == audience))
    })?;
    let issued = item(case.list("/letters")?, "audience", audience)?;
    let id = text(issued, "/id")?.to_owned();
    let portal = &wizard.person.portal;
    let file = portal.get(format!("/cases/{}/letters/{id}", wizard.key)).expect(200)?;
    let pdf = portal.download(&file.text("/url")?)?;
    let hash = hex::encode(Sha256::digest(&pdf));
    ensure!(hash == text(issued, "/sha256")?, "the letter to the {audience} is not the one that was issued");
    let words = files::words_of_pdf(&pdf)?;
    Ok(Read { id, pdf, words })
}

/// The delivery of a letter, once it has this status.
pub(super) fn delivery(wizard: &mut Wizard<'_>, letter: &str, status: &str) -> Result<Answer> {
    wizard.until(&format!("the delivery to be {status}"), |case| {
        let list = case.list("/deliveries")?;
        Ok(list.iter().any(|delivery| delivery["letter"] == letter && delivery["status"] == status))
    })
}

/// The files of every fax that was sent to a number.
pub(super) fn faxes_to(world: &World, number: &str) -> Result<Vec<carriers::Fax>> {
    Ok(carriers::sent(&world.stack)?.faxes.into_iter().filter(|fax| fax.to == number).collect())
}

/// Where the carrier kept what it received.
pub(super) fn files_of(faxes: &[carriers::Fax]) -> Vec<PathBuf> {
    faxes.iter().filter_map(|fax| fax.file.as_ref().map(PathBuf::from)).collect()
}

/// The letter that the mail carrier took under this reference.
pub(super) fn mailed(world: &World, letter: &str) -> Result<Mailed> {
    poll::until("the mail carrier to take the letter", PATIENCE, || {
        Ok(carriers::sent(&world.stack)?.letters.into_iter().find(|mailed| mailed.reference == letter))
    })
}
