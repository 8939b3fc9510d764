import { useEffect, useRef } from "react";
import { useLocation } from "react-router";

/** The heading of what opens within a page, as a form: it takes the focus when a button has just asked for it. */
export function FormTitle({ children, focus, as: Heading = "h3" }: { children: string; focus: boolean; as?: "h2" | "h3" }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { state } = useLocation();
  const fromElsewhere = (state as { focus?: boolean } | null)?.focus ?? false;
  useEffect(() => {
    if (focus || fromElsewhere) heading.current?.focus();
  }, [focus, fromElsewhere]);
  return (
    <Heading ref={heading} tabIndex={-1}>
      {children}
    </Heading>
  );
}
