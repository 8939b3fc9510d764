//! A new agency, from the template of a pack to its first decided case: `docs/onboarding.md`, followed word by word under an id that
//! no run had before.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use jiff::tz::TimeZone;
use portico_aws::clock;
use portico_domain::feeds::FeedFile;
use portico_testkit::{
    files, mailbox,
    people::{Door, Person},
    poll::{self, PATIENCE},
    portal::Portal,
    seeding::World,
    stack,
    wizard::{Entry, Wizard},
};
use portico_tests::guide::{Guide, Step};
use serde_json::{Value, json};

type Form = BTreeMap<String, String>;

/// Somebody who follows the guide.
struct Reader {
    world: std::sync::Arc<World>,
    /// The contract's id, in place of the guide's.
    id: String,
    /// Where they write files and run commands.
    folder: PathBuf,
}

impl Reader {
    fn new() -> Result<Self> {
        let id = format!("juniper-{}", clock::new_nonce()?.get(..8).context("a nonce is longer")?);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&id);
        fs::create_dir_all(&folder)?;
        Ok(Self { world: World::open()?, id, folder })
    }

    fn guide(&self) -> Result<Guide> {
        let upper = self.id.to_uppercase();
        Guide::read("onboarding.md", |text| text.replace("juniper", &self.id).replace("JUNIPER", &upper))
    }

    /// Runs the operator's program as `alias` in docs/operations.md has it. Where a command waits for a yes, it is given.
    fn ops(&self, words: &[String]) -> Result<(bool, String)> {
        let (manifest, record) = (stack::root().join("Cargo.toml"), stack::record());
        let mut command = Command::new(env!("CARGO"));
        command.args(["run", "--quiet", "--package", "portico-ops", "--manifest-path"]).arg(manifest);
        command.arg("--").arg("--stack").arg(record).arg("--yes").args(words);
        let output = command.current_dir(&self.folder).output()?;
        let text = [output.stdout, output.stderr].map(String::from_utf8).into_iter().collect::<Result<String, _>>()?;
        Ok((output.status.success(), text))
    }

    /// Does every command of a step; gives what the operator's program said.
    fn commands(&self, step: &Step) -> Result<Vec<String>> {
        let mut said = Vec::new();
        for command in step.commands() {
            match command.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                ["portico-ops", ..] => {
                    let (done, text) = self.ops(command.get(1..).unwrap_or_default())?;
                    ensure!(done, "{command:?}: {text}");
                    said.push(text);
                }
                ["aws", "s3", "cp", file, to] => {
                    let key = to.strip_prefix("s3://$FEEDS/").context("files go to the bucket of feeds")?;
                    let (stack, content) = (&self.world.stack, fs::read(self.folder.join(file))?);
                    stack.put_object(&stack.feeds_bucket, key, &content)?;
                }
                _ => anyhow::bail!("{command:?} is no command that this guide may have"),
            }
        }
        Ok(said)
    }

    /// Follows the link that was mailed to somebody.
    fn set_up(&self, form: &Form, door: Door) -> Result<Person> {
        let token = mailbox::wait_for_link(&self.world.stack, of(form, "E-mail")?)?;
        Person::enrolled(&self.world, door, &token)?.sign_in()
    }
}

fn of<'a>(form: &'a Form, label: &str) -> Result<&'a str> {
    form.get(label).map(String::as_str).with_context(|| format!("the guide does not say what to enter for {label}"))
}

/// The fields that every form about a person has.
fn contact(form: &Form) -> Result<Value> {
    Ok(json!({
        "firstName": of(form, "First name")?, "lastName": of(form, "Last name")?, "address1": of(form, "Address 1")?,
        "city": of(form, "City")?, "state": of(form, "State")?, "zip": of(form, "Zip code")?,
        "email": of(form, "E-mail")?, "confirmEmail": of(form, "E-mail")?, "phone": form.get("Phone"), "fax": of(form, "Fax")?,
    }))
}

#[test]
fn an_agency_is_onboarded_by_the_guide_to_its_first_decided_case() -> Result<()> {
    let reader = Reader::new()?;
    let guide = reader.guide()?;
    let [template, filled, applied, files, manager, reviewers, provider, case, decision, letters, ..] =
        guide.steps.as_slice()
    else {
        anyhow::bail!("the guide has {} steps", guide.steps.len())
    };
    template_and_places(&reader, template, filled)?;
    let said = reader.commands(applied)?;
    ensure!(said.first().is_some_and(|text| text.contains(&format!("{} 1 may be applied", reader.id))), "{said:?}");
    ensure!(said.get(2).is_some_and(|text| text.contains("holds within a minute")), "{said:?}");
    ensure!(said.get(3).is_some_and(|text| text.contains("Juniper State Medicaid")), "{said:?}");
    registry(&reader, files)?;
    let (nurse, contract) = (staff(&reader, manager, reviewers)?, &reader.id);
    let dana = registered(&reader, provider)?;
    let mut wizard = sent(&reader, filled, case, &dana)?;
    decided(&nurse, contract, &wizard)?;
    said_by_letters(&mut wizard, provider, filled)?;
    ensure!(!decision.names.is_empty() && letters.names.contains(&"Letters".to_owned()));
    Ok(())
}

