// What differs between environments: read once at the start from `config.json` beside the page, so that one build serves
// them all.

export interface Config {
  /** Where the API answers. */
  api: string;
  /** What the portal is called before somebody's contract is known. */
  name: string;
}

let loaded: Config | undefined;

export async function loadConfig(): Promise<Config> {
  const answer = await fetch("/config.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  const read = (await answer.json()) as Config;
  loaded = { ...read, api: read.api.replace(/\/$/, "") };
  return loaded;
}

export function config(): Config {
  if (!loaded) throw new Error("the configuration is read before anything else");
  return loaded;
}
