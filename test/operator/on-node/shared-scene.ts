import { afterAll, beforeAll, jest } from "@jest/globals";

import { startNodeScene, type NodeScene } from "../node-scene.ts";

// What the modules of one test file begin in their beforeAll goes on side by side.
jest.setTimeout(600_000);
let scene: NodeScene | undefined;
beforeAll(async () => {
  scene = await startNodeScene();
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
});

/** The node of all modules that a test file imports; there from the first beforeAll of theirs on. */
export function sharedScene(): NodeScene {
  if (scene === undefined) throw new Error("The node has not been started");
  return scene;
}
