import { useEffect, useRef } from "react";
import { Alert } from "./alert";

/** What was done. The button that did it is often gone then: the focus goes here, so that the work goes on from here. */
export function Told({ children }: { children: string }) {
  return <Said key={children}>{children}</Said>;
}

function Said({ children }: { children: string }) {
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const focus = () => alert.current?.focus();
    focus();
    // A dialog that is about to close gives the focus back to where it was.
    const dialog = document.querySelector("dialog[open]");
    dialog?.addEventListener("close", focus, { once: true });
    return () => dialog?.removeEventListener("close", focus);
  }, []);
  return (
    <Alert ref={alert} tone="success">
      {children}
    </Alert>
  );
}
