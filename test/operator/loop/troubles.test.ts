import { expect, test } from "@jest/globals";

import { KubeError } from "../../../operator/kube/api.ts";
import { Troubles } from "../../../operator/loop/troubles.ts";

const forbidden = (pod: string) =>
  new KubeError(`Cannot get the log of ${pod}`, { status: 403, reason: "Forbidden" });
const unreachable = new KubeError("no answer", { status: 0, reason: "Unreachable" });

test("a trouble is told once, whichever Pod it names, until it is another or has been settled", () => {
  const troubles = new Troubles();
  expect(troubles.isNew("velo/bikes", "logs", forbidden("rr-1"))).toBe(true);
  expect(troubles.isNew("velo/bikes", "logs", forbidden("rr-2"))).toBe(false);
  expect(troubles.isNew("velo/bikes", "logs", unreachable)).toBe(true);
  troubles.settle("velo/bikes", "logs");
  expect(troubles.isNew("velo/bikes", "logs", unreachable)).toBe(true);
});

test("troubles of other models and with other things are their own", () => {
  const troubles = new Troubles();
  troubles.isNew("velo/bikes", "logs", unreachable);
  expect(troubles.isNew("velo/trams", "logs", unreachable)).toBe(true);
  expect(troubles.isNew("velo/bikes", "Events", unreachable)).toBe(true);
  troubles.settle("velo/bikes", "Events");
  expect(troubles.isNew("velo/bikes", "logs", unreachable)).toBe(false);
});

test("troubles are forgotten with their model", () => {
  const troubles = new Troubles();
  for (const key of ["velo/bikes", "velo/trams"]) troubles.isNew(key, "logs", unreachable);
  troubles.forget((key) => key === "velo/bikes");
  expect(troubles.isNew("velo/bikes", "logs", unreachable)).toBe(true);
  expect(troubles.isNew("velo/trams", "logs", unreachable)).toBe(false);
});
