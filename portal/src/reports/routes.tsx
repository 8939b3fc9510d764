// The room `reports`: what it gives to the portal.

import type { Profile } from "../api/types";
import type { Room } from "../room";

const held = ({ roles }: Profile) => roles.some(({ role }) => role === "group-admin-reports" || role === "provider-admin-reports");
const manages = ({ post }: Profile) => post?.role === "contract-manager";

export const reports: Room = {
  provider: {
    routes: [{ path: "reports", lazy: async () => ({ Component: (await import("./reports")).ProviderReports }) }],
    links: [{ to: "/reports", label: (words) => words.reports.link, sees: held }],
  },
  staff: {
    routes: [
      { path: "reports", lazy: async () => ({ Component: (await import("./reports")).StaffReports }) },
      { path: "reports/metrics", lazy: async () => ({ Component: (await import("./metrics")).Metrics }) },
    ],
    links: [{ to: "/staff/reports", label: (words) => words.reports.link, sees: manages }],
  },
};
