import { useEffect, useRef } from "react";

/** The heading of what opens within a page, as a form: it takes the focus when a button has just asked for it. */
export function FormTitle({ children, focus, as: Heading = "h3" }: { children: string; focus: boolean; as?: "h2" | "h3" }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus();
  }, [focus]);
  return (
    <Heading ref={heading} tabIndex={-1}>
      {children}
    </Heading>
  );
}
