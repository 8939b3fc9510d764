import { useFormContext, useWatch } from "react-hook-form";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Checkboxes, Radios, Select } from "../ui/choices";
import { DateField } from "../ui/date-field";
import { Field, TextArea } from "../ui/field";
import { idOf } from "../ui/pointers";
import { useWords } from "../words/words";
import { askedNames } from "./questionnaire-asked";
import { MOST_REPEATS, OTHER, blank, copyOf, isChoiceOfSeveral, isWholeNumber, unitsOf, type FormItem, type Item, type Typed } from "./questionnaire";

type Documents = Schemas["DocumentView"][];

interface LevelProps {
  asks: readonly Item[];
  items: readonly FormItem[];
  /** Of the list that the items stand in: `item`, `item.2.item`. */
  name: string;
  /** Of the form items that are asked now. */
  shown: ReadonlySet<string>;
  documents: Documents;
}

/** The questions as far as they are asked by what is answered. */
export function Questions({ asks, documents }: { asks: readonly Item[]; documents: Documents }) {
  const items = useWatch({ name: "item" }) as FormItem[];
  return <Level asks={asks} items={items} name="item" shown={askedNames(asks, items)} documents={documents} />;
}

function Level({ asks, items, name, shown, documents }: LevelProps) {
  return asks.map((item) => {
    if (item.type === "display") {
      return shown.has(`${name}:${item.linkId}`) && (
        <p key={item.linkId} lang="en">
          {labelOf(item)}
        </p>
      );
    }
    const places = items.flatMap((of, place) => (of.linkId === item.linkId && shown.has(`${name}.${place}`) ? [place] : []));
    if (item.type === "group") return <Group key={item.linkId} {...{ item, items, name, shown, documents, places }} />;
    return places.map((place) => <Question key={item.linkId} item={item} typed={items[place]?.answer ?? []} name={`${name}.${place}.answer`} documents={documents} />);
  });
}

const labelOf = ({ prefix, text }: Item) => (prefix ? `${prefix} ${text}` : text);

interface GroupProps extends Omit<LevelProps, "asks"> {
  item: Item;
  /** Where its copies stand. */
  places: number[];
}

function Group({ item, items, name, shown, documents, places }: GroupProps) {
  const words = useWords().questionnaires;
  const { setValue } = useFormContext();
  const last = places.at(-1);
  if (last === undefined) return null;
  const put = (next: FormItem[]) => setValue(name, next, { shouldDirty: true });
  return (
    <>
      {places.map((place, number) => (
        <fieldset key={place} className="usa-fieldset margin-top-3" id={idOf(`${name}.${place}.linkId`)}>
          <legend className="usa-legend usa-legend--large" lang="en">
            {item.repeats ? words.copy(labelOf(item), number + 1) : labelOf(item)}
          </legend>
          <Level asks={item.item ?? []} items={items[place]?.item ?? []} name={`${name}.${place}.item`} shown={shown} documents={documents} />
          {item.repeats && places.length > 1 && (
            <p>
              <Button look="outline" onClick={() => put(items.filter((_, other) => other !== place))}>
                {words.removeCopy(labelOf(item), number + 1)}
              </Button>
            </p>
          )}
        </fieldset>
      ))}
      {item.repeats && places.length < MOST_REPEATS && (
        <p>
          <Button look="outline" onClick={() => put(items.toSpliced(last + 1, 0, copyOf(item)))}>
            {words.addCopy(labelOf(item))}
          </Button>
        </p>
      )}
    </>
  );
}

interface QuestionProps {
  item: Item;
  typed: readonly Typed[];
  /** Of its answers. */
  name: string;
  documents: Documents;
}

