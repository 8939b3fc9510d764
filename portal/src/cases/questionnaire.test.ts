import { describe, expect, it } from "vitest";
import { askedNames, isTrue } from "./questionnaire-asked";
import { OTHER, blank, carried, copyOf, formItems, isSendable, sentItems, type Answer, type EnableWhen, type FormItem, type Item, type Typed } from "./questionnaire";

const unit = { url: "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption", valueCoding: { code: "kg", display: "kilograms" } };
const options = ["a", "b"].map((code) => ({ valueCoding: { code, display: code.toUpperCase() } }));

const FALLS: Item[] = [
  { linkId: "falls", text: "Did the member fall?", type: "boolean", required: true },
  { linkId: "hint", text: "Count all.", type: "display", enableWhen: [{ question: "falls", operator: "=", answerBoolean: true }] },
  {
    linkId: "about",
    text: "About the falls",
    type: "group",
    enableWhen: [{ question: "falls", operator: "=", answerBoolean: true }],
    item: [
      { linkId: "times", text: "How often?", type: "integer" },
      { linkId: "hurt", text: "What was hurt?", type: "string", enableWhen: [{ question: "times", operator: ">", answerInteger: 2 }] },
    ],
  },
];

const MEDICINES: Item[] = [
  {
    linkId: "medicine",
    text: "Medicine",
    type: "group",
    repeats: true,
    item: [
      { linkId: "infused", text: "Infused?", type: "boolean" },
      { linkId: "through", text: "Through what?", type: "string", enableWhen: [{ question: "infused", operator: "=", answerBoolean: true }] },
    ],
  },
  { linkId: "nurse", text: "Who infuses?", type: "string", enableWhen: [{ question: "infused", operator: "=", answerBoolean: true }] },
];

function type(items: FormItem[], path: number[], typed: Typed): FormItem[] {
  const [place = 0, ...rest] = path;
  return items.with(place, rest.length > 0 ? { ...items[place]!, item: type(items[place]!.item, rest, typed) } : { ...items[place]!, answer: [typed] });
}

const asked = (asks: Item[], items: FormItem[]) => [...askedNames(asks, items)];

describe("what is asked", () => {
  it("follows what is answered, at once", () => {
    let items = formItems(FALLS, []);
    expect(asked(FALLS, items)).toEqual(["item.0"]);
    items = type(items, [0], { valueBoolean: "true" });
    expect(asked(FALLS, items)).toEqual(["item.0", "item:hint", "item.1", "item.1.item.0"]);
    items = type(items, [1, 0], { valueInteger: "3" });
    expect(asked(FALLS, items)).toContain("item.1.item.1");
    items = type(items, [0], { valueBoolean: "false" });
    expect(asked(FALLS, items)).toEqual(["item.0"]);
  });

  it("is asked in each copy of a group by its own answers, and after it by those of all", () => {
    let items = [copyOf(MEDICINES[0]!), ...formItems(MEDICINES, [])];
    items = type(items, [1, 0], { valueBoolean: "true" });
    expect(asked(MEDICINES, items)).toEqual(["item.0", "item.0.item.0", "item.1", "item.1.item.0", "item.1.item.1", "item.2"]);
  });
});

describe("a condition", () => {
  const holds = (operator: EnableWhen["operator"], wanted: Partial<EnableWhen>, ...answers: Answer[]) => isTrue({ question: "x", operator, ...wanted }, answers);

  it.each([
    ["integer", { answerInteger: 3 }, { valueInteger: 2 }, { valueInteger: 3 }, { valueInteger: 4 }],
    ["decimal", { answerDecimal: 2.5 }, { valueDecimal: 2.25 }, { valueDecimal: 2.5 }, { valueDecimal: 2.75 }],
    ["date", { answerDate: "2026-05-07" }, { valueDate: "2026-05-06" }, { valueDate: "2026-05-07" }, { valueDate: "2026-05-08" }],
    [
      "quantity",
      { answerQuantity: { value: 3, code: "kg" } },
      { valueQuantity: { value: 2, code: "kg" } },
      { valueQuantity: { value: 3, code: "kg" } },
      { valueQuantity: { value: 4, code: "kg" } },
    ],
  ])("compares: %s", (_, wanted, less, same, more) => {
    const of = (operator: EnableWhen["operator"]) => [less, same, more].map((answer) => holds(operator, wanted, answer));
    expect(of("=")).toEqual([false, true, false]);
    expect(of("!=")).toEqual([true, false, true]);
    expect(of(">")).toEqual([false, false, true]);
    expect(of("<")).toEqual([true, false, false]);
    expect(of(">=")).toEqual([false, true, true]);
    expect(of("<=")).toEqual([true, true, false]);
  });

  it("compares what has no order by being the same", () => {
    expect(holds("=", { answerBoolean: false }, { valueBoolean: false })).toBe(true);
    expect(holds("=", { answerString: "home" }, { valueString: " home " })).toBe(true);
    expect(holds("=", { answerCoding: { code: "a" } }, { valueCoding: { code: "b" } }, { valueCoding: { code: "a" } })).toBe(true);
    expect(holds("!=", { answerCoding: { code: "a" } }, { valueCoding: { code: "b" } }, { valueCoding: { code: "a" } })).toBe(false);
    expect(holds("!=", { answerCoding: { code: "a" } })).toBe(true);
    expect(holds("=", { answerQuantity: { value: 3, code: "kg" } }, { valueQuantity: { value: 3, code: "lb" } })).toBe(false);
  });

  it("asks whether there is an answer", () => {
    expect(holds("exists", { answerBoolean: true }, { valueBoolean: false })).toBe(true);
    expect(holds("exists", { answerBoolean: true })).toBe(false);
    expect(holds("exists", { answerBoolean: false })).toBe(true);
  });
});

