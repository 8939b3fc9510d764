import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, body } from "../api/client";

/** A name that the API would not read is not asked for. */
const FORM = /^[A-Za-z0-9._@-]{3,64}$/;
/** Asked when the typing stops: the API counts how often one asks. */
const PAUSE = 500;

export function useAvailability(typed: string): "none" | "asking" | "free" | "taken" {
  const [name, setName] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setName(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  const wanted = name === typed && FORM.test(name);
  const { data, isFetching } = useQuery({
    queryKey: ["usernames", name],
    queryFn: () => body(api.GET("/usernames/{name}", { params: { path: { name } } })),
    enabled: wanted,
    retry: false,
  });
  if (!wanted) return "none";
  if (isFetching) return "asking";
  // Without an answer nothing is said: the registration itself tells.
  if (!data) return "none";
  return data.available ? "free" : "taken";
}
