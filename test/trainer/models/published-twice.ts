import type { TrainerReport } from "../../../contract/trainer-report.ts";
import type { TestServer } from "../../support/database.ts";
import { forced, input, reportOf, run, scene, type Scene } from "../runs/scene.ts";

/** A model with two versions of real runs, of which the second has seen a month more. */
export interface PublishedTwice extends AsyncDisposable {
  readonly on: Scene;
  readonly first: TrainerReport;
  readonly second: TrainerReport;
}

/** The first run reads through 2025-05-31, the second through 2025-06-30. */
export async function publishedTwice(server: TestServer): Promise<PublishedTwice> {
  const on = await scene(server);
  const source = { asOf: "2025-06-01T02:00:00+02:00" };
  const earlier = input({ source, requestedBy: "ann", period: "2025-06" }, "0f0e0d0c-1");
  const first = reportOf(await run(on, { input: earlier }));
  const training = { seed: 7, grid: { maxDepth: [4], learningRate: [0.2], rounds: [20] } };
  const second = reportOf(await run(on, { input: forced({ training }, "0f0e0d0c-2") }));
  return { on, first, second, [Symbol.asyncDispose]: () => on[Symbol.asyncDispose]() };
}
