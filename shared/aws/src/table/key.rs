//! The only place that builds keys. Keys reach streams, metrics and error messages: none carries PHI; people are found
//! by keyed hashes.
//!
//! | what | pk | sk |
//! | --- | --- | --- |
//! | case, with its requests | `CASE#cas` | `CASE` |
//! | what was decided on a request | `CASE#cas` | `CASE#DETERMINATION#R01#1` |
//! | document, letter, delivery of a case | `CASE#cas` | `CASE#DOC#doc` · `CASE#LETTER#ltr` · `CASE#DELIVERY#ltr` |
//! | delivery with a call that the carrier has to report of (index `work`) | `CASE#cas` | `CASE#DELIVERY#ltr` |
//! | who edits a draft | `CASE#cas` | `CASE#EDITING` |
//! | answers of a case to a questionnaire | `CASE#cas` | `CASE#ANSWERS#questionnaire` |
//! | note of a case | `CASE#cas` | `CASE#NOTE#evt` |
//! | message of a case, how far a person has read them | `CASE#cas` | `MESSAGE#evt` · `READ#name` |
//! | case with messages that no reviewer has read, which is on no worklist (index `work`: by since when) | `CASE#cas` | `WORK#MESSAGES` |
//! | news on a case for a person, how far they have read it | `ALERT#name` | `evt` · `READ` |
//! | worklist entry, request that waits for information or coverage, draft (index `work`: by when it is due, or back, or was last changed, or ends) | `CASE#cas` | `WORK#R01` |
//! | request whose time for the decision runs, or is over and was not seen to (index `work`: by when it is over) | `CASE#cas` | `EXPIRY#R01` |
//! | what a reviewer has typed of a decision | `CASE#cas` | `WORKSHEET#R01` |
//! | letter that lacks elements, for repair (index `work`: by since when) | `CASE#cas` | `CASE#HELD#ltr` |
//! | fax that came in (index `work` while it waits for intake: by when it came) | `RECEIVED#fax` | `FAX` |
//! | event of a case, of a user, of a fax, of a name that nobody has | `EVENT#cas` · `EVENT#name` · `EVENT#fax` · `EVENT#UNKNOWN` | `evt` |
//! | event whose tasks are not in their queues yet | `OUTBOX#shard` | `evt` |
//! | request in short for reports, by the month in which it was received, in UTC; the same while it is open; each spread over shards | `FACT#contract#yyyy-mm#shard` · `FACT#contract#OPEN#shard` | `cas#R01` |
//! | access to a case or a fax, read or write | `AUDIT#cas` · `AUDIT#fax` | `evt` |
//! | link of the chain over the accesses, over the events of a case; case of a month that has chains | `CHAIN#cas` · `CHAIN#yyyy-mm` | `AUDIT#0000000012` · `EVENT#0000000012` · `cas` |
//! | what a search or a list showed to a user, what the user was refused | `AUDIT#name` | `evt` |
//! | what an operator changed | `AUDIT#OPERATIONS` | `evt` |
//! | queue that is paused, by whom and since when | `PAUSE#queue` | `PAUSE` |
//! | since when the oldest message of a queue is tried | `WAITING#queue` | `WAITING` |
//! | Case ID to case | `NUMBER#case id` | `CASE` |
//! | case in a group's list | `GROUP#grp` | `CASE#yyyy-mm-dd#cas` |
//! | case of a provider without a group | `PROVIDER#prv` | `CASE#yyyy-mm-dd#cas` |
//! | user, and their part at a provider | `USER#name` | `USER` · `USER#ROLE#prv` |
//! | session, usage of a user (index `work`: by what is due next) | `USER#name` | `USER#SESSION#hash` · `USER#SEEN` |
//! | user by e-mail address or phone number, by name | `ACCOUNT#hash` · `ACCOUNT#two letters` | `USER#name` · `full name#name` |
//! | e-mail address, phone, fax number that wait for their PIN, link to a new password, changes of the address that were taken back | `USER#name` | `EMAIL` · `PHONE` · `FAX` · `PASSWORDLINK` · `EMAILPUTBACK` |
//! | last passwords, as hashes: apart from the user, whom every guarded function may read | `PASSWORDS#name` | `PASSWORDS` |
//! | group, its providers and users | `GROUP#grp` | `GROUP` · `PROVIDER#prv` · `USER#name` |
//! | provider of a group that was on cases before | `GROUP#grp` | `HELD#prv` |
//! | member of staff in the list of a contract | `STAFF#contract` | `name` |
//! | client that asks by FHIR, and its tokens; in the list of a contract | `CLIENT#cli` · `CLIENTS#contract` | `CLIENT` · `TOKEN#hash` · `ASSERTION#hash` · `cli` |
//! | what a client subscribed to (index `work`: by when something is to be sent); a change under its number, and by its event | `SUBSCRIPTION#cli` | `SUBSCRIPTION#sub` · `NOTIFICATION#sub#0000000012` · `TOLD#sub#evt` |
//! | provider | `PROVIDER#prv` | `PROVIDER` |
//! | provider by NPI and code | `REGISTRY#hash` | `PROVIDER` |
//! | providers of a contract by NPI, by name | `NPI#contract#npi` · `NAMES#contract#two letters` | `prv` · `name#prv` |
//! | member, and their cases | `MEMBER#mbr` | `MEMBER` · `CASE#cas` |
//! | how often rules have approved something for a member: of two at once one looks again | `APPROVED#mbr` | `APPROVED` |
//! | what people decided of what a provider asked for of a code, that its gold card was taken away; the codes of a provider | `GOLD#contract#npi#code` · `GOLD#contract#npi` | `cas#R01` · `revoked` · `code` |
//! | temporary member who waits for the real one | `TEMPORARY#contract` | `mbr` |
//! | import of a file | `IMPORT#contract` | `IMPORT#time#hash` |
//! | members by number, by last name and birth date | `LOOKUP#hash` | `mbr` |
//! | contract pack | `CONTRACT#id` | `PACK#yyyy-mm-dd#version` |
//! | rules for single codes that a pack names | `CONTRACT#id#CODES#name` | `CODES#first four of the code` |
//! | up to which draft those of a contract were looked at under its rules | `DRAFTS#contract` | `LOOKED` |
//! | contract in the list of all | `CONTRACT#` | `CONTRACT#id` |
//! | day's counter of Case IDs, of answers | `SEQ#yyddd` · `SEQ#CKyyddd` | `SEQ` |
//! | answer to "is authorization required?" | `CHECK#number` | `CHECK` |
//! | answer to an idempotency key | `IDEM#hash` | `IDEM` |
//! | failed sign-ins; tries in a window (a function may count what is tried there, by `what`) | `TRIES#what#hash` | `TRIES` |
//! | sign-in between two steps | `SESSION#hash` | `SESSION` |
//! | mailed link | `LINK#hash` | `LINK` |
//! | number that a PIN is to be spoken to | `PIN#hash` | `PIN` |
//! | notice that was sent | `NOTICE#evt` | `NOTICE` · `PIN` |

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, civil::Date};
use portico_domain::{
    code::ProcedureCode,
    events::{About, lane::Lane},
    id::{
        CaseId, CaseKey, CheckNumber, ClientId, ContractId, DocumentId, EventId, FaxId, GroupId, LetterId, MemberId,
        ProviderId, RequestNumber, SubscriptionId, Username,
    },
    npi::Npi,
    status::Queue,
};

