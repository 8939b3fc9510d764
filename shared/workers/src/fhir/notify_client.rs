//! Sends a system what it was not sent yet under a subscription: the handshake, then every change of an answer in the order of
//! its number, or that we are still here.
//!
//! One message at a time sends under a subscription, all that is there to send. What is not taken comes again with the message;
//! the others that come meanwhile are done with, for the one that tries sends for them too. The client is read at each
//! message: what it may not see any more is passed over, and who is out is told nothing.

use jiff::{SignedDuration, Timestamp};
use portico_aws::{Aws, clock, table::audit::Access};
use portico_domain::{
    events::task::{Message, Task},
    fhir::{
        Client, Scope,
        subscriptions::{Content, HEADERS, Moment, Next, NoTurn, Notification, Subscription},
    },
    id::{ClientId, EventId, SubscriptionId, Username},
};
use portico_fhir::answer::{self, Focus, Occasion, SubscriptionStatus};
use portico_pas::{
    answers::File,
    notice::{self, Given, Parties},
};

use super::hook;
use crate::failure::{Failure, found};

/// As long a message sends at most: a call of ten seconds may follow, and the function has a minute.
const BUSY: SignedDuration = SignedDuration::from_secs(40);
/// As long a message is thought of as sending, if it dies.
const HELD: SignedDuration = SignedDuration::from_secs(60);

/// Sends what there is.
///
/// # Errors
/// When something cannot be loaded or saved, or the receiver does not take it.
pub async fn handle(aws: &Aws, message: Message) -> Result<(), Failure> {
    let Task::Notify { client, subscription } = message.task else { return Err(Failure::WrongQueue) };
    let (place, event) = ((client, subscription), message.event);
    let began = clock::now();
    let until = began.checked_add(HELD).unwrap_or(began);
    let taken = aws.table().change_subscription(place, |one| one.taken(event, until, moment(aws))).await?;
    let taken = match taken {
        None | Some(Err(NoTurn::Another)) => return Ok(()),
        // Ended meanwhile, or sent with an earlier message.
        Some(Err(NoTurn::Nothing)) => {
            let idle = |one: &Subscription| one.idle(moment(aws)).ok_or(NoTurn::Nothing);
            aws.table().change_subscription(place, idle).await?;
            return Ok(());
        }
        Some(Err(NoTurn::Busy)) => return Err(Failure::Sending),
        Some(Ok(taken)) => taken,
    };
    let sender = Sender { aws, place, event, began };
    let done = sender.all(taken.clone()).await;
    let after = |one: &Subscription| Ok::<_, NoTurn>(one.done(event, &taken, has_failed(&done), moment(aws)));
    aws.table().change_subscription(place, after).await?;
    done
}

/// Whether its sender is told of it by the status: of all but that there was too much for one message.
fn has_failed(done: &Result<(), Failure>) -> bool {
    done.as_ref().is_err_and(|failure| !matches!(failure, Failure::Sending))
}

fn moment(aws: &Aws) -> Moment {
    Moment { now: clock::now(), minute_seconds: aws.config().minute_seconds }
}

/// Who sends, under which subscription.
struct Sender<'a> {
    aws: &'a Aws,
    place: (ClientId, SubscriptionId),
    event: EventId,
    began: Timestamp,
}

