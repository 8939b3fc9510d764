//! How a letter was brought to its reader: every attempt with the carrier's own words, as evidence (LTR-06).

use jiff::Timestamp;
use portico_domain::delivery::{Call, CallStatus, Delivery, MailReason, Report};
use serde::Serialize;
use utoipa::ToSchema;

use crate::words;

/// The delivery of one letter.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryView {
    letter: String,
    request: String,
    /// The number it is faxed to; none for a letter that only goes by mail.
    fax_to: Option<String>,
    /// `delivered` by fax, `mailed`, `refused` by the mail carrier, or `under-way`.
    #[schema(value_type = words::DeliveryStatus)]
    status: &'static str,
    /// Each call, in order.
    calls: Vec<CallView>,
    mail: Option<MailView>,
}

/// One call to the fax number.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CallView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The carrier's id.
    carrier_id: Option<String>,
    status: StatusView,
    /// What the carrier reported, in the order of arrival.
    reports: Vec<ReportView>,
}

/// How far a call is.
#[derive(Serialize, ToSchema)]
struct StatusView {
    /// `queued`, `sending`, `delivered` or `failed`.
    #[schema(value_type = words::CallStatus)]
    is: &'static str,
    /// When it was delivered or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Pages that arrived, where the carrier says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<u32>,
    /// The carrier's reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// A report of the carrier.
#[derive(Serialize, ToSchema)]
struct ReportView {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    says: StatusView,
}

/// A letter handed to the mail carrier.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MailView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The carrier's id; none while it is being handed over.
    carrier_id: Option<String>,
    /// `usual` or `fax-failed`.
    #[schema(value_type = words::MailReason)]
    why: &'static str,
    /// That the carrier will not take it as it is: with which status. It waits for repair, and is written again as another letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<u16>,
}

impl DeliveryView {
    pub(super) fn of(delivery: &Delivery) -> Self {
        let arrived = delivery.calls.iter().any(|call| matches!(call.status, CallStatus::Delivered { .. }));
        let status = match (arrived, delivery.is_mailed(), delivery.is_refused()) {
            (true, ..) => "delivered",
            (false, true, _) => "mailed",
            (false, false, true) => "refused",
            (false, false, false) => "under-way",
        };
        Self {
            letter: delivery.letter.to_string(),
            request: delivery.request.to_string(),
            fax_to: delivery.fax_to.as_ref().map(ToString::to_string),
            status,
            calls: delivery.calls.iter().map(CallView::of).collect(),
            mail: delivery.mail.as_ref().map(|mail| MailView {
                at: mail.at,
                carrier_id: mail.carrier_id.clone(),
                why: match mail.why {
                    MailReason::Usual => "usual",
                    MailReason::FaxFailed => "fax-failed",
                },
                refused: mail.refused.map(|refused| refused.status),
            }),
        }
    }
}

impl CallView {
    fn of(call: &Call) -> Self {
        let report =
            |report: &Report| ReportView { id: report.id.clone(), at: report.at, says: StatusView::of(&report.says) };
        Self {
            at: call.at,
            carrier_id: call.carrier_id.clone(),
            status: StatusView::of(&call.status),
            reports: call.reports.iter().map(report).collect(),
        }
    }
}

impl StatusView {
    fn of(status: &CallStatus) -> Self {
        let bare = |is| Self { is, at: None, pages: None, reason: None };
        match status {
            CallStatus::Queued => bare("queued"),
            CallStatus::Sending => bare("sending"),
            CallStatus::Delivered { at, pages } => Self { at: Some(*at), pages: *pages, ..bare("delivered") },
            CallStatus::Failed { at, reason } => Self { at: Some(*at), reason: Some(reason.clone()), ..bare("failed") },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_domain::{contracts::fax::FaxRules, status::Audience};

    /// REQ: LTR-06
    #[test]
    fn every_attempt_is_shown_with_the_carriers_words() {
        let at: Timestamp = "2026-05-07T15:00:00Z".parse().unwrap();
        let rules = FaxRules { attempts: 1, back_off_minutes: vec![5], report_hours: 24, hours: None };
        let letter = "ltr_00000000000000000000000000000007".parse().unwrap();
        let delivery = Delivery::by_fax(letter, "R01".parse().unwrap(), "501-555-0123".parse().unwrap(), 2);
        let (delivery, _) = delivery.begin_call(1, &rules, at).0.call_accepted(1, "fax-1".into()).unwrap();
        let busy = Report { id: "a".into(), at, says: CallStatus::Failed { at, reason: "busy".into() } };
        let (delivery, _) = delivery.report(1, busy, &rules).unwrap();
        let seen = serde_json::to_value(DeliveryView::of(&delivery)).unwrap();
        assert_eq!(seen["faxTo"], "501-555-0123");
        assert_eq!(seen["status"], "under-way");
        assert_eq!(seen["calls"][0]["carrierId"], "fax-1");
        assert_eq!(seen["calls"][0]["reports"][0]["says"]["reason"], "busy");
        assert_eq!(seen["mail"]["why"], "fax-failed");
        let (refused, _) = delivery.clone().mail_refused(Audience::Provider, 422, at).unwrap();
        let refused = serde_json::to_value(DeliveryView::of(&refused)).unwrap();
        assert_eq!(refused["status"], "refused");
        assert_eq!(refused["mail"]["refused"], 422);
        let (delivery, _) = delivery.mailed("mail-1".into(), at).unwrap();
        assert_eq!(serde_json::to_value(DeliveryView::of(&delivery)).unwrap()["status"], "mailed");
    }
}
