// The rules of a password that can be told while it is typed. The API has more: one that is easily guessed, or was used
// before, is told when it is sent.

export const RULES = ["length", "upper", "lower", "digit", "special"] as const;
export type Rule = (typeof RULES)[number];

const KEPT: Record<Rule, (password: string) => boolean> = {
  length: (password) => [...password].length >= 14,
  upper: (password) => /\p{Lu}/u.test(password),
  lower: (password) => /\p{Ll}/u.test(password),
  digit: (password) => /\d/.test(password),
  special: (password) => /[^\p{L}\p{N}\s]/u.test(password),
};

export function keeps(rule: Rule, password: string): boolean {
  return KEPT[rule](password);
}