impl Sender<'_> {
    /// Sends one after the other until nothing is left.
    async fn all(&self, mut subscription: Subscription) -> Result<(), Failure> {
        let client = found(self.aws.table().client(self.place.0).await?, "client")?;
        if client.ended.is_some() || !client.scopes.contains(&Scope::Subscribe) {
            let off = |one: &Subscription| Ok::<_, NoTurn>(one.turned_off(moment(self.aws)));
            self.aws.table().change_subscription(self.place, off).await?;
            tracing::info!(subscription = %self.place.1, "its client is out");
            return Ok(());
        }
        while let Some(next) = subscription.next(moment(self.aws)) {
            if clock::now().duration_since(self.began) > BUSY {
                return Err(Failure::Sending);
            }
            let taken = self.one(&subscription, &client, next).await?;
            let event = &self.event;
            let sent = |one: &Subscription| {
                // Somebody else is at it, or it was asked for anew while this was on its way.
                let mine = one.busy.as_ref().is_some_and(|busy| busy.message == *event);
                if mine && one.is_still(&subscription) { Ok(one.sent(next, taken, moment(self.aws))) } else { Err(()) }
            };
            match self.aws.table().change_subscription(self.place, sent).await? {
                Some(Ok(after)) => subscription = after,
                Some(Err(())) => return Err(Failure::Sending),
                None => return Ok(()),
            }
            tracing::info!(subscription = %self.place.1, ?next, taken, "sent");
        }
        Ok(())
    }

    /// Sends one; false when it is not to be sent any more.
    async fn one(&self, subscription: &Subscription, client: &Client, next: Next) -> Result<bool, Failure> {
        let body = match next {
            Next::Handshake => self.message(subscription, &Occasion::Handshake, None)?,
            Next::Heartbeat => self.message(subscription, &Occasion::Heartbeat, None)?,
            Next::Event(number) => {
                let Some(notification) = self.aws.table().notification(self.place, number).await? else {
                    return Ok(false);
                };
                match self.changed(subscription, client, &notification).await? {
                    Some(body) => body,
                    None => return Ok(false),
                }
            }
        };
        let headers = self.headers(subscription).await?;
        let local = self.aws.config().local_receiver.as_deref();
        hook::send(&subscription.wanted.endpoint, local, headers, body).await?;
        Ok(true)
    }

    /// The message of a change, which goes on record before it is sent; none where the client may not see it any more.
    async fn changed(
        &self,
        subscription: &Subscription,
        client: &Client,
        notification: &Notification,
    ) -> Result<Option<String>, Failure> {
        let table = self.aws.table();
        let file = found(table.case_file(notification.case).await?, "case")?;
        let case = &file.case;
        let (Some(request), Some(submission)) = (case.request(notification.request), &case.submission) else {
            return Ok(None);
        };
        let now = clock::now();
        let allowed = subscription.wants(client, case);
        let access = Access {
            at: now,
            by: Username::from(client.id),
            operation: "notify-client".to_owned(),
            from: "subscription".to_owned(),
            allowed,
            what: Some(format!("{} {}", self.place.1, notification.number)),
            person: None,
        };
        table.audit(case.key, &access).await?;
        if !allowed {
            return Ok(None);
        }
        let contract = found(table.contract_for(case, now).await?, "contract")?;
        let (base, at) = (self.base(), now.to_string());
        let (system, members) = (format!("{base}/requests"), format!("{base}/members"));
        let given = Given { contract: &contract, system: &system, members: &members, at: &at };
        let file = File { case, determinations: &file.determinations };
        let parties = Parties::of(file, given, fresh).map_err(|error| Failure::poison(&error))?;
        let content = subscription.wanted.content;
        let told = notice::bundle(content, (file, request), &parties, given, fresh);
        if told.is_none() && content == Content::FullResource {
            return Ok(None);
        }
        let focus = Focus {
            number: notification.number,
            at: notification.at.to_string(),
            address: format!("{base}/Bundle/{}-{}", submission.case_id, request.number),
        };
        self.message(subscription, &Occasion::Event(focus), told).map(Some)
    }

    fn message(
        &self,
        subscription: &Subscription,
        occasion: &Occasion,
        told: Option<answer::AnswerBundle<'_>>,
    ) -> Result<String, Failure> {
        let now = clock::now();
        let status = match occasion {
            Occasion::Handshake => "requested",
            // It reaches its receiver.
            Occasion::Heartbeat | Occasion::Query | Occasion::Event(_) => "active",
        };
        let events = match occasion {
            Occasion::Event(focus) => focus.number,
            Occasion::Handshake | Occasion::Heartbeat | Occasion::Query => subscription.delivered,
        };
        let address = format!("{}/Subscription/{}", self.base(), subscription.id.on_the_wire());
        let status = SubscriptionStatus { subscription: address, status, events };
        let head = (clock::new_uuid().to_string(), now.to_string());
        let message = answer::Notification::new(head, &status, occasion, told);
        serde_json::to_string(&message).map_err(|error| Failure::poison(&error))
    }

    /// The headers that go with each message.
    async fn headers(&self, subscription: &Subscription) -> Result<Vec<(String, String)>, Failure> {
        let Some(sealed) = &subscription.sealed else { return Ok(Vec::new()) };
        let ring = self.aws.secrets().ring(&self.aws.config().token_secret).await?;
        let opened = ring.open((HEADERS, &subscription.id.to_string()), sealed).map_err(|_| Failure::Sealed)?;
        serde_json::from_str(&opened).map_err(|_| Failure::Sealed)
    }

    fn base(&self) -> String {
        format!("{}/fhir/pas/2.2", self.aws.config().api_url)
    }
}

fn fresh() -> String {
    format!("urn:uuid:{}", clock::new_uuid())
}

#[cfg(test)]
mod tests {
    use portico_domain::{
        events::{About, Actor, Event, EventKind},
        id::Username,
    };

    use super::*;
    use crate::batch::tests::messages;

    #[test]
    fn all_that_keeps_a_message_from_being_sent_shows_in_the_status() {
        for failure in [Failure::Receiver("502".into()), Failure::Sealed, Failure::Missing("contract")] {
            assert!(has_failed(&Err(failure)));
        }
        assert!(!has_failed(&Err(Failure::Sending)) && !has_failed(&Ok(())));
    }

    #[test]
    fn a_message_says_which_subscription_and_nothing_of_what_changed() {
        let message = messages::<Message>(include_str!("../../../../events/notify-client/changed.json")).remove(0);
        let Task::Notify { client, subscription } = message.task.clone() else { panic!("{message:?}") };
        let event = Event {
            id: message.event,
            at: Timestamp::UNIX_EPOCH,
            by: Actor::System,
            about: About::User(Username::from(client)),
            kind: EventKind::NotificationDue { client, subscription, number: 7 },
        };
        let (task, wait) = event.tasks().remove(0);
        assert_eq!((Message { event: event.id, task }, wait), (message, 0));
    }
}
