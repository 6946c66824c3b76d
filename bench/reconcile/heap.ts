import type { Say } from "../program.ts";
import type { Measurement } from "../report.ts";
import type { Inspected } from "../cluster/inspector.ts";
import { sumOf, type Sample } from "../cluster/metrics-text.ts";
import type { Launched } from "../cluster/launched.ts";

/** The process between two full lists. */
interface Rest extends Inspected {
  readonly samples: readonly Sample[];
}

/** What ten full lists of an unchanged cluster cost, and leave behind. */
export async function heapGrowth(operator: Launched, say: Say): Promise<readonly Measurement[]> {
  const early = await afterRelist(3, operator, say);
  const late = await afterRelist(10, operator, say);
  return [
    { name: "heap after relist 3", unit: "MB", ours: early.heapBytes / 1e6 },
    { name: "heap after relist 10", unit: "MB", ours: late.heapBytes / 1e6 },
    {
      name: "growth of the heap",
      unit: "times",
      ours: late.heapBytes / early.heapBytes,
      bar: { atMost: 1.1 },
    },
    { name: "peak resident memory", unit: "MB", ours: late.peakResidentBytes / 1e6 },
    { name: "CPU time until relist 10", unit: "s", ours: late.cpuSeconds },
    {
      name: "status writes between relists 3 and 10",
      unit: "",
      ours: statusWrites(late) - statusWrites(early),
      bar: { atMost: 0 },
    },
    {
      name: "changes missed by watches",
      unit: "",
      ours: sumOf(late.samples, "retrain_operator_missed_events_total"),
      bar: { atMost: 0 },
    },
    ...callsByVerb(late),
  ];
}

/** After that relist, or the first after it that leaves enough time before the next one. */
async function afterRelist(wanted: number, operator: Launched, say: Say): Promise<Rest> {
  await operator.until(() => (relists(operator) >= wanted ? true : undefined));
  const number = relists(operator);
  const samples = await operator.metrics();
  const inspected = await operator.inspect();
  const isAtRest = relists(operator) === number && pages(await operator.metrics()) === pages(samples);
  say(`relist ${String(number)}: heap ${(inspected.heapBytes / 1e6).toFixed(1)} MB`);
  if (isAtRest) return { ...inspected, samples };
  say("which does not count: the next relist began meanwhile");
  return await afterRelist(number + 1, operator, say);
}

/** Not from the metrics: to ask for them again and again would cost the operator more than what is measured. */
const relists = ({ log }: Launched): number =>
  log.filter(({ why, resource }) => why === "due" && resource === "retrainruns").length;

const pages = (samples: readonly Sample[]): number =>
  sumOf(samples, calls, { resource: "retrainruns", verb: "list" });

const calls = "retrain_operator_api_requests_total";

const statusWrites = ({ samples }: Rest): number =>
  sumOf(samples, calls, { resource: "retrainruns/status", verb: "patch" });

function callsByVerb({ samples }: Rest): readonly Measurement[] {
  const verbs = new Set(
    samples.filter(({ name }) => name === calls).map(({ labels }) => labels["verb"] ?? ""),
  );
  return [...verbs].sort().map((verb) => ({
    name: `calls: ${verb}`,
    unit: "",
    ours: sumOf(samples, calls, { verb }),
  }));
}
