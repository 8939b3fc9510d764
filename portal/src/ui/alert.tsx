import type { ReactNode, Ref } from "react";

const TONES = {
  error: "usa-alert usa-alert--error",
  warning: "usa-alert usa-alert--warning",
  success: "usa-alert usa-alert--success",
  info: "usa-alert usa-alert--info",
};

interface Props {
  tone: keyof typeof TONES;
  title?: string;
  /** Of the title, where it is not that of the page: a screen reader has to know. */
  titleLang?: string | undefined;
  children?: ReactNode;
  /** To move the focus here. */
  ref?: Ref<HTMLDivElement>;
}

/** Something that the reader has to know. An error is spoken at once, the rest when the reader pauses. */
export function Alert({ tone, title, titleLang, children, ref }: Props) {
  return (
    <div ref={ref} tabIndex={-1} className={TONES[tone]} role={tone === "error" ? "alert" : "status"}>
      <div className="usa-alert__body">
        {title && (
          <p className="usa-alert__heading" lang={titleLang}>
            {title}
          </p>
        )}
        {children && <div className="usa-alert__text">{children}</div>}
      </div>
    </div>
  );
}
