// One step of the wizard: a form whose values are saved while they are typed, so that nothing typed is lost.

import { useCallback, useEffect, useMemo, useState } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import { useAutosave } from "../api/autosave";
import { api, body, ifMatch } from "../api/client";
import { queries } from "../api/queries";
import { isRefused } from "../api/refused";
import { Conflict, Saver, type Base } from "../api/saver";
import { readAnew, unsavedOf } from "../api/unsaved";
import { useFields } from "../ui/form";
import { readCase, readPack, type Found } from "./queries";
import type { SavedStep, StepOf } from "./steps";

export type SaveState<V> =
  /** `failed`: the server was not reached, and it is tried again. */
  | { is: "saved" | "saving" | "unsaved" | "incomplete" | "refused" | "failed" }
  | { is: "conflict"; theirs: Base<V> };

export interface StepHandle<V extends FieldValues> {
  form: UseFormReturn<V>;
  state: SaveState<V>;
  /** Saves what is typed; whether it is saved. Throws what the API refuses. */
  save: () => Promise<boolean>;
  /** After a conflict: goes on from their version with the own values, or with theirs. */
  settle: (theirs: Base<V>, keep: "mine" | "theirs") => void;
}

export function useStep<S extends SavedStep, V extends FieldValues>(of: StepOf<S, V>, found: Found, owner: string): StepHandle<V> {
  const { key, contract } = found.value;
  const place = useMemo(() => ({ owner, of: key, step: of.place ?? of.step }), [owner, key, of.place, of.step]);
  const [{ saver, values }] = useState(() => begun(of, found, unsavedOf<V>(place)));
  const form = useFields<V>(values as never);
  const [state, setState] = useState<SaveState<V>>(() => ({ is: saver.has(values) ? "saved" : "unsaved" }));

  const save = useCallback(async () => {
    const typed = structuredClone(form.getValues());
    setState({ is: "saving" });
    try {
      await saver.save(typed);
      setState({ is: saver.has(form.getValues()) ? "saved" : "unsaved" });
      await readAnew(place, saver, typed);
      return true;
    } catch (thrown) {
      if (thrown instanceof Conflict) {
        setState({ is: "conflict", theirs: thrown.theirs as Base<V> });
        return false;
      }
      setState({ is: afterRefusal(thrown) });
      // Somebody cancelled or submitted it meanwhile: the page says so.
      if (isRefused(thrown, "conflict")) await queries.invalidateQueries({ queryKey: ["case", key] });
      // The contract asks something else since the page read it.
      if (isRefused(thrown) && thrown.errors.some(({ code }) => code === "questionnaire-changed")) await readPack(contract, key).catch(() => undefined);
      throw thrown;
    }
  }, [form, saver, place, key, contract]);

  useAutosave({
    form,
    saver,
    place,
    whole: of.whole,
    save: async () => {
      const typed = form.getValues();
      if (state.is === "conflict") return;
      if (saver.has(typed)) setState({ is: "saved" });
      else if (of.whole(typed)) await save().catch(() => undefined);
      else setState({ is: "incomplete" });
    },
    typed: (saved) => setState((before) => (before.is === "conflict" ? before : { is: saved ? "saved" : "unsaved" })),
    failed: state.is === "failed",
    unsaved: state.is !== "saved",
  });

  // Nothing is typed here and somebody saved something: theirs is shown.
  useEffect(() => {
    const { version } = found.value;
    if (version <= saver.base.version || !saver.has(form.getValues())) return;
    const now = of.values(of.part(found.value));
    // As it was typed, or as the server words it: what stands in the form stays, or a key typed now would be taken away.
    if (saver.knows(now)) return saver.follow(version);
    saver.rebase({ values: now, version });
    form.reset(now);
    return undefined;
  }, [found, form, saver, of]);

  const settle = (theirs: Base<V>, keep: "mine" | "theirs") => {
    saver.rebase(theirs);
    setState({ is: "unsaved" });
    if (keep === "theirs") form.reset(theirs.values);
    else void save().catch(() => undefined);
  };
  return { form, state, save, settle };
}

interface Begun<V> {
  saver: Saver<V>;
  values: V;
}

/** From what waits to be saved, or from what the case has. */
function begun<S extends SavedStep, V>(of: StepOf<S, V>, found: Found, waits: Begun<V> | undefined): Begun<V> {
  if (!waits) {
    const values = of.values(of.part(found.value));
    return { saver: new Saver(serverOf(of, found), { values, version: found.value.version }), values };
  }
  const values = of.moved?.(waits.values);
  if (!values) return waits;
  const { base } = waits.saver;
  return { saver: new Saver(serverOf(of, found), { values: of.moved?.(base.values) ?? base.values, version: base.version }), values };
}

function serverOf<S extends SavedStep, V>(of: StepOf<S, V>, { value }: Found) {
  return {
    put: async (typed: V, version: number): Promise<Base<V>> => {
      const params = { path: { id: value.key, step: of.step }, header: ifMatch(`"${version}"`) };
      const answer = await body(api.PUT("/cases/{id}/steps/{step}", { params, body: of.body(typed) }));
      return { values: of.values(answer.saved as unknown as Parameters<typeof of.values>[0]), version: answer.version };
    },
    read: async (): Promise<Base<V>> => {
      const now = await readCase(value.key);
      return { values: of.values(of.part(now.value)), version: now.value.version };
    },
    same: (one: V, other: V) => JSON.stringify(of.body(one)) === JSON.stringify(of.body(other)),
  };
}

function afterRefusal(thrown: unknown): "failed" | "incomplete" | "refused" {
  if (!isRefused(thrown)) return "refused";
  if (thrown.passes || thrown.kind === "throttled") return "failed";
  return thrown.kind === "invalid" ? "incomplete" : "refused";
}
