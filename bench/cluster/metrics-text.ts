/** One sample of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sample = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/u;
const label = /(?<name>\w+)="(?<value>(?:[^"\\]|\\.)*)"/gu;

/** The samples of a page of metrics; comments are left out. */
export const samplesOf = (text: string): readonly Sample[] =>
  text.split("\n").flatMap((line) => {
    const { name, labels = "", value } = sample.exec(line)?.groups ?? {};
    return name === undefined ? [] : [{ name, labels: labelsOf(labels), value: Number(value) }];
  });

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(label)].map(({ groups = {} }) => [groups["name"] ?? "", groups["value"] ?? ""]),
  );

/** Sum of the samples of that name that have all of these labels. */
export const sumOf = (
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number =>
  samples
    .filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
