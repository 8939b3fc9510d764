//! Edits a user of a group: promote, demote, assign to further providers, take parts away, correct contact data,
//! deactivate (ORG-02, ORG-06, ORG-08).
//!
//! Nobody changes what goes beyond their own rights, and a group keeps its last Group Admin. Account and contact data
//! are edited by whoever manages every part of the user. An e-mail address is corrected here only until the user has
//! enrolled, with a fresh link; afterwards the user changes it and proves it (ACC-17).

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_aws::table::{Transaction, accounts::users::UserFile};
use portico_domain::{
    accounts::User,
    events::{Actor, EventKind},
    field::FieldErrors,
    groups::{change_roles, groups_left, may_edit_contact, may_manage_account},
    id::{GroupId, Username},
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    parts::{self, PartForm, Wanted},
    people::{UserView, hold, seen_user},
};
use crate::{
    Route,
    account::{may_invite, relink},
    app::App,
    caller::{Fresh, Token},
    contact_form::{ContactForm, changed_fields},
    json::Json,
    problem::{Problem, ProblemBody},
    version::{IfMatch, etag},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(update_user))
}

/// What changes; what is absent stays.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct UserEdit {
    /// Parts that are given, changed or taken away.
    roles: Option<Vec<PartForm>>,
    contact: Option<ContactForm>,
    /// True to take the account out; then nothing else.
    deactivate: Option<bool>,
}

/// Edits a user.
#[utoipa::path(
    patch, path = "/users/{name}", tag = "groups", request_body = UserEdit,
    params(
        ("name" = String, Path, description = "Username"),
        ("If-Match" = String, Header, description = "Version of the user from the list"),
    ),
    responses(
        (status = 200, body = UserView, description = "Changed; the person was told by e-mail", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Beyond the caller's own rights; or `proof-required`: sign in once more"),
        (status = 404, body = ProblemBody, description = "No such user at the caller's providers"),
        (status = 409, body = ProblemBody, description = "The last Group Admin, or not in this state"),
        (status = 412, body = ProblemBody, description = "Changed in the meantime"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
        (status = 429, body = ProblemBody, description = "As many invitations as one person sends in an hour"),
    ),
    security(("provider" = []))
)]
async fn update_user(
    State(app): State<Arc<App>>,
    token: Token,
    Path(name): Path<String>,
    seen: IfMatch,
    body: Json<UserEdit>,
) -> Result<Response, Problem> {
    let name: Username = name.parse().map_err(|_| Problem::not_found())?;
    let wanted = parse(&body.value)?;
    let (by, file) = seen_user(&app, &token, &name).await?;
    seen.check(file.user.version)?;
    let edited = if body.value.deactivate == Some(true) {
        deactivate(&app, &by, file.clone())?
    } else {
        edit(&app, &by, &file, &wanted, body.value.contact.as_ref()).await?
    };
    if edited.events.is_empty() {
        return Ok(answer(&by, &file));
    }
    app.proven(&by, &token, Fresh::Others)?;
    if edited.mails_a_link() {
        may_invite(&app, &by.user).await?;
    }
    let mut transaction = edited.write(&app, &by, &file).await?;
    hold(&app, &mut transaction, &by, &name, &edited.left).await?;
    app.table().commit(transaction).await?;
    Ok(answer(&by, &edited.file))
}

fn answer(by: &UserFile, file: &UserFile) -> Response {
    ([etag(file.user.version)], Answer(UserView::of(file, &by.roles, &[]))).into_response()
}

/// A user after an edit.
struct Edited {
    file: UserFile,
    events: Vec<EventKind>,
    /// Groups that lose them as Group Admin.
    left: Vec<GroupId>,
}

fn deactivate(app: &App, by: &UserFile, file: UserFile) -> Result<Edited, Problem> {
    may_manage_account(&by.roles, &file.roles)?;
    let left = if file.user.stands() { groups_left(&file.roles, &[]) } else { Vec::new() };
    let (user, event) = file.user.deactivated(app.now())?;
    Ok(Edited { file: UserFile { user, ..file }, events: vec![event], left })
}

