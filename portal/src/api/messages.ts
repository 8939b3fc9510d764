// Messages of a case, for both doors: both sides read and write the same.

import { queryOptions } from "@tanstack/react-query";
import { api, body } from "./client";
import { queries } from "./queries";
import { at, type Door, type Schemas } from "./types";

export type Messages = Schemas["Messages"];

export function messagesQuery(door: Door, id: string) {
  return queryOptions({
    queryKey: ["messages", door, id],
    queryFn: () => messagesBefore(door, id),
    // Whoever opens them reads them as they are now.
    staleTime: 0,
  });
}

/** The last ones, or those before one. */
export function messagesBefore(door: Door, id: string, before?: string): Promise<Messages> {
  return body(api.GET(at(door, "/cases/{id}/messages"), { params: { path: { id }, query: before ? { before } : {} } }));
}

export async function sendMessage(door: Door, id: string, text: string, header: { "Idempotency-Key": string }): Promise<void> {
  await api.POST(at(door, "/cases/{id}/messages"), { params: { path: { id }, header }, body: { text } });
  await queries.invalidateQueries({ queryKey: ["messages", door, id] });
  await queries.invalidateQueries({ queryKey: ["case", id] });
}

/** Keeps that the reader has read them. What is shown stays marked as new until it is read again. */
export async function readMessages(door: Door, id: string, upTo: string): Promise<void> {
  await api.PUT(at(door, "/cases/{id}/messages/read"), { params: { path: { id } }, body: { upTo } });
}
