// What is typed of a decision, kept by the API while it is typed: a reload or the end of a session loses nothing.

import { queryOptions } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import { useAutosave } from "../api/autosave";
import { api, body, ifMatch } from "../api/client";
import { isRefused } from "../api/refused";
import { Conflict, Saver, type Base } from "../api/saver";
import type { Schemas } from "../api/types";
import { forgetUnsaved, sentOf, unsavedOf } from "../api/unsaved";
import { useFields } from "../ui/form";

type Kept = Schemas["WorksheetView"];
type Typed = Schemas["WorksheetBody"];

/** What a form keeps in the worksheet. */
export interface Part<V extends FieldValues> {
  name: string;
  /** What the form shows of a worksheet; of an empty one what it begins with. */
  values: (typed: Typed) => V;
  /** The worksheet with what the form has now; what another form keeps in it stays. */
  typed: (values: V, rest: Typed) => Typed;
}

export type KeptState<V> = { is: "kept" | "keeping" | "typing" | "failed" } | { is: "conflict"; theirs: Base<V> };

export interface Worksheet<V extends FieldValues> {
  form: UseFormReturn<V>;
  state: KeptState<V>;
  /** After a conflict: goes on from what the other window saved, with the own values or with those. */
  settle: (theirs: Base<V>, keep: "mine" | "theirs") => void;
  /** The decision was sent: nothing is left to keep. */
  end: () => void;
}

/** Whose worksheet of which request. */
export interface At {
  owner: string;
  of: string;
  number: string;
}

/** Right or wrong, it is kept as it is typed. */
const ALWAYS = () => true;

const read = ({ of, number }: At): Promise<Kept> => body(api.GET("/staff/cases/{id}/requests/{number}/worksheet", { params: { path: { id: of, number } } }));

/** Read anew each time that a form opens: it may have been typed on in another window. */
export function worksheetQuery(at: At) {
  return queryOptions({ queryKey: ["worksheet", at.of, at.number], queryFn: () => sentOf(at.of).then(() => read(at)), gcTime: 0, staleTime: Infinity });
}

export function useWorksheet<V extends FieldValues>(at: At, kept: Kept, part: Part<V>): Worksheet<V> {
  const { owner, of, number } = at;
  const place = useMemo(() => ({ owner, of, step: `${part.name} ${number}` }), [owner, of, number, part.name]);
  const [{ saver, values }] = useState(() => unsavedOf<V>(place) ?? fresh(at, kept, part));
  const form = useFields<V>(values as never);
  const [state, setState] = useState<KeptState<V>>(() => ({ is: saver.has(values) ? "kept" : "typing" }));
  const ended = useRef(false);

  const save = useCallback(async () => {
    const typed = structuredClone(form.getValues());
    if (saver.has(typed)) return setState({ is: "kept" });
    setState({ is: "keeping" });
    try {
      await saver.save(typed);
      forgetUnsaved(place);
      return setState({ is: saver.has(form.getValues()) ? "kept" : "typing" });
    } catch (thrown) {
      if (thrown instanceof Conflict) return setState({ is: "conflict", theirs: thrown.theirs as Base<V> });
      if (!isRefused(thrown)) throw thrown;
      // That a claim has ended is told by the page, which reads the case again by itself.
      return setState({ is: thrown.passes || thrown.kind === "throttled" ? "failed" : "typing" });
    }
  }, [form, saver, place]);
  useAutosave({
    form,
    saver,
    place,
    whole: ALWAYS,
    over: useCallback(() => ended.current, []),
    save: async () => {
      if (state.is !== "conflict" && !ended.current) await save();
    },
    typed: (saved) => setState((before) => (before.is === "conflict" ? before : { is: saved ? "kept" : "typing" })),
    failed: state.is === "failed",
    unsaved: state.is !== "kept",
  });

  const settle = (theirs: Base<V>, keep: "mine" | "theirs") => {
    saver.rebase(theirs);
    setState({ is: "typing" });
    if (keep === "theirs") form.reset(theirs.values);
    else void save();
  };
  const end = () => {
    ended.current = true;
    forgetUnsaved(place);
  };
  return { form, state, settle, end };
}

function fresh<V extends FieldValues>(at: At, kept: Kept, part: Part<V>): { saver: Saver<V>; values: V } {
  let rest = kept.typed;
  const base = ({ version, typed }: Kept): Base<V> => ({ values: part.values(typed), version });
  const server = {
    put: async (values: V, version: number): Promise<Base<V>> => {
      const params = { path: { id: at.of, number: at.number }, header: ifMatch(`"${version}"`) };
      const saved = await body(api.PUT("/staff/cases/{id}/requests/{number}/worksheet", { params, body: part.typed(values, rest) }));
      return { values, version: saved.version };
    },
    read: async (): Promise<Base<V>> => {
      const now = await read(at);
      rest = now.typed;
      return base(now);
    },
    same: (one: V, other: V) => JSON.stringify(part.typed(one, rest)) === JSON.stringify(part.typed(other, rest)),
  };
  const first = base(kept);
  return { saver: new Saver(server, first), values: first.values };
}
