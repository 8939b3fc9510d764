import { useEffect, useState } from "react";
import { useWords } from "../words/words";

/** Says that something is on its way, but only when it takes long enough to be noticed: a flash of it only disturbs. */
export function Loading() {
  const words = useWords().ui;
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 400);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p role="status" aria-busy="true" className="usa-hint">
      {late ? `${words.loading}…` : ""}
    </p>
  );
}
