import { api, body } from "../api/client";
import type { Schemas } from "../api/types";
import { Labelled } from "../ui/field";
import { SearchBox } from "../ui/search-box";
import { useWords } from "../words/words";

type Code = Schemas["FoundCode"];

interface Props {
  id: string;
  system: "icd10cm" | "hcpcs";
  label: string;
  hint?: string;
  error?: string | undefined;
  onChoose: (code: Code) => void;
}

/** A code, found by its beginning or by words of its description. */
export function CodeSearch({ system, ...box }: Props) {
  const words = useWords().cases;
  const about = ({ billable }: Code) => (billable ? "" : ` (${words.diagnoses.header})`);
  return (
    <SearchBox<Code>
      {...box}
      of={["codes", system]}
      find={async (text, signal) => (await body(api.GET("/codes/{system}", { params: { path: { system }, query: { q: text } }, signal }))).codes}
      keyOf={({ code }) => code}
      text={(found) => `${found.code} ${found.description}${about(found)}`}
      row={(found) => (
        <span lang="en">
          <strong>{found.code}</strong> {found.description}
          {about(found)}
        </span>
      )}
    />
  );
}

interface TypeProps<T extends string> {
  id: string;
  label: string;
  types: Readonly<Record<T, string>>;
  value: T;
  onChange?: (type: T) => void;
}

/** Of which kind the codes are that are looked for. */
export function CodeType<T extends string>({ id, label, types, value, onChange }: TypeProps<T>) {
  return (
    <Labelled id={id} label={label}>
      <select id={id} className="usa-select" value={value} onChange={(event) => onChange?.(event.target.value as T)}>
        {(Object.keys(types) as T[]).map((type) => (
          <option key={type} value={type}>
            {types[type]}
          </option>
        ))}
      </select>
    </Labelled>
  );
}
