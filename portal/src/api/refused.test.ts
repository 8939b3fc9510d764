import { expect, it } from "vitest";
import { Refused, isRefused } from "./refused";

it("a problem document is told as it is", async () => {
  const problem = {
    type: "https://portico.example/problems/invalid", title: "Please correct the marked fields", status: 422, detail: "One field is wrong.",
    errors: [{ pointer: "/npi", code: "not-an-npi", detail: "Ten digits." }],
  };
  const refused = await Refused.of(new Response(JSON.stringify(problem), { status: 422 }));
  expect(refused).toMatchObject({ kind: "invalid", status: 422, detail: "One field is wrong.", errors: problem.errors });
  expect(refused.passes).toBe(false);
  expect(isRefused(refused, "invalid")).toBe(true);
});

it("an answer that is no problem document comes from before the API", async () => {
  const gateway = await Refused.of(new Response("<html>", { status: 502 }));
  expect(gateway).toMatchObject({ kind: "unavailable", status: 502, errors: [] });
  expect(gateway.passes).toBe(true);
  expect((await Refused.of(new Response('{"message":"Unauthorized"}', { status: 401 }))).kind).toBe("signed-out");
  expect((await Refused.of(new Response("", { status: 429, headers: { "retry-after": "30" } }))).retryAfter).toBe(30);
});

it("no answer may pass", () => {
  expect(Refused.unreachable().passes).toBe(true);
});