async fn edit(
    app: &App,
    by: &UserFile,
    file: &UserFile,
    wanted: &[Wanted],
    contact: Option<&ContactForm>,
) -> Result<Edited, Problem> {
    let changes = parts::changes(app, &by.roles, wanted).await?;
    let roles = change_roles(&by.roles, &file.roles, &changes).map_err(|(_, error)| error)?;
    let left = groups_left(&file.roles, &roles);
    let mut user = file.user.clone();
    let mut events = Vec::new();
    if roles != file.roles {
        user = parts::with_rules(app, user, &roles).await?;
        events.push(EventKind::RolesChanged { roles: parts::news(&file.roles, &roles) });
    }
    if let Some(form) = contact {
        may_edit_contact(&by.roles, &file.roles)?;
        let nonce = app.fresh_nonce().await?;
        let (changed, event) = corrected(user, form, (nonce, app.now()))?;
        user = changed;
        events.extend(event);
    }
    user.version = file.user.version + 1;
    Ok(Edited { file: UserFile { user, roles, ..file.clone() }, events, left })
}

/// The user with corrected contact data. Another e-mail address needs a fresh link, which goes there.
fn corrected(
    mut user: User,
    form: &ContactForm,
    (nonce, now): (String, Timestamp),
) -> Result<(User, Option<EventKind>), Problem> {
    let mut errors = FieldErrors::none();
    let contact = form.edit(&mut errors, &user.contact);
    if contact.email != user.contact.email && !user.was_never_enrolled() {
        let text = "The user changes this address under the own profile, where it is verified.";
        errors.add("/email", Wrong::ChangedByTheUser.says(text));
    }
    // Where letters are faxed and codes are spoken is proved by the person, once there is one.
    for (pointer, differs) in [
        ("/fax", contact.fax != user.contact.fax),
        ("/phone", contact.phone.is_some() && contact.phone != user.contact.phone),
    ] {
        if differs && !user.was_never_enrolled() {
            let text = "The user changes this number under the own profile, where it is verified.";
            errors.add(pointer, Wrong::ChangedByTheUser.says(text));
        }
    }
    let mut nested = FieldErrors::none();
    nested.nest("/contact", errors);
    nested.into_result()?;
    let fields = changed_fields(&user.contact, &contact);
    if fields.is_empty() {
        return Ok((user, None));
    }
    let new_address = contact.email != user.contact.email;
    user.contact = contact;
    if new_address {
        let (user, event) = user.invited_again(nonce, now)?;
        return Ok((user, Some(event)));
    }
    Ok((user, Some(EventKind::ProfileChanged { fields })))
}

impl Edited {
    fn mails_a_link(&self) -> bool {
        self.events.iter().any(|event| matches!(event, EventKind::RegistrationReset { .. }))
    }

    async fn write(&self, app: &App, by: &UserFile, before: &UserFile) -> Result<Transaction, Problem> {
        let (table, now, user) = (app.table(), app.now(), &self.file.user);
        let mut transaction = Transaction::new();
        transaction.user(table, user, &Actor::User(by.user.username.clone()), self.events.clone(), now)?;
        transaction.roles(table, &user.username, &before.roles, &self.file.roles)?;
        if !user.is_active() {
            let ending = table.to_end(&user.username, &before.sessions, now).await?;
            transaction.end_sessions(table, &user.username, &ending);
        }
        before.reschedule(&mut transaction, table, user);
        if user.state != before.user.state {
            relink(&mut transaction, table, &app.tokens().await?, &before.user, user)?;
        }
        Ok(transaction)
    }
}

