//! An exchange of the key of look-ups: whoever was found before is found during and after it, and the next file moves what
//! is stored to the new key.

use anyhow::{Context, Result, ensure};
use portico_aws::{
    Aws, Config, clock,
    secrets::{KeyRing, Secret},
    table::{
        Transaction,
        feeds::{Outcome, Source},
        people::MemberSearch,
    },
};
use portico_domain::{
    accounts::registration::Credentials,
    cases::temporary::{Details, TemporaryMember},
    contact::Line,
    feeds::provider::ProviderRow,
    id::{MemberId, ProviderId},
    person::{Member, Provider, Standing},
};
use portico_testkit::{clinic, seeding::World, stack::Stack};

/// A ring, the same with a new key, the same that uses it, and the new key alone.
fn rings() -> Result<[KeyRing; 4]> {
    let before = KeyRing::parse(&clock::new_nonce()?)?;
    let added = before.with("k2", Secret::new(&clock::new_nonce()?))?;
    let after = added.using("k2")?;
    let alone = after.without("k1")?;
    Ok([before, added, after, alone])
}

fn run<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

fn aws() -> Result<Aws> {
    let stack = Stack::read()?;
    Ok(Aws::new(Config::read(|name| stack.variable(name))?))
}

/// A member of a contract that is this run's own.
fn member(world: &World) -> Result<Member> {
    let model = world.seed.members.iter().find(|member| member.number().is_some()).context("the seed has no member")?;
    Ok(Member {
        id: MemberId::new(clock::new_uuid()),
        contract: clinic::own_contract(world)?.parse()?,
        ..model.clone()
    })
}

/// REQ: CASE-03, ORG-10, OPS-06
#[test]
fn a_member_is_found_through_an_exchange_of_keys_and_moves_with_the_next_file() -> Result<()> {
    let (world, aws) = (World::open()?, aws()?);
    let [before, added, after, alone] = rings()?;
    let member = member(&world)?;
    let number = MemberSearch::Number(member.number().context("a number")?.clone());
    let name = MemberSearch::NameAndBirth(member.last_name.clone(), member.birth_date);
    run(async {
        let table = aws.table();
        let found = async |keys: &KeyRing, by: &MemberSearch| {
            anyhow::Ok(table.find_members(keys, &member.contract, by).await? == [member.clone()])
        };
        let take = async |keys: &KeyRing| table.import_members(keys, Source::NONE, std::slice::from_ref(&member)).await;
        ensure!(take(&before).await? == [Outcome::New]);
        for (keys, which) in [(&before, "before"), (&added, "with the key added"), (&after, "with the key in use")] {
            ensure!(found(keys, &number).await? && found(keys, &name).await?, "not found {which}");
        }
        ensure!(!found(&alone, &number).await?, "nothing has moved yet");
        ensure!(take(&after).await? == [Outcome::Unchanged], "the file brings nothing new");
        ensure!(found(&alone, &number).await? && found(&alone, &name).await?, "it has moved");
        ensure!(!found(&before, &number).await?, "and does not stand under the old key any more");
        ensure!(found(&added, &name).await?, "whoever has only read the first step finds it");
        Ok(())
    })
}

/// REQ: ACC-02, ORG-10, OPS-06
#[test]
fn a_provider_registers_through_an_exchange_of_keys_and_nobody_takes_its_pair() -> Result<()> {
    let (world, aws) = (World::open()?, aws()?);
    let [before, _, after, alone] = rings()?;
    let model = &world.seed.providers.first().context("the seed has no provider")?.provider;
    let contract: portico_domain::id::ContractId = clinic::own_contract(&world)?.parse()?;
    let provider = |name: &str| -> Result<Provider> {
        let name: Line = name.parse()?;
        Ok(Provider {
            id: ProviderId::new(clock::new_uuid()),
            contract: contract.clone(),
            group: None,
            name,
            ..model.clone()
        })
    };
    let code = clock::new_nonce()?.chars().take(20).collect::<String>();
    let credentials = Credentials::parse(&code, &code)?;
    let row = ProviderRow { provider: provider("First Clinic")?, credentials: credentials.clone() };
    let other = ProviderRow { provider: provider("Second Clinic")?, credentials: credentials.clone() };
    run(async {
        let table = aws.table();
        let known = async |keys: &KeyRing| anyhow::Ok(table.registry_entry(keys, &credentials).await?.is_some());
        let take = async |keys: &KeyRing, row: &ProviderRow| {
            table.import_providers(keys, Source::NONE, std::slice::from_ref(row)).await
        };
        ensure!(take(&before, &row).await? == [Outcome::New]);
        ensure!(known(&before).await? && known(&after).await? && !known(&alone).await?);
        ensure!(take(&after, &other).await? == [Outcome::Taken], "the pair is another's under the old key");
        ensure!(take(&after, &row).await? == [Outcome::Unchanged], "the file brings nothing new");
        ensure!(known(&alone).await? && !known(&before).await?, "it has moved");
        ensure!(take(&after, &other).await? == [Outcome::Taken], "and is another's under the new one");
        Ok(())
    })
}

