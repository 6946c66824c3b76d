import type { Named, Place } from "./api.ts";

/** Parameters of a request; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** `/apis/batch/v1/namespaces/velo/jobs` */
export function pathOf(
  { resource: { group, version, plural }, namespace }: Place,
  query: Query = {},
): string {
  const api = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${api}${within}/${plural}${written(query)}`;
}

/** `/apis/batch/v1/namespaces/velo/jobs/rr-1`, with `/status` or another subresource where one is named. */
export function pathOfNamed(at: Named, subresource?: string, query: Query = {}): string {
  const below = subresource === undefined ? "" : `/${subresource}`;
  return `${pathOf(at)}/${encodeURIComponent(at.name)}${below}${written(query)}`;
}

function written(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}
