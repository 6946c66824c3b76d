/**
 * The operator's process with a fault of its own at its first creation of a Job: FAULT=uncaught throws where nobody catches it,
 * FAULT=endless never comes back.
 */
import type { Kube } from "../../operator/kube/api.ts";
import { runProcess } from "../../operator/process.ts";

const faulty = (kube: Kube): Kube => ({
  ...kube,
  create: async (at, object, fence) => {
    if (at.resource.plural !== "jobs") return await kube.create(at, object, fence);
    if (process.env["FAULT"] === "uncaught") {
      setImmediate(() => {
        throw new Error("nobody catches this");
      });
    }
    return await new Promise(() => undefined);
  },
});

process.exit(await runProcess(faulty));
