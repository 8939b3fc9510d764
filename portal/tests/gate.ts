// Between a page and the API: its reads can be kept waiting or refused, its writes refused, so that each page is seen in all states
// that come of that.

import type { Page, Request, Route } from "@playwright/test";
import { stack } from "./stack";

/** What is asked for by a POST, because a person stands in it. */
const SEARCH = /^(\/cases|\/members)\/search$/;
/** What every page needs: who somebody is, the words of the contract, and how many alerts are unread. */
const FRAME = /^(\/staff)?\/me$|^\/contracts(\/[^/?]+)?(\?.*)?$|^(\/staff)?\/alerts\?limit=1$/;
const SESSIONS = /^(\/staff)?\/sessions/;

/** Let through, refused, or answered with what there would be if there were nothing. */
type Reads = boolean | "nothing";

export class Gate {
  /** How many of a page's own reads were kept waiting, and how many lists were answered as empty. */
  held = 0;
  emptied = 0;
  private waits: Promise<void> | undefined;
  private go = (): void => undefined;
  private reads: Reads = true;
  private refusesWrites = false;
  private open = 0;

  static async at(page: Page): Promise<Gate> {
    const gate = new Gate();
    await page.route(`${stack.apiUrl}/**`, (route) => gate.pass(route));
    const count = (by: number) => (request: Request) => {
      if (request.url().startsWith(stack.apiUrl)) gate.open += by;
    };
    page.on("request", count(1));
    page.on("requestfinished", count(-1));
    page.on("requestfailed", count(-1));
    return gate;
  }

  /** Whether nothing is under way. */
  get still(): boolean {
    return this.open <= 0;
  }

  hold(): void {
    this.held = this.emptied = 0;
    this.waits = new Promise((go) => (this.go = go));
  }

  /** What waits is answered: refused, but for what every page needs. */
  refuse(): void {
    this.reads = false;
    this.waits = undefined;
    this.go();
  }

  lets(reads: Reads, writes: boolean): void {
    this.reads = reads;
    this.refusesWrites = !writes;
  }

  private async pass(route: Route): Promise<void> {
    const request = route.request();
    const asked = new URL(request.url()).href.slice(stack.apiUrl.length);
    const path = asked.replace(/\?.*/, "");
    if (SESSIONS.test(path)) return route.fallback();
    const reads = request.method() === "GET" || SEARCH.test(path);
    if (reads && this.waits) {
      if (!FRAME.test(asked)) this.held += 1;
      await this.waits;
    }
    const refused = reads ? !this.reads && !FRAME.test(asked) : this.refusesWrites;
    if (reads && this.reads === "nothing" && !FRAME.test(asked)) return this.empty(route);
    if (!refused) return route.fallback();
    return route.fulfill({ status: 403, contentType: "application/problem+json", headers: { "access-control-allow-origin": "*" }, json: REFUSED });
  }

  /** A list, which has rows, numbers of them and where the next ones are and no more, has none. */
  private async empty(route: Route): Promise<void> {
    const response = await route.fetch();
    const answer = (await response.json().catch(() => undefined)) as { [name: string]: unknown } | undefined;
    const numbers = Object.fromEntries(Object.entries(answer ?? {}).flatMap(([one, value]) => (typeof value === "number" ? [[one, 0]] : [])));
    const [name, ...others] = Object.keys(answer ?? {}).filter((one) => one !== "next" && !(one in numbers));
    if (!name || others.length > 0 || !Array.isArray(answer?.[name])) return route.fulfill({ response });
    this.emptied += 1;
    return route.fulfill({ response, json: { ...numbers, [name]: [] } });
  }
}

const REFUSED = { type: "https://portico.example/problems/forbidden", title: "This is not yours to see", status: 403, detail: "Ask your administrator." };
