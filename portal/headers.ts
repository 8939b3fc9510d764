// What the portal is served with, here by `vite preview` and on AWS by infra/portal.yaml: a strict content policy without
// inline script or style, and nothing that tells other sites where the reader was.

/** @param api origin of the API; @param documents origin of the bucket that takes uploads and gives letters */
export function headers(api: string, documents: string): Record<string, string> {
  return {
    "Content-Security-Policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      "img-src 'self' data:",
      `connect-src 'self' ${[...new Set([api, documents])].join(" ")}`,
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join("; "),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  };
}