use super::over::Over;

/// Number of partitions that a worklist is spread over, and the facts of a month.
pub const WORK_SHARDS: u8 = 4;

/// The partition of what operators changed.
pub(super) const OPERATIONS: &str = "AUDIT#OPERATIONS";

/// The partition that lists all contracts.
pub(super) const CONTRACTS: &str = "CONTRACT#";

/// The key of an item.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    /// Partition.
    pub pk: String,
    /// Sort.
    pub sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    /// As the SDK takes it.
    #[must_use]
    pub(crate) fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(self.pk.clone())),
            ("sk".to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) = $pk:expr, $sk:expr;)*) => {
        impl Key {$(
            $(#[$doc])*
            #[must_use]
            pub fn $name($($arg: $type),*) -> Self {
                Self::new($pk, $sk)
            }
        )*}
    };
}

keys! {
    /// A case.
    case(key: CaseKey) = format!("CASE#{key}"), "CASE";
    /// A document of a case.
    document(key: CaseKey, id: DocumentId) = format!("CASE#{key}"), format!("CASE#DOC#{id}");
    /// A letter of a case.
    letter(key: CaseKey, id: LetterId) = format!("CASE#{key}"), format!("CASE#LETTER#{id}");
    /// The delivery of a letter.
    delivery(key: CaseKey, id: LetterId) = format!("CASE#{key}"), format!("CASE#DELIVERY#{id}");
    /// A decision on a request of a case.
    determination(key: CaseKey, request: RequestNumber, number: u32) = format!("CASE#{key}"),
        format!("CASE#DETERMINATION#{request}#{number}");
    /// The answers of a case to a questionnaire.
    answers(key: CaseKey, questionnaire: &str) = format!("CASE#{key}"), format!("CASE#ANSWERS#{questionnaire}");
    /// Who edits a draft.
    editing(key: CaseKey) = format!("CASE#{key}"), "CASE#EDITING";
    /// A note of a case.
    note(key: CaseKey, id: EventId) = format!("CASE#{key}"), format!("CASE#NOTE#{id}");
    /// A message of a case.
    message(key: CaseKey, id: EventId) = format!("CASE#{key}"), format!("MESSAGE#{id}");
    /// How far a person has read the messages of a case.
    messages_read(key: CaseKey, name: &Username) = format!("CASE#{key}"), format!("READ#{name}");
    /// A case on a worklist for its messages alone.
    work_of_messages(key: CaseKey) = format!("CASE#{key}"), "WORK#MESSAGES";
    /// News on a case for a person.
    alert(name: &Username, event: EventId) = format!("ALERT#{name}"), event.to_string();
    /// How far a person has read the news.
    alerts_read(name: &Username) = format!("ALERT#{name}"), "READ";
    /// A letter that waits for repair.
    held(key: CaseKey, id: LetterId) = format!("CASE#{key}"), format!("CASE#HELD#{id}");
    /// A request on a worklist.
    work(key: CaseKey, number: RequestNumber) = format!("CASE#{key}"), format!("WORK#{number}");
    /// A request whose time for the decision runs.
    expiry(key: CaseKey, number: RequestNumber) = format!("CASE#{key}"), format!("EXPIRY#{number}");
    /// What a reviewer has typed of a decision.
    worksheet(key: CaseKey, number: RequestNumber) = format!("CASE#{key}"), format!("WORKSHEET#{number}");
    /// Up to which draft those of a contract were looked at under its rules.
    drafts_looked_at(contract: &ContractId) = format!("DRAFTS#{contract}"), "LOOKED";
    /// An event.
    event(about: &About, id: EventId) = events_of(about), id.to_string();
    /// The marker of an event whose tasks are not in their queues yet.
    outbox(id: EventId) = outbox_partition(outbox_shard(id)), id.to_string();
    /// A request in short, by the month in which it was received.
    fact(contract: &ContractId, month: &str, key: CaseKey, number: RequestNumber) = facts_of(contract, month, work_shard(key)),
        format!("{key}#{number}");
    /// The same while it is open.
    open_fact(contract: &ContractId, key: CaseKey, number: RequestNumber) = open_facts(contract, work_shard(key)),
        format!("{key}#{number}");
    /// A fax that came in.
    received_fax(id: FaxId) = format!("RECEIVED#{id}"), "FAX";
    /// An access to a fax.
    audit_fax(fax: FaxId, id: EventId) = format!("AUDIT#{fax}"), id.to_string();
    /// An access to a case.
    audit(key: CaseKey, id: EventId) = format!("AUDIT#{key}"), id.to_string();
    /// What a list or a search showed.
    audit_shown(by: &Username, id: EventId) = format!("AUDIT#{by}"), id.to_string();
    /// What an operator changed. Usernames are lower case, so this is nobody's.
    audit_operation(id: EventId) = OPERATIONS, id.to_string();
    /// A link of a chain over what is on record of a case.
    chain_link(key: CaseKey, over: Over, n: u64) = format!("CHAIN#{key}"), format!("{over}#{n:010}");
    /// A case that has chains, in the list of those that were begun in its month.
    chained(key: CaseKey) = chains_of(&key.began()), key.to_string();
    /// That a queue is paused.
    pause(lane: Lane) = format!("PAUSE#{lane}"), "PAUSE";
    /// The oldest message of a queue of those that are tried again.
    waiting(lane: Lane) = format!("WAITING#{lane}"), "WAITING";
    /// A case by its Case ID.
    number(id: &CaseId) = format!("NUMBER#{id}"), "CASE";
    /// A case in a group's list.
    group_case(group: GroupId, day: Date, key: CaseKey) = format!("GROUP#{group}"), Key::place_of_case(day, key);
    /// A case of a provider that no group has.
    provider_case(id: ProviderId, day: Date, key: CaseKey) = format!("PROVIDER#{id}"), Key::place_of_case(day, key);
    /// A user.
    user(name: &Username) = format!("USER#{name}"), "USER";
    /// A user's part at a provider.
    role(name: &Username, provider: ProviderId) = format!("USER#{name}"), format!("USER#ROLE#{provider}");
    /// A session of a user.
    user_session(name: &Username, hash: &str) = format!("USER#{name}"), format!("USER#SESSION#{hash}");
    /// How a user's account is used.
    user_seen(name: &Username) = format!("USER#{name}"), "USER#SEEN";
    /// A user by a hash of an address or a number.
    account(hash: &str, name: &Username) = accounts_by(hash), format!("USER#{name}");
    /// A user by the folded full name.
    account_named(full: &str, name: &Username) = accounts_named(full), format!("{full}#{name}");
    /// An e-mail address that waits for its PIN.
    pending_email(name: &Username) = format!("USER#{name}"), "EMAIL";
    /// A phone number that waits for its PIN.
    pending_phone(name: &Username) = format!("USER#{name}"), "PHONE";
    /// A fax number that waits for its code.
    pending_fax(name: &Username) = format!("USER#{name}"), "FAX";
    /// Which changes of the e-mail address were taken back.
    email_put_back(name: &Username) = format!("USER#{name}"), "EMAILPUTBACK";
    /// The one link to set a new password that works.
    password_link(name: &Username) = format!("USER#{name}"), "PASSWORDLINK";
    /// Hashes of a user's last passwords.
    passwords(name: &Username) = format!("PASSWORDS#{name}"), "PASSWORDS";
    /// A group.
    group(id: GroupId) = format!("GROUP#{id}"), "GROUP";
    /// A provider in a group.
    group_provider(id: GroupId, provider: ProviderId) = format!("GROUP#{id}"), format!("PROVIDER#{provider}");
    /// A user in a group.
    group_user(id: GroupId, name: &Username) = format!("GROUP#{id}"), format!("USER#{name}");
    /// A member of staff of a contract.
    staff(contract: &ContractId, name: &Username) = staff_of(contract), name.to_string();
    /// A client that asks by FHIR.
    client(id: ClientId) = format!("CLIENT#{id}"), "CLIENT";
    /// A token of a client.
    client_token(id: ClientId, hash: &str) = format!("CLIENT#{id}"), format!("TOKEN#{hash}");
    /// An assertion that a client has used.
    client_assertion(id: ClientId, hash: &str) = format!("CLIENT#{id}"), format!("ASSERTION#{hash}");
    /// A client of a contract.
    client_of(contract: &ContractId, id: ClientId) = clients_of(contract), id.to_string();
    /// A subscription of a client.
    subscription(id: ClientId, of: SubscriptionId) = subscriptions_of(id), format!("SUBSCRIPTION#{of}");
    /// A change that is told under a subscription.
    notification(id: ClientId, of: SubscriptionId, n: u64) = subscriptions_of(id), format!("NOTIFICATION#{of}#{n:010}");
    /// That an event has its number there.
    told(id: ClientId, of: SubscriptionId, event: EventId) = subscriptions_of(id), format!("TOLD#{of}#{event}");
    /// A provider that was on cases before a group registered it.
    group_held(id: GroupId, provider: ProviderId) = format!("GROUP#{id}"), format!("HELD#{provider}");
    /// A provider.
    provider(id: ProviderId) = format!("PROVIDER#{id}"), "PROVIDER";
    /// A provider by the hash of NPI and code.
    registry(hash: &str) = format!("REGISTRY#{hash}"), "PROVIDER";
    /// A provider by NPI.
    npi(contract: &ContractId, npi: &str, id: ProviderId) = providers_by_npi(contract, npi), id.to_string();
    /// A provider by its folded name, from one of its words on.
    name(contract: &ContractId, name: &str, id: ProviderId) = names_partition(contract, name), format!("{name}#{id}");
    /// A member.
    member(id: MemberId) = format!("MEMBER#{id}"), "MEMBER";
    /// A case of a member.
    member_case(id: MemberId, key: CaseKey) = format!("MEMBER#{id}"), format!("CASE#{key}");
    /// How often a rule has approved something for a member.
    approvals(id: MemberId) = format!("APPROVED#{id}"), "APPROVED";
    /// What people decided of a request for a code.
    counted(contract: &ContractId, npi: Npi, code: &ProcedureCode, key: CaseKey, number: RequestNumber) = counted_of(contract, npi, code),
        format!("{key}#{number}");
    /// That a provider's gold card for a code was taken away.
    revoked(contract: &ContractId, npi: Npi, code: &ProcedureCode) = counted_of(contract, npi, code), "revoked";
    /// A code that a provider asked for and people decided.
    counted_code(contract: &ContractId, npi: Npi, code: &ProcedureCode) = counted_codes_of(contract, npi), code.to_string();
    /// A temporary member who waits for the real one.
    temporary(contract: &ContractId, id: MemberId) = temporary_of(contract), id.to_string();
    /// An import of a file; the newest sorts last.
    import(contract: &ContractId, arrived: Timestamp, id: &str) = imports_of(contract),
        format!("IMPORT#{}#{id}", arrived.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"));
    /// A member by a hash of what is known.
    lookup(hash: &str, id: MemberId) = members_by(hash), id.to_string();
    /// A contract pack.
    pack(id: &ContractId, from: Date, version: &str) = packs_of(id), format!("PACK#{from}#{version}");
    /// Rules for single codes that a pack names.
    rules(contract: &ContractId, name: &str, shelf: &str) = rules_of(contract, name), format!("CODES#{shelf}");
    /// A contract in the list of all.
    contract(id: &ContractId) = CONTRACTS, format!("CONTRACT#{id}");
    /// A day's counter: of Case IDs `YYDDD`, of answers `CKYYDDD`.
    sequence(day: &str) = format!("SEQ#{day}"), "SEQ";
    /// An answer to "is authorization required?".
    check(number: &CheckNumber) = format!("CHECK#{number}"), "CHECK";
    /// The answer to an idempotency key.
    idempotency(hash: &str) = format!("IDEM#{hash}"), "IDEM";
    /// A count of tries.
    tries(what: &str, hash: &str) = format!("TRIES#{what}#{hash}"), "TRIES";
    /// A sign-in between two steps.
    session(hash: &str) = format!("SESSION#{hash}"), "SESSION";
    /// A mailed link.
    link(hash: &str) = format!("LINK#{hash}"), "LINK";
    /// The number that a PIN is to be spoken to.
    pin(hash: &str) = format!("PIN#{hash}"), "PIN";
    /// The notice of an event, once sent.
    notice(event: EventId, which: &str) = format!("NOTICE#{event}"), which;
}

impl Key {
    /// The place of a case in any list of cases: the newest sorts last.
    #[must_use]
    pub fn place_of_case(day: Date, key: CaseKey) -> String {
        format!("CASE#{day}#{key}")
    }
}

/// The partition of a contract's providers whose names begin as this one: two letters each, so that a file of all of them
/// is not written to one partition. A search has three letters or more.
#[must_use]
pub fn names_partition(contract: &ContractId, name: &str) -> String {
    format!("NAMES#{contract}#{}", name.chars().take(2).collect::<String>())
}

macro_rules! partitions {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) = $pk:expr;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub(super) fn $name($($arg: $type),*) -> String {
            $pk
        }
    )*};
}

