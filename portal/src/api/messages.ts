// Messages of a case, for both doors: both sides read and write the same.

import { queryOptions, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { api, body } from "./client";
import { useIntent } from "./intent";
import { queries } from "./queries";
import { at, type Door, type Schemas } from "./types";

type Messages = Schemas["Messages"];

export function messagesQuery(door: Door, id: string) {
  return queryOptions({
    queryKey: ["messages", door, id],
    queryFn: () => messagesBefore(door, id),
    // Whoever opens them reads them as they are now.
    staleTime: 0,
  });
}

/** The last ones, or those before one. */
function messagesBefore(door: Door, id: string, before?: string): Promise<Messages> {
  return body(api.GET(at(door, "/cases/{id}/messages"), { params: { path: { id }, query: before ? { before } : {} } }));
}

async function sendMessage(door: Door, id: string, text: string, header: { "Idempotency-Key": string }): Promise<void> {
  await api.POST(at(door, "/cases/{id}/messages"), { params: { path: { id }, header }, body: { text } });
  await queries.invalidateQueries({ queryKey: ["messages", door, id] });
  await queries.invalidateQueries({ queryKey: ["case", id] });
}

/** Keeps that the reader has read them. What is shown stays marked as new until it is read again. */
async function readMessages(door: Door, id: string, upTo: string): Promise<void> {
  await api.PUT(at(door, "/cases/{id}/messages/read"), { params: { path: { id } }, body: { upTo } });
}

/** What both sides wrote on a case, and how whoever is signed in at a door takes part. */
export function useConversation(door: Door, id: string) {
  const { data: written, error, refetch } = useQuery(messagesQuery(door, id));
  const intent = useIntent();
  const [sent, setSent] = useState(0);
  const onRead = useCallback((upTo: string) => void readMessages(door, id, upTo), [door, id]);
  const before = (earlier: string) => messagesBefore(door, id, earlier);
  const send = async (text: string) => {
    await intent.send((header) => sendMessage(door, id, text, header));
    setSent((count) => count + 1);
  };
  return { written, error, refetch, sent, onRead, before, send };
}
