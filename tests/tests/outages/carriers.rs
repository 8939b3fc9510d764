//! A fax carrier that is away for half an hour while two hundred letters are due.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use portico_aws::{
    clock,
    files::letter_tiff,
    table::{
        Transaction,
        cases::{IssuedLetter, LetterFiles},
    },
};
use portico_domain::{
    delivery::Delivery,
    events::{About, Actor, EventKind},
    id::{CaseKey, LetterId, RequestNumber},
    status::Audience,
};
use portico_testkit::{
    carriers::{Script, script, sent},
    poll::{self, PATIENCE},
};

use crate::{alone, approve, aws, block_on, colorado, drained, ready, routed};

/// How many letters are due.
const LETTERS: usize = 200;
/// Thirty minutes, as long as one lasts here: before, a quarter of an hour was enough for the dead letters.
const AWAY: Duration = Duration::from_secs(30);

/// REQ: OPS-10, LTR-05
#[test]
fn a_carrier_that_is_away_for_half_an_hour_gets_every_letter_once_when_it_is_back() {
    let (_alone, world) = alone();
    let (clinic, person) = colorado(&world);
    let mut wizard = ready(&world, &person, &clinic);
    wizard.submit().unwrap();
    assert_eq!(routed(&mut wizard), 1);
    let case = approve(&world, &mut wizard);
    let faxed = case.list("/deliveries").unwrap().iter().find(|delivery| !delivery["faxTo"].is_null()).unwrap().clone();
    let (key, real): (CaseKey, LetterId) =
        (wizard.key.parse().unwrap(), faxed["letter"].as_str().unwrap().parse().unwrap());
    let bucket = &world.stack.letters_bucket;
    let tiff = world.stack.object(bucket, &letter_tiff(real)).unwrap().unwrap();

    let aws = aws(&world.stack);
    let number = block_on(aws.table().delivery(key, real)).unwrap().unwrap().0.fax_to.unwrap();
    script(&world.stack, &number.e164(), &Script { errors: vec![503; 100_000], ..Script::default() }).unwrap();
    let written = block_on(aws.table().letter(key, real)).unwrap().unwrap();
    // As `write-letter` issues them: file, record, delivery and event.
    let letters: Vec<LetterId> = (0..LETTERS).map(|_| LetterId::new(clock::new_uuid())).collect();
    for letter in &letters {
        world.stack.put_object(bucket, &letter_tiff(*letter), &tiff).unwrap();
        let mut transaction = Transaction::new();
        let delivery = Delivery::by_fax(*letter, RequestNumber::FIRST, number.clone(), 1);
        let record = IssuedLetter { id: *letter, files: LetterFiles::default(), ..written.clone() };
        transaction.letter(aws.table(), key, &record).unwrap();
        transaction.delivery(aws.table(), key, &delivery, 1).unwrap();
        let request = RequestNumber::FIRST;
        let issued = EventKind::LetterIssued { request, letter: *letter, audience: Audience::Provider };
        transaction.event(aws.table(), About::Case(key), Actor::System, issued, clock::now()).unwrap();
        block_on(aws.table().commit(transaction)).unwrap();
    }
    let began = Instant::now();
    poll::until("half an hour", PATIENCE, || Ok((began.elapsed() > AWAY).then_some(()))).unwrap();
    let ours: BTreeSet<String> = letters.iter().map(ToString::to_string).collect();
    let reached = || -> BTreeMap<String, usize> {
        let mut reached = BTreeMap::new();
        for fax in sent(&world.stack).unwrap().faxes {
            if let Some(letter) = ours.iter().find(|letter| fax.client_reference.contains(letter.as_str())) {
                *reached.entry(letter.clone()).or_default() += 1;
            }
        }
        reached
    };
    let dead = world.stack.dead_letters("fax").unwrap();
    let early = reached();
    script(&world.stack, &number.e164(), &Script::default()).unwrap();
    assert!(early.is_empty(), "{early:?}");
    assert!(!dead.iter().any(|message| message.body.contains(&wizard.key)), "{dead:?}");

    poll::until("all letters at the carrier", 3 * PATIENCE, || Ok((reached().len() == LETTERS).then_some(()))).unwrap();
    drained(&world, "fax", &wizard.key);
    let twice: Vec<_> = reached().into_iter().filter(|(_, times)| *times != 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let case = wizard.look().unwrap();
    assert_eq!(case.list("/deliveries").unwrap().len(), LETTERS + 2);
}
