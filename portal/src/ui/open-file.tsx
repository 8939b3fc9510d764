import { useState } from "react";
import { Button } from "./button";
import { RefusalAlert } from "./refusal";

interface Props {
  label: string;
  /** The name of the button, where its label alone does not say which file. */
  spoken?: string;
  /** Asks for an address that works for a short time. */
  address: () => Promise<string>;
}

/** Opens a file beside the page: what the browser can show in a tab of its own, the rest in the reader's own program. */
export function OpenFile({ label, spoken, address }: Props) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ thrown: unknown }>();
  const open = async () => {
    setBusy(true);
    setRefused(undefined);
    // Opened at the click itself: later the browser would take it for an advertisement.
    const tab = window.open("about:blank", "_blank");
    try {
      show(await address(), tab);
    } catch (thrown) {
      tab?.close();
      setRefused({ thrown });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button look="link" busy={busy} aria-label={spoken} onClick={() => void open()}>
        {label}
      </Button>
      {refused && <RefusalAlert thrown={refused.thrown} />}
    </>
  );
}

/** In the tab, or as a link where the browser gave none: the page itself stays. */
function show(address: string, tab: Window | null): void {
  if (tab) {
    tab.opener = null;
    tab.location.replace(address);
    return;
  }
  const link = document.createElement("a");
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.click();
}
