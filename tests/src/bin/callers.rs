//! Who makes the made-up calls: for each, a configuration of Schemathesis in the folder that is named, with a session and
//! ids of what is there. The stack is seeded.

use std::{env, fmt::Write as _, fs, path::Path};

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole;
use portico_testkit::{files, people::Person, seeding::World, wizard::Wizard};
use portico_tests::office::Office;

const CONTRACT: &str = "colorado";

/// What is held: documented answers, and the refusal of what the document does not allow. Whether what it allows is taken
/// is for the rules of the field. The same calls every time; a step's forms are many, so most made-up ones fit none.
const RULES: &str = r#"
seed = 20261127
continue-on-failure = true
warnings = false
suppress-health-check = ["filter_too_much", "too_slow"]

[generation]
max-examples = 4

[phases.stateful]
enabled = false

[checks]
positive_data_acceptance.enabled = false
unsupported_method.enabled = false
use_after_free.enabled = false
ensure_resource_availability.enabled = false
missing_required_header.expected-statuses = [400, 401, 428]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429]
"#;

/// Somebody, the paths that are theirs to call, and ids of what is there.
struct Caller {
    name: &'static str,
    session: Option<String>,
    paths: &'static str,
    known: Vec<(&'static str, &'static str, String)>,
}

impl Caller {
    /// As Schemathesis reads it.
    fn config(&self, api: &str) -> Result<String> {
        let mut text = format!("base-url = \"{api}\"\n");
        if let Some(session) = &self.session {
            writeln!(text, "headers = {{ Authorization = \"Bearer {session}\" }}")?;
        }
        text.push_str(RULES);
        writeln!(text, "\n[[operations]]\nexclude-path-regex = '{}'\nenabled = false", self.paths)?;
        for (paths, parameter, value) in &self.known {
            writeln!(
                text,
                "\n[[operations]]\ninclude-path-regex = '{paths}'\nparameters = {{ {parameter} = \"{value}\" }}"
            )?;
        }
        Ok(text)
    }
}

fn main() -> Result<()> {
    let folder = env::args().nth(1).context("name a folder")?;
    let world = World::open()?;
    let office = Office::open(&world, CONTRACT)?;
    let colleague = office.hire("ray", &office.provider(), "staff")?;
    let mut draft = begun(&world, &office)?;
    let document = draft.attach("clinical-notes", &files::pdf("notes.pdf", "Notes"))?;
    draft.checked()?;
    let submitted = begun(&world, &office)?;
    submitted.submit()?;
    let of_staff = |role| Person::of_post(&world, &[CONTRACT], role);
    let nurse = of_staff(StaffRole::Nurse)?;
    let manager = of_staff(StaffRole::ContractManager)?;
    let employee = of_staff(StaffRole::Nurse)?.username;
    let token = |person: &Person| person.portal.token().map(ToOwned::to_owned);
    let callers = [
        Caller {
            name: "anybody",
            session: None,
            paths: "^/(carriers|codes|contracts|enrolments|passwords|registrations|sessions|usernames)|^/staff/(sessions|passwords)",
            known: Vec::new(),
        },
        Caller {
            name: "administrator",
            session: token(&office.admin),
            paths: "^/(cases|codes|groups|me|members|providers|users)",
            known: vec![
                ("^/cases/", "path.id", draft.key.clone()),
                ("^/groups/", "path.id", office.group.clone()),
                ("^/members/", "path.member", office.clinic.member.id.to_string()),
                ("^/users/", "path.name", colleague.username),
                ("/documents/", "path.document", document.clone()),
                ("^/codes/", "path.system", "icd10".to_owned()),
            ],
        },
        Caller {
            name: "nurse",
            session: token(&nurse),
            paths: "^/staff/(cases|codes|worklists)",
            known: vec![
                ("^/staff/cases/", "path.id", submitted.key.clone()),
                ("/requests/", "path.number", "R01".to_owned()),
                ("/documents/", "path.document", document),
            ],
        },
        Caller {
            name: "manager",
            session: token(&manager),
            paths: "^/staff/(accounts|imports|me|users)",
            known: vec![("^/staff/users/", "path.name", employee)],
        },
    ];
    fs::create_dir_all(&folder)?;
    for caller in callers {
        let file = Path::new(&folder).join(caller.name).with_extension("toml");
        fs::write(file, caller.config(&world.stack.api_url)?)?;
    }
    Ok(())
}

/// A case ready to be submitted, that no rule approves.
fn begun<'a>(world: &World, office: &'a Office<'_>) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(&office.admin, &office.clinic, "outpatient")?;
    wizard.wheelchair(world)?;
    Ok(wizard)
}