// Partitions that are read as lists.
partitions! {
    /// What happened to a case, a user or a fax.
    events_of(about: &About) = match about {
        About::Case(key) => format!("EVENT#{key}"),
        About::User(name) => format!("EVENT#{name}"),
        About::Fax(fax) => format!("EVENT#{fax}"),
        // Usernames are lower case, so this is nobody's.
        About::Unknown(_) => "EVENT#UNKNOWN".to_owned(),
    };
    /// What is on record of a case.
    recorded(key: CaseKey, over: Over) = format!("{over}#{key}");
    /// The cases with chains that were begun in a month, as `2026-05`.
    chains_of(month: &str) = format!("CHAIN#{month}");
    /// What people decided of what a provider asked for of a code.
    counted_of(contract: &ContractId, npi: Npi, code: &ProcedureCode) = format!("GOLD#{contract}#{npi}#{code}");
    /// The codes of which there is something like that.
    counted_codes_of(contract: &ContractId, npi: Npi) = format!("GOLD#{contract}#{npi}");
    /// The requests in short that a contract received in a month.
    facts_of(contract: &ContractId, month: &str, shard: u8) = format!("FACT#{contract}#{month}#{shard}");
    /// Those that are open.
    open_facts(contract: &ContractId, shard: u8) = format!("FACT#{contract}#OPEN#{shard}");
    /// The staff of a contract.
    staff_of(contract: &ContractId) = format!("STAFF#{contract}");
    /// The clients of a contract.
    clients_of(contract: &ContractId) = format!("CLIENTS#{contract}");
    /// The subscriptions of a client.
    subscriptions_of(id: ClientId) = format!("SUBSCRIPTION#{id}");
    /// The temporary members of a contract.
    temporary_of(contract: &ContractId) = format!("TEMPORARY#{contract}");
    /// The imports of a contract's files.
    imports_of(contract: &ContractId) = format!("IMPORT#{contract}");
    /// The packs of a contract.
    packs_of(contract: &ContractId) = format!("CONTRACT#{contract}");
    /// The rules of a contract for single codes, by their name.
    rules_of(contract: &ContractId, name: &str) = format!("CONTRACT#{contract}#CODES#{name}");
    /// The users that a hash of an address or a number stands for.
    accounts_by(hash: &str) = format!("ACCOUNT#{hash}");
    /// The users whose full names begin with the two letters of this one.
    accounts_named(full: &str) = format!("ACCOUNT#{}", full.chars().take(2).collect::<String>());
    /// The members that a hash of what is known stands for.
    members_by(hash: &str) = format!("LOOKUP#{hash}");
    /// The providers of a contract with an NPI.
    providers_by_npi(contract: &ContractId, npi: &str) = format!("NPI#{contract}#{npi}");
}

