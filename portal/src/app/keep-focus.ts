// A focus that is never lost: when what had it is gone, as the row that was removed by its button, it goes to what stands in that
// place now, and from there the work goes on. A page that knows better, as one that tells what was done, has moved it by then.

const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";

function stops(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(STOPS)].filter((one) => one.tabIndex >= 0 && !one.matches(":disabled") && one.checkVisibility());
}

/** Watches from now on; gives the way to stop. */
export function keepFocus(): () => void {
  let last: { on: HTMLElement; before: HTMLElement | undefined; after: HTMLElement | undefined } | undefined;
  const note = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return;
    const all = stops();
    const precedes = (one: HTMLElement) => (one.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING) > 0;
    const place = all.findLastIndex(precedes);
    last = { on: target, before: all[place], after: all[place + 1] === target ? all[place + 2] : all[place + 1] };
  };
  const mend = () => {
    if (!last || document.activeElement !== document.body || (last.on.isConnected && last.on.checkVisibility())) return;
    const all = stops();
    const before = last.before ? all.indexOf(last.before) : -1;
    const next = before >= 0 ? all[before + 1] : last.after?.isConnected ? last.after : undefined;
    last = undefined;
    (next ?? document.querySelector<HTMLElement>("h1"))?.focus();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const changed = new MutationObserver(() => {
    if (!last || document.activeElement !== document.body) return;
    clearTimeout(timer);
    timer = setTimeout(mend, 50);
  });
  document.addEventListener("focusin", note);
  changed.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "open"] });
  return () => {
    clearTimeout(timer);
    changed.disconnect();
    document.removeEventListener("focusin", note);
  };
}
