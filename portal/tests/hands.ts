// How a person works: with a mouse, or by keyboard alone. What is played both ways is written once, against `Hands`.

import { expect, type Locator, type Page } from "@playwright/test";
import { inDays } from "./stack";

export interface Attached {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export abstract class Hands {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** A button or a link. */
  abstract press(what: Locator): Promise<void>;
  /** Into a field, in the place of what stands there. */
  abstract type(field: Locator, text: string): Promise<void>;
  /** A day some days from now, into a field for dates. */
  abstract date(field: Locator, days: number): Promise<void>;
  /** Of a list, by the beginning of its label. */
  abstract select(field: Locator, beginning: string): Promise<void>;
  /** A radio button or a checkbox. */
  abstract choose(field: Locator): Promise<void>;
  /** What a search box offers for a text. */
  abstract find(box: Locator, text: string, offered: Locator): Promise<void>;

  async attach(field: Locator, file: Attached): Promise<void> {
    const asked = this.page.waitForEvent("filechooser");
    await this.press(field);
    await (await asked).setFiles(file);
  }

  button(name: string): Promise<void> {
    return this.press(this.page.getByRole("button", { name, exact: true }));
  }

  link(name: string): Promise<void> {
    return this.press(this.page.getByRole("link", { name, exact: true }));
  }
}

export class Mouse extends Hands {
  static readonly way = "by mouse";

  press(what: Locator): Promise<void> {
    return what.click();
  }

  type(field: Locator, text: string): Promise<void> {
    return field.fill(text);
  }

  date(field: Locator, days: number): Promise<void> {
    return field.fill(inDays(days));
  }

  async select(field: Locator, beginning: string): Promise<void> {
    const label = await field.locator("option", { hasText: new RegExp(`^${escaped(beginning)}`) }).first().innerText();
    // Whoever chooses has clicked there.
    await field.focus();
    await field.selectOption({ label });
  }

  async choose(field: Locator): Promise<void> {
    // The field itself is drawn by its label.
    await this.page.locator(`label[for="${await field.getAttribute("id")}"]`).click();
    await expect(field).toBeChecked();
  }

  async find(box: Locator, text: string, offered: Locator): Promise<void> {
    await box.fill(text);
    await offered.click();
  }
}

/** More than any page has. */
const FAR = 150;

export class Keyboard extends Hands {
  static readonly way = "by keyboard alone";

  async press(what: Locator): Promise<void> {
    await this.reach(what);
    await this.page.keyboard.press("Enter");
  }

  async type(field: Locator, text: string): Promise<void> {
    await this.reach(field);
    await this.page.keyboard.press("ControlOrMeta+A");
    if (text) await this.page.keyboard.type(text);
    else await this.page.keyboard.press("Delete");
  }

  async date(field: Locator, days: number): Promise<void> {
    const day = inDays(days);
    const [year = "", month = "", rest = ""] = day.split("-");
    await this.type(field, month + rest + year);
    // Who leaves the field sees how it was read.
    await this.page.keyboard.press("Tab");
    await expect(field).toHaveValue(`${month}/${rest}/${year}`);
    await this.page.keyboard.press("Shift+Tab");
  }

  async select(field: Locator, beginning: string): Promise<void> {
    // Nobody types what is not offered yet.
    await expect(field.locator("option", { hasText: beginning })).not.toHaveCount(0);
    await this.reach(field);
    await this.page.keyboard.type(beginning);
    await expect(field.locator("option:checked")).toHaveText(new RegExp(`^${escaped(beginning)}`));
  }

  async choose(field: Locator): Promise<void> {
    await this.reach(field);
    // In a group of radio buttons arrows lead on.
    for (let moves = 0; moves < FAR && !(await has(field)); moves++) await this.page.keyboard.press("ArrowDown");
    if (!(await field.isChecked())) await this.page.keyboard.press("Space");
    await expect(field).toBeChecked();
  }

  async find(box: Locator, text: string, offered: Locator): Promise<void> {
    await this.type(box, text);
    await expect(offered).toBeVisible();
    const id = (await offered.getAttribute("id")) ?? "";
    for (let moves = 0; moves < FAR && (await box.getAttribute("aria-activedescendant")) !== id; moves++) await this.page.keyboard.press("ArrowDown");
    await this.page.keyboard.press("Enter");
    await expect(box).toBeFocused();
  }

  /** Moves to what is wanted, where the focus must be seen. */
  private async reach(wanted: Locator): Promise<void> {
    for (let moves = 0; moves < FAR; moves++) {
      const where = await wanted.evaluate(from);
      if (where === "here") {
        expect(await wanted.evaluate(outline), `the focus is seen at ${wanted}`).not.toBe("none");
        return;
      }
      await this.page.keyboard.press(where);
    }
    throw new Error(`${wanted} is not reached by keyboard`);
  }
}

export const BOTH = [Mouse, Keyboard];

/** A page is worked in with a mouse where nothing else is said. */
export type By = Page | Hands;

export function handsOf(by: By): Hands {
  return by instanceof Hands ? by : new Mouse(by);
}

function has(field: Locator): Promise<boolean> {
  return field.evaluate((element) => element === document.activeElement);
}

/** The key that leads towards an element from where the focus is. Radio buttons of one name are one stop. */
function from(wanted: Element): "here" | "Tab" | "Shift+Tab" {
  const now = document.activeElement;
  const group = now instanceof HTMLInputElement && now.type === "radio" && wanted instanceof HTMLInputElement && now.name === wanted.name;
  if (now === wanted || group) return "here";
  const before = now ? now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING : 0;
  return before ? "Shift+Tab" : "Tab";
}

/** Radio buttons and checkboxes are drawn by what comes before their label. */
function outline(element: Element): string {
  const focused = document.activeElement ?? element;
  const drawn = focused instanceof HTMLInputElement && ["radio", "checkbox"].includes(focused.type) ? focused.labels?.[0] : undefined;
  return drawn ? getComputedStyle(drawn, "::before").outlineStyle : getComputedStyle(focused).outlineStyle;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
