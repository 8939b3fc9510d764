//! A system of a provider that asks by FHIR: its key, its registration by a Contract Manager, its assertions and tokens.

use anyhow::{Context, Result, anyhow};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use portico_aws::clock;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P384_SHA384_FIXED_SIGNING as ES384, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

use crate::{
    clinic::Clinic,
    people::Person,
    portal::{Answer, Portal},
};

/// What assertions are signed with.
#[derive(Debug)]
pub struct SigningKey {
    pair: EcdsaKeyPair,
    /// Its name.
    pub kid: String,
}

impl SigningKey {
    /// A fresh one.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn new(kid: &str) -> Result<Self> {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ES384, &random).map_err(|_| anyhow!("no key was made"))?;
        let pair = EcdsaKeyPair::from_pkcs8(&ES384, made.as_ref(), &random).map_err(|_| anyhow!("no key was read"))?;
        Ok(Self { pair, kid: kid.to_owned() })
    }

    /// The set with its public key.
    ///
    /// # Errors
    /// When it is no point of the curve.
    pub fn jwks(&self) -> Result<Value> {
        let point = self.pair.public_key().as_ref();
        let (x, y) = point.get(1..).and_then(|both| both.split_at_checked(48)).context("no point")?;
        Ok(json!({ "keys": [{ "kty": "EC", "crv": "P-384", "kid": self.kid, "x": base64url(x), "y": base64url(y) }] }))
    }

    /// A JWT of these claims.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn sign(&self, claims: &Value) -> Result<String> {
        let header = json!({ "alg": "ES384", "typ": "JWT", "kid": self.kid });
        let part = |value: &Value| base64url(value.to_string().as_bytes());
        let text = format!("{}.{}", part(&header), part(claims));
        let signature = self.pair.sign(&SystemRandom::new(), text.as_bytes()).map_err(|_| anyhow!("not signed"))?;
        Ok(format!("{text}.{}", base64url(signature.as_ref())))
    }
}

/// What a Contract Manager enters for a new system.
///
/// # Errors
/// When the key has no public part.
pub fn registration(name: &str, key: &SigningKey, (contracts, providers): (&[&str], &[&str])) -> Result<Value> {
    Ok(json!({
        "name": name, "contracts": contracts, "contact": "ehr@clinics.example",
        "providers": providers, "scopes": ["system/Claim.rs"], "jwks": key.jwks()?,
    }))
}

/// A registered system.
#[derive(Debug)]
pub struct System {
    /// Its client id.
    pub id: String,
    /// Its key.
    pub key: SigningKey,
    /// Where it asks, without a token.
    pub portal: Portal,
    endpoint: String,
}

impl System {
    /// Has a Contract Manager register a system that acts for these providers.
    ///
    /// # Errors
    /// When it is refused.
    pub fn registered(manager: &Person, name: &str, contracts: &[&str], providers: &[&str]) -> Result<Self> {
        let key = SigningKey::new("first")?;
        let form = registration(name, &key, (contracts, providers))?;
        let id = manager.portal.post("/staff/clients", &form).expect(201)?.text("/id")?;
        Self::known(manager.portal.with_token(None), id, key)
    }

    /// The same for one that does all that systems do.
    ///
    /// # Errors
    /// When it is refused.
    pub fn sending(manager: &Person, name: &str, contracts: &[&str], providers: &[&str]) -> Result<Self> {
        let system = Self::registered(manager, name, contracts, providers)?;
        let all = [
            "system/Claim.rs",
            "system/Claim.c",
            "system/Questionnaire.rs",
            "system/DocumentReference.c",
            "system/Subscription.cruds",
        ];
        let scopes = json!({ "scopes": all });
        manager.portal.patch(format!("/staff/clients/{}", system.id), &scopes, "\"1\"").expect(200)?;
        Ok(system)
    }

    /// A system that was registered by hand.
    ///
    /// # Errors
    /// When the API does not say where tokens are given.
    pub fn known(portal: Portal, id: String, key: SigningKey) -> Result<Self> {
        let endpoint =
            portal.get("/fhir/pas/2.2/.well-known/smart-configuration").expect(200)?.text("/token_endpoint")?;
        Ok(Self { id, key, portal, endpoint })
    }

    /// Claims of an assertion that is believed.
    #[must_use]
    pub fn claims(&self) -> Value {
        json!({
            "iss": self.id, "sub": self.id, "aud": self.endpoint, "exp": clock::now().as_second() + 240,
            "jti": clock::new_uuid().to_string(),
        })
    }

