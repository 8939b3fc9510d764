// A fax with its pages, whose addresses work for five minutes: read again before they end, it is noted who looked.

import { api, body } from "../api/client";
import type { Schemas } from "../api/types";

export type Fax = Schemas["ShownFax"];

export function faxQuery(fax: string) {
  return {
    queryKey: ["fax", fax],
    queryFn: () => body(api.GET("/staff/faxes/{fax}", { params: { path: { fax } } })),
  };
}
