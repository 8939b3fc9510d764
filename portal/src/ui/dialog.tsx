import { useId, useLayoutEffect, useRef, type ReactNode } from "react";

interface Props {
  title: string;
  children: ReactNode;
  /** Escape, or the reader chose to leave it. */
  onClose: () => void;
  /** It interrupts, and must be answered. */
  urgent?: boolean;
  /** For more than a question. */
  wide?: boolean;
}

/** The browser's own dialog: the focus stays inside while it is open and goes back to where it was. */
export function Dialog({ title, children, onClose, urgent, wide }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Closed while it is still there: only then the browser gives the focus back.
  useLayoutEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    return () => opened?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      role={urgent ? "alertdialog" : undefined}
      aria-labelledby={heading}
      className={wide ? "dialog dialog-wide" : "dialog"}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={heading} tabIndex={-1} className="margin-top-0">
        {title}
      </h2>
      {children}
    </dialog>
  );
}
