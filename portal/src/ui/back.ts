// Where a person was when they had to sign in: the way back, for this tab, used once. An address has nothing personal in it.

interface Back {
  address: string;
  /** Id of the field that had the focus. */
  field: string | undefined;
}

const BACK = "portico.back";

export function keepBack(address: string, field?: string): void {
  sessionStorage.setItem(BACK, JSON.stringify({ address, field } satisfies Back));
}

export function takeBack(): Back | undefined {
  const text = sessionStorage.getItem(BACK);
  sessionStorage.removeItem(BACK);
  return text ? (JSON.parse(text) as Back) : undefined;
}

let last: string | undefined;
/** Whoever goes by keyboard comes through fields on the way to a button: what they typed in last counts before those. */
let passed: string | undefined;
let walking = false;
let lending = false;

const FIELDS = "input, select, textarea";

function note({ type, target }: Event): void {
  if (lending || !(target instanceof HTMLElement) || !target.id || !target.matches(FIELDS)) return;
  if (walking && type === "focusin") passed = target.id;
  else last = target.id;
}

document.addEventListener("keydown", ({ key }) => void (walking = key === "Tab"), true);
document.addEventListener("pointerdown", () => void (walking = false), true);
document.addEventListener("focusin", note);
document.addEventListener("input", note);

/** Where the focus is put so that it is not lost, nobody works yet: until something is typed there, the field before counts. */
export function lend(to: HTMLElement): void {
  lending = true;
  to.focus();
  lending = false;
}

/** The field that was worked in last, if it is still on the page: a button that was pressed since is no field. */
export function lastField(): string | undefined {
  return [last, passed].find((id) => id && document.getElementById(id));
}

/** A question that stood in the way of a form is answered: the work goes on at its field. */
export function goOn(): void {
  const field = lastField();
  if (field) document.getElementById(field)?.focus();
}
