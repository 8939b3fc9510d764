// What is looked at on every page: while it waits, refused, filled, in both languages, narrow and magnified, by keyboard alone, and
// after each of its buttons was pressed.

import { foreign, listen, mistold } from "./catalogue";
import { Gate } from "./gate";
import { accessible, expect, focused, type Page } from "./portal";
import type { Language } from "../src/words/words";
import { es } from "../src/words/es/all";

/** A way to a page: what stands before its last step, and that step. */
export interface Way {
  before?: (page: Page) => Promise<void>;
  open: (page: Page) => Promise<void>;
  /** It reads nothing of its own: nothing is waited for. */
  still?: true;
}

/** A wide screen, the same at 200 %, a phone, and what lies between. */
const WIDTHS = [1024, 640, 500, 360, 1280];

/** What the frame around it shows. */
export interface Frame {
  name: string;
  colour: string;
  zones: readonly string[];
}

export class Visitor {
  private readonly page: Page;
  private readonly gate: Gate;
  private readonly data: ReturnType<typeof listen>;
  private readonly frame: Frame;
  /** Buttons that were pressed before on a page of the same address: the same button does the same. */
  private readonly pressed = new Set<string>();
  /** What was looked at: the same once more has no other findings. */
  private readonly seen = new Set<string>();

  private constructor(page: Page, gate: Gate, frame: Frame, known: readonly string[]) {
    this.page = page;
    this.gate = gate;
    this.data = listen(page, known);
    this.frame = frame;
  }

  /** From a page on which the reader is signed in, or needs not to be. */
  static async at(page: Page, frame: Frame, known: readonly string[]): Promise<Visitor> {
    await page.addInitScript(() => {
      window.print = () => undefined;
    });
    // A letter opens in a tab of its own; it is read elsewhere.
    page.context().on("page", (tab) => void tab.close().catch(() => undefined));
    const visitor = new Visitor(page, await Gate.at(page), frame, known);
    await page.reload();
    await visitor.speak("es");
    return visitor;
  }

  /**
   * @param address its pattern
   * @param look of the frame, where the page has one of its own
   */
  async visit(way: Way, address: string, look: Pick<Frame, "name" | "colour"> = this.frame): Promise<void> {
    await this.waits(way);
    await this.filled(look);
    await this.presses(way, address);
  }

