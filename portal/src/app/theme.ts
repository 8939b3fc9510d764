// How the portal looks for whom: name, seal and colour of the contract of the case that is open, or of somebody's only one; those of
// the portal elsewhere.

import type { Config, Look } from "../api/config";

export interface Theme {
  name: string;
  seal: string;
  colour: string;
}

const OWN = { colour: "#162e51", seal: "/seal.svg" };
/** WCAG 1.4.3 for text of any size, here the white one of the header. */
const LEAST = 4.5;

/**
 * @param contracts those of the person who is signed in
 * @param open that of the case which is open
 */
export function themeOf(config: Config, contracts: readonly { id: string; name: string }[], open?: string): Theme {
  const [only, ...others] = contracts;
  const one = contracts.find(({ id }) => id === open) ?? (others.length === 0 ? only : undefined);
  const look: Look = (one && config.contracts[one.id]) ?? {};
  return {
    name: one?.name ?? config.name,
    seal: picture(look.seal) ?? picture(config.seal) ?? OWN.seal,
    colour: readable(look.colour) ?? readable(config.colour) ?? OWN.colour,
  };
}

/** Of the portal's own files alone. */
function picture(seal: string | undefined): string | undefined {
  return seal && /^\/[\w-][\w/.-]*\.(svg|png|webp)$/.test(seal) ? seal : undefined;
}

/** The colour, or the next darker one of its kind on which white text can be read; none for what is no colour. */
export function readable(colour: string | undefined): string | undefined {
  if (!colour || !/^#[\da-f]{6}$/i.test(colour)) return undefined;
  let parts = partsOf(colour);
  while (contrastWithWhite(parts) < LEAST) parts = parts.map((part) => Math.floor(part * 0.97));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** The ratio of WCAG 2.2 between a colour and white. */
export function contrast(colour: string): number {
  return contrastWithWhite(partsOf(colour));
}

function partsOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function contrastWithWhite(parts: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
