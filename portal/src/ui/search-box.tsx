import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCombobox } from "downshift";
import { useEffect, useState, type ReactNode } from "react";
import { useWords } from "../words/words";
import { Labelled } from "./field";

interface Props<T> {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** Names the kind of what is found, to keep answers apart. */
  of: readonly string[];
  find: (text: string, signal: AbortSignal) => Promise<readonly T[]>;
  /** As one line of text. */
  text: (found: T) => string;
  /** As a row of the list; the text when absent. */
  row?: (found: T) => ReactNode;
  keyOf: (found: T) => string;
  onChoose: (found: T) => void;
  /** Characters before it is searched. */
  least?: number;
}

/** Found while typing, chosen from a list, by mouse or arrow keys. */
export function SearchBox<T>({ id, label, hint, error, of, find, text, row, keyOf, onChoose, least = 2 }: Props<T>) {
  const words = useWords().ui;
  const [typed, setTyped] = useState("");
  const asked = useDelayed(typed.trim(), 200);
  const wanted = asked.length >= least;
  const { data, isFetching, isError } = useQuery({
    queryKey: ["search", ...of, asked],
    queryFn: ({ signal }) => find(asked, signal),
    enabled: wanted,
    placeholderData: keepPreviousData,
  });
  const found = wanted ? [...(data ?? [])] : [];
  const box = useCombobox<T>({
    id,
    inputId: id,
    items: found,
    inputValue: typed,
    selectedItem: null,
    itemToString: (item) => (item ? text(item) : ""),
    onSelectedItemChange: ({ selectedItem }) => {
      if (!selectedItem) return;
      setTyped("");
      onChoose(selectedItem);
    },
  });
  const status = !wanted ? "" : isFetching ? words.searching : isError ? words.refused.unavailable : found.length ? words.found(found.length) : words.nothingFound;
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <Labelled id={id} label={label} hint={hint} error={error}>
      <div className="usa-combo-box search-box">
        <input
          {...box.getInputProps({
            // At the key press itself: told by the list, a letter would come too late and push out one that was typed since.
            onChange: (event) => setTyped((event.target as HTMLInputElement).value),
          })}
          className="usa-input" autoComplete="off" aria-describedby={described || undefined} />
        <ul {...box.getMenuProps({ "aria-label": label })} className="usa-combo-box__list" hidden={!box.isOpen || found.length === 0}>
          {box.isOpen &&
            found.map((item, index) => (
              <li
                key={keyOf(item)}
                {...box.getItemProps({ item, index })}
                className={
                  box.highlightedIndex === index ? "usa-combo-box__list-option usa-combo-box__list-option--focused" : "usa-combo-box__list-option"
                }
              >
                {row ? row(item) : text(item)}
              </li>
            ))}
        </ul>
      </div>
      <p className="usa-hint" role="status">
        {status}
      </p>
    </Labelled>
  );
}

/** The value when it has been the same for a while. */
function useDelayed(value: string, milliseconds: number): string {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
