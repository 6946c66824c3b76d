import { expect, test } from "@jest/globals";

import { resources } from "../../../operator/kube/api.ts";
import { pathOf, pathOfNamed } from "../../../operator/kube/path.ts";

const jobs = { resource: resources.jobs, namespace: "velo" };
const pods = { resource: resources.pods, namespace: "velo" };

test.each([
  { path: pathOf(jobs), is: "/apis/batch/v1/namespaces/velo/jobs" },
  { path: pathOf({ ...jobs, namespace: undefined }), is: "/apis/batch/v1/jobs" },
  { path: pathOf(pods, { limit: 5, watch: undefined }), is: "/api/v1/namespaces/velo/pods?limit=5" },
  {
    path: pathOf(pods, { labelSelector: "a=b,c in (d)" }),
    is: "/api/v1/namespaces/velo/pods?labelSelector=a%3Db%2Cc+in+%28d%29",
  },
  { path: pathOfNamed({ ...pods, name: "one" }), is: "/api/v1/namespaces/velo/pods/one" },
  {
    path: pathOfNamed({ ...pods, name: "one" }, "log", { tailLines: 3 }),
    is: "/api/v1/namespaces/velo/pods/one/log?tailLines=3",
  },
  // No name leads out of its namespace.
  { path: pathOfNamed({ ...pods, name: "../x?y" }), is: "/api/v1/namespaces/velo/pods/..%2Fx%3Fy" },
])("$is", ({ path, is }) => {
  expect(path).toBe(is);
});
