// A step of a guide, by mouse and under the guide's own name.

import { expect, focused, type Page } from "./portal";

export const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
export const follow = (page: Page, name: string) => page.getByRole("link", { name, exact: true }).click();
export const heading = (page: Page, text: string) => expect(focused(page)).toHaveText(text);
