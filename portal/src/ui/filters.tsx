import { useSearchParams } from "react-router";
import { useWords } from "../words/words";
import { STAY } from "./asked";
import type { Option } from "./choices";

export interface Filter {
  /** In the address. */
  name: string;
  label: string;
  /** What choosing nothing means. */
  all: string;
  options: readonly Option[];
}

/** Of each filter one of its values, or nothing. */
type Chosen<F extends Filter> = { [N in F["name"]]?: Extract<F, { name: N }>["options"][number]["value"] };

/** What is chosen in the address, of what can be chosen: an address may be typed by hand. */
export function useFilters<F extends Filter>(filters: readonly F[]): Chosen<F> {
  const [search] = useSearchParams();
  const chosen = filters.flatMap(({ name, options }) => {
    const value = search.get(name);
    return options.some((option) => option.value === value) ? [[name, value]] : [];
  });
  return Object.fromEntries(chosen) as Chosen<F>;
}

/** Narrows a list, at once. What is chosen stands in the address, so that it can be kept and shared. */
export function Filters({ filters, label }: { filters: readonly Filter[]; label: string }) {
  const words = useWords().ui;
  const [search, setSearch] = useSearchParams();
  const choose = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { ...STAY, replace: true });
  };
  return (
    <fieldset className="usa-fieldset filters" aria-label={label}>
      {filters.map(({ name, label: of, all, options }) => (
        <div key={name}>
          <label className="usa-label" htmlFor={`filter-${name}`}>
            {of}
          </label>
          <select id={`filter-${name}`} className="usa-select" value={search.get(name) ?? ""} onChange={(event) => choose(name, event.target.value)}>
            <option value="">{all || words.choose}</option>
            {options.map(({ value, label: text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </div>
      ))}
    </fieldset>
  );
}
