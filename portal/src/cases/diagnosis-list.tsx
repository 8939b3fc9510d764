import { useEffect, useRef, useState } from "react";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Errors } from "../ui/field";
import { useWords } from "../words/words";
import { moved } from "./order";
import type { Diagnosis } from "./steps";

interface Props {
  diagnoses: readonly Diagnosis[];
  errorOf: (place: number) => string | undefined;
  onChange: (diagnoses: Diagnosis[]) => void;
}

/** The first is primary: it gets there by drag, or by its buttons; where it went is spoken. */
export function DiagnosisList({ diagnoses, errorOf, onChange }: Props) {
  const words = useWords().cases;
  const [said, say] = useState("");
  const [dragged, setDragged] = useState<number>();
  const focus = useFocusAfter();
  const move = (from: number, to: number) => {
    const one = diagnoses[from];
    if (!one || to < 0 || to >= diagnoses.length) return;
    onChange(moved(diagnoses, from, to));
    say(words.diagnoses.movedTo(one.code, to + 1, diagnoses.length));
  };
  if (diagnoses.length === 0) return <Empty>{words.diagnoses.none}</Empty>;
  return (
    <>
      <h2>{words.diagnoses.list}</h2>
      <ol className="code-list">
        {diagnoses.map(({ code, description }, place) => (
          // What is dragged is moved by its buttons too.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
          <li
            key={code}
            id={`diagnoses-${place}`}
            tabIndex={-1}
            className={dragged === place ? "card dragged" : "card"}
            draggable
            onDragStart={(event) => {
              // Firefox drags nothing that has no content.
              event.dataTransfer.setData("text/plain", code);
              event.dataTransfer.effectAllowed = "move";
              setDragged(place);
            }}
            onDragOver={(event) => {
              if (dragged !== undefined) event.preventDefault();
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== undefined) move(dragged, place);
            }}
            onDragEnd={() => setDragged(undefined)}
          >
            <p className="margin-0">
              <strong>{code}</strong> <span lang="en">{description}</span> {place === 0 && <span className="usa-tag">{words.diagnoses.primary}</span>}
            </p>
            <Errors id={`diagnoses-${place}`} text={errorOf(place)} />
            <div className="usa-button-group">
              {place > 0 && (
                <Button
                  look="link"
                  id={`up-${code}`}
                  aria-label={words.diagnoses.up(code)}
                  onClick={() => {
                    focus([`up-${code}`, `down-${code}`]);
                    move(place, place - 1);
                  }}
                >
                  {words.up}
                </Button>
              )}
              {place < diagnoses.length - 1 && (
                <Button
                  look="link"
                  id={`down-${code}`}
                  aria-label={words.diagnoses.down(code)}
                  onClick={() => {
                    focus([`down-${code}`, `up-${code}`]);
                    move(place, place + 1);
                  }}
                >
                  {words.down}
                </Button>
              )}
              <Button
                look="link"
                aria-label={words.removeWhat(code)}
                onClick={() => {
                  focus(["diagnoses"]);
                  onChange(diagnoses.filter((_, other) => other !== place));
                  say(words.removed(code));
                }}
              >
                {words.remove}
              </Button>
            </div>
          </li>
        ))}
      </ol>
      <p role="status" className="usa-sr-only">
        {said}
      </p>
    </>
  );
}

/** After the list has changed the focus goes to the first of these that is still there. */
function useFocusAfter(): (ids: string[]) => void {
  const wanted = useRef<string[]>([]);
  useEffect(() => {
    const found = wanted.current.map((id) => document.getElementById(id)).find(Boolean);
    found?.focus();
    wanted.current = [];
  });
  return (ids) => {
    wanted.current = ids;
  };
}
