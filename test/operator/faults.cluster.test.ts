import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { startFaultProxy, type FaultProxy } from "../support/fault-proxy.ts";
import type { Asked, Fault } from "../support/fault-proxy/faults.ts";
import { startOperator, type OperatorLine, type OperatorProcess } from "../support/operator-process.ts";
import type { Place } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

const models = Array.from({ length: 12 }, (_, at) => `model-${String(at)}`);
const stack = new AsyncDisposableStack();
let scene: Scene;
let place: Place;
let proxy: FaultProxy;
let operator: OperatorProcess;
beforeAll(async () => {
  scene = stack.use(await startScene());
  place = await scene.place("faults");
  proxy = stack.use(await startFaultProxy(await scene.account("faults", ["faults"])));
  operator = stack.use(
    await startOperator({
      access: proxy.access,
      namespace: "faults",
      configuration: { models: Object.fromEntries(models.map((model) => [model, {}])) },
      // What a dead watch does not tell, the regular list shows soon.
      env: { RELIST_SECONDS: "4" },
    }),
  );
}, 120_000);
afterAll(async () => {
  await stack.disposeAsync();
}, 30_000);

let count = 0;

/** A new run of a model of its own goes its whole way; `during` happens while its trainer runs. */
async function train(during: () => void = () => undefined): Promise<void> {
  const name = models[count++] ?? "";
  const run = await place.create(name, { model: name });
  const pod = await place.podOf(name);
  await place.kubelet.run(pod);
  await place.whenProgressing(name, "Running");
  during();
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(run) });
  const { status } = await place.whenOver(name);
  expect(status).toMatchObject({ verdict: "Published", attempts: [{ exitCode: 0 }] });
  expect(status.attempts).toHaveLength(1);
  expect(status.failures?.counted ?? 0).toBe(0);
  const jobs = (await place.jobs()).filter(({ metadata }) =>
    metadata.name.includes(run.metadata.uid.slice(0, 10)),
  );
  expect(jobs).toHaveLength(1);
  for (const path of ["healthz", "readyz"]) {
    expect((await fetch(`${operator.url}/${path}`)).status).toBe(200);
  }
}

/** Waits for a line of the operator's log from now on. */
function soon(fits: (line: OperatorLine) => boolean): () => Promise<OperatorLine> {
  const since = new Date().toISOString();
  return () => operator.saw((line) => line.timestamp >= since && fits(line));
}

/** A fault, and how many requests it has struck. */
function breaking(fault: Fault, fits: (asked: Asked) => boolean): Disposable & { readonly struck: number } {
  let struck = 0;
  const injected = proxy.inject(fault, (asked) => {
    const strikes = fits(asked);
    if (strikes) struck++;
    return strikes;
  });
  return {
    get struck() {
      return struck;
    },
    [Symbol.dispose]: () => {
      injected[Symbol.dispose]();
    },
  };
}

const isWatch = ({ query }: Asked): boolean => query.get("watch") === "true";

interface Lasting {
  readonly sentence: string;
  readonly fault: Fault;
  readonly fits: (asked: Asked) => boolean;
}
const lasting: readonly Lasting[] = [
  {
    sentence: "each path is answered 429 again and again at first",
    fault: { kind: "status", status: 429, reason: "TooManyRequests", headers: { "Retry-After": "1" } },
    fits: ({ nth }) => nth <= 5,
  },
  {
    sentence: "every second request is answered 500",
    fault: { kind: "status", status: 500, reason: "InternalError" },
    fits: ({ nth }) => nth % 2 === 1,
  },
  {
    sentence: "every second request is cut off before it is answered",
    fault: { kind: "drop" },
    fits: (asked) => !isWatch(asked) && asked.nth % 2 === 1,
  },
  {
    sentence: "the answer to the first write of each object is lost, the creation of the Job too",
    fault: { kind: "loseAnswer" },
    fits: ({ method, path, nth }) => method !== "GET" && !path.includes("/leases") && nth === 1,
  },
];

describe("a run is trained once and published, and the operator stays healthy, although", () => {
  test("all watches end while it trains", async () => {
    const seen = soon(({ message }) => message.startsWith("Cannot follow the API server"));
    await train(() => {
      expect(proxy.dropAll()).toBeGreaterThanOrEqual(3);
    });
    await seen();
  }, 120_000);

  test("nothing more comes on its watches, which do not end: the regular list shows what they do not tell", async () => {
    const seen = soon(({ message, why }) => message === "Listed" && why === "due");
    await train(() => {
      expect(proxy.halfOpenAll()).toBeGreaterThanOrEqual(3);
    });
    await seen();
  }, 120_000);

  test("the API server no longer knows from where the watches go on", async () => {
    const seen = soon(({ message, why }) => message === "Listed" && why === "lost");
    const gone: Fault = { kind: "status", status: 410, reason: "Expired" };
    using broken = breaking(gone, (asked) => isWatch(asked) && asked.nth <= 2);
    proxy.dropAll();
    await train();
    expect(broken.struck).toBeGreaterThanOrEqual(3);
    await seen();
  }, 120_000);

  test.each(lasting)(
    "$sentence",
    async ({ fault, fits }) => {
      using broken = breaking(fault, fits);
      await train();
      expect(broken.struck).toBeGreaterThan(2);
    },
    120_000,
  );
});
