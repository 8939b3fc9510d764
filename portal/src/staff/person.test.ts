import { expect, it } from "vitest";
import { postForm, type Post } from "./person";

const nurse: Post = { role: "nurse", credential: "RN", license: { state: "AR", number: "R-1" }, specialty: "", lead: false, contracts: ["arkansas"] };

it("a new post is sent as it was typed, without what nobody typed", () => {
  expect(postForm(nurse)).toEqual({ role: "nurse", credential: "RN", license: { state: "AR", number: "R-1" }, contracts: ["arkansas"] });
  const support: Post = { role: "support", credential: "", license: { state: "", number: "" }, specialty: "", lead: false, contracts: ["arkansas"] };
  expect(postForm(support)).toEqual({ role: "support", contracts: ["arkansas"] });
});

it("of an edit only what changed is sent", () => {
  expect(postForm(nurse, nurse)).toEqual({});
  expect(postForm({ ...nurse, contracts: ["colorado", "arkansas"], specialty: "Pediatrics" }, nurse)).toEqual({
    contracts: ["arkansas", "colorado"],
    specialty: "Pediatrics",
  });
  expect(postForm({ ...nurse, credential: "" }, nurse)).toEqual({ credential: "" });
  expect(postForm({ ...nurse, lead: true }, nurse)).toEqual({ lead: true });
  expect(postForm({ ...nurse, role: "intake", lead: true }, { ...nurse, lead: true })).toEqual({ role: "intake" });
});