    /// Asks for a token with an assertion.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn ask(&self, assertion: &str, scope: &str) -> Result<Answer> {
        let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
        let scope = scope.replace(' ', "+");
        let form = format!(
            "grant_type=client_credentials&client_assertion_type={kind}&client_assertion={assertion}&scope={scope}"
        );
        let call = self.portal.post("/oauth/token", &Value::Null).text(form);
        call.header("Content-Type", "application/x-www-form-urlencoded").send()
    }

    /// Asks where requests stand, with a token.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn inquire(&self, token: &str, bundle: &Value) -> Result<Answer> {
        self.call("Claim/$inquire", token, bundle)
    }

    /// Sends a request, with a token.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn submit(&self, token: &str, bundle: &Value) -> Result<Answer> {
        self.call("Claim/$submit", token, bundle)
    }

    /// Asks for questionnaires, with a token.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn package(&self, token: &str, parameters: &Value) -> Result<Answer> {
        self.call("Questionnaire/$questionnaire-package", token, parameters)
    }

    /// Sends documents, with a token.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn attach(&self, token: &str, parameters: &Value) -> Result<Answer> {
        self.call("$submit-attachment", token, parameters)
    }

    /// Subscribes, with a token.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn subscribe(&self, token: &str, subscription: &Value) -> Result<Answer> {
        self.call("Subscription", token, subscription)
    }

    /// Puts a resource in place of what it was, with a token.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn replace(&self, token: &str, place: &str, resource: &Value) -> Result<Answer> {
        let portal = self.portal.with_token(Some(token.to_owned()));
        let call = portal.put(format!("/fhir/pas/2.2/{place}"), resource, "").without("If-Match");
        call.header("Content-Type", "application/fhir+json").send()
    }

    /// Reads what stands at a place, with a token.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn read(&self, token: &str, place: &str) -> Result<Answer> {
        self.portal.with_token(Some(token.to_owned())).get(format!("/fhir/pas/2.2/{place}")).send()
    }

    /// Takes out what stands at a place, with a token.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn remove(&self, token: &str, place: &str) -> Result<Answer> {
        self.portal.with_token(Some(token.to_owned())).delete(format!("/fhir/pas/2.2/{place}")).send()
    }

    fn call(&self, operation: &str, token: &str, body: &Value) -> Result<Answer> {
        let portal = self.portal.with_token(Some(token.to_owned()));
        let call = portal.post(format!("/fhir/pas/2.2/{operation}"), body);
        call.header("Content-Type", "application/fhir+json").send()
    }

    /// A token for all that the system may.
    ///
    /// # Errors
    /// When it is refused.
    pub fn token(&self) -> Result<String> {
        self.ask(&self.key.sign(&self.claims())?, "")?.text("/access_token")
    }
}

/// An inquiry for all requests of the member whom a clinic treats.
#[must_use]
pub fn inquiry(clinic: &Clinic) -> Value {
    bundle(clinic, ("inquiries", "I-1"), &claim("i", &json!({})))
}

/// What a request asks for, one item: code, diagnosis and first day.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The Claim's identifier.
    pub number: &'a str,
    /// A code of HCPCS.
    pub code: &'a str,
    /// A code of ICD-10-CM.
    pub diagnosis: &'a str,
    /// The day on which it is asked for.
    pub on: jiff::civil::Date,
}

