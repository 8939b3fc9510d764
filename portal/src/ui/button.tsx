import type { ButtonHTMLAttributes } from "react";
import { Link, type LinkProps } from "react-router";
import { useWords } from "../words/words";

const LOOKS = {
  main: "usa-button",
  outline: "usa-button usa-button--outline",
  danger: "usa-button usa-button--secondary",
  link: "usa-button usa-button--unstyled",
};
export type Look = keyof typeof LOOKS;

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className"> {
  look?: Look;
  /** It was pressed and the answer is not there yet. It stays reachable: a disabled button would lose the focus. */
  busy?: boolean;
}

export function Button({ look = "main", busy = false, type = "button", children, onClick, ...rest }: Props) {
  const words = useWords().ui;
  return (
    <button
      {...rest}
      type={type === "submit" ? "submit" : "button"}
      className={LOOKS[look]}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? words.working : children}
    </button>
  );
}

/** A link that looks like a button: it leads somewhere, a button does something. */
export function ButtonLink({ look = "main", ...rest }: Omit<LinkProps, "className"> & { look?: Look }) {
  return <Link {...rest} className={LOOKS[look]} />;
}
