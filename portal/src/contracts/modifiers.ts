/** Modifiers as people type them: `U6, UB`, `U6 UB`, `u6-ub`. */
export function modifiersOf(typed: string): string[] {
  return typed.split(/[^A-Za-z0-9]+/).filter(Boolean);
}
