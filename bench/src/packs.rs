//! A Contract Manager applies a pack and withdraws it, and looks at gold cards.

use anyhow::Result;
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::ToSpan;
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{own_contract, today},
    files,
    people::Person,
    seeding::World,
};
use serde_json::json;

/// Plays it.
///
/// # Errors
/// When anything is answered otherwise than expected.
pub(crate) fn play(world: &World) -> Result<()> {
    let contract = own_contract(world)?;
    let manager = Person::of_post(world, &[&contract], StaffRole::ContractManager)?;
    let from = today(world, "arkansas")?.checked_add(40.days())?;
    let archive = STANDARD.encode(files::pack(&contract, "2027.1", from, |_, text| text)?);
    let (packs, pack) = (format!("/staff/contracts/{contract}/packs"), json!({ "archive": archive }));
    manager.portal.post(format!("{packs}/checks"), &pack).expect(200)?;
    manager.portal.post(format!("{packs}/simulations"), &pack).expect(200)?;
    manager.portal.post(&packs, &pack).expect(201)?;
    manager.portal.get(&packs).expect(200)?;
    manager.portal.delete(format!("{packs}/2027.1")).expect(204)?;
    let cards = format!("/staff/contracts/{contract}/gold-cards");
    manager.portal.get(format!("{cards}?npi=1234567893")).expect(200)?;
    let card = format!("{cards}/1234567893/T1015");
    manager.portal.put(card, &json!({ "revoked": false }), "*").expect(404)?;
    Ok(())
}
