import { api, body, ifMatch } from "../api/client";
import { useIntent } from "../api/intent";
import { isRefused } from "../api/refused";
import { AccountActions } from "../ui/account-actions";
import type { User } from "./user";

interface Props {
  user: User;
  onDone: (what: string) => Promise<void>;
  /** Somebody else changed the user: reads how they are now. */
  onStale: () => Promise<unknown>;
}

/** What concerns the whole account of a user. Who was deactivated comes back by a reset registration. */
export function UserActions({ user, onDone, onStale }: Props) {
  const intent = useIntent();
  const path = { name: user.username };
  const reset = () => intent.send((header) => body(api.POST("/users/{name}/registration-reset", { params: { path, header } })));
  const deactivate = async () => {
    try {
      await api.PATCH("/users/{name}", { params: { path, header: ifMatch(`"${user.version}"`) }, body: { deactivate: true } });
    } catch (thrown) {
      if (isRefused(thrown, "stale")) await onStale();
      throw thrown;
    }
  };
  return (
    <AccountActions
      name={`${user.firstName} ${user.lastName}`}
      out={user.state === "deactivated"}
      reset={reset}
      bringBack={reset}
      deactivate={deactivate}
      onDone={onDone}
    />
  );
}