  /** While it waits, and when it is refused; asked for once more from there, its lists are empty. */
  private async waits(way: Way): Promise<void> {
    const { page, gate } = this;
    gate.lets(true, true);
    await way.before?.(page);
    await this.settled();
    gate.hold();
    await way.open(page);
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    if (!way.still) await expect.soft(page.getByText(`${es.ui.loading}…`).first(), `what is told while ${page.url()} waits`).toBeVisible();
    await this.looks();
    gate.refuse();
    if (way.still) {
      await this.settled();
    } else {
      await expect.soft(page.getByRole("main").getByRole("alert").first()).toBeVisible();
      await this.looks();
    }
    expect.soft(gate.held > 0, `whether something is read at ${page.url()}`).toBe(!way.still);
    gate.lets("nothing", true);
    await expect(async () => {
      const again = page.getByRole("button", { name: es.ui.tryAgain }).first();
      if (await again.isVisible()) await again.press("Enter", { timeout: 1000 });
      await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0, { timeout: 1000 });
    }).toPass();
    await this.settled();
    if (gate.emptied > 0) {
      if (gate.untold > 0) await expect.soft(page.locator("main [data-empty]").first(), `what an empty list says at ${page.url()}`).toBeVisible();
      await this.looks();
      gate.lets(true, true);
      await way.before?.(page);
      await way.open(page);
      await this.settled();
    }
    gate.lets(true, true);
  }

  /** All of it, in both languages. */
  private async filled(look: Pick<Frame, "name" | "colour">): Promise<void> {
    const { page } = this;
    await expect(page).toHaveTitle(await page.getByRole("heading", { level: 1 }).innerText());
    const header = page.getByRole("banner");
    await expect(header.getByRole("link").first()).toHaveText(look.name);
    expect(await header.evaluate((one) => getComputedStyle(one).backgroundColor)).toBe(look.colour);
    await this.looks();
    await this.narrow();
    await this.speak("en");
    await accessible(page);
    await this.says("en");
    await this.narrow();
    await this.tabs();
    await this.speak("es");
  }

  /** No finding, nothing beyond the sides of a phone or at 200 %, and every word where it belongs. */
  private async looks(): Promise<void> {
    const { page } = this;
    const now = await this.shown();
    if (this.seen.has(now)) return;
    this.seen.add(now);
    await accessible(page);
    const size = page.viewportSize() ?? { width: 1280, height: 720 };
    await this.narrow([640]);
    await page.setViewportSize(size);
    await this.says("es");
  }

  private async shown(): Promise<string> {
    const { page } = this;
    return page.url() + (await page.evaluate(() => document.documentElement.outerHTML));
  }

  /** Nothing goes beyond the sides. */
  private async narrow(widths: readonly number[] = WIDTHS): Promise<void> {
    const { page } = this;
    for (const width of widths) {
      await page.setViewportSize({ width, height: 720 });
      expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `pixels beyond ${width} at ${page.url()}`).toBeLessThanOrEqual(0);
    }
  }

  private async says(language: Language): Promise<void> {
    const { page, data, frame } = this;
    expect.soft(await foreign(page, language, data), `at ${page.url()}`).toEqual([]);
    expect.soft(await mistold(page, language, frame.zones), `moments at ${page.url()}`).toEqual([]);
  }

  /** By its button, which keeps the focus. */
  private async speak(language: Language): Promise<void> {
    const { page } = this;
    const button = page.getByRole("banner").locator(`button[lang="${language}"]`);
    if ((await page.locator("html").getAttribute("lang")) === language) return;
    await button.press("Enter");
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(focused(page)).toHaveText(language === "es" ? "English" : "Español");
  }

  /** The tab key leads to everything that can be worked, in the order in which it is read, and it is seen where one is. */
  private async tabs(): Promise<void> {
    const { page } = this;
    const stops = await page.evaluate(watchFocus);
    for (let stop = 1; stop < stops.length; stop++) await page.keyboard.press("Tab");
    const { seen, unseen } = await page.evaluate(() => (window as unknown as { focusLog: { seen: string[]; unseen: string[] } }).focusLog);
    expect.soft(seen, `the way of the tab key at ${page.url()}`).toEqual(stops);
    expect.soft(unseen, `where the focus is not seen at ${page.url()}`).toEqual([]);
    // Nothing holds it: one leaves the page at its end.
    await page.keyboard.press("Tab");
    await expect(page.locator(":focus").and(page.locator(".footer *, main *"))).toHaveCount(0);
  }

  /** Each button, by the keyboard, while everything that would change something is refused: the focus is where the work goes on. */
  private async presses(way: Way, address: string): Promise<void> {
    const { page, gate } = this;
    const buttons = page.getByRole("main").locator("button:visible, summary:visible");
    for (let place = 0; place < (await buttons.count()); place++) {
      const button = buttons.nth(place);
      const name = await this.kind(button);
      if (this.pressed.has(`${address} ${name}`)) continue;
      this.pressed.add(`${address} ${name}`);
      gate.lets(true, false);
      const before = await this.shown();
      await button.press("Enter");
      await this.settled();
      const dialog = page.locator("dialog[open]");
      await this.keeps(name);
      await this.looks();
      if (await dialog.count()) {
        // What it asks for is refused in it, or where it was asked for.
        await dialog.getByRole("button").first().press("Enter");
        await this.settled();
        await this.keeps(name);
        await this.looks();
        if (await dialog.count()) {
          await page.keyboard.press("Escape");
          await expect(dialog).toHaveCount(0);
          await expect(button).toBeFocused();
        }
      }
      gate.lets(true, true);
      if ((await this.shown()) === before) continue;
      await way.before?.(page);
      await way.open(page);
      await this.settled();
    }
  }

  /** The focus is on something that is seen; in a dialog, where there is one. */
  private async keeps(name: string): Promise<void> {
    const { page } = this;
    await expect.soft
      .poll(() => page.evaluate(() => {
        const now = document.activeElement;
        if (!now || now === document.body) return "on nothing";
        const { top, bottom } = now.getBoundingClientRect();
        if (bottom < 0 || top > window.innerHeight) return "out of sight";
        const dialog = document.querySelector("dialog[open]");
        return dialog && !dialog.contains(now) ? "behind the dialog" : "in sight";
      }), { message: `the focus after “${name}” at ${page.url()}`, timeout: 5000 })
      .toBe("in sight");
  }

  /** What is left of a button's name without what the API told. */
  private async kind(button: ReturnType<Page["locator"]>): Promise<string> {
    const name = (await button.getAttribute("aria-label")) ?? (await button.innerText());
    const known = [...this.data.all].filter((text) => text.length > 1).toSorted((one, two) => two.length - one.length);
    return known.reduce((left, text) => left.replaceAll(text, "…"), name).replaceAll(/\d+/g, "#");
  }

  private async settled(): Promise<void> {
    const { page, gate } = this;
    const waiting = page.locator("[aria-busy=true], button[aria-disabled=true]").or(page.locator("time", { hasText: /^…$/ }));
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    // What was read may lead to a further read: it is looked at twice.
    let still = 0;
    await expect
      .poll(async () => (still = gate.still && (await waiting.count()) === 0 ? still + 1 : 0), { intervals: [50] })
      .toBeGreaterThan(2);
  }
}

/** Begins at the first stop; gives what should be met, and notes what is. */
function watchFocus(): string[] {
  const WORKED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const groups = new Set<string>();
  const stops = [...document.querySelectorAll<HTMLElement>(WORKED)].filter((one) => {
    if (one.tabIndex < 0 || one.matches(":disabled") || !one.checkVisibility({ visibilityProperty: true })) return false;
    if (!(one instanceof HTMLInputElement && one.type === "radio")) return true;
    // A group of radio buttons is one stop: the chosen one, or the first.
    const group = `${one.form?.getAttribute("aria-label")} ${one.name}`;
    const chosen = document.querySelector<HTMLInputElement>(`input[type=radio][name="${one.name}"]:checked`);
    if (groups.has(group) || (chosen && chosen !== one)) return false;
    groups.add(group);
    return true;
  });
  const nameOf = (one: Element) => `${stops.indexOf(one as HTMLElement)} ${one.tagName.toLowerCase()} ${one.id || one.textContent?.slice(0, 30)}`;
  const log = { seen: [] as string[], unseen: [] as string[] };
  Object.assign(window, { focusLog: log });
  document.addEventListener("focusin", ({ target }) => {
    const now = target as HTMLElement;
    const drawn = now instanceof HTMLInputElement && ["radio", "checkbox"].includes(now.type) ? now.labels?.[0] : undefined;
    const { outlineStyle, outlineWidth } = drawn ? getComputedStyle(drawn, "::before") : getComputedStyle(now);
    log.seen.push(nameOf(now));
    if (outlineStyle === "none" || outlineWidth === "0px") log.unseen.push(nameOf(now));
  });
  (document.activeElement as HTMLElement | null)?.blur();
  stops[0]?.focus();
  return stops.map(nameOf);
}