describe("answers", () => {
  const ALL: Item[] = [
    { linkId: "boolean", text: "B", type: "boolean" },
    { linkId: "decimal", text: "D", type: "decimal" },
    { linkId: "integer", text: "I", type: "integer", repeats: true },
    { linkId: "date", text: "D", type: "date" },
    { linkId: "string", text: "S", type: "string" },
    { linkId: "choice", text: "C", type: "choice", answerOption: options },
    { linkId: "several", text: "C", type: "choice", repeats: true, answerOption: options },
    { linkId: "open", text: "O", type: "open-choice", answerOption: options },
    { linkId: "quantity", text: "Q", type: "quantity", extension: [unit] },
    { linkId: "attachment", text: "A", type: "attachment" },
  ];
  const answered = [
    { linkId: "boolean", text: "B", answer: [{ valueBoolean: false }] },
    { linkId: "decimal", text: "D", answer: [{ valueDecimal: 2.5 }] },
    { linkId: "integer", text: "I", answer: [{ valueInteger: 3 }, { valueInteger: 4 }] },
    { linkId: "date", text: "D", answer: [{ valueDate: "2026-05-07" }] },
    { linkId: "string", text: "S", answer: [{ valueString: "One" }] },
    { linkId: "choice", text: "C", answer: [options[1]!] },
    { linkId: "several", text: "C", answer: options },
    { linkId: "open", text: "O", answer: [{ valueString: "Else" }] },
    { linkId: "quantity", text: "Q", answer: [{ valueQuantity: { value: 3.5, code: "kg" } }] },
    { linkId: "attachment", text: "A", answer: [{ valueAttachment: { url: "doc_1" } }] },
  ];

  it("go into a form and come back as they were", () => {
    expect(sentItems(ALL, formItems(ALL, answered))).toEqual(answered);
  });

  it("that are open keep their place", () => {
    const sent = sentItems(ALL, formItems(ALL, []));
    expect(sent.map(({ linkId }) => linkId)).toEqual(ALL.map(({ linkId }) => linkId));
    expect(sent.flatMap(({ answer = [] }) => answer.flatMap((one) => Object.keys(one)))).toEqual([]);
  });

  it("of an earlier version that do not fit are left out", () => {
    const gone = [{ linkId: "choice", answer: [{ valueCoding: { code: "z" } }] }, { linkId: "no-more", answer: [{ valueString: "One" }] }];
    expect(formItems(ALL, gone)).toEqual(formItems(ALL, []));
  });

  it("typed while an earlier version asked stay as they are typed, where they fit", () => {
    const typed = formItems(ALL, answered);
    expect(carried(ALL, typed)).toEqual(typed);
    const half = [{ linkId: "decimal", answer: [{ valueDecimal: "2,5 k" }], item: [] }, { linkId: "open", answer: [{ valueCoding: OTHER, valueString: "Els" }], item: [] }];
    expect(carried(ALL, half).filter(({ linkId }) => linkId === "decimal" || linkId === "open")).toEqual(half);
    const NOW: Item[] = [
      { linkId: "boolean", text: "B", type: "string" },
      { linkId: "choice", text: "C", type: "choice", answerOption: options.slice(0, 1) },
      { linkId: "several", text: "C", type: "choice", answerOption: options },
      { linkId: "quantity", text: "Q", type: "quantity", extension: [{ ...unit, valueCoding: { code: "lb" } }] },
      { linkId: "group", text: "G", type: "group", repeats: true, item: [ALL[4]!] },
    ];
    expect(carried(NOW, typed)).toEqual(formItems(NOW, [{ linkId: "several", answer: options.slice(0, 1) }]));
    const copies = formItems(NOW, [{ linkId: "group", item: [{ linkId: "string", answer: [{ valueString: "One" }] }] }, { linkId: "group", item: [] }]);
    expect(carried(NOW, copies)).toEqual(copies);
  });

  it("that are half typed are not sent", () => {
    const one = (item: Item, typed: Typed) => isSendable([item], [{ linkId: item.linkId, answer: [typed], item: [] }]);
    expect(one(ALL[1]!, { valueDecimal: "2,5 kg" })).toBe(false);
    expect(one(ALL[2]!, { valueInteger: "2.5" })).toBe(false);
    expect(one(ALL[3]!, { valueDate: "May 7" })).toBe(false);
    expect(one(ALL[8]!, { valueQuantity: { value: "x", code: "kg" } })).toBe(false);
    expect(ALL.every((item) => one(item, blank(item)))).toBe(true);
  });

  it("in words of one's own are an open choice", () => {
    const typed = [{ linkId: "open", answer: [{ valueCoding: OTHER, valueString: " " }], item: [] }];
    expect(sentItems(ALL, typed)).toEqual([{ linkId: "open", text: "O", answer: [{}] }]);
  });
});
