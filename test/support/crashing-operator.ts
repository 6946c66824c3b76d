/**
 * The operator's process that kills itself, with SIGKILL, just before or just after one of its writes has reached the API server:
 * CRASH_AT names it, e.g. `before create jobs` or `after patch retrainruns/status 2` for the second one.
 */
import type { Fence, Kube, Named, Place } from "../../operator/kube/api.ts";
import { runProcess } from "../../operator/process.ts";

type Moment = "before" | "after";
const [moment = "", verb = "", resource = "", nth = "1"] = (process.env["CRASH_AT"] ?? "").split(" ");
let seen = 0;

function reach(now: Moment, what: string): void {
  if (now === moment && what === `${verb} ${resource}` && ++seen === Number(nth)) {
    process.kill(process.pid, "SIGKILL");
  }
}

const nameOf = ({ resource: { plural } }: Place, subresource?: string): string =>
  subresource === undefined ? plural : `${plural}/${subresource}`;

async function around<T>(what: string, write: () => Promise<T>): Promise<T> {
  reach("before", what);
  const answer = await write();
  reach("after", what);
  return answer;
}

const crashing = (kube: Kube): Kube => ({
  ...kube,
  create: (at, object, fence) => around(`create ${nameOf(at)}`, () => kube.create(at, object, fence)),
  patch: (at: Named & { readonly subresource?: "status" }, patch: object, fence?: Fence) =>
    around(`patch ${nameOf(at, at.subresource)}`, () => kube.patch(at, patch, fence)),
  remove: (at, fence) => around(`delete ${nameOf(at)}`, () => kube.remove(at, fence)),
});

process.exit(await runProcess(crashing));
