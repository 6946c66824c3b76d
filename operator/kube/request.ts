import type { z } from "zod";

import type { Place, Selection } from "./api.ts";
import { call, type Caller, type Request } from "./call.ts";
import { unreadable } from "./failure.ts";
import type { Query } from "./path.ts";

/** What a request is about. */
export interface Subject extends Place {
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

type Named = Pick<Request, "verb" | "resource" | "task">;

/** How a request is called: to metrics by verb and resource, to people "patch retrainruns/status velo/may". */
export function titled(verb: string, { resource, namespace, name, subresource }: Subject): Named {
  const plural = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  const where = namespace === undefined ? "of all namespaces" : [namespace, name].filter(Boolean).join("/");
  return { verb, resource: plural, task: `${verb} ${plural} ${where}` };
}

export const selecting = ({ labelSelector, fieldSelector }: Selection): Query => ({
  labelSelector,
  fieldSelector,
});

/** A call whose answer is JSON of that shape. */
export async function callForJson<T>(caller: Caller, request: Request, shape: z.ZodType<T>): Promise<T> {
  return await call(caller, request, async (body, status) => {
    const text = await body.text();
    try {
      return shape.parse(JSON.parse(text));
    } catch {
      throw unreadable(request.task, status);
    }
  });
}
