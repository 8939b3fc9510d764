import { useEffect, useRef, useState } from "react";
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useMatches, useNavigate } from "react-router";
import { IdleWarning } from "../accounts/idle-warning";
import { useSignOut } from "../accounts/sign-out";
import { config } from "../api/config";
import { through, useDoor } from "../api/door";
import { useProfile } from "../api/profile";
import { onSession } from "../api/session";
import { keepBack, lastField } from "../ui/back";
import { Button } from "../ui/button";
import { Loading } from "../ui/loading";
import { useSpeech } from "../words/words";
import { keepFocus } from "./keep-focus";
import { useOpenContract } from "./open-contract";
import { rooms } from "./rooms";
import { themeOf } from "./theme";

/** What stands around every page. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  const { words } = useSpeech();
  const guarded = useMatches().some(({ handle }) => (handle as { guarded?: boolean } | undefined)?.guarded);
  const over = useEnd(guarded);
  const door = useDoor();
  useEffect(keepFocus, []);
  return (
    <>
      <a
        className="usa-skipnav"
        href="#main"
        onClick={(event) => {
          // The address stays as it is.
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {words.app.skip}
      </a>
      <Header guarded={guarded} />
      <main id="main" ref={main} tabIndex={-1} className="grid-container padding-y-4">
        {/* A page that both doors have is another one at each: no answer of one comes late to the other. */}
        {over ? <Loading /> : <Outlet key={door} />}
      </main>
      <Footer guarded={guarded} />
      {guarded && <IdleWarning />}
      <ScrollRestoration />
    </>
  );
}

/**
 * A session that ends while a page is open leads to sign-in, and from there back to the same field. Until sign-in is there it
 * is over: a page that stayed would read once more what was forgotten, as nobody.
 */
function useEnd(guarded: boolean): boolean {
  const navigate = useNavigate();
  const { pathname, search, key } = useLocation();
  const [endedAt, setEndedAt] = useState<string>();
  const door = useDoor();
  useEffect(
    () =>
      onSession((session, end) => {
        if (session || !guarded) return;
        if (end !== "signed-out") keepBack(pathname + search, lastField());
        setEndedAt(key);
        // Whoever comes back from there stands where they were, not behind it.
        void navigate(through(door, "/sign-in"), { state: { end }, replace: end !== "signed-out" });
      }),
    [guarded, pathname, search, key, door, navigate],
  );
  return guarded && endedAt === key;
}

function Header({ guarded }: { guarded: boolean }) {
  const { words, language, speak } = useSpeech();
  const door = useDoor();
  const { data: profile } = useProfile(door);
  const signOut = useSignOut(door);
  const theme = themeOf(config(), profile?.value.contracts ?? [], useOpenContract());
  useEffect(() => document.documentElement.style.setProperty("--brand", theme.colour), [theme.colour]);
  const links = rooms.flatMap((room) => room[door]?.links ?? []);
  return (
    <header className="header">
      <div className="grid-container header-line">
        <Link className="header-name" to={through(door, "/")}>
          <img src={theme.seal} alt="" width={32} height={32} />
          {theme.name}
        </Link>
        <div className="header-tools">
          <Button look="link" lang={language === "en" ? "es" : "en"} onClick={() => speak(language === "en" ? "es" : "en")}>
            {language === "en" ? "Español" : "English"}
          </Button>
          {guarded && (
            <Button look="link" onClick={() => void signOut()}>
              {words.app.signOut}
            </Button>
          )}
        </div>
      </div>
      {guarded && (
        <nav className="header-links" aria-label={words.app.links}>
          <ul className="grid-container">
            {links
              .filter(({ sees }) => profile && (sees?.(profile.value) ?? true))
              .map(({ to, label, Beside }) => (
                <li key={to}>
                  <NavLink to={to} end={to === through(door, "/")}>
                    {label(words)}
                    {Beside && <Beside />}
                  </NavLink>
                </li>
              ))}
          </ul>
        </nav>
      )}
    </header>
  );
}

function Footer({ guarded }: { guarded: boolean }) {
  const { words } = useSpeech();
  const { data: profile } = useProfile(useDoor());
  const open = useOpenContract();
  const contracts = profile?.value.contracts ?? [];
  // Beside a case stands who helps with it.
  const shown = contracts.some(({ id }) => id === open) ? contracts.filter(({ id }) => id === open) : contracts;
  return (
    <footer className="footer">
      <div className="grid-container">
        {guarded &&
          shown.map(({ id, name, support }) => (
            <p key={id}>
              {words.app.support(name)} <span lang="en">{support}</span>
            </p>
          ))}
      </div>
    </footer>
  );
}