function Question({ item, typed, name, documents }: QuestionProps) {
  const words = useWords().questionnaires;
  const { setValue } = useFormContext();
  const text = labelOf(item);
  const rows = item.repeats === true && !isChoiceOfSeveral(item);
  const put = (next: Typed[]) => setValue(name, next, { shouldDirty: true });
  return (
    <div id={idOf(name)} tabIndex={-1}>
      {typed.map((one, place) => ({ one, place, field: `${name}.${place}` })).map(({ one, place, field }) => (
        <div key={field}>
          <AnswerField item={item} typed={one} name={field} label={words.answer(text, place + 1)} required={item.required === true && place === 0} documents={documents} />
          {rows && typed.length > 1 && (
            <p>
              <Button look="outline" onClick={() => put(typed.filter((_, other) => other !== place))}>
                {words.removeAnswer(text, place + 1)}
              </Button>
            </p>
          )}
        </div>
      ))}
      {rows && typed.length < MOST_REPEATS && (
        <p>
          <Button look="outline" onClick={() => put([...typed, blank(item)])}>
            {words.addAnswer(text)}
          </Button>
        </p>
      )}
    </div>
  );
}

interface AnswerProps {
  item: Item;
  typed: Typed;
  name: string;
  label: string;
  required: boolean;
  documents: Documents;
}

/** More than these are a list to choose from. */
const FEW = 7;

function AnswerField({ item, typed, name, label, required, documents }: AnswerProps) {
  const words = useWords().questionnaires;
  const field = { label, labelLang: "en", required };
  const options = (item.answerOption ?? []).map(({ valueCoding: { code, display } }) => ({ value: code, label: display ?? code, lang: "en" }));
  const numeric = { validate: (text: string) => !text || Number.isFinite(Number(text)) || words.number(label) };
  switch (item.type) {
    case "boolean":
      return (
        <Radios
          {...field}
          name={`${name}.valueBoolean`}
          options={[
            { value: "true", label: words.yes },
            { value: "false", label: words.no },
          ]}
        />
      );
    case "decimal":
      return <Field {...field} name={`${name}.valueDecimal`} inputMode="decimal" width="medium" rules={numeric} />;
    case "integer":
      return <Field {...field} name={`${name}.valueInteger`} inputMode="numeric" width="medium" rules={{ validate: (text: string) => !text || isWholeNumber(text) || words.wholeNumber(label) }} />;
    case "date":
      return <DateField {...field} name={`${name}.valueDate`} />;
    case "text":
      return <TextArea {...field} name={`${name}.valueString`} maxLength={item.maxLength ?? 4000} />;
    case "choice":
      if (item.repeats) return <Checkboxes {...field} name={`${name}.valueCoding`} options={options} />;
      return options.length > FEW ? <Select {...field} name={`${name}.valueCoding`} options={options} /> : <Radios {...field} name={`${name}.valueCoding`} options={options} />;
    case "open-choice":
      return (
        <>
          <Radios {...field} name={`${name}.valueCoding`} options={[...options, { value: OTHER, label: words.other }]} />
          {typed.valueCoding === OTHER && <Field name={`${name}.valueString`} label={words.otherWhat(label)} required={required} maxLength={item.maxLength ?? 500} />}
        </>
      );
    case "quantity":
      return <QuantityField item={item} name={`${name}.valueQuantity`} label={label} required={required} rules={numeric} />;
    case "attachment":
      return (
        <Select
          {...field}
          name={`${name}.valueAttachment`}
          hint={words.document}
          options={documents.filter(({ state }) => state === "accepted" || state === "awaited").map(({ id, fileName }) => ({ value: id, label: fileName }))}
        />
      );
    default:
      return <Field {...field} name={`${name}.valueString`} maxLength={item.maxLength ?? 500} />;
  }
}

interface QuantityProps {
  item: Item;
  name: string;
  label: string;
  required: boolean;
  rules: { validate: (text: string) => true | string | boolean };
}

function QuantityField({ item, name, label, required, rules }: QuantityProps) {
  const words = useWords().questionnaires;
  const units = unitsOf(item);
  const one = units.length === 1 ? (units[0]?.display ?? units[0]?.code) : undefined;
  return (
    <div id={idOf(name)} tabIndex={-1}>
      <Field name={`${name}.value`} label={label} labelLang="en" hint={one && <span lang="en">{one}</span>} required={required} inputMode="decimal" width="medium" rules={rules} />
      {units.length > 1 && <Select name={`${name}.code`} label={words.unit(label)} required options={units.map(({ code, display }) => ({ value: code, label: display ?? code, lang: "en" }))} />}
    </div>
  );
}
