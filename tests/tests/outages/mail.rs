//! Mail that is throttled or away.

use portico_testkit::{
    gate::Fault,
    mailbox,
    poll::{self, PATIENCE},
};
use serde_json::json;

use crate::{alone, colorado};

/// What SES does not take is tried again, by the same message; the link goes out once.
#[test]
fn a_mail_that_is_not_taken_goes_out_once_it_is() {
    let (_alone, world) = alone();
    for answer in ["throttle", "unavailable"] {
        let (clinic, person) = colorado(&world);
        let address = clinic.contact.email.as_str();
        let links = || {
            let mails = mailbox::mails_to(&world.stack, address)?;
            Ok::<_, anyhow::Error>(mails.iter().filter(|mail| mail.subject.contains("new password")).count())
        };
        assert_eq!(links().unwrap(), 0);
        let fault = json!({ "answer": answer, "function": "send-notice", "service": "ses" });
        let fault = Fault::set(&world.stack, &fault).unwrap();
        person.portal.post("/passwords/forgotten", &json!({ "username": person.username })).send().unwrap();
        // The calls of one run are repeated at once; a third run shows that the queue gave the message back.
        poll::until("several refusals", PATIENCE, || Ok((fault.hits()? > 6).then_some(()))).unwrap();
        assert_eq!(links().unwrap(), 0, "{answer}");
        drop(fault);
        mailbox::wait_for(&world.stack, address, "new password").unwrap();
        poll::until("the queue to be empty", PATIENCE, || {
            Ok(world.stack.waiting()?.iter().all(|message| !message.body.contains("passwordNotice")).then_some(()))
        })
        .unwrap();
        assert_eq!(links().unwrap(), 1, "{answer}: the link went out twice");
        let dead = world.stack.dead_letters("notices").unwrap();
        assert!(!dead.iter().any(|message| message.body.contains("passwordNotice")), "{dead:?}");
    }
}
