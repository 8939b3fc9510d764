import { useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";

/** The token of a mailed link. It is taken out of the address at once: neither history nor a bookmark keeps it. */
export function useLinkToken(): string | undefined {
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const [token] = useState(() => hash.slice(1) || undefined);
  useEffect(() => {
    if (hash) void navigate(pathname, { replace: true });
  }, [hash, pathname, navigate]);
  return token;
}