/// REQ: CASE-06, OPS-06
#[test]
fn a_temporary_member_moves_to_the_new_key_and_can_be_merged_at_any_time() -> Result<()> {
    let (world, aws) = (World::open()?, aws()?);
    let [before, _, after, alone] = rings()?;
    let waiting = Member { standing: Standing::Temporary, ..member(&world)? };
    let name = MemberSearch::NameAndBirth(waiting.last_name.clone(), waiting.birth_date);
    let details: Details = serde_json::from_value(serde_json::json!({ "country": "US" }))?;
    let added = TemporaryMember { member: waiting.clone(), details, at: clock::now(), by: "keys.test".parse()? };
    run(async {
        let table = aws.table();
        let found = async |keys: &KeyRing| {
            anyhow::Ok(table.find_members(keys, &waiting.contract, &name).await? == [waiting.clone()])
        };
        let mut transaction = Transaction::new();
        transaction.temporary_member(table, &before, &added)?;
        table.commit(transaction).await?;
        ensure!(found(&after).await? && !found(&alone).await?);
        table.rehash_temporary(&after, &waiting).await?;
        ensure!(found(&alone).await? && !found(&before).await?, "it has moved");
        let mut transaction = Transaction::new();
        transaction.merged_member(table, &after, &waiting, MemberId::new(clock::new_uuid()))?;
        table.commit(transaction).await?;
        ensure!(!found(&after).await?, "no search shows who was merged");
        table.rehash_temporary(&after, &waiting).await?;
        ensure!(!found(&after).await?, "not even when a slower import comes by");
        Ok(())
    })
}

/// A call may end after rows were written and before their counts were: the next one reads them again.
#[test]
fn a_row_that_one_import_reads_twice_is_counted_as_what_it_was() -> Result<()> {
    let (world, aws) = (World::open()?, aws()?);
    let ([keys, ..], member) = (rings()?, member(&world)?);
    let married = Member { last_name: "Abernathy-Zuniga".parse()?, ..member.clone() };
    let model = &world.seed.providers.first().context("the seed has no provider")?.provider;
    let place = Provider { id: ProviderId::new(clock::new_uuid()), group: None, ..model.clone() };
    let code = clock::new_nonce()?.chars().take(20).collect::<String>();
    let credentials = Credentials::parse(&code, &code)?;
    let location = ProviderRow { provider: place.clone(), credentials: credentials.clone() };
    let renamed = ProviderRow { provider: Provider { name: "Another Name Clinic".parse()?, ..place }, credentials };
    run(async {
        let table = aws.table();
        let people = async |import: &str, row: &Member| {
            table.import_members(&keys, Source::import(import), std::slice::from_ref(row)).await
        };
        let places = async |import: &str, row: &ProviderRow| {
            table.import_providers(&keys, Source::import(import), std::slice::from_ref(row)).await
        };
        for (import, (person, location), expected) in [
            ("one", (&member, &location), Outcome::New),
            ("one", (&member, &location), Outcome::New),
            ("two", (&member, &location), Outcome::Unchanged),
            ("two", (&married, &renamed), Outcome::Changed),
            ("two", (&married, &renamed), Outcome::Changed),
            ("one", (&married, &renamed), Outcome::Unchanged),
        ] {
            ensure!(people(import, person).await? == [expected], "a member, import {import}");
            ensure!(places(import, location).await? == [expected], "a provider, import {import}");
        }
        Ok(())
    })
}
