// One Idempotency-Key for each intent of a person: a second click, or a try again after an answer that got lost, is the
// same intent, and the API does it once.

import { useState } from "react";
import { isRefused } from "./refused";

export class Intent {
  private key: string = crypto.randomUUID();

  /** Sends under the same key every time: what is answered runs out, as the form of an upload, and is given anew for what was made once. */
  again<T>(call: (header: { "Idempotency-Key": string }) => Promise<T>): Promise<T> {
    return call({ "Idempotency-Key": this.key });
  }

  /** Sends under the key of this intent; a new intent begins when the outcome is known. */
  async send<T>(call: (header: { "Idempotency-Key": string }) => Promise<T>): Promise<T> {
    try {
      const answer = await call({ "Idempotency-Key": this.key });
      this.key = crypto.randomUUID();
      return answer;
    } catch (thrown) {
      if (!isRefused(thrown) || !thrown.passes) this.key = crypto.randomUUID();
      throw thrown;
    }
  }
}

export function useIntent(): Intent {
  const [intent] = useState(() => new Intent());
  return intent;
}
