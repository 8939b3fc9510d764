import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from "react";
import { useWords } from "../words/words";
import { Alert } from "./alert";
import { Button } from "./button";
import { RefusalAlert } from "./refusal";
import { Told } from "./told";

/** A letter that is held for repair. */
export interface Held {
  id: string;
  missing: readonly string[];
  /** With which status the mail carrier refused the one that it stands for. */
  refused?: number | null;
  triedAt?: string | null;
}

interface Asked {
  id: string;
  /** What people call it, and of which case or request it is. */
  what: string;
  where: string;
  /** None until the answer is there. */
  at?: string;
}

/** How often is looked for what came of it, and how long; then the list tells it, which can be read again. */
const [SOON, PATIENCE] = [2000, 120_000];

/** Has a letter written again, and tells what came of it: it is gone from those that are held, or still lacks something. */
export function useWriteAgain(held: readonly Held[] | undefined, ask: (letter: string) => Promise<{ askedAt: string }>, read: () => Promise<unknown>) {
  const words = useWords().letters;
  const [asked, setAsked] = useState<Asked>();
  const [refused, setRefused] = useState<{ thrown: unknown }>();
  const now = held?.find(({ id }) => id === asked?.id);
  const tried = now?.triedAt;
  const done = asked?.at !== undefined && held !== undefined && (!now || (tried !== undefined && tried !== null && Date.parse(tried) >= Date.parse(asked.at)));
  const waits = asked !== undefined && !done;
  const look = useEffectEvent(() => void read());
  const at = waits ? asked.at : undefined;
  useEffect(() => {
    if (!at) return undefined;
    const timer = setInterval(look, SOON);
    const end = setTimeout(() => setAsked(undefined), PATIENCE);
    return () => {
      clearInterval(timer);
      clearTimeout(end);
    };
  }, [at]);
  const run = async (one: Asked) => {
    setAsked(one);
    setRefused(undefined);
    try {
      const { askedAt } = await ask(one.id);
      setAsked({ ...one, at: askedAt });
    } catch (thrown) {
      setAsked(undefined);
      setRefused({ thrown });
    }
    await read();
  };
  const told = (
    <>
      {refused && (
        <Outcome>
          <RefusalAlert thrown={refused.thrown} />
        </Outcome>
      )}
      {asked && done && !now && <Told>{words.issued(asked.what, asked.where)}</Told>}
      {asked && done && now && (
        <Outcome>
          <Alert tone="warning" title={words.still(asked.what, asked.where)}>
            <Missing of={now} />
          </Alert>
        </Outcome>
      )}
    </>
  );
  const button = (id: string, what: string, where: string): ReactNode => (
    <Button look="outline" aria-label={words.writeWhat(what, where)} busy={waits && asked.id === id} onClick={() => void run({ id, what, where })}>
      {words.write}
    </Button>
  );
  return { told, button, waits };
}

/** What came of it stands above the list, and moves the button away: the focus goes here. */
function Outcome({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1}>
      {children}
    </div>
  );
}

/** What a letter lacks, in the API's English; and that the mail carrier did not take it. */
export function Missing({ of: { missing, refused } }: { of: Pick<Held, "missing" | "refused"> }) {
  const words = useWords().letters;
  return (
    <ul className="usa-list">
      {refused && <li>{words.refused(refused)}</li>}
      {missing.map((element) => (
        <li key={element} lang="en">
          {element}
        </li>
      ))}
    </ul>
  );
}
