//! Fetches a fax that a carrier took for us (LTR-08) and files it to the request that its bars name, or gives it to the intake of
//! the contract whose number was dialled.
//!
//! What is fetched is kept under names made from the fax's id, and what becomes of it is one transaction on the fax as it was
//! announced: a message that comes again writes the same files, or finds that all is done.

use std::sync::Arc;

use portico_aws::{
    Aws, clock,
    files::{accepted, fax_page},
    table::{Guard, Transaction},
};
use portico_domain::{
    cases::document::{self, FileType},
    contact::Phone,
    contracts::Contract,
    delivery::{
        intake::{NamedLetter, Placed},
        received::{Bars, FaxFile, ReceivedFax, Stands},
    },
    events::{
        About, Actor, EventKind,
        task::{Message, Task},
    },
    id::Username,
    letters::Reference,
};
use portico_letters::read;
use sha2::{Digest, Sha256};

use crate::{
    delivery::carrier::fax,
    failure::{Failure, found},
};

/// How often it is filed anew when somebody else changes the case at the same moment.
const TRIES: usize = 3;

/// What was read of a fax.
struct Pages {
    bars: Bars,
    pictures: Vec<Vec<u8>>,
}

/// Fetches a fax and places it, unless that is done.
///
/// # Errors
/// When no contract has the number, something cannot be loaded or saved, or the carrier does not answer now.
pub async fn handle(aws: &Aws, message: Message) -> Result<(), Failure> {
    let Task::ReceiveFax { fax } = message.task else { return Err(Failure::WrongQueue) };
    let fax = found(aws.table().received_fax(fax).await?, "fax")?;
    if fax.kept().is_some() {
        return Ok(());
    }
    let contracts = takers(aws, &fax.to).await?;
    let key = aws.secrets().get(&aws.config().fax_secret).await?;
    let content = match fax::pages(&aws.config().fax_url, &key, &fax.carrier_id).await {
        // Larger than we take, today and later: intake sees who sent it, and has it sent again in parts.
        Err(Failure::Refused(413)) => {
            let file = FaxFile { bytes: 0, sha256: String::new(), pages: 0 };
            return place(aws, &fax, (file, &Bars::Unreadable), &contracts).await;
        }
        content => content?,
    };
    let (sha256, bytes) = (hex::encode(Sha256::digest(&content)), content.len());
    let read = tokio::task::spawn_blocking(move || (look(&content), content));
    let (pages, content) = read.await.map_err(|error| Failure::Carrier(error.to_string()))?;
    let file = FaxFile {
        bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
        sha256,
        pages: u32::try_from(pages.pictures.len()).unwrap_or(u32::MAX),
    };
    keep(aws, &fax, content, pages.pictures).await?;
    place(aws, &fax, (file, &pages.bars), &contracts).await
}

/// The contracts that take faxes at a number, by id.
async fn takers(aws: &Aws, number: &Phone) -> Result<Vec<Arc<Contract>>, Failure> {
    let (table, now) = (aws.table(), clock::now());
    let mut takers = Vec::new();
    for listed in table.contracts().await? {
        let contract = table.contract(&listed.id, now).await?;
        takers.extend(contract.filter(|contract| contract.takes_faxes_at(number)));
    }
    // A pack that gives the number may be applied yet: until then the message lies with the dead letters.
    if takers.is_empty() { Err(Failure::Missing("contract with this fax number")) } else { Ok(takers) }
}

/// Reads all pages.
fn look(content: &[u8]) -> Pages {
    let Some(pages) = read::pages(content) else { return Pages { bars: Bars::Unreadable, pictures: Vec::new() } };
    let texts: Vec<String> = pages.iter().flat_map(read::Page::bars).collect();
    Pages { bars: Bars::of(&texts), pictures: pages.iter().map(read::Page::png).collect() }
}

/// Keeps the file as the document that it may become, and a picture of each page.
async fn keep(aws: &Aws, fax: &ReceivedFax, content: Vec<u8>, pictures: Vec<Vec<u8>>) -> Result<(), Failure> {
    let (files, bucket) = (aws.files(), &aws.config().documents_bucket);
    files.write(bucket, &accepted(fax.id.document()), FileType::Tiff.media_type(), content).await?;
    for (page, picture) in (1..).zip(pictures) {
        files.write(bucket, &fax_page(fax.id, page), "image/png", picture).await?;
    }
    Ok(())
}

/// What the bars name.
async fn named(aws: &Aws, reference: &Reference) -> Result<Option<NamedLetter>, Failure> {
    let table = aws.table();
    let Some(key) = table.case_key(&reference.case).await? else { return Ok(None) };
    let (case, letter, documents) =
        futures::join!(table.case(key), table.letter(key, reference.letter), table.documents(key));
    let about = letter?.filter(|letter| letter.request == reference.request).map(|letter| (letter.about, letter.at));
    let has_room = document::has_room(&documents?, 1, clock::now());
    Ok(case?.map(|case| NamedLetter { case, about, has_room }))
}

async fn place(
    aws: &Aws,
    fax: &ReceivedFax,
    (file, bars): (FaxFile, &Bars),
    contracts: &[Arc<Contract>],
) -> Result<(), Failure> {
    let table = aws.table();
    for _ in 0..TRIES {
        let now = clock::now();
        let named = match bars {
            Bars::One(reference) => named(aws, reference).await?,
            Bars::Unreadable | Bars::None | Bars::Several => None,
        };
        // Programs may share a number: the letter says which one's it is.
        let own = named.as_ref().and_then(|named| contracts.iter().find(|of| of.id == named.case.contract));
        let contract = found(own.or(contracts.first()), "contract")?;
        let (by, about) = (Actor::System, About::Fax(fax.id));
        let mut transaction = Transaction::new();
        let (stands, event) = match fax.place(&file, (bars, named), contract, now) {
            Placed::Filed(change, document) => {
                let (case, request) = (change.case.key, document.request);
                transaction.case(table, &change, &contract.calendar, &Actor::User(Username::from(fax.id)))?;
                transaction.document(table, case, &document, 1)?;
                (Stands::Filed { case, request, at: now, by: None }, EventKind::FaxPlaced { case, request })
            }
            Placed::Intake(why) => {
                (Stands::Waits { why, claim: None }, EventKind::FaxToIntake { contract: contract.id.clone() })
            }
        };
        let filed = matches!(stands, Stands::Filed { .. });
        transaction.received_fax(table, &fax.clone().standing(contract.id.clone(), file.clone(), stands))?;
        transaction.event(table, about, by, event, now)?;
        match table.commit(transaction).await {
            Ok(()) => {
                tracing::info!(fax = %fax.id, filed, "received");
                return Ok(());
            }
            // The case changed, or another copy of this message was faster.
            Err(error) if error.refused(Guard::Version) => {}
            Err(error) => return Err(error.into()),
        }
        if found(table.received_fax(fax.id).await?, "fax")?.kept().is_some() {
            return Ok(());
        }
    }
    Err(Failure::Contended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::tests::messages;

    #[test]
    fn a_message_names_the_fax_and_nothing_else() {
        let message = messages::<Message>(include_str!("../../../../events/receive-fax/arrived.json")).remove(0);
        assert!(matches!(message.task, Task::ReceiveFax { .. }), "{message:?}");
    }

    #[test]
    fn what_is_no_fax_has_no_pages_and_no_bars() {
        for content in [b"".as_slice(), b"%PDF-1.7", b"II*\0"] {
            let Pages { bars, pictures } = look(content);
            assert_eq!((bars, pictures.len()), (Bars::Unreadable, 0));
        }
    }
}
