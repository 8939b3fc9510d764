// A form that saves itself: a moment after the last key, when the network is back, before the session or the page ends.

import { useEffect, useEffectEvent } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import type { Saver } from "./saver";
import { onBeforeEnd } from "./saves";
import { session } from "./session";
import { keepUnsaved, saveBehind, type Place } from "./unsaved";

/** Long enough for a word to be typed to its end. */
const PAUSE = 800;
const TRY_AGAIN = 4000;

interface Autosave<V extends FieldValues> {
  form: UseFormReturn<V>;
  saver: Saver<V>;
  place: Place;
  /** Saves when there is something to save; what is refused is seen in the state. */
  save: () => Promise<void>;
  /** A key was typed; `saved` when the server has it all the same. */
  typed: (saved: boolean) => void;
  /** Whether values can be sent as they are; the same function each time. */
  whole: (values: V) => boolean;
  /** The last save reached nobody. */
  failed: boolean;
  /** Something is typed that the server does not have. */
  unsaved: boolean;
  /** Whether what is typed is not needed any more; the same function each time. */
  over?: () => boolean;
}

export function useAutosave<V extends FieldValues>({ form, saver, place, save, typed, whole, failed, unsaved, over }: Autosave<V>): void {
  const saveQuietly = useEffectEvent(save);
  const tell = useEffectEvent(typed);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void saveQuietly(), PAUSE);
    };
    const typing = form.watch(() => {
      tell(saver.has(form.getValues()));
      later();
    });
    const online = () => void saveQuietly();
    window.addEventListener("online", online);
    const noMore = onBeforeEnd(() => saveQuietly());
    // What was typed before the page went.
    if (!saver.has(form.getValues())) later();
    return () => {
      clearTimeout(timer);
      typing.unsubscribe();
      window.removeEventListener("online", online);
      noMore();
      const values = structuredClone(form.getValues());
      if (over?.() || saver.has(values)) return;
      keepUnsaved(place, saver, values);
      if (session() && whole(values)) saveBehind(place, saver, values);
    };
  }, [form, saver, place, whole, over]);

  useEffect(() => {
    if (!failed) return undefined;
    const timer = setTimeout(() => void saveQuietly(), TRY_AGAIN);
    return () => clearTimeout(timer);
  }, [failed]);

  // The tab cannot be closed by accident while something is not saved.
  useEffect(() => {
    if (!unsaved) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [unsaved]);
}
