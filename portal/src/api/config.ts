// What differs between environments: read once at the start from `config.json` beside the page, so that one build serves
// them all.

/** The agency's colour and seal, as the file has them. */
export interface Look {
  /** Behind the white text of the header: `#rrggbb`. */
  colour?: string;
  /** A picture beside the page: the content policy lets no other be shown. */
  seal?: string;
}

export interface Config extends Look {
  /** Where the API answers. */
  api: string;
  /** What the portal is called before somebody's contract is known. */
  name: string;
  /** The look of a contract, by its id. */
  contracts: { readonly [contract: string]: Look };
}

let loaded: Config | undefined;

export async function loadConfig(): Promise<Config> {
  const answer = await fetch("/config.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  const read = (await answer.json()) as Omit<Config, "contracts"> & Partial<Config>;
  loaded = { ...read, api: read.api.replace(/\/$/, ""), contracts: read.contracts ?? {} };
  return loaded;
}

export function config(): Config {
  if (!loaded) throw new Error("the configuration is read before anything else");
  return loaded;
}
