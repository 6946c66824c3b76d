import { Problem } from "../http/problem.ts";
import type { Right, User } from "./identity.ts";

/** The Problem 403 that names the right as kubectl does. */
export const forbidden = ({ name }: User, right: Right, namespace: string): Problem =>
  new Problem(403, "forbidden", `User "${name}" cannot ${wordsOf(right, namespace)}`, {
    extra: { right: "nonResourcePath" in right ? right : { ...right, namespace } },
  });

function wordsOf(right: Right, namespace: string): string {
  if ("nonResourcePath" in right) return `get path "${right.nonResourcePath}"`;
  const { verb, resource, subresource, name } = right;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const which = name === undefined ? "" : ` "${name}"`;
  return `${verb} resource "${what}"${which} in the namespace "${namespace}"`;
}
