// The second factors, by the names of the API.

export const FACTORS = ["app", "email", "text", "voice"] as const;
export type Factor = (typeof FACTORS)[number];

export function isFactor(name: string): name is Factor {
  return FACTORS.some((factor) => factor === name);
}
