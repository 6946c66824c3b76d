import type { z } from "zod";

import { KubeError, type KubeObject, type ObjectList, type Place, type Selection } from "./api.ts";
import type { Caller } from "./call.ts";
import { PageRead } from "./objects.ts";
import { pathOf } from "./path.ts";
import { callForJson, selecting, titled } from "./request.ts";

export interface Listing {
  readonly at: Place;
  readonly selection: Selection & { readonly fresh?: boolean };
  readonly limits: { readonly pageSeconds: number; readonly pageSize: number };
}

/** All pages; from the start once more when the server no longer knows how to go on. */
export async function list(caller: Caller, listing: Listing): Promise<ObjectList> {
  try {
    return await pages(caller, listing);
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 410) throw error;
    return await pages(caller, listing);
  }
}

async function pages(caller: Caller, listing: Listing): Promise<ObjectList> {
  const items: KubeObject[] = [];
  for (let token = ""; ;) {
    const { metadata, items: more } = await page(caller, listing, token);
    items.push(...more);
    if (metadata.continue === "") return { resourceVersion: metadata.resourceVersion, items };
    token = metadata.continue;
  }
}

async function page(
  caller: Caller,
  { at, selection, limits }: Listing,
  token: string,
): Promise<z.infer<typeof PageRead>> {
  // A token already names the version that it goes on with.
  const from =
    token === "" ? { resourceVersion: selection.fresh === true ? undefined : 0 } : { continue: token };
  const path = pathOf(at, { ...selecting(selection), limit: limits.pageSize, ...from });
  const request = {
    ...titled("list", at),
    method: "GET",
    path,
    deadlineSeconds: limits.pageSeconds,
  } as const;
  return await callForJson(caller, request, PageRead);
}