/// Number of partitions that the events are spread over whose tasks are not in their queues yet.
pub const OUTBOX_SHARDS: u8 = 8;

/// One of these partitions.
#[must_use]
pub fn outbox_partition(shard: u8) -> String {
    format!("OUTBOX#{shard}")
}

/// The shard of an event: ids of version 7 are random at their end.
#[must_use]
pub fn outbox_shard(id: EventId) -> u8 {
    let last = id.to_string().chars().last().and_then(|digit| digit.to_digit(16)).unwrap_or(0);
    u8::try_from(last).unwrap_or(0) % OUTBOX_SHARDS
}

/// The marker of an event, in the transaction that writes it: names the partition that it stands in.
pub(super) fn outbox_marker(event: &Key, id: EventId) -> HashMap<String, AttributeValue> {
    let mut item = Key::outbox(id).attributes();
    item.insert("entity".to_owned(), AttributeValue::S("outbox".to_owned()));
    item.insert("of".to_owned(), AttributeValue::S(event.pk.clone()));
    item
}

/// Sorts behind every event that was made before `at`, and before all later ones: ids of version 7 begin with their time.
#[must_use]
pub fn outbox_before(at: Timestamp) -> String {
    format!("evt_{:012x}", at.as_millisecond().max(0))
}

/// The partition of a worklist that a case's requests are in.
#[must_use]
pub fn work_partition(contract: &ContractId, queue: Queue, shard: u8) -> String {
    format!("WORK#{contract}#{queue}#{shard}")
}

