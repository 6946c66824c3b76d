import type { Column } from "../sides/interleaved.ts";
import type { Side } from "./sides.ts";

/** Above it the data is most of the memory; below it the programs are. */
const manyReadings = 400_000;

/** What is compared; each bar is a ratio. */
export function columnsOf(readings: number): readonly Column<Side>[] {
  const name = `retrain, ${String(readings)} readings`;
  const seconds = (stage: string, of: Column<Side>["of"]): Column<Side> => ({
    name: `${name}: ${stage}`,
    unit: "s",
    of,
  });
  return [
    { name, unit: "s", of: ({ wallSeconds }) => wallSeconds, bar: { atLeast: 1.6 } },
    seconds("CPU time", ({ cpuSeconds }) => cpuSeconds),
    {
      name: `${name}: peak memory`,
      unit: "MB",
      of: ({ peakBytes }) => peakBytes / 1e6,
      ...(readings < manyReadings ? {} : { bar: { atLeast: 3 } }),
    },
    { name: `${name}: rounds of the search`, unit: "", of: ({ searchRounds }) => searchRounds },
    seconds("search, in the library, all threads", ({ searchLibrarySeconds }) => searchLibrarySeconds),
    seconds("from the tables to the features", ({ stages }) => stages.read),
    seconds("search", ({ stages }) => stages.search),
    seconds("final fit", ({ stages }) => stages.train),
    seconds("publish", ({ stages }) => stages.publish),
  ];
}
