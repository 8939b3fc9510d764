// What a browser leaves behind while somebody works: addresses, titles, storage, log; and where it sends what.

import { expect, type Page } from "./portal";
import { stack } from "./stack";

export interface Trail {
  /** Addresses of pages and of calls, titles, what was stored, what was logged. */
  readonly left: ReadonlySet<string>;
  /** Where files were sent to. */
  readonly uploads: readonly string[];
  /** The content policy that the first page came with. */
  policy: string;
}

/** Follows a page from before its first address, through all reloads. */
export async function follow(page: Page): Promise<Trail> {
  const left = new Set<string>();
  const uploads: string[] = [];
  const trail: Trail = { left, uploads, policy: "" };
  await page.exposeFunction("leaves", (text: string) => left.add(text));
  await page.addInitScript(() => {
    const { leaves } = window as unknown as { leaves: (text: string) => void };
    const store = Storage.prototype.setItem;
    Storage.prototype.setItem = function setItem(name, value) {
      leaves(`${name} ${value}`);
      store.call(this, name, value);
    };
    let title = "";
    const look = () => {
      if (title === document.title) return;
      title = document.title;
      leaves(title);
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  });
  page.on("framenavigated", (frame) => left.add(frame.url()));
  page.on("console", (message) => left.add(message.text()));
  page.on("request", (request) => {
    left.add(request.url());
    if (request.method() === "POST" && (request.headers()["content-type"] ?? "").startsWith("multipart/form-data")) uploads.push(request.url());
  });
  page.on("response", async (response) => {
    if (!trail.policy && response.request().isNavigationRequest()) trail.policy = (await response.headerValue("content-security-policy")) ?? "";
  });
  return trail;
}

/** Nothing of these was left; files went to the bucket for documents alone, calls to the portal and the API. */
export async function tellsNobody({ left, uploads, policy }: Trail, page: Page, secrets: readonly string[]): Promise<void> {
  const stored = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
  const told = [...left, stored].filter((text) => secrets.some((secret) => text.toLowerCase().includes(secret.toLowerCase())));
  expect(told, "what tells who it is about").toEqual([]);
  expect([...left].length).toBeGreaterThan(20);

  const documents = `${stack.endpoint}/${stack.documentsBucket}`;
  expect(uploads.length).toBeGreaterThan(0);
  for (const address of uploads) expect(address.replace(/\/$/, "")).toBe(documents);
  const known = [new URL(page.url()).origin, stack.apiUrl, documents, "about:", "blob:", "data:"];
  expect([...left].filter((text) => /^[a-z]+:\S+$/.test(text) && !known.some((beginning) => text.startsWith(beginning)))).toEqual([]);

  const directives = new Map(policy.split("; ").map((one) => [one.split(" ")[0], one.split(" ").slice(1).join(" ")]));
  for (const [name, value] of [
    ["default-src", "'none'"], ["script-src", "'self'"], ["style-src", "'self'"], ["object-src", "'none'"], ["base-uri", "'none'"],
    ["form-action", "'self'"], ["frame-ancestors", "'none'"], ["require-trusted-types-for", "'script'"],
  ]) {
    expect(directives.get(name), name).toBe(value);
  }
}
