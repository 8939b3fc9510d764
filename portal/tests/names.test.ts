// What people know by a name has that name here: the words of the agencies' own guides, each with the document that has it.
// Letters may be of another case.

import { describe, expect, it } from "vitest";
import { STEPS } from "../src/cases/steps";
import { en as everywhere } from "../src/words/en/all";
import { inside } from "../src/words/en/inside";

const { accounts, people, ui } = everywhere;
const { cases, groups } = inside;

const HELP = "help for users of the portal";
const REGISTRATION = "overview of registration";
const TRAINING = "training of Health First Colorado";
const ARKANSAS = "overview for Arkansas";

/** In the order in which each document has them. */
const NAMES: readonly [document: string, name: string, here: string][] = [
  [REGISTRATION, "Login", accounts.signIn.title],
  [REGISTRATION, "register here", accounts.signIn.registerHere],
  [REGISTRATION, "NPI", accounts.register.npi],
  [REGISTRATION, "Provider Registration Code", accounts.register.code],
  [REGISTRATION, "Next", accounts.register.next],
  [REGISTRATION, "Account Information", accounts.register.accountStep],
  [REGISTRATION, "Username", accounts.username],
  [REGISTRATION, "Contact Information", accounts.register.contact],
  [REGISTRATION, "Terms of Use", accounts.register.terms],
  [REGISTRATION, "Continue", accounts.register.send],
  [REGISTRATION, "Setup", groups.link],
  [REGISTRATION, "Manage Provider Groups", groups.manage],
  [REGISTRATION, "Add New User", groups.users.add],
  [REGISTRATION, "Create", groups.user.create],
  [REGISTRATION, "Manage Users", groups.users.link],
  [REGISTRATION, "Deactivate", people.deactivate.button],
  [REGISTRATION, "Provider Staff Account", people.role.staff],
  [REGISTRATION, "Provider Admin", people.role["provider-admin"]],
  [REGISTRATION, "Provider Group Admin", people.role["group-admin"]],

  [HELP, "login with phone", accounts.signIn.with.voice],
  [HELP, "login with email", accounts.signIn.with.email],
  [HELP, "Forgot your Password?", accounts.signIn.forgotten],
  [HELP, "Requested Duration", cases.procedures.duration],
  [HELP, "Requested Quantity", cases.procedures.quantity],
  [HELP, "Reset Registration", people.reset.button],
  [HELP, "Register New Provider", groups.register.link],
  [HELP, "Provider Group Admin + Reports", people.role["group-admin-reports"]],
  [HELP, "Provider Admin + Reports", people.role["provider-admin-reports"]],

  [TRAINING, "Customer/Provider", accounts.signIn.provider],
  [TRAINING, "First name", ui.contact.firstName],
  [TRAINING, "Last name", ui.contact.lastName],
  [TRAINING, "Address 1", ui.contact.address1],
  [TRAINING, "Address 2", ui.contact.address2],
  [TRAINING, "City", ui.contact.city],
  [TRAINING, "State", ui.contact.state],
  [TRAINING, "Zip code", ui.contact.zip],
  [TRAINING, "Phone", ui.contact.phone],
  [TRAINING, "Fax", ui.contact.fax],
  [TRAINING, "Request Saved But Not Submitted", cases.home.saved],
  [TRAINING, "Create Case", cases.create.title],
  [TRAINING, "Case Parameters", cases.create.parameters],
  [TRAINING, "Request Type", cases.setting],
  [TRAINING, "Inpatient", cases.settings.inpatient],
  [TRAINING, "Outpatient", cases.settings.outpatient],
  [TRAINING, "Search", cases.create.searchNow],
  [TRAINING, "Choose", cases.create.chosen],
  [TRAINING, "no records found", cases.create.nobody],
  [TRAINING, "Prefix", cases.temporaryMember.prefix],
  [TRAINING, "Middle name", cases.temporaryMember.middleName],
  [TRAINING, "Suffix", cases.temporaryMember.suffix],
  [TRAINING, "Gender", cases.create.gender],
  [TRAINING, "Date of birth", cases.create.birthDate],
  [TRAINING, "Language", cases.temporaryMember.language],
  [TRAINING, "County", cases.temporaryMember.county],
  [TRAINING, "Postal code", cases.temporaryMember.postalCode],
  [TRAINING, "Phone number", cases.temporaryMember.phone],
  [TRAINING, "Servicing Requests", cases.earlier.servicing],
  [TRAINING, "Request", cases.earlier.sorts.request],
  [TRAINING, "Status", cases.earlier.sorts.status],
  [TRAINING, "Category", cases.earlier.sorts.setting],
  [TRAINING, "Discharge date", cases.earlier.sorts.discharged],
  [TRAINING, "Service type", cases.earlier.sorts["service-type"]],
  [TRAINING, "Service dates", cases.earlier.sorts.days],
  [TRAINING, "Letters", cases.letters.title],
  [TRAINING, "Add Attending Physician", cases.providers.findAttending],
  [TRAINING, "Fax number", cases.providers.fax],
  [TRAINING, "Go to Service Details", cases.wizard.goTo(cases.steps.service)],
  [TRAINING, "Go to Diagnosis", cases.wizard.goTo(cases.steps.diagnoses)],
  [TRAINING, "Request Type", cases.steps.request],
  [TRAINING, "Go to Procedures", cases.wizard.goTo(cases.steps.procedures)],
  [TRAINING, "Jump to Submit", cases.wizard.jump],
  [TRAINING, "Go to Attachments", cases.wizard.goTo(cases.steps.attachments)],
  [TRAINING, "Upload a Document", cases.attachments.upload],
  [TRAINING, "Document Type", cases.attachments.type],
  [TRAINING, "Communications", cases.steps.communications],
  [TRAINING, "Add a Note", cases.notes.addOne],
  [TRAINING, "Add Note", cases.notes.add],
  [TRAINING, "Go to Submit", cases.wizard.goTo(cases.steps.submit)],
  [TRAINING, "Update", cases.submit.update],
  [TRAINING, "Submit", cases.steps.submit],
  [TRAINING, "Disclaimer", cases.submit.disclaimer],
  [TRAINING, "Agree", cases.submit.agree],
  [TRAINING, "Case ID", cases.caseId],
  [TRAINING, "Additional clinical information", cases.information.title],
  [TRAINING, "Documents", cases.attachments.documents],
  [TRAINING, "File name", cases.attachments.fileName],
  [TRAINING, "Uploaded on", cases.attachments.at],
  [TRAINING, "Notes", cases.notes.title],

  [ARKANSAS, "Initial", cases.request.reviews.initial],
  [ARKANSAS, "Retrospective", cases.request.reviews.retrospective],
  [ARKANSAS, "Renewal", cases.request.reviews.renewal],
  [ARKANSAS, "Reconsideration", cases.request.reviews.reconsideration],
];

describe("names that people know", () => {
  for (const [document, name, here] of NAMES) it(`${name}: ${document}`, () => expect(here.toLowerCase()).toBe(name.toLowerCase()));

  it("has the steps of a case in the order of the training", () => {
    expect(STEPS).toEqual(["providers", "service", "diagnoses", "request", "procedures", "questionnaires", "attachments", "communications", "submit"]);
  });
});
