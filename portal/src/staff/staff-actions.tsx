import { api, body, ifMatch } from "../api/client";
import { useIntent } from "../api/intent";
import { isRefused } from "../api/refused";
import { AccountActions } from "../ui/account-actions";
import type { Person } from "./person";

interface Props {
  person: Person;
  onDone: (what: string) => Promise<void>;
  /** Somebody else changed the person: reads how they are now. */
  onStale: () => Promise<unknown>;
}

/** What concerns the whole account of a member of staff. */
export function StaffActions({ person, onDone, onStale }: Props) {
  const intent = useIntent();
  const path = { name: person.username };
  const change = async (edit: { deactivate: true } | { reactivate: true }) => {
    try {
      await api.PATCH("/staff/users/{name}", { params: { path, header: ifMatch(`"${person.version}"`) }, body: edit });
    } catch (thrown) {
      if (isRefused(thrown, "stale")) await onStale();
      throw thrown;
    }
  };
  return (
    <AccountActions
      name={`${person.firstName} ${person.lastName}`}
      out={person.state === "deactivated"}
      reset={() => intent.send((header) => body(api.POST("/staff/users/{name}/registration-reset", { params: { path, header } })))}
      bringBack={() => change({ reactivate: true })}
      deactivate={() => change({ deactivate: true })}
      onDone={onDone}
    />
  );
}
