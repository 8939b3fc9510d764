import { expect, it } from "vitest";
import { Refused } from "./refused";
import { Conflict, Saver, type Base } from "./saver";

const STALE = new Refused({ status: 412 }, "stale");

/** A case with two steps, of which this is one; it keeps versions as the API does. */
class Server {
  stored: Base<string> = { values: "a", version: 1 };
  puts = 0;

  readonly put = async (values: string, version: number): Promise<Base<string>> => {
    this.puts += 1;
    if (version !== this.stored.version) throw STALE;
    this.stored = { values: values.trim(), version: version + 1 };
    return { ...this.stored };
  };

  readonly read = async (): Promise<Base<string>> => ({ ...this.stored });
  readonly same = (one: string, other: string): boolean => one === other;
}

it("saves against the version that it saved last", async () => {
  const server = new Server();
  const saver = new Saver(server, { values: "a", version: 1 });
  await Promise.all([saver.save("b"), saver.save("c")]);
  expect(server.stored).toEqual({ values: "c", version: 3 });
  expect(saver.base).toEqual({ values: "c", version: 3 });
});

it("does not send what the server has", async () => {
  const server = new Server();
  await new Saver(server, { values: "a", version: 1 }).save("a");
  expect(server.puts).toBe(0);
});

it("goes on when somebody saved another step", async () => {
  const server = new Server();
  server.stored.version = 7;
  const saver = new Saver(server, { values: "a", version: 1 });
  await saver.save("b");
  expect(server.stored).toEqual({ values: "b", version: 8 });
});

it("tells when somebody saved the same step, and overwrites nothing", async () => {
  const server = new Server();
  server.stored = { values: "theirs", version: 2 };
  const saver = new Saver(server, { values: "a", version: 1 });
  const thrown = await saver.save("mine").catch((refused: unknown) => refused);
  expect(thrown).toBeInstanceOf(Conflict);
  expect((thrown as Conflict<string>).theirs).toEqual({ values: "theirs", version: 2 });
  expect(server.stored.values).toBe("theirs");
  expect(saver.base.version).toBe(1);
});

it("knows its own save again whose answer got lost", async () => {
  const server = new Server();
  server.stored = { values: "b", version: 2 };
  const saver = new Saver(server, { values: "a", version: 1 });
  await saver.save("b");
  expect(saver.base).toEqual({ values: "b", version: 2 });
});

it("takes the server's own wording for no change by somebody else", async () => {
  const server = new Server();
  const saver = new Saver(server, { values: "a", version: 1 });
  await saver.save("b ");
  expect(saver.has("b ")).toBe(true);
  server.stored.version = 9;
  await saver.save("c");
  expect(server.stored).toEqual({ values: "c", version: 10 });
});

it("knows what was typed and what the server made of it, until somebody else saves", async () => {
  const server = new Server();
  const saver = new Saver(server, { values: "a", version: 1 });
  await saver.save("b ");
  expect(["b ", "b", "a", "c"].map((values) => saver.knows(values))).toEqual([true, true, false, false]);
  expect(saver.has("b")).toBe(false);
  saver.rebase({ values: "c", version: 3 });
  expect(["b ", "b", "c"].map((values) => saver.knows(values))).toEqual([false, false, true]);
});

it("tells a refusal as it is, and saves the next time", async () => {
  const server = new Server();
  const down = Refused.unreachable();
  const put = server.put;
  const flaky = { read: server.read, same: server.same, put: async (): Promise<Base<string>> => { throw down; } };
  const saver = new Saver<string>(flaky, { values: "a", version: 1 });
  await expect(saver.save("b")).rejects.toBe(down);
  flaky.put = () => put("b", 1);
  await saver.save("b");
  expect(saver.base.values).toBe("b");
});
