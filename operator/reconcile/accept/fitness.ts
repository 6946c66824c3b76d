import type { Resolved as Sections } from "../../../contract/configuration.ts";
import { RunReason } from "../../../contract/run-reasons.ts";
import type { Refusal } from "../seen.ts";

/** Refuses fields that are valid each, but of which the API server makes no Job. */
export const unfit = (sections: Sections): Refusal | undefined =>
  leavesTheVolume(sections) ?? wantsMoreThanAllowed(sections);

function leavesTheVolume({ storage: { subPath } }: Sections): Refusal | undefined {
  if (!subPath.startsWith("/") && !subPath.split("/").includes("..")) return undefined;
  return invalid(
    `spec.storage.subPath is ${JSON.stringify(subPath)}, expected a directory below the volume's root`,
  );
}

function wantsMoreThanAllowed({ job: { resources } }: Sections): Refusal | undefined {
  const { requests, limits } = resources;
  for (const name of ["cpu", "memory"] as const) {
    const [request, limit] = [requests[name], limits[name]];
    if (request === undefined || limit === undefined || amountOf(request) <= amountOf(limit)) continue;
    return invalid(
      `spec.job.resources.requests.${name} is ${request}, expected at most the limit, which is ${limit}: set both`,
    );
  }
  return undefined;
}

const invalid = (fault: string): Refusal => ({
  reason: RunReason.InvalidSpec,
  message: `Cannot use the spec: ${fault}`,
});

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Of a quantity as the contract has it, e.g. 500m is 0.5. */
function amountOf(quantity: string): number {
  const suffix = /[A-Za-z]*$/.exec(quantity)?.[0] ?? "";
  return Number(quantity.slice(0, quantity.length - suffix.length)) * (factors[suffix] ?? 1);
}
