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
let lending = false;

const FIELDS = "input, select, textarea";

function note({ target }: Event): void {
  if (!lending && target instanceof HTMLElement && target.id && target.matches(FIELDS)) last = target.id;
}

document.addEventListener("focusin", note);
document.addEventListener("input", note);

/** Where the focus is put so that it is not lost, nobody works yet: until something is typed there, the field before counts. */
export function lend(to: HTMLElement): void {
  lending = true;
  to.focus();
  lending = false;
}

/** The field that had the focus last, if it is still on the page: a button that was pressed since is no field. */
export function lastField(): string | undefined {
  return last && document.getElementById(last) ? last : undefined;
}

/** A question that stood in the way of a form is answered: the work goes on at its field. */
export function goOn(): void {
  const field = lastField();
  if (field) document.getElementById(field)?.focus();
}
