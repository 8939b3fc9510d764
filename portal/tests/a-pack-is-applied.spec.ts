// A Contract Manager puts the agency's own rules in place: what is wrong with them, what they change, applied from a day on, and
// withdrawn before it.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { BOTH, Keyboard, Mouse, type Attached } from "./hands";
import { staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { inDays } from "./stack";

/** Each way in a contract of its own: of two who apply at the same moment one is told to look again. */
const CONTRACTS = {
  [Mouse.way]: { id: "arkansas", name: "Arkansas Medicaid: Day Habilitative Services" },
  [Keyboard.way]: { id: "commercial", name: "Copper Birch Health Plan" },
} as const;

/** The pack of a contract as one archive, under another version and with another time until accounts are dormant. */
function archive(contract: string, version: string, from: string, days: string): Attached {
  const folder = `../contracts/${contract}`;
  const files: { [name: string]: string } = {};
  for (const name of [...readdirSync(folder), ...readdirSync(`${folder}/questionnaires`).map((one) => `questionnaires/${one}`)]) {
    if (/\.(toml|json)$/.test(name)) files[`${contract}/${name}`] = readFileSync(`${folder}/${name}`, "utf8");
  }
  const place = `${contract}/contract.toml`;
  files[place] = (files[place] ?? "")
    .replace('version = "2026.1"', `version = "${version}"`)
    .replace('effective-from = "2026-01-01"', `effective-from = "${from}"`)
    .replace(/dormant-days = \d+/, `dormant-days = ${days}`);
  const zip = "import json, sys, zipfile\nwith zipfile.ZipFile(sys.stdout.buffer, 'w', zipfile.ZIP_DEFLATED) as out:\n    for name, text in json.load(sys.stdin).items(): out.writestr(name, text)\n";
  return { name: `${contract}-${version}.zip`, mimeType: "application/zip", buffer: execFileSync("python3", ["-c", zip], { input: JSON.stringify(files) }) };
}

for (const Way of BOTH) {
  test(`a pack is checked, applied and withdrawn, ${Way.way}`, async ({ page }) => {
    const hands = new Way(page);
    const version = `2090.${Math.floor(Math.random() * 1_000_000)}`;
    const contract = CONTRACTS[Way.way] ?? CONTRACTS[Mouse.way];
    // Another number than that of any pack before.
    const days = String(100 + Math.floor(Math.random() * 100_000));
    const from = inDays(20_000 + Math.floor(Math.random() * 5000));
    await signIn(hands, staff("contractManager"), "/staff/sign-in");
    await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Contract packs" }));
    await expect(focused(page)).toHaveText("Contract packs");
    const packs = page.getByRole("table", { name: "Packs of your contracts" });
    await expect(packs.getByRole("row", { name: /2026\.1.*In force/ }).first()).toBeVisible();
    await accessible(page);
    await hands.link("Apply a pack");
    await expect(focused(page)).toHaveText("Apply a pack");
    await hands.button("Check");
    await expect(page.getByRole("link", { name: "Contract is required." })).toBeVisible();
    await hands.select(page.getByRole("combobox", { name: /^Contract/ }), contract.name);
    await hands.button("Check");
    await expect(page.getByText("Choose the ZIP file of the pack.")).toBeVisible();
    await expect(focused(page)).toHaveAttribute("id", "archive");
    await accessible(page);

    const file = page.getByLabel("Archive of the pack");
    await hands.attach(file, { name: "big.zip", mimeType: "application/zip", buffer: Buffer.alloc(710_000) });
    await expect(page.getByText("This file is too large: at most 700 KB are taken.")).toBeVisible();
    await hands.attach(file, archive(contract.id, version, from, '"sixty"'));
    await expect(page.getByText(`Chosen: ${contract.id}-${version}.zip`)).toBeVisible();
    await hands.button("Check");
    await expect(focused(page)).toHaveText("What was found");
    await expect(page.getByText("1 problem keeps it from being applied")).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: /^contract\.toml:\d+: accounts: invalid type: string "sixty"/ })).toBeVisible();
    await expect(page.getByRole("button", { name: "Apply", exact: true })).toBeHidden();
    await accessible(page);

    await hands.attach(file, archive(contract.id, version, from, days));
    await expect(page.getByText("1 problem keeps it from being applied")).toBeHidden();
    await hands.button("Check");
    await expect(focused(page)).toHaveText("What was found");
    await expect(page.getByRole("listitem").filter({ hasText: new RegExp(`^accounts, dormant-days: \\d+ becomes ${days}\\.$`) })).toBeVisible();
    await expect(page.getByText(new RegExp(`^${version.replace(".", "\\.")} would hold from`))).toBeVisible();
    await accessible(page);
    await hands.button("Try on past requests");
    await expect(page.getByText(/^(No request was handed in on these days|Of \d+ requests a rule approves \d+ under the packs that held, and \d+ under this one)\.$/)).toBeVisible();
    await accessible(page);
    await hands.button("Apply");
    const dialog = page.getByRole("dialog");
    await expect(dialog).toHaveAccessibleName(`Apply ${version} to ${contract.name}?`);
    await accessible(page);
    await hands.press(dialog.getByRole("button", { name: "Apply" }));
    await expect(focused(page)).toContainText(`${version} is applied: it holds from`);
    const row = packs.getByRole("row", { name: new RegExp(version.replace(".", "\\.")) });
    await expect(row).toContainText("To come");
    await expect(row).toContainText(staff("contractManager").username);
    await accessible(page);
    // Told once.
    await page.reload();
    await expect(row).toContainText("To come");
    await expect(page.getByText(`${version} is applied`)).toBeHidden();

    await hands.press(row.getByRole("button", { name: `Withdraw ${version}` }));
    await expect(dialog).toHaveAccessibleName(`Withdraw ${version}?`);
    await accessible(page);
    await hands.press(dialog.getByRole("button", { name: "Withdraw" }));
    await expect(focused(page)).toContainText(`${version} is withdrawn.`);
    await expect(row).toBeHidden();
    await hands.button("Español");
    await expect(packs.or(page.getByRole("table", { name: "Paquetes de sus contratos" }))).toContainText("Vigente");
    await accessible(page);
  });
}