/// Steps 1 and 2: nothing is told but what is to fill, and the guide has a value for each.
fn template_and_places(reader: &Reader, template: &Step, filled: &Step) -> Result<()> {
    let commands = template.commands();
    let [new, check] = commands.as_slice() else { anyhow::bail!("{commands:?}") };
    let (done, text) = reader.ops(new.get(1..).unwrap_or_default())?;
    ensure!(done, "{text}");
    let (good, text) = reader.ops(check.get(1..).unwrap_or_default())?;
    let places: Vec<_> = text.lines().filter(|line| line.starts_with("  ")).collect();
    ensure!(!good && !places.is_empty() && places.iter().all(|line| line.contains(": still to fill: ")), "{text}");
    let told = |words: &str| places.iter().any(|line| line.ends_with(&format!(": still to fill: {words}")));
    let pack = reader.folder.join("packs").join(&reader.id);
    for entry in fs::read_dir(pack)? {
        let path = entry?.path();
        let mut text = fs::read_to_string(&path)?;
        for row in &filled.rows {
            let [words, value] = row.as_slice() else { anyhow::bail!("{row:?}") };
            ensure!(told(words), "nothing is to fill with the words {words}");
            text = text.replace(&format!("<<{words}>>"), value);
        }
        fs::write(path, text)?;
    }
    Ok(())
}

/// Step 4: the files are taken whole.
fn registry(reader: &Reader, files: &Step) -> Result<()> {
    for (name, text) in files.files() {
        fs::write(reader.folder.join(name), text)?;
    }
    reader.commands(files)?;
    for kind in ["providers", "members"] {
        let file = FeedFile::at(&format!("incoming/{kind}/{}/first.csv", reader.id)).context("a file of a feed")?;
        let (import, rejects) = reader.world.stack.imported(&file)?;
        ensure!((import.counts.new, import.counts.rejected) == (1, 0), "{kind}: {:?} {rejects}", import.counts);
    }
    Ok(())
}

/// Steps 5 and 6: who manages the contract, and whom they add. Gives the nurse.
fn staff(reader: &Reader, manager: &Step, reviewers: &Step) -> Result<Person> {
    reader.commands(manager)?;
    let email = manager.commands().concat().into_iter().skip_while(|word| word != "--email").nth(1).unwrap_or_default();
    let manager = reader.set_up(&Form::from([("E-mail".to_owned(), email)]), Door::Staff)?;
    let mut people = Vec::new();
    for form in reviewers.forms() {
        let label = of(&form, "Role")?;
        let role = if label == "Nurse Reviewer" { "nurse" } else { "physician" };
        let license =
            json!({ "state": of(&form, "State of the license")?, "number": of(&form, "Number of the license")? });
        let post = json!({
            "role": role, "credential": of(&form, "Credential")?, "license": license, "specialty": form.get("Specialty"),
            "contracts": [reader.id],
        });
        let person = json!({ "username": of(&form, "Username")?, "contact": contact(&form)?, "post": post });
        let added = manager.portal.post("/staff/users", &person).expect(201)?;
        ensure!(added.text("/staff/label")? == label, "{}", added.body);
        people.push(reader.set_up(&form, Door::Staff)?);
    }
    people.into_iter().next().context("the guide adds nobody")
}

/// Step 7: the pair is known, the agency's own words are shown, and the account is the Group Admin's.
fn registered(reader: &Reader, provider: &Step) -> Result<Person> {
    let forms = provider.forms();
    let form = forms.first().context("the guide registers nobody")?;
    let pair = json!({ "npi": of(form, "NPI")?, "code": of(form, "Provider Registration Code")? });
    let portal = Portal::new(&reader.world.stack);
    let found = portal.post("/registrations/verify", &pair).expect(200)?;
    ensure!(found.text("/contract/id")? == reader.id && found.text("/contract/codeLabel")? == "Juniper Provider ID");
    let mut wanted = pair;
    wanted["username"] = json!(of(form, "Username")?);
    wanted["contact"] = contact(form)?;
    wanted["termsVersion"] = found.at("/terms/version")?.clone();
    wanted["termsAcknowledged"] = json!(true);
    portal.post("/registrations", &wanted).expect(201)?;
    reader.set_up(form, Door::Provider)
}

