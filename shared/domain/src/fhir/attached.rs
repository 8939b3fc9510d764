//! What systems send to a request that was made (Da Vinci `CDex`): by which number they name it, and whether it answers what the
//! provider was asked for.

use std::{fmt, str::FromStr};

use crate::{
    cases::{Case, request::Request},
    id::{CaseId, RequestNumber},
};

/// The number of one request for information: that of the request, and its place among what was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ControlNumber {
    /// The case.
    pub case: CaseId,
    /// The request that waits.
    pub request: RequestNumber,
    /// Which time information was asked for, from 1 on.
    pub pend: usize,
}

impl ControlNumber {
    /// Of what a request waits for now.
    #[must_use]
    pub fn of(case: &CaseId, request: &Request) -> Option<Self> {
        request.pended()?;
        Some(Self { case: case.clone(), request: request.number, pend: request.pends.len() })
    }
}

impl fmt::Display for ControlNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.case, self.request, self.pend)
    }
}

/// What is no control number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("This is no control number.")]
pub struct ControlNumberError;

impl FromStr for ControlNumber {
    type Err = ControlNumberError;
    fn from_str(text: &str) -> Result<Self, ControlNumberError> {
        let mut parts = text.splitn(3, '-');
        let mut next = || parts.next().ok_or(ControlNumberError);
        let (case, request, pend) = (next()?, next()?, next()?);
        let digits =
            (1..=4).contains(&pend.len()) && pend.bytes().all(|b| b.is_ascii_digit()) && !pend.starts_with('0');
        let pend = pend.parse().ok().filter(|_| digits).ok_or(ControlNumberError)?;
        let (case, request) = (case.parse().ok(), request.parse().ok());
        case.zip(request).map(|(case, request)| Self { case, request, pend }).ok_or(ControlNumberError)
    }
}

/// How a request is named by what is sent to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Named {
    /// By what was asked of the provider.
    Asked(ControlNumber),
    /// By the Case ID, with or without the request behind it.
    Case(CaseId, Option<RequestNumber>),
}

impl Named {
    /// By the number under which it is tracked where that is one of ours, else by the reference number of the case.
    #[must_use]
    pub fn by(tracking: &str, reference: Option<&str>) -> Option<Self> {
        if let Ok(number) = tracking.parse() {
            return Some(Self::Asked(number));
        }
        let reference = reference?;
        let (case, request) = match reference.split_once('-') {
            Some((case, request)) => (case, Some(request.parse().ok()?)),
            None => (reference, None),
        };
        Some(Self::Case(case.parse().ok()?, request))
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> &CaseId {
        match self {
            Self::Asked(number) => &number.case,
            Self::Case(case, _) => case,
        }
    }

    /// The request that is meant: the latest where none is named. None where there is no such request, or it was never asked
    /// that.
    #[must_use]
    pub fn request<'a>(&self, case: &'a Case) -> Option<&'a Request> {
        match self {
            Self::Asked(number) => case.request(number.request).filter(|request| number.pend <= request.pends.len()),
            Self::Case(_, Some(number)) => case.request(*number),
            Self::Case(_, None) => case.requests.last(),
        }
    }

    /// Whether what is sent answers what the provider was asked for: it is the last of it, and meant for what is asked now. What
    /// names the case alone answers only with something new: a repetition is no answer to what was asked meanwhile.
    #[must_use]
    pub fn answers(&self, request: &Request, (last, new): (bool, bool)) -> bool {
        let waits = request.pended().is_some();
        waits
            && last
            && match self {
                Self::Asked(number) => number.pend == request.pends.len(),
                Self::Case(..) => new,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cases::request::{Pend, State},
        status::Queue,
        tests::{at, submitted},
    };

    fn case(pends: usize) -> Case {
        let mut case = submitted();
        let request = &mut case.requests[0];
        let pend = Pend {
            by: "ann".parse().unwrap(),
            at: at(),
            items: vec!["The plan of care".into()],
            due: jiff::civil::date(2026, 6, 1),
            until: at(),
            remind_at: None,
            ended: None,
        };
        request.pends = vec![pend; pends];
        if pends > 0 {
            request.state = State::Pended { clock: request.clock().unwrap().clone(), queue: Queue::Nurse };
        }
        case
    }

    #[test]
    fn a_control_number_is_read_as_it_is_written_and_nothing_else_is_one() {
        let case = case(2);
        let id = case.submission.as_ref().unwrap().case_id.clone();
        let number = ControlNumber::of(&id, &case.requests[0]).unwrap();
        assert_eq!(number.to_string(), format!("{id}-R01-2"));
        assert_eq!(number.to_string().parse(), Ok(number));
        assert_eq!(ControlNumber::of(&id, &submitted().requests[0]), None);
        for other in
            ["", "261270001", "261270001-R01", "261270001-R01-0", "261270001-R01-01", "261270001-R01-1-1", "x-R01-1"]
        {
            assert_eq!(other.parse::<ControlNumber>(), Err(ControlNumberError), "{other}");
        }
    }

    #[test]
    fn a_request_is_named_by_what_was_asked_or_by_its_case() {
        let case = case(1);
        let meant =
            |tracking: &str, reference| Named::by(tracking, reference)?.request(&case).map(|found| found.number);
        let first = Some(RequestNumber::FIRST);
        assert_eq!(meant("261270001-R01-1", None), first);
        assert_eq!(meant("261270001-R01-2", Some("261270001")), None);
        assert_eq!((meant("T-1", Some("261270001")), meant("T-1", Some("261270001-R01"))), (first, first));
        assert_eq!(
            (meant("T-1", Some("261270001-R02")), meant("T-1", None), meant("T-1", Some("x"))),
            (None, None, None)
        );
    }

    #[test]
    fn it_answers_when_it_is_the_last_and_meant_for_what_is_asked_now() {
        let (waits, idle) = (case(2), submitted());
        let (now, before) = (Named::by("261270001-R01-2", None).unwrap(), Named::by("261270001-R01-1", None).unwrap());
        let by_case = Named::by("T-1", Some("261270001")).unwrap();
        let request = &waits.requests[0];
        assert!(now.answers(request, (true, true)) && now.answers(request, (true, false)));
        assert!(!now.answers(request, (false, true)) && !before.answers(request, (true, true)));
        assert!(by_case.answers(request, (true, true)) && !by_case.answers(request, (true, false)));
        assert!(!by_case.answers(&idle.requests[0], (true, true)));
    }
}