/// A request for equipment at home for the member whom a clinic treats, to the insurer of this identifier.
#[must_use]
pub fn request(clinic: &Clinic, payer: &str, wish: Wish<'_>) -> Value {
    let more = json!({
        "identifier": [{ "system": "https://ehr.example/requests", "value": wish.number }],
        "type": coded("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
        "diagnosis": [{ "sequence": 1, "diagnosisCodeableConcept": coded("http://hl7.org/fhir/sid/icd-10-cm", wish.diagnosis) }],
        "supportingInfo": [{ "sequence": 1, "category": coded("x", "freeFormMessage"), "valueString": "Sent home today." }],
        "item": [item(3, wish.code, wish.on)],
    });
    let mut sent = bundle(clinic, ("requests", wish.number), &claim("r", &more));
    if let Some(id) = sent.pointer_mut("/entry/3/resource") {
        let identifier = json!([{ "system": "https://payers.example", "value": payer }]);
        id.as_object_mut().map(|payer| payer.insert("identifier".to_owned(), identifier));
    }
    sent
}

pub(crate) fn coded(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

/// An item of equipment at home: one of this code of HCPCS, on this day.
#[must_use]
pub fn item(sequence: u32, code: &str, on: jiff::civil::Date) -> Value {
    json!({
        "sequence": sequence, "category": coded("https://codesystem.x12.org/005010/1365", "12"),
        "productOrService": coded("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", code),
        "servicedDate": on, "quantity": { "value": 1.0 },
        "locationCodeableConcept":
            coded("https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set", "12"),
        "extension": [{
            "url": "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-itemTraceNumber",
            "valueIdentifier": { "system": "https://ehr.example/items", "value": format!("T-{sequence}") },
        }],
    })
}

/// What asks to be told at an address of the requests of a clinic; `content` is `id-only` or `full-resource`.
#[must_use]
pub fn subscription(clinic: &Clinic, endpoint: &str, content: &str) -> Value {
    let backport = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition";
    let npi = format!("org-identifier=http://hl7.org/fhir/sid/us-npi|{}", clinic.number());
    let filter = json!({ "url": format!("{backport}/backport-filter-criteria"), "valueString": npi });
    let content = json!({ "url": format!("{backport}/backport-payload-content"), "valueCode": content });
    json!({
        "resourceType": "Subscription", "status": "requested", "reason": "Answers to our requests",
        "criteria": "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic",
        "_criteria": { "extension": [filter] },
        "channel": {
            "type": "rest-hook", "endpoint": endpoint, "payload": "application/fhir+json",
            "_payload": { "extension": [content] }, "header": ["Authorization: Bearer of-the-receiver"],
        },
    })
}

/// What asks for the questionnaires of an order of this code for the member whom a clinic treats.
#[must_use]
pub fn order(clinic: &Clinic, code: &str) -> Value {
    let code =
        json!({ "coding": [{ "system": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": code }] });
    let order = json!({ "resourceType": "DeviceRequest", "id": "d", "codeCodeableConcept": code });
    packages(clinic, &[json!({ "name": "order", "resource": order })])
}

/// What asks for questionnaires for the member whom a clinic treats, with these parameters beside the coverage.
#[must_use]
pub fn packages(clinic: &Clinic, more: &[Value]) -> Value {
    let coverage = json!({
        "resourceType": "Coverage", "id": "c", "status": "active", "subscriberId": member_number(clinic),
        "beneficiary": { "reference": "Patient/p" },
    });
    let coverage = json!({ "name": "coverage", "resource": coverage });
    let parameter = [&[coverage], more].concat();
    json!({ "resourceType": "Parameters", "parameter": parameter })
}

/// What sends a PDF for the member whom a clinic treats, tracked by a number, and for a case where that is named.
#[must_use]
pub fn attachment(clinic: &Clinic, tracking: &str, case: Option<&str>, content: &[u8]) -> Value {
    let identifier = |name: &str, value: &str| json!({ "name": name, "valueIdentifier": { "value": value } });
    let file = json!({ "contentType": "application/pdf", "title": "plan.pdf", "data": STANDARD.encode(content) });
    let document = json!({
        "resourceType": "DocumentReference", "status": "current", "type": { "text": "Plan of care" },
        "content": [{ "attachment": file }],
    });
    let part = json!([{ "name": "LineItem", "valueString": "3" }, { "name": "Content", "resource": document }]);
    let mut parameter = vec![
        identifier("TrackingId", tracking),
        json!({ "name": "AttachTo", "valueCode": "preauthorization" }),
        identifier("MemberId", &member_number(clinic)),
        identifier("OrganizationId", &clinic.number()),
        json!({ "name": "Attachment", "part": part }),
    ];
    parameter.extend(case.map(|case| identifier("AdminRefNumber", case)));
    json!({ "resourceType": "Parameters", "parameter": parameter })
}

fn member_number(clinic: &Clinic) -> String {
    clinic.member.number().map(ToString::to_string).unwrap_or_default()
}

fn claim(id: &str, more: &Value) -> Value {
    let to = |reference: &str| json!({ "reference": reference });
    let mut claim = json!({
        "resourceType": "Claim", "id": id, "status": "active", "use": "preauthorization", "created": "2026-05-11",
        "patient": to("Patient/p"), "insurer": to("Organization/payer"), "provider": to("Organization/clinic"),
        "insurance": [{ "sequence": 1, "focal": true, "coverage": to("Coverage/c") }],
    });
    if let (Some(claim), Some(more)) = (claim.as_object_mut(), more.as_object()) {
        claim.extend(more.clone());
    }
    claim
}

fn bundle(clinic: &Clinic, (kind, number): (&str, &str), claim: &Value) -> Value {
    let member = &clinic.member;
    let known = member_number(clinic);
    let npi = json!([{ "system": "http://hl7.org/fhir/sid/us-npi", "value": clinic.number() }]);
    let fax = json!([{ "system": "fax", "value": "501-555-0142" }]);
    let id = claim.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    json!({
        "resourceType": "Bundle", "type": "collection", "timestamp": "2026-05-11T09:00:00-05:00",
        "identifier": { "system": format!("https://ehr.example/{kind}"), "value": number },
        "entry": [
            entry(&format!("Claim/{id}"), claim),
            entry("Patient/p", &json!({
                "resourceType": "Patient", "id": "p", "birthDate": member.birth_date,
                "name": [{ "family": member.last_name, "given": [member.first_name] }],
            })),
            entry("Coverage/c", &json!({ "resourceType": "Coverage", "id": "c", "status": "active", "subscriberId": known })),
            entry("Organization/payer", &json!({ "resourceType": "Organization", "id": "payer", "name": "The plan" })),
            entry("Organization/clinic", &json!({
                "resourceType": "Organization", "id": "clinic", "identifier": npi, "name": "The clinic", "telecom": fax,
            })),
        ],
    })
}

pub(crate) fn entry(address: &str, resource: &Value) -> Value {
    json!({ "fullUrl": format!("https://ehr.example/fhir/{address}"), "resource": resource })
}

/// As it stands in a JWT.
fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
