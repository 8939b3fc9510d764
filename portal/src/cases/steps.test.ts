import { expect, it } from "vitest";
import type { CaseView } from "./queries";
import { NO_LINE, isDone, mayJump, proceduresStep, providersStep, serviceStep, span, stepOfPointer, type Line } from "./steps";

const line: Line = { code: " t1015 ", modifiers: "u6, ub", from: "2026-05-04", to: "2026-06-02", duration: "30", quantity: "12", frequency: { units: "", per: "" } };

it("lines are sent as the API takes them", () => {
  expect(proceduresStep.body({ lines: [line, NO_LINE] })).toEqual({
    lines: [{ code: "T1015", modifiers: ["U6", "UB"], from: "2026-05-04", to: "2026-06-02", duration: 30, quantity: 12, frequency: null }],
  });
});

it("a line that was only begun is not sent by itself", () => {
  expect(proceduresStep.whole({ lines: [line, NO_LINE] })).toBe(true);
  expect(proceduresStep.whole({ lines: [NO_LINE] })).toBe(false);
  expect(proceduresStep.whole({ lines: [line, { ...NO_LINE, code: "S5100" }] })).toBe(false);
  expect(proceduresStep.whole({ lines: [{ ...line, frequency: { units: "5", per: "" } }] })).toBe(false);
  expect(proceduresStep.whole({ lines: [{ ...line, to: "June 31" }] })).toBe(false);
});

it("lines come back as they were typed", () => {
  const values = proceduresStep.values({
    lines: [{ code: "T1015", codeType: "hcpcs", modifiers: ["U6", "UB"], from: "2026-05-04", to: "2026-06-02", duration: 30, quantity: 12, frequency: { units: 5, per: "day" } }],
  });
  expect(values.lines).toEqual([{ ...line, code: "T1015", modifiers: "U6 UB", frequency: { units: "5", per: "day" } }]);
  expect(proceduresStep.values({ lines: [] }).lines).toEqual([NO_LINE]);
});

it("an outpatient case has no stay", () => {
  const values = serviceStep.values({ service: null });
  expect(serviceStep.body({ ...values, serviceType: "day", placeOfService: "11" })).toEqual({ serviceType: "day", placeOfService: "11", stay: null });
  expect(serviceStep.whole({ ...values, serviceType: "day", placeOfService: "11" })).toBe(true);
  expect(serviceStep.whole({ serviceType: "day", placeOfService: "11", stay: { admission: "elective", admitted: "", discharged: "" } })).toBe(false);
  expect(serviceStep.whole({ serviceType: "day", placeOfService: "11", stay: { admission: "elective", admitted: "6/3", discharged: "" } })).toBe(false);
});

it("providers need a servicing provider and a fax number", () => {
  const values = providersStep.values({ servicing: null, attending: null, fax: "501-555-0142" });
  expect(providersStep.whole(values)).toBe(false);
  const servicing = { id: "p1", name: "River", providerType: "clinic", address: [] };
  expect(providersStep.whole({ ...values, servicing })).toBe(true);
  expect(providersStep.whole({ ...values, servicing, fax: " " })).toBe(false);
});

it("what a submit lacks leads to its step", () => {
  expect(stepOfPointer("/procedures/lines/0/quantity")).toBe("procedures");
  expect(stepOfPointer("/questionnaires/early-development")).toBe("questionnaires");
  expect(stepOfPointer("/documents")).toBe("attachments");
  expect(stepOfPointer("/disclaimerAgreed")).toBeUndefined();
});

const standing = (documents: string, procedures = "complete", questionnaires = "not-needed") =>
  ({
    steps: [
      { step: "procedures", standing: procedures, missing: [] },
      { step: "questionnaires", standing: questionnaires, missing: [] },
      { step: "documents", standing: documents, missing: [] },
      { step: "notes", standing: "not-needed", missing: [] },
    ],
  }) as unknown as CaseView;

it("attachments are done when the API says that nothing is missing of them", () => {
  expect(isDone("attachments", standing("complete"))).toBe(true);
  expect(isDone("attachments", standing("missing"))).toBe(false);
  expect(isDone("attachments", standing("not-needed"))).toBe(false);
  expect(isDone("providers", { steps: [] } as unknown as CaseView)).toBe(false);
});

it("what nothing requires is skipped on the way to the submit, and what is missing is not", () => {
  expect(mayJump("procedures", standing("not-needed"))).toBe(true);
  expect(mayJump("procedures", standing("complete"))).toBe(true);
  expect(mayJump("procedures", standing("missing"))).toBe(false);
  expect(mayJump("attachments", standing("missing"))).toBe(true);
  expect(mayJump("procedures", standing("not-needed", "complete", "missing"))).toBe(false);
  expect(mayJump("questionnaires", standing("not-needed", "complete", "missing"))).toBe(true);
  expect(mayJump("request", standing("not-needed", "missing"))).toBe(false);
  expect(mayJump("communications", standing("complete"))).toBe(false);
});

it("counts both days", () => {
  expect(span("2026-05-04", "2026-06-02")).toBe(30);
  expect(span("2026-05-04", "2026-05-04")).toBe(1);
  expect(span("2026-05-04", "2026-05-03")).toBeUndefined();
  expect(span("", "2026-05-03")).toBeUndefined();
  expect(span("May 3", "2026-05-03")).toBeUndefined();
});