/// The partition of one shard of the requests that wait for information.
#[must_use]
pub fn pended_partition(shard: u8) -> String {
    format!("PENDED#{shard}")
}

/// The partition of one shard of the requests whose time for the decision runs.
#[must_use]
pub fn expiry_partition(shard: u8) -> String {
    format!("EXPIRY#{shard}")
}

/// The partition of one shard of a contract's requests that wait for the plan's file to cover their members.
#[must_use]
pub fn eligibility_partition(contract: &ContractId, shard: u8) -> String {
    format!("ELIGIBILITY#{contract}#{shard}")
}

/// The partition of one shard of a contract's drafts.
#[must_use]
pub fn drafts_partition(contract: &ContractId, shard: u8) -> String {
    format!("DRAFT#{contract}#{shard}")
}

/// The partition of one shard of those that will end, as was told.
#[must_use]
pub fn ending_partition(contract: &ContractId, shard: u8) -> String {
    format!("ENDING#{contract}#{shard}")
}

/// The shard of a case: ids of version 7 are random at their end.
#[must_use]
pub fn work_shard(key: CaseKey) -> u8 {
    key.to_string().bytes().last().unwrap_or(0) % WORK_SHARDS
}

/// Orders a worklist by due time; what has no due time now (its clock stands still) comes last.
#[must_use]
pub fn work_due(due: Option<Timestamp>, key: CaseKey, number: RequestNumber) -> String {
    let due = due.map_or_else(|| "9999".to_owned(), |due| due.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    format!("{due}#{key}#{number}")
}

/// Number of partitions that the accounts are spread over of which something may become due.
pub const DORMANCY_SHARDS: u8 = 4;

/// The partition of one shard of these accounts.
#[must_use]
pub fn dormancy_partition(shard: u8) -> String {
    format!("DORMANCY#{shard}")
}

/// The shard of a user.
#[must_use]
pub fn dormancy_shard(name: &Username) -> u8 {
    name.as_str().bytes().fold(0, u8::wrapping_add) % DORMANCY_SHARDS
}

/// Orders accounts by when something is due next.
#[must_use]
pub fn dormancy_due(due: Timestamp, name: &Username) -> String {
    format!("{}#{name}", due.strftime("%Y-%m-%dT%H:%M:%SZ"))
}

/// Behind everything that is due by `now`.
#[must_use]
pub fn due_by(now: Timestamp) -> String {
    format!("{}#~", now.strftime("%Y-%m-%dT%H:%M:%SZ"))
}

/// Number of partitions that the fax calls are spread over of which the carrier has to report.
pub const FAX_SHARDS: u8 = 4;

/// The partition of one shard of these calls.
#[must_use]
pub fn fax_partition(shard: u8) -> String {
    format!("FAX#{shard}")
}

/// The shard of a case's calls.
#[must_use]
pub fn fax_shard(key: CaseKey) -> u8 {
    key.to_string().bytes().last().unwrap_or(0) % FAX_SHARDS
}

/// The partition of the subscriptions under which something is to be sent at a time.
pub(super) const SUBSCRIPTIONS_DUE: &str = "SUBSCRIPTION#DUE";

/// Orders subscriptions by when something is to be sent.
#[must_use]
pub fn subscription_due(due: Timestamp, of: SubscriptionId) -> String {
    format!("{}#{of}", due.strftime("%Y-%m-%dT%H:%M:%SZ"))
}

/// The partition of the faxes that wait for the intake of a contract.
#[must_use]
pub fn intake_partition(contract: &ContractId) -> String {
    format!("INTAKE#{contract}")
}

/// Orders faxes by when they came.
#[must_use]
pub fn intake_place(at: Timestamp, fax: FaxId) -> String {
    format!("{}#{fax}", at.strftime("%Y-%m-%dT%H:%M:%SZ"))
}

/// The partition of the letters of a contract that wait for repair.
#[must_use]
pub fn repair_partition(contract: &ContractId) -> String {
    format!("REPAIR#{contract}")
}

/// Orders letters by since when they are held.
#[must_use]
pub fn repair_place(at: Timestamp, letter: LetterId) -> String {
    format!("{}#{letter}", at.strftime("%Y-%m-%dT%H:%M:%SZ"))
}

/// Orders calls by when a report is due.
#[must_use]
pub fn fax_due(due: Timestamp, letter: LetterId) -> String {
    format!("{}#{letter}", due.strftime("%Y-%m-%dT%H:%M:%SZ"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: REV-01
    #[test]
    fn worklists_sort_by_due_time() {
        let key = CaseKey::new(uuid::Uuid::from_u128(1));
        let at = |text: &str| work_due(Some(text.parse().unwrap()), key, RequestNumber::FIRST);
        assert!(at("2026-05-07T15:00:00Z") < at("2026-05-07T15:00:01Z"));
        assert!(at("2026-05-07T15:00:00Z") < work_due(None, key, RequestNumber::FIRST));
        assert!(work_shard(key) < WORK_SHARDS);
    }

    /// REQ: OPS-10
    #[test]
    fn events_sort_by_time_and_are_spread_over_all_shards() {
        let id = |at: &str, random: u128| {
            let at = at.parse::<Timestamp>().unwrap().as_millisecond().unsigned_abs();
            EventId::new(uuid::Uuid::from_u128(u128::from(at) << 80 | 0x7000 << 64 | random))
        };
        let (before, after) = ("2026-05-07T15:00:00.000Z", "2026-05-07T15:00:00.001Z");
        let bound = outbox_before(after.parse().unwrap());
        assert!(id(before, u128::from(u64::MAX)).to_string() < bound && bound < id(after, 0).to_string());
        let shards: std::collections::BTreeSet<u8> = (0..16).map(|n| outbox_shard(id(before, n))).collect();
        assert_eq!(shards, (0..OUTBOX_SHARDS).collect());
    }

    /// REQ: ACC-15
    #[test]
    fn accounts_sort_by_when_something_is_due() {
        let (now, name): (Timestamp, Username) = ("2026-05-07T15:00:00Z".parse().unwrap(), "zoe@x".parse().unwrap());
        let later = now.checked_add(jiff::Span::new().seconds(1)).unwrap();
        assert!(dormancy_due(now, &name) < due_by(now) && due_by(now) < dormancy_due(later, &name));
        assert!(dormancy_shard(&name) < DORMANCY_SHARDS);
    }
    /// REQ: ORG-10
    #[test]
    fn imports_sort_by_arrival() {
        let at = |text: &str| Key::import(&"arkansas".parse().unwrap(), text.parse().unwrap(), "0a").sk;
        assert_eq!(at("2026-05-07T15:00:00Z"), "IMPORT#2026-05-07T15:00:00.000Z#0a");
        assert!(at("2026-05-07T15:00:00.007Z") < at("2026-05-07T15:00:00.1Z"));
    }
}
