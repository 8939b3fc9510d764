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

document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLElement && target.id && target.matches("input, select, textarea")) last = target.id;
});

/** The field that had the focus last, if it is still on the page: a button that was pressed since is no field. */
export function lastField(): string | undefined {
  return last && document.getElementById(last) ? last : undefined;
}