fn parse(body: &UserEdit) -> Result<Vec<Wanted>, Problem> {
    let mut errors = FieldErrors::none();
    let wanted = parts::parse(&mut errors, body.roles.as_deref().unwrap_or_default());
    let others = body.roles.is_some() || body.contact.is_some();
    match body.deactivate {
        Some(true) if others => {
            let text = "Deactivate a user by itself, without other changes.";
            errors.add("/deactivate", Wrong::NotByItself.says(text));
        }
        Some(false) => {
            let text = "Reset the registration to bring a deactivated user back.";
            errors.add("/deactivate", Wrong::ResetInstead.says(text));
        }
        _ => {}
    }
    Ok(errors.finish(Some(wanted))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_domain::factor::Reach;
    use serde_json::json;

    fn user(state: &serde_json::Value) -> User {
        let user = json!({
            "username": "jo.smith", "version": 4, "state": state, "door": "provider",
            "contact": {
                "firstName": "Jo", "lastName": "Smith", "email": "jo@example.org", "fax": "501-555-0123",
                "address": {"line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201"},
            },
            "rules": {
                "enrolment-days": 2, "lock-after-failures": 3, "dormant-days": 90, "idle-minutes": 15, "absolute-hours": 10,
            },
        });
        serde_json::from_value(user).unwrap()
    }

    fn correct(state: &serde_json::Value, form: serde_json::Value) -> Result<(User, Option<EventKind>), Problem> {
        let form: ContactForm = serde_json::from_value(form).unwrap();
        let now = "2026-05-07T15:00:00Z".parse().unwrap();
        corrected(user(state), &form, ("fresh".to_owned(), now))
    }

    /// REQ: ACC-17, ORG-08
    #[test]
    fn an_address_is_corrected_by_others_only_before_enrolment() {
        let active = json!({"is": "active", "since": "2026-05-01T00:00:00Z"});
        let invited = json!({"is": "invited", "nonce": "old", "until": "2026-05-08T00:00:00Z"});
        let address = json!({"email": "jo@clinic.example", "confirmEmail": "jo@clinic.example"});
        assert_eq!(correct(&active, address.clone()).unwrap_err().pointers(), ["/contact/email"]);
        let (changed, event) = correct(&invited, address).unwrap();
        assert_eq!(event, Some(EventKind::RegistrationReset { nonce: "fresh".into() }));
        assert_eq!(changed.contact.email.as_str(), "jo@clinic.example");
        // A registration that was reset is still that of the person who had it: whoever administers them gets no link.
        let form: ContactForm =
            serde_json::from_value(json!({"email": "a@x.example", "confirmEmail": "a@x.example"})).unwrap();
        let at = "2026-05-07T15:00:00Z".parse().unwrap();
        let (enrolled, _) = user(&invited).enrolled(Reach::App, at);
        let (reset, _) = enrolled.invited_again("again".to_owned(), at).unwrap();
        assert_eq!(corrected(reset, &form, ("fresh".to_owned(), at)).unwrap_err().pointers(), ["/contact/email"]);
        let (_, event) = correct(&active, json!({"city": "Conway"})).unwrap();
        assert_eq!(event, Some(EventKind::ProfileChanged { fields: vec!["address".into()] }));
        assert_eq!(correct(&active, json!({"fax": "501-555-0123"})).unwrap().1, None);
        let numbers = json!({"fax": "501-555-0199", "phone": "501-555-0100"});
        assert_eq!(correct(&active, numbers.clone()).unwrap_err().pointers(), ["/contact/fax", "/contact/phone"]);
        assert!(correct(&invited, numbers).is_ok());
    }

    #[test]
    fn deactivating_goes_alone() {
        let pointers = |json: &str| {
            parse(&serde_json::from_str(json).unwrap()).map_or_else(|problem| problem.pointers(), |_| Vec::new())
        };
        assert_eq!(pointers(r#"{"deactivate":true}"#), [""; 0]);
        assert_eq!(pointers(r#"{"deactivate":true,"contact":{}}"#), ["/deactivate"]);
        assert_eq!(pointers(r#"{"deactivate":false}"#), ["/deactivate"]);
    }
}