/// Step 8: the member is found by number, and the case is handed in.
fn sent<'a>(reader: &Reader, filled: &Step, case: &Step, dana: &'a Person) -> Result<Wizard<'a>> {
    let forms = case.forms();
    let form = forms.first().context("the guide sends no case")?;
    let search = json!({ "contract": reader.id, "memberNumber": of(form, "Member number")? });
    let member = dana.portal.post("/members/search", &search).expect(200)?.text("/members/0/id")?;
    let requesting = dana.portal.get("/me").expect(200)?.text("/roles/0/provider")?;
    let begun = json!({ "member": member, "requesting": requesting, "setting": "outpatient" });
    let created = dana.portal.post("/cases", &begun).expect(201)?;
    let (key, version) = (created.text("/key")?, created.at("/version")?.as_u64().context("a version")?);
    let mut wizard = Wizard { person: dana, key, etag: format!("\"{version}\"") };
    let service = json!({ "serviceType": of(form, "Service type")?, "placeOfService": of(form, "Place of service")? });
    wizard.save("service", &service)?;
    wizard.save("diagnoses", &json!({ "diagnoses": [of(form, "Diagnosis")?] }))?;
    let zone = TimeZone::get(value(filled, "time zone")?)?;
    let line = Entry {
        code: of(form, "Procedure code")?,
        modifiers: &[],
        from: zone.to_datetime(clock::now()).date(),
        days: of(form, "Requested Duration")?.parse()?,
        units: of(form, "Requested Quantity")?.parse()?,
    };
    wizard.save("procedures", &json!({ "lines": [line.json()] }))?;
    wizard.submit()?;
    Ok(wizard)
}

/// What the guide fills a place with whose words begin so.
fn value<'a>(filled: &'a Step, words: &str) -> Result<&'a str> {
    let row = filled.rows.iter().find(|row| row.first().is_some_and(|first| first.starts_with(words)));
    row.and_then(|row| row.get(1)).map(String::as_str).with_context(|| format!("the guide fills nothing with {words}"))
}

/// Step 9: found on the worklist, claimed, approved.
fn decided(nurse: &Person, contract: &str, wizard: &Wizard<'_>) -> Result<()> {
    poll::until("the case on the worklist", PATIENCE, || {
        let list = nurse.portal.get(format!("/staff/worklists/nurse?contract={contract}")).expect(200)?;
        Ok(list.list("/items")?.iter().any(|item| item["key"] == wizard.key).then_some(()))
    })?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("{request}/determination"), &approved).expect(200)?;
    Ok(())
}

/// Step 10: both letters, in the agency's words, and the fax that arrived.
fn said_by_letters(wizard: &mut Wizard<'_>, provider: &Step, filled: &Step) -> Result<()> {
    let forms = provider.forms();
    let fax = of(forms.first().context("the guide registers nobody")?, "Fax")?.to_owned();
    let case = wizard.until("two letters and the fax", |case| {
        let faxed =
            case.list("/deliveries")?.iter().any(|one| one["faxTo"] == fax.as_str() && one["status"] == "delivered");
        Ok(case.list("/letters")?.len() == 2 && faxed)
    })?;
    let number = case.text("/requests/0/determination/authorizationNumber")?;
    for letter in case.list("/letters")? {
        let id = letter["id"].as_str().context("a letter has an id")?;
        let portal = &wizard.person.portal;
        let file = portal.get(format!("/cases/{}/letters/{id}", wizard.key)).expect(200)?;
        let words = files::words_of_pdf(&portal.download(&file.text("/url")?)?)?;
        let said = ["Juniper State Medicaid", value(filled, "unit that decides")?, value(filled, "phone")?, &number];
        for wanted in said {
            ensure!(words.contains(wanted), "the letter does not say {wanted}: {words}");
        }
    }
    Ok(())
}

/// The guide promises an hour, and names what is on screens as the portal does.
#[test]
fn the_guide_takes_an_hour_and_names_screens_as_the_portal_does() -> Result<()> {
    let guide = Guide::read("onboarding.md", ToOwned::to_owned)?;
    let minutes: u32 = guide.steps.iter().filter_map(|step| step.minutes).sum();
    ensure!((30..=60).contains(&minutes), "{minutes} minutes");
    let mut words = String::new();
    for entry in fs::read_dir(stack::root().join("portal/src/words/en"))? {
        words += &fs::read_to_string(entry?.path())?;
    }
    for name in guide.steps.iter().flat_map(|step| &step.names) {
        ensure!(words.contains(&format!("\"{name}\"")), "no screen has the words {name}");
    }
    Ok(())
}
