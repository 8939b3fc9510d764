// The rules of a password that can be told while it is typed. The API has more: one that is easily guessed, or was used
// before, is told when it is sent.

export const RULES = ["length", "upper", "lower", "digit", "special"] as const;
export type Rule = (typeof RULES)[number];

const KEPT: Record<Rule, (password: string) => boolean> = {
  length: (password) => [...password].length >= 14,
  upper: (password) => /[A-Z]/.test(password),
  lower: (password) => /[a-z]/.test(password),
  digit: (password) => /[0-9]/.test(password),
  special: (password) => /[!-/:-@[-`{-~]/.test(password),
};

export function keeps(rule: Rule, password: string): boolean {
  return KEPT[rule](password);
}
