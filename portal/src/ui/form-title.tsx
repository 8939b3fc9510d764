import { useEffect, useRef } from "react";

/** The heading of a form that opens within a page: it takes the focus when a button has just asked for it. */
export function FormTitle({ children, focus }: { children: string; focus: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus();
  }, [focus]);
  return (
    <h3 ref={heading} tabIndex={-1}>
      {children}
    </h3>
  );
}
