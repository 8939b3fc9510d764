import type { MouseEvent, Ref } from "react";

export interface FieldError {
  /** Of the field. */
  id: string;
  message: string;
  /** Of the message. */
  lang?: string | undefined;
}

interface Props {
  title: string;
  errors: FieldError[];
  ref?: Ref<HTMLDivElement>;
}

/** All that is wrong in a form, in one place, each a way to its field. The form moves the focus here. */
export function ErrorSummary({ title, errors, ref }: Props) {
  return (
    <div ref={ref} tabIndex={-1} className="usa-alert usa-alert--error" role="alert">
      <div className="usa-alert__body">
        <h2 className="usa-alert__heading">{title}</h2>
        <ul className="usa-list">
          {errors.map(({ id, message, lang }) => (
            <li key={id + message} lang={lang}>
              {/* What is wrong with the whole has no field. */}
              {id ? (
                <a className="usa-link" href={`#${id}`} onClick={(event) => toField(event, id)}>
                  {message}
                </a>
              ) : (
                message
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** A group of fields has the id of its fieldset: its first field takes the focus. */
function toField(event: MouseEvent, id: string): void {
  const found = document.getElementById(id);
  if (!found) return;
  // The address stays as it is: the back button shall not walk through fields.
  event.preventDefault();
  const field = found.matches("fieldset") ? found.querySelector<HTMLElement>("input, select, textarea") : found;
  field?.focus();
  found.scrollIntoView({ block: "center" });
}
