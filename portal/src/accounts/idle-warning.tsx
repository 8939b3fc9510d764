import { useEffect, useState } from "react";
import { useDoor } from "../api/door";
import { saveAll } from "../api/saves";
import { active, end, idleSince, renew, session } from "../api/session";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { useWords } from "../words/words";
import { useSignOut } from "./sign-out";

/** Long enough to find the button (WCAG 2.2.1). */
const WARNING = 120_000;

/** Watches for nobody being there: saves, warns two minutes before the end, and ends the session in all tabs. */
export function IdleWarning() {
  const words = useWords();
  const signOut = useSignOut(useDoor());
  const left = useTimeLeft();
  const warned = left !== undefined && left <= WARNING;
  useEffect(() => {
    if (warned) void saveAll();
  }, [warned]);
  useActivity(!warned);
  if (!warned) return null;
  const seconds = Math.max(0, Math.ceil(left / 1000));
  const stay = () => {
    active();
    void renew().catch(() => undefined);
  };
  return (
    <Dialog title={words.accounts.idle.title} onClose={stay} urgent>
      {/* Spoken once; the seconds are for the eye. */}
      <p className="usa-sr-only">{words.accounts.idle.spoken}</p>
      <p aria-hidden="true">{words.accounts.idle.text(Math.floor(seconds / 60), seconds % 60)}</p>
      <div className="usa-button-group">
        <Button onClick={stay}>{words.accounts.idle.stay}</Button>
        <Button look="outline" onClick={() => void signOut()}>
          {words.app.signOut}
        </Button>
      </div>
    </Dialog>
  );
}

/** Milliseconds until the session ends; it ends here when they are over. */
function useTimeLeft(): number | undefined {
  const [left, setLeft] = useState<number>();
  useEffect(() => {
    const look = () => {
      const now = session();
      if (!now) return setLeft(undefined);
      // The last key press counts, and in any case the hours since sign-in.
      const until = Math.min(idleSince() + now.idleMinutes * 60_000, now.endsAt);
      if (Date.now() >= until) end(now.endsAt <= Date.now() ? "ended" : "idle");
      else setLeft(until - Date.now());
      return undefined;
    };
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, []);
  return left;
}

/** While the warning is open only its button counts: a mouse that was pushed by accident is nobody. */
function useActivity(counts: boolean): void {
  useEffect(() => {
    if (!counts) return undefined;
    const kinds = ["pointerdown", "keydown", "wheel"] as const;
    for (const kind of kinds) document.addEventListener(kind, active, { passive: true });
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, active);
    };
  }, [counts]);
}
